"""One page in the browser: what it may do, and when it has come to rest."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from playwright.async_api import Error

from newscrawl.browser.render_request import BrowserError
from newscrawl.browser.request_policy import Asked, reason_against

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from playwright.async_api import BrowserContext, Dialog, Page, Request, Route

    from newscrawl.browser.render_request import RenderRequest

_STEP = 0.03
_QUIET = 0.15
"""Seconds without a request after which a page is taken to be at rest."""
_BUSY = 0.5
"""Seconds between two looks at a page that is never at rest."""
_PATIENCE = 2.0
"""Seconds at rest, without what is wanted, after which nothing more is expected."""
_STEADY = 1.5
"""Seconds for which a page that never rests has to stay the same."""
_FRUITLESS = 0.6
"""Seconds at rest after which scrolling has brought nothing; scripts wait a while with it."""
_MOST_FRUITLESS = 2
# A page at its end must leave it first, or reaching it again is no scrolling.
_SCROLL = "() => { scrollBy(0, -80); scrollTo(0, document.documentElement.scrollHeight); }"
# Chromium gives up a page that is being left, even when what it is left for is refused.
_STAY = """
navigation.addEventListener("navigate", (event) => {
  if (event.cancelable && !event.destination.sameDocument) event.preventDefault();
});
"""
_LINKS = "() => document.links.length"


_GUARDED: WeakSet[BrowserContext] = WeakSet()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one page may take."""

    requests: int
    size: int
    """Bytes of its HTML."""
    pause: float
    """Seconds between two times of scrolling."""


class OpenPage:
    """Answers a page's first request with what was fetched, and judges all others.

    Args:
        visit: the page and what is wanted of it.
        limits: what it may take.
        hosts: names of the site's hosts.
        is_allowed: whether robots.txt allows a URL.
        count: is told of each request, by its kind.
    """

    def __init__(
        self,
        visit: RenderRequest,
        limits: Limits,
        hosts: Container[str],
        is_allowed: Callable[[str], bool],
        count: Callable[[str], None],
    ) -> None:
        self._visit = visit
        self._limits = limits
        self._hosts = hosts
        self._is_allowed = is_allowed
        self._count = count
        self._is_served = False
        self._sent = 0
        self._pending: set[Request] = set()
        self._active = time.monotonic()
        self.has_crashed = False

    async def prepare(self, page: Page, request: Any) -> None:
        """Set up a new page; scrapy-playwright calls it before it opens the address."""
        page.on("dialog", self._dismiss)
        page.on("popup", self._close)
        page.on("download", lambda _: self._count("blocked/download"))
        page.on("crash", self._crashed)
        page.on("request", self._begun)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        if page.context not in _GUARDED:
            # Pop-ups ask before they can be closed; a page's own rules come before this one.
            await page.context.route("**", _refuse)
            _GUARDED.add(page.context)
        await page.route("**", self._judge)
        await page.add_init_script(_STAY)

    async def read(self, page: Page) -> tuple[str, bool]:
        """Return the page's HTML once its goal is reached or nothing more comes.

        The flag says whether that is all: False for a list whose scrolling was broken off.

        Raises:
            BrowserError: it is too large, or was not opened by these rules.
        """
        if not self._is_served:
            raise BrowserError("error", "the page was opened without its rules")
        html = await self._rest(page)
        goal = self._visit.goal
        links, fruitless = -1, 0
        for _ in range(goal.scrolls):
            found = await page.evaluate(_LINKS)
            if found > links >= 0:
                html = await self._content(page)
            fruitless = 0 if found > links else fruitless + 1
            if goal.is_enough(html) or fruitless >= _MOST_FRUITLESS:
                return html, True
            links = found
            await asyncio.sleep(self._limits.pause)
            await page.evaluate(_SCROLL)
            await self._grow(page, links)
        return (await self._content(page) if goal.scrolls else html), not goal.scrolls

    async def _rest(self, page: Page) -> str:
        """Return the HTML of a page that has reached its goal, or comes to nothing."""
        began = changed = time.monotonic()
        reached = 0.0
        html = ""
        while True:
            is_quiet = await self._quiet(_BUSY)
            latest = await self._content(page)
            now = time.monotonic()
            if latest != html:
                html, changed = latest, now
            if self._visit.goal.is_reached(html):
                reached = reached or now
                # A clock or a counter in it keeps changing for ever.
                if is_quiet or now - changed >= _STEADY or now - reached >= 2 * _STEADY:
                    return html
            elif is_quiet and now - max(changed, self._active, began) >= _PATIENCE:
                return html
            else:
                await asyncio.sleep(_QUIET)

    async def _grow(self, page: Page, links: int) -> None:
        """Wait until a page has more links than before, or is at rest without."""
        scrolled = time.monotonic()
        await asyncio.sleep(_QUIET)
        while True:
            is_quiet = await self._quiet(_BUSY)
            if await page.evaluate(_LINKS) > links:
                return
            if is_quiet and time.monotonic() - max(scrolled, self._active) >= _FRUITLESS:
                return
            await asyncio.sleep(_STEP)

    async def _quiet(self, longest: float) -> bool:
        """Wait until no request was under way for a while; False when that takes too long."""
        until = time.monotonic() + longest
        while time.monotonic() < until:
            if not self._pending and time.monotonic() - self._active >= _QUIET:
                return True
            await asyncio.sleep(_STEP)
        return False

    async def _content(self, page: Page) -> str:
        html = await page.content()
        if len(html) > self._limits.size:
            raise BrowserError("too_large", f"{len(html):,} characters")
        return html

    async def _judge(self, route: Route, request: Request) -> None:
        """Let a request pass, or not."""
        # A page that is closed meanwhile asks for nothing any more.
        with suppress(Error):
            response = self._visit.response
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
                # A navigation that fails would put an error page in the place of this one.
                refusal = route.fulfill(status=204) if opens_page else route.abort()
                await refusal
            else:
                self._sent += 1
                self._count(f"requests/{request.resource_type}")
                await route.continue_()

    def _reason_against(self, request: Request, *, opens_page: bool) -> str | None:
        body = (request.post_data_buffer or b"").decode("latin-1")
        asked = Asked(request.url, request.method, request.resource_type, body, opens_page)
        if reason := reason_against(asked, self._hosts):
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

    def _begun(self, request: Request) -> None:
        self._pending.add(request)
        self._active = time.monotonic()

    def _ended(self, request: Request) -> None:
        self._pending.discard(request)
        self._active = time.monotonic()


async def _refuse(route: Route) -> None:
    with suppress(Error):
        await route.abort()
