"""Monitors: what they find wrong in a run, and what they let pass."""

from __future__ import annotations

from dataclasses import replace
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.utils.project import get_project_settings
from spidermon import Monitor, MonitorSuite

from newscrawl.run.monitors import checks, run_history, spidermon_suite
from newscrawl.run.monitors.checks import Limits
from tests.support.reports import report

LIMITS = Limits()


def full(hours: float, written: int = 10, **stats: Any) -> dict[str, Any]:
    """Return a run whose articles all have headline and subtitle, half of them a video."""
    given = {"coverage__headline": written, "coverage__subtitle": written}
    return report(hours, written, **{**given, "coverage__videos": written // 2, **stats})


USUAL = [full(hours) for hours in range(1, 31)]


def test_a_run_like_those_before_it_passes_all() -> None:
    found = spidermon_suite.run([spidermon_suite.RunMonitors], full(0), USUAL, LIMITS)
    assert {one["name"] for one in found} == {
        "blocked", "coverage", "ending", "errors", "fields", "lag", "sections", "silence",
        "audit", "drift",
    }  # fmt: skip
    assert {(one["status"], one["message"]) for one in found} == {("passed", None)}


def test_a_field_below_its_agreed_share() -> None:
    run = full(0, coverage__subtitle=6)
    agreed = replace(LIMITS, coverage={"subtitle": 0.9, "headline": 1.0})
    assert checks.coverage(run, [], agreed) == ("of 10 articles have: subtitle 60% (at least 90%)")
    assert checks.coverage(full(0), [], agreed) is None
    assert checks.coverage(run, [], LIMITS) is None, "nothing is agreed, nothing is known"


def test_a_field_below_its_usual_share() -> None:
    broken = full(0, 20, coverage__subtitle=10)
    assert "subtitle 50% (usually 100%)" in (checks.coverage(broken, USUAL, LIMITS) or "")
    chance = full(0, 20, coverage__videos=4)
    assert checks.coverage(chance, USUAL, LIMITS) is None, (
        "20% where 50% is usual, of 20, is chance"
    )


def test_small_runs_are_judged_together() -> None:
    broken = [full(hours, 2, coverage__subtitle=0) for hours in range(10)]
    history = [full(hours) for hours in range(10, 40)]
    # One of them is among many sound ones.
    assert checks.coverage(broken[-1], history, LIMITS) is None
    assert "of 20 articles have: subtitle 0%" in (
        checks.coverage(broken[0], [*broken[1:], *history], LIMITS) or ""
    )


def test_what_failed_does_not_become_usual() -> None:
    broken = [
        full(hours, 20, coverage__subtitle=0, monitors=("coverage",)) for hours in range(1, 60)
    ]
    history = [*broken, *[full(hours) for hours in range(60, 90)]]
    found = checks.coverage(full(0, 20, coverage__subtitle=0), history, LIMITS)
    assert "subtitle 0% (usually 100%)" in (found or "")


def test_a_field_that_comes_no_more() -> None:
    run = full(0, 12, coverage__videos=0)
    silent = [full(hours, 12, coverage__videos=0) for hours in range(1, 2)]
    history = [*silent, *[full(hours) for hours in range(2, 30)]]
    assert checks.fields(run, history, LIMITS) == (
        "no longer found: videos (none of 24 articles, 12 expected)"
    )
    assert checks.fields(full(0), history, LIMITS) is None
    assert checks.fields(run, history[1:], LIMITS) is None, "6 expected: chance"


def test_a_section_that_gives_no_more() -> None:
    def fresh(hours: float, esteri: int, politica: int) -> dict[str, Any]:
        counts = {"articles__fresh__Esteri": esteri, "articles__fresh__Politica": politica}
        return report(hours, esteri + politica, **counts)

    before = [fresh(hours, 5, 5) for hours in range(10, 30)]
    found = checks.sections(fresh(0, 24, 0), before, LIMITS)
    assert found == "no longer found: Politica (none of 24 articles, 12 expected)"
    assert checks.sections(fresh(0, 9, 0), before, LIMITS) is None
    # Sections that only a backlog holds were never counted as fresh.
    backlog = [report(hours, 500, articles__section__Expo=100) for hours in range(10, 12)]
    assert checks.sections(fresh(0, 50, 50), backlog, LIMITS) is None


def test_silence_though_the_site_shows_news() -> None:
    quiet = [report(hours) for hours in range(1, 30)]
    history = [*quiet, full(30)]
    assert checks.silence(report(0), history, LIMITS) is None, "nothing new, nothing written"
    rejecting = report(0, rejected__no_body=4)
    assert checks.silence(rejecting, history, LIMITS) == (
        "nothing written for 30 hours, though the site shows news: 4 rejected"
    )
    shown = report(0, site__newest=int(run_history.seconds("2026-11-25T08:00:00Z")))
    assert "newer articles in its lists" in (checks.silence(shown, history, LIMITS) or "")
    assert checks.silence(rejecting, [full(20)], LIMITS) is None
    narrow = {**rejecting, "arguments": {"until": "2020-01-01"}}
    assert checks.silence(narrow, history, LIMITS) is None


def test_a_series_that_never_wrote_is_silent_since_its_first_run() -> None:
    history = [report(hours) for hours in (10, 40)]
    assert "nothing written for 40 hours" in (
        checks.silence(report(0, not_article__archive=3), history, LIMITS) or ""
    )


def test_blocked_and_failed_pages() -> None:
    run = report(0, pages__answered=20, blocked__captcha=3, pages__missed=3)
    assert checks.blocked(run, [], LIMITS) == "3 of 20 pages: captcha"
    assert checks.errors(run, [], LIMITS) == "15% of the pages (at most 5%): 3 not fetched"
    few = report(0, pages__answered=200, blocked__captcha=1, pages__missed=2)
    assert checks.blocked(few, [], LIMITS) is checks.errors(few, [], LIMITS) is None


def test_articles_captured_late() -> None:
    run = report(0, 10)
    run["lag"] = {"count": 10, "median": 700, "p95": 5000}
    limits = replace(LIMITS, lag={"median": 900, "p95": 3600})
    assert checks.lag(run, USUAL, limits) == "captured late: p95 5,000 s (at most 3,600 s)"
    assert checks.lag(run, [], limits) is None, "a first run reads what is old"
    assert checks.lag(run, USUAL, LIMITS) is None


@pytest.mark.parametrize(
    ("reason", "has_failed"),
    [
        ("finished", False), ("nothing_new", False), ("partial", False), ("shutdown", False),
        ("closespider_timeout", False), ("blocked", True), ("site_unreachable", True),
        ("section_missing", True), ("disk_full", True), ("start_error", True),
    ],
)  # fmt: skip
def test_how_a_run_may_end(reason: str, *, has_failed: bool) -> None:
    assert bool(checks.ending(report(0, finish_reason=reason), [], LIMITS)) == has_failed


class Mine(Monitor):  # type: ignore[misc] # Spidermon ships no types
    # Spidermon's to run, not pytest's.
    __test__ = False

    def test_requests(self) -> None:
        if self.data.stats["downloader/request_count"] < 5:
            self.fail("few requests")

    def test_bug(self) -> None:
        raise ZeroDivisionError("mine")


class MySuite(MonitorSuite):  # type: ignore[misc] # Spidermon ships no types
    monitors = (Mine,)


def test_suites_of_a_projects_own_run_too() -> None:
    stats = {"downloader/request_count": 1}
    found = spidermon_suite.run([MySuite], report(0), [], LIMITS, stats=stats)
    assert {one["name"]: (one["status"], one["message"]) for one in found} == {
        "Mine/test_bug": ("error", "ZeroDivisionError: mine"),
        "Mine/test_requests": ("failed", "few requests"),
    }


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"FIELD_COVERAGE": "much"}, "FIELD_COVERAGE must name numbers"),
        ({"FIELD_COVERAGE": {"subtitle": 90}}, "has 90.0 for subtitle: 0 to 1 is possible"),
        ({"LAG_MAX": {"median": "soon"}}, "LAG_MAX must name numbers"),
        ({"SILENCE_HOURS": "long"}, "a limit of the monitors is invalid"),
        (
            {"MONITORS": ["newscrawl.run.monitors.none.Suite"]},
            "MONITORS names newscrawl.run.monitors.none",
        ),
        ({"MONITORS": ["newscrawl.items.Article"]}, "is not a MonitorSuite of Spidermon"),
    ],
)
def test_what_is_set_wrongly_is_said_at_the_start(given: dict[str, Any], says: str) -> None:
    settings = get_project_settings()
    assert spidermon_suite.settings_error(settings) is None
    settings.setdict(given)
    assert says in (spidermon_suite.settings_error(settings) or "")


