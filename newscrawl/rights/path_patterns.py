"""Patterns of paths as robots.txt has them: `*`, a closing `$` (RFC 9309, 2.2.2 and 2.2.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

MAX_LENGTH = 2_000
"""Octets of a pattern; what is behind is cut off."""
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"  # RFC 3986, 2.3
)
_OTHER = re.compile(rb"[^\x21-\x7e]")
_SPECIAL = re.compile(rb"[*$]")
_STARS = re.compile(rb"\*+")
_PATH = re.compile(r"[/?]")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A beginning of paths with wildcards; compared in linear time."""

    parts: tuple[bytes, ...]
    """What is between the `*`, normalised."""
    is_whole: bool
    """Whether a closing `$` binds it to the end."""

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Return the pattern that a text states.

        >>> pattern = PathPattern.parse("/a/*.pdf$")
        >>> [pattern.matches(path_of(f"//x{path}")) for path in ("/a/b/c.pdf", "/a/c.pdf?x")]
        [True, False]
        """
        octets = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        octets = octets[:MAX_LENGTH]
        is_whole = octets.endswith(b"$")
        pattern = _STARS.sub(b"*", octets[:-1] if is_whole else octets)
        return cls(tuple(map(normalised, pattern.split(b"*"))), is_whole)

    @property
    def length(self) -> int:
        """Its octets, by which the most specific of several patterns is chosen."""
        return sum(map(len, self.parts)) + len(self.parts) - 1 + self.is_whole

    def matches(self, path: bytes) -> bool:
        """Return whether the pattern matches a path as `path_of` returns it.

        The leftmost place of each part is the best, so that nothing is tried twice.
        """
        first, *others = self.parts
        if not path.startswith(first):
            return False
        if not others:
            return not self.is_whole or len(path) == len(first)
        position = len(first)
        *middle, last = others
        for part in middle:
            index = path.find(part, position)
            if index < 0:
                return False
            position = index + len(part)
        if self.is_whole:
            return len(path) - len(last) >= position and path.endswith(last)
        return path.find(last, position) >= 0


def normalised(text: bytes) -> bytes:
    """Return octets with the percent-encoding that RFC 9309, 2.2.2 compares by.

    >>> normalised("/caffè/%63%c3%a8%2f".encode())
    b'/caff%C3%A8/c%C3%A8%2F'
    """
    if b"%" in text:
        text = _ESCAPE.sub(_decoded, text)
    text = _OTHER.sub(lambda match: b"%%%02X" % match[0][0], text)
    return _SPECIAL.sub(lambda match: b"%%%02X" % match[0][0], text)


def _decoded(match: re.Match[bytes]) -> bytes:
    octet = int(match[1], 16)
    return bytes([octet]) if octet in _UNRESERVED else b"%" + match[1].upper()


def path_of(url: str) -> bytes:
    """Return what patterns are compared with: an address's path and query, normalised.

    >>> path_of("https://example.it/a%7eb*c/%c3%a8?q=$#part")
    b'/a~b%2Ac/%C3%A8?q=%24'
    >>> path_of("https://example.it?q"), path_of("https://example.it")
    (b'/?q', b'/')
    """
    rest = url.partition("#")[0].partition("//")[2]
    match = _PATH.search(rest)
    path = rest[match.start() :] if match else ""
    return normalised((path if path.startswith("/") else f"/{path}").encode("utf-8", "replace"))
