"""The text of an article out of its pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Block


def text_of(blocks: Iterable[Block]) -> str:
    r"""Return paragraphs, headings, list items, quotes and rows, a blank line between.

    >>> from newscrawl.items import Block
    >>> text_of([Block("paragraph", text="Uno"), Block("list", items=["due", "tre"])])
    'Uno\n\ndue\n\ntre'
    """
    pieces: list[str] = []
    for block in blocks:
        if block.type in {"list", "table"}:
            pieces.extend(block.items)
        elif block.type in {"heading", "paragraph", "quote"} and block.text:
            pieces.append(block.text)
    return "\n\n".join(pieces)
