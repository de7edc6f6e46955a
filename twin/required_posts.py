"""The posts that every twin has, whatever its size: each edge case at least once."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from twin.dating import ROME
from twin.toml_files import Table, read

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHANGES = ("title", "slug", "subtitle", "tags", "categories", "url_category")


class RequiredPost(Table, frozen=True):
    """A post that is always there."""

    when: str
    """Date and time in Rome."""
    section: str
    edge_cases: frozenset[str]
    fold: int = 0
    """1: the second of the two hours of that name, when summer time ends."""
    same_text_as: int | None = None
    """Number of the required post whose text this one repeats, counted from 0."""
    title: str | None = None
    slug: str | None = None
    subtitle: str | None = None
    tags: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    url_category: str | None = None

    @property
    def published(self) -> datetime:
        """When it is published, in Rome."""
        return datetime.fromisoformat(self.when).replace(tzinfo=ROME, fold=self.fold)

    @property
    def changes(self) -> Mapping[str, Any]:
        """What replaces fields that the generator would have made."""
        given = ((name, getattr(self, name)) for name in _CHANGES)
        return {name: value for name, value in given if value is not None}


class _File(Table, frozen=True):
    posts: tuple[RequiredPost, ...]


@cache
def required_posts() -> tuple[RequiredPost, ...]:
    """Return the posts; their serial numbers are their places here."""
    return read("data/required_posts.toml", _File).posts
