"""What a site states outside its pages, collected from an archive: robots.txt, tdmrep.json, RSL.

They are kept as they were sent, so that each process that reads pages makes of them what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawl.discovery import feed
from newscrawl.rights import robots_txt, rsl
from newscrawl.rights.policy import RECORD
from newscrawl.rights.site_rights import SiteRights
from newscrawl.rights.tdmrep import WELL_KNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.bulk.responses import ArchivedResponse
    from newscrawl.urls import SiteUrls

_MAX_ROBOTS = robots_txt.MAX_BYTES + 1024
_MAX_DOCUMENTS = 1_000
_ROOT = 4_096
"""Bytes in which an RSL document has its first element."""


@dataclass(slots=True, eq=False)
class SiteDocuments:
    """The documents of one site, the newest of each address."""

    robots: dict[str, bytes] = field(default_factory=dict)
    """robots.txt by host with port; empty if the host does not have it."""
    reservations: bytes | None = None
    """tdmrep.json."""
    licences: dict[str, bytes] = field(default_factory=dict)
    """RSL documents by the address from which they were fetched."""
    feeds: dict[str, bytes] = field(default_factory=dict)
    """Feeds with licences by address."""
    digest: bytes = b""
    """Of all that they hold: what is made of them is made once in each process."""

    def with_response(self, response: ArchivedResponse) -> SiteDocuments:
        """Return these documents with a response; the same object if it is not a new one."""
        changed = SiteDocuments(
            {**self.robots}, self.reservations, {**self.licences}, {**self.feeds}
        )
        if not changed.add(response):
            return self
        parts = (changed.robots, changed.reservations, changed.licences, changed.feeds)
        changed.digest = blake2b(repr(parts).encode(), digest_size=16).digest()
        return changed

    def add(self, response: ArchivedResponse) -> bool:
        """Take a response if it is such a document; return whether it is another than before."""
        parts = urlsplit(response.url)
        if parts.path == "/robots.txt" and not parts.query:
            return self._add_robots(parts.netloc.lower(), response)
        if response.status != 200:
            return False
        if parts.path == WELL_KNOWN:
            is_new = response.body != self.reservations
            self.reservations = response.body
            return is_new
        if b"<rsl" in response.body[:_ROOT] and not response.is_html:
            return _keep(self.licences, response.url, response.body)
        if rsl.NAMESPACE.encode() in response.body and not response.is_html:
            return _keep(self.feeds, response.url, response.body)
        return False

    def _add_robots(self, host: str, response: ArchivedResponse) -> bool:
        if 200 <= response.status < 300:
            return _keep(self.robots, host, response.body[:_MAX_ROBOTS])
        # RFC 9309, 2.3.1.3: the host has no robots.txt. Any other status says nothing.
        return 400 <= response.status < 500 and _keep(self.robots, host, b"")

    def rights(self, urls: SiteUrls, policy: str = RECORD) -> SiteRights:
        """Return what they state, as a crawl of the site knows it."""
        rights = SiteRights(policy)
        for host, body in self.robots.items():
            robots = robots_txt.parse(body)
            lines, others = robots.rights_lines, robots.rights_of_others
            rights.add_robots(host, lines, others, robots.allows)
        if self.reservations is not None:
            rights.add_reservations(self.reservations.decode("utf-8-sig", "replace"))
        self.add_licences(rights, rights.documents(), urls)
        for url, body in self.feeds.items():
            try:
                items = feed.licences(body, url, urls)
            except ValueError:
                continue
            rights.add_feed(url, items)
        return rights

    def add_licences(self, rights: SiteRights, addresses: Iterable[str], urls: SiteUrls) -> None:
        """Give the RSL documents at some addresses to `rights`, as far as they are here."""
        for address in addresses:
            body = self.licences.get(urls.fetchable(address))
            if address in rights.licences or body is None:
                continue
            try:
                rights.add_licence(address, 200, body, "")
            except ValueError:
                rights.licences[address] = []


def _keep(documents: dict[str, bytes], key: str, body: bytes) -> bool:
    is_new = documents.get(key) != body
    if not is_new or (key not in documents and len(documents) >= _MAX_DOCUMENTS):
        return False
    documents[key] = body
    return True
