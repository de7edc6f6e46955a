"""Newscrawl's comparison with its peers: scoring and worker protocol, without the peers."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import newscrawl
from benchmarks import bench_peers
from benchmarks.peers import crawls, growth, page_sets, reading, results, shares
from benchmarks.peers.page_sets import Page
from benchmarks.peers.scoring import COLUMNS, Tally, is_right, score
from tests.support.crawling import ROOT
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

TRUE: dict[str, Any] = {
    "headline": "Il mercato riapre",
    "text": "Il mercato coperto riapre lunedì.",
    "authors": ["Anna Berti", "Ugo Lari"],
    "date_published": "2026-11-23T00:30:05+01:00",
    "date_modified": None,
    "image": "https://www.alanews.it/wp-content/a.jpg",
    "tags": [],
    "section": "Cronaca",
}


def own(_: str) -> str:
    """Return the interpreter of the tests for each reader."""
    return sys.executable


def test_what_is_equal_to_the_truth_is_right_in_all_that_the_page_states() -> None:
    read = TRUE | {"section": ["Home", "cronaca"], "authors": ["Ugo  Lari", "anna berti"]}
    assert score(read, TRUE) == dict.fromkeys(set(COLUMNS) - {"modified"}, 1.0)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("headline", {"headline": "Il mercato riapre - Alanews"}),
        ("authors", {"authors": ["Anna Berti"]}),
        ("day", {"date_published": "2026-11-22"}),
        ("time", {"date_published": "2026-11-23"}),
        ("time", {"date_published": "2026-11-23T00:30:00+01:00"}),
        ("image", {"image": "https://www.alanews.it/wp-content/b.jpg"}),
        ("image", {"image": None}),
        ("tags", {"tags": ["mercato"]}),
        ("section", {"section": []}),
        ("day", {"date_published": "ieri"}),
    ],
)
def test_another_value_is_wrong_in_its_column(column: str, wrong: dict[str, Any]) -> None:
    right = TRUE | {"section": ["Cronaca"]}
    assert score(right, TRUE)[column] == 1.0
    assert score(right | wrong, TRUE)[column] == 0.0


@pytest.mark.parametrize(
    "stated",
    ["2026-11-22T23:30:05+00:00", "2026-11-23T00:30:05", "2026-11-22T23:30:05"],
    ids=["UTC", "the site's time", "UTC without offset"],
)
def test_one_time_may_be_written_in_several_ways(stated: str) -> None:
    assert score({"date_published": stated}, TRUE)["time"] == 1.0


def test_a_text_is_scored_by_its_words() -> None:
    half = score({"text": "Il mercato riapre."}, {"text": "Il mercato chiude."})["text"]
    assert half == pytest.approx(2 / 3)
    assert is_right({"text": 0.99, "day": 1.0}, ("text", "day"))
    assert not is_right({"text": 0.97, "day": 1.0}, ("text", "day"))
    assert not is_right({"text": 1.0}, ("text", "day"))


def test_a_page_that_is_not_read_counts_as_wrong() -> None:
    tally, known = Tally(), frozenset({"headline", "text", "image"})
    tally.add({"cpu": 1.0, "fields": TRUE}, TRUE, known)
    tally.add({"cpu": 1.0, "fields": None}, TRUE | {"image": None}, known)
    tally.add({"cpu": 1.0, "error": "ValueError: no"}, TRUE, known)
    assert (tally.pages, tally.failed, tally.refused) == (3, 1, 1)
    assert tally.errors == ["ValueError: no"]
    means = tally.means()
    assert [means[name] for name in known] == [pytest.approx(1 / 3)] * 3
    assert tally.read_text() == 1.0


def test_readers_answer_from_processes_of_their_own(tmp_path: Path) -> None:
    [page] = page_sets.theme(1)
    menu = Page("<html><body><h1>Contatti</h1></body></html>", f"{page.url}contatti/", {})
    empty = Page("", page.url, page.fields)
    compared = reading.compare([page, menu, empty], tmp_path, 2, ["lxml", "newscrawl"], own)
    ours, parsing = compared["newscrawl"], compared["lxml"]
    assert ours.versions["newscrawl"] == newscrawl.__version__
    assert ours.versions["lxml"] == parsing.versions["lxml"]
    assert (ours.tally.failed, ours.tally.refused) == (0, 2)
    assert parsing.tally.failed == 1
    assert parsing.tally.errors[0].startswith("ParserError")
    assert set(ours.tally.means()) == set(COLUMNS)
    assert ours.tally.read_text() == 1.0
    assert all(0 < seconds < float("inf") for seconds in [*ours.best[:2], *parsing.best[:2]])
    lines = results.reading("Two", "pages.", compared)
    assert any(line.startswith("| newscrawl | ") for line in lines)
    assert any("ParserError" in line for line in lines)


def test_sets_of_pages_are_read_right(tmp_path: Path) -> None:
    pages = [*page_sets.theme(2), *page_sets.stock_wordpress(1), page_sets.unknown(1)[0]]
    compared = reading.compare(pages, tmp_path, 1, ["newscrawl"], own)
    assert compared["newscrawl"].tally.means() == dict.fromkeys(COLUMNS, 1.0)


def test_a_reader_without_its_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(reading.WorkerError, match="newspaper4k: ModuleNotFoundError"):
        reading.compare([], tmp_path, 1, ["newspaper4k"], own)


def test_a_worker_may_not_use_the_network() -> None:
    code = (
        "from benchmarks.peers.readers import without_network; import urllib.request\n"
        "without_network()\n"
        "urllib.request.urlopen('http://127.0.0.1:9/')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "a reader may not use the network" in done.stderr


def test_a_crawl_is_compared_with_the_articles_of_the_site() -> None:
    articles: list[Article] = [*truth.expected(Content(size=50), Switches()).values()][:4]
    first, second, third, _ = [{"url": one.url, **crawls.of_article(one)} for one in articles]
    lines = [first, second, second, third | {"headline": "Altro"}, first | {"url": "/contatti/"}]
    found = crawls.found(lines, articles)
    assert (found.expected, found.right, found.missing, found.further) == (4, 1, 1, 2)
    assert found.columns["headline"] == pytest.approx(2 / 3)
    served = [{**line, "url": line["url"].replace("www.alanews.it", "127.0.0.1")} for line in lines]
    assert crawls.found(served, articles) == found


@pytest.mark.soak
def test_crawls_are_measured_on_a_small_twin() -> None:
    compared = crawls.compare(50, 1, crawls.more_links())
    ours, usual = (compared.results[name] for name in ("newscrawl", "usual Scrapy project"))
    assert ours.found
    assert ours.found.right == ours.found.expected > 0
    assert usual.found
    assert 0 < usual.found.right < usual.found.expected
    assert compared.results[results.FLOOR].requests == ours.requests
    grown = growth.grow(50, 10)
    assert grown.known > 0
    assert grown.new > 0
    assert grown.requests < ours.requests
    assert results.crawling([compared])
    assert results.growing([grown])


def test_the_further_links_are_printed_on_each_page() -> None:
    [fault] = crawls.more_links(3)
    pattern, _, replacement = str(fault["value"]).partition(" => ")
    [page] = page_sets.theme(1)
    html = page.html.replace(pattern, replacement)
    assert html.count("<a ") == page.html.count("<a ") + 3


def test_samples_are_counted_by_the_innermost_part_that_is_known() -> None:
    reading_pages = "<module> (<string>:8);read_all (<string>:7);extract (newscrawl/a/b.py:1)"
    lines = [
        f"{reading_pages};join (posixpath.py:1) 3",
        f"{reading_pages};text (newscrawl/pages/c.py:9) 1",
        "<module> (<string>:3);_load (<frozen importlib._bootstrap>:1) 9",
    ]
    assert shares.shares(lines, shares.by_module) == [
        ("newscrawl/a/b", 0.75),
        ("newscrawl/pages/c", 0.25),
    ]


def test_samples_of_a_crawl_are_counted_by_what_it_does() -> None:
    leased = "run (asyncio/r.py:1);f (scrapy/core/a.py:1);it (newscrawl/ledger/scrapy/leases.py:1)"
    lines = [
        f"{leased};parse (newscrawl/spiders/section.py:1);read (newscrawl/extraction/read.py:1) 4",
        f"{leased};parse (newscrawl/spiders/section.py:1) 2",
        "ledger;commit (newscrawl/ledger/store/transactions.py:1);do_commit (sqlalchemy/d.py:1) 3",
        "run (asyncio/r.py:1);doRead (twisted/internet/tcp.py:1) 5",
        "run (asyncio/r.py:1);_compare (newscrawl/spiders/audit.py:1);d (newscrawl/pages/a.py:1) 1",
        "<module> (newscrawl/commands/crawl.py:3);_load (<frozen importlib._bootstrap>:1) 5",
        "ledger;_worker (concurrent/futures/thread.py:81) 99",
        "pool;Condition.wait (threading.py:327) 99",
    ]
    assert dict(shares.shares(lines, shares.by_purpose)) == {
        "Scrapy, Twisted, Python, freeing pages": 0.25,
        "start: imports": 0.25,
        "reading articles": 0.2,
        "ledger": 0.15,
        "other parts of newscrawl": 0.1,
        "comparison with REST records": 0.05,
    }
    parts = shares.shares(lines, shares.by_purpose)
    assert "| ledger | 15.0% | 0.90 |" in results.purposes("Crawl", parts, 6.0, "ms a request")
    assert results.purposes("Crawl", [], 6.0, "s")[2].startswith("Not measured")


def pinned(name: str) -> dict[str, str]:
    """Return the versions of a requirements file by package."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    versions = dict(line.partition(" ;")[0].split("==") for line in lines)
    assert len(versions) == len(lines)
    return versions


def test_the_results_are_those_of_the_pinned_versions() -> None:
    peers = pinned("benchmarks/peers/requirements.txt")
    own_versions = pinned("requirements.txt")
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    stated = dict(re.findall(r"^\| ([\w-]+) \| ([\w.]+) \|$", text, re.M))
    for name in bench_peers.PEERS:
        assert stated[name] == peers[name], "`make bench-peers` writes them anew"
    assert stated["Scrapy"] == own_versions["Scrapy"]
    assert {name: own_versions[name] for name in ("lxml", "trafilatura", "warcio")} == {
        name: peers[name] for name in ("lxml", "trafilatura", "warcio")
    }


def test_a_target_is_met_at_its_limit() -> None:
    target = results.Target("crawl / Scrapy", 2.0, 2.0)
    assert target.is_met
    assert not replace(target, value=2.01).is_met
    assert "| crawl / Scrapy | 2.00 | 2.0 | reached |" in results.targets([target])
