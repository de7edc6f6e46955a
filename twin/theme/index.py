"""Lists of posts for the theme's archives, and the ids WordPress gives to tags and authors."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from twin.addresses import slugify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from twin.content import Content
    from twin.model import Card, Person

FIRST_TAG = 100
FIRST_AUTHOR = 2
FIRST_INVENTED = 10_000_000
"""Smallest id of the posts that an endless list invents."""


class Index:
    """Positions of posts in the content, newest first; the same at whatever address."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.size = len(content)
        # Made now, not while a client waits: on a large site that takes seconds.
        self.lists = content.lists

    def card(self, position: int) -> Card:
        """Return all of a post but its body; beyond the posts, one that does not exist."""
        if position < self.size:
            return self.content.card(position)
        card = self.content.card(position % self.size)
        slug = f"{card.slug}-{position}"
        return replace(card, id=FIRST_INVENTED + position, slug=slug, title=f"{card.title}, ancora")

    def everything(self) -> Sequence[int]:
        """Return all posts."""
        return range(self.size)

    def category(self, slug: str) -> Sequence[int]:
        """Return the posts of a category and its children."""
        return self.content.category(slug)

    def own(self, slug: str) -> Sequence[int]:
        """Return the posts that name a category themselves."""
        return self.lists.categories.get(slug, ())

    def days(self, first: date, last: date) -> Sequence[int]:
        """Return the posts published between two days in Rome, both included."""

        def age(position: int) -> int:
            return -self.card(position).published.toordinal()

        start = bisect_left(self.everything(), -last.toordinal(), key=age)
        return range(start, bisect_right(self.everything(), -first.toordinal(), key=age))

    def tag(self, slug: str) -> tuple[str, Sequence[int]] | None:
        """Return a tag's name and posts."""
        positions = self.content.tag(slug)
        if not positions:
            return None
        names = self.card(positions[0]).tags
        return next(name for name in names if slugify(name) == slug), positions

    def author(self, slug: str) -> tuple[Person, Sequence[int]] | None:
        """Return an author and their posts."""
        positions = self.content.author(slug)
        if not positions:
            return None
        people = self.card(positions[0]).authors
        return next(person for person in people if person.slug == slug), positions

    def search(self, words: str) -> Sequence[int]:
        """Return the posts whose title holds the words."""
        wanted = words.lower().split()
        return [
            position
            for position in self.everything()
            if all(word in self.card(position).title.lower() for word in wanted)
        ]

    @cached_property
    def tag_ids(self) -> dict[str, int]:
        """WordPress ids of the tags by slug, the oldest tag first."""
        return {slug: number for number, slug in enumerate(self.lists.tags, FIRST_TAG)}

    @cached_property
    def author_ids(self) -> dict[str, int]:
        """WordPress ids of the authors by slug."""
        return {slug: number for number, slug in enumerate(self.lists.authors, FIRST_AUTHOR)}
