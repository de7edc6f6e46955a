"""Crawls of the twin, compared with what it knows of each of its articles."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from allpairspy import AllPairs

from newscrawl.items import ARTICLE_FIELDS
from newscrawl.sites import ALANEWS
from tests.support.crawling import Crawl, crawl
from tests.support.truth import differences
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

SIZE = 150
SECTIONS = [section.slug for section in ALANEWS.sections]
# What decides where articles are found; the rest of the switches is in test_theme_pages.py.
WAYS: dict[str, list[Any]] = {
    "permalinks": ["dated", "named", "changed-redirect", "changed-both"],
    "archive": ["nav_1", "nav_2", "nav_3", "nextprev", "loadmore", "scrollload"],
    "category_base": ["category", "bare", "categoria"],
    "hero": [True, False],
    "ajax": ["open", "forbidden", "disallowed"],
    "menu": ["full", "stale"],
    "related": ["category", "tag", "off"],
    "metadata": ["yoast", "jnews", "both", "none"],
    "layout": ["jnews", "redesign"],
}
Whole = tuple[Crawl, list[tuple[str, str, int]]]
"""A crawl, and its requests: method, path, status."""
COMBINATIONS = [dict(zip(WAYS, row, strict=True)) for row in AllPairs(list(WAYS.values()))]
FIRST = 6
"""Combinations that have each value once; all of them have each pair of values."""


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as process:
        yield process


@pytest.fixture(scope="module")
def whole(twin: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """Return a crawl of the whole site, and the requests that it made."""
    twin.reset()
    run = crawl("alanews", tmp_path_factory.mktemp("whole"), site_url=twin.url)
    return run, twin.requests()


def check(run: Crawl, content: Content, switches: Switches, section: str | None = None) -> None:
    """All articles, none twice, none that is not an article, every field equal."""
    assert run.code == 0, run.stderr[-3000:]
    expected = truth.expected(content, switches, section)
    counted = Counter(item["id"] for item in run.articles)
    assert set(counted) == set(expected)
    assert set(counted.values()) == {1}
    assert differences(run.articles, content, switches) == []
    assert run.rejected == []


@pytest.mark.parametrize("spider", [*SECTIONS, "alanews"])
def test_each_spider_writes_its_articles_and_nothing_else(
    spider: str,
    twin: TwinProcess,
    content: Content,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if spider == "alanews":
        run, _ = request.getfixturevalue("whole")
    else:
        run = crawl(spider, tmp_path, site_url=twin.url)
    check(run, content, Switches(), None if spider == "alanews" else spider)
    for item in run.articles:
        assert item["first_seen_at"] == item["fetched_at"]
        assert set(item["discovered_via"]) <= {"archive", "related"} | (
            {"sitemap", "feed"} if spider == "alanews" else set()
        )
        assert item["extractor"].startswith("newscrawl/")
    (dump,) = run.dumps
    assert str(dump) in run.stdout


def test_the_first_combinations_have_each_value() -> None:
    for name, values in WAYS.items():
        assert {chosen[name] for chosen in COMBINATIONS[:FIRST]} == {*values}


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(
            row,
            id="-".join(map(str, row.values())),
            marks=[pytest.mark.soak] if number >= FIRST else [],
        )
        for number, row in enumerate(COMBINATIONS)
    ],
)
def test_whatever_the_site_is_like(chosen: dict[str, Any], tmp_path: Path) -> None:
    switches = Switches(**chosen)
    with TwinProcess(size=60, switches=switches) as twin:
        run = crawl("alanews", tmp_path, site_url=twin.url)
    check(run, Content(size=60), switches)
    refused = switches.ajax != "open" and switches.layout == "jnews"
    if refused and switches.archive in {"nextprev", "loadmore", "scrollload"}:
        assert "using page numbers" in run.stderr
    if switches.menu == "stale" and switches.layout == "jnews":
        assert "The menu has no section 'Esteri'" in run.stderr


def test_the_same_text_at_another_address_is_marked(whole: Whole, content: Content) -> None:
    articles = {item["id"]: item for item in whole[0].articles}
    groups = truth.duplicates(truth.expected(content, Switches()))
    assert groups
    for group in groups:
        originals = [name for name in group if articles[name]["duplicate_of"] is None]
        assert len(originals) == 1
        for name in group - set(originals):
            assert articles[name]["duplicate_of"] == originals[0]
            assert articles[name]["similarity"] == 1.0
    marked = {name for name, item in articles.items() if item["duplicate_of"]}
    assert marked <= set().union(*groups)


def test_a_line_is_one_line_of_plain_utf8(whole: Whole) -> None:
    run, _ = whole
    raw = run.dumps[0].read_bytes()
    assert raw.endswith(b"\n")
    assert b"\\u00" not in raw
    lines = raw.decode().splitlines()
    assert len(lines) == len(run.articles)
    for line in lines:
        assert tuple(json.loads(line)) == ARTICLE_FIELDS


def test_nothing_is_fetched_twice(whole: Whole) -> None:
    _, requests = whole
    asked = Counter(path for method, path, _ in requests if method == "GET")
    assert [path for path, count in asked.items() if count > 1] == []
    # Never of use: day archives, a section under a day, feeds of comments, AMP.
    asked.pop("/feed/")
    assert not any(path.endswith(("/feed/", "/amp/", "/embed/", "/autoload/")) for path in asked)
    assert not any(path.count("/") == 5 and path[1:5].isdecimal() for path in asked)


def test_related_posts_are_followed(twin: TwinProcess, content: Content, tmp_path: Path) -> None:
    one_page = crawl("esteri", tmp_path / "a", site_url=twin.url, pages=1, related="off")
    followed = crawl("esteri", tmp_path / "b", site_url=twin.url, pages=1)
    alone = {item["id"] for item in one_page.articles}
    more = {item["id"] for item in followed.articles}
    assert alone < set(truth.expected(content, Switches(), "esteri"))
    assert alone <= more
    assert any("related" in item["discovered_via"] for item in followed.articles)
    assert all(item["discovered_via"] == ["archive"] for item in one_page.articles)


def test_since_and_until_are_days_of_publication(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    expected = {
        name
        for name, item in truth.expected(content, Switches()).items()
        if "2026-03-01" <= (item.date_published or "")[:10] <= "2026-09-30"
    }
    run = crawl("alanews", tmp_path, site_url=twin.url, since="2026-03-01", until="2026-09-30")
    assert {item["id"] for item in run.articles} == expected
    assert expected


def test_asked_for_urls_alone_are_fetched(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    items = list(truth.expected(content, Switches()).values())[:3]
    asked = tmp_path / "urls.txt"
    asked.write_text(
        "\n".join([items[0].url.replace("https://www.", "http://") + "?utm_source=x#a",
                   items[1].url.rstrip("/"), f"https://www.alanews.it/?p={items[2].id[8:]}"]),
        encoding="utf-8",
    )  # fmt: skip
    run = crawl("esteri", tmp_path / "out", site_url=twin.url, urls=asked)
    assert {item["id"] for item in run.articles} == {item.id for item in items}
    assert all(item["discovered_via"] == ["url"] for item in run.articles)


def test_scrapys_own_outputs_work(twin: TwinProcess, tmp_path: Path) -> None:
    target = tmp_path / "mine.jsonl"
    run = crawl("calcio", tmp_path / "out", options=("-O", str(target)), site_url=twin.url)
    assert run.code == 0
    lines = target.read_bytes().splitlines()
    assert tuple(json.loads(lines[0])) == ARTICLE_FIELDS
    # As in any project with FEEDS of its own, -O adds a feed: the dump is written as well.
    assert lines == run.dumps[0].read_bytes().splitlines()


@pytest.mark.parametrize("tdm", ["header", "meta", "wellknown"])
def test_reservations_are_recorded(tdm: str, tmp_path: Path) -> None:
    with TwinProcess(size=50, switches={"tdm": tdm}) as twin:
        run = crawl("esteri", tmp_path, site_url=twin.url)
    assert run.articles
    assert {item["rights"]["tdm_reserved"] for item in run.articles} == {True}
    assert differences(run.articles, Content(size=50), Switches(tdm=tdm)) == []


def test_a_run_without_its_dump_says_so_and_the_next_one_writes(
    twin: TwinProcess, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "other.jsonl"
    feeds = json.dumps({str(elsewhere): {"format": "jsonl"}})
    first = crawl("esteri", tmp_path, site_url=twin.url, settings={"FEEDS": feeds})
    assert first.code == 0, first.stderr
    assert (first.stderr + first.stdout).count("FEEDS does not contain the run's dump") == 1
    lines = elsewhere.read_bytes().splitlines()
    assert len(lines) > 10
    assert first.dumps == []
    second = crawl("esteri", tmp_path, site_url=twin.url)
    assert {item["id"] for item in second.articles} == {json.loads(line)["id"] for line in lines}
    assert {item["revision"] for item in second.articles} == {1}
