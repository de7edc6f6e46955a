"""Ends of addresses that name another view of the same article."""

from __future__ import annotations

import re

SUFFIXES = frozenset({"amp", "autoload"})
_PLUGINS_VIEWS = frozenset({"print"})
"""Views that plugins add behind an article's title."""
_COMMENT_PAGE = re.compile(r"comment-page-\d{1,4}")


def drop_views(segments: list[str]) -> None:
    """Remove the segments at the end of a path that name a view.

    >>> segments = ["esteri", "la-regata-dei-fari", "comment-page-2", "amp"]
    >>> drop_views(segments)
    >>> segments
    ['esteri', 'la-regata-dei-fari']
    """
    while len(segments) > 1 and _is_view(segments[-1], segments[-2]):
        segments.pop()


def _is_view(last: str, before: str) -> bool:
    return (
        last in SUFFIXES
        or (last in _PLUGINS_VIEWS and before.count("-") > 1)
        or _COMMENT_PAGE.fullmatch(last) is not None
    )
