"""Month archives: back-fills of a span of days."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import crawl
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 200


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as process:
        yield process


@pytest.fixture(scope="module")
def by_month() -> dict[str, set[str]]:
    """Return the ids of the articles of each month."""
    months: dict[str, set[str]] = {}
    for article_id, article in truth.expected(Content(seed=1, size=SIZE), Switches()).items():
        assert article.date_published is not None
        months.setdefault(article.date_published[:7], set()).add(article_id)
    return months


def test_a_month_is_filled_without_paging_through_newer_ones(
    twin: TwinProcess, by_month: dict[str, set[str]], tmp_path: Path
) -> None:
    month = Counter({name: len(ids) for name, ids in by_month.items()}).most_common(2)[1][0]
    run = crawl(
        "alanews",
        tmp_path,
        site_url=twin.url,
        since=f"{month}-01",
        until=f"{month}-28",
        discover="month",
    )
    assert run.code == 0, run.stderr
    expected = {
        line_id
        for line_id, line in truth.expected(Content(seed=1, size=SIZE), Switches()).items()
        if f"{month}-01" <= str(line.date_published)[:10] <= f"{month}-28"
    }
    assert {line["id"] for line in run.articles} == expected
    # The first page of each archive is read in any case.
    assert {tuple(line["discovered_via"]) for line in run.articles} > {("month",)}


def test_a_section_takes_its_own_articles_of_a_span(twin: TwinProcess, tmp_path: Path) -> None:
    days = "2026-10-15", "2026-11-10"
    run = crawl(
        "esteri", tmp_path, site_url=twin.url, since=days[0], until=days[1], discover="month"
    )
    assert run.code == 0, run.stderr
    wanted = truth.expected(Content(seed=1, size=SIZE), Switches(), "esteri")
    expected = {
        line_id
        for line_id, line in wanted.items()
        if days[0] <= str(line.date_published)[:10] <= days[1]
    }
    # An article whose primary category is another one is listed under that.
    written = {line["id"] for line in run.articles}
    assert written <= expected
    assert len(written) >= len(expected) * 0.8


def test_runs_with_a_span_of_days_use_it_and_others_do_not(
    twin: TwinProcess, tmp_path: Path
) -> None:
    run = crawl("esteri", tmp_path / "span", site_url=twin.url, since="2026-11-01")
    assert any("month" in line["discovered_via"] for line in run.articles)
    run = crawl("esteri", tmp_path / "all", site_url=twin.url, pages=1)
    assert not any("month" in line["discovered_via"] for line in run.articles)
