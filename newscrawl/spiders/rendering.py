"""Opens pages in the browser: which of them, how many, and why others are skipped.

See decisions 52 and 54 in docs/decisions.md.
"""

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
"""The article's text is present."""
LIST = WaitCondition(lambda html: scripted.has_list(_root(html)))
"""The first entries of the list are present."""


class RenderingSpider(BaseSpider):
    """Opens in the browser those pages whose content a script loads (argument `render`).

    Counters: `browser/pages`, `browser/skipped`, `browser/skipped/<reason>`,
    `browser/failed/<reason>`.
    """

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name, **arguments)
        self._rendered_keys: set[int] = set()

    @property
    def renders_all(self) -> bool:
        """Whether every article and list is opened in the browser."""
        return self.context.arguments.render == "always"

    async def in_browser(
        self, response: HtmlResponse, gap: str | None, condition: WaitCondition
    ) -> HtmlResponse | None:
        """Return a page after its scripts have run; None if it is skipped or fails.

        Each page is opened once in a run, within the callback of its own request, so that one
        lease covers both. `gap` says what shows that scripts would load its content.
        """
        if reason := self._reason_to_skip(response.url):
            self._skipped(response, reason)
            return None
        self._rendered_keys.add(key_of(response.url))
        logger.info("Opening in the browser (%s): %s", gap or "render=always", response.url)
        request = Request(
            response.url,
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
            meta={META: RenderRequest(response, condition)},
        )
        try:
            assert self.crawler.engine is not None
            rendered = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is logged and tried again
            reason = error.reason if isinstance(error, BrowserError) else type(error).__name__
            logger.warning("Not read in the browser (%s): %s", error, response.url)
            outcomes.count(self, f"browser/failed/{reason}")
            if gap:
                response.meta["failure"] = f"browser: {reason}"
            return None
        assert isinstance(rendered, HtmlResponse)
        outcomes.count(self, "browser/pages")
        response.meta["in_browser"] = True
        return rendered.replace(request=response.request)

    def _reason_to_skip(self, url: str) -> str | None:
        settings = self.crawler.settings
        if self.context.arguments.render == "never":
            return "never"
        if key_of(url) in self._rendered_keys:
            return "opened_before"
        if len(self._rendered_keys) >= settings.getint("BROWSER_MAX_PAGES"):
            return "limit"
        return None if executable.find(settings["BROWSER_PATH"]) else "no_browser"

    def _skipped(self, response: HtmlResponse, reason: str) -> None:
        stats, url = self.crawler.stats, response.url
        is_first = not stats.get_value(f"browser/skipped/{reason}")
        outcomes.count(self, "browser/skipped")
        outcomes.count(self, f"browser/skipped/{reason}")
        if is_first and reason == "no_browser":
            logger.warning(
                "Pages that need scripts are skipped, as Chromium was not found: %s (%s)",
                executable.ADVICE,
                url,
            )
        elif is_first and reason == "limit":
            logger.warning(
                "BROWSER_MAX_PAGES (%d) reached: further pages that need scripts are skipped: %s",
                len(self._rendered_keys),
                url,
            )
