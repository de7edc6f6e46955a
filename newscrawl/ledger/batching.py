"""Questions to the ledger, gathered so that one transaction answers several."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

SECONDS = 0.02
"""How long a question waits for others: pages at full speed are read some five apart in it."""


class Batcher(Generic[_Question, _Answer]):
    """Asks for several at once what is asked one by one.

    A way to the ledger's thread and back, and a transaction, cost as much as the answer.
    """

    def __init__(
        self, answer: Callable[[Sequence[_Question]], Awaitable[Sequence[_Answer]]]
    ) -> None:
        """Ask nothing yet.

        Args:
            answer: gives the answers to some questions, in their order.
        """
        self._answer = answer
        self._waiting: list[tuple[_Question, asyncio.Future[_Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: _Question) -> _Answer:
        """Return the answer, some hundredths of a second later.

        Raises:
            Exception: whatever kept all that were asked together from being answered.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[_Answer] = loop.create_future()
        self._waiting.append((question, future))
        if len(self._waiting) == 1:
            loop.call_later(SECONDS, self._begin)
        return await future

    def _begin(self) -> None:
        taken, self._waiting = self._waiting, []
        self._task = asyncio.ensure_future(self._settle(taken))

    async def _settle(self, taken: list[tuple[_Question, asyncio.Future[_Answer]]]) -> None:
        futures = [future for _, future in taken]
        try:
            answers = await self._answer([question for question, _ in taken])
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            for future in futures:
                if not future.done():
                    future.set_exception(error)
        else:
            for future, answer in zip(futures, answers, strict=True):
                if not future.done():
                    future.set_result(answer)
