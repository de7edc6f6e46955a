"""`scrapy`, for a crawl whose order depends on nothing but the site.

What a thread would do is done where it is asked for, and what waits for its time comes when
nothing else happens: the lines of a dump, and what an article's first line knows of the channels
that lead to it, otherwise depend on how quickly the ledger answers.
"""

from __future__ import annotations

import sys
from asyncio.base_events import BaseEventLoop
from selectors import DefaultSelector
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Future, TimerHandle
    from collections.abc import Callable

SOON, SILENCE = 0.1, 1.5
"""Seconds: shorter waits end at once, longer ones when nothing has happened for so long."""
_call_later, _select = BaseEventLoop.call_later, DefaultSelector.select
_held: list[tuple[TimerHandle, BaseEventLoop, Callable[..., object], tuple[Any, ...], Any]] = []


def run_in_executor(
    loop: BaseEventLoop, _executor: object, function: Callable[..., Any], *arguments: Any
) -> Future[Any]:
    """Call a function at once, in this thread."""
    future: Future[Any] = loop.create_future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:  # noqa: BLE001 - whoever awaits it is told
        future.set_exception(error)
    return future


def call_later(
    loop: BaseEventLoop,
    delay: float,
    callback: Callable[..., object],
    *arguments: Any,
    context: Any = None,
) -> TimerHandle:
    """Call back at once, or when nothing else happens."""
    if delay < SOON:
        return _call_later(loop, 0, callback, *arguments, context=context)
    handle = _call_later(loop, 1000 * delay, callback, *arguments, context=context)
    _held.append((handle, loop, callback, arguments, context))
    return handle


def select(selector: Any, timeout: float | None = None) -> Any:
    """Wait for events; after a silence, have what was held back called."""
    if timeout is not None and timeout < SILENCE:
        return _select(selector, timeout)
    events = _select(selector, SILENCE)
    if not events:
        for handle, loop, callback, arguments, context in _held:
            if not handle.cancelled():
                handle.cancel()
                loop.call_soon(callback, *arguments, context=context)
        _held.clear()
    return events


if __name__ == "__main__":
    for owner, replacement in (
        (BaseEventLoop, run_in_executor),
        (BaseEventLoop, call_later),
        (DefaultSelector, select),
    ):
        setattr(owner, replacement.__name__, replacement)
    from scrapy.cmdline import execute

    execute(["scrapy", *sys.argv[1:]])
