"""The place and day that open a news text: "Tokyo, 28 ottobre 2025 – Nel corso"."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from newscrawl.dates import absolute, clock
from newscrawl.dates.words import MONTHS, WEEKDAYS, fold, opening

if TYPE_CHECKING:
    from datetime import tzinfo

    from newscrawl.dates.value import ItalianDate

_LONGEST_PLACE = 40
_LONGEST_DATE = 100
_PLACE = re.compile(
    r"(?:\([^()]{2,30}\) ?[-–—] ?)?"
    r"(?P<place>[^\W\d_](?:[^\W\d_]|[ .'’/-]){0,39}(?:\([^\W\d_][^()\d]{1,24}\))?) ?(?:,| [-–—]) ?"
)
_PARTICLES = {
    "a", "ad", "al", "alla", "allo", "ai", "alle", "d", "da", "dal", "dalla", "de", "degli", "dei",
    "del", "dell", "della", "delle", "dello", "den", "der", "des", "di", "do", "du", "e", "el",
    "en", "im", "in", "la", "las", "le", "les", "lo", "los", "nel", "nell", "nella", "sul", "sull",
    "sulla", "sur", "und", "upon", "van", "von",
}  # fmt: skip
_NOT_PLACES = {
    "ieri", "oggi", "domani", "stamattina", "stamani", "stasera", "stanotte", "adesso", "ora",
    "pubblicato", "pubblicata", "aggiornato", "aggiornata", "modificato", "redazione", "by", "di",
    "da", "fonte", "foto", "video", "dopo", "prima", "dal", "fino", "entro", "era", "data",
    "secondo", "con", "per", "intanto",
    *WEEKDAYS, *MONTHS,
}  # fmt: skip
_BORN = re.compile(r"\w+[aiu]t[aeio] (?:a|ad|in|nel|nella|il|lo|la|presso)(?!\w)|mort[aeio] ")
_OPENS_TEXT = re.compile(r"[ .,]{0,2}[(-]")
_WEEKDAY_FIRST = re.compile(r"(?P<weekday>[a-z]{3,9})'?[,.]{0,2} (?:il )?$")


def find_dateline(
    text: str, *, reference: datetime, timezone: tzinfo = clock.ITALY
) -> tuple[str, date] | None:
    """Return the place as written and the day of a dateline that opens `text`, if one does.

    `reference` is an aware time, ideally that of publication: a missing year is the latest
    one up to it, in `timezone`. A dash or a parenthesis (an agency's name) must follow the
    date, as in the texts of the Italian agencies; otherwise a sentence that begins with a
    place and a day would be read as a dateline.

    Raises:
        ValueError: `reference` is naive.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2026, 11, 23, 14, tzinfo=UTC)
    >>> find_dateline("Tokyo, 28 ottobre 2025 – Nel corso della visita", reference=now)
    ('Tokyo', datetime.date(2025, 10, 28))
    >>> find_dateline("Nato a Roma, 28 ottobre 1950, ha vinto", reference=now)
    """
    clock.check_reference(reference)
    head = opening(text)
    match = _PLACE.match(head)
    if match is None or not _is_place(match["place"]):
        return None
    dated = _leading_date(fold(head[match.end() :][:_LONGEST_DATE]), reference, timezone)
    if dated is None:
        return None
    day = dated.value
    return match["place"].rstrip(), day.date() if isinstance(day, datetime) else day


def _leading_date(rest: str, reference: datetime, zone: tzinfo) -> ItalianDate | None:
    shape = next(absolute.shapes(rest), None)
    if shape is None:
        return None
    if shape.start:
        lead = _WEEKDAY_FIRST.match(rest[: shape.start])
        if lead is None or lead["weekday"] not in WEEKDAYS:
            return None
    try:
        match = absolute.resolve(rest, shape, reference, zone)
    except OverflowError:
        return None
    opens = _OPENS_TEXT.match(rest, match.end) if match else None
    if not match or not opens:
        return None
    # "28 ottobre - 2 novembre" is a period.
    until = next(absolute.shapes(rest[opens.end() :].lstrip()), None)
    return None if until and until.start == 0 else match.date


def _is_place(place: str) -> bool:
    plain = fold(place)
    words = re.split(r"[ /-]+", plain.rstrip(" ."))
    if len(place) > _LONGEST_PLACE or not place[0].isupper() or _BORN.match(plain):
        return False
    if words[0] in _NOT_PLACES:
        return False
    written = re.split(r"[ /(-]+", place.rstrip(" ."))
    return all(
        word[:1].isupper() or word.partition("'")[0] in _PARTICLES
        for word in (part.replace("’", "'") for part in written)
    )
