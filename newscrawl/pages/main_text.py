"""Finds the container of an article's text on a page of any layout, and what in it is text.

trafilatura's result is the anchor: the container is the smallest element that holds most of it.
Within the container, text that trafilatura lost is kept where it reads as the article's, and
boxes are left out. See decision NN in docs/decisions.md.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.boilerplate import is_boilerplate, is_read_also_label
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.shown import LINES, is_hidden, shown_text
from newscrawl.pages.trafilatura_body import NOT_XML
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

_SKIPPED = frozenset(
    {"script", "style", "template", "svg", "button", "input", "select", "textarea", "meta", "link"}
    | {"title", "base", "head", "map", "dialog", "object", "label", "nav"}
)
_MEDIA = frozenset({"img", "picture", "iframe", "video", "figure"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WHOLE = frozenset({"p", "ul", "ol", "dl", "li", "blockquote", "pre", "figure", *_HEADINGS})
"""Elements that are never the container of the text, being parts of one."""
_CELLS = frozenset({"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"})
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
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_LABEL = re.compile(
    r"\W*(?:pubblicità|advertisement|annuncio(?:\sgoogle)?|sponsorizzato"
    r"|(?:continua(?:re)?|prosegui)\s(?:a\s)?(?:la\slettura|leggere)(?:\sdopo.{0,40})?"
    r"|(?:l['’]articolo\s)?(?:continua|prosegue)\s(?:dopo|sotto)\s.{0,40}"
    r"|scorri\sper\s.{0,40}|condividi(?:\s(?:su|l['’]articolo|questo)\b.{0,40})?|share(?:\sthis)?.{0,20}"
    r"|commenti(?:\s\W?\d+\W?)?|\d+\scommenti|lascia\sun\scommento|seguici\s.{0,50}|stampa|tweet|tags?"
    r"|(?:articoli|notizie|contenuti|post)\s(?:correlat[ie]|simili|recenti)|notizie\sdel\sgiorno"
    r"|(?:ti\s|vi\s)?potrebbe(?:ro)?\s(?:anche\s)?interessar\w+(?:\sanche)?|in\sevidenza"
    r"|(?:le\s)?ultime\snotizie|(?:i\s)?più\slett[ie]|argomenti|©?\s*riproduzione\sriservata|copyright.{0,60}"
    r"|©.{0,60}|leggi\s(?:anche|di\spiù|tutto)|vai\sal\scommento|torna\s(?:su|in\salto|alla\shome)"
    r"|(?:tempo\sdi\s)?lettura:?\s.{0,20}|ascolta\s(?:l['’]articolo|questo\sarticolo))\W*",
    re.IGNORECASE,
)
"""Lines that are no text of an article wherever they are."""
_XML_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_KEY = re.compile(r"[\W_]+")
_SENTENCE_END = re.compile(r"[.!?…»”\"':;)]\W*\Z")
_LONG_KEY, _SURE_KEY, _EDGE = 12, 25, 40
"""Letters of a text that is found by chance nowhere; outside the container; at a text's ends."""
_CORE_SHARE = 0.8
_ALL = 0.9
_MIN_LINKS = 3
_BIG_SHARE = 0.25
_MIN_PROSE = 12
_MAX_HEAD_WORDS = 20
_MAX_BOX_WORDS = 80
"""Words of a form's box or of another article's card."""
_MAX_LINKED, _MAX_LINKED_PROSE = 0.4, 0.2


def text_key(text: str) -> str:
    """Return the letters and digits of a text, by which it is recognised.

    >>> text_key("«Più tardi», ha detto.")
    'piùtardihadetto'
    """
    return _KEY.sub("", text.casefold())


@dataclass(eq=False, slots=True)
class _Segment:
    """Text and inline elements between two blocks, or between two empty lines."""

    order: int
    box: _Box
    pieces: list[str | Element] = field(default_factory=list)
    text: str = ""
    key: str = ""
    linked: int = 0
    """Characters of the text that are links."""
    is_anchored: bool = False
    is_kept: bool = False

    @property
    def weight(self) -> int:
        return len(self.text) if self.is_anchored else 0

    @property
    def words(self) -> int:
        return len(self.text.split())

    def spaced_text(self) -> str:
        """Return the text with a space between elements, which styles may set apart."""
        texts = (piece if isinstance(piece, str) else shown_text(piece) for piece in self.pieces)
        return fold(" ".join(texts))


