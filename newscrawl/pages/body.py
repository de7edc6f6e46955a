"""Reads the body of an article: blocks, images, videos and links in reading order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from newscrawl.items import Block, Image, Link, Video
from newscrawl.items.parts import text_of
from newscrawl.pages import inline, media
from newscrawl.pages.boilerplate import (
    is_boilerplate,
    is_links_only,
    is_other_articles,
    is_read_also,
    is_read_also_label,
    without_read_also,
)
from newscrawl.pages.shown import emoji, is_hidden, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

    from newscrawl.pages.inline import Run
    from newscrawl.urls import SiteUrls

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_BLOCKS = frozenset(
    {
        *_HEADINGS,
        "p",
        "div",
        "section",
        "article",
        "main",
        "aside",
        "header",
        "footer",
        "center",
        "details",
        "summary",
        "fieldset",
        "nav",
        "ul",
        "ol",
        "dl",
        "li",
        "dt",
        "dd",
        "blockquote",
        "figure",
        "table",
        "pre",
        "hr",
        "address",
        "form",
        *media.PLAYERS,
        "audio",
        "object",
    }
)
_SKIPPED = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "title",
        "button",
        "input",
        "select",
        "textarea",
        "nav",
        "hr",
        "object",
        "audio",
        "figcaption",
    }
)
_BARE_URL = re.compile(r"\Ahttps?://\S+\Z")
_TWEETS = (
    "twitter-tweet",
    "instagram-media",
    "tiktok-embed",
    "fb-post",
    "twitter-video",
    "wp-embedded-content",
)
# The classic editor frames a picture with a div; a failed embed leaves its bare URL.
_FRAMES = ("wp-caption", "gallery-item", "wp-block-embed__wrapper")
_MAX_DEPTH = 120
_LISTS = frozenset({"ul", "ol", "dl", "li", "dt", "dd"})
_ROWS = frozenset({"tbody", "thead", "tfoot", "tr", "colgroup", "col"})
_CELLS = frozenset({"tbody", "thead", "tfoot", "tr", "td", "th", "caption"})


class BodyReader:
    """Reads the text of one article from the containers of its pages, in order.

    Text and links are collected in runs, which are split into paragraphs where a block begins.
    """

    def __init__(self, urls: SiteUrls, base: str) -> None:
        self._urls = urls
        self._base = base
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.videos: list[Video] = []
        self.links: list[Link] = []
        self._end_of_label = -1
        self.is_cut = False
        """Whether text was left out because it is nested too deeply. See decision 22."""

    def read(self, container: Element) -> None:
        """Add the content of `container`."""
        self._container(container, 0)
        self._drop_label_above()

    def text(self) -> str:
        """Return paragraphs, headings, list items, quotes and rows, separated by blank lines."""
        return text_of(self.blocks)

    def _container(self, element: Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            self.is_cut = True
            return
        run: Run = [element.text] if element.text else []
        for child in element:
            tag = child.tag
            if not isinstance(tag, str):
                pass
            elif tag in _BLOCKS or self._holds_blocks(child, tag):
                self._paragraphs(run)
                self._block(child, tag, depth)
                run = []
            else:
                self._inline(child, tag, run, depth)
            if child.tail:
                run.append(child.tail)
        self._paragraphs(run)

    def _drop_label(self, element: Element) -> bool:
        """Return whether a list is the links of a label above it, and drop the label."""
        run: Run = []
        for anchor in element.iter("a"):
            url = media.absolute(anchor.get("href"), self._urls, self._base)
            if url and (text := shown_text(anchor)):
                run.append(Link(url, text))
        links = inline.links(run)
        if not self._is_below_label(shown_text(element), links):
            return False
        self.links.extend(links)
        return True

    def _is_below_label(self, text: str, links: list[Link]) -> bool:
        """Return whether a line is the links of a label above it, and drop the label."""
        return is_links_only(text, links) and (
            self._drop_label_above() or self._end_of_label == len(self.blocks)
        )

    def _drop_label_above(self) -> bool:
        last = self.blocks[-1] if self.blocks else None
        if last is None or not last.text or not is_read_also_label(last.text):
            return False
        self.blocks.pop()
        self._end_of_label = len(self.blocks)
        return True

    def _holds_blocks(self, element: Element, tag: str) -> bool:
        if not len(element) or tag in _SKIPPED:
            return False
        return next(element.iterdescendants(*_BLOCKS), None) is not None

    def _block(self, element: Element, tag: str, depth: int) -> None:
        if tag in media.PLAYERS:
            self._shown_video(element)
        elif is_boilerplate(element):
            if is_other_articles(element):
                self._drop_label_above()
        elif tag not in _SKIPPED and _is_shown(element, tag):
            read = self._READERS.get(_kind(element, tag), BodyReader._linked_blocks)
            read(self, element, depth)

    def _entries(self, element: Element, depth: int) -> None:
        """Read an entry that is in no list, and the lists within it."""
        run: Run = []
        self._entry(element, run, depth)
        entries = [run]
        for nested in _nested_lists(element):
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

    def _player(self, element: Element) -> Video | None:
        """Return the video of a `div` that a script makes a player of."""
        if not any(str(name).startswith("data-") for name in element.keys()):  # noqa: SIM118
            return None
        url = media.absolute(media.player_url(element), self._urls, self._base)
        name = media.provider(url) if url else None
        return Video(url, name, fold(element.get("data-alt")) or None) if url and name else None

    def _paragraph(self, element: Element, depth: int) -> None:
        if not len(element):
            if text := fold(element.text):
                self._add_paragraph(text, [])
        elif next(element.iterchildren(*_BLOCKS), None) is not None:
            self._container(element, depth + 1)
        else:
            run: Run = []
            self._inline_content(element, run, depth)
            self._paragraphs(run)

    def _inline_content(self, element: Element, run: Run, depth: int) -> None:
        if element.text:
            run.append(element.text)
        for child in element:
            if isinstance(child.tag, str):
                is_line = child.tag in _BLOCKS
                if is_line:
                    run.append(" ")
                self._inline(child, child.tag, run, depth + 1)
                if is_line:
                    run.append(" ")
            if child.tail:
                run.append(child.tail)

    def _inline(self, element: Element, tag: str, run: Run, depth: int) -> None:
        if tag == "br":
            run.append(None)
        elif tag == "img":
            self._picture(element, run)
        elif tag in media.PLAYERS:
            self._shown_video(element)
        elif tag == "noscript":
            self._noscript(element, run, depth)
        elif tag in _SKIPPED or is_hidden(element) or is_boilerplate(element):
            return
        elif depth > _MAX_DEPTH:
            self.is_cut = True
        elif tag == "a":
            self._anchor(element, run, depth)
        else:
            if tag == "cite" and _ends_quote(element):
                run.append(None)
            self._inline_content(element, run, depth)

    def _noscript(self, element: Element, run: Run, depth: int) -> None:
        """Read the picture or player that a script would put in place, unless it is there."""
        if shown_text(element):
            return
        for node in element.iterdescendants("img", *media.PLAYERS):
            if node.tag == "img":
                image = media.body_image(node, self._urls, self._base)
                if image and not any(media.is_same_file(image.url, o.url) for o in self.images):
                    self._picture(node, run)
            else:
                video = media.video(node, self._urls, self._base)
                address = video.url.partition("?")[0] if video else None
                known = {other.url.partition("?")[0] for other in self.videos}
                if address and (address not in known or "watch" in address):
                    self._video(node)

    def _anchor(self, element: Element, run: Run, depth: int) -> None:
        start = len(run)
        self._inline_content(element, run, depth)
        text = inline.line(run[start:])
        url = media.absolute(element.get("href"), self._urls, self._base)
        if text and url:
            run.insert(start, Link(url, text))

    def _paragraphs(self, run: Run) -> None:
        for text, links in inline.paragraphs(run):
            self._add_paragraph(text, links)

    def _add_paragraph(self, text: str, links: list[Link]) -> None:
        if self._urls.site.boilerplate.fullmatch(text):
            return
        self.links.extend(links)
        if links and "\n" in text:
            text = without_read_also(text, links)
        if text and not is_read_also(text, links) and not self._is_below_label(text, links):
            self.blocks.append(Block("paragraph", text=text))

    def _line(self, run: Run) -> str:
        """Return a run as one line and add its links."""
        self.links.extend(inline.links(run))
        return inline.line(run)

    def _heading(self, element: Element, depth: int) -> None:
        run: Run = []
        self._inline_content(element, run, depth)
        links = inline.links(run)
        text = self._line(run)
        if text and not is_read_also(text, links) and not self._is_below_label(text, links):
            self.blocks.append(Block("heading", level=_HEADINGS[str(element.tag)], text=text))

    def _list(self, element: Element, depth: int) -> None:
        """Read a list; a gallery is pictures, and text that is only indented is paragraphs."""
        is_gallery = "gallery" in (element.get("class") or "")
        if self._drop_label(element):
            return
        if is_gallery or next(element.iter("li", "dt", "dd"), None) is None:
            self._container(element, depth + 1)
            return
        self._add_list(self._items(element, depth))

    def _add_list(self, entries: list[Run]) -> None:
        items = []
        is_labelled = False
        for run in entries:
            text, links = inline.line(run), inline.links(run)
            self.links.extend(links)
            is_labelled = is_read_also_label(text) or (is_labelled and is_links_only(text, links))
            if text and not is_labelled and not is_read_also(text, links):
                items.append(text)
        if items:
            self.blocks.append(Block("list", items=items))

    def _items(self, element: Element, depth: int) -> list[Run]:
        """Return the entries of a list and of those within it; loose text is one too."""
        entries: list[Run] = []
        loose: Run = [element.text] if element.text else []
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and not is_hidden(child) and depth < _MAX_DEPTH:
                if tag in _LISTS or (
                    tag in _BLOCKS and next(child.iter("li", "dt", "dd"), None) is not None
                ):
                    entries.append(loose)
                    loose = []
                    if tag in {"li", "dt", "dd"}:
                        run: Run = []
                        self._entry(child, run, depth)
                        entries.append(run)
                        for nested in _nested_lists(child):
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
                if tag in _BLOCKS or tag in _CELLS:
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
        elif tag in _LISTS and self._is_cell_list(entry):
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
        if tag in {"ul", "ol", "dl"} or tag in _SKIPPED or is_boilerplate(element):
            return False
        if not _is_shown(element, tag):
            return False
        self.is_cut = self.is_cut or depth >= _MAX_DEPTH
        return depth < _MAX_DEPTH

    def _quote(self, element: Element, depth: int) -> None:
        classes = element.get("class") or ""
        if any(name in classes for name in _TWEETS):
            anchors = element.findall(".//a[@href]")
            url = anchors[-1].get("href") if anchors else element.get("cite")
            url = media.absolute(url, self._urls, self._base)
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
        for row in element.iter("tr"):
            if next(row.iterancestors("table")) is not element:
                continue
            cells = []
            for cell in row.iterchildren("td", "th"):
                run: Run = []
                self._entry(cell, run, depth)
                text, links = self._line(run), inline.links(run)
                cells.append("" if is_read_also(text, links) else text)
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
                if tag in _ROWS:
                    self._paragraphs(run)
                    self._outside_cells(child, depth)
                    run = []
                elif tag in _BLOCKS or tag == "caption":
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
        if len(self.images) == image_count + 1:
            image, line = self.images[-1], media.caption_line(element)
            image.caption, image.credit = media.caption_and_credit(line, self._urls.site)
        self._other_caption(element, block_count, image_count)
        for block in self.blocks[block_count:]:
            if block.type == "paragraph" and block.text and _BARE_URL.match(block.text):
                block.type, block.url, block.text = "embed", block.text, None
                if name := media.provider(block.url):
                    block.type = "video"
                    self.videos.append(Video(block.url, name))

    def _other_caption(self, element: Element, block_count: int, image_count: int) -> None:
        """Keep the words under a table, a sound, a quotation or a video."""
        caption = media.caption_element(element)
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

    def _picture(self, element: Element, run: Run) -> None:
        character = emoji(element)
        if character is not None:
            run.append(character)
            return
        image = media.body_image(element, self._urls, self._base)
        if image:
            self.images.append(image)
            self.blocks.append(Block("image", url=image.url))

    def _shown_video(self, element: Element) -> None:
        if not is_hidden(element) or media.is_parked(element):
            self._video(element)

    def _video(self, element: Element) -> None:
        video = media.video(element, self._urls, self._base)
        if video:
            self.videos.append(video)
            self.blocks.append(Block("video", url=video.url))
        elif element.tag == "iframe":
            url = media.absolute(media.player_url(element), self._urls, self._base)
            if url and "wp-embedded-content" not in (element.get("class") or ""):
                self.blocks.append(Block("embed", url=url))

    _READERS: ClassVar[Mapping[str, Callable[[BodyReader, Element, int], None]]] = {
        "p": _paragraph,
        **dict.fromkeys(_HEADINGS, _heading),
        **dict.fromkeys(("ul", "ol", "dl"), _list),
        **dict.fromkeys(("li", "dt", "dd"), _entries),
        "blockquote": _quote,
        "table": _table,
        "figure": _figure,
        "pre": _preformatted,
        "div": _division,
    }


_UNFRAMED = frozenset({"p", "ul", "ol", "li", "dt", "dd", "blockquote", "table", *_HEADINGS})


def _kind(element: Element, tag: str) -> str:
    """Return the tag by which a block is read: that of a figure for what frames a picture."""
    classes = element.get("class")
    if not classes or tag in _UNFRAMED:
        return tag
    return "figure" if any(name in classes for name in _FRAMES) else tag


def _is_shown(element: Element, tag: str) -> bool:
    return not is_hidden(element) and (tag != "form" or _is_prose(element))


_CONTROLS = frozenset({"input", "select", "textarea", "button"})
_FORM_WORDS = re.compile(
    r"\b(?:newsletter|iscrivi|privacy|informativa|e-?mail|acconsento|consenso|password|accedi"
    r"|abbonati|registrati|vota|sondaggio)",
    re.IGNORECASE,
)
_MIN_PROSE, _MUCH_PROSE = 12, 60
"""Words of a form with controls that make it text: without words of forms, and with any."""


def _is_prose(form: Element) -> bool:
    """Return whether a form holds the article's text: left open, or put around all of it."""
    controls = (node for node in form.iter(*_CONTROLS) if node.get("type") != "hidden")
    if next(controls, None) is None:
        return True
    text = shown_text(form)
    words = len(text.split())
    return words >= _MUCH_PROSE or (words >= _MIN_PROSE and not _FORM_WORDS.search(text))


def _ends_quote(element: Element) -> bool:
    """Return whether an element is the last of a quotation: its source, on a line of its own."""
    return not fold(element.tail) and next(element.iterancestors("blockquote"), None) is not None


def _nested_lists(entry: Element) -> list[Element]:
    """Return the lists within an entry that are in no list of their own there."""
    return [
        node
        for node in entry.iterdescendants("ul", "ol", "dl")
        if next(node.iterancestors("li", "dt", "dd"), None) is entry
    ]
