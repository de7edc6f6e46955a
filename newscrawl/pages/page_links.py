"""Finds the links from one page of an article in several pages to the others.

The theme prints links of its own; WordPress' `wp_link_pages`, with any markup around the numbers,
gives each the class `post-page-numbers`, in older versions none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.shown import whole_text
from newscrawl.sites.exact_paths import without_case
from newscrawl.sites.permalinks import part_address
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.urls import SiteUrls

MAX_PARTS = 50
_BOX_NAMES = ("jeg_pagelinks", "post-nav-links", "page-links", "post-page-numbers")
_PARTS_OF_NAMES = ("page-", "pagelinks", "nav-links")
_BOX = re.compile(rf"(?:^|\s)(?:{'|'.join(_BOX_NAMES)})(?:\s|$)")
# One text, without anything between: a string of Python for each takes longer.
_CLASSES = etree.XPath(
    "str:concat(descendant-or-self::*/@class)",
    namespaces={"str": "http://exslt.org/strings"},
    smart_strings=False,
)
_ADDRESSES = etree.XPath("descendant::a/@href", smart_strings=False)
# Broader than the names above, as each further condition takes time at every element.
_BOXES = etree.XPath(
    "descendant::*/@class[contains(.,'page') or contains(.,'nav-links')]/parent::*",
    smart_strings=False,
)
_LONGEST_RELATIVE = 8
"""Characters of a link that is relative to the article's page: `../12/`, `?page=3`."""
_MAY_BE_PART = re.compile(r"(?:/|[?&]page=)\d{1,3}/?(?:[?#&].*)?\Z")
_AFTER_FIRST = re.compile(r"\b(?:[2-9]|[1-9]\d{1,2})\b")
# "Page 1 of 5", "Pagina 1 di 5".
_STATED = re.compile(r"\b\d{1,3}\s+\w{1,4}\s+(\d{1,3})\Z")


class PartLinks:
    """The links to an article's further pages, as its pages show them."""

    def __init__(self, scope: Element, article_url: str, urls: SiteUrls, base: str) -> None:
        """Read the links of the first page.

        Args:
            scope: the article's element.
            article_url: canonical URL of the article.
            urls: the site's addresses.
            base: address against which relative links count.
        """
        self._article_url, self._urls, self._base = article_url, urls, base
        self._last = 1
        self._shows_any = False
        self.read(scope)

    def addresses(self) -> list[str]:
        """Return the canonical URLs of the further pages, in order."""
        last = min(self._last, MAX_PARTS)
        return [part_address(self._article_url, number) for number in range(2, last + 1)]

    @property
    def cannot_be_followed(self) -> bool:
        """Whether further pages are shown that `addresses` does not have."""
        return self._last > MAX_PARTS or (self._shows_any and self._last == 1)

    def read(self, scope: Element) -> None:
        """Read the links of a page; those of a further page may lead to others."""
        for box in _BOXES(scope) if _may_have_boxes(scope) else ():
            if not _BOX.search(box.get("class") or ""):
                continue
            self._shows_any = self._shows_any or _names_page(box)
            self._last = max(self._last, _stated(box))
            for anchor in box.iter("a"):
                self._follow(anchor.get("href") or "", is_own=True)
        # Another theme's: whatever leads to a page of this article.
        slug = self._article_url.rstrip("/").rsplit("/", 1)[-1]
        # Other characters can be written in several ways.
        slug = slug if slug.isascii() and slug.isprintable() and "%" not in slug else ""
        for href in [
            href for href in _ADDRESSES(scope) if slug in href or len(href) <= _LONGEST_RELATIVE
        ]:
            if _MAY_BE_PART.search(href):
                self._follow(href, is_own=False)

    def _follow(self, href: str, *, is_own: bool) -> None:
        address = self._urls.understand(href, self._base)
        is_own = is_own or without_case(address.url) == without_case(self._article_url)
        if address.kind is Kind.ARTICLE and is_own:
            self._last = max(self._last, address.part)


def _may_have_boxes(scope: Element) -> bool:
    """Return whether a class within an article's element is like that of a box.

    Most pages have none: to search for the boxes takes several times longer.
    """
    classes = _CLASSES(scope)
    return any(name in classes for name in _PARTS_OF_NAMES)


def _names_page(box: Element) -> bool:
    """Return whether an element names a page after the first."""
    if "page-numbers" in (box.get("class") or ""):
        return "current" not in box.get("class", "")
    return bool(_AFTER_FIRST.search(fold(whole_text(box))))


def _stated(box: Element) -> int:
    for element in box.iter("span"):
        if "page_info" in (element.get("class") or ""):
            match = _STATED.search(fold(whole_text(element)))
            return int(match[1]) if match else 1
    return 1
