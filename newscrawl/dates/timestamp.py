"""Dates as metadata write them: RFC 3339 with seconds, "20261120080000", and days."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from newscrawl.dates import clock
from newscrawl.dates.value import FIRST_YEAR, LAST_YEAR, ItalianDate

if TYPE_CHECKING:
    from datetime import tzinfo

# Offsets up to those that are in use; the grammar decides about others.
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
)
_DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}")
_COMPACT = re.compile(
    r"(?P<day>(?:19|20)[0-9]{2}[01][0-9][0-3][0-9])(?P<hour>[0-9]{2})(?P<minute>[0-9]{2})"
    r"(?P<second>[0-9]{2})?"
)


def read(text: str, zone: tzinfo) -> ItalianDate | None:
    """Return the day, or the instant in a zone; None where the text is anything else.

    The grammar reads it too, in ten times the time.

    >>> from newscrawl.dates.clock import ITALY
    >>> read("2026-11-20T07:00:00Z", ITALY).isoformat()
    '2026-11-20T08:00:00+01:00'
    """
    if not _TIMESTAMP.fullmatch(text):
        if match := _COMPACT.fullmatch(text):
            return _compact(match, zone)
        return _day(text) if _DAY.fullmatch(text) else None
    try:
        stated = datetime.fromisoformat(text)
        value = stated.astimezone(zone)
    except (ValueError, OverflowError):
        return None
    if not (FIRST_YEAR <= stated.year <= LAST_YEAR and FIRST_YEAR <= value.year <= LAST_YEAR):
        return None
    return ItalianDate(value, "second", has_zone=True)


def _compact(match: re.Match[str], zone: tzinfo) -> ItalianDate | None:
    """Return the local time that digits alone state; None where it is none of the calendar."""
    hour, minute, second = (int(part) if part else None for part in match.group(2, 3, 4))
    if hour is None or minute is None or hour > 23 or max(minute, second or 0) > 59:
        return None
    try:
        day = date.fromisoformat(match["day"])
    except ValueError:
        return None
    return clock.in_zone(day, clock.Time(hour, minute, second, None), zone)


def _day(text: str) -> ItalianDate | None:
    try:
        return ItalianDate(date.fromisoformat(text), "day")
    except ValueError:
        return None
