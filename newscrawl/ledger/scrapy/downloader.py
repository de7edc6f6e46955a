"""One request after another to a host, over all crawls that share a ledger."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from scrapy.core.downloader import Downloader
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.defer import _schedule_coro
from scrapy.utils.httpobj import urlparse_cached

from newscrawl.ledger import client
from newscrawl.ledger.errors import LedgerError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader import Slot
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


class ThrottledDownloader(Downloader):
    """Scrapy's own, but that each request waits for the host's turn.

    Delay and jitter are those of Scrapy's slot, which AutoThrottle sets; they count from
    the last request of any worker. With CONCURRENT_REQUESTS_PER_DOMAIN 1 no other request
    to the host is under way. robots.txt and whatever else the engine fetches waits as well.
    """

    def _process_queue(self, slot: Slot) -> None:
        if client.of(self.crawler) is None:
            super()._process_queue(slot)
            return
        while slot.queue and slot.free_transfer_slots() > 0:
            slot.lastseen = monotonic()
            request, result = slot.queue.popleft()
            # It has its place while it waits.
            slot.transferring.add(request)
            _schedule_coro(self._wait_for_download(slot, request, result))

    async def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> None:
        found = client.of(self.crawler)
        delay, alone = slot.download_delay(), slot.concurrency == 1
        if found is None or not (delay or alone):
            await super()._wait_for_download(slot, request, queue_dfd)
            return
        host = urlparse_cached(request).hostname or ""
        try:
            async with found.slot(host, delay, alone=alone):
                await super()._wait_for_download(slot, request, queue_dfd)
        except Exception as error:  # noqa: BLE001 - whatever it is, the request must come to its end
            # It may have come only of passing the turn on.
            if not queue_dfd.called:
                slot.transferring.discard(request)
                if isinstance(error, LedgerError):
                    # The run is over, which is said once and not for each page in its queue.
                    request.errback = None
                    error = IgnoreRequest(str(error))
                queue_dfd.errback(error)
                self._process_queue(slot)
