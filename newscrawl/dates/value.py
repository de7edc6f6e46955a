"""What a date text means: a day or an instant, and how exactly it was stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Years outside this range are numbers, not years of news."""


@dataclass(frozen=True, slots=True)
class ItalianDate:
    """A date as an Italian text states it.

    `value` is a `date` when `precision` is `"day"`, otherwise an aware `datetime` in the
    time zone of the text. `weekday_mismatch` tells that the text names a weekday on which
    its date does not fall.

    >>> ItalianDate(date(2025, 10, 28), "day").isoformat()
    '2025-10-28'
    """

    value: date | datetime
    precision: Precision
    weekday_mismatch: bool = False

    def isoformat(self) -> str:
        """Return ISO 8601: a day alone, or an instant with seconds and offset."""
        if isinstance(self.value, datetime):
            return self.value.isoformat(timespec="seconds")
        return self.value.isoformat()
