"""Opens pages in the browser: which of them, how many, and what is said of the others."""

from __future__ import annotations

import logging
from typing import Any

from parsel import Selector
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.browser import META, BrowserError, RenderRequest, WaitCondition, executable
from newscrawl.pages import scripted
from newscrawl.spiders import outcomes
from newscrawl.spiders.base import BaseSpider
from newscrawl.text import key_of

logger = logging.getLogger("newscrawl.spider")


def _root(html: str) -> Any:
    return Selector(text=html, type="html").root


ARTICLE = WaitCondition(lambda html: scripted.has_article(_root(html)))
"""An article's text is there."""
LIST = WaitCondition(lambda html: scripted.has_list(_root(html)))
"""A list's first entries are there."""


class RenderingSpider(BaseSpider):
    """Fetches plainly, and opens in the browser what a script would fill (`render`).

    Counters: `browser/pages`, `browser/skipped`, `browser/skipped/<reason>`,
    `browser/failed/<reason>`.
    """

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self._asked: set[int] = set()

    @property
    def opens_all(self) -> bool:
        """Whether each article and each list is opened in the browser, whatever it holds."""
        return self.context.arguments.render == "always"

    async def in_browser(
        self, response: HtmlResponse, gap: str | None, goal: WaitCondition
    ) -> HtmlResponse | None:
        """Return a page as it is once its scripts have run; None when it is not to be had.

        Each page of the run is opened once, within the callback of its own request: for the
        ledger that is one piece of work. `gap` says what tells that scripts would fill it.
        """
        if reason := self._reason_to_skip(response.url):
            self._skipped(response, reason)
            return None
        self._asked.add(key_of(response.url))
        logger.info("Opening in the browser (%s): %s", gap or "asked for", response.url)
        request = Request(
            response.url,
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
            meta={META: RenderRequest(response, goal)},
        )
        try:
            assert self.crawler.engine is not None
            found = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is named and tried again
            reason = error.reason if isinstance(error, BrowserError) else type(error).__name__
            logger.warning("Not read in the browser (%s): %s", error, response.url)
            outcomes.count(self, f"browser/failed/{reason}")
            if gap:
                response.meta["failure"] = f"browser: {reason}"
            return None
        assert isinstance(found, HtmlResponse)
        outcomes.count(self, "browser/pages")
        response.meta["in_browser"] = True
        return found.replace(request=response.request)

    def _reason_to_skip(self, url: str) -> str | None:
        settings = self.crawler.settings
        if self.context.arguments.render == "never":
            return "never"
        if key_of(url) in self._asked:
            return "opened_before"
        if len(self._asked) >= settings.getint("BROWSER_MAX_PAGES"):
            return "limit"
        return None if executable.find(settings["BROWSER_PATH"]) else "no_browser"

    def _skipped(self, response: HtmlResponse, reason: str) -> None:
        stats, url = self.crawler.stats, response.url
        is_first = not stats.get_value(f"browser/skipped/{reason}")
        outcomes.count(self, "browser/skipped")
        outcomes.count(self, f"browser/skipped/{reason}")
        if is_first and reason == "no_browser":
            logger.warning(
                "Pages that a script fills are left out, as no Chromium was found: %s (%s)",
                executable.ADVICE,
                url,
            )
        elif is_first and reason == "limit":
            logger.warning(
                "No more pages are opened in the browser than BROWSER_MAX_PAGES (%d): %s",
                len(self._asked),
                url,
            )
