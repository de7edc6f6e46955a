"""Italian articles and prepositions, elided and joined as grammar wants them."""

from __future__ import annotations

from dataclasses import dataclass

VOWELS = frozenset("aeiouàèéìòùAEIOUÀÈÉÌÒÙ")
_LO = ("gn", "pn", "ps", "x", "y", "z")
_SOFT_H = ("ha", "he", "hi", "ho", "hu")

_JOINED = {
    "di": ("del", "dello", "dell’", "della", "dei", "degli", "delle"),
    "a": ("al", "allo", "all’", "alla", "ai", "agli", "alle"),
    "da": ("dal", "dallo", "dall’", "dalla", "dai", "dagli", "dalle"),
    "in": ("nel", "nello", "nell’", "nella", "nei", "negli", "nelle"),
    "su": ("sul", "sullo", "sull’", "sulla", "sui", "sugli", "sulle"),
}
_ARTICLES = ("il", "lo", "l’", "la", "i", "gli", "le")


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun phrase without article; gender "m" or "f"."""

    text: str
    gender: str = "m"
    plural: bool = False


def noun(entry: str) -> Noun:
    """Read "m:accordo", "f:intesa", "mp:Stati Uniti" or "fp:forze dell’ordine".

    >>> noun("fp:associazioni di categoria")
    Noun(text='associazioni di categoria', gender='f', plural=True)
    """
    kind, _, text = entry.partition(":")
    return Noun(text, kind[0], kind.endswith("p"))


def vowel(text: str) -> bool:
    """Return whether a word elides: it begins with a vowel or a silent h."""
    low = text[:2].lower()
    return (text[:1] in VOWELS and not (low[:1] == "i" and low[1:] in ("a", "o", "e", "u"))) or (
        low in _SOFT_H and not text[:1].isupper()
    )


def impure(text: str) -> bool:
    """Return whether a masculine word wants "lo": z, gn, ps, s and consonant ..."""
    low = text.lower()
    if low.startswith(_LO):
        return True
    if low[:1] == "i" and low[1:2] in ("a", "o", "e", "u"):
        return True
    return len(low) > 1 and low[0] == "s" and low[1].isalpha() and low[1] not in VOWELS


def _form(item: Noun) -> int:
    text = item.text
    if item.plural:
        if item.gender == "f":
            return 6
        return 5 if vowel(text) or impure(text) else 4
    if vowel(text):
        return 2
    if item.gender == "f":
        return 3
    return 1 if impure(text) else 0


def _join(article: str, text: str) -> str:
    return f"{article}{text}" if article.endswith("’") else f"{article} {text}"


def definite(item: Noun) -> str:
    """Return the noun with its definite article.

    >>> [definite(noun(n)) for n in ("m:accordo", "m:sciopero", "f:intesa", "fp:intese")]
    ['l’accordo', 'lo sciopero', 'l’intesa', 'le intese']
    """
    return _join(_ARTICLES[_form(item)], item.text)


def joined(preposition: str, item: Noun) -> str:
    """Return preposition, definite article and noun.

    >>> joined("di", noun("mp:ospiti")), joined("in", noun("f:città"))
    ('degli ospiti', 'nella città')
    """
    return _join(_JOINED[preposition][_form(item)], item.text)


def indefinite(item: Noun) -> str:
    """Return the noun with its indefinite article; of a plural, the partitive.

    >>> [indefinite(noun(n)) for n in ("m:accordo", "m:zaino", "f:intesa", "f:nave")]
    ['un accordo', 'uno zaino', 'un’intesa', 'una nave']
    """
    if item.plural:
        return joined("di", item)
    if item.gender == "f":
        return f"un’{item.text}" if vowel(item.text) else f"una {item.text}"
    return f"uno {item.text}" if impure(item.text) else f"un {item.text}"


def ending(item: Noun) -> str:
    """Return the last letter of a participle that agrees: o, a, i, e."""
    if item.plural:
        return "e" if item.gender == "f" else "i"
    return "a" if item.gender == "f" else "o"


def to(place: str) -> str:
    """Return "a" or "ad" and a city.

    >>> to("Roma"), to("Ancona")
    ('a Roma', 'ad Ancona')
    """
    return f"ad {place}" if place[:1] in ("A", "a") else f"a {place}"
