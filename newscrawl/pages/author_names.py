"""Turns what bylines and metadata write in the author's place into the names of people."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newscrawl.dates.words import MONTHS, UNITS, WEEKDAYS
from newscrawl.items import Author
from newscrawl.pages.byline_additions import without_additions
from newscrawl.text import decode_entities, strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

AGENCIES = frozenset(
    [
        "ansa",
        "agi",
        "adnkronos",
        "askanews",
        "lapresse",
        "italpress",
        "dire",
        "nova",
        "radiocor",
        "aska",
        "ap",
        "afp",
        "reuters",
        "dpa",
        "efe",
        "upi",
        "pa",
        "tass",
        "xinhua",
        "bloomberg",
        "kyodo",
        "interfax",
        "epa",
        "getty",
        "ipa",
        "apcom",
        "omnimilano",
        "omniroma",
        "9colonne",
    ]
)
"""Names of news agencies, casefolded."""

_NETWORK = (
    r"(?:(?<!\w)(?:su\s+)?(?:twitter|instagram|facebook|threads|telegram|x|e-?mail|mail)"
    r"\b\s*:?\s*)?"
)
_MAIL = re.compile(
    _NETWORK + r"[(\[<]?\s*(?:mailto:\s*)?[^\s()<>\[\],;|/]+@[\w-]+(?:\.[\w-]+)+\s*[)\]>]?", re.I
)
_ACCOUNT = re.compile(_NETWORK + r"[(\[]?(?<![\w.])@\w+[)\]]?", re.I)
_RIGHTS = re.compile(
    r"\s*(?:©|\(c\)|copyright\b|(?:tutti\s+i\s+)?diritti\s+riservati|riproduzione\s+riservata).*\Z",
    re.IGNORECASE | re.DOTALL,
)
_PLACEHOLDERS = frozenset({"null", "undefined", "none", "nan", "n/a", "n.d.", "false"})
"""What templates print in the place of a name that they do not have."""
_ADDRESS = re.compile(
    r"(?:\w+:)?//\S+|\bwww\.\S+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/\S*|(?<!\S)(?:[a-z0-9-]+\.)+(?:it|com|net"
    r"|org|eu|info|tv|news|example)(?!\S)",
)
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join([*sorted(WEEKDAYS, key=len, reverse=True), "lunedì", "martedì", "mercoledì"])
_WEEKDAY += "|giovedì|venerdì"
_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_CLOCK = r"(?:[\s,|·-]*(?:alle|ore|at|h)?[\s.:]*\d{1,2}[.:]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?)"
_DATE = re.compile(
    r"[\s,(|·–—-]*(?<!\w)(?:(?:pubblicat[oa]|pubbl\.|aggiornat[oa]|aggiornamento"
    r"|agg\.(?:to)?|agg(?=:)|ult\.|ultim[oa]|modific(?:a|at[oa])|upd\.|published|updated|posted|last)[\s:]+)*"
    r"(?:(?:il|on|del|dal|in data)\s+)?"
    rf"(?:(?:{_WEEKDAY})'?[.,]?\s+)?"
    r"(?:"
    rf"\d{{1,2}}\s?[°ºo]?[\s./-]*(?:di\s+)?(?:{_MONTH})\b\.?(?:[\s,./-]*(?:del\s)?'?(?:\d{{4}}|\d{{2}}\b))?"
    rf"|(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!\s*(?:{_MONTH})\b)(?:,?\s+\d{{4}})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}[/-]\d{1,2}[/-]\d{1,2}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?"
    rf"|\d{{1,3}}\s?(?:{_UNIT})\.?\s+(?:fa|ago)"
    r")"
    + _CLOCK
    + r"?[\s)]*|[\s,(|·–—-]+(?:ieri|oggi|yesterday|today)\b"
    + _CLOCK
    + r"?[\s)]*\Z|"
    + _CLOCK.replace("*(?:alle", "+(?:alle", 1)
    + r"\s*\Z",
    re.IGNORECASE,
)
_ROLE = (
    r"(?:inviat[oaie]|corrispondent[ei]|(?:vice\s?)?direttor[ei]|direttrice|capo\s?redattor[ei]"
    r"|redattor[ei]|redattrice|giornalist[aei]|editorialist[ae]|opinionist[ae]|collaborator[ei]"
    r"|collaboratrice|fotograf[oai])"
)
_DESCRIPTION = re.compile(
    rf"(?:{_ROLE}|docente|avvocat[oa]|professore(?:ssa)?|medico|psicolog[oa]|psicoterapeuta"
    r"|nutrizionista|economista|scrittore|scrittrice|saggista|critic[oa]|ricercatore|ricercatrice"
    r"|espert[oa]|presidente|responsabile|blogger|copywriter)\b(?!['’])",
    re.IGNORECASE,
)
_CAPITALS = r"(?-i:[^\W\d_a-zà-ÿ]\S*\s+[^\W\d_a-zà-ÿ])"
_TITLE = re.compile(
    r"(?:(?:del(?:la)?\s+|dell['’]\s*)?(?:(?:dott|prof|dr)(?:\.\s?ssa|\.|ssa\.?)"
    r"|(?:avv|ing|arch|geom|rag|on|sen)\.)"
    rf"\s*)+(?={_CAPITALS})",
    re.IGNORECASE,
)
"""Before a full name: "Avv. Mario Rossi"."""
_PLACE = r"(?:Reggio (?:Emilia|Calabria)|Città del \S+|Rio de Janeiro"
_PLACE += r"|(?:(?:New|Los|San|Santa|Tel|Hong|Buenos|Abu|La|L')\s+)?\S+)"
_CITIES = frozenset({
    "roma", "milano", "napoli", "torino", "palermo", "genova", "bologna", "firenze", "bari",
    "catania", "venezia", "verona", "trieste", "bruxelles", "parigi", "londra", "berlino",
    "madrid", "mosca", "kiev", "washington", "gerusalemme",
})  # fmt: skip
"""Where authors write from, behind or before their names."""
_PREFIX = re.compile(
    r"(?:(?:(?:scritto|pubblicato|redatto|realizzato|firmato|written|posted|published|created)\s+)?"
    r"(?:by|da|di)|(?:(?:articolo|test[oi]|serviz(?:io|i)|intervista|video)\s+)?a\s+cura\s+d(?:i|el|ella|ello|ei|egli|elle)|a\s+firma\s+di|autor[ei]|autrice|author|firma(?:to)?"
    r"|(?:testo\s+)?raccolt[oa]\s+da"
    r"|(?:vedi\s+)?(?:tutti\s+gli|altri)\s+articoli\s+di|guest\s+post\s+(?:di|by)"
    r"|(?:l['’]\s*|il\s+|la\s+|un[oa]?\s+|un['’]\s*)?(?:articolo|test[oi]|serviz(?:io|i)|intervista|inchiesta|reportage|story"
    r"|words|text|video|commento|editoriale|opinione|analisi|punto|corsivo|recensione|rubrica)"
    r"(?:\s+(?:e|and)\s+(?:foto|photos?|video))?\s+(?:di|by)"
    rf"|(?:d(?:a|e)(?:l|lla|i|lle)|il|la)?\s*nostr[oaie]\s+{_ROLE}"
    rf"(?:\s+(?:a|ad|in|da)\s+(?:\S+,|{_PLACE}(?=\s+\S+\s+\S)))?"
    rf"|(?:d(?:a|e)(?:l|lla|i|lle)\s+|d(?:a|e)ll['’]\s*){_ROLE}"
    rf"(?:\s+(?:a|ad|in|da)\s+(?:\S+,|{_PLACE}(?=\s+\S+\s+\S)))?"
    rf"|{_ROLE}(?:\s+responsabile)?(?=\s*:)"
    rf"|(?:il|la|l['’])\s*{_ROLE}(?:\s+(?:generale|editoriale|responsabile))?(?=\s+{_CAPITALS})"
    rf"|segui(?=\s+{_CAPITALS})|fonte(?=\s+(?:{'|'.join(sorted(AGENCIES))})\s*\Z)"
    r"|from)(?=\s|:)[\s:]*|a\s+cura\s+dell['’]\s*|d[ae]lla\s+(?:nostra\s+)?(?=redazione)|(?:di|by|autore|author|testo|firma|fonte|source):\s*",
    re.IGNORECASE,
)
_NOBILIARY = frozenset({"Di", "Da"})
_STRONG = re.compile(r"\s*[;|•·\n\t]\s*|\s+\*+\s+|\s+[/\\]\s*|\s*[/\\]\s+|(?<=\w{3})/(?=\w{3})")
_DASH = re.compile(r"\s+[-–—]+\s+|\s*[–—]\s*")
_AND = re.compile(r"\s*,?\s+(?:ed?|and|et|und|y|con|with)\s+|\s*[&+]\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_RUN = re.compile(r"[\s,;|•·(–—-]{20,}")
"""Signs between names, of which patterns would try every part."""
_MIN_RUN = 60
"""Characters of a text in which runs of signs take time."""
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]{0,60})[)\]]")
_ASIDE = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_CREDIT = re.compile(
    r"(?:foto(?:grafi[ae])?|photos?|ph\.?|immagin[ei])\s*(?::|di\b|by\b)", re.IGNORECASE
)
_SUFFIX = re.compile(r"(?:jr|sr|ph\.?d|m\.?d|ii|iii|iv|esq)\.?", re.IGNORECASE)
_FOR = re.compile(r"\s+(?:per|for|in)\s+(\S.*)\Z", re.IGNORECASE)
_OF = re.compile(r"\s+d(?:i|el|ella|ello|ell['’])\s*(?<=[\s'’])(\S.*)\Z", re.IGNORECASE)
_POSTED = re.compile(r"\s+ad?\s+[A-Z][^,|;]*\Z")
_LONGEST = 1_000
"""Characters of a text that are read."""
_DESK = re.compile(r"(?:la\s+)?(?:redazione|staff|newsroom|desk)\b", re.IGNORECASE)
_PARTICLES = frozenset(
    [
        "de",
        "di",
        "da",
        "del",
        "della",
        "dello",
        "dei",
        "degli",
        "d'",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "bin",
        "al",
        "ten",
        "ter",
        "y",
        "dos",
        "das",
    ]
)
_INNER_PARTICLES = frozenset({"dal", "dalla", "dai", "dagli", "dalle", "delle", "lo", "li"})
_ELIDED = re.compile(r"d(?:[ae]ll)?['’]\w|de['’]\Z", re.IGNORECASE)
"""Particles of surnames that stand behind a first name: "Nando dalla Chiesa", "Ugo dell'Acqua"."""
_EDGES = " \t,;:|·•–—-/\\_*"
_FULL_STOP = re.compile(r"(?<=\w{4})\.+\Z")


def authors_of(
    entries: Iterable[tuple[str, str | None]], *, names_of_site: Iterable[str] = ()
) -> list[Author]:
    """Return the authors named in texts with their addresses, each once, in order.

    A text may name several people, be introduced by "di" or "a cura di", and have dates, mail
    addresses, accounts, and the marks of agencies and of the site. A text that is an address has
    no name. An agency or the site that stands alone stays.
    """
    marks = _marks_of(tuple(names_of_site))
    authors: dict[str, Author] = {}
    for text, url in entries:
        names = names_in(text, marks)
        for name in names:
            author = authors.setdefault(name.casefold(), Author(name))
            if author.url is None and len(names) == 1:
                author.url = url
    return list(authors.values())


@lru_cache(maxsize=100)
def _marks_of(names_of_site: tuple[str, ...]) -> frozenset[str]:
    return AGENCIES | {name.casefold() for name in names_of_site}


def names_in(text: str, marks: frozenset[str] = AGENCIES) -> list[str]:
    """Return the names in one text.

    >>> names_in("di Anna Berti e Ugo Lari (ANSA) 20 Novembre 2026")
    ['Anna Berti', 'Ugo Lari']
    >>> names_in("https://www.example.it/author/anna-berti/")
    []
    """
    return [*_names_in(text[:_LONGEST], marks)]


@lru_cache(maxsize=1_000)
def _names_in(text: str, marks: frozenset[str]) -> tuple[str, ...]:
    """Return the names in one text; a site's authors recur from page to page."""
    text = strip_tags(decode_entities(text))
    if text.strip(_EDGES).casefold() in _PLACEHOLDERS:
        return ()
    if text.isalpha():
        return () if _PREFIX.fullmatch(f"{text} ") else (text,)
    if len(text) > _MIN_RUN:
        text = _RUN.sub(" | ", text)
    for pattern in (_MAIL, _ACCOUNT, _ADDRESS):
        text = pattern.sub(" | ", text) if _may_have(pattern, text) else text
    if any(map(str.isdigit, text)) or "ieri" in text.casefold() or "oggi" in text.casefold():
        text = _DATE.sub(" | ", text)
    text = _RIGHTS.sub("", text)
    text = without_additions(text)
    text = _BRACKETS.sub(lambda match: _bracketed(match, marks), text)
    parts = _STRONG.split(text)
    if len(parts) > 1:
        parts = [part for part in parts if not _DESCRIPTION.match(part)] or parts
    names = [name for part in parts for name in _names_of_part(part, marks)]
    people = [name for name in names if _mark(name) not in marks]
    return tuple({name.casefold(): name for name in people or names}.values())


