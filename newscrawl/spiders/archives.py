"""Finds the archives of the run's sections and walks them, page after page."""

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
from newscrawl.pages import scripted
from newscrawl.pages.listing import ListingPage, MorePage
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
    """Reads section archives by page number, or by asking their block for more."""

    def archive_requests(self, found: dict[str, str]) -> Iterator[Request]:
        """Yield a request for each section's archive: where the menu says, else the usual way."""
        for section in self.context.scope.sections():
            usual = section_archives.usual_addresses(section, self.site)
            if section.slug in found:
                yield self.archive_request(section, [found[section.slug], *usual])
            else:
                outcomes.menu_changed(self, section, usual)
                yield self.archive_request(section, usual)

    def archive_request(self, section: Section, candidates: list[str]) -> Request:
        """Return a request for the first of a section's possible addresses."""
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
            meta={"pagination": pagination.name()},
        )

    async def parse_archive(
        self, response: TextResponse, pagination: dict[str, Any], others: Iterable[str] = ()
    ) -> AsyncIterator[Request]:
        """Read one page of an archive, in the browser where need be: its articles, the way on."""
        going = Pagination.from_json(pagination)
        opened, gap = await self._opened(response, going)
        for request in self._read_page(opened, going, others, gap):
            yield request

    async def _opened(
        self, response: TextResponse, pagination: Pagination
    ) -> tuple[TextResponse, str | None]:
        """Return a page of an archive and why its list is not whole, None when it is."""
        gap = scripted.list_gap(response.selector.root)
        if not isinstance(response, HtmlResponse) or not (gap or self.opens_all):
            return response, None
        opened = await self.in_browser(response, gap, self._goal(pagination, scrolls=bool(gap)))
        if opened is None:
            failure = response.meta.pop("failure", "needs_browser")
            return response, failure if gap else None
        if CUT in opened.flags:
            return opened, "scroll_bound" if pagination.limit is None else "page_limit"
        return opened, None

    def _goal(self, pagination: Pagination, *, scrolls: bool) -> WaitCondition:
        """Return when an archive's page in the browser lists what the walk is after."""

        def is_enough(html: str) -> bool:
            page = ListingPage(
                Selector(text=html, type="html"), pagination.url, self.context.addresses
            )
            return archive.is_enough(page, pagination, datetime.now(UTC))

        most = self.crawler.settings.getint("BROWSER_MAX_SCROLLS")
        # What is there at first is a page as well.
        wanted = most if pagination.limit is None else min(most, pagination.limit - pagination.page)
        return replace(LIST, scrolls=wanted if scrolls else 0, is_enough=is_enough)

    def _read_page(
        self, response: TextResponse, pagination: Pagination, others: Iterable[str], gap: str | None
    ) -> Iterator[Request]:
        page = ListingPage(response.selector, response.url, self.context.addresses)
        address = self.context.addresses.understand(response.url)
        if page.is_not_found() or address.kind in {Kind.HOME, Kind.ARTICLE, Kind.PAGE}:
            yield from self._other_archive(
                pagination, list(others), f"{response.url} is no archive"
            )
        else:
            if pagination.page == 1 and address.kind is Kind.ARCHIVE:
                pagination.url = archive.archive_root(address.url)
            step = archive.first_step(page, pagination, datetime.now(UTC))
            yield from self._walk_on(archive.stopped(step, gap) if gap else step, pagination)

    def parse_more(self, response: TextResponse, pagination: dict[str, Any]) -> Iterator[Request]:
        """Read what a block added to its list."""
        going = Pagination.from_json(pagination)
        try:
            page = MorePage(response.text, response.url, self.context.addresses)
        except ValueError:
            yield from self._by_number(going, "the reply is no list of articles")
        else:
            yield from self._walk_on(archive.next_step(page, going, datetime.now(UTC)), going)

    def no_archive(self, failure: Failure) -> Iterator[Request]:
        """Go on at the next usual address, or by page numbers where a block gave nothing."""
        arguments = failure.request.cb_kwargs  # type: ignore[attr-defined]
        pagination = Pagination.from_json(arguments["pagination"])
        if failure.request.method == "POST":  # type: ignore[attr-defined]
            yield from self._by_number(pagination, outcomes.word(failure))
        elif pagination.page == 1:
            yield from self._other_archive(pagination, arguments["others"], outcomes.word(failure))
        else:
            why = outcomes.archive_broken_off(self, pagination, failure)
            if why == "HTTP 404":
                self._covered(pagination, pagination.known_head)

    def _walk_on(self, step: Step, pagination: Pagination) -> Iterator[Request]:
        wanted = (card.address for card in step.cards)
        outcomes.newest(self, archive.youngest(step.cards))
        yield from self.article_requests(
            (one.url for one in wanted if not one.day or self._covers_day(one.day)),
            ARCHIVE,
            change_markers=step.change_markers,
        )
        if step.follow is None:
            outcomes.archive_ended(self, pagination, step.ended or "")
            if step.ended in archive.COVERED:
                self._covered(pagination, step.known_head)
        elif step.follow.block is not None:
            yield self._more(step.follow)
        else:
            yield self._numbered(step.follow)

    def _covered(self, pagination: Pagination, known_head: list[int]) -> None:
        """Note that all of an archive was seen, unless this run leaves days out."""
        if self.context.scope.since is None and self.context.scope.until is None:
            self.context.discovery.covered(pagination.section, known_head)

    def _covers_day(self, day: str) -> bool:
        inside = self.context.scope.covers_day(day)
        if not inside:
            outcomes.count(self, "outside/dates")
        return inside

    def _numbered(self, pagination: Pagination) -> Request:
        return self.request(
            pagination.numbered(),
            self.parse_archive,
            "archive",
            errback=self.no_archive,
            cb_kwargs={"pagination": pagination.as_json()},
            meta={"pagination": pagination.name()},
        )

    def _more(self, pagination: Pagination) -> Request:
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
            meta={"pagination": pagination.name()},
        )

    def _by_number(self, pagination: Pagination, why: str) -> Iterator[Request]:
        outcomes.more_refused(self, pagination, why)
        yield self._numbered(archive.without_block(pagination))

    def _other_archive(
        self, pagination: Pagination, others: list[str], why: str
    ) -> Iterator[Request]:
        if not others:
            outcomes.section_not_found(self, pagination, why)
            return
        section = next(entry for entry in self.site.sections if entry.slug == pagination.section)
        yield self.archive_request(section, others)
