"""The date lines as the theme prints them, and what a reader can know from one."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from twin.model import Card, Switches

ROME = ZoneInfo("Europe/Rome")
UTC = ZoneInfo("UTC")
MONTHS = (
    "Gennaio", "Febbraio", "Marzo", "Aprile", "Maggio", "Giugno",
    "Luglio", "Agosto", "Settembre", "Ottobre", "Novembre", "Dicembre",
)  # fmt: skip
MONTHS_IN_TEXT = tuple(name.lower() for name in MONTHS)
WEEKDAYS = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
UPDATED = " - Updated on "
"""The theme's own words, which an Italian WordPress does not translate."""

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WEEK, _MONTH, _YEAR = 7 * _DAY, 30 * _DAY, 365 * _DAY


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date: its text, the value in ISO 8601, day, minute or second, and where it was read."""

    raw: str
    value: str
    precision: str
    source: str = "visible"

    @property
    def day(self) -> str:
        """The day alone."""
        return self.value[:10]


def day_text(moment: date) -> str:
    """Return a day as the site's date format has it.

    >>> day_text(date(2025, 10, 28))
    '28 Ottobre 2025'
    """
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def header_text(now: datetime) -> str:
    """Return the header's clock: "lunedì 19 Gennaio 2026"."""
    return f"{WEEKDAYS[now.weekday()]} {day_text(now)}"


def updated(post: Card) -> bool:
    """Return whether the theme shows the modified date: only when it is a later day."""
    return post.modified.date() > post.published.date()


def _age(post: Card, now: datetime) -> tuple[int, str, str]:
    # WordPress' human_time_diff: rounds within each unit, at least 1.
    seconds = max(0, int((now - post.published).total_seconds()))
    for limit, unit, singular, plural in (
        (_HOUR, _MINUTE, "minuto", "minuti"),
        (_DAY, _HOUR, "ora", "ore"),
        (_WEEK, _DAY, "giorno", "giorni"),
        (_MONTH, _WEEK, "settimana", "settimane"),
        (_YEAR, _MONTH, "month", "months"),
    ):
        if seconds < limit:
            count = max(1, int(seconds / unit + 0.5))
            return count, singular, plural
    return max(1, int(seconds / _YEAR + 0.5)), "year", "years"


def ago_text(post: Card, now: datetime) -> str:
    """Return the relative form, in the theme's mixed language: "3 giorni ago"."""
    count, singular, plural = _age(post, now)
    return f"{count} {singular if count == 1 else plural} ago"


def card(post: Card, switches: Switches, now: datetime) -> str:
    """Return the date line of a card."""
    kind = switches.visible_date
    if kind == "ago":
        return ago_text(post, now)
    if kind == "published" or not updated(post):
        return day_text(post.published)
    if kind == "both":
        return f"{day_text(post.published)}{UPDATED}{day_text(post.modified)}"
    return day_text(post.modified)


def single(post: Card, switches: Switches, now: datetime) -> str:
    """Return the date line of an article's own page."""
    if switches.visible_date != "custom":
        return card(post, switches, now)
    return f"{post.modified if updated(post) else post.published:%d/%m/%Y %H:%M}"


def _day_reading(moment: datetime) -> ParsedDate:
    return ParsedDate(day_text(moment), moment.date().isoformat(), "day")


def _ago_reading(post: Card, printed: datetime, fetched: datetime) -> ParsedDate:
    count, singular, _ = _age(post, printed)
    raw = ago_text(post, printed)
    local = fetched.astimezone(ROME)
    if singular in ("minuto", "ora"):
        moment = fetched.astimezone(UTC) - timedelta(
            minutes=count * (1 if singular == "minuto" else 60)
        )
        value = moment.astimezone(ROME).replace(second=0, microsecond=0)
        return ParsedDate(raw, value.isoformat(), "minute")
    if singular in ("giorno", "settimana"):
        days = count * (1 if singular == "giorno" else 7)
        return ParsedDate(raw, (local.date() - timedelta(days=days)).isoformat(), "day")
    months = local.year * 12 + local.month - 1 - count * (1 if singular == "month" else 12)
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return ParsedDate(raw, date(year, month + 1, min(local.day, last)).isoformat(), "day")


def read(
    post: Card, switches: Switches, *, printed: datetime, fetched: datetime, on_card: bool = False
) -> tuple[ParsedDate, ParsedDate | None]:
    """Return what the date line says: its date, and the one after "Updated on".

    `printed` is the site's clock, `fetched` the reader's.
    """
    kind = switches.visible_date
    if kind == "ago":
        return _ago_reading(post, printed, fetched), None
    if kind == "custom" and not on_card:
        shown = post.modified if updated(post) else post.published
        # The line names no offset: an hour that comes twice is read as the first.
        moment = shown.replace(second=0, microsecond=0, fold=0)
        return ParsedDate(f"{shown:%d/%m/%Y %H:%M}", moment.isoformat(), "minute"), None
    if kind == "published" or not updated(post):
        return _day_reading(post.published), None
    if kind == "both":
        return _day_reading(post.published), _day_reading(post.modified)
    return _day_reading(post.modified), None
