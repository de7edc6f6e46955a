"""A page without what is never an article's text, which trafilatura reads in half the time.

Its searches go through every element, and most of a page's elements are menus.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.shown import whole_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from lxml.html import HtmlElement

_CODE = ("style", "svg", "template", "link", "button", "select", "iframe", etree.Comment)
"""Elements without text."""
_SCRIPTS = etree.XPath("//script[not(contains(@type,'json'))]", smart_strings=False)
"""Scripts that do not hold the text as JSON-LD may."""
_LISTS = ("ul", "ol")
_MIN_LINKS = 3
_ALL = 0.9
_MAX_LABEL = 100
"""Characters of a link's text in a menu or a list of titles, on average."""


class LeanPage:
    """One page's lists of links, and the page without them.

    Args:
        root: the page's `html` element, which is not changed.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._lists = [*root.iter(*_LISTS)]
        self.link_lists = frozenset(filter(_is_link_list, self._lists))
        """The outermost lists that consist of short links to several pages."""

    def copy(self) -> HtmlElement:
        """Return a copy without code and without the lists of links."""
        lean = copy(self._root)
        for original, element in zip(self._lists, [*lean.iter(*_LISTS)], strict=True):
            if original in self.link_lists:
                element.tag = "style"
        for element in _SCRIPTS(lean):
            element.tag = "style"
        etree.strip_elements(lean, *_CODE, with_tail=False)
        return lean


def _is_link_list(element: Element) -> bool:
    if next(element.iterancestors(*_LISTS), None) is not None:
        return False
    links = [link for link in element.iterdescendants("a") if _leads_to_page(link.get("href"))]
    if len(links) < _MIN_LINKS:
        return False
    linked = _letters("".join(map(whole_text, links)))
    return linked <= _MAX_LABEL * len(links) and linked >= _ALL * _letters(whole_text(element))


def _leads_to_page(href: str | None) -> bool:
    return href is not None and not href.startswith(("#", "javascript:"))


def _letters(text: str) -> int:
    return len("".join(text.split()))
