"""Finds the links from one page of an article in several pages to the others.

The theme prints links of its own; WordPress' `wp_link_pages`, with any markup around the numbers,
gives each the class `post-page-numbers`, in older versions none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.urls import SiteUrls

MAX_PARTS = 50
_BOX = re.compile(r"(?:^|\s)(?:jeg_pagelinks|post-nav-links|page-links|post-page-numbers)(?:\s|$)")
_BOXES = etree.XPath(
    ".//*[contains(@class,'jeg_pagelinks') or contains(@class,'post-nav-links')"
    " or contains(@class,'page-links') or contains(@class,'post-page-numbers')]",
    smart_strings=False,
)
_MAY_BE_PART = re.compile(r"/\d{1,3}/?(?:[?#].*)?\Z")
_AFTER_FIRST = re.compile(r"\b(?:[2-9]|[1-9]\d{1,2})\b")
# "Page 1 of 5", "Pagina 1 di 5".
_STATED = re.compile(r"\b\d{1,3}\s+\w{1,4}\s+(\d{1,3})\Z")


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What one page shows of an article's other pages."""

    last: int = 1
    """The highest number that it links or states."""
    has_box: bool = False
    """Whether it shows links, or what looks like them."""


def read_page_links(scope: Element, article_url: str, urls: SiteUrls, base: str) -> PageLinks:
    """Return what an article's element shows of its other pages.

    Args:
        scope: the element of the article.
        article_url: canonical URL of the article.
        urls: the site's addresses.
        base: address of the page.
    """
    boxes = [box for box in _BOXES(scope) if _BOX.search(box.get("class") or "")]
    last = 1
    for box in boxes:
        for anchor in box.iter("a"):
            address = urls.understand(anchor.get("href") or "", base)
            if address.kind is Kind.ARTICLE:
                last = max(last, address.part)
        last = max(last, _stated(box))
    # Another theme's: whatever leads to a page of this article.
    for anchor in scope.iter("a"):
        href = anchor.get("href") or ""
        if _MAY_BE_PART.search(href):
            address = urls.understand(href, base)
            if address.kind is Kind.ARTICLE and address.url == article_url:
                last = max(last, address.part)
    return PageLinks(last, any(map(_names_page, boxes)))


def _names_page(box: Element) -> bool:
    """Return whether an element names a page after the first."""
    if "page-numbers" in (box.get("class") or ""):
        return "current" not in box.get("class", "")
    return bool(_AFTER_FIRST.search(fold("".join(box.itertext()))))


def _stated(box: Element) -> int:
    for element in box.iter("span"):
        if "page_info" in (element.get("class") or ""):
            match = _STATED.search(fold("".join(element.itertext())))
            return int(match[1]) if match else 1
    return 1
