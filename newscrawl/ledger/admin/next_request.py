"""When an address is requested again, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.ledger.admin.status import moment
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, LEASED, PENDING
from newscrawl.outcomes.outcome import OUTSIDE, ROBOTS, SECTION

if TYPE_CHECKING:
    from sqlalchemy import Row

_CHANGE = "a changed card, feed entry or lastmod"


def next_request(row: Row[Any], now: int, *, is_active: bool) -> str:
    """Return when an address is requested again.

    Args:
        row: its row in the table `urls`.
        now: seconds since 1970.
        is_active: whether the run that has leased it is active.
    """
    if row.state == PENDING:
        return "pending: requested by the next run"
    if row.state == LEASED:
        if is_active:
            return f"run {row.run} is requesting it"
        return "leased by a run that died: the next run requests it"
    result = row.result or ""
    is_rule = row.state == EXCLUDED and (result in {ROBOTS, SECTION} or result.startswith(OUTSIDE))
    if row.due is not None:
        time = "by the next run" if row.due <= now else f"by the first run after {_minute(row.due)}"
        return f"{time}" if is_rule else f"{time}, or once {_CHANGE} is seen"
    if is_rule:
        return _RULES.get(result, "when a run covers its day (since, until)")
    if row.state == DONE:
        return f"only once {_CHANGE} is seen"
    if row.state in {FAILED, EXCLUDED}:
        tries = "1 try" if row.tries == 1 else f"{row.tries:,} tries"
        return f"given up after {tries}: once {_CHANGE} is seen, or by scrapy ledger retry"
    return ""


_RULES = {
    ROBOTS: "never by itself: robots.txt forbids it",
    SECTION: "when the section's archive or feed lists it",
}


def _minute(seconds: int) -> str:
    text = moment(seconds) or ""
    return f"{text[:10]} {text[11:16]}Z"
