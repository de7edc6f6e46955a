"""Pages on stock themes of WordPress: core's markup without a class of JNews."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.model import PROTECTED
from twin.site_constants import STOCK_RELATED
from twin.theme import body
from twin.theme.head import Head, page

if TYPE_CHECKING:
    from twin.model import Post
    from twin.theme.listing_request import ListingRequest
    from twin.theme.site import Site

THEMES = ("classic", "block", "builder")
"""Themes with template tags, with blocks only, and of a page builder."""
_FOLDERS = {"classic": "costa", "block": "twentytwentyfour", "builder": "hello-elementor"}


def _page(site: Site, theme: str, template: str, head: Head, classes: str, **context: Any) -> str:
    name, folder = f"stock/{theme}/{template}.html", _FOLDERS[theme]
    return page(site, name, head, classes, theme=theme, stylesheet=folder, **context)


def article(site: Site, post: Post, theme: str) -> str:
    """Return an article's page on one of `THEMES`, all its parts on one."""
    url = site.post(post)
    head = Head(
        title=site.title(post),
        canonical=url,
        rest=f"posts/{post.id}",
        post=post,
        url=url,
        shortlink=site.url(f"/?p={post.id}"),
    )
    if post.locked:
        story = body.password_form(site, post) if PROTECTED in post.edge_cases else ""
    else:
        nodes = [node for part in post.pages for node in part]
        story = "\n".join(body.node_html(site, node) for node in nodes)
    classes = "post-template-default single single-post"
    return _page(
        site,
        theme,
        "article",
        head,
        f"{classes} postid-{post.id} single-format-{post.format}",
        post=post,
        story=story,
        related=site.related(post, STOCK_RELATED),
    )


def listing(site: Site, shown: ListingRequest, head: Head, classes: str, kind: str) -> str:
    """Return a page of a list of posts; `kind` is Category, Tag, Author and so on, or empty."""
    theme, words = site.switches.layout, site.face.words
    if classes == "error404":
        inner = f"<p>{words.not_found}</p>"
        return plain(site, head, words.not_found, inner, classes)
    is_home = classes.startswith("home")
    return _page(
        site,
        theme,
        "listing",
        head,
        f"home blog{shown.paged}" if is_home else classes,
        kind=words.archives.get(kind, ""),
        heading="" if is_home else shown.title,
        listing=shown,
        cards=[site.index.card(position) for position in shown.shown()],
    )


def plain(site: Site, head: Head, title: str, inner: str, classes: str) -> str:
    """Return a page that is not an article: static, a picture's own, or the 404 page."""
    return _page(site, site.switches.layout, "plain", head, classes, title=title, inner=inner)
