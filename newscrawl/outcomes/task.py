"""One address that a run has set out to read: what is asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem, IgnoreRequest

from newscrawl.outcomes.outcome import Kind, Outcome

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from newscrawl.warc.exchange import Exchange

META = "task"
"""Meta key of a request's task; retries and redirects keep it."""
ARTICLE, SOURCE, LOCAL = range(3)
"""Kinds of tasks: an article; a source, deleted once read; a page that each worker reads first."""


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """The article whose page an address answered with."""

    article: str
    """Its id, as the page states it."""
    url: str
    """The address that its page names as its own, canonical."""


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """What became of an article that a list holds, and that was not requested."""

    url: str
    """Canonical."""
    outcome: Outcome
    article_id: str | None = None
    published: int | None = None
    """Seconds since 1970."""
    modified: int | None = None
    """Likewise."""


@dataclass(slots=True)
class Task:
    """One address to be read, by one request and its retries and redirects."""

    url: str
    """Canonical."""
    kind: int = ARTICLE
    number: int = 0
    """Row of the ledger that is leased for it; 0 without a ledger."""
    channels: int = 0
    """Bit mask of the channels that have found it."""
    tries: int = 0
    """Earlier looks in a row that did not succeed."""
    was_missing: bool = False
    """Whether the last look at an article's address, in whatever run, found no page there."""
    is_conditional: bool = False
    """Whether it asks for the page only if it has changed."""
    is_sent: bool = False
    """Whether it was sent at least once, also if no answer came."""
    status: int | None = None
    """HTTP status of the final response."""
    etag: str | None = None
    last_modified: str | None = None
    article_id: str | None = None
    """Id of the article that the page would show for a password."""
    answered_by: AnsweredBy | None = None
    """The article whose page answered; None before an article was read."""
    alias_of: str | None = None
    """Id of the article of this address, if its page names another address as its own."""
    published: int | None = None
    """When the article was published, seconds since 1970."""
    is_parsed: bool = False
    """Whether the callback has finished."""
    is_kept: bool = False
    """Whether a source that failed stays in the ledger, to be read on by a later run."""
    is_postponed: bool = False
    """Whether the run ended before it was answered: the ledger takes its lease back."""
    outcome: Outcome | None = None
    listed: dict[str, ListedArticle] = field(default_factory=dict)
    """Articles that a source's answer holds itself, by address."""
    exchanges: list[Exchange] = field(default_factory=list)
    """What was served, if it is archived: the page, further pages, the page in the browser."""

    def settle_listed(self, article: ListedArticle) -> None:
        """Record the outcome of an article that the answer holds; the worst of several stays."""
        before = self.listed.get(article.url)
        outcome = article.outcome.or_worse(before.outcome if before else None)
        self.listed[article.url] = replace(article, outcome=outcome)

    def settle(self, outcome: Outcome) -> None:
        """Record an outcome; the worst of several stays."""
        self.outcome = outcome.or_worse(self.outcome)

    def final_outcome(self) -> Outcome:
        """Return the one outcome, once the request has left the engine."""
        if self.outcome is not None:
            return self.outcome
        if self.status is None:
            return Outcome.failed("left the engine without an outcome")
        if self.status in {404, 410}:
            return Outcome(Kind.MISSING, f"HTTP {self.status}")
        if not 200 <= self.status < 300 and self.status != 304:
            return Outcome.failed(f"HTTP {self.status}")
        if not self.is_parsed:
            return Outcome.failed("not read to its end")
        return Outcome(Kind.READ, "read")


def of(carrier: Request | Response | None) -> Task | None:
    """Return the task of a request or a response."""
    try:
        return carrier.meta.get(META) if carrier is not None else None
    except AttributeError:
        # A response without a request.
        return None


def settle(carrier: Request | Response, outcome: Outcome) -> None:
    """Record the outcome of a request or a response, if it has a task."""
    if task := of(carrier):
        task.settle(outcome)


def postpone(request: Request) -> bool:
    """Leave an article due whose request a run that is ending does not send; return whether.

    What becomes of a source is decided by its channel.
    """
    task = of(request)
    if task is None or task.kind != ARTICLE:
        return False
    task.is_postponed = True
    request.errback = None
    return True


class RefusedRequest(IgnoreRequest):
    """A request that a rule does not allow, with the outcome of its page."""

    def __init__(self, text: str, outcome: Outcome) -> None:
        super().__init__(text)
        self.outcome = outcome


class DroppedArticle(DropItem):
    """An article that is not written, with the outcome of its page."""

    def __init__(
        self,
        text: str,
        outcome: Outcome,
        published: int | None = None,
        *,
        log_level: str | None = "DEBUG",
    ) -> None:
        super().__init__(text, log_level=log_level)
        self.outcome = outcome
        self.published = published
        """Seconds since 1970."""
