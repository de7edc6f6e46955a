"""Reads one page into one finished article, without a crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector

from newscrawl.extraction.dating import resolve_dates
from newscrawl.extraction.read import ArticlePage, NeedsBrowser, open_page, read
from newscrawl.items.article import rejection_reasons
from newscrawl.pages.block_page import block_kind
from newscrawl.pages.charset import FLAG as CHARSET
from newscrawl.pages.charset import to_utf8
from newscrawl.pages.page_size import excess
from newscrawl.pages.page_tree import NestedTooDeepError, parse
from newscrawl.pages.truncation import is_whole
from newscrawl.sites import DEFAULT, by_host, is_loopback
from newscrawl.sites.unregistered import site_of_page
from newscrawl.urls import SiteUrls, urls_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.items import Article
    from newscrawl.sites import Site

_CANONICAL = etree.XPath("/html/head/link[@rel='canonical']/@href", smart_strings=False)
_PART = 8_192
"""Characters that are encoded at a time."""


def extract(html: str | bytes, url: str, *, fetched_at: datetime | None = None) -> Article | None:
    """Return the article on a page, exactly as a crawl would write it.

    Of an article on several pages it has the first page's text, and the flag `truncated`.

    Args:
        html: the page; bytes are decoded by BOM, meta and statistics, as a crawl does.
        url: address it was fetched from; a loopback host (a twin) is assumed to serve the default
            site, any other host that is not registered is a site of its own, named by its host.
        fetched_at: aware time of the fetch, from which relative dates count; now by default.

    Returns:
        The article, or None when the page is not an article.

    Raises:
        ValueError: `fetched_at` is naive.
    """
    fetched_at = fetched_at or datetime.now(UTC)
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at needs a time zone: datetime.now(timezone.utc)")
    page, text = (html, None) if isinstance(html, bytes) else _encoded(html)
    encoded, is_repaired = to_utf8(page, text=text)
    encoded = encoded.strip().replace(b"\x00", b"")
    root = _parsed(encoded)
    if root is None:
        return None
    selector, urls = Selector(root=root, type="html"), _urls_of(url, root)
    result = read(selector, url, urls, is_shallow=True)
    if isinstance(result, NeedsBrowser) and result.reason is None:
        # What the page has as it was sent; there is no browser here.
        result = ArticlePage(open_page(selector, url, urls))
    if not isinstance(result, ArticlePage) or block_kind(selector.root):
        return None
    draft = result.draft(fetched_at, is_whole=is_whole(encoded) and not result.page.parts())
    if is_repaired:
        draft.article.flags.append(CHARSET)
    article = resolve_dates(draft)
    return None if rejection_reasons(article) else article


def _encoded(html: str) -> tuple[bytes, str | None]:
    """Return a page in UTF-8, and its text where that is the same.

    Lone surrogates, which no parser accepts, are question marks.
    """
    try:
        # For a long text, Python allocates three bytes a character.
        parts = [html[at : at + _PART].encode() for at in range(0, len(html), _PART)]
    except UnicodeEncodeError:
        return html.encode("utf-8", "replace"), None
    return b"".join(parts), html


def _parsed(page: bytes) -> Element | None:
    """Return the root of a page in UTF-8, None for a page that exceeds a bound."""
    try:
        return parse(page) if excess(page) is None else None
    except NestedTooDeepError:
        return None


def _urls_of(url: str, root: Element) -> SiteUrls:
    """Return the URL rules of the site that a page's host serves."""
    try:
        host = urlsplit(url).hostname or ""
        site = by_host(host)
        if site is None and host and not is_loopback(host):
            stated = next(iter(_CANONICAL(root)), "")
            return _urls_of_unregistered(site_of_page(url, stated))
    except ValueError:
        site = None
    return urls_of(site or DEFAULT).at(url)


@lru_cache(maxsize=20)
def _urls_of_unregistered(site: Site) -> SiteUrls:
    return SiteUrls(site)
