"""A page of any layout as boxes of text, and which boxes are not an article's text by their make.

A box is a block element; its text is in segments, between two blocks or two empty lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from newscrawl.pages.boilerplate import is_boilerplate
from newscrawl.pages.element_names import words_of
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.media import PLAYERS, is_player
from newscrawl.pages.parked_markup import is_consent_box, noscript_content
from newscrawl.pages.shown import LINES, is_hidden, is_line_by_style, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from lxml.etree import _Element as Element

_SKIPPED = frozenset(
    {"script", "style", "template", "svg", "button", "input", "select", "textarea", "meta", "link"}
    | {"title", "base", "head", "map", "dialog", "object", "datalist", "canvas", "label", "nav"}
)
_MEDIA = frozenset({"img", "amp-img", "picture", "figure"}) | PLAYERS
_SILENT = PLAYERS | {"noscript", "audio"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
WHOLE = frozenset({"p", "ul", "ol", "dl", "li", "blockquote", "pre", "figure", *HEADINGS})
"""Elements that are never the container of the text, being parts of one."""
_BOX_TAGS = frozenset({"nav", "aside", "footer"})
_BLOCKS = LINES - {"iframe", "video", "audio", "object"}
_MAX_DEPTH = 150

# Words in the class or id of boxes around or within an article's text, in Italian and English.
_BOX_WORDS = frozenset(
    {
        "abbonamento", "abbonati", "ad", "ads", "adv", "advert", "advertisement", "advertising",
        "author", "authors", "autore", "banner", "bio", "breadcrumb", "breadcrumbs", "byline",
        "comment", "commenti", "commento", "comments", "condividi", "condivisione", "consent",
        "consigliati", "cookie", "cookies", "copyright", "correlate", "correlated", "correlati",
        "correlato", "credits", "dateline", "disclaimer", "disqus", "donate", "donazione",
        "feedback", "firma", "follow", "gdpr", "iscriviti", "keywords", "latest", "leggianche",
        "login", "menu", "modal", "nav", "navbar", "navigation", "newsletter", "outbrain",
        "pager", "pagination", "paywall", "poll", "popular", "popup", "print", "promo",
        "promotion", "rating", "reactions", "recommendations", "recommended", "related",
        "seguici", "share", "shares", "sharing", "sidebar", "signup", "social", "socials",
        "sondaggio", "sponsor", "sponsored", "subscribe", "subscription", "taboola", "taglist",
        "tags", "teaser", "toc", "toolbar", "trending", "ultime", "ultimissime", "widget",
        "widgets",
    }
)  # fmt: skip
_STRONG_WORDS = frozenset(
    {
        "breadcrumb", "breadcrumbs", "commenti", "comments", "condividi", "consent",
        "consigliati", "cookie", "cookies", "correlate", "correlati", "disqus", "gdpr",
        "leggianche", "newsletter", "outbrain", "pagination", "recommended", "related", "share",
        "sharing", "social", "taboola",
    }
)  # fmt: skip
"""Words of boxes whose text is left out even where trafilatura took it."""
_DATE_WORDS = frozenset({"data", "date", "datetime", "pubdate", "timestamp"})
_SIGNATURE_WORDS = frozenset({"author", "autore", "byline", "firma"})
_MAX_NAME_WORDS = 8
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_FRAMES = re.compile(r"elementor-widget|wpb_video_widget|BorlabsCookie|borlabs-cookie")
"""Names of what a page builder and a consent tool put around anything."""
_KEY = re.compile(r"[\W_]+")
_MARKS = ",.’'«»\"“”:;()-–!?…/"
"""What most texts have besides letters and digits."""
_SENTENCE_ENDS = frozenset(".!?…»”\"':;)")
_SIGNS = " -–—•·*>»→➡️👉.:"
"""What stands before and behind a link in a list that is written as paragraphs."""
_LONG_KEY = 12
"""Letters of a text that is found by chance nowhere."""
_ALL = 0.9
_MIN_LINKS = 3
_MIN_PROSE = 12
_MAX_BOX_WORDS = 80
"""Words of a form's box or of another article's card."""


def text_key(text: str) -> str:
    """Return the letters and digits of a text, by which it is recognised.

    >>> text_key("«Più tardi», ha detto.")
    'piùtardihadetto'
    """
    key = "".join(text.casefold().split())
    # To look for these takes a third of the time of the pattern, which few texts need then.
    for mark in _MARKS:
        if mark in key:
            key = key.replace(mark, "")
    return key if key.isalnum() else _KEY.sub("", key)


@dataclass(eq=False, slots=True)
class Segment:
    """Text and inline elements between two blocks, or between two empty lines."""

    order: int
    box: Box
    pieces: list[str | Element] = field(default_factory=list)
    text: str = ""
    key: str = ""
    linked: int = 0
    """Characters of the text that are links."""
    is_anchored: bool = False
    is_kept: bool = False

    @property
    def weight(self) -> int:
        """Characters that trafilatura took."""
        return len(self.text) if self.is_anchored else 0

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def is_link(self) -> bool:
        """Whether all of its text is links."""
        return self.linked >= _ALL * max(len(self.text.strip(_SIGNS)), 1)

    def spaced_text(self) -> str:
        """Return the text with a space between elements, which styles may set apart."""
        texts = (piece if isinstance(piece, str) else shown_text(piece) for piece in self.pieces)
        return fold(" ".join(texts))


@dataclass(eq=False, slots=True)
class Box:
    """A block element and what is in it."""

    order: int
    element: Element
    items: list[Item] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    """Those in it, however deep."""
    weight: int = 0
    """Characters in it that trafilatura took."""
    is_kept: bool = False

    def boxes(self) -> Iterator[Box]:
        """Yield the box and those within it."""
        yield self
        for item in self.items:
            if isinstance(item, Box):
                yield from item.boxes()

    @property
    def has_player(self) -> bool:
        """Whether a script makes a player of an element within it."""
        return any(not part.text and is_player(part.box.element) for part in self.segments)

    @property
    def tag(self) -> str:
        """The element's tag."""
        return str(self.element.tag)


