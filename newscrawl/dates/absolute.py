"""Absolute dates: "28 ottobre 2025", "28/10/2025", "2025-10-28T14:30:00Z"."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dates import clock
from newscrawl.dates.value import FIRST_YEAR, LAST_YEAR, ItalianDate
from newscrawl.dates.words import EVERYDAY_MONTHS, MONTHS, SCAN, WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

_TAIL = 40
"""Characters before a date that are searched for its weekday and time."""
_YEARS_BACK = 6
"""A weekday returns to a day of the year within this many years, except after a leap gap."""
_LEAP_GAP = 8
_CENTURY_PIVOT = 69


class Shape(NamedTuple):
    """Something written like a date, possible or not; positions are in the folded text."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    iso: bool = False
    everyday: bool = False
    """The month's name is also an everyday word, and no year is next to it."""


class DateMatch(NamedTuple):
    """A date and its position in the folded text, its time of day included."""

    start: int
    end: int
    date: ItalianDate


_NUMBER = re.compile(r"[0-9]+")
_NAMED = re.compile(
    # The first day of "10-12 maggio", "10 e 11 maggio", "10 al 12 maggio".
    r"(?: ?[-/] ?[0-9]{1,2}(?=[ °])| (?:e |ed |al |all'|e il |e l')[0-9]{1,2}(?=[ °]))?"
    r"(?: ?°|'|st|nd|rd|th)?[ ./-]{0,2}(?:(?:del mese )?di |of )?(?P<month>[a-z]{3,9})(?![^\W0-9])"
    r"(?:[ ,./(-]{0,3}(?:dell'anno |del |de |')?(?P<year>[0-9]{4,}+)"
    r"|\.?[ ./-]?'?(?P<short>[0-9]{2})(?![0-9%€°]|[.,:/-][0-9]|h ?[0-9]|[a-z]| [%€°]"
    r"| (?!(?:in|alle|ore|h|by|di|da|at)(?![a-z]))[a-z])|\.)?"
)
_NUMERIC = re.compile(
    r"(?P<sep> ?[/.-] ?)(?P<month>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})"
    r"(?![0-9]|[./][0-9]|-[0-9](?![0-9]?[:.][0-9])|(?![th][0-9])[^\W0-9])"
)
_YEAR_FIRST = re.compile(
    r"(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    r"(?![0-9]|[./][0-9]|-[0-9](?![0-9]?[:.][0-9])|(?!t[0-9])[^\W0-9])"
)
_YEAR_NEXT = re.compile(r"(?:st|nd|rd|th)?(?:, ?| )(?P<year>[0-9]{4})(?![0-9])")
_YEAR_LATER = re.compile(r"[ ,]{1,2}(?P<year>[0-9]{4})(?![0-9:.,])")
_COMPACT_END = re.compile(r"(?![.,/:-]?[0-9]|(?!t[0-9])[^\W0-9]| [0-9](?![0-9]?[:.]))")

_NUMBER_LABELS = (
    "tel", "telefono", "cell", "cellulare", "fax", "n", "nr", "num", "numero", "id", "cod",
    "codice", "prot", "protocollo", "ordine", "pratica", "€", "euro", "#",
)  # fmt: skip
_VERSION_LABELS = ("v", "ver", "version", "versione", "release", "rev", "build", "ip")


def shapes(text: str) -> Iterator[Shape]:
    """Yield whatever is written like a date in a folded text, from left to right."""
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start >= SCAN:
            return
        if start and not _begins(text, start):
            continue
        match end - start:
            case 1 | 2:
                shape = _day_first(text, start, end)
            case 4:
                shape = _year_first(text, start, end)
            case 8:
                shape = _compact(text, start, end)
            case _:
                continue
        if shape:
            yield shape


def _begins(text: str, start: int) -> bool:
    """Return whether a number is not the end of a word, a decimal or another number."""
    previous = text[start - 1]
    return not (
        previous.isalnum()
        or previous == "_"
        or (previous in ".,:/-" and text[start - 2 : start - 1].isdigit())
    )


def _day_first(text: str, start: int, end: int) -> Shape | None:
    day = int(text[start:end])
    named = _NAMED.match(text, end)
    if named and (month := MONTHS.get(named["month"])):
        if (full := named["year"]) is not None:
            return Shape(start, named.end(), int(full[:5]), month, day)
        if (short := named["short"]) is not None:
            return Shape(start, named.end(), _century(int(short)), month, day)
        everyday = named["month"] in EVERYDAY_MONTHS
        return Shape(start, named.end(), None, month, day, everyday=everyday)
    if numeric := _NUMERIC.match(text, end):
        return _numeric(text, start, numeric)
    year = _YEAR_NEXT.match(text, end)
    word = _last_word(text[max(0, start - _TAIL) : start]) if year else ""
    if year and (month := MONTHS.get(word)):
        return Shape(text.rindex(word, 0, start), year.end(), int(year["year"]), month, day)
    return None


