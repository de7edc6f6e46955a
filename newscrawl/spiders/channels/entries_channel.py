"""What feeds, sitemaps and REST lists have in common: many entries, read again and again."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newscrawl.arguments import WRITE
from newscrawl.discovery import REST, freshness, sitemap
from newscrawl.discovery.state import Source, conditional_headers
from newscrawl.outcomes import counters
from newscrawl.spiders.channels.channel import Channel, ListedArticle, Reading, SourceRequest
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import Response

    from newscrawl.discovery.entries import Entry
    from newscrawl.spiders.source_failure import SourceFailure

logger = logging.getLogger("newscrawl.spider")
XML = "application/xml, text/xml;q=0.9, application/rss+xml;q=0.9, */*;q=0.5"
USUAL_SITEMAPS = ("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml")
"""Paths of a WordPress site's sitemap: Yoast and RankMath, WordPress itself, others."""
_CHANGES = "changes"
SILENT_SECONDS = 7 * 86_400
"""How long a source that is missing or of no use is not requested again."""


class EntriesChannel(Channel):
    """Reads sources that list many articles at once.

    The run of the whole site also takes new articles from them. The run of a section takes
    changes of known articles only, except from the section's own feed.
    """

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue without a source that could not be fetched."""
        return self._not_read(state["url"], failure)

    @property
    def _takes_new(self) -> bool:
        """Whether the run takes the new articles that its sources list, as most runs do."""
        return self._is_chosen

    @property
    def _is_chosen(self) -> bool:
        """Whether the run's arguments have it take articles from such sources, without a limit."""
        arguments = self._context.arguments
        is_named = self.name in arguments.discover and not arguments.urls
        return is_named and arguments.pages is None and arguments.source != REST

    @property
    def _has_span(self) -> bool:
        """Whether the run leaves out what was published on other days."""
        scope = self._context.scope
        return scope.since is not None or scope.until is not None

    def _state_name(self, url: str) -> str:
        """Return the name of a source's state; runs that take only a part of it have their own.

        What they leave in it is new to the runs that take it: those take it as unread.
        """
        parts = [] if self._takes_new else [_CHANGES]
        if self._has_span:
            parts += self._context.scope.span()
        return " ".join([url, *parts])

    def _source(self, url: str) -> Source:
        """Return the state of a source, as far as the run's kind of runs has read it."""
        sources = self._context.discovery.sources
        # Who has taken the new articles has taken the changes too.
        whole = sources.get(key_of(url), Source())
        return sources.get(key_of(self._state_name(url)), whole)

    def _has_read(self, url: str) -> bool:
        """Return whether an earlier run has read a source, as far as this run reads it."""
        names = (url, self._state_name(url))
        return any(key_of(name) in self._context.discovery.sources for name in names)

    def _is_silent(self, url: str) -> bool:
        since = self._context.discovery.sources.get(key_of(url), Source()).silent_since
        # A time in the future was written by a clock that was wrong.
        return since is not None and 0 <= time.time() - since < SILENT_SECONDS

    def _silence(self, url: str) -> None:
        self._context.discovery.update_source(url, Source(silent_since=int(time.time())))

    @property
    def _heeds_freshness(self) -> bool:
        """Whether the run takes all that a source lists, as the runs before and after it do."""
        arguments = self._context.arguments
        is_limited = self._has_span or arguments.pages is not None
        return not is_limited and arguments.known != WRITE

    def _is_fresh(self, url: str) -> bool:
        """Return whether the site wants no second request for a source yet; count it."""
        until = self._source(url).fresh_until
        # A later time was written by a clock that was wrong.
        is_fresh = until is not None and 0 < until - time.time() <= freshness.MAX_SECONDS
        if is_fresh and self._heeds_freshness:
            logger.info("Not requested before %s, as the site asks: %s", moment_of(until), url)
            self._count(counters.SOURCES_FRESH)
            return True
        return False

    def _note_freshness(self, response: Response, url: str) -> None:
        """Record until when a source that was read needs no second request."""
        if not self._heeds_freshness:
            return
        before, now = self._source(url), int(time.time())
        headers = (_header(response, name) or "" for name in ("Cache-Control", "Age"))
        seconds = freshness.seconds_left(*headers)
        if seconds or before.fresh_until is not None:
            until = now + seconds if seconds else None
            self._after_entries(url, replace(before, fresh_until=until))

    def _sitemap_urls(self) -> list[str]:
        """Return the sitemaps that are requested first: those of robots.txt, else the usual."""
        origin = self._context.site.origin
        urls = self._stated_sitemaps()[0] or [origin + path for path in USUAL_SITEMAPS]
        return [url for url in urls if not self._is_silent(url)]

    def _stated_sitemaps(self) -> tuple[list[str], list[str]]:
        """Return the sitemaps of robots.txt: the site's own, and the others, which are not read."""
        context = self._context
        return sitemap.stated(context.discovery.sitemaps, context.addresses)

    def _conditional_request(self, url: str, **state: object) -> SourceRequest:
        source = self._source(url)
        headers = {"Accept": XML, **conditional_headers(source.etag, source.last_modified)}
        return SourceRequest(url, {"url": url, **state}, headers=headers)

    def _updated_source(self, response: Response, url: str, changed: int | None) -> Source:
        source = self._source(url)
        return Source(
            _header(response, "ETag") or source.etag,
            _header(response, "Last-Modified") or source.last_modified,
            changed,
        )

    def _after_entries(self, url: str, source: Source) -> None:
        """Record the state of a source; it is stored after what the source has listed."""
        self._context.discovery.update_source(self._state_name(url), source)

    def _listed(self, entries: Iterable[Entry], *, is_wanted: bool) -> list[ListedArticle]:
        """Return the articles of entries; known ones only if not `is_wanted`."""
        articles = []
        for entry in entries:
            self._count(counters.ENTRIES.format(channel=self.name))
            self._note_newest(entry.published)
            articles.append(
                ListedArticle(
                    entry.address.url,
                    entry.change_marker,
                    is_wanted=is_wanted and self._is_covered(entry),
                    day=self._day_of(entry),
                )
            )
        return articles

    def _day_of(self, entry: Entry) -> str | None:
        """Return the day of publication that an entry states, in the site's time zone."""
        if entry.published is None:
            return None
        return entry.published.astimezone(self._context.zone).date().isoformat()

    def _is_covered(self, entry: Entry) -> bool:
        """Return whether an article may be within the run's days, as far as its entry says."""
        scope = self._context.scope
        zone, since = ZoneInfo(self._context.site.timezone), scope.since
        if entry.address.day:
            return scope.covers_day(entry.address.day)
        if entry.published:
            return scope.covers_day(entry.published.astimezone(zone).isoformat())
        changed = entry.modified and entry.modified.astimezone(zone).date()
        return since is None or changed is None or changed >= since


def moment_of(seconds: int | None) -> datetime | None:
    """Return seconds since 1970 as a time in UTC."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
