"""Dates in an order that the grammar does not know, read by dateparser."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from newscrawl.dates import clock
from newscrawl.dates.words import MONTHS, WEEKDAYS

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.dates.value import ItalianDate

_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+|[^\W_]")
_TIME = re.compile(
    r"(?<![0-9])[0-2]?[0-9][:.][0-5][0-9](?P<seconds>[:.][0-5][0-9])?(?![0-9])"
    r"|(?<![a-z])(?:alle|ore|h|at)[ .:]{1,2}[0-9]{1,2}(?![0-9])"
)
_OTHER_WORDS = {
    "il", "l", "del", "dell", "di", "d", "anno", "mese", "giorno", "alle", "ore", "h",
    "at", "on", "the", "of", "st", "nd", "rd", "th", "am", "pm", "z", "utc", "gmt", "cet", "cest",
}  # fmt: skip
_KNOWN = _OTHER_WORDS | MONTHS.keys() | WEEKDAYS.keys()
_MOST_TOKENS = 12
_YEAR = re.compile(r"(?:19|20)[0-9]{2}|2100")
_DAY = re.compile(r"0?[1-9]|[12][0-9]|3[01]")

LANGUAGES = ["it", "en"]
SETTINGS: dict[str, Any] = {
    "DATE_ORDER": "DMY",
    # By default "ottobre 2025" gets the current day of the month.
    "REQUIRE_PARTS": ["day", "month", "year"],
    # By default bare numbers are time stamps and "ora" is the current time.
    "PARSERS": ["absolute-time"],
}


def read(text: str, zone: tzinfo) -> ItalianDate | None:
    """Return the date that dateparser reads, if the folded text states every part of it.

    dateparser gets only texts that consist of date words and numbers, with a year, and a
    month next to a number that can be its day; the result must consist of these.
    """
    timeless = _TIME.sub(" ", text)
    tokens = _TOKEN.findall(timeless)
    is_date_text = all(token.isdecimal() or token in _KNOWN for token in tokens)
    if not is_date_text or len(tokens) > _MOST_TOKENS:
        return None
    years = {int(token) for token in tokens if _YEAR.fullmatch(token)}
    days = {
        (MONTHS[month], int(day))
        for pair in pairwise(tokens)
        for month, day in (pair, pair[::-1])
        if month in MONTHS and _DAY.fullmatch(day)
    }
    value = _dateparser(text) if years and days else None
    if value is None or value.year not in years or (value.month, value.day) not in days:
        return None
    return _with_stated_time(text, value, zone)


def _dateparser(text: str) -> datetime | None:
    # Importing it takes longer than parsing a thousand dates, and most runs never need it.
    import dateparser  # type: ignore[import-untyped,unused-ignore]  # noqa: PLC0415

    value = dateparser.parse(text, languages=LANGUAGES, settings=SETTINGS)
    return value if isinstance(value, datetime) else None


def _with_stated_time(text: str, value: datetime, zone: tzinfo) -> ItalianDate | None:
    time_match = _TIME.search(text)
    if time_match is None:
        return clock.in_zone(value.date(), None, zone)
    second = value.second if time_match["seconds"] else None
    offset: timedelta | None = value.utcoffset()
    time = clock.Time(value.hour, value.minute, second, offset)
    return clock.in_zone(value.date(), time, zone)
