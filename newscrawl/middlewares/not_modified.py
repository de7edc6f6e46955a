"""Responses that cannot answer the request that was sent, though their status looks good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_CONDITIONS = ("If-None-Match", "If-Modified-Since")
_WITHOUT_CACHES = "without_caches"
_WITHOUT_CONTENT = frozenset({202, 204, 205})


def is_conditional(request: Request) -> bool:
    """Return whether a request asks for a page only if it has changed (RFC 9110, 13.1)."""
    return any(name in request.headers for name in _CONDITIONS)


def without_condition(request: Request) -> Request:
    """Return the same request for the page whether or not it has changed."""
    again = request.replace(dont_filter=True)
    for name in _CONDITIONS:
        again.headers.pop(name, None)
    return again


class NotModifiedMiddleware:
    """Requests a page again, past all caches, when 304 answers a request without a condition.

    Stat: `not_modified/without_condition`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> NotModifiedMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, or the request without caches."""
        if response.status != 304 or is_conditional(request):
            return response
        self._crawler.stats.inc_value(counters.NOT_MODIFIED_REFUSED)
        if request.meta.get(_WITHOUT_CACHES):
            return response
        again = request.replace(dont_filter=True)
        again.headers["Cache-Control"] = again.headers["Pragma"] = "no-cache"
        again.meta[_WITHOUT_CACHES] = True
        return again


class AnswerStatusMiddleware:
    """Keeps responses without the requested page from the spider, although their status is 2xx.

    They are 202, 204, 205 and 304 to a request without a condition.
    """

    def process_spider_input(self, response: Response) -> None:
        """Accept a response with content.

        Raises:
            HttpError: the response has none.
        """
        is_unasked = response.status == 304 and not (
            response.request is not None and is_conditional(response.request)
        )
        if is_unasked or response.status in _WITHOUT_CONTENT:
            raise HttpError(response, f"HTTP {response.status} is not the page")
