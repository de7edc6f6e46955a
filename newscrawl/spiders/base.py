"""The base of all spiders: the context of the run, and how articles are requested."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from newscrawl.arguments import NAMES, OLDEST, Arguments
from newscrawl.context import RunContext
from newscrawl.discovery import CHANGE_MARKERS, RELATED, reading_order, related
from newscrawl.discovery.state import bits
from newscrawl.outcomes import counters
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from newscrawl.rights.robots_txt import RobotsTxt
    from newscrawl.sites import Site

logger = logging.getLogger("newscrawl.spider")
MAX_SITEMAPS = 20
"""Sitemaps of robots.txt that are read."""


class BaseSpider(Spider):
    """A spider with the context of its run: arguments, site, scope, discovery state.

    Arguments are those of `newscrawl.arguments.Arguments`; an invalid one raises
    `ArgumentError`.
    """

    site: ClassVar[Site]
    """The site to crawl; where the arguments name it, it is in the context."""
    argument_names: ClassVar[tuple[str, ...]] = NAMES
    """The arguments that the spider has."""
    context: RunContext
    allowed_domains: list[str]
    robots_known: asyncio.Event
    """Set once robots.txt was read, or cannot be read."""

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        # Scrapy would set an attribute for each argument.
        super().__init__(name)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawler, with the context of its run."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        arguments = Arguments.parse(kwargs, cls.argument_names)
        site = cls.site_of(arguments, crawler.settings)
        spider.context = RunContext.create(
            spider.name, site, kwargs, crawler, names=cls.argument_names
        )
        spider.robots_known = asyncio.Event()
        spider.allowed_domains = spider.context.addresses.host_names()
        crawler.signals.connect(spider.robots_parsed, signals.robots_parsed)
        return spider

    @classmethod
    def site_of(cls, arguments: Arguments, settings: BaseSettings) -> Site:  # noqa: ARG003 - of subclasses
        """Return the site that a run with these arguments crawls.

        Raises:
            ArgumentError: the arguments do not name one.
        """
        return cls.site

    def robots_parsed(self, robotparser: RobotsTxt) -> None:
        """Record the sitemaps that robots.txt lists; each host of the site has one of its own."""
        urls = [*dict.fromkeys([*self.context.discovery.sitemaps, *robotparser.sitemaps])]
        if len(urls) > MAX_SITEMAPS:
            logger.warning(
                "robots.txt lists %d sitemaps: the first %d are read", len(urls), MAX_SITEMAPS
            )
            self.crawler.stats.inc_value(counters.SOURCES_TRUNCATED)
        self.context.discovery.sitemaps = urls[:MAX_SITEMAPS]
        self.robots_known.set()

    def parse_article(
        self, response: TextResponse, depth: int = 0
    ) -> AsyncIterator[Any] | Iterator[Any]:
        """Read an article."""
        raise TypeError(f"{type(self).__name__} does not read articles")

    def article_failed(self, failure: Failure) -> Iterator[Any]:
        """Record why an article was not fetched."""
        raise TypeError(f"{type(self).__name__} does not read articles")

    def article_requests(
        self,
        urls: Iterable[str],
        channel: str,
        depth: int = 0,
        *,
        change_markers: Mapping[str, int] | None = None,
        day: str | None = None,
    ) -> Iterator[Request]:
        """Yield requests for those of `urls` that this run has not requested yet.

        `depth` is the number of Related Posts followed in a row, `change_markers` maps
        canonical URLs to the change markers of the channel. `day` is the day of publication that
        a list states; that of the address comes first.
        """
        for url in urls:
            address = self.context.addresses.understand(url)
            if address.kind not in {Kind.ARTICLE, Kind.PAGE}:
                logger.warning(
                    "Not requested (%s, not an article): %s", address.kind.value, address.url
                )
                self.crawler.stats.inc_value(f"{counters.NOT_ASKED}{address.kind.value}")
                continue
            if channel == RELATED and not self._may_follow(address.url):
                continue
            change_marker = change_markers.get(address.url) if change_markers else None
            if self.context.discovery.add(address.url, channel, change_marker):
                request = self.article_request(address.url, depth)
                request.meta["channels"] = bits(channel)
                if self.context.arguments.order == OLDEST:
                    request.priority = reading_order.oldest_first(address.day or day)
                if change_marker is not None:
                    request.meta["change_markers"] = {CHANGE_MARKERS[channel]: change_marker}
                yield request

    def _may_follow(self, url: str) -> bool:
        """Return whether a Related Post is requested; count it if there are too many."""
        discovery = self.context.discovery
        most = self.crawler.settings.getint("RELATED_MAX_ADDRESSES")
        if discovery.channels(url) or related.has_room(discovery, most):
            return True
        if not self.crawler.stats.get_value(counters.RELATED_NOT_FOLLOWED):
            logger.warning("Too many Related Posts that no list has: not followed from %s on", url)
        self.crawler.stats.inc_value(counters.RELATED_NOT_FOLLOWED)
        return False

    def article_request(self, url: str, depth: int = 0) -> Request:
        """Return the request for an article at a canonical `url`.

        Scrapy's duplicate filter is used for articles only, where it catches redirects to
        known ones; a source that redirects to an article must not mark it as seen.
        """
        callback: Any = self.parse_article
        return Request(
            self.context.addresses.fetchable(url),
            callback,
            errback=self.article_failed,
            cb_kwargs={"depth": depth} if depth else None,
            meta={"article": url},
        )
