"""Near-duplicates and look-alikes on the twin's site, for those who tell them apart.

With `Content(rewrites=True)` five generated posts in eight keep their place, date and title but
get another text: an older post's agency text rewritten, a short item off the peg (two of them),
a short item rewritten, or an article that repeats an older one's background. `Rewrites.near`
says which pairs of posts are one text, `traps` which only look so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from html import escape
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from twin.bulletins import KINDS, bulletin
from twin.model import Node
from twin.specials import SPECIALS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from twin.content import Content
    from twin.heads import Card
    from twin.story import Story

ROUND = 8
"""After so many posts the roles begin again."""
AGENCY, BULLETIN, SECOND, REWORDED, BACKGROUND = 2, 3, 4, 6, 7
"""Roles; the others are ordinary posts."""
_STEPS = {AGENCY: 3, REWORDED: 5, BACKGROUND: 2}
"""How many serial numbers on its original stands; a higher number is an older post."""
MOST_LOST = MOST_ADDED = 0.25
"""Shares of an original's words that a rewriter drops and adds at most."""
MOST_SHARED = 0.3
"""Share of an article's words that are another one's background at most."""
EDITED = 0.01, 0.05
"""Share of the words that a rewriter touches."""
REWORDED_SHARE = 0.02, 0.06
"""The same for short items."""
_KINDS = tuple(KINDS)

_SYNONYMS = {
    "anche": "pure", "soprattutto": "in particolare", "soltanto": "solo",
    "vicenda": "questione", "intesa": "accordo",
    "numeri": "dati", "dati": "numeri", "colloquio": "incontro", "opinione": "parere",
    "avverte": "ammonisce", "indica": "segnala", "confida": "rivela", "risponde": "replica",
    "dichiara": "afferma", "chiesto": "domandato", "scelto": "deciso", "raccolto": "ottenuto",
    "riunione": "seduta", "relazione": "rapporto", "almeno": "come minimo", "fino": "sino",
    "registrata": "rilevata", "avvertita": "sentita", "intervenuti": "accorsi", "bilancio": "conto",
    "avvenuto": "accaduto", "prevista": "attesa", "previsto": "atteso", "battuto": "superato",
    "chiude": "termina", "disposto": "ordinato", "arrestato": "fermato", "emerge": "risulta",
    "comprese": "incluse", "costa": "viene", "garantiti": "assicurati", "divampato": "scoppiato",
    "estratti": "usciti", "vincente": "fortunata", "momento": "momento attuale",
}  # fmt: skip
_ASIDES = (
    "a quanto si apprende", "come già riferito", "di fatto", "stando alle prime informazioni",
    "peraltro", "in sostanza", "secondo fonti vicine al dossier", "ad ogni modo",
)  # fmt: skip
_INTROS = (
    "Lo riferisce l’agenzia Meridiana.",
    "La notizia è stata diffusa in mattinata e sta facendo discutere.",
    "Arrivano nuovi particolari su una vicenda seguita con attenzione in queste ore.",
    "Ecco che cosa è successo e che cosa sappiamo finora.",
    "Una notizia attesa da giorni, di cui si parla anche sui social.",
)
_OUTROS = (
    "Notizia in aggiornamento.",
    "Riproduzione riservata.",
    "Continua a leggere sul nostro sito per gli sviluppi.",
    "Fonte: agenzia Meridiana.",
)
_TEXT = frozenset({"paragraph", "heading", "list", "quote"})
_PLAIN_WORD = re.compile(r"[a-zàèéìòù]{4,},?\Z")
_NUMBER = re.compile(r"(?<= )\d\d(?= )")
_TAG = re.compile(r"<[^<>]+>")
_TYPEWRITER = str.maketrans({"’": "'", "“": '"', "”": '"', "–": "-", "«": '"', "»": '"'})
_UNFIT = frozenset({"one-line", "short-body", "protected", "accord", "duplicate"})


class Pair(NamedTuple):
    """Two posts by their ids, the older first, and what kind of pair they are."""

    older: int
    newer: int
    kind: str


def words(nodes: Sequence[Node]) -> int:
    """Return how many words of text there are, about."""
    return sum(len(_TAG.sub("", " ".join((node.html, *node.items))).split()) for node in nodes)


