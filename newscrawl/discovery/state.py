"""The addresses that a run has discovered recently, and the channels that led to them."""

from __future__ import annotations

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.discovery import CHANGE_MARKERS, LISTED
from newscrawl.items.channel_table import TABLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BITS = {row.name: 1 << row.bit for row in TABLE}
REMEMBERED = 50_000
"""Addresses kept in memory; the ledger has all of them."""


def bits(*channels: str) -> int:
    """Return channels as a bit mask."""
    mask = 0
    for name in channels:
        mask |= _BITS[name]
    return mask


def names(mask: int) -> list[str]:
    """Return the channels of a bit mask, in a fixed order."""
    return [row.name for row in TABLE if mask & _BITS[row.name]]


@dataclass(frozen=True, slots=True)
class UrlUpdate:
    """An article's address listed again, by another channel or with a change marker."""

    url: str
    channels: int = 0
    """Bit mask of the new ones; 0 if the update is for a known address only."""
    change_markers: Mapping[str, int] = field(default_factory=dict)
    """The article's change markers, by the names in `discovery.CHANGE_MARKERS`."""


@dataclass(frozen=True, slots=True)
class Source:
    """The last state of a feed, a sitemap or a list that is requested regularly."""

    etag: str | None = None
    last_modified: str | None = None
    seen: int | None = None
    """The latest change that it listed, in seconds since 1970; negative if only its index has
    stated that change, and the sitemap itself has not."""
    silent_since: int | None = None
    """When it was found to be missing or of no use, in seconds since 1970."""
    fresh_until: int | None = None
    """Before when the site wants no second request for it, in seconds since 1970."""


@dataclass(slots=True)
class DiscoveryState:
    """The latest 50,000 canonical URLs with the channels that led to them.

    An address that was dropped from memory and is discovered again is sent to the ledger,
    which knows it.
    """

    updates: list[UrlUpdate] = field(default_factory=list)
    """Updates of addresses that need no request; the scheduler takes them."""
    known_heads: dict[str, list[int]] = field(default_factory=dict)
    """Section to the keys of the newest articles, below which its archive is known."""
    new_known_heads: dict[str, list[int]] = field(default_factory=dict)
    """Those that are new in this run; the scheduler takes them."""
    sources: dict[int, Source] = field(default_factory=dict)
    """Key of an address to its last state."""
    new_sources: dict[int, Source] = field(default_factory=dict)
    """Those that this run has read; the scheduler takes them after the updates."""
    site_facts: str | None = None
    """Facts about the site as `discovery.site_facts` writes them, if runs have learned some."""
    new_site_facts: str | None = None
    """Those that this run has learned; the scheduler takes them."""
    sitemaps: list[str] = field(default_factory=list)
    """Values of `Sitemap:` lines in robots.txt, as written."""
    is_new: bool = False
    """Whether this is the first run of the series."""
    known_addresses: int = 0
    """About how many addresses the ledger knows."""
    edition: int = 1
    """How many times the series is being written, this run's time included."""
    is_listed_by_rest: bool = False
    """Whether REST's list of all posts is being read, or was read to its end by an earlier run."""
    full_discovery: str | None = None
    """Identity of the discovery by all channels, if this run does it."""
    read_articles: int = 0
    """How many articles this run has read."""
    seen: dict[str, set[int]] = field(default_factory=dict)
    """Section to the keys of the articles that this run has seen in its archive."""
    first_found: Counter[str] = field(default_factory=Counter)
    """Channel to the number of addresses that it was the first to lead to."""
    _channels: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _outside: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._channels)

    def remember(
        self,
        known_heads: Mapping[str, list[int]],
        sources: Mapping[int, Source],
        known_addresses: int,
        *,
        is_new: bool,
    ) -> None:
        """Take over what earlier runs have left in the ledger."""
        self.known_heads.update(known_heads)
        self.sources.update(sources)
        self.known_addresses = known_addresses
        self.is_new = is_new

    def add(self, url: str, channel: str, change_marker: int | None = None) -> bool:
        """Record that `channel` led to `url`; return whether it must be requested.

        An article marked as outside the section is requested again when the section's archive
        or feed lists it.
        """
        previous = self._channels.get(url, 0)
        mask = previous | _BITS[channel]
        self.restore(url, mask)
        if not previous:
            self.first_found[channel] += 1
            return True
        if channel in LISTED and url in self._outside:
            del self._outside[url]
            return True
        if mask != previous or change_marker is not None:
            change_markers = (
                {} if change_marker is None else {CHANGE_MARKERS[channel]: change_marker}
            )
            self.updates.append(UrlUpdate(url, _BITS[channel], change_markers))
        return False

    def found(self, url: str, channel: str) -> list[str]:
        """Record that `channel` holds the article at `url`; return all channels that led to it."""
        self.restore(url, _BITS[channel])
        return self.channels(url)

    def restore(self, url: str, mask: int) -> None:
        """Add the channels in `mask`, from the ledger for example, to an address."""
        self._channels[url] = self._channels.pop(url, 0) | mask
        if len(self._channels) > REMEMBERED:
            self._channels.popitem(last=False)

    def channels(self, *urls: str) -> list[str]:
        """Return the names of the channels that led to any of `urls`, in a fixed order."""
        mask = 0
        for url in urls:
            mask |= self._channels.get(url, 0)
        return names(mask)

    def mark_outside(self, url: str) -> None:
        """Record that the article at `url` is outside the section according to its page."""
        self._outside[url] = None
        if len(self._outside) > REMEMBERED:
            self._outside.popitem(last=False)

    def set_known_head(self, section: str, known_head: Iterable[int]) -> None:
        """Record that everything below `known_head` in a section's archive is known."""
        self.new_known_heads[section] = self.known_heads[section] = list(known_head)

    def take_known_heads(self) -> dict[str, list[int]]:
        """Return the known heads that are new since the last call."""
        known_heads, self.new_known_heads = self.new_known_heads, {}
        return known_heads

    def take_updates(self, limit: int) -> list[UrlUpdate]:
        """Remove and return at most `limit` pending updates, the oldest first."""
        updates = self.updates[:limit]
        del self.updates[:limit]
        return updates

    def take_sources(self) -> dict[int, Source]:
        """Return the sources that are new since the last call; none while updates are pending.

        The updates from a source must be stored before its state, or a kill would lose them.
        """
        if self.updates:
            return {}
        sources, self.new_sources = self.new_sources, {}
        return sources

    def learn_site(self, facts: str) -> None:
        """Record facts about the site."""
        self.site_facts = self.new_site_facts = facts

    def take_site_facts(self) -> str | None:
        """Return the facts about the site that are new since the last call."""
        facts, self.new_site_facts = self.new_site_facts, None
        return facts

    def full_discovery_of(self, arguments: Mapping[str, str]) -> str:
        """Return the identity of the discovery by all channels in runs with these arguments."""
        limits = [(name, arguments.get(name)) for name in ("section", "since", "until")]
        return f"all channels {limits} {self.edition}"

    def end_full_discovery(self, now: int) -> None:
        """Record that all channels were read, if that is what this run did."""
        if self.full_discovery is not None:
            self.update_source(self.full_discovery, Source(seen=now))

    def update_source(self, url: str, source: Source) -> None:
        """Record the state of a source."""
        key = key_of(url)
        self.new_sources[key] = self.sources[key] = source


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers of a conditional request (RFC 9110, 13.1)."""
    if etag:
        return {"If-None-Match": etag}
    return {"If-Modified-Since": last_modified} if last_modified else {}
