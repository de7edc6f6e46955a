"""One connection to a ledger, over which a run does all that it does there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine


class Session:
    """Holds one connection from the run's beginning to its end.

    A lock that the database ties to the connection is then lost together with the means to
    write: a worker that others take for dead cannot commit.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection = engine.connect()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Run a transaction: committed at the end of the block, taken back by an error."""
        with self._connection.begin():
            yield self._connection

    def close(self) -> None:
        """Close the connection, which gives its locks back."""
        self._connection.close()
        self._engine.dispose()
