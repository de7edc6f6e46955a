"""Relations of links (`rel`): a set of words, in any order and case, as HTML defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def relations(element: Element) -> frozenset[str]:
    """Return the words of an element's `rel`, in lower case."""
    return frozenset((element.get("rel") or "").lower().split())


def is_tag_link(anchor: Element) -> bool:
    """Return whether a link leads to a tag of the article; WordPress marks categories too."""
    words = relations(anchor)
    return "tag" in words and "category" not in words
