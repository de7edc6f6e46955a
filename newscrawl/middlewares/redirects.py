"""Redirects without a Referer header, and of articles without conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

from newscrawl.scrapy_internals import Overriding

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RedirectMiddlewareWithoutReferer(Overriding, RedirectMiddleware):
    """Follows redirects as Scrapy does, without a Referer header and without conditions.

    Scrapy's own requires its referer middleware and logs a warning without it.
    """

    overridden = ("handle_referer",)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the middleware of a crawler."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """Remove the Referer header of a redirected request, and the conditions of an article's.

        They are those of the page that was at its address: of another page, 304 says nothing.
        """
        request.headers.pop("Referer", None)
        if "article" in request.meta:
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
