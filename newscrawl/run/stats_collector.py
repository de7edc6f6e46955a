"""Scrapy's stats without a check of deprecated arguments at each call.

A page takes sixty calls, and the check takes twenty times as long as the call.
"""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class UncheckedStatsCollector(MemoryStatsCollector):
    """Keeps the stats of a run in memory, as Scrapy's own does by default."""

    # Scrapy's wraps the methods, so as to warn where a spider is passed to them.
    __getattribute__ = object.__getattribute__
