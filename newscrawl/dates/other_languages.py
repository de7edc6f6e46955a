"""Dates in other languages than Italian, read by dateparser where they are unambiguous."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from newscrawl.dates import clock

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.dates.value import ItalianDate

_CLOCK = r"[0-2]?[0-9][:.h][0-5][0-9](?P<seconds>[:.][0-5][0-9])?(?!\.?[0-9])"
_TOKEN = re.compile(rf"(?<![0-9.])(?:{_CLOCK})|[^\W\d_]+\.?|[0-9]+|[^\w\s]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DAY = re.compile(r"0?[1-9]|[12][0-9]|3[01]")
_TIME = re.compile(rf"(?<![0-9.])(?:{_CLOCK})")
_TWELVE_HOURS = re.compile(r"(?<![0-9])[01]?[0-9] ?(?:am|pm|a\.m\.|p\.m\.)(?![a-z])", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![0-9])(?P<first>[0-9]{1,2})[./-](?P<second>[0-9]{1,2})[./-][0-9]{4}")
_BEFORE, _AFTER = 5, 8
"""Most words, numbers and signs of a date before and after its year."""
_MAX_TEXT = 300
_MAX_TRIES = 60
_WORD = re.compile(r"[^\W\d_]+")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "er", "re", "º", "ª"})
_ORDERS_VARY = frozenset({"en"})
"""Languages in which 11/03/2026 is the third of November or the eleventh of March."""
_ABSOLUTE: dict[str, Any] = {
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
    "RETURN_AS_TIMEZONE_AWARE": False,
}


@lru_cache(maxsize=4_096)
def absolute(text: str, zone: tzinfo, language: str) -> ItalianDate | None:
    """Return the first date with day, month and year in `text`; None if it is ambiguous.

    dateparser gets the words around a year, the most of them that it can read as a date.

    Args:
        text: as shown, white space folded.
        zone: of a time of day without an offset, and of the result.
        language: BCP 47 primary subtag; a language that dateparser does not know has no dates.

    >>> from datetime import UTC
    >>> absolute("Published on 3 November 2026 at 2:05 pm", UTC, "en").isoformat()
    '2026-11-03T14:05:00+00:00'
    >>> absolute("Veröffentlicht am 23. März 2026", UTC, "de").isoformat()
    '2026-03-23'
    >>> absolute("11/03/2026", UTC, "en"), absolute("11.03.2026", UTC, "de").isoformat()
    (None, '2026-03-11')
    """
    tokens = [match.span() for match in _TOKEN.finditer(text[:_MAX_TEXT])]
    words = _vocabulary(language)
    known = [_is_known(text[start:end], words) for start, end in tokens]
    tries = 0
    for year, (start, end) in enumerate(tokens):
        if not _YEAR.fullmatch(text[start:end]):
            continue
        for first, last in _windows(year, known):
            window = text[tokens[first][0] : tokens[last][1]]
            tries += 1
            date = _read(window, text[start:end], zone, language)
            if date is not None:
                # A number next to it may be the day that dateparser did not understand.
                return None if _has_day(text, tokens, first, last) else date
            if tries >= _MAX_TRIES:
                return None
    return None


def _has_day(text: str, tokens: list[tuple[int, int]], first: int, last: int) -> bool:
    """Return whether there is a number that can be a day right before or behind a window."""
    beside = [*tokens[max(0, first - 2) : first], *tokens[last + 1 : last + 3]]
    return any(_DAY.fullmatch(text[start:end]) for start, end in beside)


def _windows(year: int, known: list[bool]) -> list[tuple[int, int]]:
    """Return the first and last tokens of known ones around a year, the longest windows first."""
    start, end = year, year
    while start > max(0, year - _BEFORE) and known[start - 1]:
        start -= 1
    while end < min(len(known) - 1, year + _AFTER) and known[end + 1]:
        end += 1
    windows = [
        (first, last)
        for first in range(start, year + 1)
        for last in range(year, end + 1)
        if last - first >= 2
    ]
    return sorted(windows, key=lambda window: window[0] - window[1])


def _is_known(token: str, words: frozenset[str]) -> bool:
    """Return whether a token can be part of a date."""
    return not token[0].isalpha() or token.rstrip(".").casefold() in words


@cache
def _vocabulary(language: str) -> frozenset[str]:
    """Return the words of a language that dateparser knows; none for an unknown language."""
    from dateparser.languages.loader import (  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - as in fallback.py
        default_loader,
    )

    try:
        info = default_loader.get_locale(language).info
    except (ValueError, KeyError, AttributeError):
        return frozenset()
    texts = [text for entry in info.values() if isinstance(entry, list) for text in entry]
    words = {word for text in texts if isinstance(text, str) for word in _WORD.findall(text)}
    return frozenset(word.casefold() for word in words) | _ORDINALS


def _read(text: str, year: str, zone: tzinfo, language: str) -> ItalianDate | None:
    """Return the date that a text consists of, if dateparser's result is what it states."""
    timeless = _TWELVE_HOURS.sub(" ", _TIME.sub(" ", text))
    days = {int(number) for number in re.findall(r"[0-9]+", timeless) if _DAY.fullmatch(number)}
    if not days or (language in _ORDERS_VARY and _is_ambiguous(timeless)):
        return None
    value = _dateparser(text, language)
    if value is None or value.year != int(year) or value.day not in days:
        return None
    time_match = _TIME.search(text)
    if time_match is None and not _TWELVE_HOURS.search(text):
        return clock.in_zone(value.date(), None, zone)
    second = value.second if time_match and time_match["seconds"] else None
    offset: timedelta | None = value.utcoffset()
    return clock.in_zone(value.date(), clock.Time(value.hour, value.minute, second, offset), zone)


def _is_ambiguous(text: str) -> bool:
    """Return whether day and month are numbers that may change places."""
    numbers = _NUMBERS.search(text)
    if numbers is None:
        return False
    first, second = int(numbers["first"]), int(numbers["second"])
    return first != second and max(first, second) <= 12


def _dateparser(text: str, language: str) -> datetime | None:
    import dateparser  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415 - as in fallback.py

    try:
        value = dateparser.parse(text, languages=[language], settings=_ABSOLUTE)
    except (ValueError, OverflowError):
        # A language that it does not know.
        return None
    return value if isinstance(value, datetime) else None
