"""Finds the container of an article's text on a page of any layout, and what in it is text.

trafilatura's result is the anchor: the container is the smallest element that holds most of it.
Within the container, text that trafilatura lost is kept where it reads as the article's, and
boxes are left out. See decision 111 in docs/decisions.md.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from newscrawl.pages.boilerplate import is_notice, is_read_also_label, leads_to_others
from newscrawl.pages.captions import is_caption
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.kept_copy import copy_kept, mark_kept
from newscrawl.pages.media import holds_unknown_frames, is_player
from newscrawl.pages.other_boxes import (
    biography,
    goes_on_behind,
    is_list_of_others,
    large_others,
)
from newscrawl.pages.shown import shown_text
from newscrawl.pages.text_boxes import (
    HEADINGS,
    WHOLE,
    Box,
    Item,
    PageBoxes,
    Segment,
    has_linked_heading,
    is_any_box,
    is_card,
    is_form,
    is_head_line,
    is_heading,
    is_like_text,
    is_link_list,
    is_post,
    is_prose,
    is_signature,
    is_strong_box,
    text_key,
)
from newscrawl.pages.video_addresses import written_address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lxml.etree import _Element as Element

_LABEL = re.compile(
    r"[^\w©]*+(?:pubblicità|advertisement|annuncio(?:\sgoogle)?|sponsorizzato"
    r"|(?:continua(?:re)?|prosegui)\s(?:a\s)?(?:la\slettura|leggere)(?:\sdopo.{0,40})?"
    r"|(?:l['’]articolo\s)?(?:continua|prosegue)\s(?:dopo|sotto)\s.{0,40}"
    r"|scorri\sper\s.{0,40}|condividi(?:\s(?:su|l['’]articolo|questo)\b.{0,40})?|share(?:\sthis)?.{0,20}"
    r"|commenti(?:\s\W?\d+\W?)?|\d+\scommenti|lascia\sun\scommento|seguici\s.{0,50}|stampa|tweet|tags?"
    r"|(?:articoli|notizie|contenuti|post)\s(?:correlat[ie]|simili|recenti)|notizie\sdel\sgiorno"
    r"|(?:ti\s|vi\s)?potrebbe(?:ro)?\s(?:anche\s)?interessar\w+(?:\sanche)?|in\sevidenza"
    r"|(?:le\s)?ultime\snotizie|(?:i\s)?più\slett[ie]|argomenti|©?\s*riproduzione\sriservata"
    r"|(?:©\W*+)?copyright.{0,60}|©.{0,60}|leggi\s(?:anche|di\spiù|tutto)|vai\sal\scommento|torna\s(?:su|in\salto|alla\shome)"
    r"|indice(?:\sdei\scontenuti|\sdell['’]articolo)?|in\squesto\sarticolo|table\sof\scontents"
    r"|(?:tempo\sdi\s)?lettura:?\s.{0,20}|ascolta\s(?:l['’]articolo|questo\sarticolo))\W*",
    re.IGNORECASE,
)
"""Lines that are not text of an article wherever they are."""
_LONG_KEY, _SURE_KEY, _EDGE = 12, 25, 40
"""Letters of a text that is found by chance nowhere; outside the container; at a text's ends."""
_CORE_SHARE = 0.8
_BIG_SHARE, _HALF = 0.25, 0.5
_MAX_HEAD_WORDS = 20
_MAX_LINKED, _MAX_LINKED_PROSE = 0.4, 0.2


