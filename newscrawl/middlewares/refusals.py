"""What becomes of requests that a server refuses or cannot answer now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.ledger.errors import HostPausedError
from newscrawl.ledger.host_state import REFUSALS
from newscrawl.ledger.scrapy.downloader import ThrottledDownloader
from newscrawl.ledger.scrapy.retry_queue import SERVER_ERRORS, send_later
from newscrawl.outcomes import task

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class RefusalMiddleware:
    """Leaves an address that answers 429 or 503 due, once the run ends because of such answers.

    How long the host is left alone is decided by `ThrottledDownloader`. An article that answers
    with another server error is requested again at the end of the run, SERVER_ERROR_INTERVAL
    later at the earliest.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._retry_times = crawler.settings.getint("RETRY_TIMES")
        self._interval = crawler.settings.getfloat("SERVER_ERROR_INTERVAL")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RefusalMiddleware:
        """Return the middleware of a crawler."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response, unless it refuses and the run is ending.

        Raises:
            HostPausedError: it is.
        """
        if response.status in SERVER_ERRORS:
            send_later(request, self._retry_times, self._interval)
        if response.status not in REFUSALS or self._crawler.engine is None:
            return response
        downloader = self._crawler.engine.downloader
        if not isinstance(downloader, ThrottledDownloader) or downloader.ended_by is None:
            return response
        if not task.postpone(request):
            return response
        raise HostPausedError(downloader.ended_by)
