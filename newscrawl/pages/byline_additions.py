"""What bylines add to their names: credits, roles, collaborators, times of reading, counts."""

from __future__ import annotations

import re

_HINT = re.compile(
    r"foto|photo|(?<!\w)ph[.:]|immagin|illustr|disegn|grafic|montaggio|riprese|trad|collabora"
    r"|inviat|corrispond|giornalist|dirett|redatt|altri|others|al\.|lettura|read|min|comment|[«“\"]",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\s*[«“\"]\s*([^«»“”\"]+?)\s*[»”\"]\s*\Z")
_COUNTS = re.compile(
    r"[\s|,·–—-]*(?:(?:tempo\s+di\s+)?lettura:?\s*\d+\s*min\w*\.?"
    r"|(?<!\w)\d+\s*(?:['’]|min(?:\.|ut[oi]|utes?|s)?)\s*(?:di\s+lettura|read(?:ing)?)(?!\w)"
    r"|(?<!\w)\d+\s+comment(?:[is]|o)?(?!\w)|(?<!\w)comment[is]:?\s*\d+"
    r"|[|·–—-]\s*\d+\s*min(?:\.|uti)?\s*\Z)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\s+(?:ed?|and|et|&)\s+(?:\d+\s+)?(?:altr[ie](?:\s+\d+)?(?:\s+autori)?|others?|al\.)\s*\Z",
    re.IGNORECASE,
)
_CREDITED = (
    r"(?:foto(?:grafi[ae])?|photos?|ph\.?|immagin[ei]|illustrazion[ei]|disegn[oi]|grafica"
    r"|montaggio|riprese|traduzione|trad\.)"
)
_BY = r"(?:\s*:|\s+(?:di|by|a\s+cura\s+di)(?!\w)|\s+d['’])"
_CREDIT_FIRST = re.compile(
    rf"\A\s*{_CREDITED}{_BY}[^|;/–—]*?(?:[|;/–—]\s*(?=\S)|(?:,|\s+e)\s+(?=test[oi]\s))",
    re.IGNORECASE,
)
_CREDIT_LAST = re.compile(
    r"(?:\s*[.,;|/–—-]\s*|\s+)(?:(?:e|and|con)\s+)?"
    rf"{_CREDITED}(?:{_BY}|(?<=[.,;|/–—-] foto)\s(?=\S+\s*\Z)|(?<=ph\.)\s+(?=\w\w+\s+\w))"
    r"[^|;,/–—]*",
    re.IGNORECASE,
)
_TEXTS = re.compile(
    r"(?:test[oi]|articolo|servizi(?:o|i)|video|parole|intervista|foto(?:grafie)?|text|words|story)\W*\Z",
    re.IGNORECASE,
)
_WITH = re.compile(
    r"[\s.,;|(–—-]*(?<!\w)(?:ha(?:nno)?\s+collaborato|con\s+la\s+collaborazione\s+d\S+"
    r"|in\s+collaborazione\s+con)(?!\w)[\s:]*",
    re.IGNORECASE,
)
_ROLE_LAST = re.compile(
    r"\s+(?:(?:d(?:al|alla|ai|alle)\s+)?(?:nostr[oaie]\s+)?(?:inviat[oaie]|corrispondent[ei])"
    r"(?:\s+(?:a|ad|in|da|di|per|speciale|dall['’]\w+)(?!\w)[^|;,()–—]*)?"
    r"|(?i:(?:giornalista|(?:vice)?direttore|direttrice|(?:capo)?redattore|redattrice)"
    r"(?:\s+(?:responsabile|professionista|pubblicista))?))\s*\Z"
)


def without_additions(text: str) -> str:
    """Return a byline's text without credits, roles and counts; names and their signs stay.

    >>> without_additions("Testo di Anna Berti, foto di Ugo Lari")
    'Testo di Anna Berti'
    >>> without_additions("Testo e foto di Anna Berti")
    'Testo e foto di Anna Berti'
    """
    if not _HINT.search(text):
        return text
    if quoted := _QUOTED.match(text):
        text = quoted[1]
    text = _OTHERS.sub("", _COUNTS.sub(" | ", text))
    text = _CREDIT_FIRST.sub("", text)
    text = _CREDIT_LAST.sub(_credit, text)
    if collaborators := _WITH.search(text):
        before = text[: collaborators.start()]
        text = before if _ends_in_name(before) else text[collaborators.end() :]
    if (role := _ROLE_LAST.search(text)) and _ends_in_name(text[: role.start()]):
        text = text[: role.start()]
    return text


def _credit(match: re.Match[str]) -> str:
    return "" if _ends_in_name(match.string[: match.start()]) else match[0]


def _ends_in_name(text: str) -> bool:
    """Return whether two words with capitals end a text, and not "Testi, Video"."""
    words = text.split()
    return (
        len([word for word in words if word[0].isupper()]) > 1
        and words[-1][0].isupper()
        and not _TEXTS.search(text)
    )
