"""What a run says of its ledger: a line in the log and a counter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.ledger.runs import Recovered

logger = logging.getLogger(__name__)


def recovered(stats: StatsCollector, found: Recovered) -> None:
    """Say what runs that died have left, and what is not as the ledger left it."""
    stats.set_value("ledger/amiss", found.amiss)
    for text in found.amiss:
        logger.warning("%s", text)
        stats.inc_value("ledger/dumps_amiss")
    if found.runs:
        logger.info(
            "An earlier run did not end: %d URLs given back, %d bytes of unfinished lines "
            "cut, %d dumps completed",
            found.given_back,
            found.cut,
            len(found.finished),
        )
        stats.inc_value("ledger/recovered_runs", found.runs)


def not_kept(stats: StatsCollector) -> None:
    """Say that an article's line went elsewhere; the next run writes it to its dump."""
    if not stats.get_value("ledger/not_in_a_dump"):
        logger.warning(
            "FEEDS leaves the run's dump out: what this run reads counts as not written, and "
            "the next run reads it again"
        )
    stats.inc_value("ledger/not_in_a_dump")