@dataclass(eq=False, slots=True)
class _Box:
    """A block element and what is in it."""

    order: int
    element: Element
    items: list[_Item] = field(default_factory=list)
    segments: list[_Segment] = field(default_factory=list)
    """Those in it, however deep."""
    weight: int = 0
    """Characters in it that trafilatura took."""
    is_kept: bool = False

    def boxes(self) -> Iterator[_Box]:
        yield self
        for item in self.items:
            if isinstance(item, _Box):
                yield from item.boxes()

    @property
    def tag(self) -> str:
        return str(self.element.tag)


_Item = _Segment | _Box


class MainText:
    """The article's text on one page; the page itself is not changed.

    `anchors` are the texts that trafilatura took.
    """

    def __init__(self, root: Element, anchors: Iterable[str]) -> None:
        keys = [key for anchor in anchors for line in anchor.split("\n") if (key := text_key(line))]
        self._short_keys = frozenset(keys)
        self._anchor = "".join(keys)
        self._count = 0
        body = root.find("body")
        self._all_segments: list[_Segment] = []
        self._top = self._box(body if body is not None else root, 0)
        self.dropped: list[str] = []
        """Texts that trafilatura took and that are boilerplate."""
        self._core = self._find_core()
        self._segments = [segment for segment in self._all_segments if segment.text]
        self._select()

    @property
    def share(self) -> float:
        """How much of trafilatura's text the page's elements show, from 0 to 1."""
        size = len(self._anchor)
        shown = sum(len(segment.key) for segment in self._segments if segment.is_anchored)
        return min(shown / size, 1.0) if size else 0.0

    @property
    def container(self) -> Element:
        """The smallest element that holds most of the text."""
        return self._core.element

    @property
    def ends(self) -> tuple[Element, Element] | None:
        """The elements of the first and the last text, in the page's own tree."""
        kept = [segment for segment in self._segments if segment.is_kept]
        return (kept[0].box.element, kept[-1].box.element) if kept else None

    def selected(self) -> Element:
        """Return a copy of the container without what is not text."""
        _mark_kept(self._top)
        top = self._top
        while True:
            kept = [item for item in top.items if item.is_kept]
            if len(kept) != 1 or not isinstance(kept[0], _Box) or kept[0].tag in _WHOLE:
                break
            top = kept[0]
        copy = self._top.element.makeelement("div")
        copy.append(self._copy(top))
        return copy

    # What is on the page.

    def _box(self, element: Element, depth: int) -> _Box:
        self._count += 1
        box = _Box(self._count, element)
        start = len(self._all_segments)
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
        box.segments = self._all_segments[start:]
        box.weight = sum(segment.weight for segment in box.segments)
        return box

    def _add_segment(self, box: _Box, pieces: list[str | Element]) -> None:
        if not pieces:
            return
        self._count += 1
        segment = _Segment(self._count, box, pieces)
        if not _fill(segment):
            return
        box.items.append(segment)
        self._all_segments.append(segment)
        if segment.text:
            segment.key = text_key(segment.text)
            segment.is_anchored = self._is_anchored(segment.key)

    def _is_anchored(self, key: str) -> bool:
        if len(key) < _LONG_KEY:
            return key in self._short_keys
        if key in self._anchor:
            return True
        # trafilatura leaves out parts of lines.
        ends = (key[:_EDGE], key[-_EDGE:])
        return len(key) > 2 * _EDGE and any(end in self._anchor for end in ends)

    def _find_core(self) -> _Box:
        core, least = self._top, self._top.weight * _CORE_SHARE
        while self._top.weight:
            heavy = (
                item
                for item in core.items
                if isinstance(item, _Box) and item.weight >= least and item.tag not in _WHOLE
            )
            inner = next(heavy, None)
            if inner is None:
                break
            core = inner
        return core

    # What of it is text.

    def _select(self) -> None:
        self._keep_anchored()
        kept = [item for item in self._core.segments if item.is_kept]
        prose = [item for item in kept if len(item.text) >= _SURE_KEY] or kept
        if not prose:
            return
        self._first, self._last = prose[0].order, prose[-1].order
        self._add_lost(self._core)
        self._judge_headings()

    def _keep_anchored(self) -> None:
        """Keep what trafilatura took; outside the container only where it is surely the text."""
        inside = {id(segment) for segment in self._core.segments}
        known = "|".join(segment.key for segment in self._core.segments)
        for segment, is_boxed, is_outside_box in self._anchored(self._top):
            key = segment.key
            if is_boxed or _LABEL.fullmatch(segment.text):
                is_text = False
            elif id(segment) in inside:
                is_text = True
            else:
                is_text = not is_outside_box and key not in known and self._is_beside(segment)
            segment.is_kept = is_text
            if not is_text:
                self.dropped.append(segment.text)
        self._drop_head_lines()

    def _anchored(
        self, box: _Box, *, is_boxed: bool = False, is_weak: bool = False
    ) -> Iterator[tuple[_Segment, bool, bool]]:
        """Yield what trafilatura took, and whether it is in a box of other content."""
        for item in box.items:
            if not item.weight:
                continue
            if isinstance(item, _Segment):
                yield item, is_boxed, is_weak
            else:
                is_small = item.weight < self._top.weight * _BIG_SHARE
                is_other = is_small and (
                    _is_strong_box(item.element)
                    or _is_card(item, box)
                    or _is_form(item)
                    or _is_link_list(item)
                )
                yield from self._anchored(
                    item,
                    is_boxed=is_boxed or is_other,
                    is_weak=is_weak or (is_small and _is_any_box(item)),
                )

    def _is_beside(self, segment: _Segment) -> bool:
        """Return whether text outside the container is a summary before it or goes on behind it."""
        if segment.order > self._core.order:
            return _is_prose(segment)
        return segment.order > self._headline_order and len(segment.text) >= _SURE_KEY

    @cached_property
    def _headline_order(self) -> int:
        """The place of the last first-level heading before the container."""
        orders = (box.order for box in self._top.boxes() if box.tag == "h1")
        return max((order for order in orders if order < self._core.order), default=0)

    def _drop_head_lines(self) -> None:
        """Leave out the headline, and lines of authors and dates, before the first paragraph."""
        for segment in self._segments:
            if not segment.is_kept:
                continue
            is_headline = segment.box.tag == "h1"
            if not is_headline and (_is_prose(segment) or segment.words > _MAX_HEAD_WORDS):
                break
            if is_headline or is_date_or_byline(segment.spaced_text()):
                segment.is_kept = False
                self.dropped.append(segment.text)

    def _add_lost(self, box: _Box) -> None:
        for item in box.items:
            if isinstance(item, _Box) and item.weight:
                self._add_lost(item)
            elif not item.weight and self._is_text(item, box):
                for segment in [item] if isinstance(item, _Segment) else item.segments:
                    segment.is_kept = True

    def _is_text(self, item: _Item, parent: _Box) -> bool:
        """Return whether what trafilatura did not take belongs to the text."""
        segments = [item] if isinstance(item, _Segment) else item.segments
        if isinstance(item, _Box) and any(map(_is_any_box, item.boxes())):
            return False
        is_between = self._first < item.order < self._last or _is_like_text(item, parent)
        if not any(segment.text for segment in segments):
            return item.order < self._last
        if _is_post(item):
            return is_between
        text = " ".join(segment.text for segment in segments)
        linked = sum(segment.linked for segment in segments) / max(len(text), 1)
        if _LABEL.fullmatch(text) or is_date_or_byline(text):
            return False
        if is_between:
            return self._is_text_between(item, segments, linked)
        is_prose = linked < _MAX_LINKED_PROSE and any(map(_is_prose, segments))
        if item.order > self._last:
            return is_prose and len(segments) == 1
        return is_prose or (_is_heading(item) and not linked)

    @staticmethod
    def _is_text_between(item: _Item, segments: list[_Segment], linked: float) -> bool:
        if is_read_also_label(segments[0].text):
            # With its links it is left out by the reader of bodies.
            return True
        if len(segments) == 1 and not _is_heading(item):
            own = len(segments[0].text) - segments[0].linked
            return linked < _MAX_LINKED or own >= _SURE_KEY
        has_card = isinstance(item, _Box) and _has_linked_heading(item)
        return not has_card and linked < _MAX_LINKED

    def _judge_headings(self) -> None:
        """Leave out headings whose text was left out."""
        following: _Segment | None = None
        for segment in reversed(self._core.segments):
            if not segment.text:
                following = following or (segment if segment.is_kept else None)
                continue
            is_open = following is not None and following.is_kept
            if segment.box.tag in _HEADINGS and segment.is_kept and not is_open:
                segment.is_kept = segment.is_anchored and following is None
            following = segment

    # The copy.

    def _copy(self, box: _Box) -> Element:
        kept = [item for item in box.items if item.is_kept]
        is_big = box.weight >= self._top.weight * _BIG_SHARE
        if len(kept) == len(box.items) and box.tag in _WHOLE and not is_big:
            return _without_tail(box.element)
        tag = "div" if box.tag in {"body", "form", "aside", "nav", "footer"} else box.tag
        if tag in _CELLS and _is_layout(box):
            tag = "div"
        # Names and styles of a box do not count where it holds the text.
        copy = box.element.makeelement(
            tag if _XML_NAME.fullmatch(tag) else "div", {} if is_big else _attributes(box.element)
        )
        previous: _Item | None = None
        for item in kept:
            if isinstance(item, _Box):
                copy.append(self._copy(item))
            else:
                if isinstance(previous, _Segment):
                    etree.SubElement(copy, "br")
                    etree.SubElement(copy, "br")
                _append_pieces(copy, item.pieces)
            previous = item
        return copy


