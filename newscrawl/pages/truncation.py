"""Pages that break off: how they are known, and the flag of an article read from one."""

from __future__ import annotations

FLAG = "truncated"
_TAIL = 5_000


def is_whole(body: bytes) -> bool:
    """Return whether a page's end is there.

    >>> is_whole(b"<html><p>text</p></HTML><!-- cached -->"), is_whole(b"<html><p>te")
    (True, False)
    """
    return b"</html" in body[-_TAIL:].lower()
