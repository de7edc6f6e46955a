"""Responses by which a site asks to come back later: 429, and 503 with Retry-After (RFC 9110)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.ledger.host_state import REFUSALS

if TYPE_CHECKING:
    from scrapy.http import Response


def asks_to_wait(response: Response) -> bool:
    """Return whether a response asks to come back later."""
    return response.status in REFUSALS and "Retry-After" in response.headers
