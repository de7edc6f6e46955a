"""Recognises the lines around a headline: titles with the site's name, bylines, dates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.dates.words import MONTHS, UNITS, WEEKDAYS
from newscrawl.dates.words import fold as without_accents
from newscrawl.pages.author_names import names_in, without_titles
from newscrawl.pages.byline_additions import without_additions
from newscrawl.text import fold, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE_MARKS = re.compile(r"(?:\s+(?:[-–—|»«·•:›‹<>~⋆★*/]|::|//|[›»]{2})|\s*\|)\s+")
_LINE_WORDS = frozenset(
    {
        "agg", "aggiornamento", "aggiornata", "aggiornato", "ago", "alle",
        "pubbl", "revisionato", "ult", "upd", "am", "at", "by", "cest",
        "cet", "da", "data", "del", "di", "e", "fa", "h", "il", "in", "la", "last", "le",
        "lettura", "lo", "min", "minuti", "minuto", "modifica", "modificato", "modified", "on",
        "ieri", "ora", "ore", "pm", "posted", "pubblicata", "pubblicato", "pubblicazione",
        "published", "revisione", "rivisto", "update",
        "redazione", "staff", "tempo", "the", "ultima", "ultimo", "un", "una", "updated",
    }
)  # fmt: skip
_BESIDE_DATES = frozenset(
    {
        "circa", "dalle", "meno", "mezza", "mezzo", "mezzogiorno", "mezzanotte", "mattina", "notte",
        "pomeriggio", "quarto", "sera", "verso",
    }
)  # fmt: skip
"""Words of the day's times: "di sera", "dalle 14 alle 16" alone are text."""
_BYLINE_WORDS = _LINE_WORDS | {
    "a", "articolo", "collaborato", "corrispondente", "corrispondenti", "cura", "dai", "dal",
    "dall", "dalla", "della", "foto", "ha", "inviata", "inviate", "inviati", "inviato", "nostra",
    "nostre", "nostri", "nostro", "scritto", "servizio", "testi", "testo",
}  # fmt: skip
_SENT_TO = re.compile(r"(?<=\s|['’])(inviat[oaie]|corrispondent[ei])\s(?:a|ad|in|da)\s[A-ZÀ-Þ]\S*")
_OTHER_LANGUAGES = frozenset(
    {
        "aktualisiert", "am", "stand", "uhr", "um", "veroffentlicht", "vom",
        "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
        "januar", "februar", "marz", "mai", "juni", "juli", "oktober", "dezember",
        "a", "jour", "mis", "publie",
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
        "janvier", "fevrier", "mars", "avril", "juin", "juillet", "aout", "septembre", "octobre",
        "decembre", "actualizado", "de", "el", "las", "publicado",
        "lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo",
        "enero", "febrero", "abril", "mayo", "junio", "julio", "septiembre", "octubre",
        "noviembre", "diciembre",
        "janeiro", "fevereiro", "marco", "maio", "junho", "julho", "setembro", "outubro",
        "novembro", "dezembro", "januari", "februari", "maart", "mei", "augustus",
        "marec", "maj", "junij", "julij", "avgust",
    }
)  # fmt: skip
"""Words around dates in German, French and Spanish; months in Portuguese, Dutch and Slovenian."""
_DATED = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d)?\d\d\b|\b\d{4}-\d\d-\d\d\b|\b(?:oggi|ieri)\b"
)
_OF_DATES = frozenset({*MONTHS, *WEEKDAYS, *UNITS})
_AROUND_DATES = _BESIDE_DATES | _OTHER_LANGUAGES
_OF_DAYS = frozenset(
    {*MONTHS, *WEEKDAYS, *(word for word in _OTHER_LANGUAGES if len(word) > 3)} - {"jour", "stand"}
)
_EDGES = " ·|–—-:,.*"
_PERSON = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]*(?:\s(?:[A-ZÀ-Þ][\w.'’-]*|d[aeiu]|de[il]|del\w*|von|van|la|lo)){1,4}"
)
BYLINE = re.compile(
    r"\W*(?:(?:articolo\s|test[oi]\s(?:e\sfoto\s)?|servizio\s|scritto\s|pubblicato\s|inviato\s"
    r"|postato\s|redatto\s|posted\s|written\s|published\s)?(?:di|da|by|von|par|por|door)"
    r"|d(?:al|alla|ai)\s(?:nostr[oaie]\s)?(?:inviat[oaie]|corrispondent[ei])|dall['’]\s?inviat[oa]"
    r"|a\scura\sd(?:i|el|ella)|autor[ei]|firma|author)(?:\s?:)?\s",
    re.IGNORECASE,
)
_FROM = re.compile(r"\W*da(?:l|ll['’]|lla|i)\s?(?:nostr|inviat|corrispondent)", re.IGNORECASE)
_DESK = re.compile(r"\W*(?:di|a\scura\sd(?:i|ella))\sredazione\W*", re.IGNORECASE)
_MODIFIED = re.compile(
    r"\W*(?:ult(?:im[oa]\s|\.\s?))?(?:agg[.:]|aggiorna(?:t[oa]|mento)|modificat?[oa]?|revisione|rivist[oa]"
    r"|revisionat[oa]|last\supdated?|upd\.|updated|modified)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+")
MAX_LINE = 160
MAX_TITLE = 1_000
"""Characters of the longest title that is divided into its parts."""


def title_without_site(title: str, site_names: Iterable[str], headings: Iterable[str] = ()) -> str:
    """Return a title without the site's name before or behind it.

    A part of the title that the page shows as a heading is the whole headline.

    >>> title_without_site("La strada - La Valle Notizie", ["La Valle Notizie"])
    'La strada'
    >>> title_without_site("La strada - il torrente", ["La Valle"])
    'La strada - il torrente'
    >>> title_without_site("La Valle: dieci anni - La Valle", ["La Valle"])
    'La Valle: dieci anni'
    """
    title = strip_tags(title)
    names = {fold(name).casefold() for name in site_names if name}
    shown = {fold(heading).casefold() for heading in headings if heading}
    rest: str | None = title
    while rest is not None and len(rest) <= MAX_TITLE:
        title, is_ended = _without_ends(rest, names, shown)
        # A headline may begin with the site's name where the title ends with it.
        rest = None if is_ended else _without_first(title, names, shown)
    return title


def _without_ends(title: str, names: set[str], shown: set[str]) -> tuple[str, bool]:
    """Return a title without what is behind its headline, and whether that was a name."""
    is_ended = False
    for mark in reversed([*TITLE_MARKS.finditer(title)]):
        end = title[mark.end() :].casefold()
        if mark.end() < len(title) and (end in names or title[: mark.start()].casefold() in shown):
            is_ended = is_ended or end in names
            title = title[: mark.start()]
    return title, is_ended


def _without_first(title: str, names: set[str], shown: set[str]) -> str | None:
    """Return a title without one name before it; None without one."""
    for mark in TITLE_MARKS.finditer(title):
        if title[: mark.start()].casefold() in names:
            return title[mark.end() :]
    before, colon, rest = title.partition(": ")
    is_named = colon and before.casefold() in names and title.casefold() not in shown
    return rest if is_named else None


def is_date_or_byline(text: str, authors: Iterable[str] = ()) -> bool:
    """Return whether a line has nothing but a date, people, and words that introduce them.

    A name alone is a line of authors only if it is one of `authors`.

    >>> is_date_or_byline("di Anna Berti | 20 novembre 2026, ore 10:30")
    True
    >>> is_date_or_byline("Venerdì 20 novembre 2026 | 10:30")
    True
    >>> is_date_or_byline("Anna Berti"), is_date_or_byline("Anna Berti", ["Anna Berti"])
    (False, True)
    >>> is_date_or_byline("Il 20 novembre 2026 apre il ponte")
    False
    """
    if len(text) > MAX_LINE:
        return False
    folded = text.casefold()
    for name in authors:
        if folded.strip(_EDGES) == name.casefold():
            return True
    words, rest = _LINE_WORDS, folded
    if BYLINE.match(text):
        bare = without_titles(without_additions(text))
        words, rest = _BYLINE_WORDS, _SENT_TO.sub(r"\1", bare).casefold()
    elif not any(map(str.isdigit, text)):
        return False
    rest = BYLINE.sub(" ", rest, count=1)
    names = [*authors, *names_of_people(text)]
    for name in names:
        rest = rest.replace(name.casefold(), " ")
    found = WORD.findall(without_accents(rest))
    others = [word for word in found if not (word in words or word in _OF_DATES)]
    if not others:
        return True
    is_dated = bool(names) or any(map(_OF_DAYS.__contains__, found)) or _DATED.search(folded)
    return bool(is_dated) and _AROUND_DATES.issuperset(others)


def is_byline(line: str) -> bool:
    """Return whether a line names people, or the editorial desk, as authors.

    >>> is_byline("di Anna Berti"), is_byline("A cura della redazione"), is_byline("di nuovo")
    (True, True, False)
    """
    return bool(BYLINE.match(line) and (_DESK.fullmatch(line) or names_of_people(line)))


def is_of_change(line: str) -> bool:
    """Return whether a line with a date says that it is that of a change.

    >>> is_of_change("Ultimo aggiornamento: 3 marzo 2026"), is_of_change("3 marzo 2026")
    (True, False)
    """
    return _MODIFIED.match(line) is not None


def names_of_people(line: str) -> list[str]:
    """Return the names of people in a line, as far as they are written as names are.

    >>> names_of_people("di Anna Berti"), names_of_people("di nuovo in piazza")
    (['Anna Berti'], [])
    """
    introduction = BYLINE.match(line)
    # The words before a correspondent's place distinguish it from the name.
    if introduction and not _FROM.match(line):
        line = line[introduction.end() :]
    return [name for name in names_in(line) if _PERSON.fullmatch(name)]
