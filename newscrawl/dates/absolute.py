"""Absolute dates: "28 ottobre 2025", "28/10/2025", "2025-10-28T14:30:00Z"."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dates import clock, words_before, year_in_words
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
    recent: bool = False
    """Written like a version number: a date only in one of the last years."""


class DateMatch(NamedTuple):
    """A date and its position in the folded text, its time of day included."""

    start: int
    end: int
    date: ItalianDate


_NUMBER = re.compile(r"[0-9]+")
_ORDINAL = r"(?:\.? ?°|'|\^|(?<=1)(?:\.?o|mo)(?![a-z0-9])|st|nd|rd|th)?"
_NAMED = re.compile(
    _ORDINAL + r"[ ./-]{0,2}(?:(?:del mese )?di |of )?(?P<month>[a-z]{2,9})(?![^\W0-9])"
    r"(?:[ ,./(-]{0,3}(?:(?:dell')?anno |del |de |')?(?P<year>[0-9]{4,}+)"
    r"|\.?[ ./-]?'?(?P<short>[0-9]{2})(?![0-9%€°]|[.,:/-][0-9]|h ?[0-9]|[a-z]| [%€°]"
    r"| (?!(?:in|alle|ore|h|by|di|da|at)(?![a-z]))[a-z])|\.)?"
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN_MONTHS = {numeral: number for number, numeral in enumerate(_ROMAN, start=1)}
_NUMERIC = re.compile(
    rf"(?P<sep> ?[/.-] ?)(?P<month>[0-9]{{1,2}}|{'|'.join(_ROMAN)})"
    r"(?P=sep)'?(?P<year>[0-9]{4}|[0-9]{2})"
    r"(?![0-9]|[./][0-9]|-[0-9](?![0-9]?[:.][0-9])|(?![th][0-9])[^\W0-9])"
)
_YEAR_FIRST = re.compile(
    r"(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})"
    r"(?![0-9]|[./][0-9]|-[0-9](?![0-9]?[:.][0-9])|(?!t[0-9])[^\W0-9])"
)
_YEAR_NEXT = re.compile(r"(?:st|nd|rd|th)?(?:, ?| )(?P<year>[0-9]{4})(?![0-9])")
_YEAR_LATER = re.compile(r"[ ,]{1,2}(?P<year>[0-9]{4})(?![0-9:.,])")
_WEEKDAY_NAMES = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_JOINT = (
    r" ?[-/→÷>] ?|,? (?:ed?|o|oppure|and|to|until|(?:[fs]ino )?al) (?:il |l'|the )?"
    rf"|,? all'|,? (?:[fs]ino )?a (?=(?:{_WEEKDAY_NAMES})(?![a-z]))| ?& ?| ?, ?"
)
# The further days of "10-12 maggio", "28, 29 e 30 ottobre", "dal 28 al 30/10/2025".
_ROW = re.compile(
    rf"{_ORDINAL}(?P<more>(?: ?, ?(?:il |(?:{_WEEKDAY_NAMES})'? )?[0-9]{{1,2}}{_ORDINAL}"
    r"|-[0-9]{1,2}(?=-)){0,30})"
    rf"(?P<joint>{_JOINT})"
    rf"(?:(?:{_WEEKDAY_NAMES})'? )?(?P<last>[0-9]{{1,2}})(?=[ °./a-z'^-])"
)
# Between the ends of a span or the days of a row: "28 ottobre - domenica 2 novembre".
_NEXT = re.compile(
    r"[)]?(?: ?[-/&,;→÷] ?|,? (?:e|ed|o|oppure|and|to|until|till|through|fino|sino|al|all'|a|ad) ?)"
    r"(?:(?:al|a|il|l'|all'|the) ?)?(?:fino al |sino al )?"
    rf"(?:(?:{_WEEKDAY_NAMES})(?![a-z])'?[.,]? (?:il )?)?(?=[0-9])"
)
# "June 9th - June 23rd, 2014", "October 28 and 29, 2025"
_MONTH_FIRST = re.compile(
    rf"{_ORDINAL}(?:, ?[0-9]{{1,2}}{_ORDINAL}){{0,30}}"
    r"(?: ?[-/&] ?|,? (?:and|to|through|thru|until|till|e|al) )"
    rf"(?:(?:{_WEEKDAY_NAMES})[.,]{{0,2}} )?(?:(?P<month>[a-z]{{3,9}})\.? )?"
    rf"(?P<day>[0-9]{{1,2}}){_ORDINAL},? (?P<year>[0-9]{{4}})(?![0-9])"
)
_DAY_MONTH = re.compile(r"(?P<sep>[/.])(?P<month>[0-9]{1,2})(?![0-9])\.?")
_COUNTER = re.compile(r"(?<![0-9])[0-9]{1,4} ?(?:/|di|su|of) ?$")
"""Before the number of all pictures of a gallery: "1 di 3 - 28 ottobre 2025"."""
_ENDS_TIME = re.compile(r"[0-9][:h][0-9]{2}-$")
_COMPACT_END = re.compile(r"(?![.,/:-]?[0-9]|(?!t[0-9])[^\W0-9]| [0-9](?![0-9]?[:.]))")

_RECENT_YEARS = 10
_ALONE_BEFORE = re.compile(r"(?:^|[|,;:(·-]|(?<![0-9:.])[0-9]{1,2}:[0-9]{2}) ?$")
_ALONE_AFTER = re.compile(
    r" ?(?:\.?$|[,;|()-](?![0-9])|-[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}(?![0-9.])"
    r"| (?:ore|alle|h|in|di|by|at)(?![a-z])"
    r"| ?\(?[0-9]{1,2}[:.][0-9]{2}(?![0-9.:]))"
)


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
        or (
            previous in ".,:/-"
            and text[start - 2 : start - 1].isdigit()
            # A time may end there: "14:30-28 ottobre".
            and not (previous == "-" and _ENDS_TIME.search(text, start - 5, start))
        )
    )


def _day_first(text: str, start: int, end: int) -> Shape | None:
    named = _named(text, start, end)
    if named and named.year is not None:
        return named
    if named is None and (numeric := _NUMERIC.match(text, end)):
        shape = _numeric(text, start, numeric)
        # "28-29-30 ottobre 2025" has no month 29, "10-11-12 maggio" has one.
        is_row = shape is None or shape.month > 12 or numeric["sep"] == "-"
        return (is_row and _row(text, start, end)) or shape
    return (
        _month_first(text, start, end)
        or named
        or _row(text, start, end)
        or (_day_and_month(text, start, end))
    )


def _named(text: str, start: int, end: int) -> Shape | None:
    """Return "28 ottobre 2025", with or without a year."""
    day = int(text[start:end])
    match = _NAMED.match(text, end)
    month = MONTHS.get(match["month"]) if match else None
    if match is None or month is None:
        return None
    if (full := match["year"]) is not None:
        return Shape(start, match.end(), int(full[:5]), month, day)
    if (short := match["short"]) is not None:
        return Shape(start, match.end(), _century(int(short)), month, day)
    everyday = match["month"] in EVERYDAY_MONTHS
    return Shape(start, match.end(), None, month, day, everyday=everyday)


def _month_first(text: str, start: int, end: int) -> Shape | None:
    """Return "October 28, 2025", or the first day of "October 28 - November 2, 2025"."""
    year = _YEAR_NEXT.match(text, end)
    span = None if year else _MONTH_FIRST.match(text, end)
    match = year or span
    word = _last_word(text[max(0, start - _TAIL) : start]) if match else ""
    month = MONTHS.get(word)
    if match is None or month is None:
        return None
    day, stated = int(text[start:end]), int(match["year"])
    if span:
        last = MONTHS.get(span["month"]) if span["month"] else month
        if last is None:
            return None
        stated = _first_year(stated, (month, day), (last, int(span["day"])))
    return Shape(text.rindex(word, 0, start), match.end(), stated, month, day)


def _row(text: str, start: int, end: int) -> Shape | None:
    """Return the first day of a span or row within a month: "10-12 maggio", "28, 29 e 30/10/2025".

    After an hour or the number of an issue it is the day behind: "ore 14 - 28 ottobre".
    """
    match = _ROW.match(text, end)
    if match is None:
        return None
    at, last_end = match.span("last")
    last = _named(text, at, last_end)
    joint = match["joint"]
    if last is None and (numeric := _NUMERIC.match(text, last_end)):
        is_other = numeric["sep"] != joint and not joint.startswith(",")
        last = _numeric(text, at, numeric) if is_other else None
    if last is None:
        return None
    if _is_numbered(text, start):
        return last
    days = [int(number) for number in re.findall("[0-9]+", text[start:last_end])]
    is_row = days[0] and all(first < then for first, then in pairwise(days))
    # "Roma 3, 28 ottobre" is not two days.
    if joint.strip() == "," and not (len(days) > 2 or days[1] == days[0] + 1):
        is_row = False
    return last._replace(start=start, day=days[0]) if is_row else None


def _is_numbered(text: str, start: int) -> bool:
    """Return whether a number before a dash is an hour, or one that counts something."""
    before = text[max(0, start - _TAIL) : start]
    if before.endswith("#") or _COUNTER.search(before):
        return True
    *others, word = before.split() or [""]
    is_letter = len(word) == 1 and word.isalpha()
    is_lettered = is_letter and bool(others) and others[-1] in words_before.LETTERED
    return is_lettered or _labelled(text, start, words_before.NOT_DAY_LABELS)


def _day_and_month(text: str, start: int, end: int) -> Shape | None:
    """Return the first day of a span that names the year at its end: "28/10 - 2/11/2025"."""
    match = _DAY_MONTH.match(text, end)
    if match is None or _labelled(text, start, words_before.NOT_DAY_LABELS):
        return None
    before = text[:start]
    # "10.12 - 28.10.2025" begins with an hour, "10.12.-28.12.2025" with a day.
    is_day = match["sep"] == "/" or match[0].endswith(".")
    if not is_day and not before.endswith(("dal ", "dall'", "from ", "tra il ")):
        return None
    day, month = int(text[start:end]), int(match["month"])
    if match["sep"] == "/" and day <= month and _is_before_named(text, match.end()):
        # "1/3 - 28 ottobre 2025" is the first of three pictures.
        return None
    year = _year_behind(text, match.end(), month, day)
    return None if year is None else Shape(start, match.end(), year, month, day)


def _is_before_named(text: str, end: int) -> bool:
    """Return whether a day with the name of its month follows behind a dash."""
    joint = _NEXT.match(text, end)
    number = _NUMBER.match(text, joint.end()) if joint else None
    return number is not None and _named(text, *number.span()) is not None


def _year_behind(text: str, end: int, month: int, day: int) -> int | None:
    """Return the year of a day that another date follows, as in "28 dicembre - 3 gennaio 2025"."""
    joint = _NEXT.match(text, end)
    number = _NUMBER.match(text, joint.end()) if joint else None
    if number is None or number.end() - number.start() > 2:
        return None
    last = _day_first(text, *number.span())
    if last is None:
        return None
    year = last.year
    if year is None:
        _, behind = clock.after(text, last.end)
        year = _year_behind(text, behind, last.month, last.day)
    if year is None or _date(year, last.month, last.day) is None:
        return None
    return _first_year(year, (month, day), (last.month, last.day))


def _first_year(year: int, first: tuple[int, int], last: tuple[int, int]) -> int:
    """Return the year of a span's first day, given that of its last one."""
    return year - 1 if first > last else year


