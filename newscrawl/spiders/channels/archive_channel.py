"""Section archives, page after page, by page number or by requesting more from their block.

See decisions 7, 8 and 85 in docs/decisions.md.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from parsel import Selector
from scrapy.http import HtmlResponse

from newscrawl.browser import CUT
from newscrawl.discovery import ARCHIVE, archive, section_archives
from newscrawl.discovery.archive import Pagination
from newscrawl.discovery.block_form import form_of
from newscrawl.extraction.page_classes import listing_page, more_page
from newscrawl.ledger.host_state import REFUSALS
from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import Outcome
from newscrawl.pages import scripted
from newscrawl.pages.truncation import FLAG
from newscrawl.sites.list_addresses import without_page
from newscrawl.spiders.channels import channel
from newscrawl.spiders.channels.archive_identities import ArchiveIdentities
from newscrawl.spiders.channels.channel import (  # fmt: skip
    AFTER_ARTICLES,
    Channel,
    ListedArticle,
    Reading,
    SourceRequest,
    note_failure,
)
from newscrawl.spiders.renderer import LIST
from newscrawl.text import key_of
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse
    from scrapy.statscollectors import StatsCollector

    from newscrawl.browser import WaitCondition
    from newscrawl.context import RunContext
    from newscrawl.discovery.archive import Step
    from newscrawl.pages.listing import ListingPage, MorePage
    from newscrawl.sites import Section
    from newscrawl.spiders.source_failure import SourceFailure

    _State = dict[str, Any]

logger = logging.getLogger("newscrawl.spider")
_NOT_IN_MENU = "The menu has no section %r: trying its usual addresses, %s first"
_FORM = {
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "X-Requested-With": "XMLHttpRequest",
}


class ArchiveChannel(Channel):
    """Reads the archive of each section of the run.

    The state of a request is `pagination`, how far the archive has been read; on its first page
    `others`, further addresses where the archive may be, and `failures`, why those before were
    not read.
    """

    name = ARCHIVE

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        super().__init__(context, crawler)
        self._identities = ArchiveIdentities(context)

    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield a request for each section's archive: the address in the menu, else the usual."""
        self._identities.addresses.update(archives)
        for section in self._context.scope.sections():
            usual = section_archives.usual_addresses(section, self._context.site)
            if section.slug in archives:
                yield self._first(section, [archives[section.slug], *usual])
            else:
                logger.warning(_NOT_IN_MENU, section.label, usual[0])
                self._count(counters.SECTION_NOT_IN_MENU)
                self._count(f"{counters.SECTION_NOT_IN_MENU_BY}{section.label}")
                yield self._first(section, usual)

    def _first(
        self, section: Section, candidates: list[str], failures: list[str] | None = None
    ) -> SourceRequest:
        """Return a request for the first of a section's candidate addresses."""
        context = self._context
        pagination = Pagination(
            section.slug,
            candidates[0],
            limit=context.arguments.pages if ARCHIVE in context.arguments.discover else 1,
            since=context.scope.since,
            until=context.discovery.known_heads.get(section.slug, []),
            max_pages=archive.BASE_PAGES + context.discovery.known_addresses // 5,
        )
        others = [url for url in dict.fromkeys(candidates) if url != candidates[0]]
        return _request(candidates[0], pagination, {"others": others, "failures": failures or []})

    def wait_condition(
        self, response: TextResponse, state: dict[str, Any]
    ) -> tuple[str | None, WaitCondition] | None:
        """Return when the archive in the browser lists what the pagination needs."""
        if not isinstance(response, HtmlResponse) or response.request.method == "POST":  # type: ignore[union-attr]
            return None
        gap = scripted.list_gap(response.selector.root)
        if not gap and self._context.arguments.render != "always":
            return None
        pagination = Pagination.from_json(state["pagination"])

        def is_enough(html: str) -> bool:
            page = self._listing(Selector(text=html, type="html"), pagination.url)
            return archive.is_enough(page, pagination, datetime.now(UTC))

        max_scrolls = self._settings.getint("BROWSER_MAX_SCROLLS")
        if pagination.limit is not None:
            # The initial list counts as a page.
            max_scrolls = min(max_scrolls, pagination.limit - pagination.page)
        return gap, replace(LIST, scrolls=max_scrolls if gap else 0, is_enough=is_enough)

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address of the archive's first page."""
        return str(state["pagination"]["url"])

    async def answer(
        self, response: TextResponse, state: dict[str, Any], gap: str | None
    ) -> Reading:
        """Read one page of an archive, below which there may be articles of earlier runs only."""
        pagination = self._progressed(Pagination.from_json(state["pagination"]))
        if await _has_known(self._crawler, archive.unread_articles(pagination)):
            state = {**state, "pagination": {**state["pagination"], "unread": 0}}
        return self.read(response, state, gap)

    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Read one page of an archive: its articles, its next page."""
        pagination = _pagination_of(response, state)
        if response.request is not None and response.request.method == "POST":
            return self._read_more(response, pagination)
        if CUT in response.flags:
            gap = "scroll_bound" if pagination.limit is None else "page_limit"
        page = self._listing(response.selector, response.url)
        if (unusable := self._unusable(page, response, pagination, state)) is not None:
            return unusable
        address = self._context.addresses.understand(response.url)
        if pagination.page == 1 and (address.kind is Kind.ARCHIVE or page.is_archive()):
            pagination.url = without_page(address.url)
        step = archive.first_step(
            page, self._progressed(pagination), datetime.now(UTC), self._seen(pagination)
        )
        if FLAG in response.flags and step.ended == "last_page":
            step = archive.stopped(step, FLAG, is_broken=True)
        elif gap:
            step = archive.stopped(step, gap)
        return self._continue(_bounded(step, page, self._stats), pagination)

    def _unusable(
        self, page: ListingPage, response: TextResponse, pagination: Pagination, state: _State
    ) -> Reading | None:
        """Return what follows where a page has not the list that was requested, else None."""
        kind = self._context.addresses.understand(response.url).kind
        is_other = page.is_not_found() or (
            kind in {Kind.HOME, Kind.ARTICLE, Kind.PAGE} and not page.is_archive()
        )
        has_list = page.is_themed() or bool(page.cards())
        doubt = None if page.is_not_found() else self._identities.doubt(page, response, pagination)
        if pagination.page == 1:
            if is_other:
                return self._other(pagination, state, f"{response.url} is not an archive", None)
            if doubt or not has_list:
                reason = doubt or f"{response.url} has no list"
                return self._other(pagination, state, reason, doubt or "no list")
        elif doubt:
            # Behind the last page it may be what the site always answers.
            return self._no_page(pagination, doubt, is_missing=pagination.is_second_look)
        elif is_other or not has_list:
            return self._no_page(pagination, "no_list", is_missing=True)
        request = _step_back(page, pagination, response, state)
        return None if request is None else Reading(requests=[request])

    def _read_more(self, response: TextResponse, pagination: Pagination) -> Reading:
        """Read the articles that a block adds to its list."""
        try:
            page = more_page(self._context.site)(
                response.text, response.url, self._context.addresses
            )
        except ValueError:
            return self._by_number(pagination, "the response is not a list of articles")
        step = archive.next_step(
            page, self._progressed(pagination), datetime.now(UTC), self._seen(pagination)
        )
        return self._continue(_bounded(step, page, self._stats), pagination)

    def _listing(self, selector: Selector, url: str) -> ListingPage:
        return listing_page(self._context.site)(selector, url, self._context.addresses)

    def _progressed(self, pagination: Pagination) -> Pagination:
        return archive.with_progress(pagination, self._context.discovery.read_articles)

    def _seen(self, pagination: Pagination) -> set[int]:
        return self._context.discovery.seen.setdefault(pagination.section, set())

    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Continue at the next usual address, or by page numbers after a block failed."""
        pagination = Pagination.from_json(state["pagination"])
        if pagination.block is not None:
            return self._by_number(pagination, failure.reason)
        if pagination.page > 1:
            return self._no_page(pagination, failure.reason, is_missing=failure.is_missing)
        if failure.is_forbidden:
            self._count(counters.ARCHIVE_FORBIDDEN)
        if failure.asks_to_wait or failure.status in REFUSALS:
            # The host refuses, not the address: another one would be refused as well.
            state = {**state, "others": []}
        true_reason = None if failure.is_missing else failure.reason
        return self._other(pagination, state, failure.reason, true_reason)

    def _continue(self, step: Step, pagination: Pagination) -> Reading:
        self._note_newest(archive.newest_day(step.cards))
        seen, articles = self._seen(pagination), []
        for card in step.cards:
            url = card.address.url
            seen.add(key_of(url))
            if card.address.day and not self._context.scope.covers_day(card.address.day):
                self._count(counters.OUTSIDE_DATES)
                continue
            articles.append(ListedArticle(url, step.change_markers.get(url)))
        following = step.next_pagination
        if following is not None:
            request = (
                _page_request(following)
                if following.block is None
                else _block_request(following, self._context.addresses.base_url)
            )
            return Reading(articles, requests=[request])
        if step.is_broken:
            return self._broken_off(pagination, step.ended or "", articles, step.known_head)
        _note_end(self._stats, pagination, step.ended or "")
        if step.ended in archive.COVERED:
            self._record_known_head(pagination, step.known_head)
        # REST lists every post, so that an archive cannot have lost any.
        is_doubtful = step.is_doubtful and not self._context.discovery.is_listed_by_rest
        return Reading(articles, is_kept=is_doubtful and pagination.limit is None)

    def _no_page(self, pagination: Pagination, reason: str, *, is_missing: bool) -> Reading:
        """End an archive: at its end only where no page before has named this one."""
        if pagination.is_announced or not is_missing:
            return self._broken_off(pagination, reason)
        _note_end(self._stats, pagination, reason)
        self._record_known_head(pagination, pagination.known_head)
        return Reading()

    def _broken_off(
        self,
        pagination: Pagination,
        reason: str,
        articles: list[ListedArticle] | None = None,
        known_head: list[int] | None = None,
    ) -> Reading:
        """Keep the page in the ledger: a later run reads on from there.

        What is above it is known: later runs read the archive down to its head.
        """
        _note_end(self._stats, pagination, reason)
        self._count(counters.ARCHIVE_BROKEN_OFF)
        note_failure(
            self._stats, f"archive of {pagination.section}, page {pagination.page}: {reason}"
        )
        if pagination.limit is None:
            self._record_known_head(pagination, known_head or pagination.known_head)
        return Reading(articles or [], outcome=Outcome.failed(reason), is_kept=True)

    def _record_known_head(self, pagination: Pagination, known_head: list[int]) -> None:
        """Record what was seen, unless the run has a span of days or reads on below a head."""
        scope = self._context.scope
        is_fresh = pagination.until == self._context.discovery.known_heads.get(
            pagination.section, []
        )
        if scope.since is None and scope.until is None and known_head and is_fresh:
            self._context.discovery.set_known_head(pagination.section, known_head)

    def _by_number(self, pagination: Pagination, reason: str) -> Reading:
        logger.info("No more from the block of %s (%s): using page numbers", pagination.url, reason)
        self._count(counters.ARCHIVE_MORE_REFUSED)
        return Reading(
            requests=[_page_request(archive.without_block(pagination))],
            outcome=Outcome.failed(reason),
        )

    def _other(
        self, pagination: Pagination, state: _State, reason: str, true_reason: str | None
    ) -> Reading:
        """Try the next address where the section's archive may be.

        `true_reason` says why an address was not read; None if the archive is not there.
        """
        failures = [*state.get("failures", []), *([true_reason] if true_reason else [])]
        outcome = Outcome.failed(reason)
        others = state.get("others", [])
        if others:
            section = next(
                entry for entry in self._context.site.sections if entry.slug == pagination.section
            )
            return Reading(requests=[self._first(section, others, failures)], outcome=outcome)
        _note_unread(self._stats, pagination, failures, reason)
        return Reading(outcome=outcome)


