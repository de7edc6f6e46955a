"""Everything used of Scrapy and its companions that their documentation does not promise.

Read from Scrapy 2.19.0, scrapy-playwright 0.0.48, Playwright 1.65.2 and
Spidermon 1.27.0. An upgrade may change any of it without notice. Each part says what it assumes,
and what would go wrong silently if that were no longer so; tests/test_scrapy_internals.py has one
check for each, and tests/test_layout.py keeps private names out of all other modules. What is
missing raises an error here: no default hides it.
"""

from __future__ import annotations

import asyncio
import inspect
import os
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from lxml.etree import _Element as Element
    from scrapy import Request
    from scrapy.commands import BaseRunSpiderCommand
    from scrapy.core.downloader import Downloader, Slot
    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler, CrawlerRunnerBase
    from scrapy.exceptions import IgnoreRequest
    from scrapy.extensions.feedexport import FeedSlot
    from scrapy.http import Response, TextResponse
    from twisted.internet.defer import Deferred
else:
    # The classes that are mixed in name them: importing them here would slow down each command.
    Downloader = object

READ_FROM = {
    "scrapy": "2.19.0",
    "scrapy-playwright": "0.0.48",
    "playwright": "1.65.2",
    "spidermon": "1.27.0",
}
"""Package to the version whose source the assumptions were read from."""


class InterfaceChangedError(TypeError):
    """An installed package differs from the one that this module was written for."""

    def __init__(self, problem: str, package: str = "scrapy") -> None:
        installed, read_from = version(package), READ_FROM[package]
        super().__init__(f"{package} {installed} (written for {read_from}): {problem}")


class Overriding:
    """Checks, when a class is defined, that the undocumented methods that it overrides exist.

    Scrapy calls them by name: after a rename the override would silently never be called.
    """

    overridden: ClassVar[tuple[str, ...]] = ()
    """Names of methods that a subclass overrides."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        *bases, _ = (base for base in cls.__mro__ if not issubclass(base, Overriding))
        # A mixin has no other bases yet.
        for name in cls.overridden if bases else ():
            original = next((vars(base)[name] for base in bases if name in vars(base)), None)
            if original is None:
                raise InterfaceChangedError(f"{bases[0].__qualname__} has no {name}()")
            if _signature(original) != _signature(getattr(cls, name)):
                raise InterfaceChangedError(
                    f"{bases[0].__qualname__}.{name}() takes {inspect.signature(original)}"
                )


def _signature(function: Any) -> tuple[bool, list[str]]:
    """Return whether a function is a coroutine function, and its parameters."""
    return inspect.iscoroutinefunction(function), [*inspect.signature(function).parameters]


# --- The engine -------------------------------------------------------------------------------


def wake(engine: ExecutionEngine) -> None:
    """Have the engine ask its scheduler for requests soon; nothing while no spider is open.

    Assumes that `_slot` is None while no spider is open, and that `nextcall.schedule()` leads to
    `next_request()` in the loop's next turn. Else each batch would wait up to 5 s, silently.
    """
    slot = engine._slot
    if slot is not None:
        slot.nextcall.schedule()


def requests_in_progress(engine: ExecutionEngine) -> Iterator[Request]:
    """Yield the requests that have left the scheduler and are not finished.

    Assumes that each of them is in `downloader.active`, in `scraper.slot.active` or the second of
    an entry of `scraper.slot.queue`. Else its page would be marked as failed while it is read.
    """
    containers: list[Iterable[Request]] = [engine.downloader.active]
    if (slot := engine.scraper.slot) is not None:
        containers += [slot.active, [entry[1] for entry in slot.queue]]
    return chain.from_iterable(containers)


def is_stopping(crawler: Crawler) -> bool:
    """Return whether a crawl was asked to stop, by Ctrl-C for example.

    Assumes that `crawling` is true from a crawl's start to the call of `stop_async()`. Otherwise
    pages that wait for the browser would all be opened after a Ctrl-C.
    """
    return not crawler.crawling


def is_crawl(crawler: Crawler) -> bool:
    """Return whether a crawler crawls; false in `fetch`, `view`, `parse`, `check` and `shell`.

    Assumes that the first four give the spider class a `start` of their own module, and that
    `shell` makes the engine (`_engine`) before the spider. Else they would open the ledger.
    """
    is_replaced = crawler.spidercls.start.__module__.startswith("scrapy.commands.")
    return not is_replaced and (crawler._engine is None or crawler.crawling)


# --- The downloader ---------------------------------------------------------------------------


def slot_delay(crawler: Crawler, otherwise: float) -> float:
    """Return the longest delay of a host's slot in seconds; assumes `downloader.slots`."""
    assert crawler.engine is not None
    slots = crawler.engine.downloader.slots.values()
    return max((float(slot.delay) for slot in slots), default=otherwise)