def _holds_block(element: Element) -> bool:
    # lxml takes longer to match many names than to give all elements.
    return len(element) > 0 and any(node.tag in _BLOCKS for node in element.iterdescendants())


def _fill(segment: _Segment) -> bool:
    """Set a segment's text; return whether there is anything in it to read."""
    if len(segment.pieces) == 1 and isinstance(segment.pieces[0], str):
        segment.text = fold(segment.pieces[0])
        return bool(segment.text)
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
    return element.tag in _MEDIA or (
        len(element) > 0 and any(node.tag in _MEDIA for node in element.iterdescendants())
    )


def _inline_text(element: Element) -> str:
    """Return an element's text with the spaces at its edges, which part words."""
    if element.tag == "br":
        return " "
    if element.tag in {"noscript", "iframe", "video", "audio"}:
        return ""
    if not len(element):
        return element.text or ""
    text = shown_text(element)
    return f" {text} " if _has_space_at_edges(element) else text


def _linked_characters(element: Element) -> int:
    if element.tag == "a":
        return len(shown_text(element))
    return sum(len(shown_text(link)) for link in element.iterdescendants("a"))


def _has_space_at_edges(element: Element) -> bool:
    texts = [*element.itertext()]
    return bool(texts) and (texts[0][:1].isspace() or texts[-1][-1:].isspace())


