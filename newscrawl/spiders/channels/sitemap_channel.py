"""Sitemaps and indexes of sitemaps: all that robots.txt names, else the usual ones.

See decisions 34, 35, 86 and 114 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import SITEMAP, sitemap
from newscrawl.discovery.entries import seconds
from newscrawl.discovery.state import Source
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Kind, Outcome
from newscrawl.outcomes.source_readings import SourceReading
from newscrawl.spiders.channels.channel import (
    AFTER_ARTICLES,
    READ,
    SOURCE,
    Reading,
    SourceRequest,
    note_failure,
)
from newscrawl.spiders.channels.entries_channel import XML, EntriesChannel
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.urls import Kind as PageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse

    from newscrawl.context import RunContext
    from newscrawl.discovery.sitemap import Nested, Sitemap

logger = logging.getLogger("newscrawl.spider")
MAX_NESTING = 3
"""Indexes within indexes that are read."""
MAX_FIRST = 200
"""Sitemaps of indexes that are read before articles; further ones are read after them."""
MAX_SITEMAPS = 2_000
"""Sitemaps of indexes that one run reads."""
_MAX_EXCLUDED = 50
"""Sitemaps that are not read of which a run report names the addresses."""


class SitemapChannel(EntriesChannel):
    """Reads the sitemaps of the site.

    The state of a request is `url`; `others`, the usual addresses that are tried if this one
    does not exist; `changed`, the time of change that the index states; `above`, the addresses
    of the indexes above; `depth`, their number.
    """

    name = SITEMAP

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._requested: set[str] = set()
        self._excluded: set[str] = set()
        self._has_left_out = False
        self._unread_indexes: set[str] = set()
        """Indexes whose sitemaps were not all read."""

    @property
    def _takes_new(self) -> bool:
        """Whether the run takes what others do; those of a section never take new articles."""
        return self._is_chosen or not self._is_whole_site

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield a request for each sitemap of robots.txt; without one for the first usual one."""
        urls, (own, others) = self._sitemap_urls(), self._stated_sitemaps()
        for url in others:
            logger.info("Not read, robots.txt names a sitemap of another site: %s", url)
            self._count(f"{counters.NOT_ASKED}{PageKind.FOREIGN.value}")
            self._exclude(url, sitemap.OTHER_SITE)
        if own:
            for url in urls:
                if not self._is_fresh(url):
                    yield self._request(url, [])
        elif urls and not self._is_fresh(urls[0]):
            yield self._request(urls[0], urls[1:])

    def _exclude(self, url: str, reason: str) -> None:
        """Name a sitemap that is not read in the run report, if there is room for it."""
        if url in self._excluded:
            return
        self._excluded.add(url)
        self._count(counters.SOURCES_EXCLUDED)
        outcome = Outcome(Kind.EXCLUDED, reason)
        readings, is_few = self._context.source_readings, len(self._excluded) <= _MAX_EXCLUDED
        if not is_few or not readings.add(SITEMAP, url, SourceReading(0, outcome, requests=0)):
            self._count(counters.SOURCES_UNNAMED)

    def _request(self, url: str, others: list[str]) -> SourceRequest:
        if self._heeds_freshness:
            return self._conditional_request(url, others=others)
        return SourceRequest(url, {"url": url, "others": others}, headers={"Accept": XML})

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Try the next usual address; remember one that does not exist."""
        if failure.is_missing:
            self._silence(state["url"])
        return self._next(failure, state)

    def _next(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        others = state.get("others", [])
        if not others:
            if not failure.is_refusal:
                self._read_again(state.get("above", []))
            return self._not_read(state["url"], failure)
        if not failure.is_refusal:
            self._not_read(state["url"], failure)
        return Reading(
            requests=[self._request(others[0], others[1:])],
            outcome=Outcome.failed(failure.reason),
        )

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read a sitemap or an index of sitemaps."""
        reading = self._read(response, state)
        # What is doubtful or was read in part is requested again.
        if reading.outcome is READ and not self._has_left_out:
            self._note_freshness(response, state["url"])
        return reading

    def _read(self, response: TextResponse, state: dict[str, Any]) -> Reading:
        url, changed = state["url"], state.get("changed")
        if response.status == 304:
            self._count(counters.NOT_MODIFIED.format(channel=SITEMAP))
            source = self._updated_source(response, url, changed)
            outcome = self._record(source, state, has_change=changed is None)
            return Reading(outcome=outcome, is_unchanged=True)
        try:
            document = sitemap.read(response.body, response.url, self._context.addresses)
        except ValueError as error:
            return self._next(SourceFailure.unreadable(str(error)), state)
        if document.truncated:
            logger.warning("The sitemap is read only to its 50,000th entry: %s", url)
            self._count(counters.SOURCES_TRUNCATED)
        if document.left_out:
            logger.info(
                "Left out of a sitemap (%d addresses of other sites or schemes): %s",
                document.left_out,
                url,
            )
            self._count(f"{counters.NOT_ASKED}{PageKind.FOREIGN.value}", document.left_out)
        for nested_url, reason in document.excluded.items():
            self._exclude(nested_url, reason)
        if document.nested:
            return self._read_index(document, url, state)
        articles = self._listed(document.newest_first, is_wanted=self._requests_new)
        source = self._updated_source(response, url, changed)
        if "changed" not in state and self._heeds_freshness:
            # Not of an index: what it lists and was not read, it would no longer name after a 304.
            self._after_entries(url, source)
        has_change = changed is None or document.has(changed)
        return Reading(articles, outcome=self._record(source, state, has_change=has_change))

    def _record(self, source: Source, state: dict[str, Any], *, has_change: bool) -> Outcome:
        """Record the state of a sitemap that an index lists; return the outcome of its reading.

        Without the change that the index states it may be an old copy or a part: the next run
        requests it again, and then believes it, as the index of some sites is always later.
        """
        url, changed = state["url"], state.get("changed")
        if "changed" not in state:
            return READ
        before = self._source(url)
        if has_change or changed is None or before.seen == -changed:
            self._after_entries(url, source)
            return READ
        logger.info("Sitemap without the change that its index states: %s", url)
        self._count(counters.SOURCES_DOUBTFUL)
        self._after_entries(url, replace(before, seen=-changed))
        self._read_again(state.get("above", []))
        return Outcome(Kind.TRUNCATED, "without the change that its index states")

    def _read_again(self, index_urls: list[str]) -> None:
        """Have the next run read indexes within an index again, for what was not read of them."""
        self._unread_indexes.update(index_urls)
        for url in index_urls:
            index = self._source(url)
            if index.seen is not None and index.seen > 0:
                self._after_entries(url, replace(index, seen=-index.seen))

    def _read_index(self, document: Sitemap, url: str, state: dict[str, Any]) -> Reading:
        depth = state.get("depth", 0) + 1
        if depth > MAX_NESTING:
            logger.warning("Sitemap not read, %d indexes lead to it: %s", depth, url)
            self._count(counters.SOURCES_UNREADABLE)
            note_failure(self._stats, "sitemap: indexes within indexes")
            return Reading(outcome=Outcome.failed("too many indexes"))
        if not self._is_whole_site and all(nested.lastmod is None for nested in document.nested):
            # Without dates it lists what exists, not what has changed: the archive is enough.
            self._silence(url)
            return Reading(is_unchanged=True)
        changed, above = state.get("changed"), [*state.get("above", []), url]
        index = self._without_loops(document.nested, above)
        requests = [
            replace(
                self._conditional_request(
                    nested.url, changed=seconds(nested.lastmod), depth=depth, above=above
                ),
                priority=SOURCE if number <= MAX_FIRST else AFTER_ARTICLES,
            )
            for number, nested in self._within_bounds(self._changed(index))
            if not self._is_left(nested.url, above)
        ]
        has_change = changed is None or document.has(changed)
        # What is left out of an index has to be found in it again.
        outcome = (
            READ
            if self._has_left_out or url in self._unread_indexes
            else self._record(Source(seen=changed), state, has_change=has_change)
        )
        return Reading(
            requests=requests,
            outcome=outcome,
            # Those that it lists may be the same as before.
            is_unchanged=True,
        )

    def _without_loops(self, index: list[Nested], above: list[str]) -> list[Nested]:
        """Return the sitemaps of an index that do not lead back to it."""
        identities = {*map(sitemap.identity, above)}
        for nested in index:
            # At the same address it is read.
            if sitemap.identity(nested.url) in identities and nested.url not in above:
                self._exclude(nested.url, sitemap.LOOP)
        return [nested for nested in index if sitemap.identity(nested.url) not in identities]

    def _is_left(self, url: str, above: list[str]) -> bool:
        """Return whether the site wants a sitemap to be requested later: its indexes too, then."""
        is_fresh = self._is_fresh(url)
        if is_fresh:
            self._read_again(above)
        return is_fresh

    def _within_bounds(self, index: list[Nested]) -> Iterator[tuple[int, Nested]]:
        """Yield the sitemaps that this run has not requested, with how many those are so far.

        What is left out is new to the next run.
        """
        for position, nested in enumerate(index):
            if sitemap.identity(nested.url) in self._requested:
                continue
            if len(self._requested) >= MAX_SITEMAPS:
                text = "%d sitemaps of an index are left to later runs: one reads %d"
                logger.warning(text, len(index) - position, MAX_SITEMAPS)
                self._count(counters.SOURCES_TRUNCATED)
                self._has_left_out = True
                return
            self._requested.add(sitemap.identity(nested.url))
            yield len(self._requested), nested

    def _changed(self, index: list[Nested]) -> list[Nested]:
        """Return the sitemaps of an index that may have changed, the newest first."""
        discovery, since = self._context.discovery, self._context.scope.since
        dated = [nested for nested in index if nested.lastmod]
        if discovery.is_new and not self._requests_new:
            # A new series fetches all its articles after this.
            for nested in dated:
                self._after_entries(nested.url, Source(seen=seconds(nested.lastmod)))
            return []
        changed = [
            nested for nested in dated if self._source(nested.url).seen != seconds(nested.lastmod)
        ]
        if since is not None:
            changed = [
                nested for nested in changed if nested.lastmod and nested.lastmod.date() >= since
            ]
        read = {nested.url for nested in index if self._has_read(nested.url)}
        undated = sitemap.unread(index, read) if self._requests_new else []
        # A time in the future says nothing.
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        changed.sort(
            key=lambda nested: (not _is_after(nested, tomorrow), str(nested.lastmod)), reverse=True
        )
        return [*changed, *undated]


def _is_after(nested: Nested, moment: datetime) -> bool:
    return nested.lastmod is not None and nested.lastmod > moment