class MainText:
    """The article's text on one page; the page itself is not changed.

    Args:
        root: the page's `html` element.
        anchors: the texts that trafilatura took.
        left_out: elements that are not text, as lists of links.
    """

    def __init__(
        self, root: Element, anchors: Iterable[str], left_out: Collection[Element] = frozenset()
    ) -> None:
        keys = [key for anchor in anchors for line in anchor.split("\n") if (key := text_key(line))]
        self._short_keys = frozenset(keys)
        self._anchor = "".join(keys)
        body = root.find("body")
        top = body if body is not None else root
        boxes = PageBoxes(top, self._is_anchored, left_out)
        self._top = boxes.top
        self.dropped: list[str] = boxes.notices
        """Texts that trafilatura took and that are boilerplate."""
        self._core = self._find_core()
        self._segments = [segment for segment in boxes.segments if segment.text]
        self._select()

    @property
    def share(self) -> float:
        """How much of trafilatura's text the page's elements show, from 0 to 1."""
        size = len(self._anchor)
        shown = sum(len(segment.key) for segment in self._segments if segment.is_anchored)
        return min(shown / size, 1.0) if size else 0.0

    @property
    def is_most(self) -> bool:
        """Whether no more is left than was chosen of the page's text outside boxes and links."""
        chosen = sum(len(part.text) for part in self._segments if part.is_kept)
        left = sum(len(part.text) - part.linked for part in self._left(self._top))
        return chosen > left

    def _left(self, box: Box) -> Iterator[Segment]:
        """Yield what trafilatura did not take, outside boxes of other content."""
        for item in box.items:
            if isinstance(item, Segment):
                if not item.is_kept and not item.is_anchored:
                    yield item
            elif not is_any_box(item) and not is_card(item, box):
                yield from self._left(item)

    @property
    def others(self) -> list[Element]:
        """Large elements with comments or notices; without them trafilatura may take the text."""
        return [box.element for box in large_others(self._top, self._segments)]

    @property
    def goes_on(self) -> bool:
        """Whether an `article` without a title of another page follows that of the text."""
        return goes_on_behind(self._core.element)

    @property
    def container(self) -> Element:
        """The smallest element that holds most of the text."""
        return self._core.element

    @property
    def ends(self) -> tuple[Element, Element] | None:
        """The elements of the first and the last text, in the page's own tree."""
        kept = [segment for segment in self._segments if segment.is_kept]
        return (kept[0].box.element, kept[-1].box.element) if kept else None

    @property
    def labels(self) -> list[str]:
        """The texts that were chosen and only lead to other articles."""
        texts = []
        is_labelled = False
        for segment in self._segments:
            if not segment.is_kept:
                continue
            is_labelled = _leads_away(segment) or (is_labelled and segment.is_link)
            if is_labelled:
                texts.append(segment.text)
        return texts

    def selected(self) -> Element:
        """Return a copy of the container without what is not text."""
        mark_kept(self._top)
        top = self._top
        while True:
            kept = [item for item in top.items if item.is_kept]
            if len(kept) != 1 or not isinstance(kept[0], Box) or kept[0].tag in WHOLE:
                break
            top = kept[0]
        copy = self._top.element.makeelement("div")
        copy.append(copy_kept(top, self._top.weight * _BIG_SHARE))
        return copy

    def _is_anchored(self, key: str) -> bool:
        if len(key) < _LONG_KEY:
            return key in self._short_keys
        if key in self._anchor:
            return True
        # trafilatura leaves out parts of lines.
        ends = (key[:_EDGE], key[-_EDGE:])
        return len(key) > 2 * _EDGE and any(end in self._anchor for end in ends)

    def _find_core(self) -> Box:
        core, least = self._top, self._top.weight * _CORE_SHARE
        while self._top.weight:
            heavy = (
                item
                for item in core.items
                if isinstance(item, Box) and item.weight >= least and item.tag not in WHOLE
            )
            inner = next(heavy, None)
            if inner is None:
                break
            core = inner
        return core

    # What of it is text.

    def _select(self) -> None:
        self._keep_anchored()
        kept = [item for item in self._core.segments if item.is_kept and not _leads_away(item)]
        prose = [item for item in kept if len(item.text) >= _SURE_KEY] or kept
        if not prose:
            return
        self._first, self._last = prose[0].order, prose[-1].order
        self._drop_around()
        self._add_lost(self._core)
        self.dropped += _judge_headings(self._core.segments)

    def _keep_anchored(self) -> None:
        """Keep what trafilatura took; outside the container only where it is surely the text."""
        inside = {id(segment) for segment in self._core.segments}
        known = "|".join(segment.key for segment in self._core.segments)
        is_labelled = False
        for segment, is_boxed, is_outside_box in self._anchored(self._top):
            is_other = is_labelled and segment.is_link
            if segment.linked and not is_other and _begins_with_title(segment):
                is_other = is_labelled or _is_behind_label(segment, self._segments)
            is_labelled = is_other or is_read_also_label(segment.text)
            if is_boxed or is_other or _is_label(segment.text):
                is_text = False
            elif id(segment) in inside:
                is_text = True
            else:
                is_text = (
                    not is_outside_box and segment.key not in known and self._is_beside(segment)
                )
            segment.is_kept = is_text
            if not is_text:
                self.dropped.append(segment.text)
        self._drop_head_lines()
        self._leave_out(_last_lines(self._segments))
        self._leave_out(biography(self._core, self._segments, self._top.weight * _BIG_SHARE))

    def _anchored(
        self, box: Box, *, is_boxed: bool = False, is_weak: bool = False
    ) -> Iterator[tuple[Segment, bool, bool]]:
        """Yield what trafilatura took, and whether it is in a box of other content."""
        for item in box.items:
            if not item.weight:
                continue
            if isinstance(item, Segment):
                yield item, is_boxed, is_weak
            else:
                is_small = item.weight < self._top.weight * _BIG_SHARE
                is_other = is_small and (
                    is_strong_box(item.element)
                    or is_card(item, box)
                    or is_form(item)
                    or is_link_list(item)
                )
                if not is_other and item.weight <= self._top.weight * _HALF:
                    is_other = is_list_of_others(item, self._heading_keys)
                yield from self._anchored(
                    item,
                    is_boxed=is_boxed or is_other,
                    is_weak=is_weak or (is_small and is_any_box(item)),
                )

    @cached_property
    def _heading_keys(self) -> frozenset[str]:
        return frozenset(part.key for part in self._segments if part.box.tag in HEADINGS)

    def _is_beside(self, segment: Segment) -> bool:
        """Return whether text outside the container is a summary before it or goes on behind it."""
        if segment.order > self._core.order:
            return is_prose(segment)
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
            if not is_headline and (is_prose(segment) or segment.words > _MAX_HEAD_WORDS):
                break
            if is_headline or is_head_line(segment):
                self._leave_out([segment])

    def _leave_out(self, segments: Iterable[Segment]) -> None:
        for segment in segments:
            segment.is_kept = False
            self.dropped.append(segment.text)

    def _drop_around(self) -> None:
        """Leave out "Leggi anche" before the first text and behind the last, links before it."""
        for segment in self._segments:
            is_around = not self._first <= segment.order <= self._last
            is_menu = segment.order < self._first and segment.is_link
            if segment.is_kept and is_around and (is_menu or _leads_away(segment)):
                self._leave_out([segment])

    def _add_lost(self, box: Box) -> None:
        for item in box.items:
            if isinstance(item, Box) and (item.weight or _is_around_player(item)):
                self._add_lost(item)
            elif not item.weight and self._is_text(item, box):
                for segment in [item] if isinstance(item, Segment) else item.segments:
                    segment.is_kept = True

    def _is_text(self, item: Item, parent: Box) -> bool:
        """Return whether what trafilatura did not take belongs to the text."""
        segments = [item] if isinstance(item, Segment) else item.segments
        if isinstance(item, Box) and any(is_any_box(box) for box in _but_captions(item)):
            return False
        is_between = self._first < item.order < self._last or is_like_text(item, parent)
        if not any(segment.text for segment in segments):
            is_lead = item.order < self._first
            return item.order < self._last and not (is_lead and _is_unknown_frame(item))
        if is_post(item):
            return is_between
        text = " ".join(segment.text for segment in segments)
        linked = sum(segment.linked for segment in segments) / max(len(text), 1)
        if _is_label(text) or is_date_or_byline(text):
            return False
        if is_between:
            return _is_text_between(item, segments, linked)
        reads_as_text = linked < _MAX_LINKED_PROSE and any(map(is_prose, segments))
        if item.order > self._last:
            return reads_as_text and len(segments) == 1
        return reads_as_text or (is_heading(item) and not linked)