@lru_cache(maxsize=5_000)
def _name_words(names: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _NAME_WORD.findall(names))


def _names(element: Element) -> frozenset[str]:
    return _name_words(f"{element.get('class') or ''} {element.get('id') or ''}")


def _is_strong_box(element: Element) -> bool:
    return (
        element.tag == "nav"
        or is_boilerplate(element)
        or is_hidden(element)
        or not _STRONG_WORDS.isdisjoint(_names(element))
    )


def _is_any_box(box: _Box) -> bool:
    element = box.element
    if element.tag in _BOX_TAGS or _is_strong_box(element):
        return True
    if element.tag == "form":
        return next(element.iterdescendants("input", "textarea", "select"), None) is not None
    return not _BOX_WORDS.isdisjoint(_names(element))


def _is_card(box: _Box, parent: _Box) -> bool:
    """Return whether a box shows another article: a linked heading with a picture, or in a row."""
    if not _has_linked_heading(box) or sum(part.words for part in box.segments) > (
        _MAX_BOX_WORDS * max(1, sum(inner.tag in _HEADINGS for inner in box.boxes()))
    ):
        return False
    if next(box.element.iterdescendants("img", "picture"), None) is not None:
        return True
    others = (item for item in parent.items if isinstance(item, _Box) and item is not box)
    return any(map(_has_linked_heading, others)) or sum(map(_is_linked_heading, box.boxes())) > 1


