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


@dataclass(slots=True)
class Dates:
    """Publication and modification, and what comes with them."""

    published: ParsedDate | None = None
    modified: ParsedDate | None = None
    flags: list[str] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)


def _utc(moment: datetime) -> ParsedDate:
    raw = moment.astimezone(UTC).isoformat(timespec="seconds")
    value = moment.astimezone(ROME).isoformat(timespec="seconds")
    return ParsedDate(raw, value, "second", "jsonld")


def _naive(moment: datetime) -> ParsedDate:
    # The text has no offset: an hour that comes twice is read as the first.
    value = moment.replace(fold=0).isoformat(timespec="seconds")
    return ParsedDate(f"{moment:%Y-%m-%d %H:%M:%S}", value, "second", "jsonld")


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
        found.modified = again
    elif shown and _is_later(shown, found.published, switches):
        found.modified = shown
    return found


def _published(post: Post, switches: Switches, shown: ParsedDate | None) -> ParsedDate | None:
    """Return the publication where no date with an offset is stated."""
    if switches.metadata == "jnews":
        return _naive(post.published)
    if switches.permalinks == "named":
        return shown or None
    raw = f"{post.published:%Y/%m/%d}"
    day = raw.replace("/", "-")
    # A visible time on the day in the address is the hour of publication.
    if switches.visible_date == "custom" and shown and shown.day == day:
        return shown
    return ParsedDate(raw, day, "day", "url")


def _is_later(shown: ParsedDate, published: ParsedDate, switches: Switches) -> bool:
    """Tell whether the visible date must be that of a change."""
    absolute = switches.visible_date != "ago"
    return absolute and published.source != "visible" and shown.day > published.value[:10]
