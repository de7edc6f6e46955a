"""How runs end: the list of reasons, its table, and which one a run gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.outcomes import finish_reasons
from newscrawl.run import report_files
from newscrawl.run.finish import finish_reason
from tests.support.crawling import ROOT, crawl
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path


def test_each_reason_has_a_code_of_its_own() -> None:
    codes = [one.code for one in finish_reasons.FINISH_REASONS if one.code != finish_reasons.GOOD]
    assert len(set(codes)) == len(codes)
    assert not {finish_reasons.OTHERWISE, finish_reasons.USAGE} & {*codes}
    assert {one.reason for one in finish_reasons.FINISH_REASONS if one.code == 0} == {
        "finished",
        "nothing_new",
    }


def test_codes_that_schedules_rely_on_stay() -> None:
    assert {one.reason: one.code for one in finish_reasons.FINISH_REASONS} == {
        "finished": 0,
        "nothing_new": 0,
        "site_unreachable": 10,
        "robots_forbidden": 11,
        "section_missing": 12,
        "locked": 13,
        "ledger_error": 14,
        "disk_full": 15,
        "partial": 16,
        "robots_unavailable": 17,
        "blocked": 18,
        "monitors_failed": 19,
        "shutdown": 20,
        "memusage_exceeded": 21,
        "closespider_*": 22,
        "site_moved": 23,
        "rate_limited": 24,
        "drift": 25,
        "unsupported_site": 26,
        "crawl_delay": 27,
        "site_slow": 28,
    }


def test_the_documentation_has_the_whole_list() -> None:
    assert finish_reasons.as_table() in (ROOT / "docs" / "running.md").read_text(encoding="utf-8")


def test_each_that_is_not_good_is_told_in_one_line() -> None:
    for one in finish_reasons.FINISH_REASONS:
        line = finish_reasons.error_line(one.reason, "what there is to say")
        assert bool(line) == (one.code != 0)
        assert "\n" not in line
    assert finish_reasons.error_line("closespider_itemcount") == (
        "ended by the limit closespider_itemcount: run it again to continue"
    )
    assert finish_reasons.code("cancelled") == finish_reasons.code("shutdown")
    assert finish_reasons.code("whatever") == 1


@pytest.mark.parametrize(
    ("stats", "reason", "detail"),
    [
        ({"articles/written": 3}, "finished", ""),
        ({}, "nothing_new", ""),
        ({"not_fetched/HTTP_404": 1}, "nothing_new", ""),
        ({"articles/written": 3, "pages/missed": 2}, "partial", "2 not fetched"),
        ({"parts/failed": 1, "pages/failed": 1}, "partial",
         "1 not readable, 1 without a further page"),
        ({"archive/broken_off": 1}, "partial", "1 archive broken off"),
        ({"archive/not_found": 1, "finish/detail": "no archive of section esteri"},
         "section_missing", "no archive of section esteri"),
        ({"pages/answered": 10, "blocked/captcha": 1}, "nothing_new", ""),
        ({"pages/answered": 10, "blocked/captcha": 1, "blocked/http_403": 3, "pages/missed": 4},
         "blocked", "4 of 10 pages: http_403, captcha"),
    ],
)  # fmt: skip
def test_what_a_run_came_to(stats: dict[str, Any], reason: str, detail: str) -> None:
    assert finish_reason(stats, is_first=False, max_blocked=0.1) == (reason, detail)


def test_a_first_run_without_articles_is_not_said_to_know_all() -> None:
    assert finish_reason({}, is_first=True, max_blocked=0.1) == ("finished", "")


@pytest.mark.soak
@pytest.mark.e2e
def test_a_run_that_meets_a_limit_says_which(tmp_path: Path) -> None:
    # What the downloader has in hand is still fetched: one page, and not all that are left.
    few = {"CLOSESPIDER_ITEMCOUNT": "2", "CONCURRENT_REQUESTS": "1"}
    small = {"MEMUSAGE_LIMIT_MB": "20", "MEMUSAGE_CHECK_INTERVAL_SECONDS": "0.1"}
    small |= {"CONCURRENT_REQUESTS": "1"}
    with TwinProcess(size=60, faults=[{"kind": "slow", "path": ".", "value": 1.0}]) as twin:
        limited = crawl("cronaca", tmp_path, site_url=twin.url, settings=few)
        starved = crawl("cronaca", tmp_path, site_url=twin.url, settings=small)
        twin.set_faults([])
        whole = crawl("cronaca", tmp_path, site_url=twin.url)
    assert (limited.code, starved.code, whole.code) == (22, 21, 0)
    assert "newscrawl: ended by the limit closespider_itemcount" in limited.stderr
    assert "newscrawl: more memory was needed than MEMUSAGE_LIMIT_MB allows" in starved.stderr
    reports = [report_files.read(path) for path in report_files.latest([whole.folder], 9)]
    assert [(one["reason"], one["exit_code"]) for one in reversed(reports)] == [
        ("closespider_itemcount", 22), ("memusage_exceeded", 21), ("finished", 0),
    ]  # fmt: skip
    assert len({one["id"] for one in whole.articles}) == len(whole.articles) == 16
