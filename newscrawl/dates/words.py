"""The vocabulary of dates, and the folded form in which texts are parsed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SCAN = 300
"""Characters of a text, white space folded, within which a date must begin."""
WINDOW = SCAN + 120
"""Characters that are read: a date that begins just before `SCAN` is read to its end."""

_MONTH_SPELLINGS = (
    "gennaio gen genn gennaro january jan",
    "febbraio feb febb febbr february",
    "marzo mar marz march",
    "aprile apr april",
    "maggio mag magg may",
    "giugno giu giugn june jun",
    "luglio lug lugl july jul",
    "agosto ag ago agos august aug",
    "settembre set sett settem settemb september sep sept",
    "ottobre ott ottob october oct",
    "novembre nov novem novemb november",
    "dicembre dic dicem dicemb december dec",
)
MONTHS = {
    spelling: number
    for number, spellings in enumerate(_MONTH_SPELLINGS, start=1)
    for spelling in spellings.split()
}
_FULL_MONTHS = "|".join(spellings.split()[0] for spellings in _MONTH_SPELLINGS)
EVERYDAY_MONTHS = frozenset({"set", "sett", "mar", "march", "may", "ag"})
"""Month names that are also other words ("vince in 3 set"): alone they need a date's context."""

_WEEKDAY_SPELLINGS = (
    "lunedi lun monday mon",
    "martedi mar tuesday tues tue",
    "mercoledi mer wednesday wed",
    "giovedi gio thursday thurs thur thu",
    "venerdi ven friday fri",
    "sabato sab saturday sat",
    "domenica dom sunday sun",
)
WEEKDAYS = {
    spelling: number
    for number, spellings in enumerate(_WEEKDAY_SPELLINGS)
    for spelling in spellings.split()
}
"""Spelling to `date.weekday()`, Monday is 0."""

SECONDS, DAYS, MONTHS_OF = "seconds", "days", "months"
_UNIT_SPELLINGS = (
    (SECONDS, 1, "secondo secondi sec second seconds secs"),
    (SECONDS, 60, "minuto minuti min minute minutes mins"),
    (SECONDS, 3600, "ora ore h hour hours hr hrs"),
    (DAYS, 1, "giorno giorni gg g day days"),
    (DAYS, 7, "settimana settimane sett week weeks wk wks"),
    (MONTHS_OF, 1, "mese mesi month months mo mos"),
    (MONTHS_OF, 12, "anno anni year years yr yrs"),
)
UNITS = {
    spelling: (kind, size)
    for kind, size, spellings in _UNIT_SPELLINGS
    for spelling in spellings.split()
}
UNIT_LETTERS = {
    "s": (SECONDS, 1), '"': (SECONDS, 1), "''": (SECONDS, 1), "m": (SECONDS, 60),
    "'": (SECONDS, 60), "d": (DAYS, 1), "w": (DAYS, 7), "y": (MONTHS_OF, 12),
}  # fmt: skip
"""Units of one letter that stand for one only after digits: "5m ago"."""

_DIGITS, _TEENS, _TENS, _ENGLISH = (
    words.split()
    for words in (
        "uno due tre quattro cinque sei sette otto nove",
        "dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove",
        "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
        "one two three four five six seven eight nine ten eleven twelve",
    )
)


def _number_words() -> dict[str, int]:
    words = {word: number for number, word in enumerate(_DIGITS + _TEENS, start=1)}
    for tens, ten in enumerate(_TENS, start=2):
        words[ten] = tens * 10
        for unit, digit in enumerate(_DIGITS, start=1):
            stem = ten[:-1] if digit in {"uno", "otto"} else ten
            words[stem + digit] = tens * 10 + unit
        words[f"{ten[:-1]}un"] = tens * 10 + 1
    words |= {word: number for number, word in enumerate(_ENGLISH, start=1)}
    return words | {"cento": 100} | dict.fromkeys(("un", "un'", "una", "a", "an"), 1)


NUMBERS = _number_words()
"""Number words, Italian to one hundred ("trentotto"), English to twelve."""

_APOSTROPHES = "‘’‛ʼʹ′´`＇"
_DASHES = "‐‑‒–—―−﹣－"
_BULLETS = "•·∙●▪◦⋅»›¦◆⏰⏱⌚🕒🕐🕓🗓📅📆"
_INVISIBLE = (*range(0x20), *range(0x7F, 0xA0), *range(0x300, 0x370), 0xAD, 0x61C)
_INVISIBLE += (
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFE0F,
    0xFEFF,
)


def _plain_letters() -> dict[int, str | None]:
    table: dict[int, str | None] = {}
    for code in range(0xC0, 0x180):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii():
            table[code] = base
    table |= dict.fromkeys(_INVISIBLE)
    table |= dict.fromkeys(map(ord, _APOSTROPHES), "'")
    table[ord("″")] = '"'
    table |= dict.fromkeys(map(ord, "∶："), ":")
    table |= dict.fromkeys(map(ord, _DASHES), "-")
    table |= dict.fromkeys(map(ord, _BULLETS), "|")
    return table | dict.fromkeys(map(ord, "ºª˚"), "°")


_PLAIN = _plain_letters()
_FIRST_OF_MONTH = re.compile(
    r"(?<!\w)primo (?=(?:(?:al|e|o|-) (?:il )?[0-9]{1,2} )?"
    rf"(?:di |del mese di )?(?:{_FULL_MONTHS}))"
)


def opening(text: str) -> str:
    r"""Return the first `WINDOW` characters of a text with its white space folded.

    >>> opening("28\n   Ottobre\xa02025 ")
    '28 Ottobre 2025'
    """
    if len(text) <= WINDOW:
        return " ".join(text.split())
    # A word and its space are at least two characters: these words fill the window.
    words = text.split(None, WINDOW // 2)[: WINDOW // 2]
    return " ".join(words)[:WINDOW]


def fold(text: str) -> str:
    r"""Return the opening of a text in lower case, with plain letters, apostrophes and dashes.

    >>> fold("LUNEDI\u0300 1º Maggio – l’altro")
    "lunedi 1° maggio - l'altro"
    """
    return _plain(opening(text))


@lru_cache(maxsize=4_096)
def _plain(text: str) -> str:
    """Return the opening of a text in plain letters; lists repeat dates from page to page."""
    folded = text.lower()
    if not folded.isascii() or not folded.isprintable():
        folded = " ".join(folded.translate(_PLAIN).split())
    if "primo " in folded:
        folded = _FIRST_OF_MONTH.sub("1° ", folded)
    return folded
