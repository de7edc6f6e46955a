"""Crawls in this process with a real engine of Scrapy and answers from a function: no network."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from scrapy import Spider
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request, Response

from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

SITE = "http://site.example"
SETTINGS: dict[str, Any] = {
    "TWISTED_REACTOR_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_HANDLERS": {
        "http": "tests.support.engine.Answering", "https": None, "ftp": None, "s3": None,
    },
    "RETRY_ENABLED": False,
    "DOWNLOAD_DELAY": 0,
    "STATS_DUMP": False,
}  # fmt: skip


async def page(request: Request) -> Response:
    """Answer any request with a page, a moment later."""
    await asyncio.sleep(0.01)
    body = b"" if request.url.endswith("/robots.txt") else b"<html><body>page</body></html>"
    return HtmlResponse(request.url, body=body, request=request)


class Answering(BaseDownloadHandler):
    """Answers requests by the function in the setting ANSWER."""

    async def download_request(self, request: Request) -> Response:
        answer: Callable[[Request], Awaitable[Response]] = self.crawler.settings["ANSWER"]
        return await answer(request)


class PagesSpider(Spider):
    """Asks for eight pages."""

    name = "pages"
    count = 8

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.count):
            yield Request(f"{SITE}/{number}", self.read, errback=self.failed)

    async def read(self, response: Response) -> AsyncIterator[Any]:
        await asyncio.sleep(0.01)
        yield {"url": response.url}

    def failed(self, failure: Any) -> None:
        self.crawler.stats.inc_value(f"failed/{failure.value}")


def run(
    settings: dict[str, Any] | None = None,
    spider: type[Spider] = PagesSpider,
    watch: Callable[[Crawler], Awaitable[None]] | None = None,
) -> Crawler:
    """Run a spider to its end, with something that watches it; return its crawler."""
    crawler = Crawler(spider, {**SETTINGS, "ANSWER": page, **(settings or {})})

    async def both() -> None:
        tasks = {asyncio.ensure_future(crawler.crawl_async())}
        if watch is not None:
            tasks.add(asyncio.ensure_future(watch(crawler)))
        done, pending = await asyncio.wait(tasks, timeout=HANG, return_when=asyncio.FIRST_EXCEPTION)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done:
            task.result()
        if pending:
            raise TimeoutError("the crawl, or what watches it, does not end")

    # Another test may have brought in a reactor, which this needs none of.
    with patch.dict(sys.modules):
        sys.modules.pop("twisted.internet.reactor", None)
        asyncio.run(both())
    return crawler
