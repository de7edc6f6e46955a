"""Why a request failed, as far as it decides what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.ledger.errors import HostPausedError
from newscrawl.middlewares.addresses import RefusedConnectionError
from newscrawl.middlewares.blocked import BlockedError
from newscrawl.middlewares.hosts import AnotherSiteError
from newscrawl.middlewares.page_text import PageBoundError
from newscrawl.middlewares.rate_limits import asks_to_wait
from newscrawl.middlewares.robots_unavailable import RobotsUnavailableError
from newscrawl.outcomes.task import RefusedRequest
from newscrawl.scrapy_internals import ignored_reason, is_forbidden

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

_REFUSALS = frozenset({400, 401, 403, 404, 405, 410, 451})
"""A site has no feed, sitemap or REST list, or keeps it closed."""


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """Why a request has no usable answer."""

    reason: str
    """A short text in one line."""
    status: int | None = None
    is_forbidden: bool = False
    """Whether robots.txt forbids it, or another of the site's files."""
    moved_to: str | None = None
    """The address on another host that it redirects to."""
    is_answered: bool = False
    """Whether the host has answered at all."""
    is_unreadable: bool = False
    """Whether it was fetched, and exceeds a bound within which pages are read."""
    asks_to_wait: bool = False
    """Whether the site asked to come back later."""
    finish_reason: str | None = None
    """Finish reason of the run, if it cannot continue."""
    response: Response | None = None
    """The answer, if its status is the reason."""

    @classmethod
    def of(cls, failure: Failure) -> SourceFailure:
        """Return the cause of a failed request."""
        return cls.of_error(failure.value)

    @classmethod
    def of_error(cls, error: BaseException | None) -> SourceFailure:
        """Return the cause of a request that failed with an error."""
        if isinstance(error, RobotsUnavailableError):
            return cls(str(error), finish_reason=error.reason)
        if isinstance(error, HostPausedError):
            return cls(f"not sent: {error}", asks_to_wait=True, is_answered=True)
        if isinstance(error, BlockedError):
            return cls(f"blocked {error.kind}", error.response.status, is_answered=True)
        if isinstance(error, HttpError):
            return cls(
                f"HTTP {error.response.status}",
                error.response.status,
                is_answered=True,
                asks_to_wait=asks_to_wait(error.response),
                response=error.response,
            )
        if isinstance(error, AnotherSiteError):
            return cls(str(error), moved_to=error.url, is_answered=True)
        if isinstance(error, RefusedRequest):
            return cls(error.outcome.reason, is_forbidden=True)
        if isinstance(error, RefusedConnectionError):
            return cls(str(error))
        if isinstance(error, PageBoundError):
            return cls(str(error), is_answered=True, is_unreadable=True)
        if isinstance(error, IgnoreRequest):
            return cls(
                ignored_reason(error) or "ignored",
                is_forbidden=is_forbidden(error),
                is_answered=not is_forbidden(error),
            )
        text = " ".join(str(error).split())[:200]
        name = type(error).__name__
        return cls(f"{name}: {text}" if text else name)

    @classmethod
    def unreadable(cls, reason: str) -> SourceFailure:
        """Return the failure of an answer that is not what was asked for."""
        return cls(reason, 200, is_answered=True)

    @property
    def text(self) -> str:
        """The reason, with the whole address that it leads to on another host."""
        if self.moved_to is None:
            return self.reason
        return f"{self.reason.rpartition(': ')[0]}: {self.moved_to}"

    @property
    def is_missing(self) -> bool:
        """Whether the site says that the page does not exist."""
        return self.status in {404, 410}

    @property
    def is_refusal(self) -> bool:
        """Whether the site does not offer this."""
        return self.is_forbidden or self.status in _REFUSALS