def _is_label(text: str) -> bool:
    return _LABEL.fullmatch(text) is not None or is_notice(text)


def _begins_with_title(segment: Segment) -> bool:
    """Return whether a segment is a title that is a link, and a line break before an excerpt."""
    nodes = [piece for piece in segment.pieces if not isinstance(piece, str)]
    is_title = len(nodes) > 1 and nodes[0].tag == "a" and not (nodes[0].tail or "").strip()
    return is_title and nodes[1].tag == "br" and len(shown_text(nodes[0]).split()) > 2


def _is_behind_label(segment: Segment, segments: list[Segment]) -> bool:
    at = segments.index(segment)
    return at > 0 and is_read_also_label(segments[at - 1].text)


def _last_lines(segments: Iterable[Segment]) -> list[Segment]:
    """Return a date and a marked author behind the last paragraph."""
    kept = (segment for segment in reversed([*segments]) if segment.is_kept)
    return [*takewhile(_is_last_line, kept)]


def _judge_headings(segments: list[Segment]) -> list[str]:
    """Leave out headings and labels whose text was left out; return what trafilatura took."""
    dropped = []
    following: Segment | None = None
    for segment in reversed(segments):
        if not segment.text:
            following = following or (segment if segment.is_kept else None)
            continue
        is_open = following is not None and following.is_kept
        is_title = segment.box.tag in HEADINGS or is_read_also_label(segment.text)
        if is_title and segment.is_kept and not is_open:
            segment.is_kept = segment.is_anchored and following is None
            if not segment.is_kept and is_read_also_label(segment.text):
                dropped.append(segment.text)
        following = segment
    return dropped


