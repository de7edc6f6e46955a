"""Everything used of Scrapy and its companions that their documentation does not promise.

Read from Scrapy 2.19.0, scrapy-playwright 0.0.48, Playwright 1.65.2, Protego 0.7.0 and
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractAsyncContextManager

    from scrapy import Request
    from scrapy.commands import BaseRunSpiderCommand
    from scrapy.core.downloader import Downloader, Slot
    from scrapy.core.engine import ExecutionEngine
    from scrapy.crawler import Crawler, CrawlerRunnerBase
    from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
    from scrapy.exceptions import IgnoreRequest
    from scrapy.extensions.feedexport import FeedSlot
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser
    from twisted.internet.defer import Deferred
else:
    # The classes that are mixed in name them: importing them here would slow down each command.
    Downloader = RobotsTxtMiddleware = object

READ_FROM = {
    "scrapy": "2.19.0",
    "scrapy-playwright": "0.0.48",
    "playwright": "1.65.2",
    "protego": "0.7.0",
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

    Assumes that `_slot` is None before a spider is opened and after it is closed, and that
    `nextcall.schedule()` leads to `next_request()` in the next turn of the event loop. Otherwise
    each batch of requests would wait for the engine's heartbeat: up to 5 s, silently.
    """
    slot = engine._slot
    if slot is not None:
        slot.nextcall.schedule()


def requests_in_progress(engine: ExecutionEngine) -> Iterator[Request]:
    """Yield the requests that have left the scheduler and are not finished.

    Assumes that between two turns of the event loop each of them is in `downloader.active`, in
    `scraper.slot.active` or the second of an entry of `scraper.slot.queue`. A request in none of
    them counts as finished: its page would be marked as failed while it is being read.
    """
    containers: list[Iterable[Request]] = [engine.downloader.active]
    if (slot := engine.scraper.slot) is not None:
        containers += [slot.active, [entry[1] for entry in slot.queue]]
    return chain.from_iterable(containers)


def is_stopping(crawler: Crawler) -> bool:
    """Return whether a crawl was asked to stop, by Ctrl-C for example.

    Assumes that `crawling` is true from the start of a crawl and false from the call of
    `stop_async()` on, before what is in progress has ended. Otherwise pages that wait for the
    browser would all be opened after a Ctrl-C.
    """
    return not crawler.crawling


def is_crawl(crawler: Crawler) -> bool:
    """Return whether a crawler crawls; false in `fetch`, `view`, `parse`, `check` and `shell`.

    Assumes that the first four give the spider class a `start` of their own module, and that
    `shell` makes the engine (`_engine`) before the spider. Otherwise they would open the ledger
    and write a run report.
    """
    is_replaced = crawler.spidercls.start.__module__.startswith("scrapy.commands.")
    return not is_replaced and (crawler._engine is None or crawler.crawling)


# --- The downloader ---------------------------------------------------------------------------


def slot_delay(crawler: Crawler, otherwise: float) -> float:
    """Return the longest delay of a host's slot in seconds, as AutoThrottle has set it.

    Assumes that `downloader.slots` has them.
    """
    assert crawler.engine is not None
    slots = crawler.engine.downloader.slots.values()
    return max((float(slot.delay) for slot in slots), default=otherwise)


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
        host_slot = self.host_slot(request, slot.download_delay(), alone=slot.concurrency == 1)
        if host_slot is None:
            await super()._wait_for_download(slot, request, queue_dfd)
            return
        try:
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


# --- robots.txt -------------------------------------------------------------------------------

ROBOTS_LOGGER = "scrapy.downloadermiddlewares.robotstxt"
"""Assumed to be where Scrapy logs, with a traceback, that robots.txt was not fetched."""
ROBOTS_FORBID = "Forbidden by robots.txt"


