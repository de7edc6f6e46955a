"""One page in the browser: what it may request, and when it is idle.

See decision 52 in docs/decisions.md.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from playwright.async_api import Error

from newscrawl.browser.render_request import BrowserError
from newscrawl.browser.request_policy import PageRequest, reason_against

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from playwright.async_api import BrowserContext, Dialog, Page, Request, Route

    from newscrawl.browser.render_request import RenderRequest
    from newscrawl.sites.host_names import Origin

_STEP = 0.03
_QUIET = 0.15
"""Seconds without a request after which a page counts as idle."""
_BUSY = 0.5
"""Seconds between two checks of a page that is never idle."""
_PATIENCE = 2.0
"""Idle seconds without the expected content after which waiting ends."""
_STEADY = 1.5
"""Seconds for which a page that is never idle must stay unchanged."""
_FRUITLESS = 0.6
"""Idle seconds after which a scroll has loaded nothing; scripts may react with a delay."""
_MOST_FRUITLESS = 2
# At the end of a page, scrolling needs to move away from it first.
_SCROLL = "() => { scrollBy(0, -80); scrollTo(0, document.documentElement.scrollHeight); }"
# Chromium discards a page that navigates away, even if the new request is blocked.
_STAY = """
navigation.addEventListener("navigate", (event) => {
  if (event.cancelable && !event.destination.sameDocument) event.preventDefault();
});
"""
_LINKS = "() => document.links.length"


_GUARDED: WeakSet[BrowserContext] = WeakSet()


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one page."""

    requests: int
    size: int
    """Bytes of its HTML."""
    pause: float
    """Seconds between two scrolls."""


class OpenPage:
    """Fulfils a page's first request with the fetched response, and filters all others.

    Args:
        render_request: the page and the condition to wait for.
        limits: the limits of the page.
        origins: those of the site.
        is_allowed: returns whether robots.txt allows a URL.
        count: called with the counter key of each request.
    """

    def __init__(
        self,
        render_request: RenderRequest,
        limits: Limits,
        origins: Container[Origin],
        is_allowed: Callable[[str], bool],
        count: Callable[[str], None],
    ) -> None:
        self._render_request = render_request
        self._limits = limits
        self._origins = origins
        self._is_allowed = is_allowed
        self._count = count
        self._is_served = False
        self._sent = 0
        self._pending: set[Request] = set()
        self._active = time.monotonic()
        self.has_crashed = False

    async def prepare(self, page: Page, request: Any) -> None:
        """Set up a new page; scrapy-playwright calls this before it opens the URL."""
        page.on("dialog", self._dismiss)
        page.on("popup", self._close)
        page.on("download", lambda _: self._count("blocked/download"))
        page.on("crash", self._crashed)
        page.on("request", self._request_started)
        page.on("requestfinished", self._request_ended)
        page.on("requestfailed", self._request_ended)
        if page.context not in _GUARDED:
            # Pop-ups send requests before they are closed; a page's own route precedes this one.
            await page.context.route("**", _refuse)
            _GUARDED.add(page.context)
        await page.route("**", self._route)
        await page.add_init_script(_STAY)

    async def read(self, page: Page) -> tuple[str, bool]:
        """Return the page's HTML once its condition is met or nothing more is loaded.

        The flag is False for a list that was not scrolled to the end.

        Raises:
            BrowserError: the page is too large, or its requests were not filtered.
        """
        if not self._is_served:
            raise BrowserError("error", "the page was opened without the request filter")
        html = await self._wait(page)
        condition = self._render_request.condition
        previous, fruitless = -1, 0
        for _ in range(condition.scrolls):
            link_count = await page.evaluate(_LINKS)
            if link_count > previous >= 0:
                html = await self._content(page)
            fruitless = 0 if link_count > previous else fruitless + 1
            if condition.is_enough(html) or fruitless >= _MOST_FRUITLESS:
                return html, True
            previous = link_count
            await asyncio.sleep(self._limits.pause)
            await page.evaluate(_SCROLL)
            await self._wait_for_links(page, previous)
        return (await self._content(page) if condition.scrolls else html), not condition.scrolls

    async def _wait(self, page: Page) -> str:
        """Return the HTML of a page once its condition is met or it stays idle."""
        started = changed = time.monotonic()
        reached = 0.0
        html = ""
        while True:
            is_quiet = await self._is_quiet(_BUSY)
            latest = await self._content(page)
            now = time.monotonic()
            if latest != html:
                html, changed = latest, now
            if self._render_request.condition.is_reached(html):
                reached = reached or now
                # A clock or a counter changes without end.
                if is_quiet or now - changed >= _STEADY or now - reached >= 2 * _STEADY:
                    return html
            elif is_quiet and now - max(changed, self._active, started) >= _PATIENCE:
                return html
            else:
                await asyncio.sleep(_QUIET)

    async def _wait_for_links(self, page: Page, previous: int) -> None:
        """Wait until a page has more links than before, or is idle."""
        scrolled = time.monotonic()
        await asyncio.sleep(_QUIET)
        while True:
            is_quiet = await self._is_quiet(_BUSY)
            if await page.evaluate(_LINKS) > previous:
                return
            if is_quiet and time.monotonic() - max(scrolled, self._active) >= _FRUITLESS:
                return
            await asyncio.sleep(_STEP)

    async def _is_quiet(self, seconds: float) -> bool:
        """Wait until there was no request for a while; return False after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not self._pending and time.monotonic() - self._active >= _QUIET:
                return True
            await asyncio.sleep(_STEP)
        return False

    async def _content(self, page: Page) -> str:
        html = await page.content()
        if len(html) > self._limits.size:
            raise BrowserError("too_large", f"{len(html):,} characters")
        return html

    async def _route(self, route: Route, request: Request) -> None:
        """Fulfil, block or send a request."""
        # The page may be closed in the meantime.
        with suppress(Error):
            response = self._render_request.response
            opens_page = request.is_navigation_request()
            if opens_page and not self._is_served and request.url == response.url:
                self._is_served = True
                await route.fulfill(
                    status=200,
                    headers={"Content-Type": "text/html; charset=utf-8"},
                    body=response.text.encode("utf-8", "replace"),
                )
            elif reason := self._reason_against(request, opens_page=opens_page):
                self._count(f"blocked/{reason}")
                # A failed navigation would replace the page with an error page.
                blocking = route.fulfill(status=204) if opens_page else route.abort()
                await blocking
            else:
                self._sent += 1
                self._count(f"requests/{request.resource_type}")
                await route.continue_()

    def _reason_against(self, request: Request, *, opens_page: bool) -> str | None:
        body = (request.post_data_buffer or b"").decode("latin-1")
        page_request = PageRequest(
            request.url, request.method, request.resource_type, body, opens_page
        )
        if reason := reason_against(page_request, self._origins):
            return reason
        if self._sent >= self._limits.requests:
            return "too_many"
        return None if self._is_allowed(request.url) else "robots"

    async def _dismiss(self, dialog: Dialog) -> None:
        self._count("blocked/dialog")
        with suppress(Error):
            await dialog.dismiss()

    async def _close(self, popup: Page) -> None:
        self._count("blocked/popup")
        with suppress(Error):
            await popup.close()

    def _crashed(self, page: Page) -> None:
        self.has_crashed = True

    def _request_started(self, request: Request) -> None:
        self._pending.add(request)
        self._active = time.monotonic()

    def _request_ended(self, request: Request) -> None:
        self._pending.discard(request)
        self._active = time.monotonic()


async def _refuse(route: Route) -> None:
    with suppress(Error):
        await route.abort()
