"""Elements of a page that several readers look for, located in one pass of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class TagIndex:
    """The forms, scripts, footers, and `link` and `area` elements of a page, in its order."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.forms: list[Element] = []
        self.scripts: list[Element] = []
        self.footers: list[Element] = []
        self.links: list[Element] = []
        """All `link` and `area`, which are few; there may be thousands of `a`."""
        lists = {
            "form": self.forms,
            "script": self.scripts,
            "footer": self.footers,
            "link": self.links,
            "area": self.links,
        }
        for element in root.iter(*lists):
            lists[str(element.tag)].append(element)
        # libxml2 puts what follows an early `</html>` into further elements behind the root.
        for other in root.itersiblings("html"):
            self.footers += other.iter("footer")
