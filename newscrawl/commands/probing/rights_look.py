"""What a site states on rights, as text: in its files, its headers and its metas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.middlewares.reserved import header_lines
from newscrawl.pages.structured import Meta
from newscrawl.rights.page_rights import read_headers, read_metas, rights_of
from newscrawl.rights.signals import Statements
from newscrawl.rights.tdmrep import WELL_KNOWN, Reservations

if TYPE_CHECKING:
    from scrapy.http import HtmlResponse

_RESTRICT = ("noai", "noimageai", "noindex", "noarchive", "none", "=n", "=no")
_STATES = {True: "reserved", False: "not reserved", None: "unset"}
_MAX_SHOWN = 80


def of_page(page: HtmlResponse) -> list[str]:
    """Return the statements of a page and its response that restrict a use."""
    meta, headers, stated = Meta(page.selector.root), header_lines(page), Statements()
    read_metas(meta.contents, page.url, stated)
    read_headers(headers, page.url, stated)
    reserved = rights_of(stated).tdm_reserved
    statements = [] if reserved is None else [f"tdm-reservation: {int(reserved)} (pages)"]
    places = {
        "Content-Usage of a page": ", ".join(headers.get("content-usage", ())),
        "X-Robots-Tag of a page": ", ".join(headers.get("x-robots-tag", ())),
        "meta robots of a page": meta.first("robots"),
    }
    return statements + [
        f"{place}: {text[:_MAX_SHOWN]}"
        for place, text in places.items()
        if text and any(word in text.lower() for word in _RESTRICT)
    ]


def of_file(text: str, home: str) -> list[str]:
    """Return what a tdmrep.json says of the home page; nothing for any other text."""
    if '"location"' not in text:
        return []
    reserved, _ = Reservations.parse(text).lookup(home)
    return [f"{WELL_KNOWN}: {_STATES[reserved]} for the home page"]
