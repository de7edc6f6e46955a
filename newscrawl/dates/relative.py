"""Relative dates, counted from when they are read: "3 giorni fa", "5 months ago", "ieri, 18:05"."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dates import clock
from newscrawl.dates.absolute import DateMatch
from newscrawl.dates.words import (
    DAYS,
    MONTHS_OF,
    NUMBERS,
    SCAN,
    SECONDS,
    UNIT_LETTERS,
    UNITS,
)

if TYPE_CHECKING:
    from datetime import tzinfo

_HINT = re.compile(
    r"fa(?![a-z])|ago(?![a-z])|or sono|ieri|ier ?sera|oggi|stamattin|stamani|stamane|stasera"
    r"|quest[ao] (?:mattin|ser|pomer)|adesso|ora$|momento$|now$|today|yesterday"
)
_WORD = r"[a-z]{1,15}'?"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_LETTER = "|".join(UNIT_LETTERS)
_QUANTITY = (
    rf"(?:[0-9]{{1,5}} ?(?:{_UNIT}|{_LETTER})(?![a-z])|(?:{_WORD}) ?(?:{_UNIT})(?![a-z]))\.?"
)
_AGO = re.compile(
    r"(?<![\w.,:/-])(?P<bound>(?:(?:piu|meno) di|oltre|almeno) )?"
    r"(?P<either>(?:[0-9]{1,3}|un[ao]?|due|tre|quattro|cinque|sei|sette) o )?"
    r"(?:(?P<fraction>un quarto d'ora|tre quarti d'ora|mezz['a]? ?ora|half an hour)"
    rf"|(?P<quantities>{_QUANTITY}(?:(?: ed? |, ?| and | )?{_QUANTITY}){{0,3}})"
    r"(?P<half> e mezz[oa])?(?P<quarters> e (?:un quarto|tre quarti))?"
    r"(?:(?:(?<=[0-9]h) ?|(?<=[0-9]h) e |(?<=or[ae]) e )(?P<minutes>[0-5]?[0-9]))?)"
    r"(?: |(?<=\.))(?:fa|ago|or sono)(?!\w)"
)
_AMOUNT_AND_UNIT = re.compile(
    rf"(?:(?P<digits>[0-9]{{1,5}}) ?(?P<letter>{_UNIT}|{_LETTER})(?![a-z])"
    rf"|(?P<word>{_WORD}) ?(?P<unit>{_UNIT})(?![a-z]))"
)
_QUARTERS = {" e un quarto": 900, " e tre quarti": 2700}
"""Seconds of an hour."""
_FRACTIONS = {"un quarto d'ora": 15, "tre quarti d'ora": 45}
"""Minutes; the other fractions are half an hour."""
_LONGER = (SECONDS, DAYS, MONTHS_OF)
_HALVES = {"ora": (SECONDS, 1800), "hour": (SECONDS, 1800), "anno": (MONTHS_OF, 6)}
_HALVES |= {"ore": _HALVES["ora"], "anni": _HALVES["anno"]}

_DAY_WORD = re.compile(
    r"(?<!\w)(?:(?P<two>l'altro ?ieri|altro ?ieri|ieri l'altro|avant'? ?ieri)"
    r"|(?P<one>ieri|ier(?P<last_evening> ?sera))"
    r"|(?<!d')oggi(?!\.[a-z])|stamattina|stamani|stamane|questa mattina|poco fa"
    r"|(?:pochi|qualche|alcuni) (?:second|minut|istant|attim)[oie] fa"
    r"|un (?:istante|attimo|momento) fa"
    r"|(?P<evening>stasera|questa sera)|(?P<afternoon>questo pomeriggio))(?!\w)"
    r"(?: (?P<part>pomeriggio|sera|mattina|mattino|notte)(?!\w))?"
)
_WHOLE = re.compile(
    r"(?:(?:pubblicato|aggiornato|published|updated)[: ]{1,2})?"
    r"(?:(?:(?:proprio |just |right )?(?:ora|adesso|now)|in questo momento)$"
    r"|(?P<day>today|yesterday)(?=$|,| (?:at )?[0-9]))"
)


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
            if match["either"]:
                continue
            return _on(text, match, day, zone)
        moment = datetime.combine(day, now.timetz()).astimezone(UTC)
        moment = (moment - timedelta(seconds=count.seconds)).astimezone(zone)
        if match["bound"] or match["either"]:
            # "più di 2 ore fa" says no more than the day.
            return _on(text, match, moment.date(), zone)
        return _at(match, moment, zone)
    return None


def _count(match: re.Match[str]) -> _Count | None:
    """Return how far back an "ago" counts; None when its words are not numbers."""
    if fraction := match["fraction"]:
        return _Count(0, 0, 60 * _FRACTIONS.get(fraction, 30))
    total = {MONTHS_OF: 0, DAYS: 0}
    unit, previous = "", None
    for part in _AMOUNT_AND_UNIT.finditer(match["quantities"]):
        number = int(part["digits"]) if part["digits"] else NUMBERS.get(part["word"])
        if number is None:
            return None
        unit = part["letter"] or part["unit"]
        kind, size = UNITS.get(unit) or UNIT_LETTERS[unit]
        rank = _LONGER.index(kind), size
        if previous is not None and rank >= previous:
            # "Lettura: 2 minuti, 5 giorni fa" is five days ago.
            total = {MONTHS_OF: 0, DAYS: 0}
        previous = rank
        total[kind] = total.get(kind, 0) + number * size
    if match["half"]:
        if unit not in _HALVES:
            return None
        kind, size = _HALVES[unit]
        total[kind] += size
    if match["quarters"]:
        if UNITS.get(unit) != UNITS["ora"]:
            return None
        total[SECONDS] += _QUARTERS[match["quarters"]]
    if match["minutes"]:
        total[SECONDS] += 60 * int(match["minutes"])
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
    evening = match["evening"] or match["last_evening"]
    part = match["part"] or (evening and "sera") or (match["afternoon"] and "pomeriggio")
    return _on(text, match, now.date() - timedelta(days=days), zone, part=part or None)


def _whole(text: str, now: datetime, zone: tzinfo) -> DateMatch | None:
    match = _WHOLE.match(text)
    if match is None:
        return None
    if match["day"] is None:
        return _at(match, now, zone)
    days = 1 if match["day"] == "yesterday" else 0
    return _on(text, match, now.date() - timedelta(days=days), zone)


def _on(
    text: str, match: re.Match[str], day: date, zone: tzinfo, *, part: str | None = None
) -> DateMatch | None:
    time, _ = clock.after(text, match.end(), part=part)
    time = time or clock.before(text[max(0, match.start() - 40) : match.start()], part=part)
    value = clock.in_zone(day, time, zone)
    return None if value is None else DateMatch(match.start(), match.end(), value)


def _at(match: re.Match[str], moment: datetime, zone: tzinfo) -> DateMatch | None:
    time = clock.Time(moment.hour, moment.minute, None, moment.utcoffset())
    value = clock.in_zone(moment.date(), time, zone)
    return None if value is None else DateMatch(match.start(), match.end(), value)
