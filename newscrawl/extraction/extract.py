"""Reads one page into one finished article, without a crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.extraction.dating import resolve_dates
from newscrawl.extraction.fetched_page import (
    FetchedArticle,
    FetchedPage,
    parsed_page,
    read_fetched,
)
from newscrawl.extraction.wayback_copy import original_address, original_page
from newscrawl.items.article import rejection_reasons
from newscrawl.pages.identity import is_wordpress
from newscrawl.sites import DEFAULT, by_host, is_loopback
from newscrawl.sites.host_names import web_address
from newscrawl.sites.unregistered import site_of_page
from newscrawl.urls import SiteUrls, urls_of

if TYPE_CHECKING:
    from newscrawl.items import Article
    from newscrawl.sites import Site

_CANONICAL = etree.XPath("/html/head/link[@rel='canonical']/@href", smart_strings=False)
_PART = 262_144
"""Characters that are encoded at a time: for most pages all."""


def extract(html: str | bytes, url: str, *, fetched_at: datetime | None = None) -> Article | None:
    """Return the article on a page, exactly as a crawl would write it.

    Of an article on several pages it has the first page's text, and the flag `truncated`.

    Args:
        html: the page; bytes are decoded by BOM, meta and statistics, as a crawl does.
        url: address it was fetched from; a loopback host (a twin) is assumed to serve the default
            site, any other host that is not registered is a site of its own, named by its host.
            A user name and a password in it are left out. Of a page of the Wayback Machine, the
            address that was archived counts.
        fetched_at: aware time of the fetch, from which relative dates count; now by default.

    Returns:
        The article; None when the page is not an article, or its site cannot be named as `url` is
        not an http address with a valid host.

    Raises:
        ValueError: `fetched_at` is naive.
    """
    fetched_at = fetched_at or datetime.now(UTC)
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at needs a time zone: datetime.now(timezone.utc)")
    address = web_address(original_address(url))
    if address is None:
        return None
    html = original_page(html, url)
    body, text = (html, None) if isinstance(html, bytes) else _encoded(html)
    page = FetchedPage(address, body, text=text)
    result = read_fetched(page, partial(urls_of_page, address, of_loopback=DEFAULT))
    if not isinstance(result, FetchedArticle):
        return None
    article = resolve_dates(result.draft(fetched_at, has_all_parts=result.next_part() is None))
    return None if rejection_reasons(article) else article


def stated_address(page: bytes) -> str:
    """Return the http address that a page states as its own; empty if it states none."""
    parsed = parsed_page(page)
    stated = "" if parsed is None else next(iter(_CANONICAL(parsed)), "").strip()
    return stated if stated.lower().startswith(("http:", "https:")) else ""


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


def urls_of_page(url: str, root: etree._Element, *, of_loopback: Site | None = None) -> SiteUrls:
    """Return the URL rules of the site that a page's host serves.

    Args:
        url: of the page.
        root: of the page.
        of_loopback: the site that hosts of this machine are assumed to serve; without it each is
            a site of its own.

    Raises:
        ValueError: the URL is invalid or has no host.
    """
    host = urlsplit(url).hostname or ""
    site = by_host(host) or (of_loopback if is_loopback(host) else None)
    if site is None:
        stated = next(iter(_CANONICAL(root)), "")
        return _urls_of_unregistered(site_of_page(url, stated, is_wordpress=is_wordpress(root)))
    return urls_of(site).at(url)


@lru_cache(maxsize=20)
def _urls_of_unregistered(site: Site) -> SiteUrls:
    return SiteUrls(site)
