"""Requests feeds, sitemaps and REST lists to find new and changed articles.

See decisions 21, 28, 34 and 35 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newscrawl.discovery import CHANGE_MARKERS, FEED, REST, SITEMAP, feed, rest, sitemap
from newscrawl.discovery.entries import seconds
from newscrawl.discovery.state import Source, UrlUpdate, conditional_headers
from newscrawl.spiders import outcomes
from newscrawl.spiders.base import BaseSpider
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from newscrawl.discovery.entries import Entry
    from newscrawl.discovery.sitemap import Nested

USUAL_SITEMAPS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml")
"""Paths of a WordPress site's sitemap: Yoast and RankMath, WordPress itself, others."""
SILENT_SECONDS = 7 * 86_400
"""How long a source that is missing or of no use is not requested again."""
_ENTRIES_PER_TURN = 50
_XML = "application/xml, text/xml;q=0.9, application/rss+xml;q=0.9, */*;q=0.5"


class SourceSpider(BaseSpider):
    """Reads sources that list many articles at once.

    The spider of the whole site also takes new articles from them. The spider of a section
    takes changes of known articles only, except from the section's own feed.
    """

    def source_requests(self, archives: Iterable[str]) -> Iterator[Request]:
        """Yield a request for each source that this run reads.

        Args:
            archives: addresses of the archives of the run's sections.
        """
        channels = self.context.arguments.discover
        sitemap_urls = [url for url in self._sitemap_urls() if not self._is_silent(url)]
        reads_sitemap = SITEMAP in channels and bool(sitemap_urls)
        if reads_sitemap:
            yield self._sitemap_request(sitemap_urls)
        if FEED in channels and self._is_whole_site:
            yield self._conditional_request(feed.address(f"{self.site.origin}/"), self.parse_feed)
        elif FEED in channels and not reads_sitemap:
            for url in archives:
                yield self._conditional_request(feed.address(url), self.parse_feed)
        if REST in channels:
            yield self._rest_request(1, self._source(rest.address(self.site.origin)).seen)

    @property
    def _is_whole_site(self) -> bool:
        return self.context.scope.section is None

    @property
    def _requests_new(self) -> bool:
        """Whether new articles that a source of the whole site lists are requested."""
        return self._is_whole_site and self.context.arguments.pages is None

    def _sitemap_urls(self) -> list[str]:
        urls = [self.context.addresses.canonical(url) for url in self.context.discovery.sitemaps]
        return urls or [self.site.origin + path for path in USUAL_SITEMAPS]

    def _source(self, url: str) -> Source:
        return self.context.discovery.sources.get(key_of(url), Source())

    def _is_silent(self, url: str) -> bool:
        since = self._source(url).silent_since
        return since is not None and time.time() - since < SILENT_SECONDS

    def _conditional_request(self, url: str, callback: Any, **arguments: object) -> Request:
        source = self._source(url)
        return self.request(
            url,
            callback,
            "source",
            errback=self.no_source,
            headers={"Accept": _XML, **conditional_headers(source.etag, source.last_modified)},
            cb_kwargs={"url": url, **arguments},
        )

    def no_source(self, failure: Failure) -> None:
        """Continue without a source that could not be fetched."""
        outcomes.no_source(self, failure.request.url, outcomes.failure_reason(failure))  # type: ignore[attr-defined]

    # --- Sitemaps ---------------------------------------------------------------------------

    def _sitemap_request(self, urls: list[str]) -> Request:
        return self.request(
            urls[0],
            self.parse_sitemap,
            "source",
            errback=self.no_sitemap,
            headers={"Accept": _XML},
            cb_kwargs={"url": urls[0], "others": urls[1:]},
        )

    def no_sitemap(self, failure: Failure) -> Iterator[Request]:
        """Try the next address; remember one that does not exist."""
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        if outcomes.is_missing(failure):
            self.context.discovery.update_source(
                arguments["url"], Source(silent_since=int(time.time()))
            )
        yield from self._next_sitemap(**arguments, reason=outcomes.failure_reason(failure))

    def _next_sitemap(self, url: str, others: list[str], reason: str) -> Iterator[Request]:
        if others:
            yield self._sitemap_request(others)
        else:
            outcomes.no_source(self, url, reason)

    async def parse_sitemap(
        self, response: Response, url: str, others: list[str]
    ) -> AsyncIterator[Request]:
        """Read the sitemap of the site, which may be an index."""
        try:
            document = sitemap.read(response.body, response.url, self.context.addresses)
        except ValueError as error:
            for request in self._next_sitemap(url, others, str(error)):
                yield request
            return
        if not document.nested:
            async for request in self._entry_requests(document.newest_first, SITEMAP):
                yield request
            return
        if not self._is_whole_site and all(nested.lastmod is None for nested in document.nested):
            # Without dates it lists what exists, not what has changed: the archive is enough.
            self.context.discovery.update_source(url, Source(silent_since=int(time.time())))
        for nested in self._changed_sitemaps(document.nested):
            changed = seconds(nested.lastmod)
            yield self._conditional_request(nested.url, self.parse_nested, changed=changed)

    def _changed_sitemaps(self, index: list[Nested]) -> list[Nested]:
        dated = [nested for nested in index if nested.lastmod]
        if self.context.discovery.is_new and not self._requests_new:
            # A new series fetches all its articles after this.
            for nested in dated:
                source = Source(seen=seconds(nested.lastmod))
                self.context.discovery.update_source(nested.url, source)
            return []
        changed = [
            nested for nested in dated if self._source(nested.url).seen != seconds(nested.lastmod)
        ]
        if self.context.scope.since is not None:
            first = self.context.scope.since
            changed = [
                nested for nested in changed if nested.lastmod and nested.lastmod.date() >= first
            ]
        sources = self.context.discovery.sources
        read = {nested.url for nested in index if key_of(nested.url) in sources}
        undated = sitemap.unread(index, read) if self._requests_new else []
        changed.sort(key=lambda nested: str(nested.lastmod), reverse=True)
        return [*changed, *undated]

    async def parse_nested(
        self, response: Response, url: str, changed: int | None
    ) -> AsyncIterator[Request]:
        """Read one of the sitemaps of an index."""
        if response.status == 304:
            outcomes.count(self, "sitemap/not_modified")
        else:
            try:
                document = sitemap.read(response.body, response.url, self.context.addresses)
            except ValueError as error:
                outcomes.no_source(self, url, str(error))
                return
            async for request in self._entry_requests(document.newest_first, SITEMAP):
                yield request
        self.context.discovery.update_source(url, self._updated_source(response, url, changed))

    # --- Feeds ------------------------------------------------------------------------------

    async def parse_feed(self, response: Response, url: str) -> AsyncIterator[Request]:
        """Read a feed: the newest articles, with their text."""
        if response.status == 304:
            outcomes.count(self, "feed/not_modified")
            return
        try:
            entries = feed.read(response.body, response.url, self.context.addresses)
        except ValueError as error:
            outcomes.no_source(self, url, str(error))
            return
        async for request in self._entry_requests(entries, FEED):
            yield request
        self.context.discovery.update_source(url, self._updated_source(response, url, None))

    # --- REST -------------------------------------------------------------------------------

    def _rest_request(self, page: int, since: int | None, latest: int = 0) -> Request:
        after = None if since is None else datetime.fromtimestamp(since, UTC)
        return self.request(
            rest.address(self.site.origin, after, page),
            self.parse_rest,
            "source",
            errback=self.no_source,
            headers={"Accept": "application/json"},
            cb_kwargs={"page": page, "since": since, "latest": latest},
        )

    async def parse_rest(
        self, response: Response, page: int, since: int | None, latest: int
    ) -> AsyncIterator[Request]:
        """Read a page of the list of posts, the last changed first."""
        try:
            entries = rest.read(response.body, self.context.addresses)
        except ValueError as error:
            outcomes.no_source(self, response.url, str(error))
            return
        latest = max([latest, *(entry.change_marker or 0 for entry in entries)])
        page_count = outcomes.header_texts(response).get("x-wp-totalpages", "")
        is_last = not page_count.isdecimal() or page >= int(page_count)
        if self.context.discovery.is_new and not self._requests_new:
            is_last = True
        async for request in self._entry_requests(entries, REST):
            yield request
        if not is_last:
            yield self._rest_request(page + 1, since, latest)
        elif latest:
            self.context.discovery.update_source(
                rest.address(self.site.origin), Source(seen=latest)
            )

    # --- All sources ------------------------------------------------------------------------

    def _updated_source(self, response: Response, url: str, changed: int | None) -> Source:
        headers, source = outcomes.header_texts(response), self._source(url)
        return Source(
            headers.get("etag", source.etag),
            headers.get("last-modified", source.last_modified),
            changed,
        )

    async def _entry_requests(self, entries: list[Entry], channel: str) -> AsyncIterator[Request]:
        """Yield requests for new articles; record the change markers of known ones."""
        requests_new = self._requests_new or (
            channel == FEED and self.context.arguments.pages is None
        )
        for number, entry in enumerate(entries):
            if not number % _ENTRIES_PER_TURN:
                # Thousands of entries must not block other callbacks.
                await asyncio.sleep(0)
            outcomes.count(self, f"{channel}/entries")
            outcomes.note_newest(self, entry.published)
            url, change_marker = entry.address.url, entry.change_marker
            if requests_new and self._is_covered(entry):
                change_markers = {} if change_marker is None else {url: change_marker}
                for request in self.article_requests([url], channel, change_markers=change_markers):
                    yield request
            elif change_marker is not None:
                change_markers = {CHANGE_MARKERS[channel]: change_marker}
                self.context.discovery.updates.append(UrlUpdate(url, change_markers=change_markers))

    def _is_covered(self, entry: Entry) -> bool:
        """Return whether an article may be within the run's days, as far as its entry says."""
        zone, since = ZoneInfo(self.site.timezone), self.context.scope.since
        if entry.address.day:
            return self.context.scope.covers_day(entry.address.day)
        if entry.published:
            return self.context.scope.covers_day(entry.published.astimezone(zone).isoformat())
        changed = entry.modified and entry.modified.astimezone(zone).date()
        return since is None or changed is None or changed >= since