async def _has_known(crawler: Crawler, articles: list[int]) -> bool:
    """Return whether a run has read one of these articles, by the keys of their addresses."""
    # Scrapy imports each module of the spiders for `scrapy list`, which needs no database.
    from newscrawl.ledger import client  # noqa: PLC0415
    from newscrawl.ledger.store import article_addresses  # noqa: PLC0415

    ledger = client.of(crawler)
    if ledger is None or not articles:
        return False
    has_any: bool = await ledger.read(article_addresses.has_any, articles)
    return has_any


def _note_end(stats: StatsCollector, pagination: Pagination, reason: str) -> None:
    logger.info("Archive of %s ends at page %d: %s", pagination.section, pagination.page, reason)
    key = reason.replace(" ", "_").lower().split(":")[0][:40]
    stats.inc_value(f"{counters.ARCHIVE_ENDED}{key}")


def _note_unread(
    stats: StatsCollector, pagination: Pagination, failures: list[str], reason: str
) -> None:
    """Log and count an archive that was read at none of its addresses."""
    section_name, url = pagination.section, pagination.url
    if failures:
        logger.error("The archive of section %r was not read: %s", section_name, failures[0])
        stats.inc_value(counters.ARCHIVE_NOT_READ)
        note_failure(stats, f"archive of {section_name}: {failures[0]}")
    else:
        logger.error("No archive of section %r was found: %s, %s", section_name, url, reason)
        stats.inc_value(counters.ARCHIVE_NOT_FOUND)
        stats.set_value(counters.FINISH_DETAIL, f"no archive of section {section_name}")


