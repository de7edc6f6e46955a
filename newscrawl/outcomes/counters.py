"""The counters of a run: keys of Scrapy's stats, each named once.

A name that ends in `/` is a prefix: a reason, a kind or a name follows. docs/running.md
says which of them are in the run report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# --- Pages ------------------------------------------------------------------------------------
ANSWERED = "pages/answered"
"""Home pages, archives and articles with a response, of any status."""
MISSED = "pages/missed"
"""Articles that should exist and were not read."""
DOUBTFUL = "pages/doubtful"
"""Articles in whose place another page came, which may be right the next time."""
ARTICLES_ANSWERED = "pages/articles"
"""Addresses of articles with an outcome other than one by a rule of the run."""
FAILED = "pages/failed"
FAILED_BY = "pages/failed/"
FAILED_URLS = "pages/failed/urls"
NOT_ARTICLE = "not_article/"
NOT_FETCHED = "not_fetched/"
NOT_ASKED = "not_asked/"
BLOCKED = "blocked/"
RATE_LIMITED = "pages/rate_limited"
"""Pages whose last response asked to come back later: 429 or 503 with Retry-After."""
OUTSIDE_DATES, OUTSIDE_SECTION = "outside/dates", "outside/section"
OUTSIDE = "outside/"
TRUNCATED_RESPONSES, TRUNCATED_KEPT = "truncated/responses", "truncated/kept"
NOT_MODIFIED_REFUSED = "not_modified/without_condition"
"""Responses 304 to requests that set no condition; each is requested again without caches."""
PARTS_FAILED, PARTS_APPENDED = "parts/failed", "parts/appended"

ADDRESSES_BLOCKED = "connections/address_blocked"
"""Requests that were refused because their address is not public."""
CERTIFICATES_REFUSED = "connections/certificate/"
"""Requests to hosts with a certificate that does not prove their name, by kind."""

ARCHIVE_LEFT_OUT = "archive/left_out/"
"""Responses that are not kept in the archive, by the outcome of their page."""
ARCHIVE_RECORDS = "archive/records"
"""Records that were written to the archive."""

# --- Sources ----------------------------------------------------------------------------------
OPTOUTS_NONE = "optouts/none"
HOME_NOT_READ = "home/not_read"
SECTION_NOT_IN_MENU = "menu/section_missing"
SECTION_NOT_IN_MENU_BY = "menu/section_missing/"
"""The sections that the menu does not name, by label."""
ARCHIVE_NOT_FOUND = "archive/not_found"
ARCHIVE_NOT_READ = "archive/not_read"
ARCHIVE_FORBIDDEN = "archive/forbidden"
ARCHIVE_BROKEN_OFF = "archive/broken_off"
ARCHIVE_MORE_REFUSED = "archive/more_refused"
ARCHIVE_ENDED = "archive/ended/"
SOURCES_UNREADABLE = "sources/unreadable"
"""Feeds, sitemaps and REST lists that exist and were not read."""
SOURCES_NONE = "sources/none"
"""Feeds, sitemaps and REST lists that the site does not have or keeps closed."""
SOURCES_TRUNCATED = "sources/truncated"
SOURCES_DOUBTFUL = "sources/doubtful"
"""Sitemaps without the change that their index states, which the next run requests again."""
SOURCES_FRESH = "sources/fresh"
"""Feeds and sitemaps that the site wants no second request for yet (Cache-Control: max-age)."""
SOURCES_EXCLUDED = "sources/excluded"
"""Sitemaps that robots.txt or an index names and that a rule leaves out."""
SOURCES_UNNAMED = "sources/unnamed"
"""Answers of sources that the run report has no room to name."""
RELATED_NOT_FOLLOWED = "related/not_followed"
"""Related Posts that no list has, above `RELATED_MAX_ADDRESSES`."""
REST_UNREADABLE = "rest/unreadable_records"
REST_UNLISTED = "rest/unlisted"
"""Posts that REST counts and does not list."""
REST_CLOSED = "rest/closed/"
"""REST lists of terms, authors or pictures that the site keeps closed."""
ENTRIES, NOT_MODIFIED = "{channel}/entries", "{channel}/not_modified"
SITE_NEWEST = "site/newest"
"""The latest publication that the site itself lists, seconds since 1970."""

# --- Articles ---------------------------------------------------------------------------------
WRITTEN = "articles/written"
REVISED, GONE = "articles/revised", "articles/gone"
GONE_TO_BE_CONFIRMED = "gone/to_be_confirmed"
ARTICLES_BY_SECTION, FRESH_BY_SECTION = "articles/section/", "articles/fresh/"
ARTICLES_BY_READER = "articles/reader/"
"""Articles by the page class that read them."""
COVERAGE_BY_READER = "articles/reader_coverage/"
"""Page class and field, `<class>/<field>`."""
COVERAGE, COVERAGE_DAY_ONLY = "coverage/", "coverage/date_published/day"
KNOWN = "known/"
DUPLICATES = "duplicates/"
SAME_TEXT, SIMILAR_TEXT = "duplicates/same_text", "duplicates/similar_text"
REJECTED = "rejected/"
REJECTED_ARTICLES = "item_dropped_reasons_count/RejectedItem"
"""Scrapy's own."""
ITEMS_FAILED = "items/failed"

