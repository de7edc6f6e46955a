"""Another theme altogether: what stands on the site after a redesign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.model import PROTECTED
from twin.theme import body
from twin.theme.head import Head, page

if TYPE_CHECKING:
    from twin.model import Post
    from twin.theme.listing_request import ListingRequest
    from twin.theme.site import Site

RELATED = 4


def article(site: Site, post: Post, part: int, head: Head) -> str:
    """Return an article's page."""
    if post.locked:
        story = body.password_form(site, post) if PROTECTED in post.edge_cases else ""
    else:
        story = "\n".join(body.node_html(site, node) for node in post.pages[part - 1])
    return page(
        site,
        "redesign/article.html",
        head,
        "reading",
        post=post,
        story=story,
        people=post.authors if site.switches.coauthors else post.authors[:1],
        related=site.related(post, RELATED),
    )


def plain(site: Site, head: Head, title: str, inner: str) -> str:
    """Return a page that is not an article: static, or a picture's own."""
    return page(site, "redesign/plain.html", head, "plain", title=title, inner=inner)


def listing(site: Site, listing_request: ListingRequest) -> str:
    """Return a page of a list of posts."""
    cards = [site.index.card(position) for position in listing_request.shown()]
    head = listing_request.head
    return page(
        site, "redesign/listing.html", head, "listing", listing=listing_request, cards=cards
    )
