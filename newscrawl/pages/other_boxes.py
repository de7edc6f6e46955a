"""Boxes of a page that are not the article's text by what they hold, whatever they are called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.block_page import ACCEPT, COOKIES
from newscrawl.pages.element_names import words_of
from newscrawl.pages.head_lines import is_date_or_byline, names_of_people
from newscrawl.pages.shown import shown_text
from newscrawl.pages.text_boxes import HEADINGS, WHOLE, Box, is_other_page, is_prose, text_key
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from lxml.etree import _Element as Element

    from newscrawl.pages.text_boxes import Segment

_COMMENT_WORDS = frozenset(
    {"comment", "commenti", "commento", "comments", "commentaires", "disqus", "kommentare"}
)
_REPLY = re.compile(r"(?:rispondi|reply|antworten|répondre|responder)", re.IGNORECASE)
_IMPRINT = re.compile(
    r"\b(?:partita iva|p\.? ?iva|vat number)\W{0,3}(?:it)?\d{11}\b", re.IGNORECASE
)
"""A company's number, which its site states with its address and its rights."""
_SUBSCRIBE = re.compile(r"\W*(?:iscriviti|abbonati|registrati|subscribe|sign up)\b", re.IGNORECASE)
_BIG_SHARE = 0.25
_MAX_BOX_WORDS, _MAX_LINE_WORDS, _MIN_TITLE_WORDS = 80, 20, 4
_MIN_ENTRIES, _MIN_TEXTS = 3, 2
_ALL, _MOST = 0.9, 0.5
_OPENING = 400
"""Characters of a notice in which it says what it is about."""


def large_others(top: Box, segments: Sequence[Segment]) -> list[Box]:
    """Return the outermost large boxes with readers' comments, a notice or an imprint.

    Text is left outside of them.

    Args:
        top: the page's body.
        segments: all that has text in it.
    """
    if not top.weight:
        return []
    first = next(filter(_is_own_prose, segments), None)
    if first is None:
        return []
    last = next(filter(_is_own_prose, reversed(segments)), first)
    prose = first.order, last.order
    others: list[Box] = []
    boxes = [top]
    while boxes:
        for box in _large_boxes_in(boxes.pop(), top.weight * _BIG_SHARE):
            if _is_large_other(box, prose):
                others.append(box)
            else:
                boxes.append(box)
    return others


def _large_boxes_in(box: Box, least: float) -> Iterator[Box]:
    for item in box.items:
        if isinstance(item, Box) and item.weight >= least and item.tag not in WHOLE - {"ul", "ol"}:
            yield item


def _is_own_prose(segment: Segment) -> bool:
    return segment.linked <= _MOST * len(segment.text) and is_prose(segment)


def _is_large_other(box: Box, prose: tuple[int, int]) -> bool:
    """Return whether a box has comments, a notice or an imprint.

    `prose` is the order of the first and of the last sentence of the page.
    """
    is_behind = prose[0] < box.order
    if not is_behind and prose[1] <= box.segments[-1].order:
        return False
    if next(box.element.iter("h1"), None) is not None:
        return False
    if _is_notice(box):
        return True
    return is_behind and (
        not _COMMENT_WORDS.isdisjoint(words_of(box.element))
        or _has_replies(box)
        or any(_IMPRINT.search(segment.text) for segment in box.segments)
    )


def _has_replies(box: Box) -> bool:
    labels = (fold(node.text) for node in box.element.iter("a", "button") if node.text)
    return sum(1 for label in labels if _REPLY.fullmatch(label)) >= _MIN_ENTRIES


def _is_notice(box: Box) -> bool:
    """Return whether a box asks for consent."""
    text = " ".join(segment.text for segment in box.segments[:_MIN_ENTRIES])
    return COOKIES.search(text, 0, _OPENING) is not None and any(
        ACCEPT.search(shown_text(node)) for node in box.element.iter("button")
    )


def is_list_of_others(box: Box, headings: Collection[str]) -> bool:
    """Return whether a box lists the page's own headings, or other pages with dates or excerpts.

    Args:
        box: a box with text that trafilatura took.
        headings: the keys of the texts of the page's headings.
    """
    if box.tag == "p" or not (linked := sum(segment.linked for segment in box.segments)):
        return False
    if box.tag == "aside" and _begins_with_title(box):
        return True
    text = sum(len(segment.text) for segment in box.segments)
    if linked >= _MOST * text:
        return _is_contents(box, headings) or _is_dated_list(box)
    return box.tag not in WHOLE and _invites(box)


