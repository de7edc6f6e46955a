"""When an article was published and modified, whatever its page states."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.extraction.dating import resolve_dates
from newscrawl.items import Article, Block, RelatedPost
from newscrawl.items.draft import DateCandidate, Draft

# 10:00 in Rome.
FETCHED = "2026-11-23T09:00:00Z"
UTC_TIME, ROME_TIME = "2026-07-04T08:15:30+00:00", "2026-07-04T10:15:30+02:00"
NAIVE = "2026-07-04 10:15:30"


def settled(  # noqa: PLR0913 - one argument for each source
    *,
    jsonld: str | list[str] = "",
    meta: str = "",
    url: str = "",
    shown: str = "",
    modified: str = "",
    meta_modified: str = "",
    fetched: str = FETCHED,
    shown_date: str = "",
    **fields: Any,
) -> Article:
    """Return an article whose page states these dates, in the order in which pages are read."""
    stated = [jsonld] if isinstance(jsonld, str) else jsonld
    words = [
        *(DateCandidate("published", "jsonld", raw) for raw in stated),
        DateCandidate("modified", "jsonld", modified),
        DateCandidate("published", "meta", meta),
        DateCandidate("modified", "meta", meta_modified),
        DateCandidate("published", "url", url),
        DateCandidate("shown", "visible", shown),
    ]
    return resolve_dates(
        Draft(
            Article(fetched_at=fetched, **fields),
            [word for word in words if word.raw],
            timezone="Europe/Rome",
            shown_date=shown_date,
        )
    )


def published(**stated: Any) -> tuple[str | None, ...]:
    """Return value, source and raw text of the date of publication."""
    one = settled(**stated)
    return one.date_published, one.date_published_source, one.date_published_raw


def modified(**stated: Any) -> tuple[str | None, ...]:
    one = settled(**stated)
    return one.date_modified, one.date_modified_source, one.date_modified_raw


DAY = "2026/07/04"


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        # The order of sources.
        ({"jsonld": UTC_TIME, "meta": "2026-07-04T09:00:00Z"}, (ROME_TIME, "jsonld", UTC_TIME)),
        ({"jsonld": NAIVE, "meta": UTC_TIME}, (ROME_TIME, "meta", UTC_TIME)),
        ({"jsonld": NAIVE, "url": DAY, "shown": "4 Luglio 2026"}, (ROME_TIME, "jsonld", NAIVE)),
        ({"jsonld": [NAIVE, UTC_TIME]}, (ROME_TIME, "jsonld", UTC_TIME)),
        ({"url": DAY}, ("2026-07-04", "url", DAY)),
        ({"url": DAY, "shown": "16 Luglio 2026"}, ("2026-07-04", "url", DAY)),
        ({"shown": "16 Luglio 2026"}, ("2026-07-16", "visible", "16 Luglio 2026")),
        ({}, (None, None, None)),
        # A visible time on the address's own day is the hour of publication.
        (
            {"url": DAY, "shown": "04/07/2026 05:19"},
            ("2026-07-04T05:19:00+02:00", "visible", "04/07/2026 05:19"),
        ),
        ({"url": DAY, "shown": "16/07/2026 05:19"}, ("2026-07-04", "url", DAY)),
        (
            {"url": "2026/08/05", "shown": "5 ago 2026, 05:19"},
            ("2026-08-05T05:19:00+02:00", "visible", "5 ago 2026, 05:19"),
        ),
        # The Italian day counts: UTC is a day behind at night, all year.
        ({"jsonld": "2026-07-03T22:30:00+00:00"}, ("2026-07-04T00:30:00+02:00",)),
        ({"meta": "2026-01-14T23:30:00Z"}, ("2026-01-15T00:30:00+01:00",)),
        ({"meta": "2026-01-14T22:59:59Z"}, ("2026-01-14T23:59:59+01:00",)),
        ({"meta": "2026-07-04T00:30:00+09:00"}, ("2026-07-03T17:30:00+02:00",)),
        # Clocks go forward on 29 March and back on 25 October 2026.
        ({"jsonld": "2026-03-29 01:59:59"}, ("2026-03-29T01:59:59+01:00",)),
        ({"jsonld": "2026-03-29 03:00:00"}, ("2026-03-29T03:00:00+02:00",)),
        ({"meta": "2026-10-25T00:30:00Z"}, ("2026-10-25T02:30:00+02:00",)),
        ({"meta": "2026-10-25T01:30:00Z"}, ("2026-10-25T02:30:00+01:00",)),
        # Relative dates count from the fetch.
        ({"shown": "3 giorni ago"}, ("2026-11-20", "visible", "3 giorni ago")),
        ({"shown": "2 ore fa"}, ("2026-11-23T08:00:00+01:00",)),
        ({"shown": "ieri"}, ("2026-11-22",)),
        # Two dates in one label.
        (
            {"shown": "4 Luglio 2026 - Updated on 16 Luglio 2026"},
            ("2026-07-04", "visible", "4 Luglio 2026"),
        ),
        ({"shown": "04/07/2026 - Updated on 16/07/2026"}, ("2026-07-04", "visible", "04/07/2026")),
        # What cannot be is refused, and the next source asked.
        ({"jsonld": "1970-01-01T00:00:00+00:00", "meta": UTC_TIME}, (ROME_TIME, "meta")),
        ({"jsonld": "2027-11-23T10:00:00+01:00", "url": DAY}, ("2026-07-04", "url")),
        ({"jsonld": "-0001-11-30T00:00:00+00:00", "url": DAY}, ("2026-07-04", "url")),
        ({"jsonld": "no date", "shown": "4 luglio 2026"}, ("2026-07-04", "visible")),
        ({"jsonld": "1989-12-31T12:00:00+01:00"}, (None,)),
        ({"jsonld": "1990-01-01T12:00:00+01:00"}, ("1990-01-01T12:00:00+01:00",)),
        ({"jsonld": "2026-11-24T09:00:00+01:00"}, ("2026-11-24T09:00:00+01:00",)),
        ({"jsonld": "2026-11-25T11:00:00+01:00"}, (None,)),
        ({"url": "2026/13/45", "shown": "4 luglio 2026"}, ("2026-07-04", "visible")),
        ({"shown": "1 gennaio 1970"}, (None,)),
    ],
    ids=str,
)
def test_publication(stated: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    assert published(**stated)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (
            {"jsonld": UTC_TIME, "modified": "2026-07-16T20:00:00+00:00"},
            ("2026-07-16T22:00:00+02:00", "jsonld", "2026-07-16T20:00:00+00:00"),
        ),
        ({"modified": "2026-07-16T20:00:00Z", "meta_modified": "2026-07-17T20:00:00Z"},
         ("2026-07-16T22:00:00+02:00", "jsonld")),
        # The theme's own JSON-LD: naive, and in GMT where publication is in local time.
        ({"jsonld": NAIVE, "modified": "2026-07-04 08:20:00"}, (None, None, None)),
        ({"modified": "2026-07-04 08:20:00", "meta_modified": "2026-07-16T20:00:00Z"},
         ("2026-07-16T22:00:00+02:00", "meta")),
        # Visible: what is said to be an update, or a later day than that of publication.
        ({"shown": "4 Luglio 2026 - Updated on 16 Luglio 2026"},
         ("2026-07-16", "visible", "16 Luglio 2026")),
        ({"url": DAY, "shown": "16 Luglio 2026"}, ("2026-07-16", "visible", "16 Luglio 2026")),
        ({"jsonld": UTC_TIME, "shown": "16/07/2026 05:19"},
         ("2026-07-16T05:19:00+02:00", "visible")),
        ({"jsonld": UTC_TIME, "shown": "16 ago 2026"}, ("2026-08-16", "visible", "16 ago 2026")),
        ({"jsonld": UTC_TIME, "shown": "4 Luglio 2026"}, (None,)),
        ({"jsonld": UTC_TIME, "shown": "3 Luglio 2026"}, (None,)),
        ({"shown": "16 Luglio 2026"}, (None,)),
        ({}, (None,)),
        # "Ago" counts from publication, whatever the theme shows otherwise.
        ({"jsonld": UTC_TIME, "shown": "3 giorni ago"}, (None,)),
        ({"jsonld": UTC_TIME, "shown": "5 months ago"}, (None,)),
        # What cannot be.
        ({"jsonld": UTC_TIME, "modified": "1970-01-01T00:00:00Z"}, (None,)),
        ({"jsonld": UTC_TIME, "modified": "2030-01-01T00:00:00Z"}, (None,)),
    ],
    ids=str,
)  # fmt: skip
def test_modification(stated: dict[str, Any], expected: tuple[str | None, ...]) -> None:
    assert modified(**stated)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("stated", "precision"),
    [
        ({"jsonld": UTC_TIME}, "second"),
        ({"shown": "04/07/2026 05:19"}, "minute"),
        ({"url": DAY}, "day"),
        ({"shown": "4 Luglio 2026"}, "day"),
        ({}, None),
    ],
)
def test_precision_is_what_was_stated(stated: dict[str, Any], precision: str | None) -> None:
    assert settled(**stated).date_published_precision == precision


@pytest.mark.parametrize(
    ("stated", "flags"),
    [
        ({"jsonld": UTC_TIME, "url": DAY, "shown": "4 Luglio 2026"}, []),
        ({"url": DAY}, ["date_from_url"]),
        ({"shown": "4 Luglio 2026"}, ["date_from_visible"]),
        ({"url": DAY, "shown": "04/07/2026 05:19"}, ["date_from_visible"]),
        ({"shown": "lunedì 4 luglio 2026"}, ["date_from_visible", "weekday_mismatch"]),
        ({"shown": "sabato 4 luglio 2026"}, ["date_from_visible"]),
        ({"jsonld": UTC_TIME, "url": "2026/07/05"}, ["date_disagreement"]),
        # 00:30 in Rome is the day of the address.
        ({"jsonld": "2026-07-03T22:30:00+00:00", "url": DAY}, []),
    ],
)
def test_flags(stated: dict[str, Any], flags: list[str]) -> None:
    assert settled(**stated).flags == flags


def test_flags_that_are_there_stay_once_and_sorted() -> None:
    assert settled(url=DAY, flags=["truncated", "sponsored", "truncated"]).flags == [
        "date_from_url", "sponsored", "truncated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"jsonld": UTC_TIME, "url": "2026/07/05"}, [("url", "2026-07-05")]),
        (
            {"jsonld": UTC_TIME, "meta": "2026-07-04T08:16:00Z"},
            [("meta", "2026-07-04T10:16:00+02:00")],
        ),
        ({"jsonld": UTC_TIME, "meta": "2026-07-04T10:15:30+02:00", "url": DAY}, []),
        ({"jsonld": "2026-07-04", "meta": UTC_TIME}, []),
        ({"jsonld": "1970-01-01T00:00:00Z", "meta": UTC_TIME}, []),
        # Both are 02:30 on a wall in Rome, an hour apart.
        (
            {"jsonld": "2026-10-25T00:30:00Z", "meta": "2026-10-25T01:30:00Z"},
            [("meta", "2026-10-25T02:30:00+01:00")],
        ),
        # The visible date may be that of an update.
        ({"jsonld": UTC_TIME, "shown": "16 Luglio 2026"}, []),
    ],
)
def test_disagreements(stated: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    found = settled(**stated).disagreements
    assert [(one.source, one.value) for one in found] == expected
    assert {one.field for one in found} <= {"date_published"}


def test_provenance_names_the_source_of_each_date() -> None:
    article = settled(jsonld=UTC_TIME, shown="16 Luglio 2026")
    assert article.provenance == {"date_published": "jsonld", "date_modified": "visible"}


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        ("Tokyo, 28 ottobre 2025 – Nel corso", {}, ("Tokyo", "2025-10-28")),
        # A missing year is the latest up to the publication, not to the fetch.
        ("Napoli, 5 gennaio – Una", {"url": "2026/01/05"}, ("Napoli", "2026-01-05")),
        ("Napoli, 20 novembre – Una", {"url": "2025/11/20"}, ("Napoli", "2025-11-20")),
        ("Napoli, 30 dicembre – Una", {"jsonld": "2026-01-01T08:00:00Z"}, ("Napoli", "2025-12-30")),
        ("Napoli, 20 novembre – Una", {}, ("Napoli", "2026-11-20")),
        ("Una frase che nomina il 28 ottobre 2025 – e altro", {}, None),
    ],
)
def test_dateline(text: str, stated: dict[str, Any], expected: tuple[str, str] | None) -> None:
    blocks = [
        Block("heading", level=2, text="Roma, 1 maggio 2020 – no"),
        Block("paragraph", text=text),
    ]
    found = settled(blocks=blocks, **stated).dateline
    assert (found and (found.place, found.date)) == expected


def test_only_the_first_paragraph_has_a_dateline() -> None:
    blocks = [Block("paragraph", text=text) for text in ("Testo.", "Roma, 5 maggio 2026 – Due")]
    assert settled(blocks=blocks).dateline is None


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("19 Gennaio 2026", "2026-01-19"),
        ("3 giorni ago", "2026-11-20"),
        ("4 Luglio 2026 - Updated on 16 Luglio 2026", "2026-07-04"),
        ("16/07/2026 05:19", "2026-07-16T05:19:00+02:00"),
        ("no date", None),
        (None, None),
        ("1 Gennaio 1970", None),
    ],
)
def test_dates_of_related_posts(shown: str | None, expected: str | None) -> None:
    card = RelatedPost(1, "https://www.alanews.it/esteri/a-b/", "Titolo", date_published=shown)
    assert settled(related=[card]).related[0].date_published == expected


MODIFIED_AT_TEN = [
    "2026-11-21T09:00:00Z",
    "2026-11-21T09:00:00z",
    "2026-11-21T09:00:00.123+00:00 ",
    "2026-11-21T04:00:00-0500",
    "20261121T100000+0100",
    "2026-11-21T10:00:00+01:00[Europe/Rome]",
    "2026-11-21T04:00:00[America/New_York]",
    "2026-11-21 09:00:00 UTC",
    "2026-11-21 10:00:00 CET",
    "2026-11-21T10:00:00 +0100",
    "2026-11-21T10:00:00 01:00",
    "2026-11-21T10:00:00%2B01:00",
    "2026-11-21T9:0:0Z",
    "Sat, 21 Nov 2026 09:00:00 GMT",
    "Sat Nov 21 2026 10:00:00 GMT+0100 (Central European Standard Time)",
    "November 21, 2026 4:00 AM EST",
]


@pytest.mark.parametrize("text", MODIFIED_AT_TEN)
def test_a_modification_with_its_zone_is_an_instant(text: str) -> None:
    article = settled(url="2026/11/20", modified=text)
    assert article.date_modified == "2026-11-21T10:00:00+01:00"


@pytest.mark.parametrize("text", ["2026-11-21T09:00:00", "2026-11-21 09:00", "2026-11-21"])
def test_a_modification_without_zone_is_not_known(text: str) -> None:
    assert settled(url="2026/11/20", modified=text).date_modified is None


def test_a_draft_needs_the_time_of_its_fetch() -> None:
    with pytest.raises(ValueError, match="fetch"):
        resolve_dates(Draft(Article(), timezone="Europe/Rome"))


WORDS = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.datetimes().map(str),
    st.datetimes(timezones=st.timezones()).map(str),
    st.sampled_from(
        [UTC_TIME, DAY, "3 giorni ago", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59Z"]
    ),
)


@given(jsonld=WORDS, meta=WORDS, url=WORDS, shown=WORDS, modified=WORDS)
def test_no_statement_raises_and_what_comes_out_is_plausible(**stated: str) -> None:
    article = settled(**stated)
    for value in (article.date_published, article.date_modified):
        assert value is None or "1990" <= value[:10] <= "2026-11-25"
    assert (article.date_published is None) == (article.date_published_source is None)


@pytest.mark.parametrize(
    ("shown_date", "stated", "expected"),
    [
        # Published, modified.
        ("modified", {"shown": "4 Luglio 2026"}, (None, "2026-07-04")),
        ("modified", {"shown": "6 Luglio 2026", "url": "2026/07/04"}, ("2026-07-04", "2026-07-06")),
        ("modified", {"shown": "4 Luglio 2026 10:30", "url": "2026/07/04"},
         ("2026-07-04", "2026-07-04T10:30:00+02:00")),
        ("modified", {"shown": "6 Luglio 2026", "jsonld": UTC_TIME}, (ROME_TIME, "2026-07-06")),
        ("modified", {"shown": "4 Luglio 2026, aggiornato il 6 Luglio 2026"},
         ("2026-07-04", "2026-07-06")),
        ("published", {"shown": "4 Luglio 2026"}, ("2026-07-04", None)),
        ("published", {"shown": "6 Luglio 2026", "url": "2026/07/04"}, ("2026-07-04", None)),
        ("", {"shown": "4 Luglio 2026"}, ("2026-07-04", None)),
        ("", {"shown": "6 Luglio 2026", "url": "2026/07/04"}, ("2026-07-04", "2026-07-06")),
    ],
)  # fmt: skip
def test_a_definition_says_which_date_the_theme_shows(
    shown_date: str, stated: dict[str, str], expected: tuple[str | None, str | None]
) -> None:
    article = settled(shown_date=shown_date, **stated)
    assert (article.date_published, article.date_modified) == expected
