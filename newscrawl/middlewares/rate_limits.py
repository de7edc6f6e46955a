"""Responses by which a site asks to come back later: 429 and 503 with Retry-After (RFC 9110)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Response

_STATUSES = frozenset({429, 503})


def asks_to_wait(response: Response) -> bool:
    """Return whether a response asks to come back later."""
    return response.status in _STATUSES and "Retry-After" in response.headers