Item = Segment | Box


class PageBoxes:
    """The boxes of a page.

    Args:
        body: the element that holds all.
        is_anchored: says of a text's key whether trafilatura took it.
        link_lists: lists that consist of links; each is one box with one segment.
    """

    def __init__(
        self,
        body: Element,
        is_anchored: Callable[[str], bool],
        link_lists: Collection[Element] = frozenset(),
    ) -> None:
        self._count = 0
        self._link_lists = link_lists
        self._is_anchored = is_anchored
        self.segments: list[Segment] = []
        self.notices: list[str] = []
        """What consent tools say in the place of players."""
        self.top = self._box(body, 0)

    def _box(self, element: Element, depth: int) -> Box:
        self._count += 1
        box = Box(self._count, element)
        start = len(self.segments)
        if element in self._link_lists:
            self._add_link_list(box)
            return box
        pieces: list[str | Element] = []
        text = element.text
        if text and not text.isspace():
            pieces.append(text)
        breaks = 0
        for child in element:
            tag, tail = child.tag, child.tail
            breaks += tag == "br"
            if not isinstance(tag, str) or tag in _SKIPPED or (tag == "br" and not pieces):
                pass
            elif tag == "br" and breaks > 1:
                self._add_segment(box, pieces)
                pieces = []
            elif tag == "br":
                pieces.append(child)
            elif tag in _BLOCKS or _holds_block(child):
                self._add_segment(box, pieces)
                pieces = []
                if depth < _MAX_DEPTH:
                    box.items.append(self._box(child, depth + 1))
            else:
                pieces.append(child)
                breaks = 0
            is_text = tail is not None and not tail.isspace()
            breaks = 0 if is_text else breaks
            if tail and (pieces or is_text):
                pieces.append(tail)
        self._add_segment(box, pieces)
        self._close(box, start)
        return box

    def _close(self, box: Box, start: int) -> None:
        """Set what is in a box; a player is a segment without text."""
        is_notice = is_consent_box(box.element)
        if (len(self.segments) == start or is_notice) and is_player(box.element):
            self.notices += [segment.text for segment in self.segments[start:]]
            del self.segments[start:]
            self._count += 1
            player = Segment(self._count, box)
            box.items = [player]
            self.segments.append(player)
        box.segments = self.segments[start:]
        box.weight = sum(segment.weight for segment in box.segments)

    def _add_link_list(self, box: Box) -> None:
        self._count += 1
        segment = Segment(
            self._count, box, [box.element], text=fold(" ".join(box.element.itertext()))
        )
        segment.linked = len(segment.text)
        box.items.append(segment)
        self.segments.append(segment)
        box.segments = [segment]

    def _add_segment(self, box: Box, pieces: list[str | Element]) -> None:
        if not pieces:
            return
        self._count += 1
        segment = Segment(self._count, box, pieces)
        if not _fill(segment):
            return
        box.items.append(segment)
        self.segments.append(segment)
        if segment.text:
            segment.key = text_key(segment.text)
            segment.is_anchored = self._is_anchored(segment.key)