def _begins_with_title(box: Box) -> bool:
    """Return whether the first text behind a box's heading is a link to another page."""
    first = next(
        (part for part in box.segments if part.box.tag not in HEADINGS and part.text), None
    )
    return first is not None and first.is_link and first.words >= _MIN_TITLE_WORDS


def _is_contents(box: Box, headings: Collection[str]) -> bool:
    """Return whether a box leads to headings of the page."""
    links = [*box.element.iterdescendants("a")]
    if len(links) < _MIN_ENTRIES or any(is_other_page(link.get("href")) for link in links):
        return False
    known = sum(text_key(shown_text(link)) in headings for link in links)
    return known >= _ALL * len(links)


def _is_dated_list(box: Box) -> bool:
    """Return whether a box has nothing but links to other pages and dates, several of each."""
    texts = [segment for segment in box.segments if segment.text]
    links = [link for link in box.element.iterdescendants("a") if is_other_page(link.get("href"))]
    if len(links) < _MIN_ENTRIES or any(map(is_prose, texts)):
        return False
    titles = [shown_text(link) for link in links]
    rests = [_without(segment.text, titles) for segment in texts]
    dates = [rest for rest in rests if rest]
    return len(dates) >= _MIN_ENTRIES and all(map(is_date_or_byline, dates))


def _without(text: str, titles: Sequence[str]) -> str:
    for title in titles:
        if title and title in text:
            text = text.replace(title, " ", 1)
    return text.strip()


def _invites(box: Box) -> bool:
    """Return whether a box is about a newsletter, with one link to subscribe to it."""
    if sum(segment.words for segment in box.segments) > _MAX_BOX_WORDS:
        return False
    links = [link for link in box.element.iterdescendants("a") if is_other_page(link.get("href"))]
    return (
        len(links) == 1
        and _SUBSCRIBE.match(shown_text(links[0])) is not None
        and any("newsletter" in segment.text.casefold() for segment in box.segments)
    )


def biography(core: Box, segments: Sequence[Segment], most: float) -> Sequence[Segment]:
    """Return what is said of the author behind the text, in a box that begins with the name.

    The name stands in a line before the text, too.

    Args:
        core: the container of the text.
        segments: all of the page.
        most: characters of the largest box that may be one.
    """
    kept = [segment for segment in segments if segment.is_kept]
    for box in _boxes_around(core, kept[-1]) if kept else ():
        if box.weight < most and box.tag not in WHOLE:
            texts = [segment for segment in box.segments if segment.text]
            name = texts[0].text
            is_short = sum(segment.words for segment in texts) <= _MAX_BOX_WORDS
            if len(texts) < _MIN_TEXTS or not is_short or names_of_people(name) != [name]:
                return ()
            lines = (part for part in segments if part.order < kept[0].order)
            is_author = any(
                name in line.text and line.words <= _MAX_LINE_WORDS and line.box.tag != "h1"
                for line in lines
            )
            return texts if is_author else ()
    return ()


def _boxes_around(core: Box, segment: Segment) -> Iterator[Box]:
    """Yield the boxes within one that hold a segment, the outermost first."""
    inner = next((i for i in core.items if isinstance(i, Box) and segment in i.segments), None)
    while inner is not None:
        yield inner
        items = inner.items
        inner = next((i for i in items if isinstance(i, Box) and segment in i.segments), None)


def goes_on_behind(container: Element) -> bool:
    """Return whether an `article` behind that of the text has a heading without a link, and text.

    Args:
        container: the element of the text.
    """
    around = container.iterancestors("article")
    article = container if container.tag == "article" else next(around, None)
    return article is not None and any(map(_is_part, article.itersiblings("article")))


def _is_part(article: Element) -> bool:
    headings = [*article.iter(*HEADINGS)]
    is_linked = any(next(heading.iter("a"), None) is not None for heading in headings)
    is_linked = is_linked or next(article.iterancestors("a"), None) is not None
    return bool(headings) and not is_linked and next(article.iter("p"), None) is not None
