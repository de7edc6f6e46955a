"""What an editor puts between paragraphs: lists, quotes, tables, pictures, videos, tweets."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from twin import media, phrases
from twin.model import Node
from twin.story import capital, date_text

if TYPE_CHECKING:
    from twin.story import Story

Linked = tuple[int, str]
"""Post id and title of another post."""
Linker = Callable[[int], Linked | None]
"""Gives the post so many places earlier; None when there is none."""
Groups = list[list[Node]]
"""Nodes that stay together; each group finds its own place."""


def lists(story: Story, _: Linker) -> Groups:
    """Return a list with the sentence that leads to it."""
    count = 3 + int(story.random.random() * 4)
    entries = [capital(story.text("list", phrases.LISTS)) for _ in range(count)]
    items = tuple(escape(entry, quote=False) for entry in entries)
    intro = Node("paragraph", story.text("intro", phrases.LIST_INTROS))
    return [[intro, Node("list", items=items)]]


def quotes(story: Story, _: Linker) -> Groups:
    """Return a block quote, mostly with its source."""
    person = story.cast.people[2]
    cite = f"{person.name}, {person.office.text}" if story.random.random() < 0.7 else None
    return [[Node("quote", f"“{story.slot('quote', '')}”", cite=cite)]]


def tables(story: Story, _: Linker) -> Groups:
    """Return a table of cities and numbers."""
    slot = story.cast.slot
    rows = [f"Città\tAnno {slot('year', '')}\tVariazione"]
    rows += [f"{slot('city2', '')}\t{slot('big', '')}\t{slot('pct', '')}" for _ in range(4)]
    return [[Node("table", items=tuple(rows))]]


def images(story: Story, _: Linker) -> Groups:
    """Return a resized picture, a plain one and one that is linked to its file."""
    return [
        [
            Node(
                "image",
                "linked" if number == 2 else "",
                picture=media.picture(story, f"corpo-{number}", wide=number == 0),
            )
        ]
        for number in range(3)
    ]


def videos(story: Story, _: Linker) -> Groups:
    """Return an embedded video."""
    return [[Node("video", film=media.embedded(story))]]


def failed(story: Story, _: Linker) -> Groups:
    """Return an embed of which only the address came."""
    return [[Node("video", film=media.failed(story))]]


def tweets(story: Story, _: Linker) -> Groups:
    """Return an embedded tweet of the article's main person."""
    text = escape(story.text("tweet", phrases.TWEETS), quote=False)
    film = media.tweet(story, date_text(story.published))
    handle = film.url.split("/")[3]
    return [[Node("tweet", text, cite=f"{story.cast.people[0].name} (@{handle})", film=film)]]


def read_also(story: Story, linked: Linker) -> Groups:
    """Return a line with a link to an older post."""
    found = linked(3 + int(story.random.random() * 25))
    if found is None:
        return []
    words = phrases.READ_ALSO[int(story.random.random() * len(phrases.READ_ALSO))]
    link = f'<a href="post:{found[0]}">{escape(found[1], quote=False)}</a>'
    return [[Node("readalso", f"<strong>{words}</strong> {link}")]]


def empty(_: Story, __: Linker) -> Groups:
    """Return paragraphs without a word."""
    return [
        [Node("paragraph", "&nbsp;")],
        [Node("paragraph", " "), Node("paragraph", "<strong></strong>")],
    ]


INSERTS: dict[str, Callable[[Story, Linker], Groups]] = {
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
"""By the name of the trap."""
