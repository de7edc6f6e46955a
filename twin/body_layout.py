"""How the text of an article is laid out: paragraphs, subheads and what stands between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from twin import media
from twin.edge_cases import numbered
from twin.model import Node
from twin.text_generator import capital, date_text
from twin.wordlists import phrases

if TYPE_CHECKING:
    from twin.text_generator import TextGenerator

Linked = tuple[int, str]
"""Post id and title of another post."""
Linker = Callable[[int], Linked | None]
"""Gives the post so many places earlier; None when there is none."""
Groups = list[list[Node]]
"""Nodes that stay together; each group finds its own place."""


def lists(generator: TextGenerator, _: Linker) -> Groups:
    """Return a list with the sentence that leads to it."""
    count = 3 + int(generator.random.random() * 4)
    entries = [capital(generator.text("list", phrases().lists)) for _ in range(count)]
    items = tuple(escape(entry, quote=False) for entry in entries)
    intro = Node("paragraph", generator.text("intro", phrases().list_intros))
    return [[intro, Node("list", items=items)]]


def quotes(generator: TextGenerator, _: Linker) -> Groups:
    """Return a block quote, mostly with its source."""
    person = generator.entities.people[2]
    cite = f"{person.name}, {person.office.text}" if generator.random.random() < 0.7 else None
    return [[Node("quote", f"“{generator.slot('quote', '')}”", cite=cite)]]


def tables(generator: TextGenerator, _: Linker) -> Groups:
    """Return a table of cities and numbers."""
    slot = generator.entities.slot
    rows = [f"Città\tAnno {slot('year', '')}\tVariazione"]
    rows += [f"{slot('city2', '')}\t{slot('big', '')}\t{slot('pct', '')}" for _ in range(4)]
    return [[Node("table", items=tuple(rows))]]


def images(generator: TextGenerator, _: Linker) -> Groups:
    """Return a resized picture, a plain one and one that is linked to its file."""
    return [
        [
            Node(
                "image",
                "linked" if number == 2 else "",
                picture=media.picture(generator, f"corpo-{number}", wide=number == 0),
            )
        ]
        for number in range(3)
    ]


def videos(generator: TextGenerator, _: Linker) -> Groups:
    """Return an embedded video."""
    return [[Node("video", film=media.embedded(generator))]]


def failed(generator: TextGenerator, _: Linker) -> Groups:
    """Return an embed of which only the address came."""
    return [[Node("video", film=media.failed(generator))]]


def tweets(generator: TextGenerator, _: Linker) -> Groups:
    """Return an embedded tweet of the article's main person."""
    text = escape(generator.text("tweet", phrases().tweets), quote=False)
    film = media.tweet(generator, date_text(generator.published))
    handle = film.url.split("/")[3]
    return [
        [Node("tweet", text, cite=f"{generator.entities.people[0].name} (@{handle})", film=film)]
    ]


def read_also(generator: TextGenerator, linked: Linker) -> Groups:
    """Return a line with a link to an older post."""
    post = linked(3 + int(generator.random.random() * 25))
    if post is None:
        return []
    pool = phrases().read_also
    words = pool[int(generator.random.random() * len(pool))]
    link = f'<a href="post:{post[0]}">{escape(post[1], quote=False)}</a>'
    return [[Node("readalso", f"<strong>{words}</strong> {link}")]]


def empty(_: TextGenerator, __: Linker) -> Groups:
    """Return paragraphs without a word."""
    return [
        [Node("paragraph", "&nbsp;")],
        [Node("paragraph", " "), Node("paragraph", "<strong></strong>")],
    ]


INSERTS: dict[str, Callable[[TextGenerator, Linker], Groups]] = {
    "lists": lists,
    "quotes": quotes,
    "tables": tables,
    "body-images": images,
    "body-video": videos,
    "failed-embed": failed,
    "tweets": tweets,
    "read-also": read_also,
    "empty-paragraphs": empty,
}
"""By the name of the edge case."""

_TAILS = ("?utm_source=newsletter&amp;utm_medium=email", "?fbclid=IwAR2x", "#commenti", "~amp")