def _numeric(text: str, start: int, match: re.Match[str]) -> Shape | None:
    day, month, year = text[start : match.start()], match["month"], match["year"]
    number = _ROMAN_MONTHS.get(month) or int(month)
    if len(year) == 4:
        return Shape(start, match.end(), int(year), number, int(day))
    sep = match["sep"]
    if " " in sep or _labelled(text, start, words_before.VERSION_LABELS):
        return None
    shape = Shape(start, match.end(), _century(int(year)), number, int(day))
    # "11.6.10" is a version, "6-4-10" a score; "3/4/25" is a date.
    if sep == "/" or len(day) == len(month) == 2:
        return shape
    word = _last_word(text[max(0, start - _TAIL) : start])
    if word in words_before.INTRODUCTIONS or word in WEEKDAYS:
        return shape
    is_alone = _ALONE_BEFORE.search(text[:start]) and _ALONE_AFTER.match(text, match.end())
    return shape._replace(recent=True) if sep == "." and is_alone else None


def _year_first(text: str, start: int, end: int) -> Shape | None:
    match = _YEAR_FIRST.match(text, end)
    if match is None:
        return None
    year, month, day = int(text[start:end]), int(match["month"]), int(match["day"])
    return Shape(start, match.end(), year, month, day, iso=True)


