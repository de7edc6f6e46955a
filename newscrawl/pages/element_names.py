"""The words in the class and the id of an element, however they are joined."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_FRAMES = re.compile(r"elementor-widget|BorlabsCookie|borlabs-cookie")
"""Names of what a page builder and a consent tool put around anything."""
_NO_WORDS: frozenset[str] = frozenset()


def words_of(node: Element) -> frozenset[str]:
    """Return the words in an element's class and id, in lower case; none of a comment."""
    if not isinstance(node.tag, str):
        return _NO_WORDS
    classes, name = node.get("class"), node.get("id")
    return _words(f"{classes or ''} {name or ''}") if classes or name else _NO_WORDS


@lru_cache(maxsize=5_000)
def _words(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(_FRAMES.sub("", names)))
