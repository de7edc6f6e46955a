"""How a run can end: each reason with its exit code, its meaning and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

GOOD = 0
OTHERWISE = 1
"""Exit code of a run that ended for no reason in the list."""
USAGE = 2
"""Exit code of a mistake in what was typed or set: nothing was started."""

FINISHED, NOTHING_NEW, PARTIAL = "finished", "nothing_new", "partial"
SITE_UNREACHABLE, SECTION_MISSING, BLOCKED = "site_unreachable", "section_missing", "blocked"
ROBOTS_FORBIDDEN, ROBOTS_UNAVAILABLE = "robots_forbidden", "robots_unavailable"
LOCKED, LEDGER_ERROR, DISK_FULL = "locked", "ledger_error", "disk_full"
MONITORS_FAILED = "monitors_failed"
SHUTDOWN, MEMORY, LIMIT = "shutdown", "memusage_exceeded", "closespider_*"
UNKNOWN = "unknown"

REASON, DETAIL = "finish_reason", "finish/detail"
"""Stats in which a run keeps its finish reason, Scrapy's own, and what there is to say of it."""


@dataclass(frozen=True, slots=True)
class FinishReason:
    """One way in which a run can end."""

    reason: str
    """Scrapy's finish reason; one that ends with `*` stands for all that begin so."""
    code: int
    meaning: str
    advice: str
    """What to do, as the documentation says it."""
    line: str = ""
    """What a person is told on standard error; `{detail}` is what this run has to say."""


FINISH_REASONS = (
    FinishReason(
        FINISHED,
        GOOD,
        "all that the site shows was read, and written where a line was due",
        "nothing",
    ),
    FinishReason(
        NOTHING_NEW,
        GOOD,
        "the same, and no line was due: all is known from earlier runs",
        "nothing",
    ),
    FinishReason(
        SITE_UNREACHABLE,
        10,
        "the home page's host gave no answer",
        "check `site_url` and the network",
        "the site cannot be reached ({detail}): check site_url and the network",
    ),
    FinishReason(
        ROBOTS_FORBIDDEN,
        11,
        "robots.txt forbids the home page: nothing was fetched",
        "respect it, or ask the site",
        "robots.txt of the site forbids it ({detail}): nothing was fetched",
    ),
    FinishReason(
        SECTION_MISSING,
        12,
        "a section has no archive where the menu or the usual addresses say",
        "the site has changed: look at the log",
        "{detail}: has the site changed? look at the log",
    ),
    FinishReason(
        LOCKED,
        13,
        "another run of the spider is at work on this ledger (PostgreSQL: with other arguments)",
        "wait for it",
        "{detail}",
    ),
    FinishReason(
        LEDGER_ERROR,
        14,
        "the ledger cannot be used; nothing is lost",
        "the line says what is wrong; run again when it is mended",
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
        "the run came to its end, but something that it should have read is missing: an article "
        "not fetched after all tries (404 and 410 do not count), a page that could not be read, "
        "a further page of an article, the rest of an archive",
        "the next run tries again; if it stays so, look at the log",
        "not all could be read ({detail}): the next run tries again",
    ),
    FinishReason(
        ROBOTS_UNAVAILABLE,
        17,
        "robots.txt answered with an error of the server (5xx) or too late: nothing was fetched",
        "run again later",
        "robots.txt cannot be read ({detail}): nothing was fetched, run again later",
    ),
    FinishReason(
        BLOCKED,
        18,
        "more than `BLOCKED_MAX_SHARE` of the pages were no pages of the site but a cookie wall, "
        "a CAPTCHA, a challenge, a login form, or 401, 403, 429",
        "crawl more slowly, set `NEWSCRAWL_CONTACT`, or ask the site",
        "the site blocks this crawler ({detail}): slow down, set NEWSCRAWL_CONTACT or ask the site",
    ),
    FinishReason(
        MONITORS_FAILED,
        19,
        "the run came to its end, but a monitor found something amiss (monitoring.md)",
        "the line names the monitor and what it found",
        "monitors failed: {detail}",
    ),
    FinishReason(
        SHUTDOWN,
        20,
        "stopped from outside: Ctrl-C, SIGTERM, a job cancelled in Scrapyd; nothing is lost",
        "run it again to go on",
        "stopped before its end: run it again to go on",
    ),
    FinishReason(
        MEMORY,
        21,
        "the process took more memory than `MEMUSAGE_LIMIT_MB`; nothing is lost",
        "raise the limit or run it again to go on",
        "more memory was needed than MEMUSAGE_LIMIT_MB allows: raise it or run again to go on",
    ),
    FinishReason(
        LIMIT,
        22,
        "a limit that you set was reached (`CLOSESPIDER_ITEMCOUNT` …); nothing is lost",
        "run it again to go on",
        "ended by the limit {reason}: run it again to go on",
    ),
)
"""All that this project knows of."""

_BY_REASON = {ending.reason: ending for ending in FINISH_REASONS}
_OTHER_NAMES = {"cancelled": SHUTDOWN}


def ending(reason: str) -> FinishReason:
    """Return what is known of a finish reason; a reason not in the list has code 1.

    >>> ending("closespider_timeout").code, ending("start_error").code
    (22, 1)
    """
    name = LIMIT if reason.startswith(LIMIT[:-1]) else _OTHER_NAMES.get(reason, reason)
    unknown = FinishReason(reason, OTHERWISE, "anything else", "", "the run ended early: {reason}")
    return _BY_REASON.get(name, unknown)


def code(reason: str) -> int:
    """Return the exit code of a run that ended so."""
    return ending(reason).code


def is_good(reason: str) -> bool:
    """Return whether a run that ended so did all that it should."""
    return code(reason) == GOOD


def told(reason: str, detail: str = "") -> str:
    """Return the line that tells a person why a run did not end well; empty if it did.

    >>> told("locked", "esteri is at work")
    'esteri is at work'
    """
    return ending(reason).line.format(reason=reason, detail=detail or reason)


def of(stats: Mapping[str, Any]) -> tuple[str, str]:
    """Return the finish reason of a run and its detail, as its final stats have them."""
    return str(stats.get(REASON) or UNKNOWN), str(stats.get(DETAIL) or "")


def as_table() -> str:
    """Return the list as the table of docs/running.md."""
    rows = [(str(one.code), f"`{one.reason}`", one.meaning, one.advice) for one in FINISH_REASONS]
    rows += [
        (
            str(OTHERWISE),
            "any other",
            "an error of the program; nothing is lost",
            "the line on stderr and the log say which",
        ),
        (
            str(USAGE),
            "not started",
            "a mistake in what was typed or set",
            "the line says which",
        ),
    ]
    head = ("code", "finish reason", "what it means", "what to do")
    lines = [head, ("---",) * 4, *sorted(rows, key=lambda row: int(row[0]))]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)
