"""Writes text into a page's tree: lxml refuses control characters, which its HTML parser keeps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_REFUSED = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def without_controls(text: str) -> str:
    r"""Return a text without the characters that lxml refuses.

    >>> without_controls("Il\x0b testo")
    'Il testo'
    """
    return _REFUSED.sub("", text)


def append_text(parent: Element, text: str) -> None:
    """Add text at the end of an element."""
    if len(parent):
        append_tail(parent[-1], text)
    else:
        parent.text = without_controls(f"{parent.text or ''}{text}")


def append_tail(element: Element, text: str) -> None:
    """Add text to what is behind an element."""
    element.tail = without_controls(f"{element.tail or ''}{text}")


def remove(element: Element) -> None:
    """Remove an element from its parent, and keep the text behind it."""
    parent, previous, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if previous is not None:
        append_tail(previous, tail)
    else:
        parent.text = without_controls(f"{parent.text or ''}{tail}")
    parent.remove(element)
