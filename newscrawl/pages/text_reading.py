"""Reads the article's text on a page of any layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from newscrawl.pages.lean_page import LeanPage
from newscrawl.pages.main_text import MainText
from newscrawl.pages.taken_text import is_label, is_whole, texts_of
from newscrawl.pages.trafilatura_body import blocks_of, extract_body

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lxml.etree import _Element as Element
    from lxml.html import HtmlElement

    from newscrawl.pages.body import BodyReader

    Ends = tuple[Element | None, Element | None]

_MIN_SHARE = 0.6
"""Share of trafilatura's text that the page's elements must show to be read instead."""
_SHORT_TEXT = 400
"""Characters of a text below which trafilatura's slower ways are tried where much is left."""


def read_text(root: Element, new_reader: Callable[[], BodyReader]) -> tuple[BodyReader, Ends]:
    """Return what a page has of the article, and the first and the last element of its text.

    Args:
        root: the page's `html` element, which is not changed.
        new_reader: returns a reader of bodies without content.
    """
    reader, ends, others = _read(root, new_reader)
    if others:
        # Of a page with more comments than text, trafilatura may take those alone.
        again, ends_again, _ = _read(root, new_reader, others)
        if again.blocks:
            return again, ends_again
    return reader, ends


def _read(
    root: Element, new_reader: Callable[[], BodyReader], others: Sequence[Element] = ()
) -> tuple[BodyReader, Ends, list[Element]]:
    """Return the same, read without some elements, and those that are surely not the text."""
    ends: Ends = (None, None)
    lean = LeanPage(cast("HtmlElement", root), others)
    found: list[Element] = []
    for is_fast in (True, False):
        # A text may be a list of links: what is left of a short one is searched whole.
        body = extract_body(lean.copy() if is_fast else lean.whole(), is_fast=is_fast)
        anchors = blocks_of(body) if body is not None else []
        texts = [text for block in anchors for text in texts_of(block)]
        main = MainText(root, texts, lean.left_out if is_fast else others)
        found = found or main.others
        ends = main.ends or (None, None)
        reader = new_reader()
        if main.share >= _MIN_SHARE:
            reader.read(main.selected())
            is_sure = not is_fast or len(reader.text()) >= _SHORT_TEXT or main.is_most
            is_sure = is_sure and not (is_fast and main.goes_on)
            dropped = main.dropped + main.labels
            if is_sure and is_whole(reader, anchors, dropped, root):
                return reader, ends, found
    # trafilatura has text that the page's elements do not show so.
    reader = new_reader()
    reader.blocks = [block for block in anchors if not is_label(block)]
    return reader, ends, found
