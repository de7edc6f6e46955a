"""Reads one page into one finished article, without a crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from parsel import Selector
from w3lib.encoding import html_to_unicode

from newscrawl.extraction import page_classes
from newscrawl.extraction.dating import resolve_dates
from newscrawl.items.article import rejection_reasons
from newscrawl.pages.block_page import block_kind
from newscrawl.pages.truncation import FLAG, is_whole
from newscrawl.sites import DEFAULT, by_host
from newscrawl.urls import urls_of
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.items import Article
    from newscrawl.pages.jnews import JNewsArticlePage
    from newscrawl.urls import SiteUrls


def open_page(
    selector: Selector, url: str, urls: SiteUrls, *, headers: Mapping[str, str] | None = None
) -> JNewsArticlePage:
    """Return the page object: of the site's own page class, else of the generic one.

    Args:
        selector: the parsed page.
        url: address of the page, after redirects.
        urls: the site's addresses.
        headers: the response's headers, names in lower case.
    """
    page = page_classes.article_page(urls.site)(selector, url, urls, headers=headers)
    if page.is_themed() or page.not_article_reason():
        return page
    return page_classes.generic_page(urls.site)(selector, url, urls, headers=headers)


def stamp(article: Article, page: JNewsArticlePage, fetched_at: datetime) -> None:
    """Set when the article was read and by which page class, as of a first reading."""
    moment = fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    article.fetched_at = article.first_seen_at = moment
    article.extractor = f"newscrawl/{__version__} {page.NAME}"


def extract(html: str | bytes, url: str, *, fetched_at: datetime | None = None) -> Article | None:
    """Return the article on a page, exactly as a crawl would write it.

    Of an article on several pages it has the first page's text, and the flag `truncated`.

    Args:
        html: the page; bytes are decoded as a browser would (BOM, meta, then UTF-8).
        url: address it was fetched from; a host of no registered site (a twin, a staging host)
            is assumed to serve the default site.
        fetched_at: aware time of the fetch, from which relative dates count; now by default.

    Returns:
        The article, or None when the page is not an article.

    Raises:
        ValueError: `fetched_at` is naive.
    """
    fetched_at = fetched_at or datetime.now(UTC)
    if fetched_at.tzinfo is None:
        raise ValueError("fetched_at needs a time zone: datetime.now(timezone.utc)")
    if isinstance(html, bytes):
        html = html_to_unicode(None, html, default_encoding="utf-8")[1]
    # A str may hold lone surrogates, which no parser accepts.
    encoded = html.encode("utf-8", "replace")
    html = encoded.decode()
    if not html.strip():
        return None
    selector = Selector(text=html, type="html")
    page = open_page(selector, url, _urls_of(url))
    if page.not_article_reason() or block_kind(selector.root):
        return None
    draft = page.draft()
    if page.parts() or not is_whole(encoded):
        draft.article.flags.append(FLAG)
    stamp(draft.article, page, fetched_at)
    article = resolve_dates(draft)
    return None if rejection_reasons(article) else article


def _urls_of(url: str) -> SiteUrls:
    """Return the URL rules of the site that a page's host serves."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return urls_of(by_host(host) or DEFAULT).at(url)