def _numeric(text: str, start: int, match: re.Match[str]) -> Shape | None:
    day, month, year = text[start : match.start()], match["month"], match["year"]
    if len(year) == 2:
        sep = match["sep"]
        padded = len(day) == len(month) == 2
        # "11.6.10" is a version, "6-4-10" a score; "3/4/25" is a date.
        if not (padded or sep == "/") or " " in sep or _labelled(text, start, _VERSION_LABELS):
            return None
        return Shape(start, match.end(), _century(int(year)), int(month), int(day))
    return Shape(start, match.end(), int(year), int(month), int(day))


def _year_first(text: str, start: int, end: int) -> Shape | None:
    match = _YEAR_FIRST.match(text, end)
    if match is None:
        return None
    year, month, day = int(text[start:end]), int(match["month"]), int(match["day"])
    return Shape(start, match.end(), year, month, day, iso=True)


def _compact(text: str, start: int, end: int) -> Shape | None:
    if not _COMPACT_END.match(text, end) or text[:start].endswith(("+", "-", ".", "/", "€ ")):
        return None
    if _labelled(text, start, _NUMBER_LABELS):
        return None
    month_at, day_at = start + 4, start + 6
    year, month, day = text[start:month_at], text[month_at:day_at], text[day_at:end]
    return Shape(start, end, int(year), int(month), int(day), iso=True)


def _labelled(text: str, start: int, labels: tuple[str, ...]) -> bool:
    return start > 0 and _last_word(text[max(0, start - _TAIL) : start]) in labels


def _last_word(text: str) -> str:
    return text.rstrip(" .,:'°").rpartition(" ")[2].rpartition(":")[2].lstrip("(|-")


def _century(year: int) -> int:
    """Return the year that two digits mean: 1969 to 2068, as in POSIX `%y`."""
    return year + (1900 if year >= _CENTURY_PIVOT else 2000)


def resolve(text: str, shape: Shape, reference: datetime, zone: tzinfo) -> DateMatch | None:
    """Return the date that a shape of the folded text means, or None when there is no such day.

    Raises:
        OverflowError: `reference` is at the very edge of the calendar.
    """
    tail = text[max(0, shape.start - _TAIL) : shape.start]
    weekday = _weekday(tail) if tail else None
    time, end = clock.after(text, shape.end, iso=shape.iso)
    year = shape.year
    if year is None and time and (later := _YEAR_LATER.match(text, end)):
        year, end = int(later["year"]), later.end()
    if year is not None:
        day = _date(year, shape.month, shape.day)
    elif shape.everyday and weekday is None and not time and not _set_as_date(text, shape, tail):
        return None
    else:
        today = reference.astimezone(zone).date()
        day = _past(shape.month, shape.day, weekday, today)
    if day is None:
        return None
    if time is None and tail:
        time = clock.before(_without_weekday(tail) if weekday is not None else tail)
    mismatch = weekday is not None and weekday != day.weekday()
    value = clock.in_zone(day, time, zone, weekday_mismatch=mismatch)
    return None if value is None else DateMatch(shape.start, end, value)


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _past(month: int, day: int, weekday: int | None, today: date) -> date | None:
    """Return the latest such day up to `today`, preferring a year in which the weekday fits."""
    years = range(today.year, today.year - _LEAP_GAP - 1, -1)
    days = [past for year in years if (past := _date(year, month, day)) and past <= today]
    if weekday is None:
        return days[0] if days else None
    recent = [past for past in days if past.year >= days[0].year - _YEARS_BACK]
    fitting = (past for past in recent if past.weekday() == weekday)
    return next(fitting, days[0] if days else None)


def _weekday(tail: str) -> int | None:
    word = _last_word(tail)
    if word in {"il", "giorno", "the"}:
        word = _last_word(tail.rstrip(" ")[: -len(word)])
    return WEEKDAYS.get(word)


def _without_weekday(tail: str) -> str:
    words = tail.rstrip(" .,:'").split(" ")
    if words[-1] in {"il", "giorno", "the"}:
        words.pop()
    return " ".join(words[:-1]) + " "


def _set_as_date(text: str, shape: Shape, tail: str) -> bool:
    """Return whether "3 set" is used as a date: introduced or alone, and not before a noun."""
    before, rest = tail.rstrip(), text[shape.end :].lstrip()
    is_introduced = (
        not before or before[-1] in ",:;(|-" or before.split()[-1] in {"il", "del", "dal", "di"}
    )
    ends = not rest or not rest[0].isalpha() or rest.split()[0] in {"in", "by", "di", "da"}
    return is_introduced and ends
