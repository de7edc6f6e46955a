"""Detects truncated pages, and names the flag of an article read from one."""

from __future__ import annotations

FLAG = "truncated"
_TAIL = 5_000


def is_whole(body: bytes) -> bool:
    """Return whether a page is complete.

    >>> is_whole(b"<html><p>text</p></HTML><!-- cached -->"), is_whole(b"<html><p>te")
    (True, False)
    """
    tail = body[-_TAIL:]
    return b"</html" in tail or b"</html" in tail.lower()
