"""URLs on their way into the ledger and out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ARTICLE, SOURCE, GATE = range(3)
"""Kinds: an article; a source, forgotten once read; what each worker reads before all else."""

OUTSIDE = "dates:"
"""Result of an article outside a run's span of days; its day follows."""
SECTION = "section"
"""Result of an article that is none of the section, as far as its page tells."""


@dataclass(frozen=True, slots=True)
class Found:
    """A URL that was come across."""

    url: str
    kind: int
    key: int
    rank: int = 0
    channels: int = 0
    hops: int = 0
    found_on: int | None = None
    request: str | None = None
    signals: Mapping[str, int] = field(default_factory=dict)
    """What a source tells of the article: `card`, `feed`, `lastmod`."""
    again: bool = False
    """Whether it is to be fetched also if it is known."""
    only_known: bool = False
    """Whether it is to be noted only if it is known."""
    seed: bool = False
    """Whether a crawl begins with it: workers that share one ask for it once."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A URL that this run is to fetch now."""

    id: int
    url: str
    kind: int
    rank: int
    channels: int
    hops: int
    tries: int
    request: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a leased URL."""

    id: int
    kind: int
    state: int
    result: str | None = None
    status: int | None = None
    due: int | None = None
    etag: str | None = None
    last_modified: str | None = None
