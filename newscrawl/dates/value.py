"""The value of a parsed date: a day or an instant, and its precision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside this range are numbers, not publication years."""


@dataclass(frozen=True, slots=True)
class ItalianDate:
    """A date as an Italian text states it.

    `value` is a `date` when `precision` is `"day"`, otherwise an aware `datetime` in the
    time zone of the text. `weekday_mismatch` is True when the text names another
    weekday than that of its date, `has_zone` when it states the zone of its time of day.

    >>> ItalianDate(date(2025, 10, 28), "day").isoformat()
    '2025-10-28'
    """

    value: date | datetime
    precision: Precision
    weekday_mismatch: bool = False
    has_zone: bool = False

    def isoformat(self) -> str:
        """Return ISO 8601: a day alone, or an instant with seconds and offset."""
        if isinstance(self.value, datetime):
            return self.value.isoformat(timespec="seconds")
        return self.value.isoformat()
