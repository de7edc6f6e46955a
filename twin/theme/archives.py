"""Archives other than a section's: tags, authors, days, search results, the 404 page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.theme import blocks, escape, pager, parts, redesign, sidebar
from twin.theme.document import document
from twin.theme.head import Head
from twin.theme.header import search_form
from twin.theme.shelf import PER_PAGE, Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.model import Person
    from twin.theme.site import Site


def found(site: Site, positions: Sequence[int]) -> str:
    """Return the cards of an index list."""
    return "".join(site.card("index", site.index.card(position)) for position in positions)


def columns(site: Site, header: str, wrapper: str, block: str) -> str:
    """Return main column and sidebar."""
    row = "jeg_404_content" if "404" in wrapper else "jeg_cat_content"
    return f"""<div class="jeg_content">

                <div class="jeg_section">
                    <div class="container">


                        <div class="{row} row">
                            <div class="jeg_main_content col-sm-8">

                                <div class="jeg_inner_content">
                                    {header}
                                    <div class="{wrapper}">
                                        {block}                                    </div>
                                </div>
                            </div>
                            {sidebar.sidebar(site, single=False)}
                        </div>
                    </div>
                </div>
            </div>"""


def index_block(site: Site, shelf: Shelf, shown: Sequence[int]) -> str:
    """Return an index list: home, tag, day, search."""
    first = site.index.card(shown[0]).id if shown else ""
    links = pager.numbered(shelf.url, shelf.page, shelf.last, "nav_1", index=True)
    return blocks.index_block(blocks.name(first, 0), found(site, shown) or blocks.EMPTY, links)


def _title(kind: str, name: str, trail: str = "") -> str:
    box = f'<div class="{parts.BOX}">\n{trail}</div>' if trail else ""
    return f"""<div class="jeg_archive_header">
                                    {box}
                                    <h1 class="jeg_archive_title">{kind}: <span>{name}</span></h1>\
                                    </div>"""


def _archive(site: Site, shelf: Shelf, header: str, classes: str) -> str:
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    block = index_block(site, shelf, shelf.shown())
    main = columns(site, header, "jnews_archive_content_wrapper", block)
    return document(site, shelf.head, f"archive{shelf.paged} {classes}", main)


def tag(site: Site, slug: str, shelf: Shelf) -> str:
    """Return a tag's archive."""
    text = escape.html(shelf.title)
    trail = parts.trail([(site.origin, "Home"), ("", "Tag"), (shelf.url, text)])
    classes = f"tag tag-{slug} tag-{site.index.tag_ids[slug]}"
    return _archive(site, shelf, _title("Tag", text, trail), classes)


def dates(site: Site, kind: str, shelf: Shelf) -> str:
    """Return a day's, month's or year's archive; the day's heading has the month first."""
    return _archive(site, shelf, _title(kind, shelf.title), "date")


def author(site: Site, person: Person, shelf: Shelf) -> str:
    """Return an author's archive; it has no h1."""
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    number = site.index.author_ids[person.slug]
    shown = shelf.shown()
    block = blocks.block(
        blocks.Block(
            blocks.name(site.index.card(shown[0]).id if shown else "", 0),
            "jnews_block_3",
            f'<div class="jeg_posts jeg_load_more_flag">{found(site, shown)}</div>',
            {"include_author": number},
            mode="nav_1",
            pager=pager.numbered(shelf.url, shelf.page, shelf.last, "nav_1"),
        )
    )
    trail = parts.trail([(site.origin, "Home"), ("", "Author")], "right")
    header = f"""<div class="jeg_archive_header jeg_authorpage clearfix">
                            <div class="{parts.BOX}">
                                {trail}                            </div>

                            <div class="jeg_author_wrap vcard">
                                <div class="jeg_author_image">
                                    {parts.avatar(person, 110)}
                                </div>
                                <div class="jeg_author_content">
                                    <h3 class="jeg_author_name fn">
                                        {escape.html(person.name)}
                                    </h3>
                                    <div class="jeg_author_desc">
                                        <p>Giornalista della redazione dal 2010.</p>
                                    </div>
                                </div>
                            </div>
                        </div>"""
    main = columns(site, header, "jnews_author_content_wrapper", block)
    classes = f"archive{shelf.paged} author author-{person.slug} author-{number}"
    return document(site, shelf.head, classes, main)


def _header_with_search(site: Site, last: str, title: str, words: str) -> str:
    trail = parts.trail([(site.origin, "Home"), ("", last)], "right")
    return f"""<div class="jeg_archive_header">
                                        <div class="{parts.BOX}">
                                                {trail}
                                        </div>

                                        <h1 class="jeg_archive_title">{title}</h1>

                                        <div class="jeg_archive_search">
                                            {search_form(site, words)}
                                        </div>
                                    </div>
                                    <!-- search end -->
"""


def search(site: Site, words: str) -> str:
    """Return search results, which robots must not index."""
    title = f"Search Results for “{words}”"
    shelf = Shelf(title, site.url("/"), site.index.search(words))
    robots = "noindex, follow, max-image-preview:large"
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    safe = escape.html(words)
    header = _header_with_search(site, "Search", f"Search Result for &#039;{safe}&#039;", safe)
    block = index_block(site, shelf, shelf.shown())
    main = columns(site, header, "jnews_search_content_wrapper", block)
    head = replace(shelf.head, robots=robots, canonical=None)
    return document(site, head, "search search-results", main)


def not_found(site: Site) -> str:
    """Return the 404 page; it lists the ten newest posts."""
    shelf = Shelf("Pagina non trovata.", site.url("/"), site.index.everything()[:PER_PAGE])
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    header = _header_with_search(site, "Page Not Found", "Page Not Found", "")
    block = blocks.block(
        blocks.Block(
            blocks.name("", 0),
            "jnews_block_3",
            f'<div class="jeg_posts jeg_load_more_flag">{found(site, shelf.shown())}</div>',
            {"first_title": "Latest Articles"},
            title=blocks.heading("Latest Articles"),
        )
    )
    main = columns(site, header, "jnews_404_content_wrapper", block)
    return document(site, Head(title=shelf.title), "error404", main)
