"""What can be wrong with a ledger, each in one line for a person."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.ledger.records import Recovered


class LedgerError(Exception):
    """The ledger cannot be used; the text is one line that says what to do."""

    reason = "ledger_error"
    """Finish reason of a run that ends for it."""


class LedgerHeldError(LedgerError):
    """Another run of the same spider holds the ledger."""

    reason = "locked"


class NoLedgerError(LedgerError):
    """No ledger is there yet."""


class LeaseLostError(LedgerError):
    """Another worker took over what this run had leased; nothing was committed."""


def ending(error: Exception) -> tuple[str, str]:
    """Return a run's finish reason and one line, when an error of the ledger ends it."""
    text = " ".join(str(error).split())
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if is_full or "no space is left" in text:
        return "disk_full", "no space is left on the disk: free some and run again, nothing is lost"
    if isinstance(error, LeaseLostError):
        return "ledger_error", f"{text}: this run ends, nothing is lost"
    if isinstance(error, LedgerError):
        return error.reason, text
    if isinstance(error, OSError):
        return "ledger_error", f"cannot write {error.filename or 'there'}: {error.strerror or text}"
    return "ledger_error", f"{type(error).__name__}: {text[:160]}"


logger = logging.getLogger(__name__)
REASON, DETAIL = "finish/ledger", "finish/ledger_detail"
"""Stats of a run that its ledger has ended, whatever else there is to say of its end."""


def recovered(stats: StatsCollector, found: Recovered) -> None:
    """Say what runs that died have left, and what is not as the ledger left it."""
    if found.amiss:
        stats.set_value("ledger/amiss", [*stats.get_value("ledger/amiss", []), *found.amiss])
    for text in found.amiss:
        logger.warning("%s", text)
        stats.inc_value("ledger/dumps_amiss")
    if found.runs:
        logger.info(
            "Another run did not end: %d URLs given back, %d bytes of unfinished lines cut, "
            "%d dumps completed",
            found.given_back,
            found.cut,
            len(found.finished),
        )
        stats.inc_value("ledger/recovered_runs", found.runs)


def refused(stats: StatsCollector, error: LedgerError | OSError) -> str:
    """Say why a run cannot begin; return its finish reason."""
    reason, detail = ending(error)
    stats.set_value(REASON, reason)
    stats.set_value(DETAIL, detail)
    logger.error("%s", detail)
    return reason


def gave_up(stats: StatsCollector, error: Exception) -> str:
    """Say why a run cannot go on, once; return its finish reason."""
    reason, detail = ending(error)
    if stats.get_value(REASON) is None:
        stats.set_value(REASON, reason)
        stats.set_value(DETAIL, detail)
        if not isinstance(error, LedgerError):
            logger.debug("Traceback", exc_info=error)
        logger.error("The ledger gave up: %s", detail)
    return reason


def not_kept(stats: StatsCollector) -> None:
    """Say that an article's line went elsewhere; the next run writes it to its dump."""
    if not stats.get_value("ledger/not_in_a_dump"):
        logger.warning(
            "FEEDS leaves the run's dump out: what this run reads counts as not written, and "
            "the next run reads it again"
        )
    stats.inc_value("ledger/not_in_a_dump")
