"""Opens pages in the browser: which of them, how many, and why others are skipped.

See decisions 52 and 54 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from parsel import Selector
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.http.request import NO_CALLBACK

from newscrawl.browser import META, BrowserError, RenderRequest, WaitCondition, executable
from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import Outcome
from newscrawl.pages import scripted
from newscrawl.text import key_of
from newscrawl.warc.exchange import RENDERED_FROM, ROLE, TASK, Role

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger("newscrawl.spider")


def _root(html: str) -> Any:
    return Selector(text=html, type="html").root


ARTICLE = WaitCondition(lambda html: scripted.has_article(_root(html)))
"""The article's text is present."""
LIST = WaitCondition(lambda html: scripted.has_list(_root(html)))
"""The first entries of the list are present."""


class Renderer:
    """Opens in the browser those pages whose content a script loads (argument `render`).

    Counters: `browser/pages`, `browser/skipped`, `browser/skipped/<reason>`,
    `browser/failed/<reason>`.
    """

    def __init__(self, crawler: Crawler, render: str) -> None:
        """Store the arguments.

        Args:
            crawler: its engine opens the pages.
            render: the run's argument: `auto`, `never` or `always`.
        """
        self._crawler = crawler
        self._render = render
        self._rendered_keys: set[int] = set()

    @property
    def renders_all(self) -> bool:
        """Whether every article and list is opened in the browser."""
        return self._render == "always"

    async def open(
        self, response: HtmlResponse, gap: str | None, condition: WaitCondition
    ) -> HtmlResponse | str:
        """Return a page after its scripts have run, or why it was not opened.

        Each page is opened once in a run, within the callback of its own request, so that one
        task covers both. `gap` says what shows that scripts would load its content. A failure
        of the browser is the outcome of the task if the page is of no use without it.
        """
        if reason := self._reason_to_skip(response.url):
            self._skipped(response, reason)
            return "needs_browser"
        self._rendered_keys.add(key_of(response.url))
        logger.info("Opening in the browser (%s): %s", gap or "render=always", response.url)
        request = Request(
            response.url,
            callback=NO_CALLBACK,
            priority=response.request.priority + 1 if response.request else 1,
            meta={
                META: RenderRequest(response, condition),
                ROLE: Role.RENDERED,
                RENDERED_FROM: response,
                TASK: task.of(response) or (response.request and response.meta.get(TASK)),
            },
        )
        stats = self._crawler.stats
        try:
            assert self._crawler.engine is not None
            rendered = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is logged and tried again
            reason = error.reason if isinstance(error, BrowserError) else type(error).__name__
            logger.warning("Not read in the browser (%s): %s", error, response.url)
            stats.inc_value(f"{counters.BROWSER_FAILED}{reason}")
            if gap:
                task.settle(response, Outcome.failed(f"browser: {reason}"))
            return f"browser: {reason}"
        assert isinstance(rendered, HtmlResponse)
        stats.inc_value(counters.BROWSER_PAGES)
        if page_task := task.of(response):
            # They apply to the page as it was sent, not to what its scripts have fetched.
            page_task.etag = page_task.last_modified = None
        return rendered.replace(request=response.request)

    def _reason_to_skip(self, url: str) -> str | None:
        settings = self._crawler.settings
        if self._render == "never":
            return "never"
        if key_of(url) in self._rendered_keys:
            return "opened_before"
        if len(self._rendered_keys) >= settings.getint("BROWSER_MAX_PAGES"):
            return "limit"
        return None if executable.find(settings["BROWSER_PATH"]) else "no_browser"

    def _skipped(self, response: HtmlResponse, reason: str) -> None:
        stats, url = self._crawler.stats, response.url
        is_first = not stats.get_value(f"{counters.BROWSER_SKIPPED_BY}{reason}")
        stats.inc_value(counters.BROWSER_SKIPPED)
        stats.inc_value(f"{counters.BROWSER_SKIPPED_BY}{reason}")
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
