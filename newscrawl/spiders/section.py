"""The spider of a section or of the whole site: it asks channels what to request.

Each channel requests one kind of source and reads its answers; a callback for sources, one for
articles, and a table of channels are all that the spider has.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.misc import load_object

from newscrawl.discovery import (
    CHANGE_MARKERS,
    EXPLICIT,
    FEED,
    LISTED,
    MENU,
    RELATED,
    REST,
    related,
    section_archives,
)
from newscrawl.discovery.state import UrlUpdate
from newscrawl.items.channel_table import TABLE
from newscrawl.items.draft import MissingPage, UnchangedPage
from newscrawl.outcomes import counters, task
from newscrawl.outcomes.outcome import SECTION, Kind, Outcome
from newscrawl.outcomes.source_readings import SourceReading
from newscrawl.outcomes.task import ListedArticle
from newscrawl.pages import rest_article
from newscrawl.rights.policy import may_follow
from newscrawl.rights.tdmrep import WELL_KNOWN
from newscrawl.spiders import failed_article
from newscrawl.spiders.article_reader import ArticleReader
from newscrawl.spiders.backfill_count import BackfillCount
from newscrawl.spiders.base import BaseSpider
from newscrawl.spiders.channel_choice import ChannelChoice
from newscrawl.spiders.channels.feed_channel import FeedChannel
from newscrawl.spiders.channels.home_channel import HomeChannel
from newscrawl.spiders.channels.rest_articles_channel import ITEMS_OF_LISTS, RestArticlesChannel
from newscrawl.spiders.channels.rest_channel import RestChannel
from newscrawl.spiders.renderer import Renderer
from newscrawl.spiders.rights_reader import RightsReader
from newscrawl.spiders.source_failure import SourceFailure
from newscrawl.warc.exchange import ROLE, Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response, TextResponse
    from twisted.python.failure import Failure

    from newscrawl.items.draft import Draft
    from newscrawl.spiders.channels.channel import Channel, Reading, SourceRequest

logger = logging.getLogger("newscrawl.spider")
_ALWAYS_COVERED = LISTED | {EXPLICIT}
_LOCAL_PRIORITY = 300
_WITH_TEXTS = frozenset({FEED, REST})
"""Channels whose sources hold texts of articles."""
_ARTICLES_PER_TURN = 50


class SectionSpider(BaseSpider):
    """Reads the section with the spider's name; the whole site when no section has it."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawler, with its channels and readers."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        context = spider.context
        spider.channels = {
            row.name: load_object(row.reader)(context, crawler)
            for row in TABLE
            if row.reader is not None
        }
        if context.arguments.source == REST:
            spider.channels[REST] = RestArticlesChannel(context, crawler)
            crawler.settings.set("CONCURRENT_ITEMS", ITEMS_OF_LISTS, priority="spider")
        spider.channel_choice = ChannelChoice(context, crawler.settings)
        spider.renderer = Renderer(crawler, context.arguments.render)
        spider.article_reader = ArticleReader(crawler, context, spider.renderer)
        return spider

    channels: dict[str, Channel]
    channel_choice: ChannelChoice
    renderer: Renderer
    article_reader: ArticleReader

    async def start(self) -> AsyncIterator[Request]:
        """Yield the run's first requests: opt-outs, then the home page or the given URLs.

        Nothing is requested before robots.txt was read, which says where sitemaps are.
        """
        home = self.context.addresses.fetchable(f"{self.context.site.origin}/")
        callback: Any = self.parse_optouts
        yield Request(
            urljoin(home, WELL_KNOWN),
            callback,
            priority=_LOCAL_PRIORITY,
            errback=callback,
            meta={ROLE: Role.SITE},
            dont_filter=True,
        )
        if self.crawler.settings.getbool("ROBOTSTXT_OBEY"):
            await self.robots_known.wait()
        for request in self._first_requests():
            yield request

    def _without_rest(self) -> Iterator[Request]:
        """Yield the first requests of a run without REST, where REST was to replace the others."""
        if self.channel_choice.leave_rest():
            self.channels[REST] = RestChannel(self.context, self.crawler)
        elif self.context.discovery.full_discovery is not None:
            return
        self.channel_choice.note_full_discovery()
        yield from self._first_requests()

    def _first_requests(self) -> Iterator[Request]:
        arguments, home, rest = self.context.arguments, self.channels[MENU], self.channels[REST]
        assert isinstance(home, HomeChannel)
        if not home.is_first:
            own = {} if self.context.scope.section is None else self._usual_archives()
            yield from self._terms_requests(own)
        if not home.is_first and self.channel_choice.relies_on_rest(rest):
            yield from (self._source_request(REST, source) for source in rest.start({}))
            return
        if home.is_first or (MENU in arguments.discover and not arguments.urls):
            yield self._source_request(MENU, home.request())
            return
        yield from self._start_channels(self._usual_archives())

    def _usual_archives(self) -> dict[str, str]:
        return {
            section.slug: section_archives.usual_addresses(section, self.context.site)[0]
            for section in self.context.scope.sections()
        }

    def _terms_requests(self, archives: dict[str, str]) -> Iterator[Request]:
        """Yield requests for feeds that may state the rights of articles, if they are respected.

        They are read before any article, whatever the run's channels are.
        """
        feeds = self.channels[FEED]
        if self.context.rights.is_respected:
            assert isinstance(feeds, FeedChannel)
            yield from (self._source_request(FEED, source) for source in feeds.terms(archives))

    async def parse_optouts(self, answer: Response | Failure) -> None:
        """Read the site's reservations, which most sites do not have, and its licences."""
        # Without a robots.txt that can be read, the request has failed.
        self.robots_known.set()
        await RightsReader(self.crawler, self.context).read_site(answer)

    # --- Sources ------------------------------------------------------------------------------

    def _start_channels(self, archives: dict[str, str]) -> Iterator[Request]:
        """Yield the first requests of the channels; `archives` maps sections to addresses.

        With `urls` those are all that is requested.
        """
        if self.context.arguments.urls:
            origin = self.context.site.origin
            urls = (urljoin(origin, url) for url in self.context.arguments.urls)
            yield from self.article_requests(urls, EXPLICIT)
            return
        sections = [section.slug for section in self.context.scope.sections()]
        of_run = {slug: archives[slug] for slug in sections if slug in archives}
        yield from self._terms_requests(of_run)
        chosen = self.channel_choice.begin()
        yield from BackfillCount(self.context).requests(chosen)
        # Sitemaps and feeds before archives, which are many pages.
        for row in sorted(TABLE, key=lambda row: row.name == "archive"):
            if row.name in chosen and row.name in self.channels:
                for source in self.channels[row.name].start(of_run):
                    yield self._source_request(row.name, source)

    def _source_request(self, channel: str, source: SourceRequest) -> Request:
        callback: Any = self.parse_source
        return Request(
            self.context.addresses.fetchable(source.url),
            callback,
            method="GET" if source.form is None else "POST",
            body=source.form,
            headers=dict(source.headers),
            priority=source.priority,
            errback=self.source_failed,
            dont_filter=True,
            cb_kwargs={"channel": channel, "state": source.state},
            meta=_meta_of(source, channel),
        )

    async def parse_source(
        self, response: TextResponse, channel: str, state: dict[str, Any]
    ) -> AsyncIterator[Draft | Request]:
        """Have a source's channel read an answer, after its scripts have run if needed."""
        reader, gap = self.channels[channel], None
        needs = reader.wait_condition(response, state)
        if needs is not None:
            assert isinstance(response, HtmlResponse)
            gap, condition = needs
            rendered = await self.renderer.open(response, gap, condition)
            if isinstance(rendered, HtmlResponse):
                response, gap = rendered, None
            elif gap:
                gap = rendered
        reading = await reader.answer(response, state, gap)
        for draft in reading.drafts:
            draft.article.discovered_via = self.context.discovery.found(draft.article.url, channel)
            yield self.article_reader.stamped(draft, response, rest_article.NAME)
        self._settle_source(response, channel, state, reading)
        async for request in self._follow(channel, reading):
            yield request

    async def source_failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Have a source's channel decide what follows when it was not fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        channel, state = request.cb_kwargs["channel"], request.cb_kwargs["state"]
        cause = SourceFailure.of(failure)
        if cause.asks_to_wait:
            self.crawler.stats.inc_value(counters.RATE_LIMITED)
        reading = self.channels[channel].failed(cause, state)
        self._settle_source(request, channel, state, reading)
        async for following in self._follow(channel, reading):
            yield following

    def _settle_source(
        self, carrier: Request | TextResponse, channel: str, state: dict[str, Any], reading: Reading
    ) -> None:
        url, outcome = self.channels[channel].source_url(carrier, state), reading.outcome
        source_task = task.of(carrier)
        is_answer = not isinstance(carrier, Request)
        is_sent = is_answer or source_task is None or source_task.is_sent
        row = SourceReading(
            reading.size, outcome, state.get("section"), reading.is_unchanged, int(is_sent)
        )
        if not self.context.source_readings.add(channel, url, row):
            self.crawler.stats.inc_value(counters.SOURCES_UNNAMED)
        if source_task is not None:
            for post in reading.posts:
                source_task.settle_listed(ListedArticle(post.url, post.outcome, post.article_id))
            source_task.is_kept = reading.is_kept
            source_task.settle(reading.outcome)

    async def _follow(self, channel: str, reading: Reading) -> AsyncIterator[Request]:
        for number, article in enumerate(reading.articles):
            if not number % _ARTICLES_PER_TURN:
                # Thousands of entries must not block other callbacks.
                await asyncio.sleep(0)
            markers = {} if article.change_marker is None else {article.url: article.change_marker}
            if article.is_wanted:
                for request in self.article_requests(
                    [article.url], channel, change_markers=markers, day=article.day
                ):
                    yield request
            elif article.change_marker is not None:
                by_name = {CHANGE_MARKERS[channel]: article.change_marker}
                self.context.discovery.updates.append(
                    UrlUpdate(article.url, change_markers=by_name)
                )
        for source in reading.requests:
            yield self._source_request(channel, source)
        for request in self._further_channels(reading):
            yield request

    def _further_channels(self, reading: Reading) -> Iterator[Request]:
        if reading.reads_pages:
            yield from self._without_rest()
        if reading.archives is not None:
            yield from self._start_channels(reading.archives)

    # --- Articles -----------------------------------------------------------------------------

    async def parse_article(
        self, response: TextResponse, depth: int = 0
    ) -> AsyncIterator[Draft | UnchangedPage | Request]:
        """Read an article, its further pages and its Related Posts."""
        failed_article.count_answer(task.of(response), self.crawler.stats)
        if response.status == 304:
            yield UnchangedPage(response.meta["article"])
            return
        draft = await self.article_reader.read(response)
        if draft is None:
            return
        article, context = draft.article, self.context
        article_task = task.of(response)
        if article_task is not None:
            article_task.answered_by = task.AnsweredBy(article.id, article.url)
        requested_url = context.addresses.canonical(
            response.meta.get("redirect_urls", [response.url])[0]
        )
        article.discovered_via = context.discovery.channels(requested_url, article.url)
        # No channel found what `scrapy parse` names: it is wanted whatever its section is.
        is_wanted = article_task is None or _ALWAYS_COVERED & {*article.discovered_via}
        if is_wanted or context.scope.covers(article.sections):
            yield draft
        else:
            context.discovery.mark_outside(requested_url)
            task.settle(response, Outcome(Kind.EXCLUDED, SECTION))
            self.crawler.stats.inc_value(counters.OUTSIDE_SECTION)
        arguments = context.arguments
        follows = RELATED in arguments.discover and not arguments.urls
        if context.rights.is_respected and not may_follow(article.rights):
            self.crawler.stats.inc_value(counters.RIGHTS_NOT_FOLLOWED)
            return
        if follows and depth < related.MAX_DEPTH:
            urls = related.followed(article.related, context.scope, context.arguments.related)
            for request in self.article_requests(urls, RELATED, depth + 1):
                yield request

    def article_failed(self, failure: Failure) -> Iterator[MissingPage]:
        """Record why an article was not fetched; yield a page that no longer exists."""
        yield from failed_article.record(failure, self.crawler.stats)


def _meta_of(source: SourceRequest, channel: str) -> dict[str, Any]:
    meta = {"identity": source.identity, "is_page": source.is_page}
    return {**meta, ROLE: Role.TEXTS} if channel in _WITH_TEXTS else meta
