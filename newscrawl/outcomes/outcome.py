"""How the reading of one address can end, and whether it is read again.

See decision 83 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """What became of an address."""

    WRITTEN = "written"
    """A line was written."""
    NOT_IN_DUMP = "not_kept"
    """Read and exported, but not to the run's dump: read again by the next run."""
    UNCHANGED = "unchanged"
    """Read; the series has this revision already."""
    READ = "read"
    """A source was read."""
    EXCLUDED = "excluded"
    """A rule of the run leaves it out: robots.txt, its days, its section."""
    NOT_ARTICLE = "not_article"
    """It answered with a page that is not an article, now."""
    REJECTED = "rejected"
    """It answered with an article that has no headline, address or text, now."""
    OTHER_ARTICLE = "other_article"
    """It answered with the page of another article, now."""
    WITHHELD = "withheld"
    """It was read, and is not kept: its publisher reserves it, and the run respects that."""
    TRUNCATED = "truncated"
    """It was read, but not to its end."""
    MISSING = "missing"
    """It answered 404 or 410."""
    GONE = "gone"
    """The same, and the line that says so was written."""
    BLOCKED = "blocked"
    """It answered with a page that refuses crawlers."""
    FAILED = "failed"
    """It was not read."""


_SUCCESSES = frozenset({Kind.WRITTEN, Kind.UNCHANGED, Kind.READ})
_FAILURES = frozenset({Kind.BLOCKED, Kind.FAILED, Kind.MISSING, Kind.GONE})
_RANKS = {
    # An article whose page is missing, or that was cut off, has been written or is unchanged too.
    Kind.TRUNCATED: 1,
    Kind.MISSING: 1,
    Kind.GONE: 2,
    # What becomes of the other article, or whether a rule leaves it out, says nothing of this one.
    Kind.OTHER_ARTICLE: 2,
    Kind.BLOCKED: 3,
    Kind.FAILED: 4,
}

ROBOTS, RIGHTS, SECTION, OUTSIDE = "robots", "rights", "section", "dates:"
"""Rules that exclude an article; the day of the article follows the last."""
FEED_NOT_READ = "feed_not_read"
"""Reason of an article that is left to a later run, as a feed may state its terms."""
WITHHELD = "withheld: "
"""How the reason begins of an article that was read and is not kept; the use follows."""
OTHER, ALIAS = "other_article: ", "alias: "
"""How the reasons begin that name the article whose page answered: another one, or the article of
the address, whose page names another address as its own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one task, with its reason."""

    kind: Kind
    reason: str = ""
    """What the ledger stores and `scrapy ledger` shows: a short text in one line."""

    @classmethod
    def failed(cls, reason: str) -> Self:
        """Return the outcome of an address that was not read."""
        return cls(Kind.FAILED, reason)

    @classmethod
    def not_article(cls, reason: str) -> Self:
        """Return the outcome of a page that is not an article."""
        return cls(Kind.NOT_ARTICLE, f"not_article: {reason}")

    @classmethod
    def other_article(cls, article: str) -> Self:
        """Return the outcome of an address that answered with the page of another article."""
        return cls(Kind.OTHER_ARTICLE, f"{OTHER}{article}")

    @classmethod
    def withheld(cls, use: str) -> Self:
        """Return the outcome of an article whose publisher reserves a use."""
        return cls(Kind.WITHHELD, f"{WITHHELD}{use}")

    @property
    def is_success(self) -> bool:
        """Whether nothing is left to do until the page changes."""
        return self.kind in _SUCCESSES

    @property
    def is_failure(self) -> bool:
        """Whether the address was not read at all."""
        return self.kind in _FAILURES

    @property
    def is_by_rule(self) -> bool:
        """Whether a rule of the run decided it, and no fault of the page."""
        return self.kind in {Kind.EXCLUDED, Kind.WITHHELD}

    def or_worse(self, other: Outcome | None) -> Outcome:
        """Return this outcome, or an earlier one of the same task that outranks it."""
        if other is None or _RANKS.get(other.kind, 0) <= _RANKS.get(self.kind, 0):
            return self
        return other
