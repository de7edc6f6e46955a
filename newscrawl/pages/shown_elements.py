"""The elements that a page shows around an article's text, without the boxes of others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.pages.boilerplate import is_boilerplate
from newscrawl.pages.element_names import words_of
from newscrawl.pages.shown import LINES, NEVER_SHOWN, is_bare, is_hidden, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

_OTHER_WORDS = frozenset(
    {
        "comment", "commenti", "comments", "consigliati", "cookie", "correlate", "correlati",
        "latest", "menu", "nav", "navbar", "newsletter", "popular", "recommended", "related",
        "sidebar", "teaser", "trending", "ultime", "widget",
    }
)  # fmt: skip
_INLINE = frozenset({"abbr", "span", "small", "em", "i", "b", "strong", "font"})
_OTHER_TAGS = frozenset({"nav", "aside", "form", "figure", "blockquote"})
_MAX_ELEMENTS = 3_000
Zones = tuple[list["Element"], list["Element"]]


@dataclass
class KnownElements:
    """What was read around one text, so that it is read once."""

    lines: dict[Element, str] = field(default_factory=dict)
    zones: dict[Element, Zones] = field(default_factory=dict)
    """What is shown before the text and behind it, by the element of the article."""

    def line(self, node: Element) -> str:
        """Return the text of an element that is one line, empty if it has several."""
        if (text := self.lines.get(node)) is None:
            text = self.lines[node] = _own_line(node)
        return text


def is_in_other_box(node: Element, top: Element) -> bool:
    """Return whether an element is in a box that is not the article's."""
    for ancestor in node.iterancestors():
        if ancestor is top:
            return False
        if _is_other_box(ancestor):
            return True
    return False


def _is_other_box(node: Element) -> bool:
    return (
        node.tag in _OTHER_TAGS
        or node.tag in NEVER_SHOWN
        or is_hidden(node)
        or is_boilerplate(node)
        or (
            not _OTHER_WORDS.isdisjoint(words_of(node))
            # The body and a layout's frame are named after all that they hold.
            and node.tag not in {"body", "main", "article"}
            and next(node.iter("h1"), None) is None
        )
    )


def shown_elements(scope: Element, always: Iterable[Element] = ()) -> Iterator[Element]:
    """Yield the elements in document order, without other boxes, which `always` are not."""
    stack = [scope]
    count = 0
    whole = always if isinstance(always, (set, frozenset)) else set(always)
    while stack and count < _MAX_ELEMENTS:
        node = stack.pop()
        if not isinstance(node.tag, str):
            continue
        is_meta = node.tag in {"meta", "link"}
        is_microdata = is_meta and (node.get("itemprop") or node.get("property"))
        is_other = _is_other_box(node) or (node.tag == "article" and scope.tag != "article")
        if is_other and node is not scope and node not in whole and not is_microdata:
            continue
        count += 1
        yield node
        stack.extend(reversed(node))


def _own_line(node: Element) -> str:
    """Return the text of an element that is one line, empty if it has several."""
    # A name with a hyphen is that of a custom element.
    if node.tag not in LINES and node.tag not in _INLINE and "-" not in str(node.tag):
        return ""
    if next(node.iterdescendants("p", "div", "h1", "h2", "h3", "li", "article"), None) is not None:
        return ""
    # Styles set elements of a line apart.
    return fold(" ".join(map(shown_text, node))) if is_bare(node) else shown_text(node)
