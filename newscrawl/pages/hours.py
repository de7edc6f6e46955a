"""Finds the hour that a page shows in another element than the day."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.shown import shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CLOCK = r"(?:(?:alle|ore|h\.?|at)\s){0,2}[0-2]?\d[:.][0-5]\d(?:[:.][0-5]\d)?(?:\s?[ap]\.?m\.?)?"
_ONLY_CLOCK = re.compile(rf"[\W_]*{_CLOCK}[\W_]*", re.IGNORECASE)
_BEGINS_CLOCK = re.compile(rf"[\s|,;·•–—-]*(?P<hour>{_CLOCK})(?!\w|[.:/]\d)", re.IGNORECASE)
_HAS_CLOCK = re.compile(r"\d[:.h]\d\d|T\d\d|\b(?:alle|ore|fa|ago)\b", re.IGNORECASE)
_MAX_LEVELS = 3
_MAX_CHILDREN = 20
"""Elements in one that shows nothing but a day: those of a list with many days have more."""
_MAX_LINE = 40
"""Characters of the line with an hour."""


def with_hour(node: Element, text: str) -> str:
    """Return a day's text with the hour next to it; unchanged if it has one, or none follows.

    Args:
        node: the element of the day.
        text: what it shows or states.
    """
    if _HAS_CLOCK.search(text):
        return text
    shown = shown_text(node)
    for _ in range(_MAX_LEVELS):
        if match := _BEGINS_CLOCK.match(_behind(node)):
            return f"{text} {match['hour']}"
        previous, parent = node.getprevious(), node.getparent()
        if previous is not None and not fold(previous.tail):
            before = shown_text(previous)
            if len(before) <= _MAX_LINE and _ONLY_CLOCK.fullmatch(before):
                return f"{before} {text}"
        if parent is None or len(parent) > _MAX_CHILDREN or shown_text(parent) != shown:
            break
        node = parent
    return text


def _behind(node: Element) -> str:
    """Return the text behind an element, and that of the next one."""
    following = node.getnext()
    tail = fold(node.tail)
    if any(map(str.isalnum, tail)) or following is None:
        return tail
    text = shown_text(following)
    return f"{tail} {text}" if _ONLY_CLOCK.fullmatch(text) else tail
