"""How a run can end: each finish reason with its exit code, its meaning and what to do.

See decision 47 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newscrawl.outcomes.counters import FINISH_DETAIL, FINISH_REASON

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD = 0
OTHERWISE = 1
"""Exit code of a run whose finish reason is not in the list."""
USAGE = 2
"""Exit code of a wrong argument, option or setting: nothing was started."""

FINISHED, NOTHING_NEW, PARTIAL = "finished", "nothing_new", "partial"
SITE_UNREACHABLE, SECTION_MISSING, BLOCKED = "site_unreachable", "section_missing", "blocked"
ROBOTS_FORBIDDEN, ROBOTS_UNAVAILABLE = "robots_forbidden", "robots_unavailable"
LOCKED, LEDGER_ERROR, DISK_FULL = "locked", "ledger_error", "disk_full"
MONITORS_FAILED, DRIFT = "monitors_failed", "drift"
SITE_MOVED, RATE_LIMITED = "site_moved", "rate_limited"
UNSUPPORTED_SITE = "unsupported_site"
CRAWL_DELAY, SITE_SLOW = "crawl_delay", "site_slow"
WINDOW_CLOSED, DAILY_LIMIT = "closespider_window", "closespider_daily_limit"
SHUTDOWN, MEMORY, LIMIT = "shutdown", "memusage_exceeded", "closespider_*"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FinishReason:
    """One way in which a run can end."""

    reason: str
    """Scrapy's finish reason; `*` at the end matches any suffix."""
    code: int
    meaning: str
    advice: str
    """What to do, in the words of the documentation."""
    line: str = ""
    """Template of the message on standard error; `{detail}` is that of the run."""


FINISH_REASONS = (
    FinishReason(
        FINISHED,
        GOOD,
        "everything that the site shows was read, and written where it was new or changed",
        "nothing",
    ),
    FinishReason(
        NOTHING_NEW,
        GOOD,
        "everything that was due was read and nothing was written: the rest is known, or due later",
        "nothing",
    ),
    FinishReason(
        SITE_UNREACHABLE,
        10,
        "the host of the home page did not answer",
        "check `site_url` and the network",
        "the site cannot be reached ({detail}): check site_url and the network",
    ),
    FinishReason(
        ROBOTS_FORBIDDEN,
        11,
        "robots.txt forbids the home page, the archive of the only section of the run, or all "
        "articles that the series has found",
        "respect it, or ask the site",
        "the site's robots.txt forbids it ({detail})",
    ),
    FinishReason(
        SECTION_MISSING,
        12,
        "a section has no archive at the address in the menu or at the usual ones",
        "the site has changed: see the log",
        "{detail}: has the site changed? See the log",
    ),
    FinishReason(
        LOCKED,
        13,
        "another run of the spider is using this ledger (PostgreSQL: with other arguments)",
        "wait until it has ended",
        "{detail}",
    ),
    FinishReason(
        LEDGER_ERROR,
        14,
        "the ledger cannot be used, or does not know lines of the dumps; nothing is lost",
        "the message says what is wrong; correct it and run again",
        "{detail}",
    ),
    FinishReason(
        DISK_FULL,
        15,
        "no space is left; nothing is lost",
        "free some space and run again",
        "{detail}",
    ),
    FinishReason(
        PARTIAL,
        16,
        "the run was completed, but something that it should have read is missing: an article "
        "not fetched after all retries (404 and 410 do not count), a page that could not be read, "
        "a further page of an article, the home page, the rest of an archive, a sitemap, a feed; "
        "or three new addresses or more, and more than `DOUBTFUL_MAX_SHARE` of them, answered with "
        "something else than an article",
        "the next runs try again; if it happens again, see the log",
        "some pages could not be read ({detail}): the next runs try again",
    ),
    FinishReason(
        ROBOTS_UNAVAILABLE,
        17,
        "robots.txt returned a server error (5xx), redirects too often, or timed out: nothing was "
        "fetched",
        "run again later",
        "robots.txt cannot be read ({detail}): nothing was fetched, run again later",
    ),
    FinishReason(
        BLOCKED,
        18,
        "more than `BLOCKED_MAX_SHARE` of the pages were not the site's own but a cookie wall, "
        "a CAPTCHA, a challenge, a login form, or 401, 403, 429",
        "crawl more slowly, set `NEWSCRAWL_CONTACT`, or ask the site",
        "the site blocks this crawler ({detail}): set NEWSCRAWL_CONTACT, slow down, "
        "or ask the site for access",
    ),
    FinishReason(
        MONITORS_FAILED,
        19,
        "the run was completed, but a monitor failed (monitoring.md)",
        "the message names the monitor and the problem",
        "monitors failed: {detail}",
    ),
    FinishReason(
        SHUTDOWN,
        20,
        "stopped by Ctrl-C, SIGTERM or a cancelled job of Scrapyd; nothing is lost",
        "run it again to continue",
        "stopped before its end: run it again to continue",
    ),
    FinishReason(
        MEMORY,
        21,
        "the process used more memory than `MEMUSAGE_LIMIT_MB`; nothing is lost",
        "raise the limit or run it again to continue",
        "more memory was needed than MEMUSAGE_LIMIT_MB allows: raise it or run again to continue",
    ),
    FinishReason(
        LIMIT,
        22,
        "a limit that you set was reached (`CLOSESPIDER_ITEMCOUNT` …, the end of `CRAWL_WINDOW`, "
        "`DAILY_MAX_REQUESTS`, `DAILY_MAX_BYTES`); nothing is lost",
        "run it again to continue",
        "ended by the limit {reason}: run it again to continue",
    ),
    FinishReason(
        SITE_MOVED,
        23,
        "the home page leads to another host: nothing was read",
        "check the address in a browser; `site_url` names the new one",
        "the site has moved ({detail}): check it in a browser and name the new address by site_url",
    ),
    FinishReason(
        RATE_LIMITED,
        24,
        "the site asked to come back later (429, 503): for longer than a run waits (`WAIT_MAX`), "
        "`REFUSALS_MAX` times in a row, or too often; nothing is lost",
        "run less often or more slowly; the next run waits for the rest and continues",
        "the site asked to come back later ({detail}): run again later",
    ),
    FinishReason(
        DRIFT,
        25,
        "the run was completed, but a page class, a field, a channel or a section no longer gives "
        "what it gave (monitoring.md); only with `FAIL_ON_DRIFT`",
        "the message names it: look at the site, and at what was written since",
        "the site no longer gives what it gave: {detail}",
    ),
    FinishReason(
        UNSUPPORTED_SITE,
        26,
        "the address given to the spider `wordpress` is not the home page of a WordPress site: "
        "nothing was read",
        "open the address in a browser; `scrapy probe URL` shows what newscrawl sees there",
        "{detail}: name the home page of a WordPress site; scrapy probe URL shows what is there",
    ),
    FinishReason(
        CRAWL_DELAY,
        27,
        "robots.txt asks for a longer Crawl-delay than `CRAWL_DELAY_MAX`: nothing was fetched",
        "accept it with `-s CRAWL_DELAY_MAX=…`, or ask the site",
        "{detail}",
    ),
    FinishReason(
        SITE_SLOW,
        28,
        "the site's answers took ten times as long as usual, and more than 5 s; nothing is lost",
        "run again later",
        "the site is overloaded ({detail}): run again later",
    ),
)
"""All finish reasons that the project documents."""

