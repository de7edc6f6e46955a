"""Spiders without a network: what they make of one page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.spiderloader import SpiderLoader
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.project import get_project_settings
from scrapy.utils.test import get_crawler

from newscrawl.discovery.related import MAX_DEPTH
from newscrawl.items.draft import Draft
from newscrawl.sites import ALANEWS
from newscrawl.spiders.alanews import EsteriSpider
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ORIGIN = "http://127.0.0.1:8000"


@pytest.fixture
def spider(tmp_path: Path) -> EsteriSpider:
    settings = {
        **get_project_settings(),
        "OUTPUT_DIR": str(tmp_path),
        "TWISTED_REACTOR_ENABLED": False,
    }
    crawler = get_crawler(EsteriSpider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    return EsteriSpider.from_crawler(crawler, site_url=ORIGIN)


@pytest.fixture(scope="module")
def response() -> HtmlResponse:
    content, switches = Content(size=60), Switches()
    post = next(one for one in content.posts if one.categories[0] == "esteri" and one.film is None)
    path = addresses.path(post, switches)
    body = answer(Site(content, switches, ORIGIN, Index(content)), Asked(path)).encoded()
    url = ORIGIN + path
    return HtmlResponse(url, body=body, encoding="utf-8", request=Request(url))


def read(entries: AsyncIterator[Any]) -> list[Any]:
    async def collect() -> list[Any]:
        return [entry async for entry in entries]

    return asyncio.run(collect())


def test_an_article_leads_to_its_related_posts(
    spider: EsteriSpider, response: HtmlResponse
) -> None:
    draft, *requests = read(spider.parse_article(response))
    assert isinstance(draft, Draft)
    assert requests
    assert {request.cb_kwargs["depth"] for request in requests} == {1}


@pytest.mark.parametrize(("depth", "follows"), [(MAX_DEPTH - 1, True), (MAX_DEPTH, False)])
def test_the_way_along_related_posts_has_an_end(
    depth: int, *, follows: bool, spider: EsteriSpider, response: HtmlResponse
) -> None:
    found = read(spider.parse_article(response, depth))
    assert any(isinstance(entry, Request) for entry in found) == follows


def test_each_section_has_its_spider_and_the_names_that_schedules_use_stay() -> None:
    names = set(SpiderLoader.from_settings(get_project_settings()).list())
    assert names == {*(section.slug for section in ALANEWS.sections), "alanews", "wordpress"}
    assert names >= {
        "cronaca", "politica", "economia", "esteri", "sport", "calcio", "spettacoli", "salute",
        "tecnologia", "cultura", "ambiente", "video", "alanews",
    }  # fmt: skip
