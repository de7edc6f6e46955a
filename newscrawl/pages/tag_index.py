"""Elements of a page that several readers look for, located in one pass of its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


class TagIndex:
    """The forms, scripts, footers, `link`, `area` and `meta` elements of a page, in its order."""

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
        for other in root.itersiblings("html"):
            self.footers += other.iter("footer")
        self.metas: list[Element] = []
        """Those of the page itself: children of its head or its body."""
        self.document_links: list[Element] = []
        """The `link` elements of the page itself."""
        # A tag that is not allowed in the head ends it: the rest of the head is then in the body.
        for part in page_parts(root, "head", "body"):
            self.metas += part.iterchildren("meta")
            self.document_links += part.iterchildren("link")


def page_parts(root: Element, *tags: str) -> list[Element]:
    """Return the heads or bodies of a page: `tags` names which.

    libxml2 puts what follows an early `</html>` into further elements behind the root.
    """
    parts = [*root.iterchildren(*tags)]
    for other in root.itersiblings("html"):
        parts += other.iterchildren(*tags)
    return parts