# --- The audit --------------------------------------------------------------------------------
AUDIT_ARTICLES = "audit/articles"
"""Articles that were compared with the second witness."""
AUDIT_COMPARED, AUDIT_AGREED = "audit/compared/", "audit/agreed/"
AUDIT_LEFT_OUT = "audit/left_out/"
AUDIT_DISAGREEMENTS, AUDIT_NOT_NAMED = "audit/disagreements", "audit/not_named"
AUDIT_WITNESS, AUDIT_REASON = "audit/witness", "audit/reason"
"""Which witness was asked, `rest` or `feed`; why articles were not compared, as text."""
AUDIT_FAILED = "audit/failed"

# --- The browser ------------------------------------------------------------------------------
BROWSER = "browser/"
BROWSER_PAGES, BROWSER_SKIPPED = "browser/pages", "browser/skipped"
BROWSER_SKIPPED_BY, BROWSER_FAILED = "browser/skipped/", "browser/failed/"
BROWSER_STARTS, BROWSER_BLOCKED = "browser/starts", "browser/blocked/"

# --- Politeness -------------------------------------------------------------------------------
WAIT = "wait/"
"""Seconds that were waited, by cause: `crawl_delay`, `retry_after`, `backoff`."""
CRAWL_DELAY = "crawl_delay"
"""The cause of waits for a Crawl-delay."""
ALL_FORBIDDEN = "robotstxt/all_forbidden"
"""Articles that the series has found, where robots.txt forbids all of them."""
ROBOTS_LINES = "robotstxt/lines"
"""Lines about pace and times that robots.txt has for us and that are not obeyed."""
ROBOTS_COPY_USED = "robotstxt/copy_used"
"""Hosts whose robots.txt could not be read, and a copy of the last 24 hours was used."""
DAILY_REQUESTS, DAILY_BYTES = "daily/requests", "daily/bytes"
"""What all workers of a site have used of the day's budget at the end of the run."""

# --- Rights -----------------------------------------------------------------------------------
RIGHTS_SIGNALS = "rights/signals/"
"""Signals of the articles that were written: `<source>/<use>`."""
RIGHTS_ARTICLES = "rights/articles"
"""Articles that were written and have a signal."""
RIGHTS_NOT_MODIFIED = "rights/not_modified/"
"""Signals in the headers of 304, of which no line has them: `<source>/<use>`."""
RIGHTS_IN_FULL = "rights/requested_in_full"
"""Articles requested without a condition as the headers of their 304 may reserve them."""
RIGHTS_IGNORED = "rights/ignored/"
"""Statements that are unknown, malformed or addressed to others, by source."""
RIGHTS_NOT_FOLLOWED = "rights/not_followed"
"""Articles whose links were not followed, as they ask."""
LICENCES_NOT_READ = "rights/licences_not_read"
"""RSL documents that were not read."""
WITHHELD = "withheld/"
"""Articles that were read and not kept, by the use that their publisher reserves."""
NOT_FETCHED_RIGHTS = "not_fetched/rights"
"""Articles that were not requested, as the site's own files reserve them."""

