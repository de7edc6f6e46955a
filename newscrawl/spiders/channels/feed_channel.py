"""Feeds: the newest articles of the site or of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.discovery import FEED, SITEMAP, feed
from newscrawl.discovery.state import Source
from newscrawl.outcomes import counters
from newscrawl.rights.signals import RSL_FEED
from newscrawl.spiders.channels.channel import Reading, SourceRequest
from newscrawl.spiders.channels.entries_channel import EntriesChannel
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.http import TextResponse


class FeedChannel(EntriesChannel):
    """Reads the feed of the site, or those of the run's sections if no sitemap is read."""

    name = FEED

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield a request for each feed."""
        if self._is_whole_site:
            yield from self._feed(f"{self._context.site.origin}/")
        elif SITEMAP not in self._context.arguments.discover or not self._sitemap_urls():
            for url in archives.values():
                yield from self._feed(url)

    def _feed(self, url: str) -> Iterator[SourceRequest]:
        """Yield the request for the feed of an archive, unless it is still fresh."""
        addresses = self._context.addresses
        feed_url = addresses.canonical(feed.address(url, is_plain=addresses.permalinks.is_plain))
        if not self._is_fresh(feed_url):
            yield self._conditional_request(feed_url)

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read a feed: the newest articles, with their text."""
        url = state["url"]
        if response.status == 304:
            self._count(counters.NOT_MODIFIED.format(channel=FEED))
            self._note_freshness(response, url)
            return Reading(is_unchanged=True)
        try:
            entries = feed.read(response.body, response.url, self._context.addresses)
        except ValueError as error:
            return self._not_read(url, SourceFailure.unreadable(str(error)))
        has_licences = self._note_licences(response)
        source = self._updated_source(response, url, None)
        # A feed with licences is sent in full each time: the ledger does not store them.
        self._after_entries(url, Source(seen=source.seen) if has_licences else source)
        if not has_licences:
            self._note_freshness(response, url)
        return Reading(self._listed(entries, is_wanted=self._context.arguments.pages is None))

    def _note_licences(self, response: TextResponse) -> bool:
        """Take the RSL contents of a feed's items; return whether it may have any."""
        rights, addresses = self._context.rights, self._context.addresses
        try:
            licences = feed.licences(response.body, response.url, addresses)
        except ValueError:
            self._count(f"{counters.RIGHTS_IGNORED}{RSL_FEED}")
            return True
        for url, contents in licences.items():
            rights.add_feed_item(url, contents)
        for source in rights.take_ignored():
            self._count(f"{counters.RIGHTS_IGNORED}{source}")
        return bool(licences)
