"""How long a host takes to answer, compared with how long it usually takes."""

from __future__ import annotations

from collections import deque
from statistics import median

_USUAL, _RECENT = 20, 5
"""Answers that say what is usual, the first of a run, and those that say what is so now."""
_SLOW, _OVERLOADED = 3.0, 10.0
_MIN_SECONDS, _OVERLOADED_SECONDS = 0.5, 5.0


class Latencies:
    """The times of a host's answers in seconds.

    >>> latencies = Latencies()
    >>> for seconds in (*[0.2] * 20, *[0.7] * 5):
    ...     latencies.add(seconds)
    >>> latencies.slowdown, latencies.is_overloaded
    (2.0, False)
    """

    def __init__(self) -> None:
        self._first: list[float] = []
        self._last: deque[float] = deque(maxlen=_RECENT)
        self.usual = self.recent = 0.0
        """Medians: of the first answers, once there are enough, and of the last ones."""

    def add(self, seconds: float) -> None:
        """Add the time of an answer."""
        if len(self._first) < _USUAL:
            self._first.append(seconds)
            self.usual = median(self._first) if len(self._first) == _USUAL else 0.0
            return
        self._last.append(seconds)
        if len(self._last) == _RECENT:
            self.recent = median(self._last)

    @property
    def slowdown(self) -> float:
        """The factor of the delay: 2 while answers take three times as long as usual."""
        is_slow = self.recent > max(_MIN_SECONDS, _SLOW * self.usual)
        return 2.0 if self.usual and is_slow else 1.0

    @property
    def is_overloaded(self) -> bool:
        """Whether answers take ten times as long as usual, and more than 5 s."""
        return self.usual > 0 and self.recent > max(_OVERLOADED_SECONDS, _OVERLOADED * self.usual)
