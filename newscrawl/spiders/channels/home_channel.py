"""The home page: its menu names the archives of the sections."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse

from newscrawl.discovery import MENU, section_archives
from newscrawl.extraction.page_classes import menu_page
from newscrawl.outcomes import counters, finish_reasons
from newscrawl.outcomes.outcome import Outcome
from newscrawl.spiders.channels.channel import HOME, Channel, Reading, SourceRequest, note_failure
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.http import TextResponse

NO_HTML = "something else than HTML"
logger = logging.getLogger("newscrawl.spider")


class HomeChannel(Channel):
    """Reads the menu; without it the usual addresses of archives are tried."""

    name = MENU

    @property
    def is_first(self) -> bool:
        """Whether nothing else can be requested before the home page was read."""
        return False

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield nothing: the home page is requested before all archives are known."""
        yield from ()

    def request(self) -> SourceRequest:
        """Return the request for the home page."""
        return SourceRequest(f"{self._context.site.origin}/", priority=HOME, is_page=True)

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Find the sections' archives in the menu."""
        addresses = self._context.addresses
        if not isinstance(response, HtmlResponse):
            return self.failed(SourceFailure.unreadable(NO_HTML), state)
        menu = menu_page(self._context.site)(response.selector, response.url, addresses)
        items = menu.items()
        if not items:
            return self._without_menu(response.url, "it has no menu")
        return Reading(archives=section_archives.archive_addresses(items, self._context.site))

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue without the menu, unless the site cannot be reached at all.

        Raises:
            CloseSpider: `site_unreachable`, `site_moved`, `robots_forbidden` or
                `robots_unavailable`.
        """
        url = self._context.addresses.fetchable(f"{self._context.site.origin}/")
        if failure.finish_reason is not None:
            raise CloseSpider(failure.finish_reason)
        detail = f"{url}: {failure.reason}"
        if failure.moved_to is not None:
            reason, detail = finish_reasons.SITE_MOVED, f"{url} leads to {failure.moved_to}"
        elif failure.is_forbidden:
            reason = finish_reasons.ROBOTS_FORBIDDEN
        elif not failure.is_answered:
            reason = finish_reasons.SITE_UNREACHABLE
        else:
            return self._without_menu(url, failure.reason)
        self._stats.set_value(counters.FINISH_DETAIL, detail)
        raise CloseSpider(reason)

    def _without_menu(self, url: str, reason: str) -> Reading:
        logger.warning("No menu: %s: %s", url, reason)
        self._count(counters.HOME_NOT_READ)
        note_failure(self._stats, f"home page: {reason}")
        return Reading(outcome=Outcome.failed(reason), archives={})
