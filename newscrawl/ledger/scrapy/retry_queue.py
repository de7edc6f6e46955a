"""Requests that are sent again within a run; articles after a server error at its end."""

from __future__ import annotations

import time
from collections import deque
from itertools import chain
from typing import TYPE_CHECKING

from newscrawl.outcomes import task as tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy import Request

SERVER_ERRORS = frozenset({500, 502, 504})
"""RFC 9110, 15.6: they concern the page; 503 concerns the host."""
MAX_RETRIES = 2
"""How often a run requests an article again after such errors; it is due again minutes later."""
_MAX_LATER = 1_000
"""Requests that wait for the end of a run; they are kept in memory."""
_IS_LATER = "retry_later"
"""Meta key of the time, by the monotonic clock, from which a request may be sent again."""


def send_later(request: Request, retry_times: int, interval: float) -> None:
    """Have the retry of an article's request wait for the end of the run's queue.

    It also waits until `interval` seconds have passed.
    """
    task = tasks.of(request)
    if task is not None and task.kind == tasks.ARTICLE:
        request.meta[_IS_LATER] = time.monotonic() + interval
        limit = request.meta.get("max_retry_times", retry_times)
        request.meta["max_retry_times"] = min(limit, MAX_RETRIES)


class RetryQueue:
    """Keeps requests that are sent before all others, and requests that are sent after them."""

    def __init__(self) -> None:
        self._first: deque[Request] = deque()
        self._later: deque[tuple[float, Request]] = deque()
        """In the order in which they were added, which is that of their times."""

    def __len__(self) -> int:
        return len(self._first) + len(self._later)

    def __iter__(self) -> Iterator[Request]:
        return chain(self._first, (request for _, request in self._later))

    def append(self, request: Request) -> None:
        """Add a request."""
        later = request.meta.pop(_IS_LATER, None)
        if later is not None and len(self._later) < _MAX_LATER:
            self._later.append((later, request))
        else:
            self._first.append(request)

    def take(self) -> Request | None:
        """Return the next of the first requests; None if nothing is left."""
        return self._first.popleft() if self._first else None

    def take_later(self) -> Request | None:
        """Return the next of the later ones; None if nothing is left, or it is not its time."""
        if self._later and self._later[0][0] <= time.monotonic():
            return self._later.popleft()[1]
        return None
