"""Finds the summary under a headline, and the line above it, by the names of their elements.

They are set with the text on most layouts, but are not part of it.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from newscrawl.items.parts import text_of
from newscrawl.pages.element_names import words_of
from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.shown import shown_text
from newscrawl.pages.shown_elements import is_in_other_box
from newscrawl.pages.titled_lines import folded
from newscrawl.text import count_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from newscrawl.items import Block

    Ends = tuple[Element | None, Element | None]

_SUMMARY_WORDS = frozenset(
    {
        "abstract", "catenaccio", "chapeau", "deck", "dek", "excerpt", "sommario", "sottotitolo",
        "strapline", "subhead", "subheading", "subheadline", "subtitle", "summary",
    }
)  # fmt: skip
_SUMMARY_ITEMS = frozenset({"alternativeHeadline", "alternativeheadline", "description"})
_KICKER_WORDS = frozenset(
    {"catchline", "eyebrow", "kicker", "occhiello", "overline", "soprattitolo", "sovratitolo"}
)
_TAGS = frozenset({"h2", "h3", "h4", "p", "div", "span", "em", "strong", "section"})
_BEFORE, _BEHIND = 15, 40
"""Elements before and behind a headline that are searched."""
_MIN_WORDS, _MAX_WORDS = 4, 60
_MIN_LEFT = 8
"""Words of the text that is left without its summary."""


def take_summary(
    headline: Element, blocks: list[Block], ends: Ends, top: Element
) -> tuple[str, Ends]:
    """Take the summary under a headline, and the line above it, out of the text.

    Args:
        headline: the element of the headline.
        blocks: of the text; those two are removed from it.
        ends: the first and the last element of the text.
        top: the page's `html` element.

    Returns:
        The summary, empty without one; the ends of the text that is left.
    """
    if len(blocks) > 1 and folded(blocks[0].text or "") in _kickers_above(headline):
        del blocks[0]
    texts = [text_of([block]) for block in blocks]
    summary = _summary_under(headline, texts)
    if summary is None or _is_in_box(summary, headline, top):
        return "", ends
    text = shown_text(summary)
    same = [n for n, other in enumerate(texts) if folded(other) == folded(text)]
    # The text may begin with the same words in a paragraph of its own.
    if not same or (len(same) == 1 and _element_behind(summary, text) is not None):
        return text, ends
    at = same[0]
    del blocks[at]
    first, last = ends
    if first is not None and folded(shown_text(first)) == folded(text):
        first = _element_behind(summary, texts[at + 1]) if at + 1 < len(texts) else None
        first = ends[0] if first is None else first
    return text, (first, last)


def _summary_under(headline: Element, texts: Sequence[str]) -> Element | None:
    """Return the element of the summary between a headline and the text; None without one."""
    for node in islice(_following(headline), _BEHIND):
        text = shown_text(node) if node.tag in _TAGS and _is_summary(node, headline) else ""
        if not text or not _MIN_WORDS <= count_words(text) <= _MAX_WORDS:
            continue
        if is_date_or_byline(text) or folded(text) == folded(shown_text(headline)):
            continue
        at = next((n for n, other in enumerate(texts) if folded(other) == folded(text)), -1)
        left = [*texts[at + 1 :]] if at >= 0 else texts
        is_first = at <= 0 or (at == 1 and _is_line(texts[0], headline))
        if is_first and sum(map(count_words, left)) >= _MIN_LEFT:
            return node
    return None


def _is_line(text: str, headline: Element) -> bool:
    """Return whether a text before a summary is the headline or another short line."""
    return count_words(text) < _MIN_LEFT or folded(text) in folded(shown_text(headline))


def _is_in_box(summary: Element, headline: Element, top: Element) -> bool:
    """Return whether a summary is in a box of others, which does not hold the headline."""
    around = {*headline.iterancestors()}
    common = next((node for node in summary.iterancestors() if node in around), top)
    return is_in_other_box(summary, common)


def _kickers_above(headline: Element) -> list[str]:
    """Return the texts of the lines above a headline, folded."""
    before = islice(headline.itersiblings(preceding=True), _BEFORE)
    kickers = (node for node in before if not _KICKER_WORDS.isdisjoint(words_of(node)))
    return [folded(shown_text(node)) for node in kickers]


def _element_behind(summary: Element, text: str) -> Element | None:
    """Return the element behind a summary that shows a text, which is the next paragraph."""
    wanted = folded(text)
    behind = islice(_following(summary), _BEHIND)
    return next((node for node in behind if folded(shown_text(node)) == wanted), None)


def _following(element: Element) -> Iterable[Element]:
    """Yield the elements behind one in document order, not those in it."""
    node: Element | None = element
    while node is not None and node.tag not in {"body", "html"}:
        for sibling in node.itersiblings():
            if isinstance(sibling.tag, str):
                yield from (inner for inner in sibling.iter() if isinstance(inner.tag, str))
        node = node.getparent()


def _is_summary(node: Element, headline: Element) -> bool:
    """Return whether the names of an element, or its place, are those of a summary."""
    names = words_of(node)
    if sum(1 for _ in islice(node.iter("p", "li", "h2", "h3", "h4"), 2)) > 1:
        return False
    if not _SUMMARY_WORDS.isdisjoint(names) or ({"sub"} < names and "title" in names):
        return True
    if not _SUMMARY_ITEMS.isdisjoint((node.get("itemprop") or "").split()):
        return True
    if node.getprevious() is not headline or node.tag not in {"h2", "p"}:
        return False
    parent, following = node.getparent(), node.getnext()
    if parent is not None and parent.tag == "header":
        return True
    is_line = following is not None and is_date_or_byline(shown_text(following))
    return node.tag == "h2" and is_line
