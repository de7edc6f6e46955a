"""Bounds how deep the elements of a page are nested, as browsers do.

Unclosed tags in a long page nest thousands of elements, and much of what reads a page takes time
for each ancestor of each element, or calls itself for each level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.moved_text import append_tail

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_LEVELS = 255
"""libxml2's own limit, which parsel lifts; WebKit's and Chromium's is 512."""
_DEEPEST = etree.XPath("/*" * MAX_LEVELS + "[*]")


def limit_nesting(root: Element) -> None:
    """Put what is nested deeper than `MAX_LEVELS` side by side, in reading order."""
    for element in _DEEPEST(root):
        _flatten(element)


def _flatten(top: Element) -> None:
    nodes: list[Element] = []
    tails: dict[Element, str] = {}
    for event, node in etree.iterwalk(top, events=("start", "end", "comment", "pi")):
        if node is top:
            continue
        if event != "end":
            nodes.append(node)
        if event != "start" and node.tail:
            # The text behind an element is then behind the last one that was in it.
            tails[nodes[-1]] = tails.get(nodes[-1], "") + node.tail
    for node in nodes:
        node.tail = None
    for node in nodes:
        top.append(node)
        append_tail(node, tails.get(node, ""))
