"""Decides whether a run read all that the site showed: what came later is measured as new."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.outcomes.finish_reasons import DRIFT, FINISHED, MONITORS_FAILED, NOTHING_NEW

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPLETED = frozenset({FINISHED, NOTHING_NEW, MONITORS_FAILED, DRIFT})
_LIMITS = frozenset({"pages", "since", "until", "urls"})


def is_complete(reason: str, arguments: Mapping[str, object]) -> bool:
    """Return whether a run with this finish reason and these arguments read everything.

    >>> is_complete("finished", {}), is_complete("finished", {"pages": "1"})
    (True, False)
    >>> is_complete("partial", {})
    False
    """
    return reason in _COMPLETED and not _LIMITS & arguments.keys()
