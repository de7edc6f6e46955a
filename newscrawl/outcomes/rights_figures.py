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
    signals: dict[str, dict[str, int]] = {}
    for key, count in counters.group(stats, counters.RIGHTS_SIGNALS).items():
        source, _, use = key.rpartition("/")
        signals.setdefault(source, {})[use] = count
    return {
        "policy": policy,
        "articles": stats.get(counters.RIGHTS_ARTICLES, 0),
        "signals": signals,
        "withheld": counters.group(stats, counters.WITHHELD),
        "not_fetched": stats.get(counters.NOT_FETCHED_RIGHTS, 0),
        "not_followed": stats.get(counters.RIGHTS_NOT_FOLLOWED, 0),
        "ignored": counters.group(stats, counters.RIGHTS_IGNORED),
        "licences_not_read": stats.get(counters.LICENCES_NOT_READ, 0),
    }
