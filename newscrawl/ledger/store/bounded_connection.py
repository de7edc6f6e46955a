"""A connection to PostgreSQL that does not wait for ever for a server that is silent.

Time-outs of the server do not help there, nor those of TCP: the kernel of a stopped server still
acknowledges what it gets. See decision 81 in docs/decisions.md.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Generator


class BoundedConnection(psycopg.Connection[Any]):
    """Fails when the server has not answered a command within `answer_seconds`."""

    answer_seconds = 60.0

    def wait(self, gen: Generator[Any, Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Wait for the answer to a command.

        Raises:
            psycopg.OperationalError: there was none in time; the connection is closed.
        """
        return super().wait(self._bounded(gen), *args, **kwargs)

    def _bounded(self, gen: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        deadline = time.monotonic() + self.answer_seconds
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if not ready and time.monotonic() > deadline:
                    self.pgconn.finish()
                    raise psycopg.OperationalError(f"no answer in {self.answer_seconds:g} seconds")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value
