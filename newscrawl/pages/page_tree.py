"""Builds the tree of a page from its bytes in UTF-8."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from newscrawl.pages.nesting import limit_nesting
from newscrawl.pages.page_size import NESTED, excess, is_cut_off, levels_of_last

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def _parser(*, huge_tree: bool) -> etree.HTMLParser:
    # No id is looked up in the parser's own table of ids.
    return etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=huge_tree, collect_ids=False)


# libxml2 itself bounds the nesting to 256 levels: it ends a tree that is deeper.
_PARSER, _DEEP_PARSER = _parser(huge_tree=False), _parser(huge_tree=True)
_END_TAG = re.compile(rb"</(body|html)\s*>", re.IGNORECASE)
_MAY_BE_CUT_OFF = 200
"""Levels of the last element, at least, of a tree that has ended early."""


class NestedTooDeepError(ValueError):
    """A page whose end libxml2 leaves out, as its elements are nested too deep."""


def parse(page: bytes) -> Element:
    """Return the root of a page, which is an empty `html` where the page has no elements.

    Elements are lxml's own: those of `lxml.html`, which parsel makes, take twice the time.
    What is nested deeper is moved, as `nesting.limit_nesting` does. A text goes on behind an early
    `</body>` or `</html>`, as in browsers.

    Args:
        page: HTML in UTF-8, without NUL and without white space around it.

    Raises:
        NestedTooDeepError: more elements are nested than `page_size` allows, or libxml2 would leave
            out the end of the page.
    """
    root = _whole_tree(page, _PARSER)
    if levels_of_last(root) < _MAY_BE_CUT_OFF:
        return root
    if excess(page) == NESTED:
        raise NestedTooDeepError(NESTED)
    root = _whole_tree(page, _DEEP_PARSER)
    if is_cut_off(root):
        raise NestedTooDeepError(NESTED)
    limit_nesting(root)
    return root


def _whole_tree(page: bytes, parser: etree.HTMLParser) -> Element:
    root = _tree(page, parser)
    if _is_ended_early(root):
        ends = [name.lower() for name in _END_TAG.findall(page)]
        if len(ends) > len(set(ends)):
            return _tree(_END_TAG.sub(b"", page), parser)
    return root


def _is_ended_early(root: Element) -> bool:
    """Return whether libxml2 closed all elements before the end of a page, at an end tag."""
    if next(root.itersiblings("html"), None) is not None:
        return True
    body = root[-1] if len(root) and root[-1].tag == "body" else root.find("body")
    if body is None:
        return False
    if body.getnext() is None and (not body.tail or body.tail.isspace()):
        return False
    # Comments of caches and white space stand behind many pages.
    behind = [body, *body.itersiblings()]
    has_element = any(isinstance(node.tag, str) for node in behind[1:])
    return has_element or any(node.tail and not node.tail.isspace() for node in behind)


def is_bounded(root: Element) -> bool:
    """Return whether a tree is one of `parse`, and not of parsel, which bounds no nesting."""
    return not isinstance(root, HtmlElement)


def _tree(page: bytes, parser: etree.HTMLParser) -> Element:
    root: Element | None = etree.fromstring(page, parser)
    return etree.Element("html") if root is None else root
