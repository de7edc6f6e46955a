"""How often something happens, over the last seconds."""

from __future__ import annotations

from collections import deque


class Rate:
    """Events per second over the last `span` seconds.

    >>> rate = Rate(span=10)
    >>> [rate.update(now, count) for now, count in ((0, 0), (1, 4), (12, 26))]
    [0.0, 4.0, 2.0]
    """

    def __init__(self, span: float = 10.0) -> None:
        self._span = span
        self._samples: deque[tuple[float, int]] = deque()
        self.last = 0.0
        """The rate at the last update."""

    def update(self, now: float, count: int) -> float:
        """Note that `count` events had happened at `now`; return the rate."""
        self._samples.append((now, count))
        # One older sample stays, so that the rate covers the whole span.
        while len(self._samples) > 2 and self._samples[1][0] <= now - self._span:
            self._samples.popleft()
        since, before = self._samples[0]
        self.last = (count - before) / (now - since) if now > since else 0.0
        return self.last
