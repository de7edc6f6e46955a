"""Years, months and days that stand in addresses."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from twin import dating

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Span:
    """The days of an archive and its heading."""

    first: date
    last: date
    kind: str
    name: str


def span(parts: Sequence[str], months: Sequence[str] = dating.MONTHS) -> Span | None:
    """Read ["2026", "11", "20"], ["2026", "11"] or ["2026"].

    >>> span(["2026", "11", "20"]).name
    'Novembre 20, 2026'
    """
    if not 1 <= len(parts) <= 3 or len(parts[0]) != 4:
        return None
    if any(len(part) != 2 for part in parts[1:]):
        return None
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    numbers = [int(part) for part in parts]
    year, month = numbers[0], numbers[1] if len(numbers) > 1 else 1
    if not (year > 1970 and 1 <= month <= 12):
        return None
    name = months[month - 1]
    last = calendar.monthrange(year, month)[1]
    if len(numbers) == 1:
        return Span(date(year, 1, 1), date(year, 12, 31), "Year", str(year))
    if len(numbers) == 2:
        return Span(date(year, month, 1), date(year, month, last), "Month", f"{name} {year}")
    if not 1 <= numbers[2] <= last:
        return None
    day = date(year, month, numbers[2])
    return Span(day, day, "Day", f"{name} {day.day}, {year}")
