"""An article's page, in the theme's ten templates and as page builders lay it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.model import PROTECTED
from twin.theme import body, redesign, stock
from twin.theme.archives import API
from twin.theme.head import Head, page

if TYPE_CHECKING:
    from twin.model import Card, Post
    from twin.theme.site import Site


def _body_class(site: Site, post: Post, part: int) -> str:
    """Return the classes of the body tag; #post-body-class repeats them."""
    template = site.switches.template
    paged = f" paged-{part} single-paged-{part}" if part > 1 else ""
    kind = "" if template == "custom" else f" jeg_single_tpl_{template}"
    full = " jeg_force_fs" if template in ("4", "5") else ""
    return (
        f"post-template-default single single-post postid-{post.id}"
        f" single-format-{post.format} wp-embed-responsive{paged} jeg_toggle_light{kind}{full}"
    )


def _text(site: Site, post: Post, part: int) -> str:
    """Return what stands in .content-inner before tags and page links."""
    if PROTECTED in post.edge_cases:
        return body.password_form(site, post)
    if post.locked:
        return ""
    if body.is_scripted(site, post):
        return site.render("scripted-text.html", api_url=f"{API}text/{post.id}/{part}")
    return body.article_text(site, post, part)


def _neighbours(site: Site, post: Post) -> tuple[Card | None, Card | None]:
    """Return the post before and the one after, by date, where the page shows them."""
    if not site.switches.furniture and site.switches.template != "9":
        return None, None
    index = site.content.index_of(post.id)
    return site.content.neighbours(index) if index is not None else (None, None)


def _head(site: Site, post: Post, part: int) -> Head:
    """Return the head; WordPress prints a canonical address on every single, parts too."""
    text = ""
    if site.jnews_metadata and not post.locked:
        text = body.plain(site, post.pages[0])
    url = site.post(post)
    return Head(
        title=post.title,
        canonical=url if part == 1 else f"{url}{part}/",
        rest=f"posts/{post.id}",
        post=post,
        url=url,
        part=part,
        shortlink=site.url(f"/?p={post.id}"),
        text=text,
    )


def single(site: Site, post: Post, part: int = 1) -> str:
    """Return an article's page; `part` counts the pages of one article from 1."""
    head = _head(site, post, part)
    if site.switches.layout == "redesign":
        return redesign.article(site, post, part, head)
    if site.switches.layout in stock.THEMES:
        return stock.article(site, post, site.switches.layout)
    older, newer = _neighbours(site, post)
    return page(
        site,
        f"single/{site.switches.template}.html",
        head,
        _body_class(site, post, part),
        section=site.primary(post),
        here=False,
        progress=site.switches.furniture,
        post=post,
        part=part,
        text=_text(site, post, part),
        related=body.related_block(site, post),
        older=older,
        newer=newer,
    )
