"""Takes the end of a page out of a text whose `div` was left open, on any WordPress theme."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.moved_text import remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_COLUMN = re.compile(r"(?:^|\s)(?:widget-area|widgets-area|sidebar|site-\S+)(?:\s|$)")
_COLUMN_IDS = frozenset({"secondary", "sidebar", "colophon"})
_PARTS_OF_TEXT = frozenset(
    {"blockquote", "figure", "article", "section", "aside", "li", "td", "th", "dd", "details"}
)
"""Elements with footers of their own."""
_TEXT_TAGS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "figure", "table", "pre"}
)


def page_end(content: Element) -> Element | None:
    """Return the first element of the page's end within the container of a text; None without it.

    It is a `footer` that is not one of a quotation or a box, or a column of widgets. What follows
    it is not text either: where it seems to be, the element is not the page's end.
    """
    for element in content.iterdescendants("footer", "aside"):
        is_column = _COLUMN.search(element.get("class") or "") or element.get("id") in _COLUMN_IDS
        is_editors = "wp-block-group" in (element.get("class") or "")
        if is_editors or (element.tag == "aside" and not is_column):
            continue
        around = _up_to(content, element)
        if any(node.tag in _PARTS_OF_TEXT for node in around):
            continue
        if not any(other.tag in _TEXT_TAGS for other in _following(content, element)):
            return element
    return None


def remove_page_end(content: Element) -> None:
    """Remove the page's end from the container of a text, with all that follows it."""
    element = page_end(content)
    if element is None:
        return
    for node in [*_following(content, element), element]:
        remove(node)


def _up_to(content: Element, element: Element) -> list[Element]:
    """Return the ancestors of an element within a container, the nearest first."""
    ancestors = []
    for node in element.iterancestors():
        if node is content:
            break
        ancestors.append(node)
    return ancestors


def _following(content: Element, element: Element) -> Iterator[Element]:
    """Yield the siblings behind an element, and those behind its ancestors in a container."""
    for node in [element, *_up_to(content, element)]:
        yield from node.itersiblings()
