"""One request after another to a host, over all crawls that share a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError
from newscrawl.scrapy_internals import TransferHooks

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from scrapy import Request


class ThrottledDownloader(TransferHooks, Downloader):
    """Scrapy's own, but that each request waits for the host's turn.

    Delay and jitter are those of Scrapy's slot, which AutoThrottle sets; they count from
    the last request of any worker. With CONCURRENT_REQUESTS_PER_DOMAIN 1 no other request
    to the host is under way. robots.txt and whatever else the engine fetches waits as well.
    """

    def has_turns(self) -> bool:
        """Return whether the crawl has a ledger to share turns by."""
        return client.of(self.crawler) is not None

    def turn(
        self, request: Request, delay: float, *, alone: bool
    ) -> AbstractAsyncContextManager[None] | None:
        """Return the host's turn; None where it may be asked at any time."""
        found = client.of(self.crawler)
        if found is None or not (delay or alone):
            return None
        return found.slot(urlparse_cached(request).hostname or "", delay, alone=alone)

    def error_of(self, request: Request, error: Exception) -> Exception:
        """Return what a request fails with that gets no turn."""
        if not isinstance(error, LedgerError):
            return error
        # The run is over, which is said once and not for each page in its queue.
        request.errback = None
        return IgnoreRequest(str(error))
