"""The number of posts that REST states for a run's section and days, as the ledger keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.discovery.state import Source
from newscrawl.text import key_of

if TYPE_CHECKING:
    from newscrawl.discovery.scope import Scope
    from newscrawl.discovery.state import DiscoveryState


def total_in(header: bytes | None) -> int | None:
    """Return the number in the header X-WP-Total or X-WP-TotalPages; None without a number.

    >>> total_in(b"3071"), total_in(b"many"), total_in(None)
    (3071, None, None)
    """
    text = (header or b"").decode("latin-1").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def kept_total(state: DiscoveryState, scope: Scope) -> tuple[bool, int | None]:
    """Return whether REST was asked for the total before, and what it said; None if nothing."""
    kept = state.sources.get(key_of(_name(scope)))
    return kept is not None, kept.seen if kept is not None else None


def keep_total(state: DiscoveryState, scope: Scope, total: int | None, now: int) -> None:
    """Record the total for a run that continues this one; None: REST gives none.

    `now` is in seconds since 1970.
    """
    silent_since = now if total is None else None
    state.update_source(_name(scope), Source(seen=total, silent_since=silent_since))


def _name(scope: Scope) -> str:
    first, last = scope.span()
    return f"{scope.site.origin} posts of {first} {last}"
