"""Month archives: back-fills of a span of days."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.discovery.month import MAX_EMPTY, MAX_UNREAD
from tests.support.crawling import crawl
from tests.support.twin_crawls import crawl_twin
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.crawling import Crawl

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


def back_fill(twin: TwinProcess, output: Path, **arguments: object) -> Crawl:
    given = {"since": "2026-06-01", "discover": "month", "related": "off", **arguments}
    return crawl_twin(twin, output, "alanews", retry_times=1, **given)


def months(twin: TwinProcess) -> Counter[str]:
    """Return how often the first page of each month was requested."""
    return Counter(path for _, path, _ in twin.requests() if re.fullmatch(r"/\d{4}/\d\d/", path))


@pytest.fixture(scope="module")
def since_june() -> set[str]:
    expected = truth.expected(Content(seed=1, size=SIZE), Switches())
    return {key for key, line in expected.items() if str(line.date_published) >= "2026-06-01"}


FAULTS: dict[str, dict[str, Any]] = {
    "maintenance": {"kind": "maintenance", "status": 200},
    "home": {"kind": "redirect"},
    "other_404": {"kind": "maintenance", "status": 404},
    "not_found": {"kind": "soft404", "status": 404},
    "not_found_200": {"kind": "soft404"},
    "cut": {"kind": "truncate", "value": "list"},
    "other_month": {"kind": "redirect", "value": "/2026/10/"},
}


USUAL = ("maintenance",)
VARIANTS = [pytest.param(name, marks=pytest.mark.soak) for name in FAULTS if name not in USUAL]


@pytest.mark.parametrize("name", [*USUAL, *VARIANTS])
def test_a_month_that_is_wrong_once_is_read_at_the_second_look(
    name: str, twin: TwinProcess, since_june: set[str], tmp_path: Path
) -> None:
    # A page that is cut is requested twice at each look.
    times = 2 if name == "cut" else 1
    twin.set_faults([{**FAULTS[name], "path": "^/2026/09/$", "times": times}])
    run = back_fill(twin, tmp_path)
    requested = months(twin)
    twin.set_faults([])
    assert run.code == 0, run.stderr[-300:]
    assert {line["id"] for line in run.articles} >= since_june
    assert requested.pop("/2026/09/") == times + 1
    assert {*requested.values()} == {1} or name == "other_month"


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"kind": "status", "value": 451}, id="451"),
        pytest.param(FAULTS["maintenance"], id="maintenance", marks=pytest.mark.soak),
        pytest.param(FAULTS["home"], id="home", marks=pytest.mark.soak),
        pytest.param(FAULTS["other_404"], id="other_404", marks=pytest.mark.soak),
    ],
)
@pytest.mark.soak
def test_a_month_that_is_not_read_is_kept_for_the_next_run(
    fault: dict[str, Any], twin: TwinProcess, since_june: set[str], tmp_path: Path
) -> None:
    twin.set_faults([{**fault, "path": "^/2026/09/$"}])
    first = back_fill(twin, tmp_path)
    twin.set_faults([])
    assert first.code == 16, first.stderr[-300:]
    assert "1 sitemap, feed or list not read (month: " in first.stderr
    assert not {line["id"] for line in first.articles} >= since_june
    # Any run reads it, and the months before it are not walked through again.
    second = crawl_twin(twin, tmp_path, "alanews", discover="menu", pages=1, related="off")
    assert second.code == 0, second.stderr[-300:]
    assert {line["id"] for line in second.articles} >= since_june
    assert months(twin) == {"/2026/09/": 1}


@pytest.mark.soak
def test_months_before_the_first_article_cost_one_second_look(
    twin: TwinProcess, by_month: dict[str, set[str]], tmp_path: Path
) -> None:
    run = back_fill(twin, tmp_path, since="1990-01-01")
    assert run.code == 0, run.stderr[-300:]
    requested = months(twin)
    oldest = f"/{min(by_month).replace('-', '/')}/"
    empty = sum(path < oldest for path in requested)
    assert empty == MAX_EMPTY
    filled = {f"/{name.replace('-', '/')}/" for name in by_month}
    gaps = sum(path > oldest for path in {*requested} - filled)
    assert sum(requested.values()) - len(requested) <= gaps + 1


def test_a_site_without_month_archives_is_no_failure(twin: TwinProcess, tmp_path: Path) -> None:
    twin.set_faults([{"kind": "redirect", "path": r"^/\d{4}/\d\d/$"}])
    run = back_fill(twin, tmp_path)
    requested = months(twin)
    twin.set_faults([])
    assert run.code == 0, run.stderr[-300:]
    assert "The site has no month archives" in run.stderr
    assert requested.total() == 2 * MAX_UNREAD
