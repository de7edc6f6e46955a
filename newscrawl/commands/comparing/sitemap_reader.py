"""Reads all sitemaps of a site: those that robots.txt names, else the usual ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.discovery import sitemap
from newscrawl.discovery.sitemap import MAX_NESTED
from newscrawl.spiders.channels.entries_channel import USUAL_SITEMAPS, XML
from newscrawl.spiders.channels.sitemap_channel import MAX_NESTING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newscrawl.commands.probing.probe_requests import Requests
    from newscrawl.discovery.entries import Entry
    from newscrawl.spiders.source_failure import SourceFailure
    from newscrawl.urls import SiteUrls

_MAX_NOTES = 10


class SitemapReader:
    """Reads sitemaps and indexes of sitemaps, each once."""

    def __init__(self, requests: Requests, urls: SiteUrls) -> None:
        self._requests, self._urls = requests, urls
        self.entries: dict[str, Entry] = {}
        """By address."""
        self.notes: list[str] = []
        self.failure: SourceFailure | None = None
        """Why the last sitemap could not be read; None if it could."""
        self.is_complete = True
        self._seen: set[str] = set()

    async def read(self, stated: Sequence[str]) -> bool:
        """Read the sitemaps of robots.txt, else the first usual one; return whether any answers."""
        own, others = sitemap.stated(stated, self._urls)
        is_read = any([await self._read(url, 0) for url in own])
        for url in others:
            self._lose(f"{url} is not read: {sitemap.OTHER_SITE}")
        if is_read:
            return True
        for path in USUAL_SITEMAPS:
            # A usual address without a sitemap does not matter where another one has it.
            self.notes, self.is_complete = [], True
            if await self._read(self._urls.site.origin + path, 0):
                return True
        return False

    async def _read(self, url: str, depth: int) -> bool:
        """Read a sitemap and those that it lists; return whether it is a sitemap."""
        if (identity := sitemap.identity(url)) in self._seen:
            return False
        self._seen.add(identity)
        answer = await self._requests.send(self._urls.fetchable(url), headers={"Accept": XML})
        self.failure = answer.failure
        if answer.failure is not None or answer.response is None:
            self._lose(f"{url}: {answer.failure.reason if answer.failure else 'no answer'}")
            return False
        try:
            document = sitemap.read(answer.body, answer.response.url, self._urls)
        except ValueError as error:
            self._lose(str(error))
            return False
        if document.truncated:
            self._lose(f"{url} is read to its 50,000th entry")
        for entry in document.entries:
            self.entries.setdefault(entry.address.url, entry)
        for other in sitemap.of_other_sites(document):
            self._lose(f"{other} is not read: {sitemap.OTHER_SITE}")
        for nested in document.nested:
            if len(self._seen) > MAX_NESTED:
                self._lose(f"more than {MAX_NESTED} sitemaps: the others are not read")
                break
            if depth < MAX_NESTING:
                await self._read(nested.url, depth + 1)
            else:
                self._lose(f"{nested.url} is not read: too many indexes lead to it")
        return True

    def _lose(self, note: str) -> None:
        self.is_complete = False
        if len(self.notes) < _MAX_NOTES:
            self.notes.append(note)
