"""Errors of a ledger, each reported in one line."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.ledger.records import Recovered


class LedgerError(Exception):
    """The ledger cannot be used; the message is one line and says what to do."""

    reason = "ledger_error"
    """Finish reason of a run that it ends."""


class LedgerHeldError(LedgerError):
    """Another run of the same spider holds the ledger."""

    reason = "locked"


class NoLedgerError(LedgerError):
    """The ledger does not exist yet."""


class LeaseLostError(LedgerError):
    """Another worker took over this run's leases; nothing was committed."""


class HostPausedError(IgnoreRequest):
    """A request that this run does not send: its address stays due."""


def finish_reason_of(error: Exception) -> tuple[str, str]:
    """Return the finish reason of a run that an error of the ledger ends, and a message."""
    message = " ".join(str(error).split())
    is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if is_full or "no space is left" in message:
        return "disk_full", "no space is left on the disk: free some and run again, nothing is lost"
    if isinstance(error, LeaseLostError):
        return "ledger_error", f"{message}: this run ends, nothing is lost"
    if isinstance(error, LedgerError):
        return error.reason, message
    if isinstance(error, OSError):
        return (
            "ledger_error",
            f"cannot write {error.filename or 'a file'}: {error.strerror or message}",
        )
    return "ledger_error", f"{type(error).__name__}: {message[:160]}"


logger = logging.getLogger(__name__)


def report_recovered(stats: StatsCollector, recovered: Recovered) -> None:
    """Log and count what was recovered from dead runs, and which dumps are damaged."""
    if recovered.problems:
        earlier = stats.get_value(counters.LEDGER_DAMAGED, [])
        stats.set_value(counters.LEDGER_DAMAGED, [*earlier, *recovered.problems])
    for problem in recovered.problems:
        logger.warning("%s", problem)
        stats.inc_value(counters.LEDGER_DUMPS_DAMAGED)
    if recovered.runs:
        logger.info(
            "Another run did not end: %d URLs returned to the queue, %d bytes of unfinished lines "
            "cut, %d dumps completed",
            recovered.given_back,
            recovered.cut,
            len(recovered.finished),
        )
        stats.inc_value(counters.LEDGER_RECOVERED_RUNS, recovered.runs)


def report_refusal(stats: StatsCollector, error: LedgerError | OSError) -> str:
    """Log and record why a run cannot begin; return its finish reason."""
    reason, detail = finish_reason_of(error)
    stats.set_value(counters.LEDGER_REASON, reason)
    stats.set_value(counters.LEDGER_DETAIL, detail)
    logger.error("%s", detail)
    return reason


def report_failure(stats: StatsCollector, error: Exception) -> str:
    """Log and record, once, why a run cannot continue; return its finish reason."""
    reason, detail = finish_reason_of(error)
    if stats.get_value(counters.LEDGER_REASON) is None:
        stats.set_value(counters.LEDGER_REASON, reason)
        stats.set_value(counters.LEDGER_DETAIL, detail)
        if not isinstance(error, LedgerError):
            logger.debug("Traceback", exc_info=error)
        logger.error("The ledger failed: %s", detail)
    return reason


def report_not_in_a_dump(stats: StatsCollector) -> None:
    """Count an article that no dump received, and warn once; the next run writes it."""
    if not stats.get_value(counters.LEDGER_NOT_IN_A_DUMP):
        logger.warning(
            "FEEDS does not contain the run's dump: what this run reads counts as not written, and "
            "the next run reads it again"
        )
    stats.inc_value(counters.LEDGER_NOT_IN_A_DUMP)


class OtherSiteError(LedgerError):
    """The ledger belongs to another site."""
