"""Feeds, RSS 2.0 and Atom: the newest articles of the site or of a section, with their text.

WordPress returns 304 for an unchanged feed, the cheapest check for changes. The text does
not contain the theme's subtitle, which is on the page only.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.discovery.entries import (
    MAX_ADDRESS,
    Entry,
    Shape,
    article,
    fingerprint,
    in_utc,
    moment,
    read_xml,
    unique,
)
from newscrawl.pages.boilerplate import is_boilerplate
from newscrawl.rights import rsl
from newscrawl.sites.list_addresses import without_page
from newscrawl.text import fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from newscrawl.rights.rsl import Content
    from newscrawl.urls import SiteUrls

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_SHAPES = (
    Shape(
        "rss",
        "item",
        {
            ("link",): "link",
            ("title",): "title",
            ("description",): "summary",
            (_CONTENT,): "content",
            ("pubDate",): "published",
            (f"{_ATOM}updated",): "modified",
        },
    ),
    Shape(
        f"{_ATOM}feed",
        f"{_ATOM}entry",
        {
            (f"{_ATOM}link",): "link",
            (f"{_ATOM}title",): "title",
            (f"{_ATOM}summary",): "summary",
            (f"{_ATOM}content",): "content",
            (f"{_ATOM}published",): "published",
            (f"{_ATOM}updated",): "modified",
        },
    ),
)
MAX_BYTES = 4 * 1024 * 1024
"""Maximum size of a feed; twenty full articles have about 0.2 MB."""
_MAX_CONTENT = 500_000
"""Characters of one article's content; a change after them is not detected."""
_MAX_DATE = 60
_HIDDEN = frozenset({"script", "style", "noscript", "template", "form", "ins"})
_COUNTING = re.compile(
    r"(?:^|[\s_-])(?:views?|counters?|count|likes?|votes?|ratings?|stars?|shares?|sharing|social"
    r"|reactions?|nonce|pixel)(?:$|[\s_-])",
    re.IGNORECASE,
)
_COUNTED = (
    r"(?:views?|visualizzazion[ei]|visite|letture|lettori|comment[io]|comments?|condivision[ei]"
    r"|shares?|likes?|mi piace|vot[io]|votes?|volte)"
)
# Visualizzazioni: 1.234 · 12 commenti · Letto 123 volte
_COUNTER = re.compile(
    rf"\W{{0,3}}(?:{_COUNTED}\W{{0,3}}\d[\d.,]{{0,12}}k?|(?:lett[oa]\W{{1,2}})?"
    rf"\d[\d.,]{{0,12}}k?\W{{0,3}}{_COUNTED})\W{{0,3}}",
    re.IGNORECASE,
)


def address(archive_url: str | None, page: int = 1, *, is_plain: bool = False) -> str:
    """Return the address of an archive's feed in WordPress, or of a further page of it.

    Without an archive it is the path of the site's own feed, relative to its origin. `is_plain`
    says that the site's addresses are parameters.

    >>> address("https://www.example.it/category/esteri/page/3/")
    'https://www.example.it/category/esteri/feed/'
    >>> address("https://www.example.it/category/esteri", page=2)
    'https://www.example.it/category/esteri/feed/?paged=2'
    >>> address("https://www.example.it/"), address(None)
    ('https://www.example.it/feed/', '/feed/')
    >>> address("https://www.example.it/?cat=5", is_plain=True)
    'https://www.example.it/?cat=5&feed=rss2'
    """
    if is_plain:
        base, _, parameters = without_page(archive_url or "/").partition("?")
        stated = [parameters, "feed=rss2", f"paged={page}" if page > 1 else ""]
        return f"{base}?{'&'.join(filter(None, stated))}"
    base = re.split(r"[?#]", archive_url or "", maxsplit=1)[0].rstrip("/")
    query = f"?paged={page}" if page > 1 else ""
    return f"{without_page(base + '/')}feed/{query}"


def read(body: bytes, url: str, urls: SiteUrls) -> list[Entry]:
    """Return the entries of a feed for articles of the site, in the feed's order.

    Comments, links to other sites and links to other pages are left out.

    Raises:
        ValueError: it is not a feed; the message is one line with `url`.
    """
    records = read_xml(body, url, "feed", _SHAPES, MAX_BYTES).records
    return unique(_entries(records, url, urls))


def licences(body: bytes, url: str, urls: SiteUrls) -> dict[str, list[Content]]:
    """Return the RSL contents in a feed's items, by the canonical addresses of their articles.

    Raises:
        ValueError: the feed declares a document type, or is not well-formed.
    """
    if rsl.NAMESPACE.encode() not in body:
        return {}
    items = rsl.parse_feed(body, MAX_BYTES)
    stated = ((article(link, url, urls), contents) for link, contents in items)
    return {address.url: contents for address, contents in stated if address is not None}


def _entries(records: list[dict[str, str]], url: str, urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        link = record.get("link", "")
        article_address = article(link, url, urls)
        # An article's own feed lists its comments: /2026/09/12/esteri/un-titolo/#comment-7
        if article_address is None or "#comment" in link:
            continue
        texts = [strip_tags(record.get("title", ""))]
        texts += [_stable_text(record.get(key, ""), url, urls) for key in ("summary", "content")]
        published = record.get("published")
        yield Entry(
            article_address,
            fingerprint(*texts),
            moment(published) or mail_time(published),
            moment(record.get("modified")),
        )


def mail_time(text: str | None) -> datetime | None:
    """Return the time of an RSS date: Sat, 12 Sep 2026 06:12:00 +0000."""
    if not text or len(text) > _MAX_DATE:
        return None
    try:
        return in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _stable_text(html: str, url: str, urls: SiteUrls) -> str:
    """Return the words and addresses in HTML without those that change without an edit.

    Left out: counters, votes, advertisements, scripts, and the queries of addresses, which
    contain nonces and sizes.
    """
    if "<" not in html and "&" not in html:
        return "" if _COUNTER.fullmatch(html) else fold(html)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(f"<div>{html[:_MAX_CONTENT]}</div>", parser)
    if root is None:
        return ""
    for element in [*root.iter("*")]:
        is_counting = _COUNTING.search(element.get("class") or "")
        if element.tag in _HIDDEN or is_counting or is_boilerplate(element):
            element.clear(keep_tail=True)
    words = [text for text in map(fold, root.itertext()) if not _COUNTER.fullmatch(text)]
    links = [str(link) for link in root.xpath("//@src | //@data-src | //@href")]
    return fold(" ".join([*words, *(_without_query(link, url, urls) for link in links)]))


def _without_query(link: str, url: str, urls: SiteUrls) -> str:
    """Return the canonical address of a link, without query."""
    if len(link) > MAX_ADDRESS:
        return ""
    try:
        return re.split(r"[?#]", urls.canonical(link, url), maxsplit=1)[0]
    except ValueError:
        return ""
