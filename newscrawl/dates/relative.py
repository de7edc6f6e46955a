"""Relative dates, counted from when they are read: "3 giorni fa", "5 months ago", "ieri, 18:05"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dates import clock
from newscrawl.dates.absolute import DateMatch
from newscrawl.dates.words import DAYS, MONTHS_OF, NUMBERS, SCAN, SECONDS, UNITS

if TYPE_CHECKING:
    from datetime import tzinfo

_HINT = re.compile(
    r"fa(?![a-z])|ago(?![a-z])|or sono|ieri|oggi|stamattin|stamani|stamane|stasera"
    r"|quest[ao] (?:mattin|ser|pomer)|adesso|ora$|momento$|now$|today|yesterday"
)
_AMOUNT = r"[0-9]{1,5}|[a-z]{1,14}'?"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_AGO = re.compile(
    r"(?<![\w.,:/-])(?:(?P<fraction>un quarto d'ora|tre quarti d'ora|mezz'? ?ora|half an hour)"
    rf"|(?P<n>{_AMOUNT}) ?(?P<unit>{_UNIT})(?![a-z])(?P<half> e mezz[oa])?"
    rf"(?:(?: ed?|,| and) (?P<n2>{_AMOUNT}) ?(?P<unit2>{_UNIT})(?![a-z]))?)"
    r" (?:fa|ago|or sono)(?!\w)"
)
_FRACTIONS = {"un quarto d'ora": 15, "tre quarti d'ora": 45}
"""Minutes; the other fractions are half an hour."""
_HALVES = {"ora": (SECONDS, 1800), "hour": (SECONDS, 1800), "anno": (MONTHS_OF, 6)}
_HALVES |= {"ore": _HALVES["ora"], "anni": _HALVES["anno"]}

_DAY_WORD = re.compile(
    r"(?<!\w)(?:(?P<two>l'altro ?ieri|altro ?ieri|ieri l'altro|avant'? ?ieri)|(?P<one>ieri)"
    r"|oggi|stamattina|stamani|stamane|questa mattina|poco fa"
    r"|(?:pochi|qualche) (?:second|minut|istant|attim)[oie] fa"
    r"|(?P<late>stasera|questa sera|questo pomeriggio))(?!\w)"
    r"(?: (?:(?P<pm>pomeriggio|sera)|mattina|mattino|notte)(?!\w))?"
)
_WHOLE = re.compile(
    r"(?:(?:pubblicato|aggiornato|published|updated)[: ]{1,2})?"
    r"(?:(?:(?:proprio |just |right )?(?:ora|adesso|now)|in questo momento)$"
    r"|(?P<day>today|yesterday)(?=$|,| (?:at )?[0-9]))"
)
_HALF_DAY = 12


class _Count(NamedTuple):
    """Distance into the past; `seconds` is None when only whole days are counted."""

    months: int
    days: int
    seconds: int | None


def find(text: str, reference: datetime, zone: tzinfo, end: int) -> DateMatch | None:
    """Return the first relative date that begins before `end` of a folded text.

    It counts from `reference`, the time of reading, in the time zone of the text.

    Raises:
        OverflowError: the date is outside the calendar.
    """
    if not _HINT.search(text, 0, end):
        return None
    now = reference.astimezone(zone)
    candidates = (_ago(text, now, zone, end), _day_word(text, now, zone, end))
    matches = [match for match in candidates if match]
    return min(matches, key=lambda match: match.start) if matches else _whole(text, now, zone)


def _ago(text: str, now: datetime, zone: tzinfo, end: int) -> DateMatch | None:
    for match in _AGO.finditer(text, 0, end):
        if match.start() >= SCAN:
            break
        count = _count(match)
        if count is None:
            continue
        day = _back(now.date(), count)
        if count.seconds is None:
            return _on(text, match, day, zone, late=False)
        moment = datetime.combine(day, now.timetz()).astimezone(UTC)
        moment = (moment - timedelta(seconds=count.seconds)).astimezone(zone)
        return _at(match, moment, zone)
    return None


def _count(match: re.Match[str]) -> _Count | None:
    """Return how far back an "ago" counts; None when its words are not numbers."""
    if fraction := match["fraction"]:
        return _Count(0, 0, 60 * _FRACTIONS.get(fraction, 30))
    total = {MONTHS_OF: 0, DAYS: 0}
    for n, unit in ((match["n"], match["unit"]), (match["n2"], match["unit2"])):
        if unit is None:
            continue
        number = int(n) if n.isdecimal() else NUMBERS.get(n)
        if number is None:
            return None
        kind, size = UNITS[unit]
        total[kind] = total.get(kind, 0) + number * size
    if match["half"]:
        if match["unit"] not in _HALVES:
            return None
        kind, size = _HALVES[match["unit"]]
        total[kind] += size
    return _Count(total[MONTHS_OF], total[DAYS], total.get(SECONDS))


def _back(day: date, count: _Count) -> date:
    """Return the day that many months and days earlier; too short a month gives its last day."""
    if count.months:
        years, month = divmod(day.year * 12 + day.month - 1 - count.months, 12)
        if years < 1:
            raise OverflowError("before the year 1")
        last = monthrange(years, month + 1)[1]
        day = date(years, month + 1, min(day.day, last))
    return day - timedelta(days=count.days)


def _day_word(text: str, now: datetime, zone: tzinfo, end: int) -> DateMatch | None:
    match = _DAY_WORD.search(text, 0, end)
    if match is None or match.start() >= SCAN:
        return None
    days = 2 if match["two"] else 1 if match["one"] else 0
    late = bool(match["late"] or match["pm"])
    return _on(text, match, now.date() - timedelta(days=days), zone, late=late)


def _whole(text: str, now: datetime, zone: tzinfo) -> DateMatch | None:
    match = _WHOLE.match(text)
    if match is None:
        return None
    if match["day"] is None:
        return _at(match, now, zone)
    days = 1 if match["day"] == "yesterday" else 0
    return _on(text, match, now.date() - timedelta(days=days), zone, late=False)


def _on(
    text: str, match: re.Match[str], day: date, zone: tzinfo, *, late: bool
) -> DateMatch | None:
    time, _ = clock.after(text, match.end())
    time = time or clock.before(text[max(0, match.start() - 40) : match.start()])
    if late and time and 1 <= time.hour < _HALF_DAY:
        time = time._replace(hour=time.hour + _HALF_DAY)
    value = clock.in_zone(day, time, zone)
    return None if value is None else DateMatch(match.start(), match.end(), value)


def _at(match: re.Match[str], moment: datetime, zone: tzinfo) -> DateMatch | None:
    time = clock.Time(moment.hour, moment.minute, None, moment.utcoffset())
    value = clock.in_zone(moment.date(), time, zone)
    return None if value is None else DateMatch(match.start(), match.end(), value)
