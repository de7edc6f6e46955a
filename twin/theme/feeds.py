"""Feeds: RSS of the site, of sections, tags and authors; an article's own is of comments."""

from __future__ import annotations

from datetime import UTC as _UTC
from email.utils import format_datetime
from hashlib import md5
from typing import TYPE_CHECKING

from twin import site_constants as house
from twin.theme import body, escape
from twin.theme.reply import Asked, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twin.model import Post
    from twin.theme.site import Site

ITEMS = 20
TYPE = "application/rss+xml; charset=UTF-8"

_OPENING = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
	xmlns:content="http://purl.org/rss/1.0/modules/content/"
	xmlns:wfw="http://wellformedweb.org/CommentAPI/"
	xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:atom="http://www.w3.org/2005/Atom"
	xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
	xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
	>

<channel>"""


def _item(site: Site, post: Post) -> str:
    url = escape.xml(site.post(post))
    protected = "protected" in post.edge_cases
    names = [site.label(slug) for slug in post.categories] + list(post.tags)
    labels = "\n\t\t".join(f"<category>{escape.cdata(name)}</category>" for name in names)
    text = body.password_form(site, post) if protected else body.plain(site, post.pages[0])
    excerpt = "" if protected else (post.subtitle or "")
    # The guid is the address at first save, of which nothing may be concluded.
    guid = site.url(f"/?p={post.id}") if post.id % 3 else url
    return f"""
	<item>
		<title>{escape.xml(site.title(post))}</title>
		<link>{url}</link>

		<dc:creator>{escape.cdata(post.authors[0].name)}</dc:creator>
		<pubDate>{format_datetime(post.published.astimezone(_UTC))}</pubDate>
				{labels}
		<guid isPermaLink="false">{escape.xml(guid)}</guid>

					<description>{escape.cdata(excerpt)}</description>
										<content:encoded>{escape.cdata(text)}</content:encoded>



			</item>"""


def _channel(site: Site, path: str, title: str, built: str, items: str) -> str:
    return f"""{_OPENING}
	<title>{escape.xml(title)}</title>
	<atom:link href="{escape.xml(site.url(path))}" rel="self" type="application/rss+xml" />
	<link>{site.origin}</link>
	<description>Notizie in tempo reale</description>
	<lastBuildDate>{built}</lastBuildDate>
	<language>it-IT</language>
	<sy:updatePeriod>
	hourly	</sy:updatePeriod>
	<sy:updateFrequency>
	1	</sy:updateFrequency>
	<generator>https://wordpress.org/?v=6.1.9</generator>
{items}
	</channel>
</rss>
"""


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
    stamp = format_datetime(changed.astimezone(_UTC), usegmt=True)
    tag = f'"{md5(stamp.encode(), usedforsecurity=False).hexdigest()}"'
    headers = (("Last-Modified", stamp), ("ETag", tag))
    known = asked.headers.get("If-None-Match")
    if (known == tag) if known else asked.headers.get("If-Modified-Since") == stamp:
        return Reply(b"", 304, TYPE, headers)
    title = f"{name} – {house.NAME}" if name else house.NAME
    items = "".join(_item(site, site.content.post(position)) for position in chosen)
    built = format_datetime(changed.astimezone(_UTC))
    return Reply(_channel(site, path, title, built, items), 200, TYPE, headers)


def comments(site: Site, path: str, title: str) -> Reply:
    """Return a feed of comments, of which there are none."""
    built = format_datetime(site.now.astimezone(_UTC))
    return Reply(_channel(site, path, f"Commenti su: {title}", built, ""), 200, TYPE)
