"""A list of posts at an address, and which page of it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.theme import pager
from twin.theme.head import Head

if TYPE_CHECKING:
    from collections.abc import Sequence

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Shelf:
    """One page of a list."""

    title: str
    url: str
    positions: Sequence[int]
    page: int = 1

    @property
    def last(self) -> int:
        """Number of pages as WordPress counts them: without a hero's offset."""
        return max(1, -(-len(self.positions) // PER_PAGE))

    @property
    def exists(self) -> bool:
        """Whether there is such a page; past the end there is none."""
        return 1 <= self.page <= self.last

    def shown(self, offset: int = 0) -> Sequence[int]:
        """Return the positions on this page of a list that begins after `offset` posts."""
        start = offset + (self.page - 1) * PER_PAGE
        return self.positions[start : start + PER_PAGE]

    @property
    def head(self) -> Head:
        """The page's head; WordPress's core prints no canonical address on lists."""
        before, after = self.page > 1, self.page < self.last
        return Head(
            title=self.title,
            canonical=pager.address(self.url, self.page),
            part=self.page,
            previous=pager.address(self.url, self.page - 1) if before else None,
            following=pager.address(self.url, self.page + 1) if after else None,
        )

    @property
    def paged(self) -> str:
        """Class of the body on later pages."""
        return f" paged paged-{self.page}" if self.page > 1 else ""
