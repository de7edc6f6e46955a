"""What posts of WordPress's REST interface refer to: downloaded as lists, never one by one.

`_embed` would repeat authors and tags in each post, and costs the site a query for each.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from newscrawl.discovery import rest_lists
from newscrawl.discovery.kept_total import total_in
from newscrawl.middlewares import blocked
from newscrawl.middlewares.rate_limits import asks_to_wait
from newscrawl.outcomes import counters
from newscrawl.pages.rest_records import (
    Lists,
    MediaRecord,
    RecordError,
    TermRecord,
    UserRecord,
    decode,
)
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from newscrawl.context import RunContext
    from newscrawl.pages.rest_records import PostRecord

logger = logging.getLogger("newscrawl.spider")
_KINDS: dict[str, type[Any]] = {
    "categories": TermRecord, "users": UserRecord, "tags": TermRecord, "media": MediaRecord,
}  # fmt: skip
_LISTED_WHOLE = ("categories", "users", "tags")
_MANY_POSTS = 1_000
_CLOSED = frozenset({400, 401, 403, 404, 405, 410, 451})


class ListUnavailableError(Exception):
    """A list that may be there the next time; the text is the reason."""

    def __init__(self, reason: str, *, asks_to_wait: bool = False) -> None:
        super().__init__(reason)
        self.failure = SourceFailure(reason, asks_to_wait=asks_to_wait)


class RestDownloads:
    """The lists of one run: what has been downloaded is kept, pictures until their post is read."""

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        self._lists = Lists()
        self._context = context
        self._crawler = crawler
        self._requested: dict[str, set[int]] = {kind: set() for kind in _KINDS}
        self._closed: dict[str, str] = {}

    async def read_whole(self, posts: int) -> None:
        """Read the lists of categories, users and tags, if so many posts are to be read.

        Raises:
            ListUnavailableError: one of them could not be read now.
        """
        if posts < _MANY_POSTS:
            return
        # By id it takes about one request for each page of posts.
        most = max(1, posts // rest_lists.PER_PAGE)
        for kind in _LISTED_WHOLE:
            page, last = 1, 1
            while page <= last and kind not in self._closed:
                response = await self._download(kind, page=page)
                if response is None:
                    break
                last = total_in(response.headers.get("X-WP-TotalPages")) or last
                if last > most:
                    break
                page += 1

    async def complete(self, records: Sequence[PostRecord]) -> Lists:
        """Return what `records` refer to, after downloading what is not known.

        Raises:
            ListUnavailableError: it could not be read now.
        """
        await self._include("categories", (n for record in records for n in record.categories))
        # A category may be below another one.
        for _ in range(3):
            parents = {term.parent for term in self._lists.categories.values()} - {0}
            await self._include("categories", parents)
        await self._include("users", (record.author for record in records))
        await self._include("tags", (number for record in records for number in record.tags))
        pictures = {record.featured_media for record in records} - {0}
        await self._include("media", pictures)
        # Another part of the list may be waiting for its pictures.
        media = {n: self._lists.media.pop(n) for n in pictures if n in self._lists.media}
        self._requested["media"] -= pictures
        return replace(self._lists, media=media)

    async def _include(self, kind: str, numbers: Iterable[int]) -> None:
        known = getattr(self._lists, kind)
        missing = sorted({*numbers} - known.keys() - self._requested[kind] - {0})
        for start in range(0, len(missing), rest_lists.PER_PAGE):
            if kind in self._closed:
                return
            ids = missing[start : start + rest_lists.PER_PAGE]
            await self._download(kind, ids=ids)
            # What the answer leaves out was removed or is not public.
            self._requested[kind].update(ids)

    async def _download(
        self, kind: str, *, ids: Sequence[int] | None = None, page: int = 1
    ) -> Response | None:
        """Read a list into `lists` and return the response; None if the site keeps it closed.

        Raises:
            ListUnavailableError: it could not be read now.
        """
        assert self._crawler.engine is not None
        url = rest_lists.list_address(self._context.site.origin, kind, ids=ids, page=page)
        request = Request(
            self._context.addresses.fetchable(url),
            callback=NO_CALLBACK,
            headers={"Accept": "application/json"},
            priority=1,
        )
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - the downloader may raise anything
            failure = SourceFailure.of_error(error)
            if failure.is_forbidden:
                self._close(kind, failure.reason)
                return None
            raise ListUnavailableError(f"{kind}: {failure.reason}") from None
        if response.status in _CLOSED:
            self._close(kind, f"HTTP {response.status}")
            return None
        if response.status not in {200, 203} or blocked.kind(response):
            reason = f"{kind}: HTTP {response.status}"
            raise ListUnavailableError(reason, asks_to_wait=asks_to_wait(response))
        try:
            records, problems = decode(response.body, _KINDS[kind])
        except RecordError as error:
            raise ListUnavailableError(f"{kind}: {error}") from None
        for problem in problems:
            logger.warning("REST list of %s: %s", kind, problem)
            self._crawler.stats.inc_value(counters.REST_UNREADABLE)
        getattr(self._lists, kind).update({record.id: record for record in records})
        return response

    def _close(self, kind: str, reason: str) -> None:
        """Record that the site keeps a list closed: what it states stays empty in this run."""
        logger.warning("REST list of %s is closed (%s): what it states stays empty", kind, reason)
        self._crawler.stats.inc_value(f"{counters.REST_CLOSED}{kind}")
        self._closed[kind] = reason
