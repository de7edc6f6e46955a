"""Requests that are sent again within a run; articles after a server error at its end."""

from __future__ import annotations

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


def send_later(request: Request, retry_times: int) -> None:
    """Have the retry of an article's request wait for the end of the run's queue."""
    task = tasks.of(request)
    if task is not None and task.kind == tasks.ARTICLE:
        request.meta[_IS_LATER] = True
        limit = request.meta.get("max_retry_times", retry_times)
        request.meta["max_retry_times"] = min(limit, MAX_RETRIES)


class RetryQueue:
    """Keeps requests that are sent before all others, and requests that are sent after them."""

    def __init__(self) -> None:
        self._first: deque[Request] = deque()
        self._later: deque[Request] = deque()

    def __len__(self) -> int:
        return len(self._first) + len(self._later)

    def __iter__(self) -> Iterator[Request]:
        return chain(self._first, self._later)

    def append(self, request: Request) -> None:
        """Add a request."""
        is_later = request.meta.pop(_IS_LATER, False) and len(self._later) < _MAX_LATER
        (self._later if is_later else self._first).append(request)

    def take(self) -> Request | None:
        """Return the next of the first requests; None if nothing is left."""
        return self._first.popleft() if self._first else None

    def take_later(self) -> Request | None:
        """Return the next of the later ones; None if nothing is left."""
        return self._later.popleft() if self._later else None
