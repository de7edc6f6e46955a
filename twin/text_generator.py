"""One article's words: title, subtitle, tags and the paragraphs of its text."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from random import Random
from typing import TYPE_CHECKING

from twin.dating import MONTHS_IN_TEXT
from twin.entities import Entities
from twin.grammar import expand
from twin.wordlists import phrases, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPENERS = "“«(‘\"'"
_PARAGRAPH = ("fact", "context", "number", "frame", "reaction")


def capital(text: str) -> str:
    """Return the text with its first letter as a capital.

    >>> capital("“è ora”")
    '“È ora”'
    """
    at = 0
    while at < len(text) and text[at] in _OPENERS:
        at += 1
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def date_text(day: datetime) -> str:
    """Return a day as a text has it: "28 ottobre 2025", "1º maggio 2025"."""
    number = "1º" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS_IN_TEXT[day.month - 1]} {day.year}"


class TextGenerator:
    """The words of one article; the same seed gives the same words.

    What the title needs is drawn first, so that a title alone costs little.
    """

    def __init__(self, seed: int, serial: int, section: str, published: datetime) -> None:
        self.random = Random(seed * 1_000_003 + serial)
        self.vocabulary = vocabulary(section)
        self.entities = Entities(self.vocabulary, self.random)
        self.published = published
        self.title = ""
        self.redraw_title()

    def slot(self, name: str, form: str) -> str:
        """Fill quotes and dates here, all else from the entities."""
        if name == "quote":
            return capital(self._pattern("quote", self._pool("quote")))
        if name in ("d1", "d2", "d3"):
            days = int(name[1]) * 40 + int(self.random.random() * 60) - 140
            day = self.published + timedelta(days=days)
            # "il 8" and "il 11" would be wrong; the pattern has "il", "al" or "del" before it.
            return date_text(day + timedelta(days=1) if day.day in (8, 11) else day)
        return self.entities.slot(name, form)

    def _pool(self, kind: str) -> Sequence[str]:
        own = self.random.random()
        v, shared = self.vocabulary, phrases()
        if kind == "quote":
            return v.quotes if own < 0.7 else shared.quotes
        if kind == "head":
            return v.heads if own < 0.5 else shared.heads
        if kind == "title":
            return v.titles if own < 0.55 else shared.titles
        return {
            "lead": shared.leads,
            "fact": v.facts,
            "context": shared.context,
            "number": shared.numbers,
            "reaction": shared.reactions,
            "frame": shared.frames,
            "outlook": shared.outlook,
        }[kind]

    def _pattern(self, key: str, pool: Sequence[str]) -> str:
        chosen = self.entities.draw(f"{key} {len(pool)} {pool[0][:9]}", pool)
        return expand(chosen, self, self.random)

    def text(self, key: str, pool: Sequence[str]) -> str:
        """Return one sentence of a pool, not yet used in this article."""
        return capital(self._pattern(key, pool))

    def sentence(self, kind: str) -> str:
        """Return a sentence of a kind: lead, fact, context, number, reaction, frame, outlook."""
        return self.text(kind, self._pool(kind))

    def redraw_title(self) -> None:
        """Give the article another title."""
        self.title = self.text("title", self._pool("title"))

    def subtitle(self) -> str:
        """Return the summary under the headline."""
        return self.text("subtitle", phrases().subtitles)

    def tags(self) -> tuple[str, ...]:
        """Return three to six tags."""
        tags = {self.entities.city: None}
        for _ in range(2 + int(self.random.random() * 4)):
            tags[self.entities.draw("tag", self.vocabulary.tags)] = None
        if self.random.random() < 0.4:
            tags[self.entities.people[0].name] = None
        return tuple(tags)

    def head(self) -> str:
        """Return a subhead."""
        return self.sentence("head")

    def caption(self) -> str:
        """Return what a picture shows."""
        return self.text("caption", phrases().captions)

    def paragraph(self, first: str | None = None, last: str | None = None) -> str:
        """Return a paragraph of 40 to 110 words, inner HTML."""
        wanted = 44 + int(self.random.random() * 30)
        sentences = [self.sentence(first)] if first else []
        kinds = list(_PARAGRAPH)
        self.random.shuffle(kinds)
        count = sum(len(s.split()) for s in sentences)
        while count < wanted:
            kind = kinds[len(sentences) % len(kinds)]
            if last and count > wanted - 25:
                kind, last = last, None
            text = self.sentence(kind)
            sentences.append(text)
            count += len(text.split())
        draw = self.random.random()
        html = [escape(text, quote=False) for text in sentences]
        if draw < 0.06:
            html[0] = f"<strong>{html[0]}</strong>"
        elif draw < 0.12:
            html[-1] = f"<em>{html[-1]}</em>"
        return " ".join(html)

    def linking(self, link: str, anchor: str) -> str:
        """Return a sentence around a link, as inner HTML."""
        pool = phrases().linking
        sentence = self.text("linking", pool).replace("LINK", link, 1)
        return sentence.replace("ANCHOR", escape(anchor, quote=False), 1)
