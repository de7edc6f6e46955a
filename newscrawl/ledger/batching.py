"""Coalesces single requests to the ledger into one batch.

See decision 46 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_Request = TypeVar("_Request")
_Result = TypeVar("_Result")

SECONDS = 0.02
"""How long a request waits for others; at full speed about five pages arrive in that time."""
LIST_SECONDS = 0.2
"""The same where articles come from lists, a hundred at once."""


class Batcher(Generic[_Request, _Result]):
    """Coalesces requests that are submitted one by one into batches.

    A round trip to the ledger's thread and a transaction cost as much as a request itself.
    """

    def __init__(
        self,
        process: Callable[[Sequence[_Request]], Awaitable[Sequence[_Result]]],
        seconds: float = SECONDS,
    ) -> None:
        """Initialise the batcher.

        Args:
            process: returns the results of a batch of requests, in their order.
            seconds: how long a request waits for others.
        """
        self._process = process
        self._seconds = seconds
        self._waiting: list[tuple[_Request, asyncio.Future[_Result]]] = []
        self._task: asyncio.Task[None] | None = None

    async def submit(self, request: _Request) -> _Result:
        """Wait for the batch of a request and return the request's result.

        Raises:
            Exception: the error of the batch.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Result] = loop.create_future()
        self._waiting.append((request, future))
        if len(self._waiting) == 1:
            loop.call_later(self._seconds, self._start)
        return await future

    def _start(self) -> None:
        batch, self._waiting = self._waiting, []
        self._task = asyncio.ensure_future(self._run(batch))

    async def _run(self, batch: list[tuple[_Request, asyncio.Future[_Result]]]) -> None:
        futures = [future for _, future in batch]
        try:
            results = await self._process([request for request, _ in batch])
        except Exception as error:  # noqa: BLE001 - each request of the batch fails with it
            for future in futures:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, result in zip(futures, results, strict=True):
                if not future.done():
                    future.set_result(result)
