"""Questions asked one by one are answered together, each with its own answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from newscrawl.ledger.batching import Batcher

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_what_is_asked_close_together_is_answered_in_one_go() -> None:
    asked: list[list[int]] = []

    async def squares(numbers: Sequence[int]) -> list[int]:
        asked.append(list(numbers))
        return [number**2 for number in numbers]

    async def run() -> None:
        gathering = Batcher(squares)
        assert await asyncio.gather(*(gathering.submit(n) for n in (3, 1, 2))) == [9, 1, 4]
        assert await gathering.submit(5) == 25

    asyncio.run(run())
    assert asked == [[3, 1, 2], [5]]


def test_questions_that_come_while_others_are_answered_wait_for_the_next_go() -> None:
    asked: list[list[int]] = []

    async def run() -> None:
        was_asked, may_answer = asyncio.Event(), asyncio.Event()

        async def same(numbers: Sequence[int]) -> Sequence[int]:
            asked.append(list(numbers))
            was_asked.set()
            await may_answer.wait()
            return numbers

        gathering = Batcher(same)
        first = asyncio.ensure_future(gathering.submit(1))
        await was_asked.wait()
        second = asyncio.ensure_future(gathering.submit(2))
        await asyncio.sleep(0)
        may_answer.set()
        assert (await first, await second) == (1, 2)

    asyncio.run(run())
    assert asked == [[1], [2]]


def test_an_error_reaches_all_who_asked_and_none_who_asks_later() -> None:
    errors = [OSError("the disk is full")]

    async def fails_once(numbers: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0)
        if errors:
            raise errors.pop()
        return numbers

    async def run() -> None:
        gathering = Batcher(fails_once)
        requests = gathering.submit(1), gathering.submit(2)
        told = await asyncio.gather(*requests, return_exceptions=True)
        assert [str(error) for error in told] == ["the disk is full"] * 2
        assert await gathering.submit(3) == 3

    asyncio.run(run())


def test_who_no_longer_waits_keeps_no_other_from_an_answer() -> None:
    async def same(numbers: Sequence[int]) -> Sequence[int]:
        await asyncio.sleep(0.01)
        return numbers

    async def run() -> None:
        gathering = Batcher(same)
        first, second = (asyncio.ensure_future(gathering.submit(number)) for number in (1, 2))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await second == 2

    asyncio.run(run())
