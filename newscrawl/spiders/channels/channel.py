"""What a channel is: it requests sources and turns their answers into articles and sources."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from newscrawl.discovery.reading_order import BEFORE_RIGHTS, LAST
from newscrawl.outcomes import counters
from newscrawl.outcomes.outcome import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import TextResponse
    from scrapy.statscollectors import StatsCollector

    from newscrawl.browser import WaitCondition
    from newscrawl.context import RunContext
    from newscrawl.items.draft import Draft
    from newscrawl.spiders.source_failure import SourceFailure

logger = logging.getLogger("newscrawl.spider")
# Sources come first: an article is read with all the channels that list it.
BEFORE_ALL, HOME, SOURCE, ARCHIVE, AFTER_ARTICLES = 300, 200, 150, 100, LAST
TERMS = BEFORE_RIGHTS + 1
"""Priorities of sources; articles have 0, or less where the oldest come first. Each worker sends
for itself what comes before all; `TERMS` has what states rights, where they are respected."""
_OK = 200
READ = Outcome(Kind.READ, "read")


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """A source to be requested by a channel."""

    url: str
    state: dict[str, Any] = field(default_factory=dict)
    """What `Channel.read` gets back: plain data that JSON can represent."""
    priority: int = SOURCE
    headers: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    """Body of a POST request, URL-encoded; None for GET."""
    identity: str = ""
    """What distinguishes it from others with the same address."""
    is_page: bool = False
    """Whether a block page in its place counts as a page of the site."""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article that a source lists."""

    url: str
    """As linked; canonical if it has a change marker."""
    change_marker: int | None = None
    is_wanted: bool = True
    """Whether it is requested if it is new; otherwise only a change of a known one counts."""
    day: str | None = None
    """ISO date of its publication, as far as the list says; None if it does not."""


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A post that a list of records holds, and that is not written."""

    url: str
    """Canonical."""
    article_id: str | None
    """None if it was not read."""
    outcome: Outcome


@dataclass(slots=True)
class Reading:
    """What a channel has read from one answer."""

    articles: list[ListedArticle] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    """Articles that the answer itself holds."""
    posts: list[ListedPost] = field(default_factory=list)
    """Those that it holds and that are not written."""
    reads_pages: bool = False
    """Whether the run goes on by pages, as what was to replace them cannot be read."""
    requests: list[SourceRequest] = field(default_factory=list)
    outcome: Outcome = READ
    is_unchanged: bool = False
    """Whether the answer says that nothing has changed, and lists nothing for that reason."""
    is_kept: bool = False
    """Whether the source stays in the ledger, to be read on by a later run."""
    archives: dict[str, str] | None = None
    """Section to archive address, once the menu was read: then all other channels start."""

    @property
    def size(self) -> int:
        """How many articles the answer lists or holds."""
        return len(self.articles) + len(self.drafts) + len(self.posts)


class Channel(ABC):
    """One kind of source. A subclass is all that a channel needs besides its row."""

    name: ClassVar[str]
    """Name in `newscrawl.items.channel_table.TABLE`."""

    def __init__(self, context: RunContext, crawler: Crawler) -> None:
        self._context = context
        self._crawler = crawler
        self._settings = crawler.settings

    @property
    def _stats(self) -> StatsCollector:
        # A crawler has them from the start of its crawl only.
        return self._crawler.stats

    @abstractmethod
    def start(self, archives: Mapping[str, str]) -> Iterator[SourceRequest]:
        """Yield the requests with which the channel begins, once the archives are known.

        `archives` maps sections to archive addresses in the menu.
        """

    @abstractmethod
    def read(self, response: TextResponse, state: dict[str, Any], gap: str | None) -> Reading:
        """Return what an answer says.

        Args:
            response: the answer, after redirects; opened in the browser where that is needed.
            state: that of the request.
            gap: why the list in `response` is incomplete; None if it is whole.
        """

    async def answer(
        self, response: TextResponse, state: dict[str, Any], gap: str | None
    ) -> Reading:
        """Return what an answer says, after downloading what it refers to: by default nothing."""
        return self.read(response, state, gap)

    @abstractmethod
    def failed(self, failure: SourceFailure, state: dict[str, Any]) -> Reading:
        """Return what follows from a source that could not be read."""

    def wait_condition(
        self, response: TextResponse, state: dict[str, Any]
    ) -> tuple[str | None, WaitCondition] | None:
        """Return what shows that scripts load the list, and when it is there; None to read it."""
        return None

    def source_url(self, carrier: Request | TextResponse, state: dict[str, Any]) -> str:
        """Return the address that names the source of a request or an answer in the run report.

        The requests of one list, such as the pages of an archive, share it.
        """
        return str(state.get("url") or self._context.addresses.canonical(carrier.url))

    # --- What channels have in common -------------------------------------------------------

    def _count(self, key: str, number: int = 1) -> None:
        self._stats.inc_value(key, number)

    def _note_newest(self, published: datetime | None) -> None:
        """Record the latest publication that the site itself lists."""
        if published is not None:
            self._stats.max_value(counters.SITE_NEWEST, int(published.timestamp()))

    @property
    def _is_whole_site(self) -> bool:
        return self._context.scope.section is None

    @property
    def _requests_new(self) -> bool:
        """Whether new articles that a source of the whole site lists are requested."""
        return self._is_whole_site and self._context.arguments.pages is None

    def _not_read(self, url: str, failure: SourceFailure, *, is_optional: bool = False) -> Reading:
        """Log and count a source that was not read, or that the site does not offer.

        With `is_optional`, that is so too where something else came in its place.
        """
        logger.info("Source not read: %s: %s", url, failure.reason)
        if failure.is_refusal or (is_optional and failure.status == _OK):
            self._count(counters.SOURCES_NONE)
        else:
            self._count(counters.SOURCES_UNREADABLE)
            note_failure(self._stats, f"{self.name}: {failure.reason}")
        return Reading(outcome=Outcome.failed(failure.reason))


def note_failure(stats: StatsCollector, text: str) -> None:
    """Record why something was not read, for the message about the run's end."""
    texts: list[str] = stats.get_value(counters.FIRST_FAILURES, [])
    if text not in texts and len(texts) < 5:
        stats.set_value(counters.FIRST_FAILURES, [*texts, text])
