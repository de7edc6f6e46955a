"""Patterns of paths as robots.txt has them: `*`, a closing `$` (RFC 9309, 2.2.2 and 2.2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

MAX_LENGTH = 2_000
"""Characters of a pattern."""
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A beginning of paths with wildcards; compared in linear time."""

    pieces: tuple[str, ...]
    """Text between the wildcards."""
    is_anchored: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the pattern that a text states.

        >>> pattern = PathPattern.parse("/a/*.pdf$")
        >>> pattern.matches("/a/b/c.pdf"), pattern.matches("/a/c.pdf?x"), pattern.matches("/A/.pdf")
        (True, False, False)
        """
        text = normal(text[:MAX_LENGTH])
        return cls(tuple(text.removesuffix("$").split("*")), text.endswith("$"))

    def matches(self, path: str) -> bool:
        """Return whether the pattern matches a path as `path_of` returns it."""
        first, *rest = self.pieces
        if not path.startswith(first):
            return False
        if not rest:
            return not self.is_anchored or path == first
        position = len(first)
        for piece in rest[:-1]:
            index = path.find(piece, position)
            if index < 0:
                return False
            position = index + len(piece)
        if self.is_anchored:
            return path.endswith(rest[-1]) and len(path) - len(rest[-1]) >= position
        return path.find(rest[-1], position) >= 0


def normal(path: str) -> str:
    """Return a path with its percent-encoded unreserved ASCII decoded (RFC 3986, 6.2.2.2).

    >>> normal("/%7Ea%2fb")
    '/~a%2Fb'
    """
    return _ESCAPE.sub(_decoded, path) if "%" in path else path


def _decoded(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def path_of(url: str) -> str:
    """Return the path of an address with its query, as patterns are compared with it."""
    parts = urlsplit(url)
    path = parts.path or "/"
    return normal(f"{path}?{parts.query}" if parts.query else path)
