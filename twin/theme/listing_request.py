"""A list of posts at an address, and which page of it is requested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.theme.head import Head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """One page of a list."""

    title: str
    url: str
    positions: Sequence[int]
    page: int = 1
    least: int = 1
    """Number of pages at least."""
    instead: Sequence[int] | None = None
    """Positions shown in place of the page's own."""

    @property
    def last(self) -> int:
        """Number of pages as WordPress counts them: without a hero's offset."""
        return max(self.least, -(-len(self.positions) // PER_PAGE))

    @property
    def exists(self) -> bool:
        """Whether there is such a page; past the end there is none."""
        return 1 <= self.page <= self.last

    def shown(self, offset: int = 0) -> Sequence[int]:
        """Return the positions on this page of a list that begins after `offset` posts."""
        if self.instead is not None:
            return self.instead
        start = offset + (self.page - 1) * PER_PAGE
        return self.positions[start : start + PER_PAGE]

    def address(self, page: int) -> str:
        """Return a page's address; the first has no /page/1/."""
        return self.url if page == 1 else f"{self.url}page/{page}/"

    def numbers(self) -> Iterator[int]:
        """Yield the page numbers of the pager, 0 for a gap: first, last and one on each side.

        >>> list(ListingRequest("", "/", range(100), page=4).numbers())
        [1, 0, 3, 4, 5, 0, 10]
        """
        around = range(max(1, self.page - 1), min(self.last, self.page + 1) + 1)
        before = 0
        for number in sorted({1, *around, self.last}):
            if number > before + 1:
                yield 0
            yield number
            before = number

    @property
    def head(self) -> Head:
        """The page's head; WordPress's core prints no canonical address on lists."""
        return Head(
            title=self.title,
            canonical=self.address(self.page),
            part=self.page,
            previous=self.address(self.page - 1) if self.page > 1 else None,
            following=self.address(self.page + 1) if self.page < self.last else None,
        )

    @property
    def paged(self) -> str:
        """Class of the body on later pages."""
        return f" paged paged-{self.page}" if self.page > 1 else ""
