"""Reads the text of a paragraph: runs of text, links, pictures and players."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.items import Block, Image, Link, Video
from newscrawl.items.parts import text_of
from newscrawl.pages import inline, media, video_addresses
from newscrawl.pages.block_tags import BLOCKS, MAX_DEPTH, SKIPPED
from newscrawl.pages.boilerplate import (
    is_boilerplate,
    is_links_only,
    is_notice,
    is_read_also,
    is_read_also_label,
    without_read_also,
)
from newscrawl.pages.invitation import MAX_LENGTH, is_invitation, is_share_bar
from newscrawl.pages.parked_markup import noscript_content
from newscrawl.pages.shown import emoji, is_hidden, is_line_by_style, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from newscrawl.pages.inline import Run
    from newscrawl.urls import SiteUrls


_ADDRESS_STARTS = ("http", "[")
_BARE_ADDRESS = re.compile(r"https?://\S+")


class InlineReader:
    """Collects the blocks, images, videos and links of a text, from its runs."""

    def __init__(self, urls: SiteUrls, base: str) -> None:
        self._urls = urls
        self._base = base
        self.blocks: list[Block] = []
        self.images: list[Image] = []
        self.videos: list[Video] = []
        self.links: list[Link] = []
        self._end_of_label = -1
        self._without_script: Image | None = None
        """The picture of the last `noscript`, which may stand before the one for scripts."""
        self.is_cut = False
        """Whether text was left out because it is nested too deeply. See decision 22."""

    def text(self) -> str:
        """Return paragraphs, headings, list items, quotes and rows, separated by blank lines."""
        return text_of(self.blocks)

    def _paragraphs(self, run: Run) -> None:
        for text, links in inline.paragraphs(run):
            self._add_paragraph(text, links)

    def _add_paragraph(self, text: str, links: list[Link]) -> None:
        if self._urls.site.boilerplate.fullmatch(text) or is_notice(text):
            return
        if links:
            self.links.extend(links)
        if text.startswith(_ADDRESS_STARTS) and self._is_written_address(text):
            return
        if links:
            if "\n" in text:
                text = without_read_also(text, links)
            if is_read_also(text, links) or self._is_below_label(text, links):
                return
            if is_share_bar(links) and is_links_only(text, links):
                return
        if text and not (len(text) <= MAX_LENGTH and is_invitation(text, links)):
            self.blocks.append(Block("paragraph", text=text))

    def _is_written_address(self, text: str) -> bool:
        """Return whether a paragraph is nothing but an address, and read what is at it.

        WordPress puts a player in the place of a video's address in a line of its own; where it
        failed, the address is left. Below a label it leads to another article.
        """
        if (address := video_addresses.written_address(text)) is not None:
            self._add_video(Video(address, media.provider(address)))
            return True
        return _BARE_ADDRESS.fullmatch(text) is not None and self._drop_label_above()

    def _is_below_label(self, text: str, links: list[Link]) -> bool:
        """Return whether a line is the links of a label above it, and drop the label."""
        return is_links_only(text, links) and (
            self._drop_label_above() or self._end_of_label == len(self.blocks)
        )

    def _drop_label_above(self, is_label: Callable[[str], bool] = is_read_also_label) -> bool:
        """Drop a label at the end of the text, and the pictures of the articles below it."""
        at = self._label_at(is_label)
        if at is None:
            return False
        pictures = len(self.blocks) - at - 1
        del self.blocks[at:]
        del self.images[len(self.images) - pictures :]
        self._end_of_label = at
        return True

    def _label_at(self, is_label: Callable[[str], bool] = is_read_also_label) -> int | None:
        """Return the place of a label at the end of the text, above pictures at most."""
        at = len(self.blocks) - 1
        while at >= 0 and self.blocks[at].type == "image":
            at -= 1
        label = self.blocks[at].text if at >= 0 else None
        return at if label and is_label(label) else None

    def _line(self, run: Run) -> str:
        """Return a run as one line and add its links."""
        self.links.extend(inline.links(run))
        return inline.line(run)

    def _inline_content(self, element: Element, run: Run, depth: int) -> None:
        if text := element.text:
            run.append(text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str):
                is_line = tag in BLOCKS
                if is_line:
                    run.append(" ")
                self._inline(child, tag, run, depth + 1)
                if is_line:
                    run.append(" ")
            if tail := child.tail:
                run.append(tail)

    def _inline(self, element: Element, tag: str, run: Run, depth: int) -> None:
        if tag == "br":
            run.append(None)
        elif tag == "img":
            self._picture(element, run)
        elif tag in media.PLAYERS:
            self._shown_video(element)
        elif tag == "noscript":
            self._noscript(element, run, depth)
        elif tag in SKIPPED or is_hidden(element) or is_boilerplate(element):
            if tag == "script":
                self._script(element)
        elif tag == "amp-img":
            self._picture(element, run)
        elif depth > MAX_DEPTH:
            self.is_cut = True
        elif is_line_by_style(element):
            run.append(" ")
            self._shown_inline(element, tag, run, depth)
            run.append(" ")
        else:
            self._shown_inline(element, tag, run, depth)

    def _shown_inline(self, element: Element, tag: str, run: Run, depth: int) -> None:
        if tag == "a":
            self._anchor(element, run, depth)
        else:
            if tag == "cite" and _ends_quote(element):
                run.append(None)
            self._inline_content(element, run, depth)

    def _noscript(self, element: Element, run: Run, depth: int) -> None:
        """Read the picture or player that a script would put in place, unless it is there."""
        content = noscript_content(element)
        if shown_text(content):
            return
        for node in content.iterdescendants("img", *media.PLAYERS):
            if node.tag == "img":
                image = media.body_image(node, self._urls, self._base)
                if image and not any(media.is_same_file(image.url, o.url) for o in self.images):
                    self._picture(node, run)
                    self._without_script = self.images[-1]
            else:
                video = media.video(node, self._urls, self._base)
                address = video.url.partition("?")[0] if video else None
                known = {other.url.partition("?")[0] for other in self.videos}
                if address and (address not in known or "watch" in address):
                    self._video(node)

    def _anchor(self, element: Element, run: Run, depth: int) -> None:
        start, block_count = len(run), len(self.blocks)
        self._inline_content(element, run, depth)
        text = inline.line(run[start:])
        url = media.absolute(element.get("href"), self._urls, self._base)
        if text and url:
            run.insert(start, Link(url, text))
        elif url:
            self._linked_media(element, url, block_count)

    def _linked_media(self, element: Element, url: str, block_count: int) -> None:
        """Read what a link without text leads to: a picture's file, or the video of its picture.

        Galleries show the picture as a background. Scripts put a player in place of the link.
        """
        count = len(self.blocks) - block_count
        is_still = count == 1 and self.blocks[-1].url == self.images[-1].url if count else False
        if is_still and video_addresses.is_still(self.images[-1].url):
            if video_addresses.is_video_page(url):
                del self.blocks[-1], self.images[-1]
                self._add_video(Video(url, media.provider(url)))
        elif count == 0 and media.is_picture_file(url):
            is_known = any(media.is_same_file(url, image.url) for image in self.images)
            if not is_known and next(element.iterdescendants("img"), None) is None:
                self.images.append(Image(url))
                self.blocks.append(Block("image", url=url))
                self._without_script = self.images[-1]

    def _picture(self, element: Element, run: Run) -> None:
        character = emoji(element)
        if character is not None:
            run.append(character)
            return
        image = media.body_image(element, self._urls, self._base)
        before, self._without_script = self._without_script, None
        if image and not (before and media.is_same_file(before.url, image.url)):
            self.images.append(image)
            self.blocks.append(Block("image", url=image.url))
            if (element.tail or "")[:1].isalnum():
                run.append(" ")

    def _shown_video(self, element: Element) -> None:
        if not is_hidden(element) or media.is_parked(element):
            self._video(element)

    def _video(self, element: Element) -> None:
        video = media.video(element, self._urls, self._base)
        if video:
            self._add_video(video)
        elif element.tag == "iframe":
            url = media.absolute(media.player_url(element), self._urls, self._base)
            if url and "wp-embedded-content" not in (element.get("class") or ""):
                self.blocks.append(Block("embed", url=url))

    def _add_video(self, video: Video) -> None:
        self.videos.append(video)
        self.blocks.append(Block("video", url=video.url))

    def _script(self, element: Element) -> None:
        """Read the player or the post that a provider's script puts in its own place."""
        if (address := video_addresses.address_in_script(element)) is not None:
            self._add_video(Video(address, media.provider(address)))
        elif post := element.get("data-telegram-post"):
            self.blocks.append(Block("embed", url=f"https://t.me/{post}"))

    def _player(self, element: Element) -> Video | None:
        """Return the video of a `div` that a script makes a player of."""
        if not media.is_player(element):
            return None
        url = media.absolute(media.player_url(element), self._urls, self._base)
        name = media.provider(url) if url else None
        return Video(url, name, fold(element.get("data-alt")) or None) if url and name else None


def _ends_quote(element: Element) -> bool:
    """Return whether an element is the last of a quotation: its source, on a line of its own."""
    return not fold(element.tail) and next(element.iterancestors("blockquote"), None) is not None
