"""The figures of a run on rights: what was stated, and what was kept back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl.outcomes import counters

if TYPE_CHECKING:
    from collections.abc import Mapping


def of_stats(stats: Mapping[str, Any], policy: str) -> dict[str, Any]:
    """Return the part `rights` of a run report.

    Args:
        stats: of the run.
        policy: the value of RIGHTS_POLICY.

    >>> stats = {"rights/articles": 3, "rights/signals/robots/html/index": 3, "withheld/index": 1}
    >>> figures = of_stats(stats, "respect")
    >>> figures["signals"], figures["withheld"], figures["not_fetched"]
    ({'robots/html': {'index': 3}}, {'index': 1}, 0)
    """
    return {
        "policy": policy,
        "articles": stats.get(counters.RIGHTS_ARTICLES, 0),
        "signals": _by_source(counters.group(stats, counters.RIGHTS_SIGNALS)),
        "not_modified": _by_source(counters.group(stats, counters.RIGHTS_NOT_MODIFIED)),
        "requested_in_full": stats.get(counters.RIGHTS_IN_FULL, 0),
        "withheld": counters.group(stats, counters.WITHHELD),
        "not_fetched": stats.get(counters.NOT_FETCHED_RIGHTS, 0),
        "not_followed": stats.get(counters.RIGHTS_NOT_FOLLOWED, 0),
        "ignored": counters.group(stats, counters.RIGHTS_IGNORED),
        "licences_not_read": stats.get(counters.LICENCES_NOT_READ, 0),
    }


def _by_source(counts: Mapping[str, int]) -> dict[str, dict[str, int]]:
    """Return source to use to number for the keys `<source>/<use>`."""
    signals: dict[str, dict[str, int]] = {}
    for key, count in counts.items():
        source, _, use = key.rpartition("/")
        signals.setdefault(source, {})[use] = count
    return signals
