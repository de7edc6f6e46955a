"""The home page: a page builder's rows above the newest posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import archives, blocks, listing, redesign, sidebar
from twin.theme.document import document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.theme.shelf import Shelf
    from twin.theme.site import Site

STICKIES = 7
"""Posts pinned to the top of the list, out of their order."""
ROWS = ("cronaca", "esteri", "calcio")


def stickies(size: int) -> list[int]:
    """Return the positions of the posts pinned to the top: from all over the archive."""
    return sorted({size * (number + 2) // (STICKIES + 4) for number in range(STICKIES)})


def _rows(site: Site) -> str:
    """Return the page builder's rows; their posts come again in the list below."""
    rows = [listing.hero(site, site.index.everything())]
    for number, slug in enumerate(ROWS, 1):
        cards = [site.index.card(position) for position in site.index.category(slug)[:4]]
        if not cards:
            continue
        found = "".join(site.card("archive", card) for card in cards)
        rows.append(
            blocks.block(
                blocks.Block(
                    blocks.name(6, number),
                    "jnews_block_5",
                    f'<div class="jeg_posts jeg_load_more_flag">{found}</div>',
                    {"number_post": "4", "pagination_number_post": "4"},
                    title=blocks.heading(site.label(slug)),
                )
            )
        )
    column = '<div class="wpb_column jeg_column vc_column_container jeg_main_content">'
    return "".join(
        f'<div class="row vc_row wpb_row">{column}<div class="jeg_wrapper wpb_wrapper">'
        f"{row}</div></div></div>"
        for row in rows
        if row
    )


def home(site: Site, shelf: Shelf) -> str:
    """Return the home page, or a later page of its list."""
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    shown: Sequence[int] = shelf.shown()
    rows = ""
    if shelf.page == 1:
        shown = [*stickies(site.index.size), *shown]
        rows = _rows(site)
    main = f"""<div class="jeg_content">
                <div class="jeg_vc_content">
                    {rows}                </div>
                <div class="jeg_section">
                    <div class="container">
                        <div class="jeg_cat_content row">
                            <div class="jeg_main_content col-sm-8">
                                <div class="jnews_index_content_wrapper">
                                    {archives.index_block(site, shelf, shown)}
                                </div>
                            </div>
                            {sidebar.sidebar(site, single=False)}
                        </div>
                    </div>
                </div>
            </div>"""
    return document(site, shelf.head, f"home page-template-default page{shelf.paged}", main)
