"""When an address is read again: after which outcome, and after how many looks.

Nothing that could be a passing fault is final at once. See decision 84 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from newscrawl.outcomes.outcome import FEED_NOT_READ, RIGHTS, ROBOTS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.outcomes.outcome import Outcome

_DAY = 86_400
_NEXT_RUN = frozenset({RIGHTS, FEED_NOT_READ})
_DAILY = frozenset({ROBOTS, "not_article: needs_browser"})
"""What may no longer hold tomorrow: a rule of the site, a machine without a browser."""


@dataclass(frozen=True, slots=True)
class Retries:
    """The settings that say when an address is read again; all in seconds."""

    intervals: tuple[int, ...]
    """RETRY_INTERVALS: from one look to the next."""
    ages: tuple[int, ...] = ()
    """RECHECK_AGES: since its publication, when an article is checked for changes."""
    gone_after: int = 0
    """GONE_AFTER: the shortest time between two looks at a page that is missing."""

    @classmethod
    def of(cls, intervals: Iterable[object], ages: Iterable[object], gone_after: int) -> Self:
        """Return the retries from values of settings.

        Raises:
            ValueError: one of them is not a number.
        """
        return cls(
            _seconds(intervals),
            _seconds(ages),
            gone_after,
        )

    @property
    def latest(self) -> int:
        """The longest time from one look to the next: later due times are not believed."""
        return max(self.intervals + self.ages + (_DAY, self.gone_after))

    def due(self, outcome: Outcome, now: int, tries: int, published: int | None) -> int | None:
        """Return when an address is read again, in seconds since 1970; None if never by itself.

        Args:
            outcome: the outcome of this look.
            now: seconds since 1970.
            tries: earlier looks in a row that did not succeed.
            published: when the article was published, seconds since 1970.
        """
        kind = outcome.kind
        if outcome.is_success:
            return self._recheck(now, published)
        if kind in {Kind.NOT_IN_DUMP, Kind.WITHHELD} or outcome.reason in _NEXT_RUN:
            # The next run, whose settings or statements may be others.
            return now
        if outcome.reason in _DAILY:
            return now + _DAY
        if kind is Kind.EXCLUDED:
            return None
        if kind in {Kind.MISSING, Kind.GONE}:
            intervals = {max(value, self.gone_after) for value in self.intervals}
            return _after(now, sorted(intervals), tries)
        if kind in {Kind.FAILED, Kind.BLOCKED}:
            # The next run tries again at once: the fault is the connection's or the server's.
            return _after(now, [0, *self.intervals], tries)
        return _after(now, self.intervals, tries)

    def source_due(self, now: int, tries: int) -> int:
        """Return when a list that broke off is read on: by the next run, then ever more rarely."""
        intervals = [0, *self.intervals]
        return now + intervals[min(tries, len(intervals) - 1)]

    def _recheck(self, now: int, published: int | None) -> int | None:
        if published is None:
            return None
        return min((published + age for age in self.ages if published + age > now), default=None)


def _seconds(values: Iterable[object]) -> tuple[int, ...]:
    return tuple(int(float(text)) for value in values if (text := str(value).strip()))


def _after(now: int, intervals: Iterable[int], tries: int) -> int | None:
    values = [*intervals]
    return now + values[tries] if tries < len(values) else None
