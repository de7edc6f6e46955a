"""How much a run has still to read: articles, requests, time."""

from __future__ import annotations

from newscrawl.outcomes.backfill import Backfill, Progress, estimate


def test_by_a_total_less_what_is_written_and_what_the_run_has_read() -> None:
    backfill = Backfill(total=1_000, written=300)
    before = estimate(backfill, Progress(0, 0, 12, 1.5), by_page=True)
    assert (before.articles, before.requests, before.seconds) == (700, 712, 1_068)
    assert before.text() == (
        "700 articles to read (REST), at least 712 requests, 17 min 48 s at 1.50 s a request"
    )
    later = estimate(backfill, Progress(600, 100, 0, 2.0), by_page=True)
    assert later.text() == (
        "100 articles to read (REST), 100 requests, 3 min 20 s at 2.00 s a request"
    )
    assert later.short() == "100 to read  100 requests"
    assert estimate(backfill, Progress(900, 0), by_page=True).articles == 0


def test_by_rest_a_request_reads_a_hundred() -> None:
    size = estimate(Backfill(total=1_001), Progress(seconds_per_request=1.0), by_page=False)
    assert (size.articles, size.requests) == (1_001, 22)
    assert "at least 22 requests" in size.text()


def test_without_a_total_only_what_was_found_counts() -> None:
    backfill = Backfill(problem="REST: HTTP 401")
    found = Progress(5, 40, 3, 1.0, ["sitemap", "month"])
    size = estimate(backfill, found, by_page=True)
    assert size.text() == (
        "at least 40 articles to read (found so far by sitemap, month; REST: HTTP 401), "
        "at least 43 requests, 43.0 s at 1.00 s a request"
    )
    assert size.short().startswith("40+ to read  ")


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    nothing = estimate(Backfill(problem="REST: HTTP 401"), Progress(), by_page=True)
    assert nothing.text() == (
        "how many articles there are to read is unknown (found so far; REST: HTTP 401)"
    )
    assert nothing.short() == "to read: unknown"
    assert "duration unknown" in estimate(Backfill(total=1), Progress(), by_page=True).text()
