"""Scrapy's own download handler, but for the requests that carry a visit."""

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
    """Opens a page in the browser where a request asks for it; nothing is started otherwise.

    scrapy-playwright's own handler starts a driver process for each scheme with every crawl.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = session.of(crawler)

    async def download_request(self, request: Request) -> Response:
        """Return the response, or the page of the visit that the request carries."""
        if META in request.meta:
            return await self._browser.fetch(request)
        return await super().download_request(request)

    async def close(self) -> None:
        """Close the connections, and the browser."""
        await self._browser.close()
        await super().close()
