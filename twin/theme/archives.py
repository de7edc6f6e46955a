"""Lists of posts: home, sections, tags, authors, days, search results, the 404 page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from twin.sections import BY_SLUG
from twin.theme import redesign, stock
from twin.theme.blocks import Block, IndexBlock, block_id, first_id
from twin.theme.head import Head, page
from twin.theme.listing_request import PER_PAGE, ListingRequest
from twin.theme.rendering import esc_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.model import Card, Person
    from twin.theme.site import Site

API = "/wp-json/twin/v1/"
"""Where scripts fetch texts and lists that a page leaves empty."""
HERO = 4
"""Posts in an archive's hero, which its list leaves out."""
STICKIES = 7
"""Posts pinned to the top of the home page's list, out of their order."""
HOME_SECTIONS = ("cronaca", "esteri", "calcio")
SUBTITLES = {"esteri": "Le notizie dal mondo", "cronaca": "I fatti del giorno"}


def _cards(site: Site, positions: Sequence[int]) -> list[Card]:
    return [site.index.card(position) for position in positions]


def _list_page(
    site: Site, template: str, listing: ListingRequest, classes: str, **context: Any
) -> str:
    """Return a page with the list that most archives have; `context` may replace it."""
    if site.switches.layout == "redesign":
        return redesign.listing(site, listing)
    if site.switches.layout in stock.THEMES:
        kind = context.get("kind", template.partition(".")[0].capitalize())
        return stock.listing(site, listing, context.get("head", listing.head), classes, kind)
    if "list" not in context:
        cards = _cards(site, listing.shown())
        context["list"] = IndexBlock(cards, first_id(cards))
    head = context.pop("head", listing.head)
    return page(site, template, head, classes, listing=listing, **context)


def _hero(site: Site, positions: Sequence[int]) -> dict[str, Any]:
    """Return the hero's cards, the same on every page of an archive."""
    cards = _cards(site, positions[:HERO])
    return {"hero": cards, "hero_id": first_id(cards)}


def hero_size(site: Site) -> int:
    """Return how many posts a section's hero shows, which its list leaves out."""
    return HERO if site.switches.hero else 0


def stickies(size: int) -> list[int]:
    """Return the positions of the posts pinned to the top: from all over the archive."""
    return sorted({size * (number + 2) // (STICKIES + 4) for number in range(STICKIES)})


def _rows(site: Site) -> list[Block]:
    """Return the page builder's rows; their posts come again in the list below."""
    return [
        Block(
            block_id(6, number),
            "jnews_block_5",
            _cards(site, site.index.category(slug)[:4]),
            {"number_post": "4", "pagination_number_post": "4"},
            heading=(site.label(slug), ""),
        )
        for number, slug in enumerate(HOME_SECTIONS, 1)
        if site.index.category(slug)
    ]


def home(site: Site, listing: ListingRequest) -> str:
    """Return the home page, or a later page of its list."""
    context: dict[str, Any] = {"hero": [], "hero_id": "", "rows": []}
    if listing.page == 1:
        positions = site.index.everything()
        cards = _cards(site, [*stickies(site.index.size), *listing.shown()])
        context = {"rows": _rows(site), **_hero(site, positions)}
        context["list"] = IndexBlock(cards, first_id(cards))
    classes = f"home page-template-default page{listing.paged}"
    return _list_page(site, "home.html", listing, classes, **context)


def category(site: Site, slug: str, listing: ListingRequest) -> str:
    """Return a section's page; its address may be another than the usual one."""
    number, label, url = BY_SLUG[slug].id, site.label(slug), site.category(slug)
    own = site.face.by_key[slug].slug
    mode, offset = site.switches.archive, hero_size(site)
    cards = _cards(site, listing.shown(offset))
    paged = f"{listing.paged} category-paged-{listing.page}" if listing.page > 1 else ""
    return _list_page(
        site,
        "category.html",
        listing,
        f"archive{paged} category category-{own} category-{number}",
        head=replace(
            listing.head,
            canonical=replace(listing, url=url).address(listing.page),
            feed=(f"{label} Feed della categoria", f"{url}feed/"),
            rest=f"categories/{number}",
        ),
        section=slug,
        title=label,
        subtitle=SUBTITLES.get(slug, f"Tutto su {label}"),
        mode=mode,
        more=listing.page < listing.least
        or offset + listing.page * PER_PAGE < len(listing.positions),
        api_url=f"{API}list/{slug}",
        list=Block(
            first_id(cards, 1 if offset else 0),
            "jnews_block_5",
            cards,
            {"post_offset": offset, "include_category": number},
            mode=mode,
        ),
        **_hero(site, site.index.category(slug) if offset else ()),
    )


def tag(site: Site, slug: str, listing: ListingRequest) -> str:
    """Return a tag's archive."""
    name = esc_html(listing.title)
    steps = [(site.origin, "Home"), ("", "Tag"), (listing.url, name)]
    classes = f"archive{listing.paged} tag tag-{slug} tag-{site.index.tag_ids[slug]}"
    return _list_page(site, "archive.html", listing, classes, kind="Tag", title=name, steps=steps)


def dates(site: Site, kind: str, listing: ListingRequest) -> str:
    """Return a day's, month's or year's archive; the day's heading has the month first."""
    classes = f"archive{listing.paged} date"
    return _list_page(
        site, "archive.html", listing, classes, kind=kind, title=listing.title, steps=()
    )


def author(site: Site, person: Person, listing: ListingRequest) -> str:
    """Return an author's archive."""
    number = site.index.author_ids[person.slug]
    cards = _cards(site, listing.shown())
    return _list_page(
        site,
        "author.html",
        listing,
        f"archive{listing.paged} author author-{person.slug} author-{number}",
        person=person,
        steps=[(site.origin, "Home"), ("", "Author")],
        list=Block(
            first_id(cards), "jnews_block_3", cards, {"include_author": number}, mode="nav_1"
        ),
    )


def search(site: Site, words: str) -> str:
    """Return search results, which robots must not index."""
    listing = ListingRequest(
        f"Search Results for “{words}”", site.url("/"), site.index.search(words)
    )
    safe = esc_html(words)
    return _list_page(
        site,
        "search.html",
        listing,
        "search search-results",
        head=replace(
            listing.head, robots="noindex, follow, max-image-preview:large", canonical=None
        ),
        title=f"Search Result for &#039;{safe}&#039;",
        words=safe,
        steps=[(site.origin, "Home"), ("", "Search")],
    )


def not_found(site: Site) -> str:
    """Return the 404 page; it lists the ten newest posts."""
    positions = site.index.everything()[:PER_PAGE]
    listing = ListingRequest("Pagina non trovata.", site.url("/"), positions)
    return _list_page(
        site,
        "404.html",
        listing,
        "error404",
        head=Head(title=listing.title),
        title="Page Not Found",
        words="",
        steps=[(site.origin, "Home"), ("", "Page Not Found")],
        list=Block(
            block_id("", 0),
            "jnews_block_3",
            site.newest(PER_PAGE),
            {"first_title": "Latest Articles"},
            heading=("Latest Articles", ""),
        ),
    )
