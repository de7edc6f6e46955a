"""Feeds, RSS 2.0 and Atom: the newest articles of the site or of a section, with their words.

WordPress answers 304 to a feed that did not change: the cheapest tell there is. The words
leave out the theme's subtitle, which stands on the page only.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.discovery.archive import archive_root
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
from newscrawl.text import fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

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
"""Size of a feed; twenty articles in full have about 0.2 MB."""
_MAX_CONTENT = 500_000
"""Characters of one article's content; a change after them is not seen."""
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


def address(archive_url: str | None, page: int = 1) -> str:
    """Return where WordPress has the feed of an archive, or a further page of it.

    Without an archive it is the site's own, as a path to be joined to the site's origin.

    >>> address("https://www.example.it/category/esteri/page/3/")
    'https://www.example.it/category/esteri/feed/'
    >>> address("https://www.example.it/category/esteri", page=2)
    'https://www.example.it/category/esteri/feed/?paged=2'
    >>> address("https://www.example.it/"), address(None)
    ('https://www.example.it/feed/', '/feed/')
    """
    plain = re.split(r"[?#]", archive_url or "", maxsplit=1)[0].rstrip("/")
    asked = f"?paged={page}" if page > 1 else ""
    return f"{archive_root(plain + '/')}feed/{asked}"


def read(body: bytes, url: str, urls: SiteUrls) -> list[Entry]:
    """Return what a feed says of articles of the site, in its own order.

    Comments, addresses of other sites and of what is no article are left out.

    Raises:
        ValueError: it is no feed; the message is one line that names `url`.
    """
    found = read_xml(body, url, "feed", _SHAPES, MAX_BYTES).found
    return unique(_entries(found, url, urls))


def _entries(records: list[dict[str, str]], url: str, urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        link = record.get("link", "")
        known = article(link, url, urls)
        # An article's own feed has its comments: /2026/09/12/esteri/un-titolo/#comment-7
        if known is None or "#comment" in link:
            continue
        said = [strip_tags(record.get("title", ""))]
        said += [_words(record.get(name, ""), url, urls) for name in ("summary", "content")]
        published = record.get("published")
        yield Entry(
            known,
            fingerprint(*said),
            moment(published) or _mail_time(published),
            moment(record.get("modified")),
        )


def _mail_time(text: str | None) -> datetime | None:
    """Return a time as RSS writes it: Sat, 12 Sep 2026 06:12:00 +0000."""
    if not text or len(text) > _MAX_DATE:
        return None
    try:
        return in_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _words(html: str, url: str, urls: SiteUrls) -> str:
    """Return the words of a text and the addresses in it, without what changes by itself.

    That is: counters, votes, advertisements, scripts, and the queries of addresses, where
    nonces and sizes stand.
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
    return fold(" ".join([*words, *(_place(link, url, urls) for link in links)]))


def _place(link: str, url: str, urls: SiteUrls) -> str:
    """Return an address without query, the same wherever the site is served."""
    if len(link) > MAX_ADDRESS:
        return ""
    try:
        return re.split(r"[?#]", urls.canonical(link, url), maxsplit=1)[0]
    except ValueError:
        return ""
