"""Redirects without a Referer header, and of articles without conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from newscrawl.scrapy_internals import Overriding
from newscrawl.sites.written_urls import as_browsers_read

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):", re.I)
MAX_ROBOTS_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class AnotherSchemeError(IgnoreRequest):
    """A link or a redirect to something else than an http address."""

    def __init__(self, url: str) -> None:
        match = _SCHEME.match(url)
        super().__init__(f"another_scheme: {match[1].lower() if match else 'none'}")


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
        """Return the response, or the request to which it leads: at most five for robots.txt.

        Raises:
            AnotherSchemeError: it does not lead to an http address.
        """
        if is_robots(request):
            request.meta.setdefault("redirect_ttl", MAX_ROBOTS_REDIRECTS)
        location = response.headers.get("Location")
        if location is not None and 300 <= response.status < 400:
            target = location.decode("latin-1").strip()
            scheme = _SCHEME.match(target)
            if scheme and scheme[1].lower() not in {"http", "https"}:
                raise AnotherSchemeError(scheme[0])
            if (read := as_browsers_read(target, request.url)) != target:
                response.headers["Location"] = read.encode("latin-1")
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """Remove the Referer header of a redirected request, and the conditions of an article's.

        They are those of the page that was at its address: of another page, 304 says nothing.
        """
        request.headers.pop("Referer", None)
        if "article" in request.meta:
            for name in ("If-None-Match", "If-Modified-Since"):
                request.headers.pop(name, None)
