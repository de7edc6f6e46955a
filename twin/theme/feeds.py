"""Feeds: RSS of the site, of sections, tags and authors; an article's own is of comments."""

from __future__ import annotations

from datetime import UTC
from email.utils import format_datetime
from hashlib import md5
from typing import TYPE_CHECKING, Any

from twin.model import PROTECTED
from twin.theme import body
from twin.theme.reply import Asked, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from twin.model import Post
    from twin.theme.site import Site

ITEMS = 20
TYPE = "application/rss+xml; charset=UTF-8"


def _item(site: Site, post: Post) -> dict[str, Any]:
    form = body.password_form(site, post) if PROTECTED in post.edge_cases else ""
    return {
        "post": post,
        "published": format_datetime(post.published.astimezone(UTC)),
        "labels": [*(site.label(slug) for slug in post.categories), *post.tags],
        # The guid is the address at first save, of which nothing may be concluded.
        "guid": site.url(f"/?p={post.id}") if post.id % 3 else site.post(post),
        "excerpt": "" if post.locked else (post.subtitle or ""),
        "text": form or ("" if post.locked else body.plain(site, post.pages[0])),
    }


def _channel(site: Site, path: str, title: str, changed: datetime, items: list[Any]) -> str:
    built = format_datetime(changed.astimezone(UTC))
    url = site.url(path)
    return site.render("feed.xml", url=url, title=title, built=built, items=items)


def answer(
    site: Site, asked: Asked, path: str, name: str | None, positions: Sequence[int]
) -> Reply:
    """Return a feed, or 304 when the reader's copy is current.

    Last-Modified is the time of the last change of any post, as in WordPress.
    """
    paged = asked.query.get("paged", "1")
    page = int(paged) if paged.isascii() and paged.isdecimal() and len(paged) < 6 else 1
    start = (max(page, 1) - 1) * ITEMS
    chosen = positions[start : start + ITEMS]
    if not chosen:
        return Reply(status=404)
    newest = [site.index.card(p) for p in range(min(200, site.index.size))]
    changed = max(card.modified for card in newest)
    stamp = format_datetime(changed.astimezone(UTC), usegmt=True)
    tag = f'"{md5(stamp.encode(), usedforsecurity=False).hexdigest()}"'
    headers = (("Last-Modified", stamp), ("ETag", tag))
    known = asked.headers.get("If-None-Match")
    if (known == tag) if known else asked.headers.get("If-Modified-Since") == stamp:
        return Reply(b"", 304, TYPE, headers)
    title = f"{name} – {site.face.name}" if name else site.face.name
    items = [_item(site, site.content.post(position)) for position in chosen]
    return Reply(_channel(site, path, title, changed, items), 200, TYPE, headers)


def comments(site: Site, path: str, title: str) -> Reply:
    """Return a feed of comments, of which there are none."""
    return Reply(_channel(site, path, f"Commenti su: {title}", site.now, []), 200, TYPE)
