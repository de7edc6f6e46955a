"""The counterpart of the project's reference article: twin/data/reference_article.toml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from twin.model import Node, Person, Picture
from twin.toml_files import Table, read

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReferenceArticle(Table, frozen=True):
    """Its words and its picture."""

    title: str
    subtitle: str
    tags: tuple[str, ...]
    author: tuple[str, str]
    """Name and slug."""
    picture: dict[str, Any]
    """Fields of `model.Picture`."""
    nodes: tuple[dict[str, Any], ...]
    """Fields of `model.Node` each."""

    @property
    def pages(self) -> tuple[tuple[Node, ...], ...]:
        """The text, on one page."""
        return (tuple(Node(**node) for node in self.nodes),)

    @property
    def card_fields(self) -> Mapping[str, Any]:
        """What the card shows besides the title."""
        return {
            "subtitle": self.subtitle,
            "tags": self.tags,
            "authors": (Person(*self.author),),
            "picture": Picture(**self.picture),
        }


@cache
def reference_article() -> ReferenceArticle:
    """Return the article."""
    return read("data/reference_article.toml", ReferenceArticle)
