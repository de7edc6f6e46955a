"""Asks feeds, sitemaps and REST what is new and what has changed."""

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
"""Where a WordPress site has its sitemap: Yoast and RankMath, WordPress itself, others."""
SILENT_SECONDS = 7 * 86_400
"""How long a source that is missing, or tells nothing of use, is not asked again."""
_SOME = 50
_XML = "application/xml, text/xml;q=0.9, application/rss+xml;q=0.9, */*;q=0.5"


class SourceSpider(BaseSpider):
    """Reads sources that tell of many articles at once.

    The whole site's spider takes new articles from them as well; for a section's they tell
    which of the known ones have changed, but for the section's own feed.
    """

    def source_requests(self, archives: Iterable[str]) -> Iterator[Request]:
        """Yield a request for each source that is worth asking in this run.

        Args:
            archives: where the run's sections have their archives.
        """
        chosen = self.context.arguments.discover
        places = [url for url in self._sitemaps() if not self._is_silent(url)]
        is_mapped = SITEMAP in chosen and bool(places)
        if is_mapped:
            yield self._sitemap_request(places)
        if FEED in chosen and self._is_site:
            yield self._conditional(feed.address(f"{self.site.origin}/"), self.parse_feed)
        elif FEED in chosen and not is_mapped:
            for url in archives:
                yield self._conditional(feed.address(url), self.parse_feed)
        if REST in chosen:
            yield self._rest_request(1, self._source(rest.address(self.site.origin)).seen)

    @property
    def _is_site(self) -> bool:
        return self.context.scope.section is None

    @property
    def _takes_new(self) -> bool:
        """Whether articles that a source of the whole site lists are wanted by being listed."""
        return self._is_site and self.context.arguments.pages is None

    def _sitemaps(self) -> list[str]:
        given = [self.context.addresses.canonical(url) for url in self.context.discovery.sitemaps]
        return given or [self.site.origin + path for path in USUAL_SITEMAPS]

    def _source(self, url: str) -> Source:
        return self.context.discovery.sources.get(key_of(url), Source())

    def _is_silent(self, url: str) -> bool:
        since = self._source(url).silent_since
        return since is not None and time.time() - since < SILENT_SECONDS

    def _conditional(self, url: str, callback: Any, **told: object) -> Request:
        known = self._source(url)
        return self.request(
            url,
            callback,
            "signal",
            errback=self.no_source,
            headers={"Accept": _XML, **conditional_headers(known.etag, known.last_modified)},
            cb_kwargs={"url": url, **told},
        )

    def no_source(self, failure: Failure) -> None:
        """Go on without a source that does not answer."""
        outcomes.no_source(self, failure.request.url, outcomes.word(failure))  # type: ignore[attr-defined]

    # --- Sitemaps ---------------------------------------------------------------------------

    def _sitemap_request(self, places: list[str]) -> Request:
        return self.request(
            places[0],
            self.parse_sitemap,
            "signal",
            errback=self.no_sitemap,
            headers={"Accept": _XML},
            cb_kwargs={"url": places[0], "others": places[1:]},
        )

    def no_sitemap(self, failure: Failure) -> Iterator[Request]:
        """Try the next place; remember what is not there."""
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        if outcomes.is_missing(failure):
            self.context.discovery.heard(arguments["url"], Source(silent_since=int(time.time())))
        yield from self._other_sitemap(**arguments, why=outcomes.word(failure))

    def _other_sitemap(self, url: str, others: list[str], why: str) -> Iterator[Request]:
        if others:
            yield self._sitemap_request(others)
        else:
            outcomes.no_source(self, url, why)

    async def parse_sitemap(
        self, response: Response, url: str, others: list[str]
    ) -> AsyncIterator[Request]:
        """Read the sitemap that the site names: an index, or all there is."""
        try:
            found = sitemap.read(response.body, response.url, self.context.addresses)
        except ValueError as error:
            for request in self._other_sitemap(url, others, str(error)):
                yield request
            return
        if not found.nested:
            async for request in self._take(found.newest_first, SITEMAP):
                yield request
            return
        if not self._is_site and all(one.lastmod is None for one in found.nested):
            # It tells what there is, not what has changed: a section's archive knows better.
            self.context.discovery.heard(url, Source(silent_since=int(time.time())))
        for one in self._to_read(found.nested):
            yield self._conditional(one.url, self.parse_nested, changed=seconds(one.lastmod))

    def _to_read(self, nested: list[Nested]) -> list[Nested]:
        dated = [one for one in nested if one.lastmod]
        if self.context.discovery.is_new and not self._takes_new:
            # All that this series will know is fetched after this.
            for one in dated:
                self.context.discovery.heard(one.url, Source(seen=seconds(one.lastmod)))
            return []
        changed = [one for one in dated if self._source(one.url).seen != seconds(one.lastmod)]
        if self.context.scope.since is not None:
            first = self.context.scope.since
            changed = [one for one in changed if one.lastmod and one.lastmod.date() >= first]
        known = {one.url for one in nested if key_of(one.url) in self.context.discovery.sources}
        undated = sitemap.unread(nested, known) if self._takes_new else []
        return [*sorted(changed, key=lambda one: str(one.lastmod), reverse=True), *undated]

    async def parse_nested(
        self, response: Response, url: str, changed: int | None
    ) -> AsyncIterator[Request]:
        """Read one of the sitemaps of an index."""
        if response.status == 304:
            outcomes.count(self, "sitemap/not_modified")
        else:
            try:
                found = sitemap.read(response.body, response.url, self.context.addresses)
            except ValueError as error:
                outcomes.no_source(self, url, str(error))
                return
            async for request in self._take(found.newest_first, SITEMAP):
                yield request
        self.context.discovery.heard(url, self._heard(response, url, changed))

    # --- Feeds ------------------------------------------------------------------------------

    async def parse_feed(self, response: Response, url: str) -> AsyncIterator[Request]:
        """Read a feed: the newest articles, with their words."""
        if response.status == 304:
            outcomes.count(self, "feed/not_modified")
            return
        try:
            entries = feed.read(response.body, response.url, self.context.addresses)
        except ValueError as error:
            outcomes.no_source(self, url, str(error))
            return
        async for request in self._take(entries, FEED):
            yield request
        self.context.discovery.heard(url, self._heard(response, url, None))

    # --- REST -------------------------------------------------------------------------------

    def _rest_request(self, page: int, since: int | None, latest: int = 0) -> Request:
        after = None if since is None else datetime.fromtimestamp(since, UTC)
        return self.request(
            rest.address(self.site.origin, after, page),
            self.parse_rest,
            "signal",
            errback=self.no_source,
            headers={"Accept": "application/json"},
            cb_kwargs={"page": page, "since": since, "latest": latest},
        )

    async def parse_rest(
        self, response: Response, page: int, since: int | None, latest: int
    ) -> AsyncIterator[Request]:
        """Read a page of the posts that changed last."""
        try:
            entries = rest.read(response.body, self.context.addresses)
        except ValueError as error:
            outcomes.no_source(self, response.url, str(error))
            return
        latest = max([latest, *(one.change_marker or 0 for one in entries)])
        pages = outcomes.header_texts(response).get("x-wp-totalpages", "")
        is_last = not pages.isdecimal() or page >= int(pages)
        if self.context.discovery.is_new and not self._takes_new:
            is_last = True
        async for request in self._take(entries, REST):
            yield request
        if not is_last:
            yield self._rest_request(page + 1, since, latest)
        elif latest:
            self.context.discovery.heard(rest.address(self.site.origin), Source(seen=latest))

    # --- What is common ---------------------------------------------------------------------

    def _heard(self, response: Response, url: str, changed: int | None) -> Source:
        headers, known = outcomes.header_texts(response), self._source(url)
        return Source(
            headers.get("etag", known.etag),
            headers.get("last-modified", known.last_modified),
            changed,
        )

    async def _take(self, entries: list[Entry], channel: str) -> AsyncIterator[Request]:
        """Yield requests for new articles; note what is said of known ones."""
        takes_new = self._takes_new or (channel == FEED and self.context.arguments.pages is None)
        for number, one in enumerate(entries):
            if not number % _SOME:
                # Thousands of entries must not hold up the others.
                await asyncio.sleep(0)
            outcomes.count(self, f"{channel}/entries")
            outcomes.newest(self, one.published)
            if takes_new and self._is_inside(one):
                told = {} if one.change_marker is None else {one.address.url: one.change_marker}
                for request in self.article_requests(
                    [one.address.url], channel, change_markers=told
                ):
                    yield request
            elif one.change_marker is not None:
                told = {CHANGE_MARKERS[channel]: one.change_marker}
                self.context.discovery.updates.append(
                    UrlUpdate(one.address.url, change_markers=told)
                )

    def _is_inside(self, entry: Entry) -> bool:
        """Return whether an article may be of the run's span of days, as far as is said."""
        zone, since = ZoneInfo(self.site.timezone), self.context.scope.since
        if entry.address.day:
            return self.context.scope.covers_day(entry.address.day)
        if entry.published:
            return self.context.scope.covers_day(entry.published.astimezone(zone).isoformat())
        changed = entry.modified and entry.modified.astimezone(zone).date()
        return since is None or changed is None or changed >= since
