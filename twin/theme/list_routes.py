"""Which list an address names: home, section, tag, author, day; and their feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import addresses
from twin.sections import BY_SLUG
from twin.theme import archives, faulty_lists, feeds
from twin.theme.days import span
from twin.theme.listing_request import ListingRequest
from twin.theme.reply import Asked, Reply, api_link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from twin.theme.reply import Headers
    from twin.theme.site import Site


def feed(site: Site, asked: Asked, base: Sequence[str]) -> Reply | None:
    """Answer the feed of a list; None when the path names no list."""
    named = _members(site, base)
    if named is None:
        return None
    name, positions = named
    path = f"/{'/'.join([*base, 'feed'])}/"
    return feeds.answer(site, asked, path, name, positions)


def _members(site: Site, base: Sequence[str]) -> tuple[str | None, Sequence[int]] | None:
    if not base:
        return None, site.index.everything()
    slug = category(site, base)
    if slug is not None:
        return site.label(slug), site.index.category(slug)
    if len(base) == 2 and base[0] == "tag":
        return site.index.tag(base[1])
    if len(base) == 2 and base[0] == "author":
        person = site.index.author(base[1])
        return (person[0].name, person[1]) if person else None
    return None


def _page(
    site: Site,
    listing: ListingRequest,
    make: Callable[[ListingRequest], str],
    *,
    more: Headers = (),
    offset: int = 0,
) -> Reply:
    """Return a page; past the end there is none, but an empty last page is one."""
    listing = faulty_lists.shown(site, listing, offset)
    if not listing.exists:
        return Reply(status=404)
    return Reply(make(listing), headers=(api_link(site), *more))


def front(site: Site, page: int = 1) -> Reply:
    """Return the home page."""
    listing = ListingRequest(site.face.description, site.url("/"), site.index.everything(), page)
    return _page(site, listing, lambda listing: archives.home(site, listing))


def answer(site: Site, base: Sequence[str], page: int) -> Reply | None:
    """Answer a page of a list; None when the path names no list."""
    if not base:
        return front(site, page)
    slug = category(site, base)
    if slug is not None:
        return _section(site, slug, page, None)
    if len(base) == 2 and base[0] == "tag":
        return _tag(site, base[1], page)
    if len(base) == 2 and base[0] == "author":
        return _author(site, base[1], page)
    return _dated(site, base, page)


def _section(site: Site, slug: str, page: int, url: str | None) -> Reply:
    positions = site.index.category(slug)
    listing = ListingRequest(site.label(slug), url or site.category(slug), positions, page)
    rest = site.url(f"/wp-json/wp/v2/categories/{BY_SLUG[slug].id}")
    more = (("Link", f'<{rest}>; rel="alternate"; type="application/json"'),)
    return _page(
        site,
        listing,
        lambda listing: archives.category(site, slug, listing),
        more=more,
        offset=archives.hero_size(site),
    )


def _tag(site: Site, slug: str, page: int) -> Reply:
    named = site.index.tag(slug)
    if named is None:
        return Reply(status=404)
    listing = ListingRequest(named[0], site.url(f"/tag/{slug}/"), named[1], page)
    return _page(site, listing, lambda listing: archives.tag(site, slug, listing))


def _author(site: Site, slug: str, page: int) -> Reply:
    named = site.index.author(slug)
    if named is None:
        return Reply(status=404)
    person, positions = named
    listing = ListingRequest(person.name, site.author(slug), positions, page)
    return _page(site, listing, lambda listing: archives.author(site, person, listing))


def category(site: Site, base: Sequence[str]) -> str | None:
    """Return the category that a path names; its parents may be left out or wrong."""
    prefix = site.switches.category_base
    keys = site.face.keys
    if not base or base[-1] not in keys:
        return None
    key = keys[base[-1]]
    if prefix == "bare":
        full = [c.slug for c in site.face.chain(key)]
        return key if list(base) in (full, full[-1:]) else None
    known = len(base) > 1 and base[0] == prefix and all(name in keys for name in base[1:])
    return key if known else None


def _dated(site: Site, base: Sequence[str], page: int) -> Reply | None:
    """Answer a year, month or day, and the day with a category behind it."""
    path = f"/{'/'.join(base)}/"
    days = span(base, site.face.months)
    if days is not None:
        positions = site.index.days(days.first, days.last)
        if not positions:
            return Reply(status=404)
        listing = ListingRequest(days.name, site.url(path), positions, page)
        return _page(site, listing, lambda listing: archives.dates(site, days.kind, listing))
    # /2026/09/12/esteri/ is a prefix of every article's address: the whole section, page 1 only.
    keys = site.face.keys
    prefixed = len(base) == 4 and base[3] in keys and span(base[:3]) is not None
    if not prefixed or site.switches.permalinks in addresses.PERMALINKS[1:]:
        return None
    return _section(site, keys[base[3]], 1, site.url(path)) if page == 1 else Reply(status=404)
