"""Copies what of a page's boxes is an article's text."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.text_boxes import WHOLE, Box, Segment, is_prose
from newscrawl.pages.trafilatura_body import NOT_XML

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.pages.text_boxes import Item

_CELLS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"})
_XML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")


def mark_kept(box: Box) -> bool:
    """Mark the boxes that hold something kept; return whether this one does."""
    for item in box.items:
        if isinstance(item, Box):
            mark_kept(item)
    box.is_kept = any(item.is_kept for item in box.items)
    return box.is_kept


def copy_kept(box: Box, big: float) -> Element:
    """Return a copy of a box with what is kept; one of the weight `big` has no attributes."""
    kept = [item for item in box.items if item.is_kept]
    is_big = box.weight >= big
    is_player = len(kept) == 1 and isinstance(kept[0], Segment) and not kept[0].pieces
    if is_player or (len(kept) == len(box.items) and box.tag in WHOLE and not is_big):
        return _without_tail(box.element)
    tag = "div" if box.tag in {"body", "form", "aside", "nav", "footer"} else box.tag
    if tag in _CELLS and _is_layout(box):
        tag = "div"
    # Names and styles of a box do not count where it holds the text.
    copy = box.element.makeelement(
        tag if _XML_NAME.fullmatch(tag) else "div", {} if is_big else _attributes(box.element)
    )
    previous: Item | None = None
    for item in kept:
        if isinstance(item, Box):
            copy.append(copy_kept(item, big))
        else:
            if isinstance(previous, Segment):
                etree.SubElement(copy, "br")
                etree.SubElement(copy, "br")
            _append_pieces(copy, item.pieces)
        previous = item
    return copy


def _is_layout(box: Box) -> bool:
    """Return whether a table, a row or a cell is there to place blocks of text."""
    if box.element.get("role") in {"presentation", "none"}:
        return True
    cells = [inner for inner in box.boxes() if inner.tag in {"td", "th"}]
    return any(
        inner.tag == "table" or sum(map(is_prose, inner.segments)) > 1
        for cell in cells
        for inner in cell.boxes()
    )


def _without_tail(element: Element) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    return copy


def _attributes(element: Element) -> dict[str, str]:
    return {
        str(name): NOT_XML.sub("", str(value))
        for name, value in element.attrib.items()
        if _XML_NAME.fullmatch(str(name))
    }


def _append_pieces(parent: Element, pieces: list[str | Element]) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            _append_text(parent, piece)
        else:
            parent.append(_without_tail(piece))


def _append_text(parent: Element, text: str) -> None:
    text = NOT_XML.sub("", text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
