"""Finds the text that a stray closing tag put behind its container, on any WordPress theme."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING

from newscrawl.pages.boilerplate import is_boilerplate, leads_to_others
from newscrawl.pages.moved_text import without_controls
from newscrawl.pages.shown import is_hidden, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_TEXT_TAGS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "figure", "table", "pre"}
)
# Classes of the block editor, and of texts that were pasted from other programs.
_EDITORS = re.compile(r"wp-block-|has-|align|is-layout-|(?:p|s|li|ul|ol)\d{1,2}\Z|Mso|western\Z")
_SITE_LINE = re.compile(
    r"©|\b(?:copyright|diritti\sriservati|testata|tribunale|p\.?\s?iva|partita\siva|cookie|privacy"
    r"|powered|wordpress|redazione|direttore|editore|contatti|pubblicità)\b",
    re.IGNORECASE,
)
_METADATA = ".//a[@rel]|.//time|.//*[@itemprop]"
_SENTENCE_ENDS = (".", "!", "?", "…", "»", "”", '"', ")")
_MAX_LINKED = 0.5


def text_behind(container: Element, scope: Element) -> list[Element]:
    """Return copies of the elements behind a container that continue its text; bare text as `p`.

    They are elements of text without a theme's class, up to the first other element. The last one
    is a paragraph that ends a sentence: lists of links and labels that a theme prints there are not
    text.

    Args:
        container: the element of the text, closed too early.
        scope: the element of the post around it. Behind it, lines about the site end the search.
    """
    pieces: list[Element] = []
    end = 0
    for piece in _pieces(container, scope):
        pieces.append(piece)
        if piece.tag in {"p", "div"} and _is_prose(piece):
            end = len(pieces)
    return pieces[:end]


def _pieces(container: Element, scope: Element) -> Iterator[Element]:
    level: Element | None = container
    is_inside = True
    while level is not None and level.tag not in {"body", "html"}:
        # Several closing tags end the element of the post as well.
        is_inside = is_inside and level is not scope
        if is_inside:
            yield from _bare(level)
        for sibling in level.itersiblings():
            if isinstance(sibling.tag, str):
                if not _is_text(sibling) or (not is_inside and _is_of_site(sibling)):
                    return
                piece = copy.deepcopy(sibling)
                piece.tail = None
                yield piece
            yield from _bare(sibling)
        level = level.getparent()


def _bare(element: Element) -> Iterator[Element]:
    if fold(element.tail):
        paragraph = element.makeelement("p")
        paragraph.text = without_controls(element.tail or "")
        yield paragraph


def _is_text(element: Element) -> bool:
    """Return whether an element is printed by the editor, not by a theme."""
    names = (element.get("class") or "").split()
    return (
        element.tag in _TEXT_TAGS
        and element.get("id") is None
        and all(map(_EDITORS.match, names))
        and not is_hidden(element)
        and not element.xpath(_METADATA)
    ) or (element.tag == "div" and _is_division(element, names))


def _is_division(element: Element, names: list[str]) -> bool:
    """Return whether a `div` is a block of the editor, or a bare paragraph."""
    if any(name.startswith("wp-block-") for name in names):
        return (
            not is_boilerplate(element)
            and all(map(_EDITORS.match, names))
            and not element.xpath(_METADATA)
        )
    is_plain = not element.keys() and element.find(".//*[@class]") is None
    return is_plain and _is_prose(element) and element.find(".//a") is None


def _is_of_site(element: Element) -> bool:
    """Return whether a line behind the post says whose the site is."""
    return _SITE_LINE.search(shown_text(element)) is not None


def _is_prose(paragraph: Element) -> bool:
    text = shown_text(paragraph)
    linked = sum(len(shown_text(anchor)) for anchor in paragraph.iter("a"))
    return (
        text.endswith(_SENTENCE_ENDS)
        and linked <= _MAX_LINKED * len(text)
        and not leads_to_others(text, [paragraph])
    )
