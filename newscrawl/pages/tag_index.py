"""Elements of a page that several readers look for, located in one pass of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class TagIndex:
    """The forms, scripts and footers of a page, in its order."""

    def __init__(self, root: Element) -> None:
        self.forms: list[Element] = []
        self.scripts: list[Element] = []
        self.footers: list[Element] = []
        lists = {"form": self.forms, "script": self.scripts, "footer": self.footers}
        for element in root.iter(*lists):
            lists[str(element.tag)].append(element)
        # libxml2 puts what follows an early `</html>` into further elements behind the root.
        for other in root.itersiblings("html"):
            self.footers += other.iter("footer")
