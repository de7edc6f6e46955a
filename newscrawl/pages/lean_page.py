"""A page without what is never an article's text, which trafilatura reads in half the time.

Its searches go through every element, and most of a page's elements are menus.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.shown import whole_text

if TYPE_CHECKING:
    from collections.abc import Collection

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
        others: elements that are left out, too.
    """

    def __init__(self, root: HtmlElement, others: Collection[Element] = ()) -> None:
        self._root = root
        self._others = frozenset(others)
        self._lists = [*root.iter(*_LISTS)]
        self.link_lists = frozenset(filter(_is_link_list, self._lists))
        """The outermost lists that consist of short links to several pages."""

    @property
    def left_out(self) -> frozenset[Element]:
        """The elements without text of the article."""
        return self.link_lists | self._others

    def copy(self) -> HtmlElement:
        """Return a copy without code and without the lists of links."""
        lean = copy(self._root)
        for original, element in zip(self._lists, [*lean.iter(*_LISTS)], strict=True):
            if original in self.link_lists:
                element.tag = "style"
        if self._others:
            self._leave_out_others(lean)
        for element in _SCRIPTS(lean):
            element.tag = "style"
        etree.strip_elements(lean, *_CODE, with_tail=False)
        return lean

    def whole(self) -> HtmlElement:
        """Return the page itself, or a copy without the elements that are left out."""
        if not self._others:
            return self._root
        page = copy(self._root)
        self._leave_out_others(page)
        etree.strip_elements(page, "style", with_tail=False)
        return page

    def _leave_out_others(self, page: HtmlElement) -> None:
        pairs = zip([*self._root.iter()], [*page.iter()], strict=True)
        for element in [inner for original, inner in pairs if original in self._others]:
            element.tag = "style"


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
