"""Resolves an article's dates from all that its page states. See decision 3 in docs/decisions.md.

Facts behind the rules (JNews 11.6.10 and its plugins, Yoast): Yoast writes UTC; the
theme's own JSON-LD writes `datePublished` in naive local time and `dateModified` in naive
GMT; the visible date is by default that of the last modification if that was on a later day.
"""

from __future__ import annotations

import datetime as dt
import re
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from newscrawl import dates
from newscrawl.items import Article, Dateline, Disagreement
from newscrawl.text import fold

if TYPE_CHECKING:
    from newscrawl.dates import ItalianDate
    from newscrawl.items.draft import DateCandidate, Draft

_FIRST_YEAR = 1990
# A plus that was decoded as a space, as in a query: "2026-11-20T08:00:00 01:00".
_LOST_PLUS = re.compile(r"(\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) (\d\d:?\d\d)\Z")
# RFC 3339, section 5.6, and how far offsets go: 14 hours east, 12 hours west.
_OFFSET = re.compile(r"\s*\d{4}-?\d\d-?\d\d[Tt ]\d\d:?[\d:.]*\s*[+-](\d\d):?(\d\d)\s*\Z")
_WIDEST_OFFSET = 14 * 60


class _DateParser:
    """Parses the dates of one page; each text is parsed once, however often the page repeats it."""

    def __init__(self, fetched_at: datetime, zone: ZoneInfo, language: str) -> None:
        self.fetched_at = fetched_at
        self.zone = zone
        self._language = language
        self._latest = fetched_at + timedelta(days=1)
        self._parsed: dict[str, ItalianDate | None] = {}
        self.stated: dict[tuple[str, str, bool], _ParsedDate | None] = {}
        """What the page's metadata state, by source and text."""

    def parse(self, text: str) -> ItalianDate | None:
        """Return the date in `text` if it is plausible; relative dates count from the fetch."""
        if text not in self._parsed:
            date = dates.parse(
                text, reference=self.fetched_at, timezone=self.zone, language=self._language
            )
            if date and (_has_impossible_offset(text) or not self._is_plausible(date.value)):
                date = None
            self._parsed[text] = date
            return date
        return self._parsed[text]

    def _is_plausible(self, value: dt.date | datetime) -> bool:
        """Return whether a page can have been published at `value`."""
        if value.year < _FIRST_YEAR:
            return False
        if isinstance(value, datetime):
            return value <= self._latest
        return value <= self._latest.date()


class _ParsedDate(NamedTuple):
    source: str
    raw: str
    date: ItalianDate

    @property
    def day(self) -> dt.date:
        value = self.date.value
        return value.date() if isinstance(value, datetime) else value

    @property
    def end_of_day(self) -> datetime:
        """Last moment of the day, from which a dateline without a year counts back."""
        return datetime.combine(self.day, time.max, tzinfo=UTC)

    @property
    def has_time(self) -> bool:
        return isinstance(self.date.value, datetime)


def _has_impossible_offset(text: str) -> bool:
    """Return whether a machine's date ends in an offset that no zone has: what wrote it is broken.

    >>> _has_impossible_offset("2026-11-20T08:00:00+99:99")
    True
    >>> _has_impossible_offset("2026-11-20T08:00:00+01:00")
    False
    """
    if not (match := _OFFSET.match(text)):
        return False
    hours, minutes = int(match[1]), int(match[2])
    return minutes >= 60 or 60 * hours + minutes > _WIDEST_OFFSET


def resolve_dates(draft: Draft) -> Article:
    """Return the draft's article with its dates, dateline and Related Posts' dates resolved.

    Relative dates count from the article's `fetched_at`. Dates before 1990 or more than a
    day after it are ignored.

    Raises:
        ValueError: the article has no `fetched_at`.
    """
    article = draft.article
    if article.fetched_at is None:
        raise ValueError("resolving dates needs the article's fetched_at")
    fetched_at, zone = datetime.fromisoformat(article.fetched_at), ZoneInfo(draft.timezone)
    parser = _DateParser(fetched_at, zone, draft.language)
    published, modified = _metadata_dates(draft.dates, parser)
    shown, updated, mismatch = _visible_dates(draft.dates, parser)
    if mismatch:
        article.flags.append("weekday_mismatch")
    is_change = draft.shown_date == "modified" and updated is None
    chosen = _choose(published, None if is_change else shown)
    if chosen is not None:
        _set(article, "published", chosen)
        if chosen.source in {"url", "visible"}:
            article.flags.append(f"date_from_{chosen.source}")
        _add_disagreements(article, chosen, published)
    latest = modified[0] if modified else updated
    if latest is None and draft.shown_date != "published":
        latest = shown if is_change else _later(shown, chosen)
    if latest is not None:
        _set(article, "modified", latest)
    _set_dateline(article, chosen.end_of_day if chosen else parser.fetched_at, parser.zone)
    for post in article.related:
        if post.date_published is not None:
            date = parser.parse(post.date_published)
            post.date_published = date.isoformat() if date else None
    article.flags = sorted(set(article.flags))
    return article


