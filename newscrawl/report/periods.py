"""Days, weeks, months and years: the periods of a chart over time."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_OUTLIERS = 100
"""The oldest and the latest hundredth of the days may be left out of a chart."""


class Scale(Enum):
    """The length of a period; its value is the most days drawn with it."""

    DAY = 92
    WEEK = 920
    MONTH = 4400
    YEAR = 10_000_000

    def start(self, day: date) -> date:
        """Return the first day of the period of a day.

        >>> [str(scale.start(date(2026, 11, 25))) for scale in Scale]
        ['2026-11-25', '2026-11-23', '2026-11-01', '2026-01-01']
        """
        if self is Scale.DAY:
            return day
        if self is Scale.WEEK:
            return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
        return day.replace(day=1) if self is Scale.MONTH else day.replace(month=1, day=1)

    def end(self, start: date) -> date:
        """Return the first day after a period.

        >>> [str(scale.end(date(2026, 12, 1))) for scale in (Scale.DAY, Scale.MONTH)]
        ['2026-12-02', '2027-01-01']
        """
        if start.year == date.max.year:
            return date.max
        if self in {Scale.DAY, Scale.WEEK}:
            return start + timedelta(days=1 if self is Scale.DAY else 7)
        if self is Scale.YEAR:
            return start.replace(year=start.year + 1)
        return (start + timedelta(days=31)).replace(day=1)

    def label(self, start: date) -> str:
        """Return a period's name.

        >>> [scale.label(date(2026, 11, 2)) for scale in Scale]
        ['2026-11-02', 'week of 2026-11-02', '2026-11', '2026']
        """
        text = start.isoformat()
        return {"DAY": text, "WEEK": f"week of {text}", "MONTH": text[:7], "YEAR": text[:4]}[
            self.name
        ]

    @property
    def word(self) -> str:
        """The noun for a period: "day"."""
        return self.name.lower()


class Span(NamedTuple):
    """The first and last day of a chart, and the length of its periods."""

    scale: Scale
    first: date
    """A period's first day."""
    last: date

    @classmethod
    def of(cls, days: Collection[date]) -> Self | None:
        """Return the span of a chart of days; None if there are none.

        So that one article of 1998 does not turn a chart of last year into one of years, up to
        a hundredth of the days at either end is left out where that makes the periods shorter.
        """
        if not days:
            return None
        ordered = sorted(days)
        cut = len(ordered) // _OUTLIERS
        first, last = ordered[0], ordered[-1]
        scale, finer = _scale(first, last), _scale(ordered[cut], ordered[-1 - cut])
        if finer is not scale:
            scale, first, last = finer, ordered[cut], ordered[-1 - cut]
        return cls(scale, scale.start(first), last)

    def holds(self, day: date) -> bool:
        """Return whether a day is drawn."""
        return self.first <= day <= self.last

    def periods(self) -> Iterator[date]:
        """Yield the first days of all periods, empty ones included."""
        start = self.first
        while start <= self.last and start < date.max:
            yield start
            start = self.scale.end(start)


def _scale(first: date, last: date) -> Scale:
    return next(scale for scale in Scale if (last - first).days < scale.value)