def _but_captions(item: Box) -> Iterator[Box]:
    """Yield a box and those within it but for the captions of pictures."""
    return (box for box in item.boxes() if box is item or not is_caption(box.element))


def _is_text_between(item: Item, segments: list[Segment], linked: float) -> bool:
    if is_read_also_label(segments[0].text):
        # With its links it is left out by the reader of bodies.
        return True
    if len(segments) == 1 and not is_heading(item):
        own = len(segments[0].text) - segments[0].linked
        is_address = written_address(segments[0].text) is not None
        return linked < _MAX_LINKED or own >= _SURE_KEY or is_address
    has_card = isinstance(item, Box) and has_linked_heading(item)
    return not has_card and linked < _MAX_LINKED


def _is_last_line(segment: Segment) -> bool:
    """Return whether text is a date, or an author in a box of that name."""
    has_number = any(map(str.isdigit, segment.text))
    return is_signature(segment) or (has_number and is_date_or_byline(segment.text))


def _leads_away(segment: Segment) -> bool:
    """Return whether text is only "Leggi anche" and its links."""
    return leads_to_others(segment.text, (p for p in segment.pieces if not isinstance(p, str)))


def _is_around_player(box: Box) -> bool:
    """Return whether a player is in a box, with a notice of a consent tool or without one."""
    return box.has_player and not is_any_box(box) and not is_player(box.element)


def _is_unknown_frame(item: Item) -> bool:
    """Return whether an item without text consists of frames, such as adverts have."""
    pieces = [item.element] if isinstance(item, Box) else item.pieces
    return holds_unknown_frames(piece for piece in pieces if not isinstance(piece, str))
