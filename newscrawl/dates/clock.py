"""Times of day and their zones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newscrawl.dates.value import FIRST_YEAR, LAST_YEAR, ItalianDate

ITALY = ZoneInfo("Europe/Rome")
"""The default zone of Italian texts."""


class Time(NamedTuple):
    """A time of day; `second` is None when not stated, `offset` when the time is local."""

    hour: int
    minute: int
    second: int | None = None
    offset: timedelta | None = None


_NAMED_TIMES = {"mezzogiorno": Time(12, 0), "mezzanotte": Time(0, 0)}

_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "cet": 1, "cest": 2, "mez": 1, "mesz": 2}
_ZONES_OF_MAIL = {"est": -5, "edt": -4, "cst": -6, "cdt": -5}
_ZONES_OF_MAIL |= {"mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
"""RFC 822, section 5.1. Read after seconds only: "est" is an Italian word."""
_WIDEST_OFFSET = timedelta(hours=14)

_ZONE = (
    r"(?P<zone>z(?![a-z0-9])"
    r"| ?\(?(?:utc|gmt) ?[+-][0-9]{1,2}(?::?[0-5][0-9])?(?![0-9])"
    rf"| ?\(?(?:{'|'.join((*_ZONES, *_ZONES_OF_MAIL))})(?![a-z])"
    r"| ?[+-][0-9]{2}(?::?[0-5][0-9])?(?![0-9:.]))?"
)
_CLOCK = (
    r"(?P<mark>(?:dalle|alle|delle|at) (?:ore[ .:]{0,2})?|all'|ore[ .:]{0,2}|h[ .:]{0,2})?"
    r"(?:(?P<named>mezzogiorno|mezzanotte)(?![a-z])"
    r"|(?P<hour>[0-9]{1,2})"
    r"(?:(?P<sep>[.,h]| ?: ?| e )(?P<minute>[0-5][0-9])"
    r"(?:[:.](?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?)?)?"
    r"(?![0-9]|[:.,][0-9])(?: ?(?P<half>[ap])\.? ?m(?![a-z]))?" + _ZONE + r")"
    r"(?! ?(?:euro|eur|mila|milion|miliard|km|€|\$|%))"
)
_AFTER = re.compile(r"(?P<gap>t(?=[0-9])|[ ,;:|@(/-]{0,4}(?:a (?=mezz))?)" + _CLOCK)
_BEFORE = re.compile(
    r"(?<![\w.,:/-])(?P<gap>)" + _CLOCK + r"\)?(?:,| -| \|| /|;)?(?: (?:di|dell'|del)(?![a-z]))?"
    r" ?(?:il |giorno )?$"
)
_BASIC = re.compile(
    r"(?P<gap>t)(?P<hour>[0-9]{2})(?P<minute>[0-5][0-9])(?P<second>[0-5][0-9])?"
    r"(?:[.,][0-9]{1,9})?(?![0-9])" + _ZONE
)
_OFFSET = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})?")


def check_reference(reference: datetime) -> None:
    """Raise ValueError for a reference without an offset from UTC.

    Raises:
        ValueError: the reference is naive.
    """
    if reference.utcoffset() is None:
        raise ValueError(
            "reference must be aware: give it a time zone, as datetime.now(UTC) does, "
            f"instead of {reference.isoformat()}"
        )


def after(text: str, pos: int, *, iso: bool = False) -> tuple[Time | None, int]:
    """Return the time of day that follows a date ending at `pos`, and where it ends.

    `text` is folded; `iso` says that the date is written year first, in which case a
    numeric offset may follow the minutes directly.

    >>> after("28 ottobre 2025 alle ore 9 in esteri", 15)
    (Time(hour=9, minute=0, second=None, offset=None), 26)
    """
    match = _AFTER.match(text, pos) or (iso and _BASIC.match(text, pos)) or None
    time = match and _time(match, iso=iso)
    return (time, match.end()) if match and time else (None, pos)


def before(text: str) -> Time | None:
    """Return the time of day at the end of a folded text, as in "ore 14:30 del"."""
    if "mezz" not in text and not any(map(str.isdigit, text)):
        return None
    match = _BEFORE.search(text)
    return _time(match, iso=False) if match else None


def _time(match: re.Match[str], *, iso: bool) -> Time | None:
    groups = match.groupdict()
    if named := groups.get("named"):
        return _NAMED_TIMES[named]
    half = groups.get("half")
    if not (groups.get("mark") or _is_plain_time(groups, is_separate=match.re is _BEFORE)):
        return None
    hour = int(groups["hour"])
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half or hour > 23:
        return None
    minute = int(groups["minute"] or 0)
    second = int(groups["second"]) if groups["second"] else None
    zone = (groups["zone"] or "").lstrip(" (")
    if not zone or _is_not_zone(zone, groups, iso=iso):
        return Time(hour, minute, second)
    offset = _offset(zone)
    return None if offset is None else Time(hour, minute, second, offset)


def _is_plain_time(groups: dict[str, str | None], *, is_separate: bool) -> bool:
    """Return whether a number without "ore" or "alle" is a time: "14:30", "14.30", "2 pm"."""
    if groups.get("half"):
        return True
    return bool(
        groups["minute"]
        and groups.get("sep") not in {",", " e "}
        and (is_separate or groups["gap"])
    )


def _is_not_zone(zone: str, groups: dict[str, str | None], *, iso: bool) -> bool:
    """Return whether what follows a time is the end of a span ("10:00-12:00") or the word "est"."""
    if zone[0] in "+-" and not iso and (groups["minute"] is None or len(zone) < len("+0100")):
        return True
    to_the_second = groups["second"] is not None or groups["gap"] == "t"
    return not to_the_second and (zone in _ZONES_OF_MAIL or (zone[0] == "-" and ":" in zone))


def _offset(zone: str) -> timedelta | None:
    match = _OFFSET.search(zone)
    if match is None:
        return timedelta(hours=(_ZONES | _ZONES_OF_MAIL)[zone])
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > _WIDEST_OFFSET:
        return None
    return -offset if match[1] == "-" else offset


def in_zone(
    day: date, time: Time | None, zone: tzinfo, *, weekday_mismatch: bool = False
) -> ItalianDate | None:
    """Return a day or, with a time, the instant in a zone; None outside 1900 to 2100.

    An hour that a clock change repeats is the first of the two; a skipped one moves forward
    by the gap (PEP 495, `fold=0`).

    >>> in_zone(date(2025, 10, 26), Time(2, 30), ITALY).isoformat()
    '2025-10-26T02:30:00+02:00'
    >>> in_zone(date(2025, 3, 30), Time(2, 30), ITALY).isoformat()
    '2025-03-30T03:30:00+02:00'
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    if time is None:
        return ItalianDate(day, "day", weekday_mismatch)
    hour, minute, second, offset = time
    stated_zone = zone if offset is None else timezone(offset)
    stated = datetime(day.year, day.month, day.day, hour, minute, second or 0, tzinfo=stated_zone)
    # Through UTC, because converting to the same zone leaves a skipped hour unchanged.
    value = stated.astimezone(UTC).astimezone(zone)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None
    return ItalianDate(value, "minute" if second is None else "second", weekday_mismatch)
