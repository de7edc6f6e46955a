"""Articles on stock themes of WordPress: core's markup without a class of JNews."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import body
from twin.theme.head import Head, page

if TYPE_CHECKING:
    from twin.model import Post
    from twin.theme.site import Site

THEMES = ("classic", "block", "builder")
"""Themes with template tags, with blocks only, and of a page builder."""
_RELATED = 4


def article(site: Site, post: Post, theme: str) -> str:
    """Return an article's page on one of `THEMES`, all its parts on one."""
    url = site.post(post)
    head = Head(
        title=post.title,
        canonical=url,
        rest=f"posts/{post.id}",
        post=post,
        url=url,
        shortlink=site.url(f"/?p={post.id}"),
    )
    nodes = [node for part in post.pages for node in part]
    return page(
        site,
        f"stock/{theme}.html",
        head,
        f"post-template-default single single-post postid-{post.id} single-format-{post.format}",
        post=post,
        story="\n".join(body.node_html(site, node) for node in nodes),
        related=site.related(post, _RELATED),
    )