def _has_linked_heading(box: _Box) -> bool:
    return any(map(_is_linked_heading, box.boxes()))


def _is_linked_heading(box: _Box) -> bool:
    """Return whether a heading is nothing but a link to another page."""
    if box.tag not in _HEADINGS:
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


def _is_link_list(box: _Box) -> bool:
    """Return whether a box is nothing but links to several pages."""
    links = [link for link in box.element.iterdescendants("a") if is_other_page(link.get("href"))]
    if len(links) < _MIN_LINKS:
        return False
    text = sum(len(part.text) for part in box.segments)
    return sum(part.linked for part in box.segments) >= _ALL * text


def _is_form(box: _Box) -> bool:
    """Return whether a box is a form that is filled in, with the words that invite to it."""
    element = box.element
    if next(element.iter("input", "textarea"), None) is None:
        return False
    kinds = (node.get("type") or "text" for node in element.iter("input", "textarea"))
    is_typed = any(kind in {"text", "email", "tel", "password"} for kind in kinds)
    return is_typed and sum(part.words for part in box.segments) <= _MAX_BOX_WORDS


def _is_like_text(item: _Item, parent: _Box) -> bool:
    """Return whether an element is named as one beside it that has text."""
    if isinstance(item, _Segment) or not (name := item.element.get("class")):
        return False
    return any(
        isinstance(other, _Box) and other.weight > 0 and other.element.get("class") == name
        for other in parent.items
    )


def _is_post(item: _Item) -> bool:
    """Return whether a quotation is a post of a social network, which is mostly links."""
    names = item.element.get("class") if isinstance(item, _Box) else None
    return bool(names) and item_tag(item) == "blockquote"


def item_tag(item: _Item) -> str:
    """Return the tag of a box, an empty text for a segment."""
    return item.tag if isinstance(item, _Box) else ""


def _is_heading(item: _Item) -> bool:
    return item_tag(item) in _HEADINGS


def _is_prose(segment: _Segment) -> bool:
    return segment.words >= _MIN_PROSE and _SENTENCE_END.search(segment.text) is not None


def _is_layout(box: _Box) -> bool:
    """Return whether a table, a row or a cell is there to place blocks of text."""
    if box.element.get("role") in {"presentation", "none"}:
        return True
    cells = [inner for inner in box.boxes() if inner.tag in {"td", "th"}]
    return any(
        inner.tag == "table" or sum(map(_is_prose, inner.segments)) > 1
        for cell in cells
        for inner in cell.boxes()
    )


def _mark_kept(box: _Box) -> bool:
    for item in box.items:
        if isinstance(item, _Box):
            _mark_kept(item)
    box.is_kept = any(item.is_kept for item in box.items)
    return box.is_kept


def _without_tail(element: Element) -> Element:
    copy = deepcopy(element)
    copy.tail = None
    return copy


def _attributes(element: Element) -> dict[str, str]:
    return {
        str(name): NOT_XML.sub("", str(value))
        for name, value in element.attrib.items()
        if _XML_NAME.fullmatch(str(name))
    }


def _append_pieces(parent: Element, pieces: list[str | Element]) -> None:
    for piece in pieces:
        if isinstance(piece, str):
            _append_text(parent, piece)
        else:
            parent.append(_without_tail(piece))


def _append_text(parent: Element, text: str) -> None:
    text = NOT_XML.sub("", text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