def _compact(text: str, start: int, end: int) -> Shape | None:
    if not _COMPACT_END.match(text, end) or text[:start].endswith(("+", "-", ".", "/", "€ ")):
        return None
    if _labelled(text, start, words_before.NUMBER_LABELS):
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
    bare = _without_weekday(tail) if weekday is not None else tail
    part = clock.part_before(bare) if bare else None
    time, end = clock.after(text, shape.end, iso=shape.iso, part=part)
    year = shape.year
    if year is None:
        if year_in_words.is_to_come(text, shape.end, bare):
            return None
        year, end = _year_later(text, shape, end, reference.astimezone(zone).year)
    if shape.recent and not 0 <= reference.year - (year or 0) < _RECENT_YEARS:
        return None
    if year is not None:
        day = _date(year, shape.month, shape.day)
    elif shape.everyday and weekday is None and not time and not _set_as_date(text, shape, tail):
        return None
    else:
        today = reference.astimezone(zone).date()
        day = _past(shape.month, shape.day, weekday, today)
    if day is None:
        return None
    if time is None and bare:
        time = clock.before(bare)
    mismatch = weekday is not None and weekday != day.weekday()
    value = clock.in_zone(day, time, zone, weekday_mismatch=mismatch)
    return None if value is None else DateMatch(shape.start, end, value)


def _year_later(text: str, shape: Shape, end: int, current: int) -> tuple[int | None, int]:
    """Return the year behind a day and its time, and where the date ends."""
    if end > shape.end and (later := _YEAR_LATER.match(text, end)):
        return int(later["year"]), later.end()
    year, behind = year_in_words.back(text, end, current)
    if year is None:
        return _year_behind(text, end, shape.month, shape.day), end
    return year, behind


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
        not before or before[-1] in ",:;(|-" or before.split()[-1] in {"il", "del", "dal"}
    )
    ends = not rest or not rest[0].isalpha() or rest.split()[0] in {"in", "by", "di", "da"}
    return is_introduced and ends
