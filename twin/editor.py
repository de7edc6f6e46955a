"""How an editor lays out a text: paragraphs, subheads and what stands between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from twin import media, phrases
from twin.inserts import INSERTS
from twin.model import Node
from twin.story import date_text

if TYPE_CHECKING:
    from twin.inserts import Linker
    from twin.story import Story

_TAILS = ("?utm_source=newsletter&amp;utm_medium=email", "?fbclid=IwAR2x", "#commenti", "~amp")


@dataclass(slots=True)
class Layout:
    """A text in the making."""

    story: Story
    traps: frozenset[str]
    linked: Linker

    def nodes(self) -> list[Node]:
        """Return the whole text."""
        story = self.story
        draw = story.random.random
        story.cast.introduce_anew()
        if "one-line" in self.traps:
            return [Node("paragraph", escape(story.sentence("reaction"), quote=False))]
        if "short-body" in self.traps:
            return [Node("paragraph", story.paragraph("lead"))]
        count = 4 + int(draw() ** 1.5 * 11)
        if any(name.startswith("pages-") for name in self.traps):
            count = max(count, 7)
        texts = [Node("paragraph", story.paragraph("lead"))]
        texts += [Node("paragraph", story.paragraph()) for _ in range(count - 2)]
        texts.append(Node("paragraph", story.paragraph(last="outlook")))
        self._inline(texts)
        self._dateline(texts)
        groups = [[text] for text in texts]
        self._extras(groups)
        self._subheads(groups)
        found = [node for group in groups for node in group]
        if "house-notice" in self.traps:
            link = '<a href="/abbonamenti/?video=1">clicca qui</a>'
            text = f"Se non sei abbonato e vuoi acquistare questo video {link}"
            found.append(Node("notice", text))
        return found

    def _dateline(self, texts: list[Node]) -> None:
        story = self.story
        if "dateline" in self.traps:
            day, dash = story.published, "–"
        elif "other-dateline" in self.traps:
            day, dash = story.published - timedelta(days=2 + int(story.random.random() * 5)), "—"
        else:
            return
        opening = f"<strong>{story.cast.city}, {date_text(day)}</strong> {dash} "
        texts[0] = replace(texts[0], html=opening + texts[0].html)

    def _inline(self, texts: list[Node]) -> None:
        """Change paragraphs: dates, links, line breaks."""
        story = self.story
        draw = story.random.random
        if "many-dates" in self.traps:
            for number in range(len(texts)):
                text = story.text("dates", phrases.DATES)
                texts[number] = replace(texts[number], html=f"{text} {texts[number].html}")
        if "single-br" in self.traps:
            for number in range(1, len(texts), 2):
                lines = story.sentence("fact"), story.sentence("reaction")
                html = "<br />\n".join(escape(line, quote=False) for line in lines)
                texts[number] = Node("paragraph", html)
        added: list[str] = []
        if draw() < 0.5 and (found := self.linked(1 + int(draw() * 40))):
            added.append(story.linking(f"post:{found[0]}", found[1]))
        if "utm-links" in self.traps:
            added += self._tracked()
        if "outside-links" in self.traps:
            added += self._outside()
        start = 1 + int(draw() * 2)
        for number, sentence in enumerate(added, start):
            at = number % len(texts)
            texts[at] = replace(texts[at], html=f"{texts[at].html} {sentence}")

    def _tracked(self) -> list[str]:
        """Return sentences with links to the site itself that carry more than the address."""
        story = self.story
        found = (self.linked(2 + int(story.random.random() * 60)) for _ in _TAILS)
        sentences = [
            story.linking(f"post:{post[0]}{tail}", post[1])
            for tail, post in zip(_TAILS, found, strict=True)
            if post
        ]
        tag = story.vocabulary.tags[0]
        city = story.cast.slot("city2", "a")
        return [*sentences, f'Altre notizie {city}: <a href="tag:{tag}">{tag}</a>.']

    def _outside(self) -> list[str]:
        """Return sentences with links to other sites, to a mailbox and within the page."""
        draw = self.story.random.random
        name = media.host(self.story)
        number = 10 + int(draw() * 9000)
        url = f"https://www.{name}.example/rapporto?id={number}&amp;l=it"
        return [
            f'Il documento numero {number} è <a href="{url}">in rete</a>.',
            f'Per scrivere: <a href="mailto:info@{name}.example">la casella {number}</a>.',
            f'Si veda <a href="#note">la nota {number} in fondo</a>.',
        ]

    def _subheads(self, groups: list[list[Node]]) -> None:
        many = min(4, max(1, len(groups) // 3))
        level = 3 if self.story.random.random() < 0.2 else 2
        step = len(groups) / (many + 1)
        for number in range(many, 0, -1):
            head = escape(self.story.head(), quote=False)
            groups[max(1, round(number * step))].insert(0, Node("heading", head, level))

    def _extras(self, groups: list[list[Node]]) -> None:
        """Put lists, quotes, pictures and the like after paragraphs."""
        draw = self.story.random.random
        for name, make in INSERTS.items():
            if name in self.traps:
                for nodes in make(self.story, self.linked):
                    groups[int(draw() * (len(groups) - 1))].extend(nodes)


def paged(nodes: list[Node], traps: frozenset[str]) -> tuple[tuple[Node, ...], ...]:
    """Part a text into its pages: two or three when the traps say so."""
    many = 3 if "pages-3" in traps else 2 if "pages-2" in traps else 1
    size = -(-len(nodes) // many)
    return tuple(tuple(nodes[at : at + size]) for at in range(0, len(nodes), size))
