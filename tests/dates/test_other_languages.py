"""Dates in other languages than Italian: read where they are unambiguous, and never wrongly."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

import newscrawl
from newscrawl import dates

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
READ = [
    ("en", "23 November 2026", "2026-11-23"),
    ("en", "November 3, 2026 2:05 pm", "2026-11-03T14:05:00+00:00"),
    ("en", "Nov 3rd, 2026", "2026-11-03"),
    ("en", "23/11/2026 14:05", "2026-11-23T14:05:00+00:00"),
    ("en", "Posted on Monday, 23 November 2026 at 14:05 by Mark", "2026-11-23T14:05:00+00:00"),
    ("en", "12 July 2026, 9.30am", "2026-07-12T09:30:00+01:00"),
    ("en", "2 hours ago", "2026-11-28T10:00:00+00:00"),
    ("en", "yesterday", "2026-11-27"),
    ("en", "Mon, 23 Nov 2026 14:05:00 +0000", "2026-11-23T14:05:00+00:00"),
    ("en", "2026-11-23T14:05:00+01:00", "2026-11-23T13:05:00+00:00"),
    # Sites whose owners never chose a language print Italian under lang="en-US".
    ("en", "23 Novembre 2026", "2026-11-23"),
    ("en", "3 marzo 2026 alle 14:05", "2026-03-03T14:05:00+00:00"),
    ("de", "23. November 2026, 14:05 Uhr", "2026-11-23T14:05:00+00:00"),
    ("de", "am 3.11.2026", "2026-11-03"),
    ("de", "Veröffentlicht am 23. März 2026", "2026-03-23"),
    ("fr", "Publié le 23 novembre 2026 à 14h05", "2026-11-23T14:05:00+00:00"),
    ("fr", "1er août 2026", "2026-08-01"),
    ("es", "23 de noviembre de 2026", "2026-11-23"),
    ("es", "8 de marzo de 2026", "2026-03-08"),
    ("es", "Publicado el 8 de agosto de 2026 a las 10:30", "2026-08-08T10:30:00+01:00"),
    ("pt", "8 de agosto de 2026", "2026-08-08"),
    ("es", "03/11/2026", "2026-11-03"),
    ("pt", "23 de novembro de 2026 às 14h05", "2026-11-23"),
    ("ja", "2026年11月23日", "2026-11-23"),
]
NOT_READ = [
    # The third of November, or the eleventh of March.
    ("en", "11/03/2026"),
    ("en", "11/03/2026 14:05"),
    ("en", "11-03-2026"),
    ("en", "In 2026 there were 12 months"),
    ("en", "May 2026"),
    ("en", "Copyright 2026"),
    ("en", "2:05 pm"),
    ("en", "Season 2025/2026, round 3"),
    ("de", "30. Februar 2026"),
    ("fr", "l'année 2026"),
    # A language that dateparser does not know.
    ("xx", "23 November 2026"),
    ("", "23 November 2026"),
]


def parsed(text: str, language: str) -> str | None:
    date = dates.parse(text, reference=NOW, timezone=LONDON, language=language)
    return date.isoformat() if date else None


@pytest.mark.parametrize(("language", "text", "value"), READ)
def test_what_is_read(language: str, text: str, value: str) -> None:
    assert parsed(text, language) == value


@pytest.mark.parametrize(("language", "text"), NOT_READ)
def test_what_is_not_a_date_or_may_be_two(language: str, text: str) -> None:
    assert parsed(text, language) is None


def test_every_day_of_a_year_is_read_as_itself_or_not_at_all() -> None:
    names = {"en": "%d %B %Y", "en2": "%B %d, %Y"}
    for month in range(1, 13):
        for day in (1, 2, 11, 12, 13, 28):
            moment = datetime(2026, month, day, tzinfo=UTC)
            for name, form in names.items():
                assert parsed(moment.strftime(form), name[:2]) == moment.strftime("%Y-%m-%d")


PAGE = """<html lang="{lang}"><head><title>A title of an article</title></head>
<body class="single single-post postid-7"><article class="post-7"><h1 class="entry-title">A title
of an article</h1><span class="posted-on">{date}</span>
<div class="entry-content"><p>{text}</p></div>
</article></body></html>"""
TEXT = "The council met on Monday and decided what had been discussed for a year in the town. " * 3


@pytest.mark.parametrize(
    ("lang", "date", "value"),
    [
        ("en-GB", "3 November 2026", "2026-11-03"),
        ("en-US", "11/03/2026", None),
        ("de-DE", "3. November 2026", "2026-11-03"),
        ("it-IT", "11/03/2026", "2026-03-11"),
    ],
)
def test_a_page_of_another_site_is_read_in_the_language_that_it_states(
    lang: str, date: str, value: str | None
) -> None:
    page = PAGE.format(lang=lang, date=date, text=TEXT)
    article = newscrawl.extract(page, "https://www.example.com/a-title/", fetched_at=NOW)
    assert article is not None
    assert article.date_published == value
    assert article.language == lang[:2]
