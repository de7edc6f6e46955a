"""Redirects without a Referer header, and of articles without conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

from newscrawl.scrapy_internals import Overriding

MAX_ROBOTS_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response


def is_robots(request: Request) -> bool:
    """Return whether a request is for a robots.txt; only those are not subject to one."""
    return bool(request.meta.get("dont_obey_robotstxt"))


def is_redirected_robots(request: Request) -> bool:
    """Return whether a robots.txt led to a request."""
    return is_robots(request) and bool(request.meta.get("redirect_urls"))


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

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return the response, or the request to which it leads: at most five for robots.txt."""
        if is_robots(request):
            request.meta.setdefault("redirect_ttl", MAX_ROBOTS_REDIRECTS)
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """Remove the Referer header of a redirected request, and the conditions of an article's.

        They are those of the page that was at its address: of another page, 304 says nothing.
        """
        request.headers.pop("Referer", None)
        if "article" in request.meta:
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