def _may_have(pattern: re.Pattern[str], text: str) -> bool:
    return ("." in text or "/" in text) if pattern is _ADDRESS else "@" in text


def _mark(name: str) -> str:
    return name.casefold().removeprefix("agenzia ").strip()


def _bracketed(match: re.Match[str], marks: frozenset[str]) -> str:
    """Return an aside in brackets, but for marks: agencies, places in capitals, descriptions."""
    inner = match[1].strip()
    is_named = _mark(inner) in marks or _mark(inner).partition(" ")[0] in AGENCIES
    is_mark = is_named or not inner or inner.isupper() or inner[0].islower()
    if is_named and _mark(inner) in marks:
        return f" | {inner} | "
    if is_mark and not is_named and " " not in inner:
        return ""
    is_alone = not match.string.replace(match[0], "").strip(_EDGES)
    return "" if (is_mark or inner.casefold() in _CITIES) and not is_alone else match[0]


def _names_of_part(part: str, marks: frozenset[str]) -> list[str]:
    part = _unprefixed(part)
    if aside := _ASIDE.fullmatch(part):
        part = aside[1]
    parts = _DASH.split(part)
    own = [piece for piece in parts if not _CREDIT.match(piece)] or parts
    part = part if len(own) == len(parts) else own[0]
    pieces = [_unprefixed(piece) for piece in own]
    if len(pieces) > 1:
        people = [piece for piece in pieces if _is_full_name(piece)]
        marked = [piece for piece in pieces if _mark(piece) in marks]
        if not people and not marked:
            return [part] if _has_letter(part) else []
        return [name for piece in people or marked for name in _split(piece, marks)]
    return _split(part, marks)


