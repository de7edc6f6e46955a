"""Reads the body of an article: blocks, images, videos and links in reading order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from newscrawl.items import Block, Link, Video
from newscrawl.pages import captions, inline, media
from newscrawl.pages.block_tags import BLOCKS, HEADINGS, MAX_DEPTH, ROWS, SKIPPED, is_shown
from newscrawl.pages.boilerplate import (
    is_boilerplate,
    is_box_title,
    is_links_only,
    is_other_articles,
    is_read_also,
    is_read_also_label,
)
from newscrawl.pages.entry_reader import EntryReader, nested_lists
from newscrawl.pages.invitation import is_invitation
from newscrawl.pages.shown import is_hidden, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from newscrawl.pages.inline import Run

_MARKS = frozenset("#¶§🔗")
_SIGNS = " +−–-▼▾▲▴⌄›"
_BARE_URL = re.compile(r"\Ahttps?://\S+\Z")
_TWEETS = (
    "twitter-tweet",
    "instagram-media",
    "tiktok-embed",
    "fb-post",
    "twitter-video",
    "wp-embedded-content",
    "bluesky-embed",
    "mastodon-embed",
    "text-post-media",
    "reddit-embed",
)
# The classic editor frames a picture with a div; a failed embed leaves its bare URL.
_FRAMES = ("wp-caption", "gallery-item", "wp-block-embed__wrapper")


class BodyReader(EntryReader):
    """Reads the text of one article from the containers of its pages, in order.

    Text and links are collected in runs, which are split into paragraphs where a block begins.
    """

    def read(self, container: Element) -> None:
        """Add the content of `container`."""
        self._container(container, 0)
        self._drop_label_above()

    def _container(self, element: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            self.is_cut = True
            return
        text = element.text
        run: Run = [text] if text and not text.isspace() else []
        for child in element:
            tag, tail = child.tag, child.tail
            if not isinstance(tag, str):
                pass
            elif tag in BLOCKS or self._holds_blocks(child, tag):
                if run:
                    self._paragraphs(run)
                    run = []
                self._block(child, tag, depth)
            else:
                self._inline(child, tag, run, depth)
            # White space between blocks begins no paragraph.
            if tail and (run or not tail.isspace()):
                run.append(tail)
        if run:
            self._paragraphs(run)

    def _holds_blocks(self, element: Element, tag: str) -> bool:
        if not len(element) or tag in SKIPPED:
            return False
        return next(element.iterdescendants(*BLOCKS), None) is not None

    def _block(self, element: Element, tag: str, depth: int) -> None:
        # Most blocks: nothing but an attribute sets a paragraph apart.
        if tag == "p" and not element.keys():
            self._paragraph(element, depth)
        elif tag in media.PLAYERS:
            self._shown_video(element)
        elif is_boilerplate(element):
            if is_other_articles(element):
                self._drop_label_above(is_box_title)
        elif tag not in SKIPPED and is_shown(element, tag):
            read = self._READERS.get(_kind(element, tag), self._READERS["section"])
            read(self, element, depth)

    def _entries(self, element: Element, depth: int) -> None:
        """Read an entry that is in no list, and the lists within it."""
        run: Run = []
        self._entry(element, run, depth)
        entries = [run]
        for nested in nested_lists(element):
            entries.extend(self._items(nested, depth + 1))
        self._add_list(entries)

    def _division(self, element: Element, depth: int) -> None:
        if player := self._player(element):
            self.videos.append(player)
            self.blocks.append(Block("video", url=player.url))
        else:
            self._linked_blocks(element, depth)

    def _linked_blocks(self, element: Element, depth: int) -> None:
        """Read a container; a link around blocks is one link, of all their text."""
        url = element.get("href") if element.tag == "a" else None
        url = media.absolute(url, self._urls, self._base)
        text = shown_text(element) if url else ""
        start = len(self.blocks)
        if url and text:
            link = Link(url, text)
            self.links.append(link)
            if is_read_also(text, [link]):
                return
        self._container(element, depth + 1)
        if url and not text:
            self._linked_media(element, url, start)
        if url and text and start and self.blocks[start:]:
            label = self.blocks[start - 1].text
            if label and is_read_also_label(label):
                del self.blocks[start - 1 :]

    def _preformatted(self, element: Element, depth: int) -> None:
        run: Run = []
        self._inline_content(element, run, depth)
        lines: Run = []
        for piece in run:
            if isinstance(piece, str):
                first, *rest = piece.split("\n")
                lines.append(first)
                for line in rest:
                    lines += [None, line]
            else:
                lines.append(piece)
        self._paragraphs(lines)

    def _paragraph(self, element: Element, depth: int) -> None:
        if not len(element):
            if text := fold(element.text):
                self._add_paragraph(text, [])
        elif not BLOCKS.isdisjoint([child.tag for child in element]):
            self._container(element, depth + 1)
        else:
            run: Run = []
            self._inline_content(element, run, depth)
            self._paragraphs(run)

    def _heading(self, element: Element, depth: int) -> None:
        run: Run = []
        self._inline_content(element, run, depth)
        links = inline.links(run)
        text = self._line(run) or _label_of_button(element)
        if text[-1:] in _MARKS or text[:1] in _MARKS:
            text = _without_mark(element, text)
        is_other = is_read_also(text, links) or is_invitation(text, links)
        if text and not is_other and not self._is_below_label(text, links):
            self.blocks.append(Block("heading", level=HEADINGS[str(element.tag)], text=text))

    def _list(self, element: Element, depth: int) -> None:
        """Read a list; a gallery is pictures, and text that is only indented is paragraphs."""
        is_gallery = "gallery" in (element.get("class") or "")
        if self._drop_label(element):
            return
        if is_gallery or next(element.iter("li", "dt", "dd"), None) is None:
            self._container(element, depth + 1)
            return
        self._add_list(self._items(element, depth))

    def _quote(self, element: Element, depth: int) -> None:
        classes = element.get("class") or ""
        if any(name in classes for name in _TWEETS):
            anchors = element.findall(".//a[@href]")
            url = anchors[-1].get("href") if anchors else element.get("cite")
            url = media.absolute(url, self._urls, self._base)
            if url and "wp-embedded-content" in classes and self._drop_label_above():
                self.links.append(Link(url, shown_text(element)))
                return
            video = media.video_of_post(element, self._urls, self._base)
            if video:
                self.videos.append(video)
                url = video.url
            self.blocks.append(Block("embed", text=shown_text(element), url=url))
            return
        start = len(self.blocks)
        self._container(element, depth + 1)
        inner = self.blocks[start:]
        del self.blocks[start:]
        texts = [text for block in inner for text in ([block.text] if block.text else block.items)]
        self.blocks.extend(block for block in inner if block.type in {"image", "video", "embed"})
        if texts:
            self.blocks.append(Block("quote", text="\n".join(texts)))

    def _table(self, element: Element, depth: int) -> None:
        self._outside_cells(element, depth)
        rows = []
        is_labelled = False
        for row in element.iter("tr"):
            if next(row.iterancestors("table")) is not element or _is_hidden_row(row):
                continue
            cells = []
            for cell in row.iterchildren("td", "th"):
                if is_hidden(cell):
                    continue
                run: Run = []
                self._entry(cell, run, depth)
                text, links = self._line(run), inline.links(run)
                is_label = is_read_also_label(text)
                is_labelled = is_label or (is_labelled and is_links_only(text, links))
                cells.append("" if is_labelled or is_read_also(text, links) else text)
            if any(cells):
                rows.append(" | ".join(cells))
        if rows:
            self.blocks.append(Block("table", items=rows))

    def _outside_cells(self, element: Element, depth: int) -> None:
        """Read a caption and what is in no cell, which a browser shows above the table."""
        run: Run = [element.text] if element.text else []
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and tag not in {"td", "th"}:
                if tag in ROWS:
                    self._paragraphs(run)
                    self._outside_cells(child, depth)
                    run = []
                elif tag in BLOCKS or tag == "caption":
                    self._paragraphs(run)
                    self._block(child, tag, depth)
                    run = []
                else:
                    self._inline(child, tag, run, depth)
            if child.tail:
                run.append(child.tail)
        self._paragraphs(run)

    def _figure(self, element: Element, depth: int) -> None:
        block_count, image_count = len(self.blocks), len(self.images)
        self._container(element, depth + 1)
        if element.tag == "a" and len(self.blocks) == block_count:
            url = media.absolute(element.get("href"), self._urls, self._base)
            self._linked_media(element, url or "", block_count)
        if len(self.images) == image_count + 1:
            image, line = self.images[-1], captions.caption_line(element)
            image.caption, image.credit = captions.caption_and_credit(line, self._urls.site)
            # Words with a class of captions, in no `figcaption`, were read as paragraphs.
            if line:
                kept = (b for b in self.blocks[block_count:] if b.type == "image" or b.text != line)
                self.blocks[block_count:] = [*kept]
        self._other_caption(element, block_count, image_count)
        for block in self.blocks[block_count:]:
            if block.type == "paragraph" and block.text and _BARE_URL.match(block.text):
                block.type, block.url, block.text = "embed", block.text, None
                if name := media.provider(block.url):
                    block.type = "video"
                    self.videos.append(Video(block.url, name))

    def _other_caption(self, element: Element, block_count: int, image_count: int) -> None:
        """Keep the words under a table, a sound, a quotation or a video."""
        caption = captions.caption_element(element)
        text = shown_text(caption)
        if not text or caption is None or len(self.images) > image_count:
            return
        if next(caption.iterancestors("figure"), element) is not element:
            return
        videos = [block for block in self.blocks[block_count:] if block.type == "video"]
        if videos and self.videos[-1].title is None:
            self.videos[-1].title = text
        elif len(videos) == 0 or self.videos[-1].title != text:
            run: Run = []
            self._inline_content(caption, run, 0)
            self._paragraphs(run)

    _READERS: ClassVar[Mapping[str, Callable[[BodyReader, Element, int], None]]] = {
        "p": _paragraph,
        **dict.fromkeys(HEADINGS, _heading),
        **dict.fromkeys(("ul", "ol", "dl"), _list),
        **dict.fromkeys(("li", "dt", "dd"), _entries),
        "blockquote": _quote,
        "table": _table,
        "figure": _figure,
        "pre": _preformatted,
        "div": _division,
        "section": _linked_blocks,
    }


def _label_of_button(heading: Element) -> str:
    """Return the text of the button that opens what is below a heading, without its sign."""
    button = next(heading.iter("button"), None)
    return shown_text(button).strip(_SIGNS) if button is not None else ""


def _without_mark(heading: Element, text: str) -> str:
    """Return a heading's text without the sign of the link to the heading itself."""
    anchors = (anchor for anchor in heading.iter("a") if (anchor.get("href") or "").startswith("#"))
    is_marked = any(shown_text(anchor) in _MARKS for anchor in anchors)
    return text.strip("".join(_MARKS)).strip() if is_marked else text


def _is_hidden_row(row: Element) -> bool:
    """Return whether a row or the group of rows around it is hidden."""
    parent = row.getparent()
    is_in_group = parent is not None and parent.tag in ROWS
    return is_hidden(row) or (is_in_group and parent is not None and is_hidden(parent))


_UNFRAMED = frozenset({"p", "ul", "ol", "li", "dt", "dd", "blockquote", "table", *HEADINGS})


def _kind(element: Element, tag: str) -> str:
    """Return the tag by which a block is read: that of a figure for what frames a picture."""
    classes = element.get("class")
    if not classes or tag in _UNFRAMED:
        return tag
    return "figure" if any(name in classes for name in _FRAMES) else tag
