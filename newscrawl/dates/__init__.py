"""Parses Italian dates: an exact grammar of the forms that news sites print.

`parse` reads one date, `find_dateline` the place and day that open a text,
`split_updated` separates the two dates of one label. All are pure and take linear time:
they fold the text once and then search its first few hundred characters. docs/dates.md
states the rules. See decision 20 in docs/decisions.md.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from newscrawl.dates import absolute, clock, fallback, other_languages, relative, timestamp
from newscrawl.dates.dateline import find_dateline
from newscrawl.dates.updated import split_updated
from newscrawl.dates.value import ItalianDate, Precision
from newscrawl.dates.words import MONTHS, WEEKDAYS, fold
from newscrawl.text import fold as fold_space

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.dates.absolute import DateMatch

# Most dates of cards: lists and related posts repeat them from page to page.
_DAY = re.compile(rf"[0-9]{{1,2}} (?:{'|'.join(MONTHS)}) [0-9]{{4}}")
ITALIAN = "it"
_MAX_CACHED = 100
"""Characters."""
_IN_ANY_LANGUAGE = re.compile(
    r"\A\W*(?:[0-9]{4}-[0-9]{2}|[0-9]{10,14}\W*\Z|(?:mon|tue|wed|thu|fri|sat|sun), [0-9])"
    r"|\b(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|dicembre)\b"
)
"""Dates as in metadata, and months whose names are Italian; `novembre` is French too."""
_AGO = re.compile(r"\b(?:ago|today|yesterday)\b")
_ANY_REFERENCE = datetime(2000, 1, 1, tzinfo=UTC)
_LEADING_WORDS = WEEKDAYS.keys() | {"", "e", "il"}

# "ago" is also short for agosto: a number follows it then.
_RELATIVE = re.compile(
    r"(?:\b|(?<=\d[a-z]))(?:ago(?!\.?\s*\d)|fa|or sono|oggi|ieri|ier ?sera|today|yesterday)\b",
    re.IGNORECASE,
)

__all__ = ["ItalianDate", "Precision", "find_dateline", "is_relative", "parse", "split_updated"]


@lru_cache(maxsize=1_000)
def is_relative(text: str) -> bool:
    """Return whether a date's text counts from when it is read: "2 ore fa", "ieri"."""
    return bool(_RELATIVE.search(text))


def parse(
    text: str, *, reference: datetime, timezone: tzinfo = clock.ITALY, language: str = ITALIAN
) -> ItalianDate | None:
    """Return the first date that `text` states, or None when it states none.

    `reference` is the aware time at which the text was read: relative dates count from it,
    and a day without a year is the latest one up to it. `timezone` is where the text was
    written, by default Europe/Rome: times of day without an offset are local to it, and all
    results are in it, whatever the zone of `reference`. A date must begin within the first 300
    characters, white space folded. Words before and after a date do not matter. A day that
    does not exist is not a date, a time of day that does not exist is ignored. No text
    raises.

    A text in another `language` (BCP 47 primary subtag) has a date if it states day, month and
    year and they cannot be mistaken for each other; numbers that may change places are not a
    date. Dates as in metadata, and with the Italian name of a month, are read in any language.

    Raises:
        ValueError: `reference` is naive.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 23, 14, tzinfo=UTC)
    >>> parse("Pubblicato il 28 Ottobre 2025", reference=now).isoformat()
    '2025-10-28'
    >>> parse("28 luglio, ore 14.30", reference=now).isoformat()
    '2026-07-28T14:30:00+02:00'
    >>> parse("2 ore ago", reference=now).isoformat()
    '2026-11-23T13:00:00+01:00'
    >>> from zoneinfo import ZoneInfo
    >>> parse("28 luglio, ore 14.30", reference=now, timezone=ZoneInfo("UTC")).isoformat()
    '2026-07-28T14:30:00+00:00'
    >>> parse("ottobre 2025", reference=now)
    """
    clock.check_reference(reference)
    if language == ITALIAN and len(text) <= _MAX_CACHED:
        stated = _stated_date(text, timezone)
    else:
        stated = timestamp.read(text, timezone)
    if stated is not None:
        return stated
    folded = fold(text)
    if language != ITALIAN and not _is_in_any_language(folded, language):
        return _in_other_language(text, reference, timezone, language)
    try:
        date = _first_date(folded, reference, timezone)
    except OverflowError:
        return None
    if date is None and language != ITALIAN:
        # "8 de marzo de 2026": some months have one name in both languages.
        return _in_other_language(text, reference, timezone, language)
    return date


@lru_cache(maxsize=128)
def _stated_date(text: str, zone: tzinfo) -> ItalianDate | None:
    """Return the date of a text that states it whole: the same whenever and by whom it is read.

    The cards of a site's pages repeat dates.
    """
    if (instant := timestamp.read(text, zone)) is not None:
        return instant
    folded = fold(text)
    if not _DAY.fullmatch(folded):
        return None
    try:
        return _same_day(folded, zone)
    except OverflowError:
        return None


def _is_in_any_language(folded: str, language: str) -> bool:
    """Return whether the Italian grammar reads a text in another language."""
    is_november = "novembre" in folded and language != "fr"
    return is_november or bool(_IN_ANY_LANGUAGE.search(folded))


def _in_other_language(
    text: str, reference: datetime, zone: tzinfo, language: str
) -> ItalianDate | None:
    date = other_languages.absolute(fold_space(text), zone, language)
    if date is not None or language != "en":
        return date
    # The grammar knows the theme's English: "2 hours ago".
    folded = fold(text)
    match = relative.find(folded, reference, zone, len(folded)) if _AGO.search(folded) else None
    return match.date if match else None


@lru_cache(maxsize=4_096)
def _same_day(text: str, zone: tzinfo) -> ItalianDate | None:
    """Return the date of a text that states the year: the same from wherever it is read."""
    return _first_date(text, _ANY_REFERENCE, zone)


def _first_date(text: str, reference: datetime, zone: tzinfo) -> ItalianDate | None:
    absolute_match, has_shape = None, False
    for shape in absolute.shapes(text):
        has_shape = True
        if absolute_match := absolute.resolve(text, shape, reference, zone):
            break
    end = absolute_match.start if absolute_match else len(text)
    relative_match = relative.find(text, reference, zone, end) if end else None
    if relative_match and not (absolute_match and _leads_to(text, relative_match, absolute_match)):
        return relative_match.date
    if absolute_match:
        return absolute_match.date
    return None if has_shape else fallback.read(text, zone)


def _leads_to(text: str, relative_match: DateMatch, absolute_match: DateMatch) -> bool:
    """Return whether "oggi" only introduces the date beside it: "Oggi, martedì 28 ottobre"."""
    between = text[relative_match.end : absolute_match.start].split()
    return all(word.strip(" ,('.:") in _LEADING_WORDS for word in between)
