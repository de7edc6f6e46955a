"""How much of a page's text is that of cards: titles of other articles and their excerpts.

Of a list a reader of articles takes the excerpts for one text. See decision 161 in
docs/decisions.md.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from newscrawl.pages.shown import whole_text
from newscrawl.pages.text_boxes import HEADINGS, is_other_page
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

_MIN_CARDS = 3
_MAX_TITLES = 3
"""Links to the article of one card: picture, title, "read more"; a column of the page has more."""
_MIN_TITLE = 15
"""Characters of a title that is a link."""
_MIN_LEAD = 60
"""Characters of a text before a heading that is not a label or a date."""
_MIN_PART = 20
"""Characters of an excerpt that is found in the text by chance nowhere."""
_MAX_TEXT, _MAX_EXCERPTS, _MAX_PARTS, _MAX_SIBLINGS = 20_000, 20_000, 1_000, 50
"""Characters of a text, texts and long texts of cards, and siblings that are compared."""
_MORE = re.compile(
    r"(?:leggi|scopri|continua|prosegui|vai|read|continue|view|see|lire|leer|weiter)\b.{0,25}", re.I
)
_NOT_CARDS = HEADINGS | {"p", "span", "b", "strong", "em", "i", "body", "main", "tbody", "table"}
_MAX_LEVELS = 6
_LINES = (*HEADINGS, "p", "dt", "div", "td")
_AROUND = ("nav", "footer", "aside")


class ListedText:
    """The cards of one page.

    Args:
        root: the page's `html` element, which is not changed.
        url: the page's address: links to other sites do not make a list of its pages.
    """

    def __init__(self, root: Element, url: str) -> None:
        self._root = root
        self._url = url
        self._host, self._path = _host(url), _path(url)

    def has_cards(self, element: Element) -> bool:
        """Return whether other articles are listed in an element, at least three in a row."""
        cards = (*self._cards, *(line for row in self._title_lines for line in row))
        return any(element in card.iterancestors() for card in cards)

    def share(self, text: str) -> float:
        """Return the part of an article's text that stands in cards, from 0 to 1."""
        body = fold(text[:_MAX_TEXT])
        texts = islice(chain.from_iterable(self._excerpts()), _MAX_EXCERPTS)
        # In order: those of a long page's first cards are in the first part of its text.
        in_cards = Counter(part for part in map(fold, texts) if len(part) >= _MIN_PART)
        first = islice(in_cards.items(), 2 * _MAX_PARTS)
        parts = {part: count for part, count in first if part in body}
        on_page = Counter(self._long_texts()) if parts else in_cards
        # A card may also repeat what an article says.
        only_in_cards = (part for part, count in parts.items() if count >= on_page[part])
        listed = sum(len(part) * body.count(part) for part in islice(only_in_cards, _MAX_PARTS))
        return min(listed / len(body), 1.0) if body else 0.0

    def _long_texts(self) -> Iterator[str]:
        """Yield the texts of the page that may be excerpts."""
        return (fold(text) for text in self._root.itertext() if len(text) >= _MIN_PART)

    def _excerpts(self) -> Iterator[Iterable[str]]:
        """Yield the texts of each card."""
        for card in self._cards:
            yield card.itertext()
        for row in self._title_lines:
            if self._has_text_before(row[0]):
                # Links to other articles between an article's paragraphs.
                continue
            lines = set(row)
            for line in row:
                yield line.itertext()
                for sibling in line.itersiblings():
                    if sibling in lines or sibling.tag in HEADINGS:
                        break
                    yield sibling.itertext()

    def _has_text_before(self, line: Element) -> bool:
        return any(
            len(fold(whole_text(sibling))) >= _MIN_PART
            for sibling in islice(line.itersiblings(preceding=True), _MAX_SIBLINGS)
            if sibling.tag not in HEADINGS and isinstance(sibling.tag, str)
        )

    @cached_property
    def _cards(self) -> list[Element]:
        """Elements of the same make, side by side, each with the title of another page."""
        rows: defaultdict[tuple[Element, str, str], Counter[Element]] = defaultdict(Counter)
        for link in self._titles:
            element = link
            for _ in range(_MAX_LEVELS):
                parent = element.getparent()
                if parent is None or element.tag == "body":
                    break
                if element.tag not in _NOT_CARDS:
                    rows[parent, str(element.tag), element.get("class") or ""][element] += 1
                element = parent
        cards = [
            card
            for row in rows.values()
            if len(row) >= _MIN_CARDS
            for card, titles in row.items()
            if titles <= _MAX_TITLES and next(card.iter("h1"), None) is None
        ]
        cards += [node for node in self._root.iter("article") if self._is_entry(node)]
        return [*dict.fromkeys(cards)]

    def _is_entry(self, article: Element) -> bool:
        """Return whether an `article` begins with the title of another page, and is its card."""
        heading = next(article.iter(*HEADINGS), None)
        if heading is None or next(article.iter("h1"), None) is not None:
            return False
        links = [*heading.iter("a"), *heading.iterancestors("a")]
        if self._title_set.isdisjoint(links):
            return False
        for node in article.iter():
            if node is heading:
                return True
            if len(fold(node.text)) >= _MIN_LEAD and node.tag not in {"script", "style"}:
                return node in links
        return False

    @cached_property
    def _title_set(self) -> frozenset[Element]:
        return frozenset(self._titles)

    @cached_property
    def _title_lines(self) -> list[list[Element]]:
        """Rows of elements of one make side by side that are titles of other pages alone."""
        rows: defaultdict[tuple[Element, str, str], dict[Element, None]] = defaultdict(dict)
        for link in self._titles:
            line = next(link.iterancestors(*_LINES), None)
            parent = line.getparent() if line is not None else None
            if line is None or parent is None:
                continue
            if fold(whole_text(line)) == fold(whole_text(link)):
                rows[parent, str(line.tag), line.get("class") or ""][line] = None
        return [[*row] for row in rows.values() if len(row) >= _MIN_CARDS]

    @cached_property
    def _titles(self) -> list[Element]:
        """Links to other pages of the site that are a line of their own."""
        around = {link for box in self._root.iter(*_AROUND) for link in box.iter("a")}
        in_headings = {link for heading in self._root.iter(*HEADINGS) for link in heading.iter("a")}
        return [
            link
            for link in self._root.iter("a")
            # Few links pass these two; to compare addresses takes several times longer.
            if link not in around
            and _is_title(link, is_in_heading=link in in_headings)
            and self._is_other_page(link.get("href") or "")
        ]

    def _is_other_page(self, href: str) -> bool:
        """Return whether a link leads to another page of the site."""
        if not is_other_page(href) or _host(href) not in {"", self._host}:
            return False
        try:
            return _path(urljoin(self._url, href)) != self._path
        except ValueError:
            return False


def _path(url: str) -> tuple[str, str]:
    """Return what names a page on its site."""
    parts = urlsplit(url)
    return parts.path.rstrip("/"), parts.query


def _host(url: str) -> str:
    """Return the last two labels of a host's name: sections may have hosts of their own."""
    try:
        return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
    except ValueError:
        return ""


def _is_title(link: Element, *, is_in_heading: bool) -> bool:
    """Return whether a link begins its line, is not followed by words, and is as long as titles."""
    if not is_in_heading:
        text = fold(whole_text(link))
        if len(text) < _MIN_TITLE:
            return _MORE.fullmatch(text) is not None
    previous, parent = link.getprevious(), link.getparent()
    before = parent.text if previous is None and parent is not None else None
    before = previous.tail if previous is not None else before
    return not fold(before) and not fold(link.tail)
