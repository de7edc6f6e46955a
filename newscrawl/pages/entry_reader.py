"""Reads the entries of lists and the cells of tables."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING

from newscrawl.items import Block, Link
from newscrawl.pages import inline, media
from newscrawl.pages.block_tags import BLOCKS, CELLS, LISTS, MAX_DEPTH, SKIPPED, is_shown
from newscrawl.pages.boilerplate import (
    is_boilerplate,
    is_linked_entry,
    is_links_only,
    is_read_also,
    is_read_also_label,
)
from newscrawl.pages.inline_reader import InlineReader
from newscrawl.pages.invitation import is_invitation
from newscrawl.pages.shown import is_hidden, shown_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.pages.inline import Run


# The link at the end of a footnote, back to its place in the text.
_BACK = re.compile(r"\s*↩[\ufe0e\ufe0f]?(?:\s*\d{1,2})?$")


class EntryReader(InlineReader):
    """Reads entries and cells, each as one line."""

    @abstractmethod
    def _figure(self, element: Element, depth: int) -> None:
        """Read a picture with its caption."""

    def _drop_label(self, element: Element) -> bool:
        """Return whether a list is the links of a label above it, and drop the label."""
        if self._label_at() is None and self._end_of_label != len(self.blocks):
            return False
        run: Run = []
        for anchor in element.iter("a"):
            url = media.absolute(anchor.get("href"), self._urls, self._base)
            if url and (text := shown_text(anchor)):
                run.append(Link(url, text))
        links = inline.links(run)
        entries = [text for entry in element.iter("li") if (text := shown_text(entry))]
        entries = entries or [shown_text(element)]
        if not all(is_linked_entry(text, links) for text in entries):
            return False
        self._drop_label_above()
        self.links.extend(links)
        return True

    def _add_list(self, entries: list[Run]) -> None:
        items = []
        is_labelled = False
        for run in entries:
            text, links = inline.line(run), inline.links(run)
            self.links.extend(links)
            if "↩" in text:
                text = _BACK.sub("", text)
            if not text:
                continue
            is_labelled = is_read_also_label(text) or (is_labelled and is_links_only(text, links))
            is_other = is_read_also(text, links) or (bool(links) and is_invitation(text, links))
            if not is_labelled and not is_other:
                items.append(text)
        if items:
            self.blocks.append(Block("list", items=items))

    def _items(self, element: Element, depth: int) -> list[Run]:
        """Return the entries of a list and of those within it; loose text is one too."""
        entries: list[Run] = []
        loose: Run = [element.text] if element.text else []
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and not is_hidden(child) and depth >= MAX_DEPTH:
                self.is_cut = True
            elif isinstance(tag, str) and not is_hidden(child):
                if tag in LISTS or (
                    tag in BLOCKS and next(child.iter("li", "dt", "dd"), None) is not None
                ):
                    entries.append(loose)
                    loose = []
                    if tag in {"li", "dt", "dd"}:
                        run: Run = []
                        self._entry(child, run, depth)
                        entries.append(run)
                        for nested in nested_lists(child):
                            entries.extend(self._items(nested, depth + 1))
                    else:
                        entries.extend(self._items(child, depth + 1))
                else:
                    self._inline(child, tag, loose, depth + 1)
            if child.tail:
                loose.append(child.tail)
        entries.append(loose)
        return entries

    def _entry(self, element: Element, run: Run, depth: int) -> None:
        """Collect the text of a list entry or a cell, without that of nested lists."""
        if element.text:
            run.append(element.text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                if tag in BLOCKS or tag in CELLS:
                    run.append(" ")
                    self._entry_block(element, child, run, depth)
                else:
                    self._inline(child, tag, run, depth + 1)
            if child.tail:
                run.append(child.tail)

    def _entry_block(self, entry: Element, element: Element, run: Run, depth: int) -> None:
        tag = str(element.tag)
        if tag in media.PLAYERS:
            self._shown_video(element)
        elif tag == "figure":
            self._figure(element, depth + 1)
        elif tag in LISTS and self._is_cell_list(entry):
            for item in self._items(element, depth + 1):
                run += [*item, " "]
        elif self._is_part_of_entry(element, tag, depth):
            self._entry(element, run, depth + 1)
            run.append(" ")

    @staticmethod
    def _is_cell_list(element: Element) -> bool:
        """Return whether a list in `element` is read with it: any but one within an entry."""
        return not any(
            node.tag in {"li", "dt", "dd"} for node in [element, *element.iterancestors()]
        )

    def _is_part_of_entry(self, element: Element, tag: str, depth: int) -> bool:
        if tag in {"ul", "ol", "dl"} or tag in SKIPPED or is_boilerplate(element):
            return False
        if not is_shown(element, tag):
            return False
        self.is_cut = self.is_cut or depth >= MAX_DEPTH
        return depth < MAX_DEPTH


def nested_lists(entry: Element) -> list[Element]:
    """Return the lists within an entry that are in no list of their own there."""
    return [
        node
        for node in entry.iterdescendants("ul", "ol", "dl")
        if next(node.iterancestors("li", "dt", "dd"), None) is entry
    ]
