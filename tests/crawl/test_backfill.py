"""Back-fills: what a run says of its size, how it goes on after a kill, and the oldest first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import crawl
from tests.support.killing import environment, words
from tests.support.ledgers import FILE, rows
from tests.support.preloaded import PreloadedProcess
from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids
from tests.support.waiting import HANG, wait_for, wait_for_lines

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 60
_ARTICLE = re.compile(r"/(\d{4}/\d\d/\d\d)/[^?]*[a-z-]/$")


def counts(twin: TwinProcess) -> list[str]:
    return [
        path
        for _, path, _ in twin.requests()
        if "wp-json" in path and ("per_page=1&" in f"{path}&" or "/categories?" in path)
    ]


def written(output: Path) -> int:
    """Return how many lines a ledger has of its dumps."""
    (row,) = rows(output / FILE, "SELECT count(*) FROM lines WHERE state = 1")
    return int(str(row[0]))


def said(done: Crawl) -> list[str]:
    return re.findall(r"Back-fill: (.*)", done.stderr)


def test_a_first_run_says_how_much_there_is_and_the_next_asks_nothing(
    twin: TwinProcess, tmp_path: Path
) -> None:
    done = crawl_twin(twin, tmp_path, "alanews")
    assert done.code == 0, done.stderr[-3000:]
    (path,) = [one for one in counts(twin) if "_fields=id" in one]
    assert "after" not in path
    first = said(done)[0]
    assert first.startswith(f"alanews: {SIZE} articles to read (REST), at least ")
    paths = [one for _, one, _ in twin.requests()]
    assert paths.index(path) < min(paths.index(one) for one in paths if _ARTICLE.match(one))
    written = len(done.articles)
    figures = done.reports[-1]["completeness"]
    assert (figures["source"], figures["published"]) == ("rest", written)
    assert (figures["missing"], figures["reasons"]["protected"]) == (0, SIZE - written)
    assert f"  coverage    {written} of {written} written (1 more is password" in done.stdout
    again = crawl_twin(twin, tmp_path, "alanews")
    assert (again.reports[-1]["reason"], said(again)) == ("nothing_new", [])
    assert not [one for one in counts(twin) if "wp-json" in one]
    assert f"  coverage    {written} of {written} seen are written (1 more is" in again.stdout


def test_a_section_is_counted_by_its_categories(twin: TwinProcess, tmp_path: Path) -> None:
    done = crawl_twin(twin, tmp_path, "sport", since="2026-10-01", until="2026-11-20")
    assert done.code == 0, done.stderr[-3000:]
    (path,) = [one for one in counts(twin) if "/posts?" in one]
    assert re.search(r"categories=\d+,\d+&after=2026-09-30T23:59:59&before=2026-11-21T00", path)
    content, sections = twin.content(), ("sport", "calcio")
    indices = {index for section in sections for index in content.category(section)}
    days = [content.card(index).published.date().isoformat() for index in indices]
    within = sum("2026-10-01" <= day <= "2026-11-20" for day in days)
    assert said(done)[0].startswith(f"sport: {within} article")


@pytest.mark.parametrize("status", [401, 404])
def test_a_closed_interface_is_said_and_the_run_counts_what_it_finds(
    twin: TwinProcess, tmp_path: Path, status: int
) -> None:
    twin.set_faults([{"kind": "status", "value": status, "path": "/wp-json/"}])
    done = crawl_twin(twin, tmp_path, "alanews", since="2026-10-01")
    assert done.code == 0, done.stderr[-3000:]
    assert re.search(rf"\d+ articles? to read \(found so far by .*; REST: HTTP {status}\)",
                     said(done)[0])  # fmt: skip
    assert done.reports[-1]["completeness"]["source"] == "seen"


@pytest.mark.parametrize("source", ["page", "rest"])
def test_a_killed_backfill_shows_the_rest_and_ends_whole(
    twin: TwinProcess, tmp_path: Path, source: str
) -> None:
    twin.reset()
    more = ["-a", f"source={source}", "-a", "since=2019-01-01"]
    line = [*words("alanews", twin.url, DOWNLOAD_DELAY=0.02, CONCURRENT_REQUESTS=1), *more]
    killed = PreloadedProcess(line, environment(tmp_path))
    wait_for_lines(tmp_path / "alanews", killed)
    wait_for(lambda: written(tmp_path) > 5, "committed lines")
    killed.kill()
    killed.communicate(timeout=HANG)
    before = written(tmp_path)
    twin.reset()
    done = crawl_twin(twin, tmp_path, "alanews", source=source, since="2019-01-01")
    assert done.code == 0, done.stderr[-3000:]
    assert not [path for path in counts(twin) if "_fields=id&" in path], "asked once"
    rest = int(said(done)[0].split()[1])
    assert rest == SIZE - before
    assert counted_ids(done) == expected_ids(twin, "alanews")


def test_the_oldest_first_by_page(twin: TwinProcess, tmp_path: Path) -> None:
    twin.reset()
    done = crawl(
        "alanews",
        tmp_path,
        settings={"RECHECK_AGES": "", "CONCURRENT_REQUESTS_PER_DOMAIN": "1"},
        arguments={"site_url": twin.url, "order": "oldest", "discover": "month,sitemap"},
    )
    assert done.code == 0, done.stderr[-3000:]
    paths = [path for _, path, _ in twin.requests()]
    found = [match for path in paths if (match := _ARTICLE.match(path))]
    days = [match[1] for match in found]
    assert len(days) > SIZE // 2
    assert days == sorted(days)
    assert days[0] < days[-1]
    assert counted_ids(done) == expected_ids(twin, "alanews")
