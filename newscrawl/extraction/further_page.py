"""The further pages of an article, appended to its first one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.pages.block_page import response_kind
from newscrawl.pages.stated_rights import of_further_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.pages.article_page import BaseArticlePage
    from newscrawl.urls import SiteUrls


def is_further_page(urls: SiteUrls, url: str, status: int, root: Element) -> bool:
    """Return whether a response may be the further page that was requested.

    Args:
        urls: the site's addresses.
        url: where redirects have led to: a page that does not exist leads to the first one.
        status: of the response.
        root: of the page.
    """
    is_other = urls.understand(url).part != 1
    return is_other and status in {200, 203} and response_kind(status, root) is None


def append(
    page: BaseArticlePage, selector: Selector, url: str, headers: Mapping[str, Sequence[str]]
) -> bool:
    """Append a further page, with what it states on rights; return False when it has no text."""
    page.statements.merge(of_further_page(selector.root, url, headers))
    return page.append(selector)