def _metadata_dates(
    candidates: list[DateCandidate], parser: _DateParser
) -> tuple[list[_ParsedDate], list[_ParsedDate]]:
    """Return the dates of publication and of modification, the most reliable first."""
    published: list[tuple[int, _ParsedDate]] = []
    modified: list[_ParsedDate] = []
    for candidate in candidates:
        if candidate.field == "shown":
            continue
        key = candidate.source, candidate.raw, candidate.is_utc
        if key not in parser.stated:
            parser.stated[key] = _parse(*key[:2], parser, is_utc=candidate.is_utc)
        parsed = parser.stated[key]
        if parsed is None:
            continue
        aware = parsed.date.has_zone
        if candidate.field == "modified" and not aware:
            continue
        if candidate.field == "modified":
            modified.append(parsed)
        else:
            published.append((2 if candidate.source == "url" else 0 if aware else 1, parsed))
    published.sort(key=lambda entry: entry[0])
    return [parsed for _, parsed in published], modified


def _visible_dates(
    candidates: list[DateCandidate], parser: _DateParser
) -> tuple[_ParsedDate | None, _ParsedDate | None, bool]:
    """Return the visible date, the visible date of an update, and whether a weekday is wrong."""
    for candidate in candidates:
        if candidate.field == "shown":
            first, second = dates.split_updated(candidate.raw)
            shown = _parse(candidate.source, first, parser)
            updated = _parse(candidate.source, second, parser) if second else None
            if second and shown and updated is None:
                updated = _later_that_day(second, shown, parser)
            return shown, updated, bool(shown and shown.date.weekday_mismatch)
    return None, None, False


def _machine_date(text: str) -> str:
    """Return seconds or milliseconds since 1970 in metadata as ISO 8601, other texts as they are.

    >>> _machine_date("1795158000"), _machine_date("20261120080000")
    ('2026-11-20T07:00:00+00:00', '20261120080000')
    """
    if not text.isascii() or not text.isdecimal():
        return text
    seconds = {10: 1, 13: 1000}.get(len(text))
    return datetime.fromtimestamp(int(text) // seconds, UTC).isoformat() if seconds else text


def _later_that_day(raw: str, shown: _ParsedDate, parser: _DateParser) -> _ParsedDate | None:
    """Return the update of which only the hour is shown: "20 novembre, aggiornato alle 10:30"."""
    date = parser.parse(f"{shown.day:%d/%m/%Y} {raw}")
    if date is None or date.precision == "day":
        return None
    return _ParsedDate(shown.source, fold(raw), date)


def _parse(
    source: str, raw: str, parser: _DateParser, *, is_utc: bool = False
) -> _ParsedDate | None:
    text = raw.replace("/", "-") if source == "url" else raw
    if is_utc:
        text = f"{raw}Z"
    if source in {"jsonld", "meta"}:
        text = text.strip()
        if "%" in text or " " in text:
            text = _LOST_PLUS.sub(r"\1+\2", text.replace("%2B", "+").replace("%3A", ":"))
        text = _machine_date(text)
    date = parser.parse(text)
    return None if date is None else _ParsedDate(source, fold(raw), date)


def _choose(published: list[_ParsedDate], shown: _ParsedDate | None) -> _ParsedDate | None:
    best = published[0] if published else None
    if best is None:
        return shown
    # A visible time on the address's own day is the hour of publication: the theme
    # shows the modified date only when its day is later.
    if best.source != "url" or shown is None or dates.is_relative(shown.raw):
        return best
    return shown if shown.has_time and shown.day == best.day else best


def _later(shown: _ParsedDate | None, published: _ParsedDate | None) -> _ParsedDate | None:
    if shown is None or published is None or published is shown:
        return None
    if dates.is_relative(shown.raw) or shown.day <= published.day:
        return None
    return shown


def _set(article: Article, event: str, parsed: _ParsedDate) -> None:
    name = f"date_{event}"
    setattr(article, name, parsed.date.isoformat())
    setattr(article, f"{name}_precision", parsed.date.precision)
    setattr(article, f"{name}_raw", parsed.raw)
    setattr(article, f"{name}_source", parsed.source)
    article.provenance[name] = parsed.source


def _add_disagreements(article: Article, chosen: _ParsedDate, published: list[_ParsedDate]) -> None:
    for other in published:
        if other is chosen:
            continue
        if _differs(other, chosen):
            value = other.date.isoformat()
            article.disagreements.append(Disagreement("date_published", other.source, value))
            if other.source == "url":
                article.flags.append("date_disagreement")


def _differs(parsed: _ParsedDate, other: _ParsedDate) -> bool:
    """Return whether two dates are on different days or, where both have a time, instants."""
    first, second = parsed.date.value, other.date.value
    if isinstance(first, datetime) and isinstance(second, datetime):
        # In UTC: wall times of one zone compare equal within the repeated hour of a clock change.
        return first.astimezone(UTC) != second.astimezone(UTC)
    return parsed.day != other.day


def _set_dateline(article: Article, reference: datetime, zone: ZoneInfo) -> None:
    opening = next((block.text for block in article.blocks if block.type == "paragraph"), None)
    if not opening:
        return
    dateline = dates.find_dateline(opening, reference=reference, timezone=zone)
    if dateline is not None:
        place, day = dateline
        article.dateline = Dateline(place, day.isoformat())
        article.provenance["dateline"] = "visible"
