"""Chooses the channel that lists a site's articles: REST, else sitemaps, else known archives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.commands.comparing.post_reader import JSON, PostReader, number_in
from newscrawl.commands.comparing.site_list import ARCHIVE, REST, SITEMAP, Comparison, SiteList
from newscrawl.commands.comparing.sitemap_reader import SitemapReader
from newscrawl.discovery import categories, post_list
from newscrawl.discovery.post_list import PostFilter
from newscrawl.discovery.section_categories import SectionCategories
from newscrawl.outcomes import finish_reasons
from newscrawl.outcomes.site_coverage import SitePost
from newscrawl.spiders.article_reader import header_texts
from newscrawl.spiders.source_failure import SourceFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.commands.probing.probe_requests import Requests
    from newscrawl.discovery.categories import Category
    from newscrawl.discovery.post_list import ListedPost
    from newscrawl.outcomes.series_comparison import SeriesRecord

_MAX_CATEGORY_PAGES = 20


class SiteReader:
    """Fills the list of a site's articles."""

    def __init__(self, comparison: Comparison, requests: Requests, record: SeriesRecord) -> None:
        self.found = SiteList()
        self._comparison, self._requests, self._record = comparison, requests, record
        self._urls = comparison.urls
        self._categories = SectionCategories(self._urls, [])

    async def read(self) -> None:
        """Read the list from the first channel that gives one."""
        failure = await self._read_rest()
        if failure is None or self._is_over(failure):
            return
        self.found.notes.append(f"REST is not used: {_why(failure)}")
        reader = SitemapReader(self._requests, self._urls)
        if await self._read_sitemaps(reader):
            return
        if reader.failure is not None and self._is_over(reader.failure):
            return
        if not failure.is_answered and not failure.is_forbidden and not self._has_answered():
            origin = self._urls.fetchable(f"{self._urls.site.origin}/")
            self.found.problem = (
                f"{origin} cannot be reached ({failure.reason}): check the address and the network"
            )
            return
        self._read_archives()

    def _has_answered(self) -> bool:
        return self._requests.robots is not None

    def _is_over(self, failure: SourceFailure) -> bool:
        """Return whether nothing more may be requested; note why."""
        if failure.finish_reason == finish_reasons.DAILY_LIMIT:
            self.found.problem = f"{failure.reason}: compare tomorrow, or raise the limit"
        elif failure.finish_reason is not None:
            self.found.problem = finish_reasons.error_line(failure.finish_reason, failure.reason)
        elif failure.asks_to_wait:
            self.found.problem = finish_reasons.error_line(
                finish_reasons.RATE_LIMITED, failure.reason
            )
        return self.found.problem is not None

    # --- REST ---------------------------------------------------------------------------------

    async def _read_rest(self) -> SourceFailure | None:
        """Read REST's list, or the totals; return why that is not possible."""
        listed, failure = await self._list_categories()
        if failure is not None and (self._comparison.section or not failure.is_answered):
            return failure
        self._categories = SectionCategories(self._urls, listed)
        chosen: tuple[int, ...] = ()
        if section := self._comparison.section:
            chosen = self._categories.ids_of(section.slug)
            if not chosen:
                return SourceFailure.unreadable(f"it names no category for {section.slug}")
        if self._comparison.is_totals:
            return await self._read_totals(chosen)
        reader = PostReader(self._requests, self._urls, self._filter(chosen))
        await reader.read()
        if reader.failure is not None:
            return reader.failure
        if failure is not None:
            self.found.notes.append(f"sections are unknown: {_why(failure)}")
        self.found.source, self.found.has_sections = REST, failure is None
        self.found.is_complete = reader.is_complete
        self.found.notes += reader.notes
        self._take_posts(reader)
        return None

    async def _list_categories(self) -> tuple[list[Category], SourceFailure | None]:
        listed: list[Category] = []
        for number in range(1, _MAX_CATEGORY_PAGES + 1):
            url = categories.address(self._urls.site.origin, number)
            answer = await self._requests.send(self._urls.fetchable(url), headers=JSON)
            if answer.failure is not None or answer.response is None:
                # The page after the last is refused.
                is_end = number > 1 and answer.failure and answer.failure.status == 400
                return listed, None if is_end else answer.failure
            try:
                page = categories.read(answer.body)
            except ValueError as error:
                return listed, SourceFailure.unreadable(str(error))
            listed += page
            pages = number_in(header_texts(answer.response), "x-wp-totalpages")
            if number >= (pages or 0) and len(page) < categories.PER_PAGE:
                break
        return listed, None

    def _filter(self, ids: tuple[int, ...]) -> PostFilter:
        return PostFilter(ids, self._comparison.since, self._comparison.until)

    def _take_posts(self, reader: PostReader) -> None:
        """Take the published posts; name what else the list has."""
        others: dict[str, int] = {}
        for post in reader.posts.values():
            if post.other_kind:
                others[post.other_kind] = others.get(post.other_kind, 0) + 1
                continue
            found = self._site_post(post)
            if found.day is None or self._comparison.covers(found.day):
                self.found.posts.append(found)
        if others:
            kinds = ", ".join(f"{count:,} of kind {kind}" for kind, count in sorted(others.items()))
            self.found.notes.append(f"not published posts in REST's list, left out: {kinds}")

    def _site_post(self, post: ListedPost) -> SitePost:
        section = self._comparison.section
        return SitePost(
            post.id,
            post.url,
            (section.slug,) if section else self._categories.sections_of(post.categories),
            self._comparison.day_of(post.published) or _day_in(self._urls.understand(post.url).day),
            post.is_protected,
            post.is_foreign,
        )

    async def _read_totals(self, chosen: tuple[int, ...]) -> SourceFailure | None:
        """Read X-WP-Total of all posts and of each section, one request each."""
        total, failure = await self._count(chosen)
        if failure is not None:
            return failure
        section = self._comparison.section
        totals: dict[str, int | None] = {"": total}
        if section is not None:
            totals[section.slug] = total
        for slug in () if section else (one.slug for one in self._urls.site.sections):
            ids = self._categories.ids_of(slug)
            totals[slug], failure = await self._count(ids) if ids else (None, None)
            if failure is not None:
                self.found.notes.append(f"the total of {slug} is unknown: {_why(failure)}")
            elif not ids:
                self.found.notes.append(f"REST names no category for {slug}")
        if total is None:
            self.found.notes.append("REST states no total")
        self.found.source, self.found.totals, self.found.has_sections = REST, totals, True
        self.found.notes.append(
            "X-WP-Total counts protected posts: those that the ledger knows are left out"
        )
        return None

    async def _count(self, ids: tuple[int, ...]) -> tuple[int | None, SourceFailure | None]:
        url = post_list.count_address(self._urls.site.origin, self._filter(ids))
        answer = await self._requests.send(self._urls.fetchable(url), headers=JSON)
        if answer.failure is not None or answer.response is None:
            return None, answer.failure
        try:
            post_list.read(answer.body, self._urls)
        except ValueError as error:
            return None, SourceFailure.unreadable(str(error))
        return number_in(header_texts(answer.response), "x-wp-total"), None

    # --- Sitemaps and archives ----------------------------------------------------------------

    async def _read_sitemaps(self, reader: SitemapReader) -> bool:
        """Read the sitemaps; return whether they list articles."""
        is_read = await reader.read(self._requests.rules.sitemaps)
        if not is_read or not reader.entries:
            why = reader.failure.reason if reader.failure else "they list no articles"
            self.found.notes.append(f"sitemaps are not used: {why}")
            return False
        self.found.source, self.found.is_complete = SITEMAP, reader.is_complete
        self.found.notes += [
            *reader.notes,
            "sitemaps do not state sections or protected articles; months are those of addresses",
        ]
        self._take_addresses(
            SitePost(
                None,
                entry.address.url,
                day=self._comparison.day_of(entry.published) or _day_in(entry.address.day),
            )
            for entry in reader.entries.values()
        )
        return True

    def _read_archives(self) -> None:
        """Take the addresses that archives have listed in earlier runs."""
        listed = [row.url for row in self._record.urls.values() if row.is_listed]
        if not listed:
            self.found.problem = (
                f"{self._urls.base_url} does not list its articles: "
                f"{'; '.join(self.found.notes)}; and no run has read an archive"
            )
            return
        self.found.source = ARCHIVE
        self.found.notes.append("what archives listed, as the last runs have read them")
        self._take_addresses(
            SitePost(None, url, day=_day_in(self._urls.understand(url).day)) for url in listed
        )

    def _take_addresses(self, posts: Iterable[SitePost]) -> None:
        """Take the articles of a list that states no sections."""
        section = self._comparison.section
        is_unknown = False
        for post in posts:
            if post.day is None and self._comparison.has_span:
                is_unknown = True
            elif self._comparison.covers(post.day):
                self.found.posts.append(post)
        if is_unknown:
            self._lose("articles without a day in their address may be in these days or not")
        if section is not None and self.found.source == SITEMAP:
            self._keep_section(section.slug)

    def _keep_section(self, slug: str) -> None:
        """Keep the articles that are known to be in a section; there may be others."""
        kept = []
        for post in self.found.posts:
            is_named = slug in self._comparison.named_sections(post.url)
            if is_named or post.url in self._record.by_url:
                kept.append(SitePost(None, post.url, (slug,), post.day))
        self.found.posts = kept
        self._lose(
            f"which articles are in {slug} is not stated: only those that their address names"
        )

    def _lose(self, note: str) -> None:
        self.found.is_complete = False
        self.found.notes.append(note)


def _day_in(day: str | None) -> str | None:
    return None if day is None else day.replace("/", "-")


def _why(failure: SourceFailure) -> str:
    return "robots.txt forbids it" if failure.is_forbidden else failure.reason
