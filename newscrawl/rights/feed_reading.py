"""What one reading of a feed says about rights."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items import Signal


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What a feed states of each article that it lists."""

    feed: int
    """Key of its canonical address."""
    signals: dict[int, list[Signal]] = field(default_factory=dict)
    """By the key of the article's canonical address; empty for one without terms."""
    is_unread: bool = False
    """Whether it could not be read now, so that what it states is not known."""
