"""What the setting RIGHTS_POLICY decides: nothing, or that what publishers keep back is not kept.

The outcome within a vocabulary is by its own precedence; between them the more restrictive counts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.rights import rsl, tdmrep
from newscrawl.rights.signals import DENY, is_ours

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.items import Rights, Signal

RECORD, RESPECT = "record", "respect"
POLICIES = (RECORD, RESPECT)


def is_reserved(signals: Iterable[Signal]) -> bool:
    """Return whether what a site states about a page forbids to fetch it, under `respect`.

    Args:
        signals: those of tdmrep.json and of the licences that robots.txt names.
    """
    signals = [*signals]
    return tdmrep.outcome(signals)[0] is True or rsl.refusing_use(signals) is not None


def withheld_use(rights: Rights, now: datetime) -> str | None:
    """Return the use for which a page is not kept under `respect`; None if it is.

    Args:
        rights: of the page, complete.
        now: aware time of the fetch.

    >>> from newscrawl.items import Rights, Signal
    >>> rights = Rights(signals=[Signal("robots/html", "page", "archive", "deny", "noarchive")])
    >>> withheld_use(rights, datetime.now(UTC))
    'archive'
    """
    if rights.tdm_reserved:
        return "tdm"
    own = [signal for signal in rights.signals if is_ours(signal)]
    for use in ("index", "archive"):
        if any((signal.use, signal.value) == (use, DENY) for signal in own):
            return use
    if any(signal.use == "available-until" and _is_past(signal.value, now) for signal in own):
        return "available-until"
    return rsl.refusing_use(own)


def may_follow(rights: Rights) -> bool:
    """Return whether the links of a page may be followed under `respect`."""
    return not any(
        (signal.use, signal.value) == ("follow", DENY) and is_ours(signal)
        for signal in rights.signals
    )


def _is_past(value: str, now: datetime) -> bool:
    """Return whether a day is over in UTC, or a time past."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        return now.astimezone(UTC).date() > moment.date()
    return now > moment
