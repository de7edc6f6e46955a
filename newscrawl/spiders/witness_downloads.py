"""Downloads what the second witness states: REST records of posts, else the feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from newscrawl.discovery import feed, feed_items, rest_lists, section_archives
from newscrawl.discovery.kept_total import total_in
from newscrawl.middlewares import blocked
from newscrawl.middlewares.rate_limits import asks_to_wait
from newscrawl.pages.rest_records import Lists, PostRecord, RecordError, decode
from newscrawl.spiders.rest_downloads import ListUnavailableError, RestDownloads
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.warc.exchange import ROLE, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.context import RunContext

_FEW = 10
"""Posts of a request where a hundred are too much for the site."""
_FEED = "application/rss+xml, application/xml;q=0.9, text/xml;q=0.9"


class WitnessClosedError(Exception):
    """The site does not offer this witness; the text is the reason."""


class WitnessUnavailableError(Exception):
    """The witness may answer the next time; the text is the reason."""


class WitnessDownloads:
    """The downloads of one run, within robots.txt and the pace of the crawl."""

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        self._context = context
        self._crawler = crawler
        self._lists = RestDownloads(context, crawler)
        self._per_request = rest_lists.PER_PAGE

    async def records(self, numbers: Collection[int]) -> tuple[list[PostRecord], Lists]:
        """Return the records of posts, by their ids, and what they refer to.

        Raises:
            WitnessClosedError: REST is closed, or forbidden by robots.txt.
            WitnessUnavailableError: it could not be read now.
        """
        waiting, records = sorted(numbers), list[PostRecord]()
        while waiting:
            part = waiting[: self._per_request]
            try:
                found, count = await self._posts(part)
            except _SizeError as error:
                if self._per_request == _FEW:
                    raise WitnessUnavailableError(str(error)) from None
                self._per_request = _FEW
                continue
            records += found
            listed = {record.id for record in found}
            # A site may list fewer posts at a time than are requested.
            is_capped = listed and count > len(found)
            rest = [number for number in part if is_capped and number not in listed]
            waiting = [*rest, *waiting[len(part) :]]
        try:
            return records, await self._lists.complete(records)
        except ListUnavailableError as error:
            raise WitnessUnavailableError(f"REST list of {error}") from None

    async def _posts(self, numbers: list[int]) -> tuple[list[PostRecord], int]:
        """Return the records of a request, and how many there are by its header."""
        url = rest_lists.included_address(self._context.site.origin, numbers)
        response = await self._download(url, "application/json")
        try:
            records, _ = decode(response.body, PostRecord)
        except RecordError as error:
            raise WitnessClosedError(str(error)) from None
        wanted = {*numbers}
        total = total_in(response.headers.get("X-WP-Total")) or 0
        return [record for record in records if record.id in wanted], total

    async def feed(self) -> dict[str, tuple[PostRecord, Lists]]:
        """Return the items of the feed of the site, or of the run's section, by address.

        Raises:
            WitnessClosedError: the site has none, or robots.txt forbids it.
            WitnessUnavailableError: it could not be read now.
        """
        site, addresses = self._context.site, self._context.addresses
        section = self._context.scope.section
        archive = section_archives.usual_addresses(section, site)[0] if section else None
        url = feed.address(archive or f"{site.origin}/", is_plain=addresses.permalinks.is_plain)
        try:
            response = await self._download(addresses.canonical(url), _FEED)
        except _SizeError as error:
            raise WitnessUnavailableError(str(error)) from None
        try:
            return feed_items.read(response.body, response.url, addresses)
        except ValueError as error:
            raise WitnessClosedError(str(error)) from None

    async def _download(self, url: str, accept: str) -> Response:
        assert self._crawler.engine is not None
        request = Request(
            self._context.addresses.fetchable(url),
            callback=NO_CALLBACK,
            headers={"Accept": accept},
            priority=1,
            meta={ROLE: Role.TEXTS},
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - the downloader may raise anything
            failure = SourceFailure.of_error(error)
            if failure.is_refusal or failure.moved_to:
                raise WitnessClosedError(failure.reason) from None
            if failure.finish_reason:
                raise WitnessUnavailableError(failure.reason) from None
            raise _SizeError(failure.reason) from None
        if asks_to_wait(response):
            raise WitnessUnavailableError(f"HTTP {response.status}, the site asks to wait")
        if SourceFailure("", response.status).is_refusal:
            raise WitnessClosedError(f"HTTP {response.status}")
        if response.status not in {200, 203}:
            raise _SizeError(f"HTTP {response.status}")
        if kind := blocked.kind(response):
            raise WitnessClosedError(f"blocked {kind}")
        return response


class _SizeError(Exception):
    """A request that failed, perhaps because too much was requested at a time."""
