"""What the ledger stores of a page, by its outcome."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from newscrawl.ledger.scrapy.leases import LeaseMiddleware, settle
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.outcomes.retries import Retries
from newscrawl.outcomes.task import ARTICLE, META, SOURCE, Task

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from newscrawl.ledger.records import Settled

NOW = 1_800_000_000
HOUR, DAY = 3_600, 86_400
URL = "https://www.alanews.it/esteri/un-titolo/"
RETRIES = Retries((600, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY), (HOUR, DAY), HOUR)


def settled(outcome: Outcome | None = None, status: int = 200, **task_values: Any) -> Settled:
    """Return what the ledger stores of an article whose callback records an outcome."""
    task = Task(URL, ARTICLE, 1, **task_values)
    request = Request(URL, meta={META: task})
    response = HtmlResponse(URL, status=status, headers={"ETag": '"x"'}, request=request)
    middleware = LeaseMiddleware(get_crawler())

    async def nothing() -> AsyncIterator[Any]:
        return
        yield

    async def run() -> None:
        middleware.process_spider_input(response)
        async for _ in middleware.process_spider_output(response, nothing()):
            pass

    asyncio.run(run())
    if outcome is not None:
        task.settle(outcome)
    return settle(task, NOW, RETRIES)


def test_only_a_page_whose_line_exists_is_requested_conditionally() -> None:
    assert settled(Outcome(Kind.WRITTEN)).etag == '"x"'
    assert settled(Outcome(Kind.UNCHANGED, "unchanged")).etag == '"x"'
    for kind in (Kind.NOT_ARTICLE, Kind.REJECTED, Kind.TRUNCATED, Kind.FAILED, Kind.NOT_IN_DUMP):
        assert settled(Outcome(kind, "any")).etag is None


@pytest.mark.parametrize(
    ("outcome", "state", "first"),
    [
        (Outcome.not_article("home_page"), EXCLUDED, 600),
        (Outcome(Kind.REJECTED, "rejected: no_body"), EXCLUDED, 600),
        (Outcome(Kind.TRUNCATED, "truncated"), DONE, 600),
        (Outcome(Kind.MISSING, "HTTP 404"), FAILED, HOUR),
        (Outcome.failed("HTTP 503"), FAILED, 0),
        (Outcome(Kind.BLOCKED, "blocked: captcha"), FAILED, 0),
    ],
)
def test_nothing_that_could_be_a_passing_fault_is_final(
    outcome: Outcome, state: int, first: int
) -> None:
    waits, tries = [], 0
    while (look := settled(outcome, tries=tries)).due is not None:
        assert (look.state, look.tries) == (state, tries + 1)
        waits.append(look.due - NOW)
        tries = look.tries
    assert waits[0] == first
    assert waits == sorted(waits)
    assert waits[-1] == 30 * DAY
    assert sum(waits) > 35 * DAY


@pytest.mark.parametrize(
    ("outcome", "due"),
    [
        (Outcome.not_article("needs_browser"), NOW + DAY),
        (Outcome(Kind.EXCLUDED, "robots"), NOW + DAY),
        (Outcome(Kind.EXCLUDED, "section"), None),
        (Outcome(Kind.EXCLUDED, "dates:2026-01-01"), None),
    ],
)
def test_rules_may_no_longer_apply_tomorrow(outcome: Outcome, due: int | None) -> None:
    for tries in (0, 20):
        look = settled(outcome, tries=tries)
        assert (look.state, look.due) == (EXCLUDED, due)


def test_an_article_is_checked_again_by_its_age() -> None:
    look = settled(Outcome(Kind.WRITTEN), published=NOW - 2 * HOUR, tries=3)
    assert (look.state, look.result, look.due, look.tries) == (DONE, None, NOW + 22 * HOUR, 0)


def test_a_page_without_an_outcome_was_not_read() -> None:
    assert settled(status=503).result == "HTTP 503"
    assert settled(status=404).outcome == "missing"
    unfinished = settle(Task(URL, ARTICLE, 1, status=200), NOW, RETRIES)
    assert (unfinished.state, unfinished.result) == (FAILED, "not read to its end")


def test_the_worst_of_several_outcomes_stays() -> None:
    task = Task(URL)
    task.settle(Outcome(Kind.WRITTEN))
    task.settle(Outcome.failed("spider: ValueError"))
    task.settle(Outcome(Kind.WRITTEN))
    assert task.final_outcome() == Outcome.failed("spider: ValueError")


def test_a_source_that_broke_off_is_kept_and_others_are_not() -> None:
    kept = Task(URL, SOURCE, 1, is_kept=True, outcome=Outcome.failed("HTTP 404"))
    look = settle(kept, NOW, RETRIES)
    assert (look.state, look.due, look.result, look.tries) == (FAILED, NOW, "HTTP 404", 1)
    kept.tries = 50
    assert settle(kept, NOW, RETRIES).due == NOW + 30 * DAY
    read = Task(URL, SOURCE, 1, outcome=Outcome.failed("HTTP 404"))
    assert settle(read, NOW, RETRIES).due is None


@pytest.mark.parametrize(
    ("intervals", "gone_after", "dues"),
    [
        ((600, HOUR, DAY), HOUR, [HOUR, DAY, None]),
        # Never earlier than GONE_AFTER, and at least once.
        ((0, 60), HOUR, [HOUR, None]),
    ],
)
def test_a_missing_page_is_requested_again_after_gone_after(
    intervals: tuple[int, ...], gone_after: int, dues: list[int | None]
) -> None:
    retries = Retries(intervals, (), gone_after)
    missing = Outcome(Kind.MISSING)
    seen = [retries.due(missing, 0, tries, None) for tries in range(len(dues))]
    assert seen == dues


def test_intervals_are_read_from_settings() -> None:
    assert Retries.of(["600", " ", "3600.0"], ["", "60"], 5) == Retries((600, 3_600), (60,), 5)
