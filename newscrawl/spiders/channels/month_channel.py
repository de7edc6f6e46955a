"""Month archives of WordPress (`/2026/09/`): back-fills of a span of days, newest month first.

See decision 115 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scrapy.http import HtmlResponse

from newscrawl.arguments import OLDEST
from newscrawl.discovery import MONTH, month
from newscrawl.discovery.archive import MAX_FRUITLESS_PAGES, REPEATED_LIST
from newscrawl.discovery.month import EMPTY, HOME, UNREAD, MonthPage
from newscrawl.extraction.page_classes import listing_page
from newscrawl.outcomes import counters, task
from newscrawl.pages.truncation import FLAG
from newscrawl.sites.list_addresses import page_address
from newscrawl.spiders.channels import channel
from newscrawl.spiders.channels.channel import Channel, ListedArticle, Reading, SourceRequest
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.text import key_of
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response, TextResponse

    from newscrawl.context import RunContext
    from newscrawl.pages.cards import Card
    from newscrawl.pages.listing import ListingPage

logger = logging.getLogger("newscrawl.spider")
_MAX_PAGES = 2_000
"""Pages of one month: 20,000 articles."""
_NO_CARDS = key_of("")
_OTHER_KINDS = frozenset({Kind.HOME, Kind.ARTICLE, Kind.PAGE})


class MonthChannel(Channel):
    """Reads the archive of each month that the run's span of days touches.

    A month that answered with something else than its list is requested a second time, after
    the run's articles. If it is not read then either, it stays in the ledger. The state of a
    request is a `discovery.month.MonthPage`.
    """

    name = MONTH
    _has_listed = False
    """Whether a month of this run has listed articles."""

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._seen: dict[date, set[int]] = defaultdict(set)
        self._read_pages: set[tuple[date, int]] = set()
        self._fruitless: Counter[date] = Counter()

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the request for the last month of the span."""
        scope = self._context.scope
        today = datetime.now(self._context.zone).date()
        last = min(scope.until or today, today)
        if scope.since is None or scope.since <= last:
            yield self._request(MonthPage(last.replace(day=1), scope.since, scope.until))

    def _request(self, page: MonthPage) -> SourceRequest:
        address = self._address(page)
        # The oldest come first only of what is listed before.
        is_long = page.page > 20 and self._context.arguments.order != OLDEST
        is_late = page.doubt or is_long
        return SourceRequest(
            page_address(address, page.page) if page.page > 1 else address,
            page.as_json(),
            channel.AFTER_ARTICLES if is_late else channel.ARCHIVE,
            identity=f"{page.doubt and 'again'} {page.since} {page.until}",
            is_page=True,
        )

    def _page(self, state: dict[str, Any]) -> MonthPage:
        return MonthPage.from_json(state, self._context.scope.since, self._context.scope.until)

    def _address(self, page: MonthPage) -> str:
        context = self._context
        return context.site.origin + context.addresses.permalinks.month_path(page.month)

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the month's first page."""
        return self._address(self._page(state))

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue with the month before; one that does not exist may have no articles."""
        page, response = self._page(state), failure.response
        if failure.is_forbidden:
            reading = self._not_read(self._address(page), failure)
            return self._continue(reading, replace(page, unread=0))
        if failure.is_missing and page.page == 1 and isinstance(response, HtmlResponse):
            listing = self._listing(response)
            if listing.is_not_found() or listing.has_not_found_title():
                return self._empty(page, _tries(response))
        if failure.is_missing and not page.is_announced:
            return self._continue(Reading(), page)
        return self._unread(page, failure.reason)

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read one page of a month."""
        page, tries = self._page(state), _tries(response)
        if not isinstance(response, HtmlResponse):
            return self._unread(page, "not HTML")
        listing = self._listing(response)
        kind = self._context.addresses.understand(response.url).kind
        is_missing = listing.is_not_found() or kind is Kind.HOME
        cards = [] if is_missing or kind in _OTHER_KINDS else listing.cards()
        list_key = key_of("\n".join(card.address.url for card in cards))
        if not page.is_announced and (is_missing or list_key in {page.list_before, _NO_CARDS}):
            # Some sites answer any number with their first page or their last.
            return self._continue(Reading(), page)
        if page.page == 1 and (listing.is_not_found() or listing.is_empty):
            return self._empty(page, tries)
        if kind is Kind.HOME:
            return self._home(page, tries)
        if not _are_of(page, cards):
            return self._unread(page, "no list of its articles")
        if list_key == page.list_before or self._is_fruitless(page, cards):
            return self._unread(page, REPEATED_LIST)
        self._has_listed = True
        following = listing.next_url()
        reading = Reading(self._wanted(cards, page))
        if listing.has_more_cards() or (following is None and FLAG in response.flags):
            return self._unread(page, FLAG, reading)
        if tries and not self._covers(page):
            # The run's days leave out some of its articles.
            reading.is_kept = True
            return reading
        has_next = following is not None or not listing.has_pager()
        next_page = page.next_page(list_key, is_announced=following is not None)
        return self._listed(page, reading, next_page if has_next else None)

    def _is_fruitless(self, page: MonthPage, cards: list[Card]) -> bool:
        """Return whether some pages of a month in a row have had no article that is new to it."""
        if (page.month, page.page) in self._read_pages:
            return False
        self._read_pages.add((page.month, page.page))
        keys, seen = {key_of(card.address.url) for card in cards}, self._seen[page.month]
        self._fruitless[page.month] = 0 if keys - seen else self._fruitless[page.month] + 1
        seen |= keys
        return self._fruitless[page.month] >= MAX_FRUITLESS_PAGES

    def _listed(self, page: MonthPage, reading: Reading, next_page: MonthPage | None) -> Reading:
        """Continue with the month's next page, else with the month before."""
        reading.requests += map(self._request, month.doubtful(page, is_end=False))
        page = replace(page, empty=(), unread=0)
        if next_page is not None and page.page < _MAX_PAGES:
            reading.requests.append(self._request(next_page))
            return reading
        return self._continue(reading, page)

    def _listing(self, response: HtmlResponse) -> ListingPage:
        return listing_page(self._context.site)(
            response.selector, response.url, self._context.addresses
        )

    def _wanted(self, cards: list[Card], page: MonthPage) -> list[ListedArticle]:
        scope = self._context.scope
        return [
            ListedArticle(card.address.url, day=page.month.isoformat())
            for card in cards
            if (card.address.day is None or scope.covers_day(card.address.day))
            and (card.label is None or scope.covers([card.label]))
        ]

    def _covers(self, page: MonthPage) -> bool:
        return all(self._context.scope.covers_day(day.isoformat()) for day in page.span())

    def _empty(self, page: MonthPage, tries: int) -> Reading:
        """Read a month of which the site says that it has no articles."""
        if page.doubt:
            # Twice in this run, or again in a later one.
            return Reading() if page.doubt == EMPTY or tries else self._unread(page, "no page")
        return self._continue(Reading(), replace(page, empty=(*page.empty, page.month), unread=0))

    def _home(self, page: MonthPage, tries: int) -> Reading:
        """Read a month that leads to the home page, as all do on a site without such archives."""
        reason = "the home page"
        if page.doubt != HOME or tries or self._has_listed:
            return self._unread(page, reason, doubt=HOME)
        url = self._address(page)
        logger.warning("The site has no month archives: %s leads to the home page", url)
        self._count(counters.SOURCES_NONE)
        return Reading()

    def _unread(
        self, page: MonthPage, reason: str, reading: Reading | None = None, doubt: str = UNREAD
    ) -> Reading:
        """Request a page again at the end of the run; keep it if that was the second time."""
        reading = reading or Reading()
        if page.doubt:
            failure = self._not_read(self._address(page), SourceFailure(reason, is_answered=True))
            reading.outcome, reading.is_kept = failure.outcome, True
            return reading
        logger.info("Month not read (%s), requested again later: %s", reason, self._address(page))
        reading.requests.append(self._request(page.second_look(doubt)))
        return self._continue(reading, replace(page, unread=page.unread + 1))

    def _continue(self, reading: Reading, page: MonthPage) -> Reading:
        """Add the request for the month before, or those that follow at the end of the walk."""
        earlier = month.before(page)
        if earlier is not None:
            reading.requests.append(self._request(earlier))
        elif page.empty and not page.doubt:
            reading.requests += map(self._request, month.doubtful(page, is_end=True))
        return reading


def _tries(response: Response) -> int:
    """Return how many earlier runs have failed to read a page."""
    page_task = task.of(response)
    return page_task.tries if page_task is not None else 0


def _are_of(page: MonthPage, cards: list[Card]) -> bool:
    """Return whether cards are a month's, as far as the addresses of their articles say."""
    days = [card.address.day for card in cards if card.address.day]
    return (bool(cards) and not days) or any(day.startswith(f"{page.month:%Y/%m}") for day in days)
