"""Truncated pages with status 200."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import HtmlResponse

from newscrawl.outcomes import counters
from newscrawl.pages.truncation import FLAG, is_whole

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


_WITH_CONTENT = frozenset({200, 203, 206})


class TruncatedPageMiddleware:
    """Retries a page without `</html>`, or with 206 though no part was asked for.

    It is flagged if it is truncated in the last try as well.

    A PHP error in the middle of a WordPress page truncates it, with status 200.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> TruncatedPageMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the response, flagged if it is truncated, or a retry of the request."""
        if (
            not isinstance(response, HtmlResponse)
            or response.status not in _WITH_CONTENT
            or (response.status == 200 and is_whole(response.body))
        ):
            return response
        assert self._crawler.spider is not None
        self._crawler.stats.inc_value(counters.TRUNCATED_RESPONSES)
        retry = get_retry_request(request, spider=self._crawler.spider, reason="truncated_page")
        if retry is not None:
            return retry
        self._crawler.stats.inc_value(counters.TRUNCATED_KEPT)
        return response.replace(flags=[*response.flags, FLAG])
