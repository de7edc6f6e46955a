"""Times of day and their zones."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newscrawl.dates.value import FIRST_YEAR, LAST_YEAR, ItalianDate, Precision
from newscrawl.dates.words import NUMBERS

ITALY = ZoneInfo("Europe/Rome")
"""The default zone of Italian texts."""


class Time(NamedTuple):
    """A time of day; `second` is None when not stated, `offset` when the time is local.

    `offset` is a zone instead where the text names one whose offset changes with the season.
    """

    hour: int
    minute: int
    second: int | None = None
    offset: timedelta | ZoneInfo | None = None


_NAMED_TIMES = {"mezzogiorno": 12, "noon": 12, "mezzanotte": 0, "midnight": 0}

_ZONES: dict[str, float] = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 1, "cet": 1}
_ZONES |= {"mez": 1, "met": 1, "cest": 2, "mesz": 2, "mest": 2, "eet": 2, "sast": 2, "eest": 3}
_ZONES |= {"msk": 3, "trt": 3, "pkt": 5, "hkt": 8, "sgt": 8, "awst": 8, "jst": 9, "kst": 9}
_ZONES |= {"acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13}
_ZONES |= {"edt": -4, "adt": -3, "brt": -3, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6}
_ZONES |= {"pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10}
_WORDS: dict[str, float] = {"est": -5, "west": 1, "eat": 3, "cat": 2, "wat": 1}
"""Hours from UTC; the last are words of a language as well. RFC 822, section 5.1, and tzdata."""
_SEASONAL = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver",
    "pt": "America/Los_Angeles", "eastern": "America/New_York", "central": "America/Chicago",
    "mountain": "America/Denver", "pacific": "America/Los_Angeles",
}  # fmt: skip
_UNKNOWN_ZONES = r"ist|(?:ora|ore) local[ei]|locali|local time|ora (?:di|in) (?!roma|italia)[a-z]+"
_UNKNOWN_ZONES += (
    r"|ora (?:american|statunitens|ingles|britannic|portoghes|russ|ucrain|turc|israelian|iranian"
    r"|indian|cines|giappones|corean|australian|brasilian|argentin|messican|canades)[ae]"
)
"""Names of several zones, and of none: the time is not known to be Italian."""
_WIDEST_OFFSET = timedelta(hours=14)
_WIDEST_WEST = 12
_LONGEST_NIGHT_SPAN = 9

_AREAS = "africa|america|antarctica|asia|atlantic|australia|europe|indian|pacific"
_ZONE = (
    r"(?P<zone>z(?![a-z0-9])"
    r"| ?[(\[]?(?:utc|gmt) ?[+-][0-9]{1,2}(?::?[0-5][0-9])?(?![0-9])"
    rf"| ?[(\[]?(?:{'|'.join((*_ZONES, *_WORDS))})(?![a-z])"
    r"| ?[+-][0-9]{2}(?::?[0-5][0-9])?(?![0-9:.])"
    rf"| ?[(\[]?(?:{_AREAS})/[a-z_]+(?:/[a-z_]+)?"
    r"| ?[(\[]?(?:eastern|central|mountain|pacific)(?: standard| daylight)? time(?![a-z])"
    r"| ?[(\[](?:eastern|central|mountain|pacific)(?=[)\]])"
    r"| ?[(\[]?(?:et|ct|mt|pt)(?![a-z])"
    rf"|,? ?[(\[]?(?:{_UNKNOWN_ZONES})(?![a-z]))?"
)
_MINUTES = "|".join(sorted((word for word, n in NUMBERS.items() if n < 60), key=len, reverse=True))
_HOURS = "|".join(sorted((word for word, n in NUMBERS.items() if n < 24), key=len, reverse=True))
_END = r"(?=$| ?[,.;:|)(/-]| (?:in|di|del|della|da|by|cet|utc|gmt)(?![a-z])| dell')"
_SPOKEN = (
    r"(?: (?:(?P<sign>e|meno) (?P<fraction>mezz[ao]|(?:un|1) quarto|tre quarti|[13]/4|1/2|[¼½¾])"
    rf"|e (?P<plus>[0-9]|{_MINUTES})(?!/[0-9])(?: minuti|{_END})"
    rf"|meno (?P<minus>[0-9]{{1,2}}|{_MINUTES}))(?![a-z0-9]))?"
)
_PARTS = (
    r"antimeridiane|pomeridiane|mattin[ao]|mattinata|pomeriggio|sera|serata|notte"
    r"|morning|afternoon|evening|night"
)
_PART = rf"(?:,? (?:(?:di|del|della|in the|at) |(?=antim|pomerid))(?P<part>{_PARTS})(?![a-z]))?"
_PART_FIRST = (
    rf"(?:(?:di |in |nel |nella |la |the )?(?P<part_first>{_PARTS})(?![a-z])[ ,;:-]{{1,3}})?"
)
_PAST = (
    r"(?:(?P<past>half|(?:a )?quarter|[0-9]{1,2}(?: minutes)?|five|ten|twenty(?:[ -]five)?)"
    r" (?P<direction>past|to) )?"
)
_CLOCK = (
    r"(?P<mark>(?:dalle|alle|delle|le|[tf]ra le(?= [0-9.:]{1,5} e )|at) (?:ore[ .:]{0,2})?|all'"
    r"|ore[ .:]{0,2}|ora: ?|h[ .:]{0,2})?"
    + _PAST
    + r"(?:(?P<named>mezzogiorno|mezzanotte|noon|midnight)(?![a-z])"
    + _SPOKEN.replace("?P<", "?P<named_")
    + rf"|(?P<hour>[0-9]{{1,2}}|(?:{_HOURS})(?![a-z]))"
    r"(?:(?P<sep>[.,h]| ?: ?| e )(?P<minute>[0-5][0-9])"
    r"(?:[:.](?P<second>[0-5][0-9])(?:[.,][0-9]{1,9})?)?)?"
    r"(?![0-9]|[:.,][0-9])(?P<clock> o'clock| ?h(?= ?(?:$|[,;|)(-])))?"
    + _SPOKEN
    + r"(?: ?(?P<half>[ap])\.? ?m(?![a-z])\.?)?"
    + _PART
    + _ZONE
    + r")"
    r"(?! ?(?:euro|eur|mila|milion|miliard|km|€|\$|%))"
)
_AFTER = re.compile(
    r"(?P<gap>t(?=[0-9])|[ ,;:|@([/-]{0,4}(?:(?:intorno|attorno|verso|circa) |a (?=mezz))?)"
    + _PART_FIRST
    + _CLOCK
)
_BEFORE = re.compile(
    r"(?<![\w.,:/-])(?P<gap>)"
    + _PART_FIRST
    + _CLOCK
    + r"\)?(?:,| ?-| ?\|| ?/|;)?(?: (?:di|dell'|del)(?![a-z]))?"
    r" ?(?:il |giorno )?$"
)
_BASIC = re.compile(
    r"(?P<gap>t)(?P<hour>[0-9]{2})(?P<minute>[0-5][0-9])(?P<second>[0-5][0-9])?"
    r"(?:[.,][0-9]{1,9})?(?![0-9])" + _ZONE
)
# One digit where ISO 8601 has two: "2020-12-05T9:5:0Z".
_SHORT = re.compile(
    r"(?P<gap>t|[ ,]{1,2})(?P<hour>[0-9]{1,2})(?P<sep>:)(?P<minute>[0-5]?[0-9])"
    r"(?::(?P<second>[0-5]?[0-9])(?:[.,][0-9]{1,9})?)?(?![0-9]|[:.,][0-9])"
    + _ZONE.replace("[+-][0-9]{2}", "[+-][0-9]{1,2}")
)
_CAN_FOLLOW = re.compile(
    r"t?[ ,;:|@([/-]{0,4}(?:[0-9]|a mezz|mezz|[tf]ra le |alle |dalle |delle |le |at |all'"
    r"|ore|ora:|h[ .:0-9]|noon|intorno|attorno|verso|circa"
    r"|midnight|half|quarter|a quarter|five|ten |twenty"
    rf"|(?:(?:di|in|nel|nella|la|the) )?(?:{_PARTS}))"
)
_HAS_TIME = re.compile(r"[0-9]|mezz|alle |all'|ore |noon|midnight")
_OFFSET = re.compile(r"([+-])([0-9]{1,2}):?([0-9]{2})?")
_PART_LAST = re.compile(rf"(?:^|[ ,])(?P<part>{_PARTS}) (?:di|del|dell'|of) ?$")
_OF = (" di ", " del ", " dell'", " of ")


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


def after(
    text: str, pos: int, *, iso: bool = False, part: str | None = None
) -> tuple[Time | None, int]:
    """Return the time of day that follows a date ending at `pos`, and where it ends.

    `text` is folded; `iso` says that the date is written year first, in which case a
    numeric offset may follow the minutes directly. `part` is the part of the day that the
    date names: 9 in the evening is 21:00.

    >>> after("28 ottobre 2025 alle ore 9 in esteri", 15)
    (Time(hour=9, minute=0, second=None, offset=None), 26)
    """
    # A word or the end follows most dates.
    if not _CAN_FOLLOW.match(text, pos):
        return None, pos
    match = _AFTER.match(text, pos) or (iso and _BASIC.match(text, pos)) or None
    if match is None and (short := _SHORT.match(text, pos)) and (iso or short["second"]):
        match = short
    time = match and _time(match, iso=iso, part=part)
    return (time, match.end()) if match and time else (None, pos)


def before(text: str, *, part: str | None = None) -> Time | None:
    """Return the time of day at the end of a folded text, as in "ore 14:30 del"."""
    if not _HAS_TIME.search(text):
        return None
    match = _BEFORE.search(text)
    if match and (match["mark"] or "").startswith("alle"):
        # "dalle 14 alle 16"
        first = _BEFORE.search(text, 0, match.start())
        match = first if first and (first["mark"] or "").startswith("dalle") else match
    return _time(match, iso=False, part=part) if match else None


def part_before(text: str) -> str | None:
    """Return the part of the day at the end of a folded text, as in "la sera del"."""
    if not text.endswith(_OF):
        return None
    match = _PART_LAST.search(text)
    return match["part"] if match else None


def _time(match: re.Match[str], *, iso: bool, part: str | None) -> Time | None:
    groups = match.groupdict()
    part = groups.get("part") or groups.get("part_first") or part
    if named := groups.get("named"):
        return _shifted(_NAMED_TIMES[named], 0, groups, "named_")
    if not _is_marked(groups, match):
        return None
    hour = _hour(groups, part)
    if hour is None:
        return None
    if groups["minute"] is None and (time := _shifted(hour, 0, groups, "")):
        hour, minute = time.hour, time.minute
    elif groups["minute"] is None:
        return None
    else:
        minute = int(groups["minute"])
    second = int(groups["second"]) if groups["second"] else None
    time = Time(hour, minute, second)
    return _with_zone(time, groups, iso=iso, is_followed=_is_word(match.string, match.end()))


def _is_marked(groups: dict[str, str | None], match: re.Match[str]) -> bool:
    """Return whether a number is a time of day: "alle 9", "9 di sera", "14:30", "2 pm"."""
    hour = groups["hour"] or ""
    if any(groups.get(name) for name in ("half", "part", "past", "clock")):
        return True
    if hour.isdecimal():
        return bool(groups.get("mark")) or _is_plain_time(groups, is_separate=match.re is _BEFORE)
    # "alle tre vittime"
    is_stated = any(groups.get(name) for name in ("minute", "fraction", "plus", "minus"))
    return bool(groups.get("mark")) and (is_stated or not _is_word(match.string, match.end()))


def _is_word(text: str, pos: int) -> bool:
    """Return whether another word than a preposition or article follows."""
    following = _FOLLOWING.match(text, pos)
    return bool(following and following[1] not in _PREPOSITIONS)


def _hour(groups: dict[str, str | None], part: str | None) -> int | None:
    written = groups["hour"] or ""
    hour = int(written) if written.isdecimal() else NUMBERS[written]
    if half := groups.get("half"):
        return hour % 12 + (12 if half == "p" else 0) if 1 <= hour <= 12 else None
    if hour > 23:
        return None
    return _in_part(hour, part) if part else hour


def _in_part(hour: int, part: str) -> int | None:
    """Return the hour that is meant in a part of the day; None when it has no such hour.

    >>> _in_part(8, "sera"), _in_part(2, "notte"), _in_part(12, "notte")
    (20, 2, None)
    """
    kind = next(kind for kind, words in _PART_KINDS.items() if part in words)
    hours = _PART_HOURS[kind]
    return next((full for full in (hour, hour + 12) if full in hours), None)


_FRACTIONS = dict.fromkeys(("mezza", "mezzo", "1/2", "½"), 30)
_FRACTIONS |= dict.fromkeys(("tre quarti", "3/4", "¾"), 45)
"""Minutes; the other fractions are a quarter."""
_PART_KINDS = {
    "morning": ("mattina", "mattino", "mattinata", "antimeridiane", "morning"),
    "afternoon": ("pomeriggio", "pomeridiane", "afternoon"),
    "evening": ("sera", "serata", "evening"),
    "night": ("notte", "night"),
}
_PART_HOURS: dict[str, frozenset[int]] = {
    "morning": frozenset(range(12)),
    "afternoon": frozenset(range(12, 21)),
    "evening": frozenset(range(16, 24)),
    "night": frozenset({*range(7), 21, 22, 23}),
}
_FOLLOWING = re.compile(r" ([a-z]+)")
_PREPOSITIONS = frozenset(
    [
        "in",
        "di",
        "del",
        "della",
        "dell",
        "da",
        "dal",
        "by",
        "circa",
        "a",
        "ad",
        "al",
        "nel",
        "nella",
        "per",
        "con",
        "presso",
        "su",
        "e",
        "il",
        "la",
        "lo",
        "on",
    ]
)


def _shifted(hour: int, minute: int, groups: dict[str, str | None], prefix: str) -> Time | None:
    """Return the time with the minutes in words: "e mezza", "meno un quarto", "quarter to"."""
    fraction, sign = groups[f"{prefix}fraction"], groups[f"{prefix}sign"]
    if fraction:
        size = _FRACTIONS.get(fraction, 15)
        shift = -size if sign == "meno" else size
    elif plus := groups[f"{prefix}plus"]:
        shift = _number(plus)
    elif minus := groups[f"{prefix}minus"]:
        shift = -_number(minus)
    elif past := groups["past"]:
        word = past.removesuffix(" minutes").replace("-", " ")
        size = 30 if word == "half" else 15 if "quarter" in word else _english_minutes(word)
        shift = size if groups["direction"] == "past" else -size
    else:
        return Time(hour, minute)
    total = 60 * hour + minute + shift
    return Time(*divmod(total, 60)) if 0 <= total < 24 * 60 else None


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else NUMBERS[word]


def _english_minutes(word: str) -> int:
    return {"twenty": 20, "twenty five": 25}.get(word) or _number(word)


def _is_plain_time(groups: dict[str, str | None], *, is_separate: bool) -> bool:
    """Return whether a number without "ore" or "alle" is a time: "14:30", "14.30"."""
    return bool(
        groups["minute"]
        and groups.get("sep") not in {",", " e "}
        and (is_separate or groups["gap"])
    )


def _with_zone(
    time: Time, groups: dict[str, str | None], *, iso: bool, is_followed: bool
) -> Time | None:
    """Return the time in the zone that follows it; None when it is unclear which zone is meant."""
    written = groups["zone"]
    if not written:
        return time
    zone = written.lstrip(" ([,")
    if zone[0] in "+-":
        is_zone = _is_offset(zone, time, groups, iso=iso, is_spaced=written[0] == " ")
        if is_zone is False:
            return time
        offset = _offset(zone) if is_zone else None
        return None if offset is None else time._replace(offset=offset)
    to_the_second = groups["second"] is not None or groups["gap"] == "t"
    is_sure = to_the_second or bool(groups.get("half"))
    if zone in _WORDS and is_followed and not is_sure:
        return time if groups.get("mark") else None
    if zone in {"et", "ct", "mt", "pt"} and not is_sure:
        return time
    known = _zone(zone)
    return None if known is None else time._replace(offset=known)


def _is_offset(
    zone: str, time: Time, groups: dict[str, str | None], *, iso: bool, is_spaced: bool
) -> bool | None:
    """Return whether a signed number is an offset, not the end of a span: "10:00-12:00".

    None when it can be either.
    """
    if groups["minute"] is None:
        return False
    if groups["second"] is not None or groups["gap"] == "t" or zone[0] == "+":
        return True
    hours = int(zone[1:3])
    if len(zone) == len("-0500") and ":" not in zone:
        return True
    end = 60 * hours + int(zone[4:] or 0)
    is_later = end > 60 * time.hour + time.minute
    if hours > _WIDEST_WEST or groups.get("mark"):
        return False
    if is_later:
        return None if is_spaced and hours <= _LONGEST_NIGHT_SPAN else False
    return True if is_spaced or iso else None


def _offset(zone: str) -> timedelta | None:
    match = _OFFSET.search(zone)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset > _WIDEST_OFFSET:
        return None
    return -offset if match[1] == "-" else offset


def _zone(zone: str) -> timedelta | ZoneInfo | None:
    """Return the zone of a name or of an offset from UTC; None when it is not known."""
    if zone[:3] in {"utc", "gmt"} and zone[3:]:
        return _offset(zone)
    if zone in _ZONES or zone in _WORDS:
        return timedelta(hours=(_ZONES | _WORDS)[zone])
    if seasonal := _SEASONAL.get(zone.partition(" ")[0]):
        return ZoneInfo(seasonal)
    if "/" not in zone:
        return None
    # tzdata writes "America/New_York", "America/Port_of_Spain".
    name = re.sub(r"(?<![a-z])(?!of_|es_)[a-z]", lambda letter: letter[0].upper(), zone)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


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
    stated_zone = timezone(offset) if isinstance(offset, timedelta) else offset or zone
    stated = datetime(day.year, day.month, day.day, hour, minute, second or 0, tzinfo=stated_zone)
    # Through UTC, because converting to the same zone leaves a skipped hour unchanged.
    value = stated.astimezone(UTC).astimezone(zone)
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return None
    precision: Precision = "minute" if second is None else "second"
    return ItalianDate(value, precision, weekday_mismatch, has_zone=offset is not None)
