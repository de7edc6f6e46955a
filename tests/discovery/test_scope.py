"""Which articles a run is about."""

from __future__ import annotations

from datetime import date

import pytest

from newscrawl.discovery.scope import Scope
from newscrawl.items import Article
from newscrawl.sites import ALANEWS

SECTIONS = {section.slug: section for section in ALANEWS.sections}


def test_a_section_walks_its_archive_and_the_site_walks_all() -> None:
    assert Scope(ALANEWS, SECTIONS["esteri"]).sections() == [SECTIONS["esteri"]]
    assert Scope(ALANEWS).sections() == list(ALANEWS.sections)


@pytest.mark.parametrize(
    ("slug", "labels", "covered"),
    [
        ("esteri", ["Esteri"], True),
        ("esteri", ["ESTERI"], True),
        ("esteri", ["Cronaca", "Esteri"], True),
        ("esteri", ["Politica"], False),
        ("esteri", [], False),
        # A child counts for its parent, not the other way.
        ("sport", ["Calcio"], True),
        ("calcio", ["Sport"], False),
        ("cronaca", ["Video"], True),
        (None, [], True),
        (None, ["Unknown"], True),
    ],
)
def test_labels(slug: str | None, labels: list[str], *, covered: bool) -> None:
    section = SECTIONS[slug] if slug else None
    assert Scope(ALANEWS, section).covers(labels) is covered


SPAN = Scope(ALANEWS, since=date(2026, 7, 4), until=date(2026, 7, 16))


@pytest.mark.parametrize(
    ("day", "covered"),
    [
        ("2026/07/03", False),
        ("2026/07/04", True),
        ("2026-07-16", True),
        ("2026-07-16T23:59:59+02:00", True),
        ("2026-07-17T00:00:00+02:00", False),
    ],
)
def test_days_are_inclusive(day: str, *, covered: bool) -> None:
    assert SPAN.covers_day(day) is covered
    assert SPAN.covers_date_of(Article(date_published=day.replace("/", "-"))) is covered


@pytest.mark.parametrize(
    ("scope", "day", "covered"),
    [
        (Scope(ALANEWS, since=date(2026, 7, 4)), "2030-01-01", True),
        (Scope(ALANEWS, until=date(2026, 7, 4)), "1999-01-01", True),
        (Scope(ALANEWS), "1999-01-01", True),
    ],
)
def test_a_span_may_be_open(scope: Scope, day: str, *, covered: bool) -> None:
    assert scope.covers_day(day) is covered


def test_an_article_without_date_is_in_no_span() -> None:
    assert not SPAN.covers_date_of(Article())
    assert Scope(ALANEWS).covers_date_of(Article())