class Rewrites:
    """Which posts of a site have another text than their own, and which."""

    def __init__(self, content: Content) -> None:
        self._content = content

    @cached_property
    def _ids(self) -> dict[int, int]:
        """Post ids by serial number."""
        content = self._content
        return {content.serial(index): content.card(index).id for index in range(len(content))}

    def _original(self, serial: int, published: datetime) -> Card | None:
        """Return the older post whose text, or some of it, a post repeats."""
        role = _role(serial)
        found = self._content.by_id(self._ids.get(serial + _STEPS.get(role, 0), -1))
        if role not in _STEPS or found is None or found.published >= published:
            return None
        return None if role != REWORDED and found.traps & _UNFIT else found

    def nodes(self, story: Story, serial: int, own: list[Node]) -> list[Node]:
        """Return the text of a post in place of its own.

        Args:
            story: the post's, for further words.
            serial: its number.
            own: the text that it would have.
        """
        role, seed = _role(serial), self._content.seed
        if role in (BULLETIN, SECOND):
            texts = bulletin(*_kind_and_issue(serial), seed)
            return [Node("paragraph", escape(text, quote=False)) for text in texts]
        original = self._original(serial, story.published)
        index = self._content.index_of(original.id) if original else None
        if index is None:
            return own
        pages = self._content.post(index).pages
        source = [node for page in pages for node in page if node.kind in _TEXT]
        random = Random(f"{seed} {serial}")
        if role == BACKGROUND:
            return _with_background(own, source, random)
        if role == REWORDED:
            return _touched(source, random, REWORDED_SHARE)
        return _rewritten(source, story, random)

    def _articles(self) -> Iterator[tuple[int, Card]]:
        for index in range(len(self._content)):
            card = self._content.card(index)
            if "protected" not in card.traps:
                yield self._content.serial(index), card

    def near(self) -> list[Pair]:
        """Return the pairs of posts that are one text: "agency", "bulletin" or "copy"."""
        found = []
        for serial, card in self._articles():
            role = _role(serial)
            original = self._original(serial, card.published)
            if original and role != BACKGROUND and "protected" not in original.traps:
                kind = "agency" if role == AGENCY else "bulletin"
                found.append(Pair(original.id, card.id, kind))
        for serial, special in enumerate(SPECIALS):
            same = self._ids.get(-1 if special.same_text_as is None else special.same_text_as)
            if same is not None and serial in self._ids:
                found.append(Pair(same, self._ids[serial], "copy"))
        return found

    def traps(self) -> list[Pair]:
        """Return the pairs that only look like one text: "background" or a bulletin's kind."""
        found = []
        issues: dict[str, list[tuple[int, Card]]] = defaultdict(list)
        for serial, card in self._articles():
            role = _role(serial)
            original = self._original(serial, card.published)
            if role == BACKGROUND and original and "protected" not in original.traps:
                found.append(Pair(original.id, card.id, "background"))
            event = serial + _STEPS[REWORDED] if role == REWORDED and original else serial
            if _role(event) in (BULLETIN, SECOND):
                issues[_kind_and_issue(event)[0]].append((event, card))
        for kind, items in issues.items():
            for (event, card), (other_event, other) in combinations(items, 2):
                if event != other_event:
                    older, newer = sorted((card, other), key=lambda c: (c.published, c.id))
                    found.append(Pair(older.id, newer.id, kind))
        return found


def _role(serial: int) -> int:
    return -1 if serial < len(SPECIALS) else (serial - len(SPECIALS)) % ROUND


def _kind_and_issue(serial: int) -> tuple[str, int]:
    number = (serial - len(SPECIALS)) // ROUND * 2 + _role(serial) - BULLETIN
    return _KINDS[number % len(_KINDS)], number // len(_KINDS)


def _with_background(own: list[Node], source: Sequence[Node], random: Random) -> list[Node]:
    """Return an article of its own that ends as the older one does."""
    kept = [node for node in own if node.kind in _TEXT]
    room = MOST_SHARED * words(kept)
    repeated: list[Node] = []
    for node in sorted(source, key=lambda _: random.random()):
        if words([*repeated, node]) <= room:
            repeated.append(node)
    return kept + repeated


def _rewritten(text: list[Node], story: Story, random: Random) -> list[Node]:
    """Return an agency's text as another desk prints it."""
    total = words(text)
    if random.random() < 0.7:
        _drop(text, MOST_LOST * total * random.random(), random)
    if random.random() < 0.5:
        added = Node("paragraph", story.paragraph())
        if words([added]) <= MOST_ADDED * total:
            text.insert(random.randint(0, len(text)), added)
    if random.random() < 0.2:
        at = random.randrange(len(text))
        text[at] = replace(text[at], html=_NUMBER.sub(_corrected, text[at].html, count=1))
    if random.random() < 0.2 and len(text) > 2:
        at = random.randrange(1, len(text))
        text[at - 1], text[at] = text[at], text[at - 1]
    return _touched(text, random, EDITED)


def _corrected(match: re.Match[str]) -> str:
    return str(int(match[0]) + 1)


def _drop(text: list[Node], room: float, random: Random) -> None:
    """Remove nodes of `room` words in all at most, and subheads half of the time."""
    if random.random() < 0.5:
        text[:] = [node for node in text if node.kind != "heading"]
    for node in sorted(text, key=lambda _: random.random()):
        size = words([node])
        if size <= room:
            room -= size
            text.remove(node)


def _touched(text: list[Node], random: Random, share: tuple[float, float]) -> list[Node]:
    """Return a text with small changes of wording, an opening and typewriter's quotes."""
    rate = random.uniform(*share)
    found = [
        replace(node, html=_edited(node.html, rate, random)) if node.kind == "paragraph" else node
        for node in text
    ]
    if random.random() < 0.5:
        found.insert(0, Node("paragraph", random.choice(_INTROS)))
    if random.random() < 0.4:
        found.append(Node("paragraph", random.choice(_OUTROS)))
    if random.random() < 0.3:
        # Attributes have ASCII quotes, so only words change.
        found = [replace(node, html=node.html.translate(_TYPEWRITER)) for node in found]
    return found


def _edited(html: str, rate: float, random: Random) -> str:
    """Return a paragraph with about `rate` of its words changed."""
    tokens = html.split(" ")
    wanted = int(rate * len(tokens) + random.random())
    places = [at for at, token in enumerate(tokens) if _PLAIN_WORD.match(token)]
    known = [at for at in places if tokens[at].rstrip(",") in _SYNONYMS]
    commas = [at for at in places if tokens[at].endswith(",")]
    random.shuffle(known)
    for at in known[:wanted]:
        plain = tokens[at].rstrip(",")
        tokens[at] = _SYNONYMS[plain] + tokens[at][len(plain) :]
    if len(known) < wanted and commas:
        at = random.choice(commas)
        tokens[at] += f" {random.choice(_ASIDES)},"
    return " ".join(tokens)
