"""REST as a channel of runs by page: what is new in two requests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.crawling import Crawl, crawl
from tests.support.twin_crawls import counted_ids, expected_ids
from twin import schedule
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
FREE = ("/robots.txt", "/.well-known/tdmrep.json")


def run(twin: TwinProcess, output: Path, spider: str, interval: str = "86400") -> Crawl:
    twin.reset()
    settings = {
        "REST_DISCOVERY_ENABLED": "True",
        "FULL_DISCOVERY_INTERVAL": interval,
        "RECHECK_AGES": "",
        "RETRY_TIMES": "0",
    }
    return crawl(spider, output, settings=settings, site_url=twin.url)


def requested(twin: TwinProcess) -> list[str]:
    return [path for _, path, _ in twin.requests() if path not in FREE]


def channels_of_first(done: Crawl) -> set[str]:
    return {name for item in done.articles for name in item["discovered_via"]}


@pytest.mark.parametrize(("spider", "most"), [("alanews", 4), ("esteri", 2)])
def test_nothing_new_costs_few_requests(spider: str, most: int, tmp_path: Path) -> None:
    with TwinProcess(size=150) as twin:
        first = run(twin, tmp_path, spider)
        assert (first.code, counted_ids(first)) == (0, expected_ids(twin, spider))
        assert {"rest", "archive", "related"} <= channels_of_first(first)
        again = run(twin, tmp_path, spider)
        assert (again.code, len(again.dumps)) == (0, 1), again.stderr[-2000:]
        assert len(requested(twin)) <= most, requested(twin)
        # Once in a while the other channels are read too.
        run(twin, tmp_path, spider, interval="0")
        assert "/" in requested(twin)


def test_what_is_new_or_changed_is_read_and_nothing_else(tmp_path: Path) -> None:
    with TwinProcess(size=150, now=schedule.EPOCH - timedelta(days=2)) as twin:
        run(twin, tmp_path, "alanews")
        twin.set_now(schedule.EPOCH)
        old = twin.content().card(120).id
        twin.edit(old, "body")
        done = run(twin, tmp_path, "alanews")
        assert done.code == 0, done.stderr[-2000:]
        written = [json.loads(line) for line in done.dumps[-1].read_bytes().splitlines()]
        lists = [path for path in requested(twin) if path.startswith("/wp-json/")]
        assert len(lists) <= 6
        pages = [path for path in requested(twin) if not path.startswith("/wp-json/")]
        assert [path for path in pages if not path.startswith("/20")] == []
        assert {item["id"] for item in done.articles} == set(expected_ids(twin, "alanews"))
        revisions = [item["id"] for item in written if item["revision"] == 2]
        assert revisions == [f"alanews:{old}"]


FAULTS: dict[str, dict[str, Any]] = {
    "status": {"kind": "status", "value": 500, "on": "rest"},
    "closed": {"kind": "status", "value": 403, "on": "rest"},
    "html": {"kind": "other_page", "value": "/", "on": "rest"},
    "cut": {"kind": "truncate", "value": 0.4, "on": "rest"},
}


@pytest.mark.parametrize(
    "name", [n if n == "closed" else pytest.param(n, marks=pytest.mark.soak) for n in FAULTS]
)
def test_other_channels_take_over_where_rest_fails(name: str, tmp_path: Path) -> None:
    with TwinProcess(size=100, now=schedule.EPOCH - timedelta(days=2)) as twin:
        run(twin, tmp_path, "alanews")
        twin.set_now(schedule.EPOCH)
        twin.set_faults([FAULTS[name]])
        done = run(twin, tmp_path, "alanews")
        assert counted_ids(done) == expected_ids(twin, "alanews")
        # A fault that may pass makes the run partial, as that of a sitemap does.
        assert done.code == (16 if name == "status" else 0), done.stderr[-2000:]
        assert "/" in requested(twin)
        if name == "closed":
            run(twin, tmp_path, "alanews")
            assert not [path for path in requested(twin) if path.startswith("/wp-json/")]


def test_a_run_of_few_pages_does_not_list_everything(tmp_path: Path) -> None:
    with TwinProcess(size=150) as twin:
        settings = {"REST_DISCOVERY_ENABLED": "True"}
        done = crawl("esteri", tmp_path, settings=settings, site_url=twin.url, pages=1)
        assert done.code == 0
        assert not [path for path in requested(twin) if path.startswith("/wp-json/")]


def test_a_list_that_is_closed_for_long_hides_nothing(tmp_path: Path) -> None:
    with TwinProcess(size=150, now=schedule.EPOCH - timedelta(days=3)) as twin:
        run(twin, tmp_path, "esteri")
        twin.set_faults([FAULTS["closed"]])
        run(twin, tmp_path, "esteri")
        before = expected_ids(twin, "esteri")
        twin.set_now(schedule.EPOCH)
        assert expected_ids(twin, "esteri") > before
        done = run(twin, tmp_path, "esteri")
        assert not [path for path in requested(twin) if "/wp/v2/posts" in path]
        assert counted_ids(done) == expected_ids(twin, "esteri")
