"""Edge cases: what makes a page hard to read, by name.

A post carries the names of its edge cases in `Post.edge_cases`; data/edge_cases.toml says what
each is and how often it occurs.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from twin.sections import BY_SLUG
from twin.toml_files import Table, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random


class EdgeCases(Table, frozen=True):
    """The edge cases and how often generated posts have them."""

    markup: dict[str, str]
    """Those that ask the theme for other markup than usual."""
    content: dict[str, str]
    """Those that are in the content itself."""
    shares: dict[str, float]
    caption_weights: dict[str, int]
    video_weights: dict[str, int]

    @property
    def all(self) -> Mapping[str, str]:
        """Every edge case with its description."""
        return {**self.markup, **self.content}


@cache
def edge_cases() -> EdgeCases:
    """Return the edge cases."""
    return read("data/edge_cases.toml", EdgeCases)


@cache
def _weighted(kind: str) -> tuple[str, ...]:
    weights: Mapping[str, int] = getattr(edge_cases(), kind)
    return tuple(name for name, weight in weights.items() for _ in range(weight))


def draw(section: str, random: Random) -> frozenset[str]:
    """Return the edge cases of a generated post."""
    drawn = {name for name, share in edge_cases().shares.items() if random.random() < share}
    if "other-url-category" in drawn:
        drawn.add("multi-category")
    if BY_SLUG[section].parent:
        drawn.add("child-category")
    drawn.difference_update({"slug-accents"} if random.random() < 0.5 else ())
    filmed = 0.85 if section == "video" else 0.03
    if random.random() < filmed and "gallery" not in drawn:
        videos = _weighted("video_weights")
        drawn.add(videos[int(random.random() * len(videos))])
        if random.random() < 0.5:
            drawn.add("short-body" if random.random() < 0.8 else "one-line")
        if random.random() < 0.2:
            drawn.add("house-notice")
    captions = _weighted("caption_weights")
    drawn.add(captions[int(random.random() * len(captions))])
    return frozenset(drawn)


def numbered(names: frozenset[str], prefix: str, default: int) -> int:
    """Return the number that ends the name of an edge case: 3 for "coauthors-3".

    >>> numbered(frozenset({"coauthors-3", "lists"}), "coauthors-", 1)
    3
    """
    numbers = (int(name[len(prefix) :]) for name in names if name.startswith(prefix))
    return max(numbers, default=default)