def _split(text: str, marks: frozenset[str]) -> list[str]:
    """Return the people whom commas and "e" join; text that is one name stays whole."""
    if not _has_letter(text):
        return []
    if (aside := _FOR.search(text)) and _is_full_name(text[: aside.start()]):
        text = text[: aside.start()]
    if (of := _OF.search(text)) and _mark(of[1]) in marks and _is_full_name(text[: of.start()]):
        text = text[: of.start()]
    pieces = [_unprefixed(piece) for piece in _COMMA.split(text)]
    pieces = [piece for piece in pieces if piece]
    kept = [piece for piece in pieces if not _is_description(piece)] or pieces
    if len(kept) > 1 and any(map(_is_full_name, kept)):
        kept = [piece for piece in kept if piece.casefold() not in _CITIES]
    if len(kept) > 1 and _SUFFIX.fullmatch(kept[-1]):
        kept[-2:] = [f"{kept[-2]}, {kept[-1]}"]
    parts = [name for piece in kept for name in _joined(piece, marks)]
    if len(parts) > 1 and not all(_is_person(name, marks) for name in parts):
        return _joined(_unprefixed(text), marks)
    return parts


def _joined(text: str, marks: frozenset[str]) -> list[str]:
    if _DESK.match(text) and not _DESK.match(_AND.split(text)[-1]):
        first, *others = _AND.split(text)
        is_desk = _DESK.fullmatch(first) or first.partition(" ")[2].casefold() in marks
        is_list = others and is_desk and all(map(_is_full_name, others))
        return [first, *others] if is_list else [text]
    pieces = [_unprefixed(piece) for piece in _AND.split(text)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 1 and all(_is_person(piece, marks) for piece in pieces):
        return pieces
    return [text.strip(_EDGES)] if text.strip(_EDGES) else []


def _unprefixed(text: str) -> str:
    """Return a text without "di", "by" and the like; "Di Stefano" alone is a surname."""
    text = _FULL_STOP.sub("", text.strip(_EDGES))
    while match := _PREFIX.match(f"{text} "):
        rest = text[match.end() :].strip(_EDGES)
        word = match[0].rstrip()
        if word in _NOBILIARY and rest and not _DESK.match(rest) and len(rest.split()) == 1:
            break
        if word == "Da" and rest:
            break
        if "nostr" in word or "inviat" in word:
            rest = _POSTED.sub("", rest)
        text = rest
    return _TITLE.sub("", text, count=1) if _TITLE.match(text) else text


def without_titles(text: str) -> str:
    """Return a line without the titles before full names.

    >>> without_titles("di Avv. Mario Rossi")
    'di Mario Rossi'
    """
    return _TITLE.sub("", text) if "." in text else text


def _is_person(name: str, marks: frozenset[str]) -> bool:
    return _is_full_name(name) or _mark(name) in marks or bool(_DESK.fullmatch(name))


def _is_full_name(name: str) -> bool:
    """Return whether a text is at least two words that are written as names are."""
    words = name.split()
    return len(words) > 1 and all(
        word[0].isupper()
        or word.casefold() in _PARTICLES
        or (index and (word in _INNER_PARTICLES or _ELIDED.match(word)))
        for index, word in enumerate(words)
    )


def _is_description(text: str) -> bool:
    """Return whether a text says what someone does: "inviata a Roma"."""
    if _DESCRIPTION.match(text):
        return True
    words = text.split()
    return bool(words) and words[0][0].islower() and words[0].casefold() not in _PARTICLES


def _has_letter(text: str) -> bool:
    return any(map(str.isalpha, text))
