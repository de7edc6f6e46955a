"""What goes from a run to its ledger at once, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.frontier import Source
    from newscrawl.ledger.readings import Claim
    from newscrawl.ledger.rows import Found, Settled
    from newscrawl.ledger.runs import Recovered


@dataclass(slots=True)
class Batch:
    """What is made durable together."""

    settled: list[Settled] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    tops: dict[str, list[int]] = field(default_factory=dict)
    sources: dict[int, Source] = field(default_factory=dict)
    length: int | None = None
    """Length of the dump in bytes; None when it has not grown."""
    file: int | None = None
    """Its file descriptor."""
    lease: int = 0
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that has begun, and what was found of those before."""

    recovered: Recovered
    tops: dict[str, list[int]]
    sources: dict[int, Source]
    revived: int


@dataclass(frozen=True, slots=True)
class Ended:
    """What a series holds when a run is over."""

    dumps: list[str]
    """Complete dumps, the run's own not among them, oldest first."""
    lines: int
    """How many lines they have."""
