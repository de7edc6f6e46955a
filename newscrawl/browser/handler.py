"""Scrapy's download handler, extended with requests for pages in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler

from newscrawl.browser import session
from newscrawl.browser.render_request import META

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class BrowserDownloadHandler(HTTP11DownloadHandler):
    """Opens a page in the browser if its request has a `RenderRequest`.

    The handler of scrapy-playwright would start a driver process for each scheme in each crawl.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = session.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Return the response, or the rendered page of the request's `RenderRequest`."""
        if META in request.meta:
            return await self._browser.fetch(request)
        return await super().download_request(request)

    async def close(self) -> None:
        """Close the browser and the connections."""
        await self._browser.close()
        await super().close()
