"""Stats are those of Scrapy's own collector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from newscrawl.run.stats_collector import UncheckedStatsCollector

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector


def counted(stats: StatsCollector) -> tuple[object, ...]:
    stats.set_stats({"kept": 1})
    stats.set_value("set", "value")
    stats.inc_value("first")
    stats.inc_value("first", 4)
    stats.inc_value("from", start=10)
    for value in (2, 3, 1):
        stats.max_value("most", value)
        stats.min_value("least", value)
    return stats.get_value("first"), stats.get_value("no", 7), {**stats.get_stats()}, str(stats)


def test_stats_are_those_of_scrapy() -> None:
    crawler = get_crawler()
    assert counted(UncheckedStatsCollector(crawler)) == counted(MemoryStatsCollector(crawler))


@pytest.mark.filterwarnings("error")
def test_a_spider_may_be_passed() -> None:
    stats = UncheckedStatsCollector(get_crawler())
    stats.inc_value("first", spider=None)
    assert stats.get_value("first") == 1