def _holds_block(element: Element) -> bool:
    # lxml takes longer to match many names than to give all elements.
    return len(element) > 0 and any(node.tag in _BLOCKS for node in element.iterdescendants())


def _fill(segment: Segment) -> bool:
    """Set a segment's text; return whether there is anything in it to read."""
    if len(segment.pieces) == 1 and isinstance(segment.pieces[0], str):
        segment.text = fold(segment.pieces[0])
        return bool(segment.text)
    texts: list[str] = []
    has_media = False
    for piece in segment.pieces:
        if isinstance(piece, str):
            texts.append(piece)
        elif not is_hidden(piece):
            has_media = has_media or _holds_media(piece)
            texts.append(_inline_text(piece))
            segment.linked += _linked_characters(piece)
    segment.text = fold("".join(texts))
    return bool(segment.text) or has_media


def _holds_media(element: Element) -> bool:
    if element.tag == "noscript":
        element = noscript_content(element)
    return element.tag in _MEDIA or (
        len(element) > 0 and any(node.tag in _MEDIA for node in element.iterdescendants())
    )


def _inline_text(element: Element) -> str:
    """Return an element's text with the spaces at its edges, which part words."""
    if element.tag == "br":
        return " "
    if element.tag in _SILENT:
        return ""
    is_line = is_line_by_style(element)
    if not len(element) and not is_line:
        return element.text or ""
    text = shown_text(element)
    return f" {text} " if is_line or _has_space_at_edges(element) else text


def _linked_characters(element: Element) -> int:
    if element.tag == "a":
        return len(shown_text(element))
    return sum(len(shown_text(link)) for link in element.iterdescendants("a"))


def _has_space_at_edges(element: Element) -> bool:
    texts = [*element.itertext()]
    return bool(texts) and (texts[0][:1].isspace() or texts[-1][-1:].isspace())


def is_strong_box(element: Element) -> bool:
    """Return whether an element is a box whose text is left out even where trafilatura took it."""
    return (
        element.tag == "nav"
        or is_boilerplate(element)
        or is_hidden(element)
        or not _STRONG_WORDS.isdisjoint(words_of(element))
    )


def is_any_box(box: Box) -> bool:
    """Return whether a box is one of other content, by its tag, form or name."""
    element = box.element
    if is_strong_box(element):
        return True
    if element.tag in _BOX_TAGS:
        # A quotation's footer is its source.
        return next(element.iterancestors("blockquote"), None) is None
    if element.tag == "form":
        return next(element.iterdescendants("input", "textarea", "select"), None) is not None
    return not _BOX_WORDS.isdisjoint(words_of(element))