# --- robots.txt -------------------------------------------------------------------------------
ROBOTS_UNAVAILABLE = "robotstxt/unavailable"
ROBOTS_STATUS = "robotstxt/response_status_count/"
ROBOTS_FORBIDDEN, ROBOTS_REQUESTS = "robotstxt/forbidden", "robotstxt/request_count"

# --- The ledger -------------------------------------------------------------------------------
LEDGER_FAILED, LEDGER_REVIVED = "ledger/failed", "ledger/revived"
LEDGER_NOT_KEPT, LEDGER_NOT_IN_A_DUMP = "ledger/not_kept", "ledger/not_in_a_dump"
LEDGER_DUMPS, LEDGER_LINES = "ledger/dumps", "ledger/lines"
LEDGER_DAMAGED, LEDGER_DUMPS_DAMAGED = "ledger/damaged", "ledger/dumps_damaged"
COMPLETENESS = "ledger/completeness"
"""How much of what the series has seen is written: `SeriesFigures.as_json`."""
LEDGER_RECOVERED_RUNS = "ledger/recovered_runs"
LEDGER_REASON, LEDGER_DETAIL = "finish/ledger", "finish/ledger_detail"
"""Finish reason and detail of a run that its ledger ended; they take precedence over others."""

# --- The end of a run -------------------------------------------------------------------------
FINISH_REASON, FINISH_DETAIL = "finish_reason", "finish/detail"
"""Finish reason of a run, which is Scrapy's own key, and its details."""
FIRST_FAILURES = "finish/first_failures"
"""Why sources were not read: text to number, the first few."""
DRIFT = "drift"
"""What the site no longer gives, as texts of one line."""
MONITORS, MONITORS_CRASHED = "monitors/", "monitors/crashed"
ALERTS_SENT, ALERTS_FAILED = "alerts/sent/", "alerts/failed/"
RUN_REPORT_FAILED = "run_report/failed"

# --- Scrapy's own -----------------------------------------------------------------------------
REQUESTS = "downloader/request_count"
STATUSES = "downloader/response_status_count/"
EXCEPTIONS = "downloader/exception_type_count/"
NOT_SENT = f"{EXCEPTIONS}newscrawl.ledger.errors.HostPausedError"
"""Requests that were counted and then not sent, as the host is left alone."""
RETRIES, RETRIES_EXHAUSTED = "retry/count", "retry/max_reached"
SPIDER_EXCEPTIONS, SPIDER_EXCEPTIONS_BY = "spider_exceptions/count", "spider_exceptions/"
LOG_ERRORS, LOG_CRITICALS = "log_count/ERROR", "log_count/CRITICAL"
FEEDS_FAILED = "feeds/failed/"
"""Feeds other than the dump that stopped taking articles."""
FEEDS_NOT_STORED = "feedexport/failed_count/"
ELAPSED = "elapsed_time_seconds"


def requests_sent(stats: Mapping[str, Any]) -> int:
    """Return how many requests were sent; Scrapy counts those that wait for their host too."""
    return int(stats.get(REQUESTS, 0)) - int(stats.get(NOT_SENT, 0))


def total(stats: Mapping[str, Any], prefix: str) -> int:
    """Return the sum of the counters whose key begins with a prefix."""
    return sum(
        count for key, count in stats.items() if key.startswith(prefix) and isinstance(count, int)
    )


def group(stats: Mapping[str, Any], prefix: str) -> dict[str, int]:
    """Return the counters whose key begins with a prefix, by the rest of the key, sorted by it."""
    return {
        key.removeprefix(prefix): int(value)
        for key, value in sorted(stats.items())
        if key.startswith(prefix)
    }


def key_of_reason(reason: str) -> str:
    """Return a reason as the last part of a counter's key.

    >>> key_of_reason("HTTP 503"), key_of_reason("TimeoutError: after 30 s")
    ('HTTP_503', 'TimeoutError')
    """
    return reason.split(":", maxsplit=1)[0].strip().replace(" ", "_")[:60] or "unknown"
