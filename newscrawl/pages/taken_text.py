"""Compares what was read of a page's elements with the text that trafilatura took."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.items import Link
from newscrawl.items.parts import text_of
from newscrawl.pages.boilerplate import is_read_also
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.shown import hidden_texts
from newscrawl.text import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from newscrawl.items import Block
    from newscrawl.pages.body import BodyReader

_MIN_WORDS = 20
_MAX_MISSING = 0.04
"""Share of trafilatura's words that the reading of the page's elements may lack."""


def is_head_line(block: Block) -> bool:
    """Return whether a block is nothing but authors and a date."""
    text = block.text or ""
    if block.type != "paragraph" or count_words(text) >= _MIN_WORDS:
        return False
    return is_date_or_byline(text)


def texts_of(block: Block) -> list[str]:
    """Return the texts of a block: its own, or those of its items and cells."""
    return (
        [block.text] if block.text else [cell for row in block.items for cell in row.split(" | ")]
    )


def is_label(block: Block) -> bool:
    """Return whether a block is "Leggi anche" and a title."""
    return bool(block.text) and _is_read_also(block.text or "")


def _is_read_also(text: str) -> bool:
    return ":" in text and is_read_also(text, [Link("", text.strip(" .:»>→"))])


def is_whole(reader: BodyReader, anchors: list[Block], dropped: list[str], root: Element) -> bool:
    """Return whether a reading has all that trafilatura took but what is not text."""
    wanted = Counter(_words(text_of(anchors)))
    # What parts the cells of a row.
    wanted.pop("|", None)
    most = _MAX_MISSING * wanted.total()
    posts = [block.text or "" for block in reader.blocks if block.type == "embed"]
    known = Counter(_words("\n".join([reader.text(), *posts, *dropped])))
    if _missing(wanted, known) <= most:
        return True
    lines = [block for block in anchors if is_label(block) or is_head_line(block)]
    known += Counter(_words(text_of(lines)))
    if _missing(wanted, known) <= most:
        return True
    known += Counter(
        _words("\n".join([*_captions(reader), *_labels(anchors), *hidden_texts(root)]))
    )
    return _missing(wanted, known) <= most


def _captions(reader: BodyReader) -> Iterator[str]:
    for image in reader.images:
        yield f"{image.caption or ''} {image.credit or ''}"
    for video in reader.videos:
        yield video.title or ""


def _labels(anchors: list[Block]) -> Iterator[str]:
    """Yield lines within paragraphs that are "Leggi anche" and a title."""
    for block in anchors:
        if block.text and "\n" in block.text:
            yield from filter(_is_read_also, block.text.split("\n"))


def _missing(wanted: Counter[str], known: Counter[str]) -> int:
    return sum(count - min(count, known[word]) for word, count in wanted.items())


def _words(text: str) -> list[str]:
    return text.casefold().split()
