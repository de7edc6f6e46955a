"""Pages that are not articles though one looks like it: static pages, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import redesign, stock
from twin.theme.head import Head, page
from twin.theme.rendering import macros

if TYPE_CHECKING:
    from twin.model import Card, Picture
    from twin.theme.site import Site

FIRST_ID = 20
"""WordPress id of the first static page."""


def _page(site: Site, title: str, inner: str, head: Head, classes: str) -> str:
    if site.switches.layout == "redesign":
        return redesign.plain(site, head, title, inner)
    if site.switches.layout in stock.THEMES:
        return stock.plain(site, head, title, inner, classes)
    return page(site, "page.html", head, classes, title=title, inner=inner)


def static(site: Site, slug: str) -> str:
    """Return a static page."""
    page = site.face.pages[slug]
    number = FIRST_ID + list(site.face.pages).index(slug)
    head = Head(
        page.title,
        canonical=site.url(f"/{slug}/"),
        rest=f"pages/{number}",
        shortlink=site.url(f"/?page_id={number}"),
    )
    inner = macros("page-content.html").paragraphs(page.paragraphs)
    return _page(site, page.title, inner, head, f"page-template-default page page-id-{number}")


MISSING = "La pagina che cercavi non è stata trovata."
"""The text of a page that says with status 200 that there is none."""


def missing(site: Site) -> str:
    """Return a page that says that there is none."""
    head = Head("Pagina non trovata", canonical=site.url("/404/"))
    inner = macros("page-content.html").paragraphs((MISSING,))
    return _page(site, "Pagina non trovata", inner, head, "page-template-default page page-id-404")


def attachment(site: Site, card: Card, picture: Picture) -> str:
    """Return a picture's own page, which WordPress makes for every upload."""
    name = picture.path.rpartition("/")[2].rpartition(".")[0]
    number = card.id + 500_000
    head = Head(
        name,
        canonical=f"{site.post(card)}{name}/",
        rest=f"media/{number}",
        shortlink=site.url(f"/?attachment_id={number}"),
    )
    inner = macros("page-content.html").attachment(site, picture)
    classes = f"attachment attachment-template-default single single-attachment postid-{number}"
    return _page(site, name, inner, head, f"{classes} attachmentid-{number} attachment-jpeg")
