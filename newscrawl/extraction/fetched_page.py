"""Reads the article of a page that was fetched, from its bytes and its response's headers.

A crawl does the same in steps, with Scrapy's responses and a browser; `newscrawl.extract` and
what reads archives have this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsel import Selector

from newscrawl.extraction import further_page
from newscrawl.extraction.read import ArticlePage, NeedsBrowser, NotArticle, open_page, read
from newscrawl.items import FROM_TWIN
from newscrawl.pages import meta_refresh, scripted
from newscrawl.pages.block_page import response_kind
from newscrawl.pages.bounded_text import bounded_text
from newscrawl.pages.charset import FLAG as CHARSET
from newscrawl.pages.page_tree import NestedTooDeepError, parse
from newscrawl.pages.truncation import is_whole
from newscrawl.rights.page_rights import HEADERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from lxml.etree import _Element as Element

    from newscrawl.items.draft import Draft
    from newscrawl.urls import SiteUrls

TWIN_HEADER = "X-Newscrawl-Twin"
"""Header of the twin's responses, whose articles get the flag `FROM_TWIN`."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it was fetched."""

    url: str
    """Address, after redirects."""
    body: bytes
    """Decompressed."""
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Field lines of the response's headers by name in lower case."""
    status: int = 200
    is_truncated: bool = False
    """Whether the response broke off."""
    rendered: bytes | None = None
    """The page after its scripts have run, which is read in place of `body`."""
    text: str | None = None
    """The page's text, where `body` is known to be its UTF-8."""

    @property
    def content_type(self) -> str | None:
        """The header `Content-Type`; None without one."""
        return next(iter(self.headers.get("content-type", ())), None)

    @property
    def rights_headers(self) -> dict[str, list[str]]:
        """The headers that state rights."""
        return {name: [*lines] for name in HEADERS if (lines := self.headers.get(name))}


@dataclass(frozen=True, slots=True)
class _Parsed:
    body: bytes
    root: Element
    is_repaired: bool


class FetchedArticle:
    """A page that is an article; its further pages may be appended before the draft."""

    def __init__(self, page: ArticlePage, fetched: FetchedPage, sent: _Parsed) -> None:
        self._page = page
        self._fetched = fetched
        self._sent = sent
        self._appended = 0

    def next_part(self) -> str | None:
        """Return the canonical URL of the next page to append; None without one.

        A page that is appended may link to further ones.
        """
        parts = self._page.page.parts()
        return parts[self._appended] if self._appended < len(parts) else None

    def append(self, part: FetchedPage, urls: SiteUrls) -> bool:
        """Append the next page; return False if it is not one, and the article is truncated."""
        parsed = _parsed(part.body, part.content_type)
        if not isinstance(parsed, _Parsed):
            return False
        if not further_page.is_further_page(urls, part.url, part.status, parsed.root):
            return False
        if part.rendered is None and scripted.article_gap(parsed.root):
            return False
        if part.rendered is not None:
            rendered = _parsed(part.rendered, part.content_type)
            if not isinstance(rendered, _Parsed):
                return False
            parsed = rendered
        selector = Selector(root=parsed.root, type="html")
        has_text = further_page.append(self._page.page, selector, part.url, part.rights_headers)
        self._appended += 1
        return has_text and _is_whole(part, parsed.body)

    def draft(self, fetched_at: datetime, *, has_all_parts: bool) -> Draft:
        """Return the article, all but its dates; `fetched_at` is aware."""
        whole = has_all_parts and _is_whole(self._fetched, self._sent.body)
        draft = self._page.draft(fetched_at, is_whole=whole)
        is_from_twin = TWIN_HEADER.lower() in self._fetched.headers
        return with_flags(draft, is_repaired=self._sent.is_repaired, is_from_twin=is_from_twin)


def with_flags(draft: Draft, *, is_repaired: bool, is_from_twin: bool) -> Draft:
    """Return a draft with the flags of its response."""
    if is_repaired:
        draft.article.flags.append(CHARSET)
    if is_from_twin:
        draft.article.flags.append(FROM_TWIN)
    return draft


def read_fetched(
    fetched: FetchedPage, urls_of_root: Callable[[Element], SiteUrls]
) -> FetchedArticle | NotArticle:
    """Return the article of a page, or why the page has no article.

    A page that only a script would fill is read as it was sent, if it may be an article.

    Args:
        fetched: the page.
        urls_of_root: returns the addresses of the site, given the page as it was sent.
    """
    sent = _parsed(fetched.body, fetched.content_type, fetched.text)
    if not isinstance(sent, _Parsed):
        return NotArticle(sent)
    if kind := response_kind(fetched.status, sent.root):
        return NotArticle(kind, is_wall=True)
    parsed: _Parsed | str = sent
    urls = urls_of_root(sent.root)
    if fetched.rendered is not None:
        parsed = _parsed(fetched.rendered, fetched.content_type)
    if not isinstance(parsed, _Parsed):
        return NotArticle(parsed)
    selector, headers = Selector(root=parsed.root, type="html"), fetched.rights_headers
    result = read(selector, fetched.url, urls, headers=headers, is_shallow=True)
    if isinstance(result, NeedsBrowser):
        if fetched.rendered is not None:
            return NotArticle("not_filled")
        if result.reason is not None:
            return NotArticle("needs_browser")
        result = ArticlePage(open_page(selector, fetched.url, urls, headers=headers))
    if isinstance(result, ArticlePage):
        return FetchedArticle(result, fetched, sent)
    if not result.is_wall and meta_refresh.leads_elsewhere(
        sent.body[:_HEAD].decode("utf-8", "replace"), fetched.url
    ):
        return NotArticle(meta_refresh.REASON)
    return result


_HEAD = 20_000


def _parsed(page: bytes, content_type: str | None, text: str | None = None) -> _Parsed | str:
    """Return a page as a crawl parses it, or why it is not parsed."""
    body, is_repaired, excess = bounded_text(page, content_type, text, bounds_nesting=False)
    body = body.strip()
    if excess is not None:
        return excess
    if not body:
        return "no_elements"
    try:
        return _Parsed(body, parse(body), is_repaired)
    except NestedTooDeepError as error:
        return str(error)


def parsed_page(page: bytes) -> Element | None:
    """Return the root of a page; None for one that is not parsed."""
    parsed = _parsed(page, None)
    return parsed.root if isinstance(parsed, _Parsed) else None


def _is_whole(page: FetchedPage, body: bytes) -> bool:
    return not page.is_truncated and page.status == 200 and is_whole(body)
