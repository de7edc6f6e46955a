"""The text of a page as it was sent: in UTF-8, whatever it says, and within bounds."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.pages import charset
from newscrawl.pages.page_size import excess


class BoundedText(NamedTuple):
    """A page in UTF-8 without NUL."""

    body: bytes
    is_repaired: bool
    """As in `charset.Utf8Page`."""
    excess: str | None
    """Which bound of `pages.page_size` the page exceeds: it must not be parsed."""


def bounded_text(
    page: bytes,
    content_type: str | None = None,
    text: str | None = None,
    *,
    bounds_nesting: bool = True,
) -> BoundedText:
    r"""Return a page in UTF-8, and which bound it exceeds.

    Args:
        page: the bytes as sent, decompressed.
        content_type: the response's header; None where it is not known.
        text: as for `charset.to_utf8`.
        bounds_nesting: as for `page_size.excess`.

    >>> bounded_text(b"<p>Testo\x00</p>")
    BoundedText(body=b'<p>Testo</p>', is_repaired=False, excess=None)
    """
    body, is_repaired = charset.to_utf8(page, content_type, text=text)
    if b"\x00" in body:
        # As parsel does, before it parses.
        body = body.replace(b"\x00", b"")
    return BoundedText(body, is_repaired, excess(body, bounds_nesting=bounds_nesting))
