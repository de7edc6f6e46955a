"""Decides when an article was published and modified, from all that its page states.

Facts behind the rules (JNews 11.6.10 and its plugins, Yoast): Yoast writes UTC; the
theme's own JSON-LD writes `datePublished` in naive local time and `dateModified` in naive
GMT; the visible date is by default that of the last modification when it was on a later day.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newscrawl import dates
from newscrawl.items import Article, Dateline, Disagreement
from newscrawl.text import fold

if TYPE_CHECKING:
    from newscrawl.dates import ItalianDate
    from newscrawl.items.draft import DateCandidate, Draft

_FIRST_YEAR = 1990
_OFFSET = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\Z")
# "ago" is also short for agosto: a number follows it then.
_RELATIVE = re.compile(r"\b(?:ago(?!\.?\s*\d)|fa|oggi|ieri|today|yesterday)\b", re.IGNORECASE)


class _Clock:
    """The time of one fetch; pages state the same dates several times, each is read once."""

    def __init__(self, fetched_at: datetime, zone: ZoneInfo) -> None:
        self.fetched_at = fetched_at
        self.zone = zone
        self._latest = fetched_at + timedelta(days=1)
        self._read: dict[str, ItalianDate | None] = {}

    def read(self, text: str) -> ItalianDate | None:
        """Return what `text` says, counted from the fetch."""
        if text not in self._read:
            self._read[text] = dates.parse(text, reference=self.fetched_at, timezone=self.zone)
        return self._read[text]

    def is_plausible(self, value: dt.date | datetime) -> bool:
        """Return whether a page can have been published then."""
        if value.year < _FIRST_YEAR:
            return False
        if isinstance(value, datetime):
            return value <= self._latest
        return value <= self._latest.date()


@dataclass(frozen=True, slots=True)
class _Reading:
    source: str
    raw: str
    date: ItalianDate

    @property
    def day(self) -> dt.date:
        value = self.date.value
        return value.date() if isinstance(value, datetime) else value

    @property
    def end_of_day(self) -> datetime:
        """The last moment of the day, from which a dateline without a year counts back."""
        return datetime.combine(self.day, time.max, tzinfo=UTC)

    @property
    def has_time(self) -> bool:
        return isinstance(self.date.value, datetime)


def resolve_dates(draft: Draft) -> Article:
    """Return the draft's article with its dates, dateline and Related Posts' dates decided.

    Relative dates count from the article's `fetched_at`. Dates before 1990 or more than a
    day after it are refused.

    Raises:
        ValueError: the article has no `fetched_at`.
    """
    article = draft.article
    if article.fetched_at is None:
        raise ValueError("an article's dates need the time of its fetch")
    clock = _Clock(datetime.fromisoformat(article.fetched_at), ZoneInfo(draft.timezone))
    published, modified = _read(draft.dates, clock)
    shown, updated, mismatch = _shown(draft.dates, clock)
    if mismatch:
        article.flags.append("weekday_mismatch")
    chosen = _choose(published, shown)
    if chosen is not None:
        _set(article, "published", chosen)
        if chosen.source in {"url", "visible"}:
            article.flags.append(f"date_from_{chosen.source}")
        _disagreements(article, chosen, published)
    changed = modified[0] if modified else updated or _later(shown, chosen)
    if changed is not None:
        _set(article, "modified", changed)
    _settle_dateline(article, chosen.end_of_day if chosen else clock.fetched_at, clock.zone)
    for post in article.related:
        if post.date_published is not None:
            shown = _parse("visible", post.date_published, clock)
            post.date_published = shown.date.isoformat() if shown else None
    article.flags = sorted(set(article.flags))
    return article


def is_aware(text: str) -> bool:
    """Return whether an ISO 8601 instant carries its offset.

    >>> is_aware("2020-05-28T07:26:26+00:00"), is_aware("2020-05-28 10:26:26")
    (True, False)
    """
    return ":" in text and bool(_OFFSET.search(text.strip()))


def _read(statements: list[DateCandidate], clock: _Clock) -> tuple[list[_Reading], list[_Reading]]:
    """Return readable statements on publication and on modification, the surest first."""
    published: list[tuple[int, _Reading]] = []
    modified: list[_Reading] = []
    for statement in statements:
        if statement.field == "shown":
            continue
        aware = is_aware(statement.raw)
        if statement.field == "modified" and not aware:
            continue
        reading = _parse(statement.source, statement.raw, clock)
        if reading is None:
            continue
        if statement.field == "modified":
            modified.append(reading)
        else:
            published.append((2 if statement.source == "url" else 0 if aware else 1, reading))
    published.sort(key=lambda entry: entry[0])
    return [reading for _, reading in published], modified


def _shown(
    statements: list[DateCandidate], clock: _Clock
) -> tuple[_Reading | None, _Reading | None, bool]:
    """Return the visible date, the visible date of an update, and whether a weekday is wrong."""
    for statement in statements:
        if statement.field == "shown":
            first, second = dates.split_updated(statement.raw)
            shown = _parse(statement.source, first, clock)
            updated = _parse(statement.source, second, clock) if second else None
            return shown, updated, bool(shown and shown.date.weekday_mismatch)
    return None, None, False


def _parse(source: str, raw: str, clock: _Clock) -> _Reading | None:
    found = clock.read(raw.replace("/", "-") if source == "url" else raw)
    if found is None:
        return None
    reading = _Reading(source, fold(raw), found)
    return reading if clock.is_plausible(found.value) else None


def _choose(published: list[_Reading], shown: _Reading | None) -> _Reading | None:
    best = published[0] if published else None
    if best is None:
        return shown
    # A visible time on the address's own day is the hour of publication: the theme
    # shows the modified date only when its day is later.
    if best.source != "url" or shown is None or _RELATIVE.search(shown.raw):
        return best
    return shown if shown.has_time and shown.day == best.day else best


def _later(shown: _Reading | None, published: _Reading | None) -> _Reading | None:
    if shown is None or published is None or published is shown:
        return None
    if _RELATIVE.search(shown.raw) or shown.day <= published.day:
        return None
    return shown


def _set(article: Article, which: str, reading: _Reading) -> None:
    name = f"date_{which}"
    setattr(article, name, reading.date.isoformat())
    setattr(article, f"{name}_precision", reading.date.precision)
    setattr(article, f"{name}_raw", reading.raw)
    setattr(article, f"{name}_source", reading.source)
    article.provenance[name] = reading.source


def _disagreements(article: Article, chosen: _Reading, published: list[_Reading]) -> None:
    for other in published:
        if other is chosen:
            continue
        if _differs(other, chosen):
            value = other.date.isoformat()
            article.disagreements.append(Disagreement("date_published", other.source, value))
            if other.source == "url":
                article.flags.append("date_disagreement")


def _differs(one: _Reading, other: _Reading) -> bool:
    """Return whether two readings name another day, or another instant where both have a time."""
    first, second = one.date.value, other.date.value
    if isinstance(first, datetime) and isinstance(second, datetime):
        # In UTC: wall times of one zone compare equal within the hour that comes twice.
        return first.astimezone(UTC) != second.astimezone(UTC)
    return one.day != other.day


def _settle_dateline(article: Article, reference: datetime, zone: ZoneInfo) -> None:
    first = next((block.text for block in article.blocks if block.type == "paragraph"), None)
    found = dates.find_dateline(first, reference=reference, timezone=zone) if first else None
    if found is not None:
        place, day = found
        article.dateline = Dateline(place, day.isoformat())
        article.provenance["dateline"] = "visible"
