"""How much a run has still to read: how many articles, how many requests, how long.

See decision 136 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.formatting import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PER_LIST = 100
"""Posts of a REST request."""
_LISTS_PER_PART = 2
"""Requests for so many posts: one for the posts, one for their pictures."""


@dataclass(slots=True)
class Backfill:
    """What a run knows of its size; other parts of the run fill it."""

    is_shown: bool = False
    """Whether the run shows how much it has to read."""
    is_counted: bool = False
    """Whether REST is asked for the total."""
    total: int | None = None
    """Posts of the run's section and days that REST counts, protected ones included."""
    is_awaited: bool = False
    """Whether the first part of REST's list, which states the total, is still to be answered."""
    problem: str = ""
    """Why REST has not given the total; empty if it has, or was not asked."""
    written: int = 0
    """Of those, articles that were written before the run."""
    listeners: list[Callable[[], None]] = field(default_factory=list)
    """Called once the total is known."""
    print_above: Callable[[str], object] | None = None
    """Prints a line above what else is on the terminal; None to print it on the stream."""

    def set_total(self, total: int) -> None:
        """Record what REST counts."""
        self.total, self.is_awaited = total, False
        for listener in self.listeners:
            listener()


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run has done and what is waiting, at one moment."""

    settled: int = 0
    """Articles that the run has read, or that cannot be read in it."""
    articles: int | None = None
    """Articles that are waiting or in progress; None if they are not counted yet."""
    sources: int = 0
    """Lists of articles that are waiting."""
    seconds_per_request: float = 0.0
    """The present pace."""
    channels: Sequence[str] = ()
    """Channels that have listed articles."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much a run has still to read."""

    articles: int | None
    """None if it is not known."""
    source: str
    """What says so."""
    requests: int | None
    seconds: float | None
    is_least: bool = False
    """Whether more articles may come: lists are still to be read."""
    is_least_requests: bool = False
    """The same of the requests."""
    seconds_per_request: float = 0.0

    def text(self) -> str:
        """Return the estimate as one line.

        >>> Estimate(153, "REST", 170, 187, is_least_requests=True, seconds_per_request=1.1).text()
        '153 articles to read (REST), at least 170 requests, 3 min 7 s at 1.10 s a request'
        >>> Estimate(None, "REST: HTTP 403", None, None).text()
        'how many articles there are to read is unknown (REST: HTTP 403)'
        """
        source = f" ({self.source})" if self.source else ""
        if self.articles is None or self.requests is None:
            return f"how many articles there are to read is unknown{source}"
        noun = "article" if self.articles == 1 else "articles"
        text = f"{_least(self.is_least)}{self.articles:,} {noun} to read{source}"
        requests = "request" if self.requests == 1 else "requests"
        text += f", {_least(self.is_least_requests)}{self.requests:,} {requests}"
        if self.seconds is None:
            return f"{text}, duration unknown"
        pace = f"{self.seconds_per_request:.2f}"
        return f"{text}, {duration(self.seconds)} at {pace} s a request"

    def short(self) -> str:
        """Return the estimate for the progress line, without the time.

        >>> Estimate(153, "REST", 170, 187, is_least_requests=True).short()
        '153 to read  170+ requests'
        """
        if self.articles is None or self.requests is None:
            return "to read: unknown"
        more = "+" if self.is_least_requests else ""
        return (
            f"{self.articles:,}{'+' if self.is_least else ''} to read  "
            f"{self.requests:,}{more} requests"
        )


def estimate(backfill: Backfill, progress: Progress, *, by_page: bool) -> Estimate:
    """Return how much a run has still to read.

    By REST's total where that is known, else by what the run has found so far.

    >>> backfill = Backfill(total=200, written=40)
    >>> estimate(backfill, Progress(settled=10), by_page=True).articles
    150
    """
    has_total = backfill.total is not None
    if backfill.total is not None:
        articles: int | None = max(0, backfill.total - backfill.written - progress.settled)
        source = "REST"
    else:
        articles, source = progress.articles, _found_by(progress.channels, backfill.problem)
    if articles is None:
        return Estimate(None, source, None, None)
    # Articles that no list of the run has led to yet take further lists.
    is_open = progress.sources > 0 or (progress.articles or 0) < articles
    if by_page:
        requests = articles + progress.sources
    else:
        requests = -(-articles // PER_LIST) * _LISTS_PER_PART
    pace = progress.seconds_per_request
    return Estimate(
        articles,
        source,
        requests,
        requests * pace if pace else None,
        is_least=not has_total and is_open,
        is_least_requests=is_open or not by_page,
        seconds_per_request=pace,
    )


def _found_by(channels: Sequence[str], problem: str) -> str:
    """Return what the run knows its articles from, and why not from REST."""
    found = f"found so far by {', '.join(channels)}" if channels else "found so far"
    return f"{found}; {problem}" if problem else found


def _least(is_least: bool) -> str:  # noqa: FBT001 - a word or none
    return "at least " if is_least else ""
