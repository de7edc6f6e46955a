"""For how long an answer may be used again: `Cache-Control` and `Age` (RFC 9111, 4.2 and 5.2.2)."""

from __future__ import annotations

MAX_SECONDS = 86_400
"""A day: longer times are not believed."""
_AT_ONCE = frozenset({"no-store", "no-cache"})


def seconds_left(cache_control: str, age: str = "") -> int | None:
    """Return for how many seconds an answer is fresh; None if it does not say.

    Args:
        cache_control: the header Cache-Control.
        age: the header Age, the seconds that the answer has spent in caches.

    >>> seconds_left("public, max-age=600", "90"), seconds_left("max-age=99999999")
    (510, 86400)
    >>> seconds_left("no-cache, max-age=600"), seconds_left("public"), seconds_left("max-age=soon")
    (0, None, None)
    """
    stated: list[int] = []
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in _AT_ONCE:
            return 0
        if name == "max-age" and (seconds := _number(value.strip('"'))) is not None:
            stated.append(seconds)
    if not stated:
        return None
    return max(0, min(*stated, MAX_SECONDS) - (_number(age.strip()) or 0))


def _number(text: str) -> int | None:
    return int(text[:9]) if text.isascii() and text.isdecimal() else None