def test_few_articles_before_prove_little() -> None:
    # The share of the site is 93 %: 49 of 50 and 17 of 20 are both to be expected.
    history = [full(hours, 10, coverage__subtitle=10 - (hours == 1)) for hours in range(1, 6)]
    assert checks.coverage(full(0, 20, coverage__subtitle=17), history, LIMITS) is None
    assert checks.coverage(full(0, 20, coverage__subtitle=4), history, LIMITS) is not None


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 60), st.integers(0, 60))
def test_chance_is_that_of_drawing(count: int, more: int, before: int, more_before: int) -> None:
    whole, whole_before = count + more, before + more_before
    having, every = count + before, whole + whole_before
    ways = sum(
        comb(having, number) * comb(every - having, whole - number) for number in range(count + 1)
    )
    assert run_history.p_value(count, whole, before, whole_before) == pytest.approx(
        ways / comb(every, whole), rel=1e-4
    )


def audit_of(compared: int, agreed: int) -> dict[str, Any]:
    counts = {"audit__articles": compared, "audit__compared__body": compared}
    return report(0, compared, **counts, audit__agreed__body=agreed)


def test_pages_and_second_witness_that_agree_less_than_agreed() -> None:
    text = "pages and second witness agree less than 98%: body 90.0% of 20"
    assert checks.audit(audit_of(20, 18), [], LIMITS) == text
    assert checks.audit(audit_of(20, 19), [], LIMITS) is None, "one may be an accident"
    assert checks.audit(audit_of(9, 5), [], LIMITS) is None, "too few"
    assert checks.audit(audit_of(4, 0), [], LIMITS) is None, "too few even if none agrees"
    for history in ([], [audit_of(500, 500)]):
        failed = checks.audit(audit_of(5, 0), history, LIMITS)
        assert failed == "pages and second witness agree less than 98%: body 0.0% of 5"
    assert checks.audit(audit_of(20, 18), [], replace(LIMITS, audit=0.9)) is None


def test_the_audits_of_several_runs_are_checked_as_one() -> None:
    small = [audit_of(3, 2) for _ in range(5)]
    assert "body 66.6% of 15" in (checks.audit(small[0], small[1:], LIMITS) or "")
    # What is before the last 200 articles does not count.
    assert checks.audit(audit_of(200, 200), [audit_of(200, 0)], LIMITS) is None
    assert checks.audit(audit_of(100, 100), [audit_of(100, 90)], LIMITS) is not None
    assert checks.audit(report(0), [audit_of(200, 0)], LIMITS) is None, "it compared nothing"
    older = {name: value for name, value in audit_of(20, 20).items() if name != "audit"}
    assert checks.audit(audit_of(20, 20), [older], LIMITS) is None


def test_a_share_that_is_none_is_refused() -> None:
    settings = get_project_settings()
    settings.setdict({"AUDIT_MIN": 98})
    assert "AUDIT_MIN is 98: 0 to 1" in (spidermon_suite.settings_error(settings) or "")