def set_tree(response: TextResponse, root: Element) -> None:
    """Make the selector of a response one of a tree that is built already.

    Assumes that `selector` returns what `_cached_selector` holds. Otherwise Scrapy would build a
    second tree, of elements that take twice the time.
    """
    from scrapy.selector import Selector  # noqa: PLC0415 - slow to import

    # Without the response: the tree is freed with it, not by the garbage collector.
    response._cached_selector = Selector(root=root, type="html")
    if response.selector.root is not root:
        raise InterfaceChangedError("`TextResponse.selector` is not from `_cached_selector`")


def is_closing(crawler: Crawler) -> bool:
    """Return whether a crawl is ending, for whatever reason.

    Assumes that the engine's `_slot` is None before a spider is opened and after it is closed,
    and that its `closing` is None until the closing of the spider begins. Otherwise a run that is
    ending would wait to the end of a long delay for each request that is under way.
    """
    engine = crawler.engine
    if is_stopping(crawler) or engine is None:
        return True
    return engine._slot is not None and engine._slot.closing is not None


class TransferHooks(Overriding, Downloader):
    """Mixed into Scrapy's downloader: transfers wait for more than the slot's own delay.

    Assumes that `_process_queue(slot)` alone takes requests from `slot.queue`, entries of which
    are the request and the Deferred of its response; that `_wait_for_download()` alone starts a
    transfer, settles that Deferred and takes the request out of `slot.transferring`; and that
    both are called on the instance. Otherwise requests would silently not wait for the
    other crawls on the same ledger: the site would get several times the agreed rate.
    """

    overridden = ("_process_queue", "_wait_for_download")

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._waiting: set[asyncio.Future[None]] = set()

    def uses_host_slots(self) -> bool:
        """Return whether requests wait for a host slot instead of the delay of Scrapy's slot."""
        return False

    def host_slot(
        self, request: Request, delay: float, *, alone: bool
    ) -> AbstractAsyncContextManager[None] | None:
        """Return the context in which a transfer runs; None if it may begin at once.

        Args:
            request: request to be sent.
            delay: seconds from one request to the next, jitter included.
            alone: whether no other request to the host may be in progress.
        """
        return None

    def delay_of(self, request: Request, slot: Slot) -> float:
        """Return the seconds from a request to the next one, jitter included."""
        return slot.download_delay()

    def error_of(self, request: Request, error: Exception) -> Exception:
        """Return the error of a request whose host slot raised an error."""
        return error

    def _process_queue(self, slot: Slot) -> None:
        if not self.uses_host_slots():
            super()._process_queue(slot)
            return
        while slot.queue and slot.free_transfer_slots() > 0:
            slot.lastseen = monotonic()
            request, result = slot.queue.popleft()
            # It counts as transferring while it waits.
            slot.transferring.add(request)
            task = asyncio.ensure_future(self._wait_for_download(slot, request, result))
            self._waiting.add(task)
            task.add_done_callback(self._waiting.discard)

    async def _wait_for_download(
        self, slot: Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> None:
        try:
            delay = self.delay_of(request, slot)
            host_slot = self.host_slot(request, delay, alone=slot.concurrency == 1)
            if host_slot is None:
                await super()._wait_for_download(slot, request, queue_dfd)
                return
            async with host_slot:
                await super()._wait_for_download(slot, request, queue_dfd)
        except Exception as error:  # noqa: BLE001 - whatever it is, the request must come to its end
            # The error may come only from the release of the slot.
            if not queue_dfd.called:
                slot.transferring.discard(request)
                queue_dfd.errback(self.error_of(request, error))
                self._process_queue(slot)


def replace_connections(handler: Any, make: Callable[[Any, Any], tuple[Any, Any]]) -> None:
    """Replace a download handler's pool of connections and its TLS policy.

    Assumes `_pool` and `_contextFactory`, and that each connection is asked of the pool, with a
    key that begins with scheme, host and port. Otherwise any address would be connected to.
    """
    handler._pool, handler._contextFactory = make(handler._pool, handler._contextFactory)


def bound_headers(handler: Any, limit: int, refuse: Callable[[bytes], None]) -> None:
    """Have a handler call `refuse`, which raises an error, for data of headers beyond a limit.

    Assumes that `_pool._factory` makes connections, which give up a response if `dataReceived()`
    of their `_parser` raises an error, and that its `state` is STATUS or HEADER before a body.
    Otherwise endless headers would fill the memory: Twisted bounds each of their lines only.
    """

    class BoundedFactory(handler._pool._factory):  # type: ignore[misc]
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
            connection = super().buildProtocol(addr)
            receive, sizes = connection.dataReceived, WeakKeyDictionary[Any, int]()

            def received(data: bytes) -> None:
                if (parser := connection._parser) and parser.state in {"STATUS", "HEADER"}:
                    sizes[parser] = sizes.get(parser, 0) + len(data)
                    if sizes[parser] > limit:
                        parser.dataReceived = refuse
                receive(data)

            connection.dataReceived = received
            return connection

    handler._pool._factory = BoundedFactory


# --- robots.txt -------------------------------------------------------------------------------

ROBOTS_FORBID = "Forbidden by robots.txt"


def is_forbidden(error: IgnoreRequest) -> bool:
    """Return whether a request was refused because robots.txt forbids it.

    The message is that of Scrapy's own middleware, whose error has no class of its own.
    """
    return ROBOTS_FORBID.casefold() in str(error).casefold()


def ignored_reason(error: IgnoreRequest) -> str:
    """Return why a request was ignored, as a short text.

    Assumes that the message about a compressed body that is too large names the setting.
    Otherwise the reason would be that message, with the page's address in it.
    """
    text = str(error)
    return "larger than DOWNLOAD_MAXSIZE" if "DOWNLOAD_MAXSIZE" in text else text.lower()


# --- Feeds and commands -----------------------------------------------------------------------


def feed_uri(slot: FeedSlot) -> str:
    """Return where a feed was stored, given what the signal `feed_slot_closed` is sent with.

    Assumes `uri`, with its parameters filled in. Otherwise the summary would not name the file.
    """
    return slot.uri


def create_crawler(command: BaseRunSpiderCommand, name: str) -> Crawler:
    """Return the crawler of a spider as Scrapy's own `crawl` makes it.

    Assumes `_create_crawler()`, which unlike the process's own warns of feeds without an exporter.
    """
    return command._create_crawler(name)


def exit_at_once(code: int) -> NoReturn:
    """End the process from a signal handler: Twisted would take `SystemExit` for a failed crawl."""
    os._exit(code)


def has_failed_to_start(runner: CrawlerRunnerBase) -> bool:
    """Return whether a crawl failed before its spider was opened.

    Assumes `bootstrap_failed`, by which Scrapy sets its exit code. Such a crawl has no stats.
    """
    return runner.bootstrap_failed


# --- Spidermon --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonitorOutcome:
    """Result of one monitor of a suite."""

    name: str
    method: str
    status: str
    """`passed`, `failed` or `error`."""
    reason: str | None
    """Message of the failure."""
    error: str | None
    """The traceback of an error or a failure."""


def run_monitors(
    suite: type[Any], crawler: Crawler | None, data: Mapping[str, Any]
) -> list[MonitorOutcome]:
    """Run a suite of Spidermon's monitors on some data and return the result of each.

    Assumes `MonitorRunner.run()` and, of each of its `monitor_results`, `status`, `reason`,
    `error` and the monitor's two names. A status of another name would count as failed.
    """
    from spidermon import MonitorRunner  # noqa: PLC0415 - no other command needs it
    from spidermon.settings import MONITOR  # noqa: PLC0415

    statuses = {
        MONITOR.STATUS.SUCCESS: "passed",
        MONITOR.STATUS.SKIPPED: "passed",
        MONITOR.STATUS.EXPECTED_FAILURE: "passed",
        MONITOR.STATUS.ERROR: "error",
    }
    results = MonitorRunner().run(suite(crawler=crawler), **data).monitor_results
    named = [(it.monitor.monitor_name, it.monitor.method_name, it) for it in results]
    return [
        MonitorOutcome(name, method, statuses.get(it.status, "failed"), it.reason, it.error)
        for name, method, it in named
    ]


# --- scrapy-playwright ------------------------------------------------------------------------


class PlaywrightBrowser:
    """scrapy-playwright's download handler, whose browser is started on request.

    The documented way, the setting DOWNLOAD_HANDLERS, starts a driver process with every crawl,
    for each scheme. Assumes `_launch()` and `_maybe_launch_browser()`, which start the driver and
    the browser; `config`, its options; `abort_request`, which is called for each request of a
    page; `context_wrappers`, the open contexts by name; and `browser`, which exists from its
    start until it disconnects. A renamed setting would let requests bypass the proxy.
    """

    def __init__(self, crawler: Crawler, launch_options: Mapping[str, Any]) -> None:
        """Configure the handler with Playwright's `launch_options`; `start()` starts a browser."""
        # Imported here: a crawl without a browser does not need the time and memory.
        from scrapy_playwright import handler as handlers  # noqa: PLC0415

        self._handler = handler = handlers.ScrapyPlaywrightDownloadHandler(crawler)
        try:
            # Unlike an assignment this raises an error for a field that does not exist.
            handler.config = replace(
                handler.config,
                cdp_url=None,
                connect_url=None,
                browser_type_name="chromium",
                startup_context_kwargs={},
                target_closed_max_retries=0,
                launch_options=dict(launch_options),
            )
        except TypeError as error:
            raise InterfaceChangedError(str(error), "scrapy-playwright") from None
        if not hasattr(handler, "abort_request"):
            raise InterfaceChangedError("no abort_request", "scrapy-playwright")
        # Each page's own routes handle its requests.
        handler.abort_request = lambda _: True

    async def start(self) -> None:
        """Start the driver and the browser."""
        await self._handler._launch()
        await self._handler._maybe_launch_browser()
        if "browser" not in vars(self._handler):
            raise InterfaceChangedError("no browser after its start", "scrapy-playwright")

    @property
    def is_connected(self) -> bool:
        """Whether the browser runs; the attribute is deleted when it disconnects."""
        browser = vars(self._handler).get("browser")
        return browser is not None and browser.is_connected()

    async def open_page(self, request: Request) -> Any:
        """Open a request's page and return it.

        Assumes that the page is under `playwright_page` in the request's meta, and that a download
        that it starts is reported as `RuntimeError` "Failed to download". Else it is not read.
        """
        try:
            await self._handler.download_request(request)
        except RuntimeError as error:
            # A download that the page starts is refused; the page exists nevertheless.
            if not str(error).startswith("Failed to download"):
                raise
        return request.meta["playwright_page"]

    async def close_context(self, name: str) -> None:
        """Close a context with all its pages; nothing where there is none."""
        wrapper = self._handler.context_wrappers.pop(name, None)
        if wrapper is not None:
            await wrapper.context.close()

    async def probe(self) -> None:
        """Open and close a context: an error says that the browser has ended unnoticed."""
        context = await self._handler.browser.new_context()
        await context.close()

    async def close(self) -> None:
        """Close the browser and its driver."""
        await self._handler.close()