def _bounded(step: Step, page: ListingPage | MorePage, stats: StatsCollector) -> Step:
    """Return the step of a page, which ends the archive if there are more cards than are read."""
    if not page.has_more_cards():
        return step
    stats.inc_value(counters.SOURCES_TRUNCATED)
    return archive.stopped(step, "too many cards", is_broken=True)


def _pagination_of(response: TextResponse, state: dict[str, Any]) -> Pagination:
    pagination, page_task = Pagination.from_json(state["pagination"]), task.of(response)
    if page_task is not None and page_task.tries:
        pagination.is_second_look = True
    return pagination


def _step_back(
    page: ListingPage, pagination: Pagination, response: TextResponse, state: dict[str, Any]
) -> SourceRequest | None:
    """Return the request for the page before, where a later run reads on and articles are gone.

    What was removed above has moved the list up: without an article that was seen before, some
    may now stand on the page before.
    """
    page_task = task.of(response)
    is_resumed = state.get("is_resumed", False) or bool(page_task and page_task.tries)
    if not is_resumed or pagination.page <= 1 or not pagination.listed:
        return None
    if page.is_empty and pagination.page >= pagination.last_named > 0:
        # The usual end, which is looked at twice behind a full page.
        return None
    if {key_of(card.address.url) for card in page.cards()} & {*pagination.listed}:
        return None
    earlier = replace(pagination, page=pagination.page - 1, is_second_look=True, list_before=0)
    return _request(earlier.page_url(), earlier, {"is_resumed": True})


def _request(
    url: str, pagination: Pagination, state: dict[str, Any] | None = None
) -> SourceRequest:
    return SourceRequest(
        url,
        {"pagination": pagination.as_json(), "section": pagination.section, **(state or {})},
        channel.ARCHIVE if pagination.page <= archive.PATIENT_PAGES else AFTER_ARTICLES,
        identity=pagination.identity(),
        is_page=True,
    )


def _page_request(pagination: Pagination) -> SourceRequest:
    return _request(pagination.page_url(), pagination)


def _block_request(pagination: Pagination, base_url: str) -> SourceRequest:
    endpoint = urljoin(f"{base_url}/", pagination.block.endpoint)  # type: ignore[union-attr]
    request = _request(endpoint, pagination)
    return replace(request, form=form_of(pagination), headers=_FORM, is_page=False)
