"""Recognises pages about a site, its lists and its services by address and headline.

The words are those that sites use by custom or by law, in Italian, English, German, French and
Spanish. See decision 161 in docs/decisions.md.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

_SMALL = (
    r"(?:(?:l[aeo]?|il|i|gli|di|d|del|dell|della|dei|delle|e|ed|in|sul|sull|sulla|sui|al|alla|the|our"
    r"|of|and|for|to|on|zur?|und|der|die|de|la|les|des|du|et|y|el|our|nostr[aei]|us|uso) )*"
)
_DATA = (
    r"(?:privacy|privatezza|cookies?|gdpr|datenschutz\w*|informativa|policy|policies|estesa|trattamento"
    r"|dati|personali|statement|notice|settings|preferenze|consenso|centre|center|protezione|erklarung"
    r"|politique|confidentialite|politica|privacidad|sito|utenti|lettori)"
)
_ABOUT = re.compile(
    rf"{_SMALL}(?:"
    rf"(?=.*\b(?:privacy|cookies?|gdpr|datenschutz\w*|confidentialite|privacidad)\b)"
    rf"{_DATA}(?: {_SMALL}{_DATA})*"
    r"|(?:note|avvertenze|informazioni|avviso) legal[ei]|legal(?: notice| notes)?|disclaimer"
    r"|mentions legales|aviso legal|impressum|imprint|colophon|gerenza|agb"
    r"|(?:termini|condizioni|terms|conditions)(?: (?:e|and|of|di|d|del|generali|condizioni|termini"
    r"|conditions|use|service|sale|uso|utilizzo|servizio|vendita|abbonamento|sito))*"
    r"|chi siamo|about(?: us)?|uber uns|qui sommes nous|quienes somos"
    r"|(?:la )?redazione|contatt(?:i|aci)(?: la redazione)?|contacts?(?: us)?|kontakt|contacto"
    r"|pubblicita|advertis(?:e|ing)(?: with us)?|werbung|publicite|publicidad"
    r"|abbonamenti|abbonati|subscribe|subscriptions?|newsletters?"
    r"|faq|domande frequenti|frequently asked questions|mappa sito|site ?map|sitemap"
    r"|lavora con noi|careers|accessibilita|dichiarazione accessibilita"
    r"|accedi|log ?in|sign ?in|registrati|registrazione|sign ?up|password dimenticata"
    r"|informativa (?:ai sensi .*(?:regolamento|gdpr|\blgs|\bart\w* \d)"
    r"|sul trattamento (?:dei|di) dati)\b.*|codice (?:etico|deontologico)|netiquette"
    r"|(?:linee guida|regole|policy)(?: per| dei| sui| i| gli)* (?:commenti|utenti|lettori)"
    r"|scrivi(?:ci| redazione)|search|cerca|ricerca"
    r")"
)
_SERVICES = frozenset(
    {
        *("forum", "forums", "viewtopic", "showthread", "thread", "threads", "login", "account"),
        *("utente", "utenti", "user", "users", "carrello", "cart", "checkout", "cerca", "ricerca"),
        *("search", "suche", "recherche", "buscar"),
    }
)
_SEARCHES = frozenset({"q", "query", "search", "keyword", "keywords", "testo", "cerca", "ricerca"})
_LISTS = frozenset(
    {
        *("tag", "tags", "argomento", "argomenti", "tema", "temi", "topic", "topics", "thema"),
        *("categoria", "categorie", "category", "categories", "autore", "autori", "autrice"),
        *("author", "authors", "auteur", "firma", "firme", "profilo", "profili", "profile"),
        *("archivio", "archive", "archives", "archiv", "pagina", "page", "pagine", "pages"),
        *("shop", "store", "negozio", "prodotto", "prodotti", "product", "products"),
        *("servizi", "services", "info", "help", "aiuto", "community", "gallery", "galleria"),
    }
)
_AUTHORS = frozenset(
    {
        *("autore", "autori", "autrice", "author", "authors", "auteur", "firma", "firme"),
        *("profilo", "profili", "profile", "profiles", "redazione", "giornalisti", "staff"),
    }
)
_NAME = re.compile(
    r"[^\W\d_a-zà-ÿ][\w.'’-]*(?:\s(?:[^\W\d_a-zà-ÿ][\w.'’-]*|d\w{1,4}|von|van|la|lo)){0,4}"
)
_MAX_NAME = 100
_WORD = re.compile(r"[a-z0-9]+")
_OF_ONE = re.compile(r"\d|[a-z][-_][a-z]|[a-z]\.[a-z]")
_FILE = re.compile(r"\.\w{2,5}\Z")


def is_about_site(url: str, headings: Iterable[str]) -> bool:
    """Return whether an address or a first-level heading names a page about the site, whole.

    >>> is_about_site("https://www.example.it/it/informativa-sulla-privacy.html", [])
    True
    >>> is_about_site("https://www.example.it/privacy-violata/", ["Privacy violata"])
    False
    >>> is_about_site("https://www.example.it/p/7/", ["Termini e condizioni d’uso"])
    True
    """
    segments = _segments(url)
    names = [_FILE.sub("", segments[-1])] if segments else []
    return any(
        len(name) <= _MAX_NAME and _ABOUT.fullmatch(_plain(name)) for name in (*names, *headings)
    )


def is_of_service(url: str) -> bool:
    """Return whether an address is in a part of a site that never holds articles.

    >>> is_of_service("https://www.example.it/forum/una-domanda.12/")
    True
    """
    return not _SERVICES.isdisjoint(_FILE.sub("", segment) for segment in _segments(url))


def is_of_list(url: str) -> bool:
    """Return whether an address is in a part of a site that seldom holds articles.

    >>> is_of_list("https://www.example.it/autori/anna-berti/")
    True
    """
    return not _LISTS.isdisjoint(_segments(url)[:-1])


def is_of_author(url: str, headings: Iterable[str]) -> bool:
    """Return whether an address in the part of a site for its authors has the name in a heading.

    >>> is_of_author("https://www.example.it/autori/anna-berti/", ["Anna Berti"])
    True
    >>> is_of_author("https://www.example.it/autori/anna-berti/", ["Il ponte riapre"])
    False
    """
    *before, last = _segments(url) or ("",)
    if not before or before[-1] not in _AUTHORS:
        return False
    name = _plain(_FILE.sub("", last))
    return any(_plain(heading) == name and _NAME.fullmatch(heading) for heading in headings)


def is_of_one(url: str) -> bool:
    """Return whether an address ends in a number, in several words or in a file's name.

    >>> is_of_one("https://www.example.it/news/8812"), is_of_one("https://www.example.it/news/")
    (True, False)
    """
    segments = _segments(url)
    return bool(segments) and _OF_ONE.search(segments[-1]) is not None


def is_of_search(url: str) -> bool:
    """Return whether an address has a parameter with words that are searched for.

    >>> is_of_search("https://www.example.it/trova/?q=ponte")
    True
    """
    return not _SEARCHES.isdisjoint(parse_qs(urlsplit(url).query))


@lru_cache(maxsize=100)
def _segments(url: str) -> tuple[str, ...]:
    return tuple(part for part in unquote(urlsplit(url).path).lower().split("/") if part)


def _plain(text: str) -> str:
    """Return the words of a text in ASCII, in lower case."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(c for c in letters if not unicodedata.combining(c))))