class RobotsHooks(Overriding, RobotsTxtMiddleware):
    """Mixed into Scrapy's middleware for robots.txt: reports the result for each file.

    Assumes that each response to a request for robots.txt goes to `_parse_robots()`, where an
    error counts as one of fetching it; that each error of fetching it goes to `_robots_error()`;
    that each request of the host then goes to `process_request_2()`, with no parser where
    there was an error; and that all of this is called on the instance. Otherwise
    a site whose robots.txt answers 503 would be crawled as if it allowed everything.
    """

    overridden = ("_parse_robots", "_robots_error", "process_request_2")

    def check_robots(self, response: Response) -> None:
        """Check a response before it is parsed; an error here counts as one of fetching it."""

    def robots_failed(self, error: Exception, netloc: str) -> None:
        """Record why the robots.txt of a host could not be read."""

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        self.check_robots(response)
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.robots_failed(exc, netloc)
        super()._robots_error(exc, netloc)


def is_forbidden(error: IgnoreRequest) -> bool:
    """Return whether a request was refused because robots.txt forbids it.

    Assumes the message of Scrapy's error, which has no class of its own. With another message the
    URL would count as refused for ever instead of until tomorrow, and in another counter.
    """
    return ROBOTS_FORBID.casefold() in str(error).casefold()


def ignored_reason(error: IgnoreRequest) -> str:
    """Return why a request was ignored, as a short text.

    Assumes that the message about a compressed body that is too large names the setting.
    Otherwise the reason would be that message, with the page's address in it.
    """
    text = str(error)
    return "larger than DOWNLOAD_MAXSIZE" if "DOWNLOAD_MAXSIZE" in text else text.lower()


def sitemaps_of(parser: RobotParser) -> list[str]:
    """Return the sitemaps that a robots.txt names, in its order.

    Assumes that a parser of Scrapy holds the wrapped package's own under `rp`, and that this
    gives them as `sitemaps`. Scrapy's interface of parsers has no such method; without the
    sitemaps their articles would not be found.

    Raises:
        InterfaceChangedError: the parser does not give them.
    """
    try:
        return list(parser.rp.sitemaps)  # type: ignore[attr-defined]
    except AttributeError as error:
        raise InterfaceChangedError(f"{type(parser).__name__}: {error}") from None


# --- Feeds and commands -----------------------------------------------------------------------


def feed_uri(slot: FeedSlot) -> str:
    """Return where a feed was stored, given what the signal `feed_slot_closed` is sent with.

    Assumes `uri`: the address with its parameters filled in. Otherwise the summary would
    not name the file.
    """
    return slot.uri


def create_crawler(command: BaseRunSpiderCommand, name: str) -> Crawler:
    """Return the crawler of a spider as Scrapy's own `crawl` makes it.

    Assumes `_create_crawler()`, which also warns about feeds without an exporter; the documented
    `create_crawler()` of the process does not.
    """
    return command._create_crawler(name)


def exit_at_once(code: int) -> NoReturn:
    """End the process from a signal handler: Twisted would take `SystemExit` for a failed crawl."""
    os._exit(code)


def has_failed_to_start(runner: CrawlerRunnerBase) -> bool:
    """Return whether a crawl failed before its spider was opened.

    Assumes `bootstrap_failed`, by which Scrapy sets its own exit code. Such a crawl has no stats
    from which to derive one.
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

    Spidermon documents how monitors are written and run by its own extension, which does
    not know run reports. Assumes `MonitorRunner.run()` and, of each of its `monitor_results`,
    `status`, `reason`, `error` and the monitor's two names. A status of another name would
    count as failed.
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
        """Configure the handler; `start()` starts the browser.

        Args:
            crawler: the crawler, whose settings for other uses of scrapy-playwright are ignored.
            launch_options: Playwright's.
        """
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

        Assumes that the page is under `playwright_page` in the request's meta, whatever the
        result of the navigation, and that a download which the page starts is reported as
        `RuntimeError` "Failed to download". Otherwise such a page would not be read.
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

    async def close(self) -> None:
        """Close the browser and its driver."""
        await self._handler.close()
