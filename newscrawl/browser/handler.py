"""Scrapy's download handler, extended with requests for pages in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadFailedError

from newscrawl.browser import session
from newscrawl.browser.render_request import META
from newscrawl.middlewares.page_text import PageBoundError
from newscrawl.scrapy_internals import bound_headers

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


MAX_HEADERS = 256 * 1024
"""Bytes of a response's headers, as in Chromium; a body may begin in the last of them."""
_TOO_LARGE = "headers too large"


class BrowserDownloadHandler(HTTP11DownloadHandler):
    """Opens a page in the browser if its request has a `RenderRequest`.

    The handler of scrapy-playwright would start a driver process for each scheme in each crawl.
    """

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._browser = session.of(crawler)
        bound_headers(self, MAX_HEADERS, _refuse)

    async def download_request(self, request: Request) -> Response:
        """Return the response, or the rendered page of the request's `RenderRequest`.

        Raises:
            PageBoundError: the headers of the response are too large.
        """
        if META in request.meta:
            return await self._browser.fetch(request)
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            # Another try would not be shorter.
            if _TOO_LARGE in str(error):
                raise PageBoundError(_TOO_LARGE) from None
            raise

    async def close(self) -> None:
        """Close the browser and the connections."""
        await self._browser.close()
        await super().close()


def _refuse(_: bytes) -> NoReturn:
    raise ValueError(_TOO_LARGE)
