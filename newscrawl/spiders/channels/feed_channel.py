"""Feeds: the newest articles of the site or of a section."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import FEED, SITEMAP, feed
from newscrawl.discovery.state import Source
from newscrawl.outcomes import counters
from newscrawl.rights.signals import RSL_FEED
from newscrawl.spiders.channels.channel import TERMS, Reading, SourceRequest
from newscrawl.spiders.channels.entries_channel import EntriesChannel
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse

    from newscrawl.context import RunContext
    from newscrawl.discovery.entries import Entry
    from newscrawl.rights.rsl import Content


class FeedChannel(EntriesChannel):
    """Reads the feed of the site, or those of the run's sections if no sitemap is read."""

    name = FEED

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._requested: set[str] = set()
        """Archives whose feeds this run has requested for what they state on rights."""

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield a request for each feed; where rights are respected, in any case."""
        if self._context.rights.is_respected:
            yield from self.terms(archives)
        elif self._is_whole_site:
            yield from self._feed(f"{self._context.site.origin}/")
        elif SITEMAP not in self._context.arguments.discover or not self._sitemap_urls():
            for url in archives.values():
                yield from self._feed(url)

    def terms(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield a request for each feed that may state the rights of the run's articles, once."""
        urls = [f"{self._context.site.origin}/", *archives.values()]
        for url in dict.fromkeys(urls):
            if url not in self._requested:
                self._requested.add(url)
                for request in self._feed(url):
                    yield replace(request, priority=TERMS)

    def _feed(self, url: str) -> Iterator[SourceRequest]:
        """Yield the request for the feed of an archive, unless it is still fresh."""
        feed_url = self._address(url)
        if not self._is_fresh(feed_url):
            yield self._conditional_request(feed_url)

    def _address(self, url: str) -> str:
        addresses = self._context.addresses
        return addresses.canonical(feed.address(url, is_plain=addresses.permalinks.is_plain))

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
        if self._note_licences(response, url, entries):
            self._after_entries(url, self._updated_source(response, url, None))
            self._note_freshness(response, url)
        return Reading(self._listed(entries, is_wanted=self._is_wanted(url)))

    def _is_wanted(self, url: str) -> bool:
        """Return whether new articles are taken from a feed, and not only what it states."""
        is_of_site = url == self._address(f"{self._context.site.origin}/")
        return self._takes_new and (self._is_whole_site or not is_of_site)

    def _note_licences(self, response: TextResponse, url: str, entries: list[Entry]) -> bool:
        """Take the RSL contents of a feed's items; return whether they could be read.

        One whose terms cannot be read is requested again in full.
        """
        rights, addresses = self._context.rights, self._context.addresses
        try:
            licences = feed.licences(response.body, response.url, addresses)
        except ValueError:
            self._count(f"{counters.RIGHTS_IGNORED}{RSL_FEED}")
            rights.miss_feed(url)
            for name in {url, self._state_name(url)}:
                self._context.discovery.update_source(name, Source())
            return False
        listed: dict[str, Sequence[Content]] = {entry.address.url: () for entry in entries}
        rights.add_feed(url, {**listed, **licences})
        for source in rights.take_ignored():
            self._count(f"{counters.RIGHTS_IGNORED}{source}")
        return True

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue without the feed; its terms are not known, unless the site has no feed."""
        if not failure.is_refusal and failure.moved_to is None:
            self._context.rights.miss_feed(state["url"])
        else:
            self._context.rights.add_feed(state["url"], {})
        return super().failed(failure, state)
