"""Pages that lead elsewhere by themselves."""

from __future__ import annotations

from w3lib.html import get_meta_refresh

REASON = "meta_refresh"
"""Reason of such a page."""
_MAX_SECONDS = 10
_HEAD = 4_096
"""Characters in which Scrapy looks for it."""


def leads_elsewhere(html: str, url: str) -> bool:
    """Return whether a browser would soon open another address in place of a page.

    >>> leads_elsewhere('<meta http-equiv="refresh" content="0; url=/a/">', "https://example.it/")
    True
    """
    seconds, target = get_meta_refresh(html[:_HEAD], url)
    return target is not None and seconds is not None and seconds <= _MAX_SECONDS