def is_card(box: Box, parent: Box) -> bool:
    """Return whether a box shows another article: a linked heading with a picture, or in a row."""
    if not has_linked_heading(box) or sum(part.words for part in box.segments) > (
        _MAX_BOX_WORDS * max(1, sum(inner.tag in HEADINGS for inner in box.boxes()))
    ):
        return False
    if next(box.element.iterdescendants("img", "picture"), None) is not None:
        return True
    others = (item for item in parent.items if isinstance(item, Box) and item is not box)
    return any(map(has_linked_heading, others)) or sum(map(_is_linked_heading, box.boxes())) > 1


def has_linked_heading(box: Box) -> bool:
    """Return whether a box has a heading that is a link to another page."""
    return any(map(_is_linked_heading, box.boxes()))


def _is_linked_heading(box: Box) -> bool:
    """Return whether a heading is nothing but a link to another page."""
    if box.tag not in HEADINGS:
        return False
    text = sum(len(part.text) for part in box.segments)
    if text < _LONG_KEY:
        return False
    links = [*box.element.iterdescendants("a"), *box.element.iterancestors("a")]
    if not any(is_other_page(link.get("href")) for link in links):
        return False
    return any(link in links for link in box.element.iterancestors("a")) or (
        sum(part.linked for part in box.segments) >= _ALL * text
    )


def is_other_page(href: str | None) -> bool:
    """Return whether a link leads away from the page it is on."""
    return bool(href) and not (href or "").strip().startswith(("#", "javascript:"))


def is_link_list(box: Box) -> bool:
    """Return whether a box is nothing but links to several pages."""
    links = [link for link in box.element.iterdescendants("a") if is_other_page(link.get("href"))]
    if len(links) < _MIN_LINKS:
        return False
    text = sum(len(part.text) for part in box.segments)
    return sum(part.linked for part in box.segments) >= _ALL * text


def is_form(box: Box) -> bool:
    """Return whether a box is a form that is filled in, with the words that invite to it."""
    element = box.element
    if next(element.iter("input", "textarea"), None) is None:
        return False
    kinds = (node.get("type") or "text" for node in element.iter("input", "textarea"))
    is_typed = any(kind in {"text", "email", "tel", "password"} for kind in kinds)
    return is_typed and sum(part.words for part in box.segments) <= _MAX_BOX_WORDS


def is_like_text(item: Item, parent: Box) -> bool:
    """Return whether an element is named as one beside it that has text."""
    if isinstance(item, Segment) or not (name := item.element.get("class")):
        return False
    return any(
        isinstance(other, Box) and other.weight > 0 and other.element.get("class") == name
        for other in parent.items
    )


def is_post(item: Item) -> bool:
    """Return whether a quotation is a post of a social network, which is mostly links."""
    names = item.element.get("class") if isinstance(item, Box) else None
    return bool(names) and isinstance(item, Box) and item.tag == "blockquote"


def is_signature(segment: Segment) -> bool:
    """Return whether a segment is one line in a box that is named as an author's."""
    is_short = segment.words <= _MAX_NAME_WORDS and not is_prose(segment)
    return is_short and not _SIGNATURE_WORDS.isdisjoint(words_of(segment.box.element))


def is_head_line(segment: Segment) -> bool:
    """Return whether a segment is a line of authors and a date, by its words or its box's name."""
    is_short = segment.words <= _MAX_NAME_WORDS and any(map(str.isdigit, segment.text))
    if is_short and not _DATE_WORDS.isdisjoint(words_of(segment.box.element)):
        return True
    return is_date_or_byline(segment.spaced_text())


def is_heading(item: Item) -> bool:
    """Return whether an item is a heading."""
    return isinstance(item, Box) and item.tag in HEADINGS


def is_prose(segment: Segment) -> bool:
    """Return whether a segment reads as a sentence."""
    return segment.words >= _MIN_PROSE and _ends_sentence(segment.text)


def _ends_sentence(text: str) -> bool:
    """Return whether one of the signs behind the last word ends a sentence."""
    behind = takewhile(lambda sign: not (sign.isalnum() or sign == "_"), reversed(text))
    return not _SENTENCE_ENDS.isdisjoint(behind)
