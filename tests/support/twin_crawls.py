"""Crawls of a running twin by one spider, and what their dumps must hold."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.support.crawling import Crawl, crawl
from twin import truth
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from twin.model import Card
    from twin.process import TwinProcess

_UNUSUAL = {"protected", "duplicate", "pages-2", "pages-3", "builder", "br-body", "one-line"}


def crawl_twin(
    twin: TwinProcess, output: Path, spider: str, *, retry_times: int = 0, **arguments: object
) -> Crawl:
    """Crawl the twin with its log of requests cleared; no article is due because of its age."""
    twin.reset()
    settings = {"RECHECK_AGES": "", "RETRY_TIMES": str(retry_times)}
    return crawl(spider, output, settings=settings, arguments={"site_url": twin.url, **arguments})


def counted_ids(done: Crawl) -> Counter[str]:
    """Return in how many lines of the dumps each article is."""
    return Counter(item["id"] for item in done.articles)


def expected_ids(twin: TwinProcess, spider: str) -> Counter[str]:
    """Return the same of dumps that hold each article of a spider once."""
    section = None if spider == "alanews" else spider
    return Counter(dict.fromkeys(truth.expected(twin.content(), Switches(), section), 1))


def ordinary_cards(twin: TwinProcess, section: str) -> list[Card]:
    """Return the posts of a section whose pages are ordinary articles, the newest first."""
    content = twin.content()
    cards = [content.card(index) for index in content.category(section)]
    return [card for card in cards if not card.edge_cases & _UNUSUAL]
