"""Looks at sitemaps and feeds: which there are, how many entries they have, how fresh they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.commands.probing.probe_requests import state_of
from newscrawl.commands.probing.site_report import NOT_READ, OPEN, UNREADABLE, SourceFound
from newscrawl.discovery import feed, sitemap
from newscrawl.spiders.channels.entries_channel import USUAL_SITEMAPS, XML

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from newscrawl.commands.probing.probe_requests import Answer, Requests
    from newscrawl.discovery.entries import Entry
    from newscrawl.discovery.sitemap import Nested
    from newscrawl.urls import SiteUrls

_MAX_STATED = 2
_MAX_NESTED = 3
"""Sitemaps of an index that are read."""
_HEADERS = {"Accept": XML}


async def sitemaps(
    requests: Requests, urls: SiteUrls, stated: Sequence[str]
) -> tuple[list[SourceFound], list[Entry]]:
    """Return the sitemaps and the articles that those list that were read.

    Read are the first two of robots.txt, else the first of the usual addresses that answers,
    and the newest three of an index.
    """
    sources: list[SourceFound] = []
    entries: list[Entry] = []
    own, others = sitemap.stated(stated, urls)
    wanted = own[:_MAX_STATED]
    for url in wanted or [urls.site.origin + path for path in USUAL_SITEMAPS]:
        source, listed, nested = await _sitemap(requests, urls, url, others)
        sources.append(source)
        entries += listed
        for entry in _newest(nested)[:_MAX_NESTED]:
            inner, listed, _ = await _sitemap(requests, urls, entry.url, others)
            sources.append(inner)
            entries += listed
        unread = _newest(nested)[_MAX_NESTED:]
        sources += [SourceFound(entry.url, NOT_READ) for entry in unread]
        if source.state == OPEN and not wanted:
            break
    sources += [SourceFound(url, NOT_READ) for url in own[_MAX_STATED:]]
    sources += [SourceFound(url, NOT_READ, sitemap.OTHER_SITE) for url in others]
    return sources, entries


def _newest(nested: Sequence[Nested]) -> list[Nested]:
    """Return the sitemaps of an index, the newest first; those without a date by number."""
    order = sorted(enumerate(nested), key=lambda one: (str(one[1].lastmod or ""), one[0]))
    return [entry for _, entry in reversed(order)]


async def _sitemap(
    requests: Requests, urls: SiteUrls, url: str, others: list[str]
) -> tuple[SourceFound, list[Entry], list[Nested]]:
    """Return a sitemap and what it lists; sitemaps of other sites are added to `others`."""
    answer = await requests.send(urls.fetchable(url), headers=_HEADERS)
    if (failed := _failed(url, answer)) is not None:
        return failed, [], []
    assert answer.response is not None
    try:
        document = sitemap.read(answer.body, answer.response.url, urls)
    except ValueError as error:
        return SourceFound(url, UNREADABLE, str(error)), [], []
    others += [other for other in sitemap.of_other_sites(document) if other not in others]
    latest = document.latest or _latest(document.entries)
    count = len(document.nested) or len(document.entries)
    source = SourceFound(url, OPEN, "", count, _text(latest), bool(document.nested))
    return source, document.newest_first, document.nested


async def feeds(
    requests: Requests, urls: SiteUrls, archives: Sequence[str]
) -> tuple[list[SourceFound], list[Entry]]:
    """Return the feeds of the site and of some archives, and the articles that they list."""
    sources: list[SourceFound] = []
    entries: list[Entry] = []
    is_plain = urls.permalinks.is_plain
    for base in [f"{urls.site.origin}/", *archives]:
        url = urls.canonical(feed.address(base, is_plain=is_plain))
        answer = await requests.send(urls.fetchable(url), headers=_HEADERS)
        if (failed := _failed(url, answer)) is not None:
            sources.append(failed)
            continue
        try:
            listed = feed.read(answer.body, url, urls)
        except ValueError as error:
            sources.append(SourceFound(url, UNREADABLE, str(error)))
            continue
        sources.append(SourceFound(url, OPEN, "", len(listed), _text(_latest(listed))))
        entries += listed
    return sources, entries


def _failed(url: str, answer: Answer) -> SourceFound | None:
    if answer.failure is None:
        return None
    return SourceFound(url, state_of(answer.failure), answer.failure.reason)


def _latest(entries: Iterable[Entry]) -> datetime | None:
    moments = [moment for one in entries for moment in (one.modified, one.published) if moment]
    return max(moments, default=None)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
