"""Elements of a page that several readers look for, located in one pass of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class TagIndex:
    """The elements of some tags, in the order of the page."""

    TAGS = ("form", "script", "footer")

    def __init__(self, root: Element) -> None:
        self._elements: dict[str, list[Element]] = {tag: [] for tag in self.TAGS}
        for element in root.iter(*self.TAGS):
            self._elements[str(element.tag)].append(element)

    def __getitem__(self, tag: str) -> list[Element]:
        """Return the elements of a tag."""
        return self._elements[tag]
