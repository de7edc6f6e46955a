"""Detects truncated pages, and names the flag of an article read from one."""

from __future__ import annotations

FLAG = "truncated"
_TAIL = 5_000


def is_whole(body: bytes) -> bool:
    """Return whether a page is complete.

    >>> is_whole(b"<html><p>text</p></HTML><!-- cached -->"), is_whole(b"<html><p>te")
    (True, False)
    """
    if body.rfind(b"</html", -_TAIL) >= 0:
        return True
    return b"</html" in body[-_TAIL:].lower()
