"""The browser of a run: started for the first page, replaced if it fails, closed with the run."""

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
from newscrawl.browser.egress_proxy import EgressProxy
from newscrawl.browser.render_request import CUT, META, BrowserError, RenderRequest
from newscrawl.context import of as context_of
from newscrawl.outcomes import counters
from newscrawl.scrapy_internals import PlaywrightBrowser, is_stopping

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from scrapy.crawler import Crawler

    from newscrawl.browser.tab import OpenPage
    from newscrawl.context import RunContext

logger = logging.getLogger(__name__)
_CONTEXT = "run"
_START = 30.0
"""Seconds that the browser may take to start."""
_END = 5.0
"""Seconds that a page, a context or the browser may take to close."""
_SESSIONS: WeakKeyDictionary[Crawler, BrowserSession] = WeakKeyDictionary()


def of(crawler: Crawler) -> BrowserSession:
    """Return the browser session of a crawler's run, without starting the browser."""
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
        self._browser: PlaywrightBrowser | None = None
        self._proxy: EgressProxy | None = None
        self._failures = 0
        self._robots: dict[str, Any] = {}
        self._idle_timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)

    @property
    def _context(self) -> RunContext:
        context = context_of(self._crawler)
        assert context is not None
        return context

    async def fetch(self, request: Request) -> HtmlResponse:
        """Return the page of a request's `RenderRequest` after its scripts have run.

        Raises:
            BrowserError: it could not be read.
        """
        render_request: RenderRequest = request.meta[META]
        settings = self._crawler.settings
        name = "BROWSER_SCROLL_TIMEOUT" if render_request.condition.scrolls else "BROWSER_TIMEOUT"
        async with self._lock:
            if is_stopping(self._crawler):
                # After a Ctrl-C waiting pages are left to the next run.
                raise BrowserError("shutdown")
            if self._idle_timer is not None:
                self._idle_timer.cancel()
            try:
                html, is_complete = await self._attempt(
                    render_request, request, settings.getfloat(name)
                )
            except BrowserError as error:
                # The browser had died before: not the page's fault.
                if self._browser is not None or error.reason != "error":
                    raise
                html, is_complete = await self._attempt(
                    render_request, request, settings.getfloat(name)
                )
            finally:
                idle = settings.getfloat("BROWSER_IDLE")
                self._idle_timer = asyncio.get_running_loop().call_later(idle, self._idle)
        return render_request.response.replace(
            cls=HtmlResponse,
            request=request,
            body=html.encode("utf-8", "replace"),
            encoding="utf-8",
            flags=[*render_request.response.flags, *([] if is_complete else [CUT])],
        )

    async def close(self) -> None:
        """Close the browser and its driver, if there are any."""
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        browser, proxy = self._browser, self._proxy
        self._browser = self._proxy = None
        if browser is not None:
            await _closed(browser.close())
        if proxy is not None:
            await proxy.close()

    def _idle(self) -> None:
        self._closing = asyncio.ensure_future(self._close_idle())

    async def _close_idle(self) -> None:
        if not self._lock.locked():
            async with self._lock:
                await self.close()

    async def _attempt(
        self, render_request: RenderRequest, request: Request, seconds: float
    ) -> tuple[str, bool]:
        browser = await self._started()
        return await _within(seconds, self._read(browser, render_request, request))

    async def _read(
        self, browser: PlaywrightBrowser, render_request: RenderRequest, request: Request
    ) -> tuple[str, bool]:
        tab = self._open_page(render_request)
        try:
            page = await browser.open_page(self._page_request(request, render_request, tab))
            html_and_flag = await tab.read(page)
            if not await _closed(page.close()):
                await self._clear()
        except BaseException as error:
            # Also after a cancellation by the deadline.
            await self._clear()
            if isinstance(error, BrowserError) or not isinstance(error, Exception):
                raise
            raise self._browser_error(error, tab) from None
        else:
            return html_and_flag

    def _browser_error(self, error: Exception, tab: OpenPage) -> BrowserError:
        """Return the BrowserError of an exception from the browser."""
        return BrowserError("crashed") if tab.has_crashed else BrowserError("error", str(error))

    def _page_request(
        self, request: Request, render_request: RenderRequest, tab: OpenPage
    ) -> Request:
        settings = self._crawler.settings
        sender = settings.getdict("DEFAULT_REQUEST_HEADERS").get("From")
        return Request(
            render_request.response.url,
            callback=NO_CALLBACK,
            headers=request.headers,
            meta={
                "playwright": True,
                "playwright_include_page": True,
                "playwright_context": _CONTEXT,
                "playwright_context_kwargs": launch.context_options(
                    self._context, settings["USER_AGENT"], {"From": sender} if sender else {}
                ),
                "playwright_page_init_callback": tab.prepare,
                "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": 0},
            },
        )

    def _open_page(self, render_request: RenderRequest) -> OpenPage:
        # Playwright is imported only if it is needed.
        from newscrawl.browser.tab import Limits, OpenPage  # noqa: PLC0415

        settings, stats = self._crawler.settings, self._crawler.stats
        return OpenPage(
            render_request,
            Limits(
                settings.getint("BROWSER_MAX_REQUESTS"),
                settings.getint("DOWNLOAD_MAXSIZE"),
                settings.getfloat("DOWNLOAD_DELAY"),
            ),
            self._context.origins,
            lambda url: self._is_allowed(url, render_request.response.url),
            lambda key: stats.inc_value(f"{counters.BROWSER}{key}"),
        )

    async def _started(self) -> PlaywrightBrowser:
        """Return the browser, which is started if needed.

        Raises:
            BrowserError: it does not start, or has failed too often.
        """
        settings = self._crawler.settings
        if self._browser is None or self._proxy is None:
            if self._failures > settings.getint("BROWSER_MAX_RESTARTS"):
                raise BrowserError("given_up", f"after {self._failures} failures")
            self._crawler.stats.inc_value(counters.BROWSER_STARTS)
            task = asyncio.ensure_future(self._start())
            await asyncio.wait({task}, timeout=_START)
            if not task.done() or task.exception() is not None:
                error = task.exception() if task.done() else None
                task.cancel()
                self._failures += 1
                await self.close()
                raise BrowserError("start", str(error or f"not within {_START:g} s"))
        assert self._browser is not None
        assert self._proxy is not None
        self._proxy.allow(settings.getint("DOWNLOAD_MAXSIZE"))
        return self._browser

    async def _start(self) -> None:
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)
        path = executable.find(self._crawler.settings["BROWSER_PATH"])
        self._proxy = EgressProxy(*launch.allowed_endpoints(self._context), self._on_refused)
        port = await self._proxy.open()
        self._browser = PlaywrightBrowser(self._crawler, launch.options(path, port))
        await self._browser.start()
        logger.info("Browser started: %s", path)

    async def _clear(self) -> None:
        """Close the context of a failed page, or the whole browser if it has failed."""
        browser = self._browser
        if browser is None:
            return
        is_closed = await _closed(browser.close_context(_CONTEXT)) and browser.is_connected
        # Playwright may not notice that browser and driver were killed.
        if not is_closed or not await _closed(browser.probe()):
            self._failures += 1
            logger.warning("The browser failed; it is restarted for the next page that needs it")
            await self.close()

    def _on_refused(self, reason: str, endpoint: str) -> None:
        self._crawler.stats.inc_value(f"{counters.BROWSER_BLOCKED}{reason}")
        logger.debug("Connection of the browser refused (%s): %s", reason, endpoint)

    def _robots_parsed(self, robotparser: Any, request: Request) -> None:
        self._robots[urlsplit(request.url).netloc] = robotparser

    def _is_allowed(self, url: str, page: str) -> bool:
        """Return whether robots.txt allows a request of a page.

        Without a robots.txt of the request's host, only requests to the page's own host are
        allowed.
        """
        if not self._crawler.settings.getbool("ROBOTSTXT_OBEY"):
            return True
        host = urlsplit(url).netloc
        parser = self._robots.get(host)
        if parser is None:
            return host == urlsplit(page).netloc
        return bool(parser.allowed(url, self._crawler.settings["USER_AGENT"]))


async def _within(
    seconds: float, coroutine: Coroutine[Any, Any, tuple[str, bool]]
) -> tuple[str, bool]:
    """Return the result of a coroutine, if it ends within `seconds`.

    Raises:
        BrowserError: it did not; it is cancelled and may clean up.
    """
    task = asyncio.ensure_future(coroutine)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if done:
        return task.result()
    task.cancel()
    await asyncio.wait({task}, timeout=3 * _END)
    raise BrowserError("deadline", f"not idle after {seconds:g} s")


async def _closed(coroutine: Coroutine[Any, Any, Any]) -> bool:
    """Return whether a `close` coroutine ended in time and without an error."""
    task = asyncio.ensure_future(coroutine)
    done, _ = await asyncio.wait({task}, timeout=_END)
    if not done:
        task.cancel()
        return False
    with suppress(asyncio.CancelledError):
        return task.exception() is None
    return False
