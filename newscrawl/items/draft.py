"""An article as a page class read it: everything final but its dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.items.article import Article


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """What one source states about a date, exactly as written."""

    field: str
    """`published` or `modified`; `shown` for a visible date that may be either."""
    source: str
    """`jsonld`, `meta`, `url`, `visible` or `rest`."""
    raw: str
    is_utc: bool = False
    """Whether a time without an offset is in UTC; otherwise it is local time of the site."""


@dataclass(slots=True)
class Draft:
    """What a page class returns to the pipelines.

    Dates in `article` (of Related Posts) are still raw text, and its own dates are
    not set: `newscrawl.extraction.dating.resolve_dates` decides them from `dates`.
    """

    article: Article
    dates: list[DateCandidate] = field(default_factory=list)
    ignored_statements: list[str] = field(default_factory=list)
    """The source of each statement on rights that the page makes and `rights` does not have."""
    licence_documents: list[tuple[str, str]] = field(default_factory=list)
    """Addresses of RSL documents that the page names, each with its source."""
    timezone: str = field(kw_only=True)
    """IANA name of the zone of dates that state no offset, and of the article's."""
    language: str = field(default="it", kw_only=True)
    """Language in which dates are shown: BCP 47 primary subtag."""
    shown_date: str = field(default="", kw_only=True)
    """What the site's definition says that a `shown` date is: `published`, `modified`, or empty."""


@dataclass(frozen=True, slots=True)
class MissingPage:
    """An article's address that answered 404 or 410."""

    url: str
    """Canonical."""
    was_missing: bool = False
    """Whether it did so the last time too: only then is it requested after all else."""


@dataclass(frozen=True, slots=True)
class UnchangedPage:
    """An article's address that answered 304: its page has not changed."""

    url: str
    """Canonical."""
