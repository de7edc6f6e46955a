"""What a faultless reader knows of a post's dates, under the switches."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.items import Disagreement
from twin import dating
from twin.dating import ROME, UTC, ParsedDate

if TYPE_CHECKING:
    from datetime import datetime

    from twin.model import Post, Switches


@dataclass(frozen=True, slots=True)
class Known:
    """One date: value, precision, raw text and source."""

    value: str
    precision: str
    raw: str
    source: str


@dataclass(slots=True)
class Dates:
    """Publication and modification, and what comes with them."""

    published: Known | None = None
    modified: Known | None = None
    flags: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)


def _utc(moment: datetime) -> Known:
    raw = moment.astimezone(UTC).isoformat(timespec="seconds")
    value = moment.astimezone(ROME).isoformat(timespec="seconds")
    return Known(value, "second", raw, "jsonld")


def _naive(moment: datetime) -> Known:
    # The text has no offset: an hour that comes twice is read as the first.
    value = moment.replace(fold=0).isoformat(timespec="seconds")
    return Known(value, "second", f"{moment:%Y-%m-%d %H:%M:%S}", "jsonld")


def _visible(line: ParsedDate) -> Known:
    return Known(line.value, line.precision, line.raw, "visible")


def dates(post: Post, switches: Switches, *, fetched_at: datetime, now: datetime) -> Dates:
    """Return the dates of a post; `now` is the site's clock, `fetched_at` the reader's."""
    if switches.metadata in ("yoast", "both"):
        found = Dates(_utc(post.published), _utc(post.modified))
        naive = _naive(post.published).value
        if switches.metadata == "both" and found.published and naive != found.published.value:
            found.disagreements.append(Disagreement("date_published", "jsonld", naive))
        return found
    shown: ParsedDate | None = None
    again: ParsedDate | None = None
    # The other layout has no place for a date that a reader could trust.
    if switches.layout == "jnews":
        shown, again = dating.read(post, switches, printed=now, fetched=fetched_at)
    found = Dates(_published(post, switches, shown))
    if found.published is None:
        return found
    if found.published.source != "jsonld":
        found.flags.append(f"date_from_{found.published.source}")
    if again:
        found.modified = _visible(again)
    elif shown and _is_later(shown, found.published, switches):
        found.modified = _visible(shown)
    return found


def _published(post: Post, switches: Switches, shown: ParsedDate | None) -> Known | None:
    """Return the publication where no date with an offset is stated."""
    if switches.metadata == "jnews":
        return _naive(post.published)
    if switches.permalinks == "named":
        return _visible(shown) if shown else None
    raw = f"{post.published:%Y/%m/%d}"
    day = raw.replace("/", "-")
    # A visible time on the day in the address is the hour of publication.
    if switches.visible_date == "custom" and shown and shown.day == day:
        return _visible(shown)
    return Known(day, "day", raw, "url")


def _is_later(shown: ParsedDate, published: Known, switches: Switches) -> bool:
    """Tell whether the visible date must be that of a change."""
    absolute = switches.visible_date != "ago"
    return absolute and published.source != "visible" and shown.day > published.value[:10]
