"""The items of an RSS feed of WordPress as records of posts, as far as a feed states them.

`pages/rest_article.py` reads an article from one, as from a record of REST.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.discovery.entries import Shape, address_of, read_xml
from newscrawl.discovery.feed import MAX_BYTES, mail_time
from newscrawl.pages.rest_records import Lists, PostRecord, Rendered, TermRecord, UserRecord
from newscrawl.text import strip_tags
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from newscrawl.urls import Address, SiteUrls

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_SHAPE = Shape(
    "rss",
    "item",
    {
        ("link",): "link",
        ("title",): "title",
        (_CONTENT,): "content",
        ("pubDate",): "published",
        (_CREATOR,): "creator",
        ("category",): "categories",
    },
    frozenset({"categories"}),
)
_MAX_CONTENT = 500_000
"""Characters of one item's text; a longer one is left out."""
_PATTERN = "%Y-%m-%dT%H:%M:%S"


def read(body: bytes, url: str, urls: SiteUrls) -> dict[str, tuple[PostRecord, Lists]]:
    """Return the items of a feed for articles of the site, by canonical address.

    The categories of an item are sections and tags in one list; the record has them as tags.

    Raises:
        ValueError: it is not a feed; the message is one line with `url`.
    """
    found: dict[str, tuple[PostRecord, Lists]] = {}
    for item in read_xml(body, url, "feed", [_SHAPE], MAX_BYTES).records:
        link = item.get("link", "")
        address = _address(link, url, urls)
        if address is not None and "#comment" not in link:
            found.setdefault(address.url, _record(len(found) + 1, address.url, item))
    return found


def _address(link: str, base: str, urls: SiteUrls) -> Address | None:
    """Return the address of an article; an item of a feed may have that of a page."""
    address = address_of(link, base, urls)
    is_article = address is not None and address.kind in {Kind.ARTICLE, Kind.PAGE}
    return address if is_article else None


def _record(number: int, link: str, item: dict[str, str]) -> tuple[PostRecord, Lists]:
    names = [*dict.fromkeys(item.get("categories", "").splitlines())]
    creator, published = strip_tags(item.get("creator", "")), mail_time(item.get("published"))
    content = _without_footer(item.get("content", ""), strip_tags(item.get("title", "")))
    record = PostRecord(
        number,
        link=link,
        title=Rendered(item.get("title", "")),
        content=Rendered(content if len(content) <= _MAX_CONTENT else ""),
        date_gmt=published.strftime(_PATTERN) if published else None,
        author=1 if creator else 0,
        tags=[*range(1, len(names) + 1)],
    )
    lists = Lists(
        tags={position: TermRecord(position, name) for position, name in enumerate(names, 1)},
        users={1: UserRecord(1, creator)},
    )
    return record, lists


def _without_footer(content: str, title: str) -> str:
    """Return a text without the line that Yoast appends to it in feeds, a link to the article.

    >>> _without_footer('<p>Testo.</p><p>L’articolo <a href="#">Un titolo</a> proviene da X.</p>',
    ...     "Un titolo")
    '<p>Testo.</p>'
    """
    start = content.rfind("<p")
    last = content[start:] if start > 0 else ""
    is_footer = title and title in strip_tags(last) and "<a " in last
    return content[:start] if is_footer and len(strip_tags(last)) < len(title) + 100 else content
