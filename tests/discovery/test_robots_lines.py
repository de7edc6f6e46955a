"""Pace, sitemaps and statements on rights in robots.txt."""

from __future__ import annotations

import pytest

from newscrawl.discovery.robots_lines import read


def test_the_own_group_counts_before_that_of_all() -> None:
    text = (
        "License: https://a.example/l.xml\n"
        "User-agent: *\nCrawl-delay: 9\nContent-Signal: ai-train=no\n\n"
        "User-agent: other\nUser-agent: NewsCrawl\nContent-Usage: train-ai=n # all\n\n"
        "Sitemap: https://a.example/s.xml\n"
    )
    own, others = read(text, "newscrawl"), read(text, "third")
    assert own.rights == ["License: https://a.example/l.xml", "Content-Usage: train-ai=n"]
    assert own.crawl_delay is None
    assert own.sitemaps == ["https://a.example/s.xml"]
    assert others.rights == ["License: https://a.example/l.xml", "Content-Signal: ai-train=no"]
    assert others.crawl_delay == 9


@pytest.mark.parametrize("value", ["", "soon", "-1", "nan", "inf", "0"])
def test_a_delay_that_is_not_a_number_of_seconds_is_not_one(value: str) -> None:
    assert read(f"User-agent: *\nCrawl-delay: {value}", "newscrawl").crawl_delay is None
