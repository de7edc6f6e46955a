"""Which addresses this run has come across of late, and how each was found."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.discovery import (
    ARCHIVE,
    CHANGE_MARKERS,
    CHANNELS,
    EXPLICIT,
    FEED,
    LISTED,
    MENU,
    RELATED,
    REST,
    SITEMAP,
)
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAMES = (*CHANNELS, EXPLICIT)
# The ledger keeps them: a new one goes to the end.
_BITS = {
    name: 1 << position
    for position, name in enumerate((MENU, ARCHIVE, RELATED, EXPLICIT, SITEMAP, FEED, REST))
}
REMEMBERED = 50_000
"""Addresses kept in memory; the ledger knows them all."""


def bits(*channels: str) -> int:
    """Return channels as a bit mask."""
    mask = 0
    for name in channels:
        mask |= _BITS[name]
    return mask


def names(mask: int) -> list[str]:
    """Return the channels of a bit mask, in a fixed order."""
    return [name for name in _NAMES if mask & _BITS[name]]


@dataclass(frozen=True, slots=True)
class UrlUpdate:
    """An article's address seen once more, by another channel or with something to tell."""

    url: str
    channels: int = 0
    """Those that are news; none where the address is only to be noted if it is known."""
    change_markers: Mapping[str, int] = field(default_factory=dict)
    """What a source tells of the article, by the names of `discovery.CHANGE_MARKERS`."""


@dataclass(frozen=True, slots=True)
class Source:
    """What was last heard of a feed, a sitemap or a list that is asked again and again."""

    etag: str | None = None
    last_modified: str | None = None
    seen: int | None = None
    """The latest change that it told of, in seconds since 1970."""
    silent_since: int | None = None
    """When it was found to be missing, or to tell nothing of use."""


@dataclass(slots=True)
class DiscoveryState:
    """Canonical URLs with the channels that led to them, the latest 50,000.

    What lies further back is for the ledger to know: an address that is forgotten here and
    found again is asked of it again.
    """

    updates: list[UrlUpdate] = field(default_factory=list)
    """What is to be noted of addresses that need no request; the scheduler takes them."""
    known_heads: dict[str, list[int]] = field(default_factory=dict)
    """Section to the keys of the newest articles below which its archive is known."""
    new_known_heads: dict[str, list[int]] = field(default_factory=dict)
    """Those that this run has found; the scheduler takes them."""
    sources: dict[int, Source] = field(default_factory=dict)
    """Key of an address to what was last heard of it."""
    new_sources: dict[int, Source] = field(default_factory=dict)
    """Those that this run has asked; the scheduler takes them after the sightings."""
    sitemaps: list[str] = field(default_factory=list)
    """Addresses that robots.txt names."""
    is_new: bool = False
    """Whether no run of the series was before this one."""
    _channels: OrderedDict[str, int] = field(default_factory=OrderedDict)
    _outside: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def __len__(self) -> int:
        return len(self._channels)

    def add(self, url: str, channel: str, change_marker: int | None = None) -> bool:
        """Note that `channel` led to `url`; return whether it is to be asked for.

        `change_marker` is what the channel tells of the article. An article that was found to be
        outside the section is taken up again when the section's archive lists it after all.
        """
        known = self._channels.get(url, 0)
        mask = known | _BITS[channel]
        self.recall(url, mask)
        if not known:
            return True
        if channel in LISTED and url in self._outside:
            del self._outside[url]
            return True
        if mask != known or change_marker is not None:
            told = {} if change_marker is None else {CHANGE_MARKERS[channel]: change_marker}
            self.updates.append(UrlUpdate(url, _BITS[channel], told))
        return False

    def recall(self, url: str, mask: int) -> None:
        """Remember an address with the channels that the ledger knows."""
        self._channels[url] = self._channels.pop(url, 0) | mask
        if len(self._channels) > REMEMBERED:
            self._channels.popitem(last=False)

    def channels(self, *urls: str) -> list[str]:
        """Return the names of the channels that led to any of `urls`, in a fixed order."""
        mask = 0
        for url in urls:
            mask |= self._channels.get(url, 0)
        return names(mask)

    def set_aside(self, url: str) -> None:
        """Note that the article at `url` is none of the section, as far as its page tells."""
        self._outside[url] = None
        if len(self._outside) > REMEMBERED:
            self._outside.popitem(last=False)

    def covered(self, section: str, known_head: Iterable[int]) -> None:
        """Note that all that a section's archive lists below `known_head` is known."""
        self.new_known_heads[section] = self.known_heads[section] = list(known_head)

    def heard(self, url: str, source: Source) -> None:
        """Note what was heard of a source."""
        key = key_of(url)
        self.new_sources[key] = self.sources[key] = source


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed (RFC 9110, 13.1)."""
    if etag:
        return {"If-None-Match": etag}
    return {"If-Modified-Since": last_modified} if last_modified else {}
