"""Pages as the Wayback Machine shows them: their addresses lead through web.archive.org."""

from __future__ import annotations

import re
from typing import overload

_COPY = re.compile(
    r"\Ahttps?://web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?/(https?):/{1,2}(\S+)", re.IGNORECASE
)
_MARKS = ("web-static.archive.org/_static/", "archive.org/includes/", "/_static/js/wombat.js")
"""What it writes behind the first tag of the head."""
_HOST = "archive.org/"
_HEAD = 2_000
# Within scripts a stroke may stand before each slash.
_REWRITTEN = (
    r"(?:https?:)?(?:\\?/\\?/web\.archive\.org)?\\?/web\\?/\d{4,14}(?:[a-z]{2}_)?"
    r"\\?/(?=https?:\\?/)"
)
_IN_TEXT = re.compile(_REWRITTEN)
_IN_BYTES = re.compile(_REWRITTEN.encode())


def original_address(url: str) -> str:
    """Return the address that a copy was made of; of other pages `url`.

    >>> original_address("https://web.archive.org/web/20261121im_/http://example.it/a/")
    'http://example.it/a/'
    """
    match = _COPY.match(url)
    return f"{match[1]}://{match[2]}" if match else url


@overload
def original_page(page: str, url: str) -> str: ...
@overload
def original_page(page: bytes, url: str) -> bytes: ...
def original_page(page: str | bytes, url: str) -> str | bytes:
    """Return a page with the addresses that it had; one that is not a copy is unchanged.

    Args:
        page: the page.
        url: where it was found.
    """
    is_copy = _COPY.match(url) is not None
    if isinstance(page, str):
        is_copy = is_copy or (page.find(_HOST, 0, _HEAD) >= 0 and _has_mark(page[:_HEAD]))
        return _IN_TEXT.sub("", page) if is_copy else page
    if not is_copy and page.find(_HOST.encode(), 0, _HEAD) >= 0:
        is_copy = _has_mark(page[:_HEAD].decode("latin-1"))
    return _IN_BYTES.sub(b"", page) if is_copy else page


def _has_mark(head: str) -> bool:
    return any(mark in head for mark in _MARKS)
