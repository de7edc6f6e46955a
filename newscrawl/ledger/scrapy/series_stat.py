"""Puts into the run's stats how much of what its series has seen is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import series_totals
from newscrawl.outcomes import counters
from newscrawl.outcomes.series_figures import figures_of

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

    from newscrawl.context import RunContext
    from newscrawl.ledger.client import Ledger


async def record(ledger: Ledger, context: RunContext, stats: StatsCollector) -> None:
    """Record the figures of the series; nothing if the ledger has failed, which ends the run."""
    scope = context.scope
    total = None if scope.since or scope.until else context.backfill.total
    try:
        counts = await ledger.read(series_totals.read)
    except LedgerError:
        return
    stats.set_value(counters.COMPLETENESS, figures_of(counts, total).as_json())
    if forbidden := counts.all_forbidden:
        stats.set_value(counters.ALL_FORBIDDEN, forbidden)
