"""Measures the similarity of two texts from small signatures that are stored and indexed.

There are two measures. *Wording* is the Jaccard similarity of the texts' sequences of three
words: the share that both have. *Facts* is the same for names and numbers: an edited agency
text keeps its facts, reports on two earthquakes in the same wording do not. A text is the
same news only if both are high, so `similarity` is their geometric mean.

Both are estimated with MinHash (rensa). Signatures and keys depend on the text alone: not on
process, machine or hash seed. They depend on this module and on rensa's algorithm, identified
by `FORMAT`; signatures of two formats share no keys and cannot be compared.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from operator import eq
from typing import TYPE_CHECKING

from rensa import RMinHash

from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.items import Article

FORMAT = 1
"""Increase it with any change of a text's signature, also one caused by rensa."""
MIN_WORDS = 30
"""Shorter texts have no sketch: a few changed words are a tenth of them, or another event."""
MOST_CHARACTERS = 30_000
"""The rest of a text is ignored, so that a page of any size costs a few milliseconds."""
THRESHOLD = 0.56
"""Two texts with at least this similarity are near-duplicates.

A text with a quarter removed, another quarter added and every thirtieth word changed has about
0.6; two items in the same wording about two events rarely reach 0.5 (docs/duplicates.md).
"""

_RUN = 3
_WORDING, _FACTS, _BANDS = 128, 64, 16
"""Slots of the two parts of a signature, and number of keys."""
_PRIOR = 2
"""Number of added facts with the similarity of the wording: few facts prove little."""
_SEED = 20251028
_LAYOUT = struct.Struct(f"<BB{_WORDING}H{_FACTS}H")
_KEY = struct.Struct("<4H")
_FIRST_SLOT = 2
_FIRST_FACT = _FIRST_SLOT + 2 * _WORDING
_WORD = re.compile(r"[^\W_]+")
# A capital after a word and a space ("di Roma", "lunedì, Meloni") or after an elision
# ("l’Istituto"); at the start of a sentence any word has one. The class stands first because
# a search for lookbehinds would try them at each character.
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ](?:(?<=[\w,;] .)|(?<=[’'].))[^\W_]+")


@dataclass(frozen=True, slots=True)
class Sketch:
    """Signature and index keys of a text.

    Args:
        signature: 386 bytes, for `similarity`.
        bands: 16 keys, signed 64-bit integers; texts that share one are candidates.
    """

    signature: bytes
    bands: tuple[int, ...]


def sketch(text: str) -> Sketch | None:
    """Return the sketch of a text; None if it has fewer than 30 words.

    Case, punctuation and white space do not count as wording.

    >>> words = "uno due tre quattro cinque sei sette otto nove dieci " * 3
    >>> sketch(words) == sketch(words.replace(" ", ", "))
    True
    >>> sketch("Guarda il video")
    """
    head = text[:MOST_CHARACTERS]
    # Case folding never shortens a text, so both cuts are the same in any case.
    words = _WORD.findall(unicodedata.normalize("NFKC", head.casefold()[:MOST_CHARACTERS]))
    if len(words) < MIN_WORDS:
        return None
    facts = {name.casefold() for name in _NAME.findall(head)}
    # Each number with the word before and with the one after: numbers tell events apart.
    numbers = [at for at, word in enumerate(words) if word[0].isdigit()]
    pairs = {*numbers, *(at - 1 for at in numbers)} - {-1, len(words) - 1}
    facts.update(f"{words[at]} {words[at + 1]}" for at in pairs)
    sequences = list(map(" ".join, zip(*(words[at:] for at in range(_RUN)), strict=False)))
    wording_slots = _slots(sequences, _WORDING)
    # Without facts the words are used, or all such texts would share their keys.
    fact_slots = _slots(facts or words, _FACTS)
    signature = _LAYOUT.pack(FORMAT, min(len(facts), 255), *wording_slots, *fact_slots)
    return Sketch(signature, _bands(wording_slots, fact_slots))


def bands(signature: bytes) -> tuple[int, ...]:
    """Return the keys of a signature; none if it has another format."""
    if len(signature) != _LAYOUT.size or signature[0] != FORMAT:
        return ()
    slots = _LAYOUT.unpack(signature)[_FIRST_SLOT:]
    return _bands(slots[:_WORDING], slots[_WORDING:])


def _bands(wording: Sequence[int], facts: Sequence[int]) -> tuple[int, ...]:
    """Return keys, each of three slots of facts and one of wording.

    Items from one template share much of their wording and so would share keys made from it.
    """
    keys = (
        _KEY.pack(*facts[3 * number : 3 * number + 3], number << 12 | wording[number] & 0xFFF)
        for number in range(_BANDS)
    )
    return tuple(int.from_bytes(key, "little", signed=True) for key in keys)


def _slots(features: Iterable[str], number: int) -> list[int]:
    """Return the MinHash of a set, 16 bits a slot; different values collide once in 65,536."""
    minhash = RMinHash(num_perm=number, seed=_SEED + FORMAT)
    minhash.update(features)
    return [slot & 0xFFFF for slot in minhash.digest()]


def similarity(a: bytes, b: bytes) -> float:
    """Return the similarity of the texts of two signatures, from 0 to 1.

    Texts with the same words have 1.0.

    Raises:
        ValueError: a signature has another format.
    """
    for signature in (a, b):
        if len(signature) != _LAYOUT.size or signature[0] != FORMAT:
            raise ValueError("the signature has another format: compute it again from the text")
    if a[_FIRST_SLOT:_FIRST_FACT] == b[_FIRST_SLOT:_FIRST_FACT]:
        return 1.0
    wording = _equal_share(a[_FIRST_SLOT:_FIRST_FACT], b[_FIRST_SLOT:_FIRST_FACT])
    facts = _equal_share(a[_FIRST_FACT:], b[_FIRST_FACT:])
    union_size = (a[1] + b[1]) / (1 + facts)
    facts = (facts * union_size + wording * _PRIOR) / (union_size + _PRIOR)
    return float((wording * facts) ** 0.5)


def _equal_share(a: bytes, b: bytes) -> float:
    slots = memoryview(a).cast("H"), memoryview(b).cast("H")
    shared: int = sum(map(eq, *slots))
    return shared / len(slots[0])


MIN_TEXT_WORDS = 20
"""Shorter texts ("Guarda il video") are equal without being duplicates."""


def text_key(article: Article) -> int:
    """Return the key of an article's text.

    The key is that of the body, ignoring case; for a body under 20 words, that of headline,
    subtitle and body.
    """
    if article.word_count >= MIN_TEXT_WORDS:
        return key_of(article.body.casefold())
    return key_of(f"short {article.content_hash}")
