"""The order in which articles are requested.

See decision 136 in docs/decisions.md.
"""

from __future__ import annotations

from datetime import date

LAST = -32_768
"""Rank of what is requested after all articles: the lowest that the ledger can store."""
BEFORE_RIGHTS = 159
"""Rank above which is what must be read before any article where rights are respected: the home
page, which leads to feeds, and the feeds themselves."""
UNDATED = LAST + 1
"""Rank of an article of an unknown day, where the oldest come first."""
_FIRST_DAY = date(1970, 1, 1)


def oldest_first(day: str | None) -> int:
    """Return the rank of an article, the higher the older; one of an unknown day comes last.

    `day` begins with an ISO date, or with `YYYY/MM/DD` as in addresses.

    >>> oldest_first("2026/11/05") - oldest_first("2026-11-06T09:00:00+01:00")
    1
    >>> oldest_first(None) == oldest_first("2026-02-30") == UNDATED
    True
    """
    try:
        number = (date.fromisoformat((day or "")[:10].replace("/", "-")) - _FIRST_DAY).days
    except ValueError:
        return UNDATED
    return max(UNDATED, -1 - max(0, number))
