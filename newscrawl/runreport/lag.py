"""How long after its publication an article was captured."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def figures(lags: Sequence[int]) -> dict[str, Any]:
    """Return count, median and 95th percentile of lags in seconds; null where there are none.

    Percentiles are by nearest rank: each is a lag that was measured.

    >>> figures([60, 600, 300])
    {'count': 3, 'median': 300, 'p95': 600}
    """
    ranked = sorted(lags)
    return {"count": len(ranked), "median": _rank(ranked, 0.5), "p95": _rank(ranked, 0.95)}


def _rank(ranked: Sequence[int], share: float) -> int | None:
    return ranked[ceil(share * len(ranked)) - 1] if ranked else None