_BY_REASON = {entry.reason: entry for entry in FINISH_REASONS}
_OTHER_NAMES = {"cancelled": SHUTDOWN}


def lookup(reason: str) -> FinishReason:
    """Return the entry of a finish reason; a reason not in the list has code 1.

    >>> lookup("closespider_timeout").code, lookup("start_error").code
    (22, 1)
    """
    name = LIMIT if reason.startswith(LIMIT[:-1]) else _OTHER_NAMES.get(reason, reason)
    unknown = FinishReason(reason, OTHERWISE, "anything else", "", "the run ended early: {reason}")
    return _BY_REASON.get(name, unknown)


def code(reason: str) -> int:
    """Return the exit code of a run with this finish reason."""
    return lookup(reason).code


def is_good(reason: str) -> bool:
    """Return whether a run with this finish reason was successful."""
    return code(reason) == GOOD


def error_line(reason: str, detail: str = "") -> str:
    """Return the message on standard error about a failed run; empty for a successful one.

    >>> error_line("locked", "esteri is running")
    'esteri is running'
    """
    return lookup(reason).line.format(reason=reason, detail=detail or reason)


def of(stats: Mapping[str, Any]) -> tuple[str, str]:
    """Return the finish reason and the detail in the final stats of a run."""
    return str(stats.get(FINISH_REASON) or UNKNOWN), str(stats.get(FINISH_DETAIL) or "")


def as_table() -> str:
    """Return the table in docs/running.md."""
    rows = [
        (str(entry.code), f"`{entry.reason}`", entry.meaning, entry.advice)
        for entry in FINISH_REASONS
    ]
    rows += [
        (
            str(OTHERWISE),
            "any other",
            "an error in the program; nothing is lost",
            "see the message on stderr and the log",
        ),
        (
            str(USAGE),
            "not started",
            "a wrong argument, option or setting",
            "the message says which",
        ),
    ]
    head = ("code", "finish reason", "what it means", "what to do")
    lines = [head, ("---",) * 4, *sorted(rows, key=lambda row: int(row[0]))]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)
