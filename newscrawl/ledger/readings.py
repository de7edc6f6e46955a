"""What is read of an article, and what the ledger says of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an article, as far as the ledger compares it."""

    id: str
    url: str
    fetched_at: int
    content_hash: str
    fields: dict[str, str]
    """Field to a short hash of its value."""
    published: int | None = None
    gone: bool = False
    text_key: int | None = None
    """Key of the exact text."""
    sketch: bytes | None = None
    """Signature of the text, for near-duplicates; None of a short one."""
    whole: bool = True
    """False for a page that broke off: it is no evidence of an edit."""


@dataclass(slots=True)
class Verdict:
    """What the ledger says of a reading."""

    write: bool
    revision: int
    first_seen_at: int
    previous_hash: str | None = None
    changed_fields: list[str] = field(default_factory=list)
    duplicate_of: str | None = None
    similarity: float | None = None
    published: int | None = None
    reason: str = ""
    """Why it is not written: `unchanged`, `same_article`, `another_worker`, `truncated`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that a run has promised to write."""

    article: str
    revision: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What is known of an article whose page is not there."""

    id: str
    url: str
    content_hash: str
    missing_since: int | None
    gone: bool
    in_series: bool
    """Whether a line of it stands in the dumps of this series."""
