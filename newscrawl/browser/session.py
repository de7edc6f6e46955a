"""The browser of a run: started for its first page, given up when it breaks, ended with the run."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.browser import executable, launch
from newscrawl.browser.egress_proxy import Gate
from newscrawl.browser.render_request import CUT, META, BrowserError, RenderRequest
from newscrawl.context import of as context_of

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy.crawler import Crawler
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

    from newscrawl.browser.tab import OpenPage
    from newscrawl.context import RunContext

logger = logging.getLogger(__name__)
_CONTEXT = "run"
_START = 30.0
"""Seconds that the browser is given to start."""
_END = 5.0
"""Seconds that a page, a context or the browser is given to close."""
_SESSIONS: WeakKeyDictionary[Crawler, BrowserSession] = WeakKeyDictionary()


def of(crawler: Crawler) -> BrowserSession:
    """Return the browser of a crawler's run; nothing is started."""
    if crawler not in _SESSIONS:
        _SESSIONS[crawler] = BrowserSession(crawler)
    return _SESSIONS[crawler]


class BrowserSession:
    """Reads pages in one browser context, one after another, each within a deadline.

    Settings: BROWSER_PATH, BROWSER_TIMEOUT, BROWSER_SCROLL_TIMEOUT, BROWSER_MAX_REQUESTS,
    BROWSER_MAX_RESTARTS, BROWSER_IDLE, DOWNLOAD_MAXSIZE, DOWNLOAD_DELAY. Counters:
    `browser/starts`, `browser/requests/<kind>`, `browser/blocked/<kind>`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._lock = asyncio.Lock()
        self._handler: ScrapyPlaywrightDownloadHandler | None = None
        self._gate: Gate | None = None
        self._broken = 0
        self._robots: dict[str, Any] = {}
        self._resting: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    @property
    def _context(self) -> RunContext:
        context = context_of(self._crawler)
        assert context is not None
        return context

    async def fetch(self, request: Request) -> HtmlResponse:
        """Return the page of a request's visit as it is once its scripts have run.

        Raises:
            BrowserError: it could not be read.
        """
        visit: RenderRequest = request.meta[META]
        settings = self._crawler.settings
        name = "BROWSER_SCROLL_TIMEOUT" if visit.goal.scrolls else "BROWSER_TIMEOUT"
        async with self._lock:
            if not self._crawler.crawling:
                # After a Ctrl-C those in line are left to the next run.
                raise BrowserError("shutdown")
            if self._resting is not None:
                self._resting.cancel()
            try:
                html, is_whole = await self._attempt(visit, request, settings.getfloat(name))
            except BrowserError as error:
                # A browser that is found dead is not the page's fault.
                if self._handler is not None or error.reason != "error":
                    raise
                html, is_whole = await self._attempt(visit, request, settings.getfloat(name))
            finally:
                idle = settings.getfloat("BROWSER_IDLE")
                self._resting = asyncio.get_running_loop().call_later(idle, self._rest)
        return visit.response.replace(
            cls=HtmlResponse,
            request=request,
            body=html.encode("utf-8", "replace"),
            encoding="utf-8",
            flags=[*visit.response.flags, *([] if is_whole else [CUT])],
        )

    async def close(self) -> None:
        """End the browser and its driver; harmless when there is none."""
        if self._resting is not None:
            self._resting.cancel()
        handler, gate = self._handler, self._gate
        self._handler = self._gate = None
        if handler is not None:
            await _ended(handler.close())
        if gate is not None:
            await gate.close()

    def _rest(self) -> None:
        self._ending = asyncio.ensure_future(self._close_idle())

    async def _close_idle(self) -> None:
        if not self._lock.locked():
            async with self._lock:
                await self.close()

    async def _attempt(
        self, visit: RenderRequest, request: Request, seconds: float
    ) -> tuple[str, bool]:
        handler = await self._started()
        return await _within(seconds, self._read(handler, visit, request))

    async def _read(
        self, handler: ScrapyPlaywrightDownloadHandler, visit: RenderRequest, request: Request
    ) -> tuple[str, bool]:
        opened = self._open_page(visit)
        try:
            inner = self._inner(request, visit, opened)
            await _navigated(handler, inner)
            page = inner.meta["playwright_page"]
            found = await opened.read(page)
            if not await _ended(page.close()):
                await self._clear()
        except BaseException as error:
            # Cancelled by the deadline, too: whatever the page is at, its context goes.
            await self._clear()
            if isinstance(error, BrowserError) or not isinstance(error, Exception):
                raise
            raise self._named(error, opened) from None
        else:
            return found

    def _named(self, error: Exception, opened: OpenPage) -> BrowserError:
        """Return what an error of the browser comes to."""
        return BrowserError("crashed") if opened.has_crashed else BrowserError("error", str(error))

    def _inner(self, request: Request, visit: RenderRequest, opened: OpenPage) -> Request:
        return Request(
            visit.response.url,
            callback=NO_CALLBACK,
            headers=request.headers,
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context": _CONTEXT,
                "playwright_context_kwargs": launch.context_options(
                    self._context, self._crawler.settings["USER_AGENT"]
                ),
                "playwright_page_init_callback": opened.prepare,
                "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": 0},
            },
        )

    def _open_page(self, visit: RenderRequest) -> OpenPage:
        # Imported here, as scrapy-playwright is.
        from newscrawl.browser.tab import Limits, OpenPage  # noqa: PLC0415

        settings, stats = self._crawler.settings, self._crawler.stats
        return OpenPage(
            visit,
            Limits(
                settings.getint("BROWSER_MAX_REQUESTS"),
                settings.getint("DOWNLOAD_MAXSIZE"),
                settings.getfloat("DOWNLOAD_DELAY"),
            ),
            self._context.host_names,
            lambda url: self._is_allowed(url, visit.response.url),
            lambda key: stats.inc_value(f"browser/{key}"),
        )

    async def _started(self) -> ScrapyPlaywrightDownloadHandler:
        """Return scrapy-playwright's handler, with a browser of its own when there is none.

        Raises:
            BrowserError: it does not start, or has broken down too often.
        """
        settings = self._crawler.settings
        if self._handler is None or self._gate is None:
            if self._broken > settings.getint("BROWSER_MAX_RESTARTS"):
                raise BrowserError("given_up", f"after {self._broken} breakdowns")
            self._crawler.stats.inc_value("browser/starts")
            task = asyncio.ensure_future(self._start())
            await asyncio.wait({task}, timeout=_START)
            if not task.done() or task.exception() is not None:
                error = task.exception() if task.done() else None
                task.cancel()
                self._broken += 1
                await self.close()
                raise BrowserError("start", str(error or f"not within {_START:g} s"))
        assert self._handler is not None
        assert self._gate is not None
        self._gate.allow(settings.getint("DOWNLOAD_MAXSIZE"))
        return self._handler

    async def _start(self) -> None:
        # Imported here: it takes time and memory that a crawl without a browser need not.
        from scrapy_playwright.handler import (  # noqa: PLC0415
            ScrapyPlaywrightDownloadHandler,
        )

        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        path = executable.find(self._crawler.settings["BROWSER_PATH"])
        self._gate = Gate(*launch.places(self._context), self._refused)
        port = await self._gate.open()
        self._handler = handler = ScrapyPlaywrightDownloadHandler(self._crawler)
        # What is set for another use of scrapy-playwright must not open another way out.
        handler.config.cdp_url = handler.config.connect_url = None
        handler.config.browser_type_name = "chromium"
        handler.config.startup_context_kwargs = {}
        handler.config.target_closed_max_retries = 0
        handler.config.launch_options = launch.options(path, port)
        # Each page's own rules answer its requests, and leave none to these.
        handler.abort_request = lambda _: True
        # Private calls: by itself it starts a driver with every crawl, for each scheme.
        await handler._launch()  # noqa: SLF001
        await handler._maybe_launch_browser()  # noqa: SLF001
        logger.info("Browser started: %s", path)

    async def _clear(self) -> None:
        """Close the context of a page that went wrong; all of the browser if it is broken."""
        handler = self._handler
        if handler is None:
            return
        wrapper = handler.context_wrappers.pop(_CONTEXT, None)
        is_closed = wrapper is None or await _ended(wrapper.context.close())
        browser = getattr(handler, "browser", None)
        if not is_closed or browser is None or not browser.is_connected():
            self._broken += 1
            logger.warning("The browser broke down: the next page that needs one gets another")
            await self.close()

    def _refused(self, reason: str, place: str) -> None:
        self._crawler.stats.inc_value(f"browser/blocked/{reason}")
        logger.debug("The browser was refused a connection (%s): %s", reason, place)

    def _robots_parsed(self, robotparser: Any, request: Request) -> None:
        self._robots[urlsplit(request.url).netloc] = robotparser

    def _is_allowed(self, url: str, page: str) -> bool:
        """Return whether robots.txt allows a request that a page makes.

        A host's robots.txt that could not be fetched forbids nothing of its own pages, as in the
        crawl; one that was never asked for does.
        """
        if not self._crawler.settings.getbool("ROBOTSTXT_OBEY"):
            return True
        host = urlsplit(url).netloc
        parser = self._robots.get(host)
        if parser is None:
            return host == urlsplit(page).netloc
        return bool(parser.allowed(url, self._crawler.settings["USER_AGENT"]))


async def _navigated(handler: ScrapyPlaywrightDownloadHandler, request: Request) -> None:
    """Open a request's page, which stays open under `playwright_page` in its meta."""
    try:
        await handler.download_request(request)
    except RuntimeError as error:
        # What the page began to download by itself is refused; the page is there all the same.
        if not str(error).startswith("Failed to download"):
            raise


async def _within(seconds: float, work: Coroutine[Any, Any, tuple[str, bool]]) -> tuple[str, bool]:
    """Return what `work` gives in time.

    Raises:
        BrowserError: the time is over; `work` is cancelled and given a moment to clear up.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result()
    task.cancel()
    await asyncio.wait({task}, timeout=3 * _END)
    raise BrowserError("deadline", f"not at rest after {seconds:g} s")


async def _ended(closing: Coroutine[Any, Any, Any]) -> bool:
    """Return whether something was closed in time and without an error."""
    task = asyncio.ensure_future(closing)
    done, _ = await asyncio.wait({task}, timeout=_END)
    if not done:
        task.cancel()
        return False
    with suppress(asyncio.CancelledError):
        return task.exception() is None
    return False
