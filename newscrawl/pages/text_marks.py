"""The date and the author that a page of any layout shows with one text, as articles do.

What a page shows elsewhere does not count: the day in its masthead, the dates of other articles.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from newscrawl.pages.author_names import authors_of
from newscrawl.pages.head_lines import is_of_change
from newscrawl.pages.shown import shown_text
from newscrawl.pages.shown_metadata import ShownMetadata

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element


class TextMarks(ShownMetadata):
    """What stands in the smallest element that holds the headline and the text.

    Args:
        root, ends, headline, parse_date, known: those of `ShownMetadata`.
        has_cards: says whether an element has cards: dates behind the text may then be theirs.
    """

    def __init__(
        self,
        root: Element,
        ends: tuple[Element | None, Element | None],
        *,
        has_cards: Callable[[Element], bool],
        **further: Any,
    ) -> None:
        super().__init__(root, ends, **further)
        self._has_cards = has_cards

    @property
    def is_dated(self) -> bool:
        """Whether a date is shown that is not that of a change."""
        if any(date.field == "published" for date in self._marked_dates()):
            return True
        return any(not is_of_change(line) for line, _ in self._date_lines())

    @property
    def is_signed(self) -> bool:
        """Whether an author is shown; the headline of a page about one is not a signature."""
        headings = {shown_text(node).casefold() for node in self._root.iter("h1")}
        names = authors_of(self.authors(), names_of_site=())
        return any(author.name.casefold() not in headings for author in names)

    @cached_property
    def _scope(self) -> Element:
        if self._start is None:
            return self._root
        for ancestor in self._start.iterancestors():
            if self._has_headline(ancestor):
                return ancestor
        return self._root

    @property
    def _behind(self) -> list[Element]:
        return [] if self._has_cards(self._scope) else self._zones[1]
