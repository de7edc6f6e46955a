"""Lists of posts as faults have them: without posts, with pinned ones, without an end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from twin.theme.listing_request import PER_PAGE

if TYPE_CHECKING:
    from twin.theme.listing_request import ListingRequest
    from twin.theme.site import Site

_LISTS = 10_000
_BEYOND = 1_000_000
"""Positions beyond the posts that each list has for itself."""


def shown(site: Site, listing: ListingRequest, offset: int) -> ListingRequest:
    """Return a page of a list as the faults have it; the hero shows the first `offset` posts."""
    faults = site.faults
    if faults.no_list:
        least = listing.page + (faults.no_list == "next")
        return replace(listing, positions=(), least=least)
    if faults.sticky:
        listing = replace(listing, positions=_pinned(listing, faults.sticky, offset))
    if not faults.endless:
        return listing
    page, last = listing.page, listing.last
    if page > last and listing.positions:
        numbers = range((page - last - 1) * PER_PAGE, (page - last) * PER_PAGE)
        listing = replace(listing, instead=_beyond(site, listing, numbers))
    return replace(listing, least=page + 1)


def _pinned(listing: ListingRequest, number: int, offset: int) -> list[int]:
    old = listing.positions[len(listing.positions) // 2 :]
    pinned = old[:: max(1, len(old) // number)][:number]
    rest = [p for p in listing.positions[offset:] if p not in set(pinned)]
    return [*listing.positions[:offset], *pinned, *rest]


def _beyond(site: Site, listing: ListingRequest, numbers: range) -> tuple[int, ...]:
    """Return what a list shows beyond its end: positions that `Index.card` invents, or old ones."""
    if site.faults.endless == "old":
        old = listing.positions[len(listing.positions) // 2 :]
        return tuple(old[(number * 7919 + 13) % len(old)] for number in numbers)
    path = listing.url.removeprefix(site.origin)
    first = site.index.size + crc32(path.encode()) % _LISTS * _BEYOND
    return tuple(first + number for number in numbers)
