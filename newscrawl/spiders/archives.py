"""Requests the archives of the run's sections, page after page.

See decisions 7 and 8 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from parsel import Selector
from scrapy.http import HtmlResponse

from newscrawl.browser import CUT
from newscrawl.discovery import ARCHIVE, archive, section_archives
from newscrawl.discovery.archive import Pagination
from newscrawl.extraction.page_classes import listing_page, more_page
from newscrawl.pages import scripted
from newscrawl.spiders import outcomes
from newscrawl.spiders.rendering import LIST, RenderingSpider
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator

    from scrapy import Request
    from scrapy.http import TextResponse
    from twisted.python.failure import Failure

    from newscrawl.browser import WaitCondition
    from newscrawl.discovery.archive import Step
    from newscrawl.sites import Section

_FORM = {
    "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
    "X-Requested-With": "XMLHttpRequest",
}


class ArchiveSpider(RenderingSpider):
    """Reads section archives by page number, or by requesting more from their block."""

    def archive_requests(self, menu: dict[str, str]) -> Iterator[Request]:
        """Yield a request for each section's archive: the address in the menu, else the usual one.

        `menu` maps section slugs to addresses.
        """
        for section in self.context.scope.sections():
            usual = section_archives.usual_addresses(section, self.site)
            if section.slug in menu:
                yield self.archive_request(section, [menu[section.slug], *usual])
            else:
                outcomes.menu_changed(self, section, usual)
                yield self.archive_request(section, usual)

    def archive_request(self, section: Section, candidates: list[str]) -> Request:
        """Return a request for the first of a section's candidate addresses."""
        limit = self.context.arguments.pages if ARCHIVE in self.context.arguments.discover else 1
        pagination = archive.Pagination(
            section.slug,
            candidates[0],
            limit=limit,
            since=self.context.scope.since,
            until=self.context.discovery.known_heads.get(section.slug, []),
        )
        others = [url for url in dict.fromkeys(candidates) if url != candidates[0]]
        return self.request(
            candidates[0],
            self.parse_archive,
            "archive",
            errback=self.no_archive,
            cb_kwargs={"pagination": pagination.as_json(), "others": others},
            meta={"pagination": pagination.identity()},
        )

    async def parse_archive(
        self, response: TextResponse, pagination: dict[str, Any], others: Iterable[str] = ()
    ) -> AsyncIterator[Request]:
        """Read one page of an archive, in the browser if needed: its articles, its next page."""
        current = Pagination.from_json(pagination)
        page_response, gap = await self._rendered(response, current)
        for request in self._read_page(page_response, current, others, gap):
            yield request

    async def _rendered(
        self, response: TextResponse, pagination: Pagination
    ) -> tuple[TextResponse, str | None]:
        """Return a page of an archive, and why its list is incomplete or None."""
        gap = scripted.list_gap(response.selector.root)
        if not isinstance(response, HtmlResponse) or not (gap or self.renders_all):
            return response, None
        condition = self._wait_condition(pagination, scrolls=bool(gap))
        rendered = await self.in_browser(response, gap, condition)
        if rendered is None:
            failure = response.meta.pop("failure", "needs_browser")
            return response, failure if gap else None
        if CUT in rendered.flags:
            return rendered, "scroll_bound" if pagination.limit is None else "page_limit"
        return rendered, None

    def _wait_condition(self, pagination: Pagination, *, scrolls: bool) -> WaitCondition:
        """Return when an archive's page in the browser lists what the pagination needs."""

        def is_enough(html: str) -> bool:
            selector = Selector(text=html, type="html")
            page = listing_page(self.site)(selector, pagination.url, self.context.addresses)
            return archive.is_enough(page, pagination, datetime.now(UTC))

        max_scrolls = self.crawler.settings.getint("BROWSER_MAX_SCROLLS")
        if pagination.limit is not None:
            # The initial list counts as a page.
            max_scrolls = min(max_scrolls, pagination.limit - pagination.page)
        return replace(LIST, scrolls=max_scrolls if scrolls else 0, is_enough=is_enough)

    def _read_page(
        self, response: TextResponse, pagination: Pagination, others: Iterable[str], gap: str | None
    ) -> Iterator[Request]:
        page = listing_page(self.site)(response.selector, response.url, self.context.addresses)
        address = self.context.addresses.understand(response.url)
        if page.is_not_found() or address.kind in {Kind.HOME, Kind.ARTICLE, Kind.PAGE}:
            yield from self._other_archive(
                pagination, list(others), f"{response.url} is not an archive"
            )
        else:
            if pagination.page == 1 and address.kind is Kind.ARCHIVE:
                pagination.url = archive.archive_root(address.url)
            step = archive.first_step(page, pagination, datetime.now(UTC))
            yield from self._continue(archive.stopped(step, gap) if gap else step, pagination)

    def parse_more(self, response: TextResponse, pagination: dict[str, Any]) -> Iterator[Request]:
        """Read the articles that a block adds to its list."""
        current = Pagination.from_json(pagination)
        try:
            page = more_page(self.site)(response.text, response.url, self.context.addresses)
        except ValueError:
            yield from self._by_number(current, "the response is not a list of articles")
        else:
            step = archive.next_step(page, current, datetime.now(UTC))
            yield from self._continue(step, current)

    def no_archive(self, failure: Failure) -> Iterator[Request]:
        """Continue at the next usual address, or by page numbers after a block failed."""
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        pagination = Pagination.from_json(arguments["pagination"])
        if failure.request.method == "POST":  # type: ignore[attr-defined]
            yield from self._by_number(pagination, outcomes.failure_reason(failure))
        elif pagination.page == 1:
            yield from self._other_archive(
                pagination, arguments["others"], outcomes.failure_reason(failure)
            )
        else:
            reason = outcomes.archive_interrupted(self, pagination, failure)
            if reason == "HTTP 404":
                self._record_known_head(pagination, pagination.known_head)

    def _continue(self, step: Step, pagination: Pagination) -> Iterator[Request]:
        addresses = (card.address for card in step.cards)
        outcomes.note_newest(self, archive.newest_day(step.cards))
        yield from self.article_requests(
            (
                address.url
                for address in addresses
                if not address.day or self._covers_day(address.day)
            ),
            ARCHIVE,
            change_markers=step.change_markers,
        )
        if step.next_pagination is None:
            outcomes.archive_ended(self, pagination, step.ended or "")
            if step.ended in archive.COVERED:
                self._record_known_head(pagination, step.known_head)
        elif step.next_pagination.block is not None:
            yield self._block_request(step.next_pagination)
        else:
            yield self._page_request(step.next_pagination)

    def _record_known_head(self, pagination: Pagination, known_head: list[int]) -> None:
        """Record that the whole archive was seen, unless the run is limited to a span of days."""
        if self.context.scope.since is None and self.context.scope.until is None:
            self.context.discovery.set_known_head(pagination.section, known_head)

    def _covers_day(self, day: str) -> bool:
        is_covered = self.context.scope.covers_day(day)
        if not is_covered:
            outcomes.count(self, "outside/dates")
        return is_covered

    def _page_request(self, pagination: Pagination) -> Request:
        return self.request(
            pagination.page_url(),
            self.parse_archive,
            "archive",
            errback=self.no_archive,
            cb_kwargs={"pagination": pagination.as_json()},
            meta={"pagination": pagination.identity()},
        )

    def _block_request(self, pagination: Pagination) -> Request:
        endpoint = urljoin(f"{self.context.addresses.base_url}/", pagination.block.endpoint)  # type: ignore[union-attr]
        return self.request(
            endpoint,
            self.parse_more,
            "archive",
            errback=self.no_archive,
            method="POST",
            body=archive.form_of(pagination),
            cb_kwargs={"pagination": pagination.as_json()},
            headers=_FORM,
            meta={"pagination": pagination.identity()},
        )

    def _by_number(self, pagination: Pagination, reason: str) -> Iterator[Request]:
        outcomes.more_refused(self, pagination, reason)
        yield self._page_request(archive.without_block(pagination))

    def _other_archive(
        self, pagination: Pagination, others: list[str], reason: str
    ) -> Iterator[Request]:
        if not others:
            outcomes.section_not_found(self, pagination, reason)
            return
        section = next(entry for entry in self.site.sections if entry.slug == pagination.section)
        yield self.archive_request(section, others)
