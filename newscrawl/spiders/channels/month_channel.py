"""Month archives of WordPress (`/2026/09/`): back-fills of a span of days, newest month first."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.discovery import MONTH
from newscrawl.extraction.page_classes import listing_page
from newscrawl.spiders.channels import channel
from newscrawl.spiders.channels.channel import Channel, ListedArticle, Reading, SourceRequest
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy import Request
    from scrapy.http import TextResponse

_MAX_EMPTY = 6
"""Months in a row without an article after which the site's first one was reached."""
_MAX_PAGES = 2_000
"""Pages of one month: 20,000 articles."""


class MonthChannel(Channel):
    """Reads the archive of each month that the run's span of days touches.

    The state of a request is `month`, its first day; `page`; `empty`, the number of months
    before it, in a row, that had no archive.
    """

    name = MONTH

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the request for the last month of the span."""
        today = datetime.now(self._context.zone).date()
        last = min(self._context.scope.until or today, today)
        if self._context.scope.since is None or self._context.scope.since <= last:
            yield self._request(last.replace(day=1))

    def _request(self, month: date, page: int = 1, empty: int = 0) -> SourceRequest:
        number = f"page/{page}/" if page > 1 else ""
        return SourceRequest(
            f"{self._context.site.origin}/{month:%Y/%m}/{number}",
            {"month": month.isoformat(), "page": page, "empty": empty},
            channel.ARCHIVE if page <= 20 else channel.AFTER_ARTICLES,
            is_page=True,
        )

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the month's first page."""
        return self._address(state)

    def _address(self, state: dict[str, Any]) -> str:
        return f"{self._context.site.origin}/{state['month'][:7].replace('-', '/')}/"

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Go on with the month before; one that does not exist has no articles."""
        url = self._address(state)
        is_first = state["page"] == 1
        is_empty = failure.is_missing and is_first
        if not is_first:
            # The page before has named it: what it says now is not the end.
            failure = SourceFailure(failure.reason, is_answered=failure.is_answered)
        reading = Reading() if is_empty else self._not_read(url, failure)
        reading.requests += self._earlier(state, state["empty"] + 1 if is_empty else 0)
        reading.is_kept = not is_empty and not failure.is_refusal
        return reading

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read one page of a month."""
        page = listing_page(self._context.site)(
            response.selector, response.url, self._context.addresses
        )
        cards = [] if page.is_not_found() else page.cards()
        if not cards:
            reason = SourceFailure("no list", 404 if state["page"] == 1 else 200, is_answered=True)
            return self.failed(reason, state)
        reading = Reading()
        scope = self._context.scope
        for card in cards:
            is_outside = card.address.day and not scope.covers_day(card.address.day)
            is_of_section = card.label is None or scope.covers([card.label])
            if not is_outside and is_of_section:
                reading.articles.append(ListedArticle(card.address.url))
        if page.next_url() is not None and state["page"] < _MAX_PAGES:
            month = date.fromisoformat(state["month"])
            reading.requests.append(self._request(month, state["page"] + 1))
        else:
            reading.requests += self._earlier(state, 0)
        return reading

    def _earlier(self, state: dict[str, Any], empty: int) -> Iterator[SourceRequest]:
        """Yield the request for the month before, if the span touches it."""
        first = date.fromisoformat(state["month"])
        since = self._context.scope.since
        is_within = since is None or since < first
        if is_within and empty < _MAX_EMPTY and first > date(1995, 1, 1):
            yield self._request((first - timedelta(days=1)).replace(day=1), empty=empty)
