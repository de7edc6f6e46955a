"""Finds the line of a page of any layout that is its title, in a heading or in another element."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from newscrawl.pages.head_lines import MAX_TITLE, TITLE_MARKS, WORD
from newscrawl.pages.shown import is_bare, is_hidden, shown_text
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lxml.etree import _Element as Element

_OTHER_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LINES = ("p", "div", "td", "th", "center", "span", "font", "big", "b", "strong")
_MIN_LETTERS, _MIN_WORDS = 15, 3
"""Those of a title that no other line of a page has by chance."""

_MAX_PARTS = 6
"""Parts of a title that are looked for."""


def folded(text: str) -> str:
    """Return a text to compare with others: white space folded, in lower case."""
    return fold(text).casefold()


def title_in(heading: Element, text: str, titles: Collection[str]) -> str:
    """Return a heading's text, or the part of it that is a title; else an empty text.

    Args:
        heading: an element that may hold a label or a link next to the title.
        text: what it shows.
        titles: titles as `folded` returns them.
    """
    parts = map(shown_text, heading) if is_bare(heading) else ()
    found = next((part for part in (text, *parts) if folded(part) in titles), "")
    if found or not len(heading):
        return found
    labels = {folded(shown_text(child)) for child in heading}
    for title in titles:
        at = folded(text).find(title) if len(title) >= _MIN_LETTERS else -1
        around = (text[:at], text[at + len(title) :]) if at >= 0 else ("?",)
        if all(not rest.strip() or folded(rest) in labels for rest in around):
            return text[at : at + len(title)]
    return ""


def shares_words(text: str, title: str) -> bool:
    """Return whether a heading has a third of a title's longer words, or the title of its."""
    words, others = (
        {word for word in WORD.findall(folded(value)) if len(word) > 3} for value in (text, title)
    )
    return 3 * len(words & others) >= min(len(words), len(others)) > 0


def parts_of_title(title: str) -> set[str]:
    """Return what a page's title may be without the names of its site and section, folded.

    >>> sorted(parts_of_title("Il ponte vecchio riapre - Cronaca"))
    ['il ponte vecchio riapre', 'il ponte vecchio riapre - cronaca']
    """
    divided = TITLE_MARKS.split(title) if len(title) <= MAX_TITLE else [title]
    parts = [folded(part) for part in divided]
    forwards = accumulate(parts, "{} - {}".format)
    backwards = accumulate(reversed(parts), lambda rest, part: f"{part} - {rest}")
    likely = {folded(title), *forwards, *backwards}
    return {part for part in likely if _is_likely(part)}


def titled_line(root: Element, titles: Iterable[str]) -> Element | None:
    """Return the first element but an `h1` that shows nothing but one of `titles`; None without.

    Args:
        root: the page's `html` element.
        titles: as `folded` returns them; short ones do not count.
    """
    likely = {title for title in titles if _is_likely(title)}
    if not likely:
        return None
    for node in root.iter(*_OTHER_HEADINGS, *_LINES):
        # To read all elements in each other takes a time that grows with their depth.
        text = shown_text(node) if node.tag in _OTHER_HEADINGS else _own_text(node)
        if text and folded(text) in likely and not is_hidden(node):
            return node
    return None


def line_of_title(root: Element, title: str) -> Element | None:
    """Return the line that is a page's title, else the longest that is a part of it."""
    parts = sorted({folded(title), *parts_of_title(title)}, key=len, reverse=True)
    lines = (titled_line(root, [part]) for part in parts[:_MAX_PARTS])
    return next((line for line in lines if line is not None), None)


def headline_element(root: Element, headline: str) -> Element | None:
    """Return the `h1` that holds a headline, else the line that is the headline; None without."""
    title = folded(headline)
    if not title:
        return None
    for node in root.iter("h1"):
        if title in folded(shown_text(node)):
            return node
    return titled_line(root, [title])


def _own_text(node: Element) -> str:
    return fold(node.text) if node.text and not len(node) else ""


def _is_likely(title: str) -> bool:
    return len(title) >= _MIN_LETTERS and title.count(" ") >= _MIN_WORDS - 1
