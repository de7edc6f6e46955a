"""The words in the class and the id of an element, however they are joined."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def words_of(node: Element) -> frozenset[str]:
    """Return the words in an element's class and id, in lower case; none of a comment."""
    if not isinstance(node.tag, str):
        return frozenset()
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return frozenset(word.lower() for word in _WORD.findall(names))