@dataclass(slots=True)
class BodyLayout:
    """A text in the making."""

    generator: TextGenerator
    edge_cases: frozenset[str]
    linked: Linker

    def nodes(self) -> list[Node]:
        """Return the whole text."""
        generator = self.generator
        draw = generator.random.random
        generator.entities.introduce_anew()
        if "one-line" in self.edge_cases:
            return [Node("paragraph", escape(generator.sentence("reaction"), quote=False))]
        if "short-body" in self.edge_cases:
            return [Node("paragraph", generator.paragraph("lead"))]
        count = 4 + int(draw() ** 1.5 * 11)
        if numbered(self.edge_cases, "pages-", 1) > 1:
            count = max(count, 7)
        texts = [Node("paragraph", generator.paragraph("lead"))]
        texts += [Node("paragraph", generator.paragraph()) for _ in range(count - 2)]
        texts.append(Node("paragraph", generator.paragraph(last="outlook")))
        self._inline(texts)
        self._dateline(texts)
        groups = [[text] for text in texts]
        self._extras(groups)
        self._subheads(groups)
        nodes = [node for group in groups for node in group]
        if "house-notice" in self.edge_cases:
            link = '<a href="/abbonamenti/?video=1">clicca qui</a>'
            text = f"Se non sei abbonato e vuoi acquistare questo video {link}"
            nodes.append(Node("notice", text))
        return nodes

    def _dateline(self, texts: list[Node]) -> None:
        generator = self.generator
        if "dateline" in self.edge_cases:
            day, dash = generator.published, "–"
        elif "other-dateline" in self.edge_cases:
            day, dash = (
                generator.published - timedelta(days=2 + int(generator.random.random() * 5)),
                "—",
            )
        else:
            return
        opening = f"<strong>{generator.entities.city}, {date_text(day)}</strong> {dash} "
        texts[0] = replace(texts[0], html=opening + texts[0].html)

    def _inline(self, texts: list[Node]) -> None:
        generator = self.generator
        draw = generator.random.random
        if "many-dates" in self.edge_cases:
            for number in range(len(texts)):
                text = generator.text("dates", phrases().dates)
                texts[number] = replace(texts[number], html=f"{text} {texts[number].html}")
        if "single-br" in self.edge_cases:
            for number in range(1, len(texts), 2):
                lines = generator.sentence("fact"), generator.sentence("reaction")
                html = "<br />\n".join(escape(line, quote=False) for line in lines)
                texts[number] = Node("paragraph", html)
        added: list[str] = []
        if draw() < 0.5 and (post := self.linked(1 + int(draw() * 40))):
            added.append(generator.linking(f"post:{post[0]}", post[1]))
        if "utm-links" in self.edge_cases:
            added += self._tracked()
        if "outside-links" in self.edge_cases:
            added += self._outside()
        start = 1 + int(draw() * 2)
        for number, sentence in enumerate(added, start):
            at = number % len(texts)
            texts[at] = replace(texts[at], html=f"{texts[at].html} {sentence}")

    def _tracked(self) -> list[str]:
        """Return sentences with links to the site itself that carry more than the address."""
        generator = self.generator
        posts = (self.linked(2 + int(generator.random.random() * 60)) for _ in _TAILS)
        sentences = [
            generator.linking(f"post:{post[0]}{tail}", post[1])
            for tail, post in zip(_TAILS, posts, strict=True)
            if post
        ]
        tag = generator.vocabulary.tags[0]
        city = generator.entities.slot("city2", "a")
        return [*sentences, f'Altre notizie {city}: <a href="tag:{tag}">{tag}</a>.']

    def _outside(self) -> list[str]:
        """Return sentences with links to other sites, to a mailbox and within the page."""
        draw = self.generator.random.random
        name = media.host(self.generator)
        number = 10 + int(draw() * 9000)
        url = f"https://www.{name}.example/rapporto?id={number}&amp;l=it"
        return [
            f'Il documento numero {number} è <a href="{url}">in rete</a>.',
            f'Per scrivere: <a href="mailto:info@{name}.example">la casella {number}</a>.',
            f'Si veda <a href="#note">la nota {number} in fondo</a>.',
        ]

    def _subheads(self, groups: list[list[Node]]) -> None:
        many = min(4, max(1, len(groups) // 3))
        level = 3 if self.generator.random.random() < 0.2 else 2
        step = len(groups) / (many + 1)
        for number in range(many, 0, -1):
            head = escape(self.generator.head(), quote=False)
            groups[max(1, round(number * step))].insert(0, Node("heading", head, level))

    def _extras(self, groups: list[list[Node]]) -> None:
        """Put lists, quotes, pictures and the like after paragraphs."""
        draw = self.generator.random.random
        for name, make in INSERTS.items():
            if name in self.edge_cases:
                for nodes in make(self.generator, self.linked):
                    groups[int(draw() * (len(groups) - 1))].extend(nodes)


def paged(nodes: list[Node], edge_cases: frozenset[str]) -> tuple[tuple[Node, ...], ...]:
    """Split a text into its pages: two or three when the edge cases say so."""
    many = numbered(edge_cases, "pages-", 1)
    size = -(-len(nodes) // many)
    return tuple(tuple(nodes[at : at + size]) for at in range(0, len(nodes), size))
