"""Scrapy's downloader with one slot per host for all crawls that share a ledger.

See decision 43 in docs/decisions.md.
"""

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
    """Scrapy's downloader, in which each request waits for the host's slot.

    Delay and jitter are those of Scrapy's slot, which AutoThrottle sets; they count from
    the last request of any worker. With CONCURRENT_REQUESTS_PER_DOMAIN 1 no other request
    to the host is in progress. Requests for robots.txt and others of the engine wait as well.
    """

    def uses_host_slots(self) -> bool:
        """Return whether the crawl has a ledger that holds the slots."""
        return client.of(self.crawler) is not None

    def host_slot(
        self, request: Request, delay: float, *, alone: bool
    ) -> AbstractAsyncContextManager[None] | None:
        """Return the host's slot; None if requests to it may be sent at any time."""
        ledger = client.of(self.crawler)
        if ledger is None or not (delay or alone):
            return None
        return ledger.slot(_host(request), delay, alone=alone)

    def error_of(self, request: Request, error: Exception) -> Exception:
        """Return the error of a request that does not get a slot."""
        if not isinstance(error, LedgerError):
            return error
        # The run is over, which is logged once and not for each request in its queue.
        request.errback = None
        return IgnoreRequest(str(error))


def _host(request: Request) -> str:
    """Return the host that a request is for; sites on two ports of one host are two of them."""
    parts = urlparse_cached(request)
    name = parts.hostname or ""
    return name if parts.port in {None, 80, 443} else f"{name}:{parts.port}"
