"""Near-duplicates and look-alikes on the twin's site, for the tests of their detection.

With `Content(rewrites=True)` five generated posts in eight keep their place, date and title but
get another text: an older post's agency text rewritten, a short news item (two of them), a short
news item rewritten, or an article that repeats an older one's background. `NearDuplicates.pairs`
says which pairs of posts are one text, `lookalikes` which only look so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache, cached_property
from html import escape
from itertools import combinations
from random import Random
from typing import TYPE_CHECKING, NamedTuple, Protocol

from twin.model import Node
from twin.required_posts import required_posts
from twin.short_news import kinds, short_news
from twin.toml_files import Table, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from twin.model import Card, Post
    from twin.text_generator import TextGenerator

ROUND = 8
"""After so many posts the roles begin again."""
AGENCY, SHORT_NEWS, SECOND, REWORDED, BACKGROUND = 2, 3, 4, 6, 7
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
"""The same for short news."""


class _Rewording(Table, frozen=True):
    """What another desk changes: twin/data/rewording.toml."""

    asides: tuple[str, ...]
    intros: tuple[str, ...]
    outros: tuple[str, ...]
    synonyms: dict[str, str]


@cache
def _rewording() -> _Rewording:
    return read("data/rewording.toml", _Rewording)


_TEXT = frozenset({"paragraph", "heading", "list", "quote"})
_PLAIN_WORD = re.compile(r"[a-zàèéìòù]{4,},?\Z")
_NUMBER = re.compile(r"(?<= )\d\d(?= )")
_TAG = re.compile(r"<[^<>]+>")
_TYPEWRITER = str.maketrans({"’": "'", "“": '"', "”": '"', "–": "-", "«": '"', "»": '"'})
_UNFIT = frozenset({"one-line", "short-body", "protected", "reference-article", "duplicate"})


class Pair(NamedTuple):
    """Two posts by their ids, the older first, and what kind of pair they are."""

    older: int
    newer: int
    kind: str


def words(nodes: Sequence[Node]) -> int:
    """Return how many words of text there are, about."""
    return sum(len(_TAG.sub("", " ".join((node.html, *node.items))).split()) for node in nodes)


class _Posts(Protocol):
    """The posts of a site: `content.Content`."""

    seed: int

    def __len__(self) -> int: ...
    def serial(self, index: int) -> int: ...
    def card(self, index: int) -> Card: ...
    def post(self, index: int) -> Post: ...
    def index_of(self, post_id: int) -> int | None: ...


class NearDuplicates:
    """Which posts of a site have another text than their own, and which."""

    def __init__(self, content: _Posts) -> None:
        self._content = content

    @cached_property
    def _ids(self) -> dict[int, int]:
        content = self._content
        return {content.serial(index): content.card(index).id for index in range(len(content))}

    def _original(self, serial: int, published: datetime) -> Card | None:
        """Return the older post whose text, or some of it, a post repeats."""
        role = _role(serial)
        index = self._content.index_of(self._ids.get(serial + _STEPS.get(role, 0), -1))
        if role not in _STEPS or index is None:
            return None
        card = self._content.card(index)
        unfit = role != REWORDED and card.edge_cases & _UNFIT
        return None if unfit or card.published >= published else card

    def nodes(self, generator: TextGenerator, serial: int, own: list[Node]) -> list[Node]:
        """Return the text of a post in place of its own.

        Args:
            generator: the post's, for further words.
            serial: its number.
            own: the text that it would have.
        """
        role, seed = _role(serial), self._content.seed
        if role in (SHORT_NEWS, SECOND):
            texts = short_news(*_kind_and_issue(serial), seed)
            return [Node("paragraph", escape(text, quote=False)) for text in texts]
        original = self._original(serial, generator.published)
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
        return _rewritten(source, generator, random)

    def _articles(self) -> Iterator[tuple[int, Card]]:
        for index in range(len(self._content)):
            card = self._content.card(index)
            if "protected" not in card.edge_cases:
                yield self._content.serial(index), card

    def pairs(self) -> list[Pair]:
        """Return the pairs of posts that are one text: "agency", "short-news" or "copy"."""
        pairs = []
        for serial, card in self._articles():
            role = _role(serial)
            original = self._original(serial, card.published)
            if original and role != BACKGROUND and "protected" not in original.edge_cases:
                kind = "agency" if role == AGENCY else "short-news"
                pairs.append(Pair(original.id, card.id, kind))
        for serial, required in enumerate(required_posts()):
            same = self._ids.get(-1 if required.same_text_as is None else required.same_text_as)
            if same is not None and serial in self._ids:
                pairs.append(Pair(same, self._ids[serial], "copy"))
        return pairs

    def lookalikes(self) -> list[Pair]:
        """Return the pairs that only look like one text: "background" or a kind of short news."""
        pairs = []
        issues: dict[str, list[tuple[int, Card]]] = defaultdict(list)
        for serial, card in self._articles():
            role = _role(serial)
            original = self._original(serial, card.published)
            if role == BACKGROUND and original and "protected" not in original.edge_cases:
                pairs.append(Pair(original.id, card.id, "background"))
            event = serial + _STEPS[REWORDED] if role == REWORDED and original else serial
            if _role(event) in (SHORT_NEWS, SECOND):
                issues[_kind_and_issue(event)[0]].append((event, card))
        for kind, items in issues.items():
            for (event, card), (other_event, other) in combinations(items, 2):
                if event != other_event:
                    older, newer = sorted((card, other), key=lambda c: (c.published, c.id))
                    pairs.append(Pair(older.id, newer.id, kind))
        return pairs


def _role(serial: int) -> int:
    return -1 if serial < len(required_posts()) else (serial - len(required_posts())) % ROUND


def _kind_and_issue(serial: int) -> tuple[str, int]:
    number = (serial - len(required_posts())) // ROUND * 2 + _role(serial) - SHORT_NEWS
    return kinds()[number % len(kinds())], number // len(kinds())


def _with_background(own: list[Node], source: Sequence[Node], random: Random) -> list[Node]:
    kept = [node for node in own if node.kind in _TEXT]
    room = MOST_SHARED * words(kept)
    repeated: list[Node] = []
    for node in sorted(source, key=lambda _: random.random()):
        if words([*repeated, node]) <= room:
            repeated.append(node)
    return kept + repeated


def _rewritten(text: list[Node], generator: TextGenerator, random: Random) -> list[Node]:
    total = words(text)
    if random.random() < 0.7:
        _drop(text, MOST_LOST * total * random.random(), random)
    if random.random() < 0.5:
        added = Node("paragraph", generator.paragraph())
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
    nodes = [
        replace(node, html=_edited(node.html, rate, random)) if node.kind == "paragraph" else node
        for node in text
    ]
    if random.random() < 0.5:
        nodes.insert(0, Node("paragraph", random.choice(_rewording().intros)))
    if random.random() < 0.4:
        nodes.append(Node("paragraph", random.choice(_rewording().outros)))
    if random.random() < 0.3:
        # Attributes have ASCII quotes, so only words change.
        nodes = [replace(node, html=node.html.translate(_TYPEWRITER)) for node in nodes]
    return nodes


def _edited(html: str, rate: float, random: Random) -> str:
    tokens = html.split(" ")
    wanted = int(rate * len(tokens) + random.random())
    places = [at for at, token in enumerate(tokens) if _PLAIN_WORD.match(token)]
    known = [at for at in places if tokens[at].rstrip(",") in _rewording().synonyms]
    commas = [at for at in places if tokens[at].endswith(",")]
    random.shuffle(known)
    for at in known[:wanted]:
        plain = tokens[at].rstrip(",")
        tokens[at] = _rewording().synonyms[plain] + tokens[at][len(plain) :]
    if len(known) < wanted and commas:
        at = random.choice(commas)
        tokens[at] += f" {random.choice(_rewording().asides)},"
    return " ".join(tokens)
