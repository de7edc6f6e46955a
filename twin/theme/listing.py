"""A section's archive: hero, list and pager."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from twin.sections import BY_SLUG
from twin.theme import blocks, cards, pager, parts, redesign, scripted, sidebar
from twin.theme.document import document
from twin.theme.scripted import HERO
from twin.theme.shelf import PER_PAGE, Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.theme.site import Site

SUBTITLES = {"esteri": "Le notizie dal mondo", "cronaca": "I fatti del giorno"}


def hero(site: Site, positions: Sequence[int]) -> str:
    """Return the hero; the same on every page of an archive."""
    items = [
        cards.hero(site, site.index.card(position), number)
        for number, position in enumerate(positions[:HERO], 1)
    ]
    if not items:
        return ""
    module = blocks.name(site.index.card(positions[0]).id, 0)
    return f"""<div  class="jeg_heroblock jeg_heroblock_1 jeg_col_3o3 jeg_hero_style_1 {module}  "\
 data-margin="10" >
                <div class="jeg_hero_wrapper"><div class="jeg_heroblock_wrapper"\
 style='margin: 0px 0px -10px -10px;'>
                    {items[0]}
                <div class="jeg_heroblock_scroller">
                    {"".join(items[1:])}
                </div>
                </div></div>
            </div>"""


def _pager(site: Site, shelf: Shelf, offset: int) -> str:
    mode = site.switches.archive
    if mode.startswith("nav_"):
        return pager.numbered(shelf.url, shelf.page, shelf.last, mode)
    after = offset + shelf.page * PER_PAGE < len(shelf.positions)
    return pager.scripted(mode, before=shelf.page > 1, after=after)


def _list(site: Site, slug: str, shelf: Shelf) -> str:
    offset = HERO if site.switches.hero else 0
    if site.switches.archive == "scroll":
        return scripted.listing(slug, shelf.page)
    shown = [site.index.card(position) for position in shelf.shown(offset)]
    inner = blocks.EMPTY
    if shown:
        found = "".join(site.card("archive", card) for card in shown)
        inner = f'<div class="jeg_posts jeg_load_more_flag">{found}</div>'
    return blocks.block(
        blocks.Block(
            blocks.name(shown[0].id if shown else "", 1 if site.switches.hero else 0),
            "jnews_block_5",
            inner,
            {"post_offset": offset, "include_category": BY_SLUG[slug].id},
            mode=site.switches.archive,
            pager=_pager(site, shelf, offset),
        )
    )


def category(site: Site, slug: str, shelf: Shelf) -> str:
    """Return a section's page; its address may be another than the usual one."""
    if site.switches.layout == "redesign":
        return redesign.listing(site, shelf)
    number = BY_SLUG[slug].id
    label = site.label(slug)
    url = site.category(slug)
    top = hero(site, shelf.positions) if site.switches.hero else ""
    head = replace(
        shelf.head,
        canonical=pager.address(url, shelf.page),
        feed=(f"{label} Feed della categoria", f"{url}feed/"),
        rest=f"categories/{number}",
    )
    box = f'<div class="jnews_category_hero_container">\n{top}\n</div>' if top else ""
    main = f"""<div class="jeg_content">
            <div class="jnews_category_header_top">
                            </div>

            <div class="jeg_section">
                <div class="container">


                    {box}


                    <div class="jeg_cat_content row">
                        <div class="jeg_main_content jeg_column col-sm-8">
                            <div class="jeg_inner_content">
                                <div class="jnews_category_header_bottom">
                                    <div class="jeg_cat_header jeg_cat_header_1">
                <div class="jeg_breadcrumbs jeg_breadcrumb_category jeg_breadcrumb_container">\
{parts.breadcrumb(site, slug)}</div>
                <h1 class="jeg_cat_title">{label}</h1>
                <h2 class="jeg_cat_subtitle">{SUBTITLES.get(slug, f"Tutto su {label}")}</h2>

            </div>                                </div>
                                <div class="jnews_category_content_wrapper">
                                    {_list(site, slug, shelf)}\
                                </div>
                            </div>
                        </div>
                        {sidebar.sidebar(site, single=False)}
                    </div>
                </div>
            </div>

        </div>"""
    paged = f"{shelf.paged} category-paged-{shelf.page}" if shelf.page > 1 else ""
    return document(
        site, head, f"archive{paged} category category-{slug} category-{number}", main, slug
    )
