"""What a page of any layout shows about its article outside metadata: headline, dates, authors.

Read from elements marked with HTML's and schema.org's own names (`time`, `itemprop`,
`rel=author`), else from the lines around the headline.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from newscrawl import dates
from newscrawl.items.draft import DateCandidate
from newscrawl.pages.author_names import names_in
from newscrawl.pages.element_names import words_of
from newscrawl.pages.head_lines import (
    BYLINE,
    MAX_LINE,
    is_byline,
    is_date_or_byline,
    is_of_change,
    names_of_people,
    title_without_site,
)
from newscrawl.pages.hours import with_hour
from newscrawl.pages.shown import is_hidden, shown_text, whole_text
from newscrawl.pages.shown_elements import (
    KnownElements,
    Zones,
    is_in_other_box,
    shown_elements,
)
from newscrawl.pages.titled_lines import folded, shares_words, title_in, titled_line
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from newscrawl.dates import ItalianDate

_AUTHOR_WORDS = frozenset(
    {
        "author", "authors", "autore", "autori", "autrice", "byline", "firma", "firme", "fn",
        "writer",
    }
)  # fmt: skip
_NOT_NAME_WORDS = frozenset(
    {
        "avatar", "bio", "box", "data", "date", "desc", "description", "foto", "image", "img",
        "job", "photo", "role", "social", "title",
    }
)  # fmt: skip
_DATE_WORDS = frozenset(
    {
        "data", "date", "datetime", "modified", "ora", "posted", "pubblicato", "pubblicazione",
        "published", "time", "timestamp", "updated",
    }
)  # fmt: skip
_MODIFIED_WORDS = frozenset(
    {
        "updated", "modified", "update", "aggiornato", "aggiornamento", "modifica",
    }
)  # fmt: skip
_DATE_ITEMS = re.compile(r"datePublished|dateModified|\bdc(?:terms)?:(?:created|date|issued)\b")
_CREATED_ITEM = re.compile(r"\bdc(?:terms)?:(?:created|date|issued)\b")
"""Names of Dublin Core in RDFa, as Drupal 7 states the date of a node."""
_BEHIND_DATE = re.compile(r"\s(?=(?:di|by|von|par|por)\s+[A-ZÀ-Þ])")
_MIN_PART = 15
"""Letters of a heading that is part of a title."""
_AUTHOR_ITEMS = frozenset({"author", "schema:author"})
_NAME_ITEMS = frozenset({"name", "schema:name"})
_MAX_BYLINE_WORDS = 12
_MAX_INSIDE = 8
"""Elements of the text that are searched for its byline."""


class ShownMetadata:
    """What is shown around one article's text.

    Args:
        root: the page's `html` element.
        ends: the first element of the text, or its container, and the last one; None if unknown.
        headline: the article's headline, where it is known.
        parse_date: returns the first date in a text, or None.
        known: what was read around the same text before, and is added to.
    """

    def __init__(
        self,
        root: Element,
        ends: tuple[Element | None, Element | None],
        *,
        headline: str = "",
        parse_date: Callable[[str], ItalianDate | None],
        known: KnownElements | None = None,
    ) -> None:
        self._root = root
        self._start, self._end = ends
        self._headline = headline
        self.lines: Sequence[str] = ()
        """Bylines and dates that were read with the text."""
        self._parse_date = parse_date
        self._known = known or KnownElements()

    def headline(self, site_names: Sequence[str], stated: Sequence[str] = ()) -> str:
        """Return the text of the `h1` that is the article's, empty if there is none.

        A page may put its name or a section into an `h1`, and the headline into another heading:
        one that metadata (`stated`) or the title confirm has priority, then the last `h1` before
        the text that shares words with them.
        """
        titles = [*stated, *(whole_text(node) for node in self._root.iter("title"))]
        known = [title for title in map(folded, titles) if title]
        names = {folded(name) for name in site_names}
        shown = [
            (node, text)
            for node in self._root.iter("h1", "h2")
            if (text := shown_text(node)) and folded(text) not in names and not is_hidden(node)
        ]
        first_level = [(node, text) for node, text in shown if node.tag == "h1"]
        # Without an `h1` any title of a box could be the beginning of the page's.
        parts = [text for _, text in first_level or shown if first_level or len(text) > _MIN_PART]
        cut = {folded(title_without_site(title, site_names, parts)) for title in titles}
        for headings in (first_level, shown):
            for node, text in headings:
                if (title := title_in(node, text, cut)) and not is_in_other_box(node, self._root):
                    return title
        first_level = [entry for entry in first_level if not is_in_other_box(entry[0], self._root)]
        parts = [
            text
            for _, text in first_level
            if len(text) > _MIN_PART
            and any(folded(text) in title or title in folded(text) for title in known)
        ]
        if parts:
            return max(parts, key=len)
        before = [text for node, text in first_level if _is_before(node, self._start, self._root)]
        likely = [text for text in before if not known or any(shares_words(text, t) for t in known)]
        if likely or stated:
            return likely[-1] if likely else ""
        # A title in the head that shares no word with it may be the site's name.
        own = [
            text
            for node, text in first_level
            if _is_in_article(node, self._start) and _is_before(node, self._start, self._root)
        ]
        return own[0] if len(own) == 1 else ""

    def dates(self) -> list[DateCandidate]:
        """Return the dates that are shown or marked, the most reliable first."""
        candidates = self._marked_dates()
        if any(candidate.field == "published" for candidate in candidates):
            return candidates
        lines = [*self._date_lines()]
        stated = [entry for entry in lines if not is_of_change(entry[0])]
        changes = [entry for entry in lines if is_of_change(entry[0])]
        days = [self._without_byline(_with_hour(*entry)) for entry in stated[:1]]
        raw = " - ".join([*days, *(_with_hour(*entry) for entry in changes[:1])])
        return [*candidates, DateCandidate("shown", "visible", raw)] if raw else candidates

    def _without_byline(self, line: str) -> str:
        """Return a line with a date without the names of authors before it."""
        names = names_of_people(line) if BYLINE.match(line) else []
        rest = line.rpartition(names[-1])[2].strip(" ·|–—-,") if names else ""
        return rest if rest and self._parse(rest) is not None else line

    def authors(self) -> list[tuple[str, str | None]]:
        """Return the texts that name authors, each with the address it links to."""
        for zone in (self._before, self._behind):
            marked = [*_marked_authors(zone)]
            if marked:
                return marked
        lines = [*(text for node in self._before if (text := self._known.line(node))), *self.lines]
        for line in lines:
            byline = line if is_byline(line) else _behind_date(line)
            if byline and (len(line.split()) <= _MAX_BYLINE_WORDS or is_date_or_byline(line)):
                return [(name, None) for name in names_of_people(byline) or [byline]]
        return []

    @cached_property
    def _scope(self) -> Element:
        """The element of this article: `article`, or what holds both headline and text."""
        start = self._start
        if start is None:
            return self._root
        for ancestor in start.iterancestors():
            if ancestor.tag == "article" or "Article" in (ancestor.get("itemtype") or ""):
                return ancestor if self._has_headline(ancestor) else _outer(ancestor)
            if ancestor.tag in {"main", "body"}:
                return ancestor
            if self._has_headline(ancestor):
                return _outer(ancestor)
        return self._root

    def _has_headline(self, element: Element) -> bool:
        line = self._headline_line
        return any(
            not self._headline or shown_text(node).casefold() == self._headline.casefold()
            for node in element.iter("h1")
        ) or (line is not None and element in line.iterancestors())

    @cached_property
    def _headline_line(self) -> Element | None:
        """The element of the headline where it is not an `h1`."""
        title = folded(self._headline)
        if any(title in folded(shown_text(node)) for node in self._root.iter("h1")):
            return None
        return titled_line(self._root, [title])

    @property
    def _zones(self) -> Zones:
        """What is shown before the text and behind it, within the article's element."""
        known = self._known.zones
        if (zones := known.get(self._scope)) is None:
            zones = known[self._scope] = self._elements_around()
        return zones

    def _elements_around(self) -> Zones:
        before: list[Element] = []
        behind: list[Element] = []
        if self._start is None:
            return [*shown_elements(self._scope)], behind
        last = self._start if self._end is None else self._end
        within = {last, *last.iterdescendants()}
        always = {*self._start.iterancestors(), *last.iterancestors(), *within}
        zone: list[Element] | None = before
        inside = 0
        for node in shown_elements(self._scope, always):
            if node is self._start:
                zone = None
            if node in within:
                zone = behind
            elif zone is not None:
                zone.append(node)
                continue
            if inside < _MAX_INSIDE:
                # A byline may follow the summary, which is the first text.
                inside += 1
                if is_date_or_byline(self._known.line(node)):
                    before.append(node)
        return before, behind

    @property
    def _before(self) -> list[Element]:
        return self._zones[0]

    @property
    def _behind(self) -> list[Element]:
        return self._zones[1]

    def _marked_dates(self) -> list[DateCandidate]:
        published: list[tuple[int, DateCandidate]] = []
        modified: list[DateCandidate] = []
        before = sorted(self._before, key=lambda node: node not in self._own)
        for position, node in enumerate([*before, *self._behind]):
            item = node.get("itemprop") or node.get("property") or ""
            is_time = node.tag == "time" or (node.tag == "abbr" and "title" in node.attrib)
            if not is_time and not (item and _DATE_ITEMS.search(item)):
                continue
            raw = self._date_text(node)
            if raw is None:
                continue
            item = _CREATED_ITEM.sub("datePublished", item)
            names, source = words_of(node), "meta" if node.tag == "meta" else "visible"
            is_modified = "dateModified" in item and "datePublished" not in item
            if not is_modified and not item and not names & {"published"}:
                is_modified = bool(names & _MODIFIED_WORDS) or _is_labelled_modified(node)
            if is_modified:
                modified.append(DateCandidate("modified", source, raw))
                continue
            is_sure = "datePublished" in item or "published" in names or node.get("pubdate")
            rank = 0 if is_sure else 1 if position < len(self._before) else 2
            published.append((rank, DateCandidate("published", source, raw)))
        best = [candidate for _, candidate in sorted(published, key=lambda entry: entry[0])]
        return best[:1] + modified[:1]

    def _date_text(self, node: Element) -> str | None:
        """Return a marked date: its attribute, or its text where that alone has the hour."""
        shown = shown_text(node)
        title = node.get("title") if node.tag == "abbr" else None
        stated = fold(node.get("datetime") or node.get("content") or title)
        texts = [text for text in (stated, shown) if text and len(text) <= MAX_LINE]
        parsed = [(text, value) for text in texts if (value := self._parse(text)) is not None]
        if not parsed:
            return None
        hours = [text for text, value in parsed if isinstance(value, datetime)]
        if hours and parsed[0][0] != hours[0] and dates.is_relative(hours[0]):
            return parsed[0][0]
        return hours[0] if hours else with_hour(node, parsed[0][0])

    def _parse(self, text: str) -> object | None:
        # Only whether there is a date, and an hour: which one is known with the time of the fetch.
        date = self._parse_date(text)
        return date.value if date else None

    def _date_lines(self) -> Iterator[tuple[str, Element | None]]:
        """Yield lines with a date and their elements: those named so, then those with a date alone.

        Those of columns next to the article come last.
        """
        own = [node for node in self._before if node in self._own]
        others = [node for node in self._before if node not in self._own]
        for nodes in ([*own, *self._behind], others):
            named: list[tuple[str, Element | None]] = []
            plain: list[tuple[str, Element | None]] = []
            for node in nodes:
                text = self._known.line(node)
                if not text or len(text) > MAX_LINE or not _may_be_date(text):
                    continue
                is_named = bool(words_of(node) & _DATE_WORDS)
                is_line = is_named or is_date_or_byline(text)
                if is_line and self._parse(text) is not None:
                    (named if is_named else plain).append((text, node))
            yield from (*named, *plain)
            if nodes is not others:
                yield from ((line, None) for line in self.lines if self._parse(line) is not None)

    @cached_property
    def _own(self) -> frozenset[Element]:
        """The elements in the smallest one that holds headline and text."""
        around = self._start.iterancestors() if self._start is not None else ()
        smallest = next((node for node in around if self._has_headline(node)), self._scope)
        return frozenset(smallest.iter())


def _with_hour(line: str, node: Element | None) -> str:
    return line if node is None else with_hour(node, line)


def _is_before(heading: Element, start: Element | None, root: Element) -> bool:
    """Return whether a first-level heading is before the text, which begins at `start`."""
    if start is None:
        return True
    for element in root.iter("h1", str(start.tag)):
        if element is start:
            return False
        if element is heading:
            return True
    return False


def _may_be_date(text: str) -> bool:
    return any(map(str.isdigit, text)) or any(
        word in text.casefold() for word in ("oggi", "ieri", " fa", "today", "yesterday", "ago")
    )


def _is_in_article(node: Element, start: Element | None) -> bool:
    """Return whether an element is in the `article` of the text, which begins at `start`."""
    article = next(node.iterancestors("article"), None)
    return article is not None and start is not None and article in start.iterancestors()


def _is_labelled_modified(node: Element) -> bool:
    """Return whether the words before a date say that it is that of a change."""
    previous, parent = node.getprevious(), node.getparent()
    if previous is not None:
        label = fold(previous.tail) or shown_text(previous)
    else:
        label = fold(parent.text) if parent is not None else ""
    return is_of_change(label) or is_of_change(shown_text(node))


def _named_in(node: Element, text: str) -> Iterator[tuple[str, str | None]]:
    """Yield the names within a marked element: each link or `itemprop=name`, else its text."""
    named = [inner for inner in node.iterdescendants() if _item_of(inner) in _NAME_ITEMS]
    links = [] if node.tag == "a" else [*node.iterdescendants("a")]
    links = [link for link in links if shown_text(link) and names_in(shown_text(link))]
    if named:
        for inner in named:
            link = inner if inner.tag == "a" else next(inner.iterancestors("a"), None)
            yield (
                shown_text(inner) or fold(inner.get("content")),
                link.get("href") if link is not None else None,
            )
    elif links:
        for link in links:
            yield shown_text(link), link.get("href")
    else:
        yield text, node.get("href") if node.tag == "a" else None


def _marked_authors(nodes: list[Element]) -> Iterator[tuple[str, str | None]]:
    inner: set[Element] = set()
    for node in nodes:
        if node in inner:
            continue
        names = words_of(node)
        item = node.get("itemprop") or node.get("property")
        is_marked = item is not None and not _AUTHOR_ITEMS.isdisjoint(item.split())
        is_marked = is_marked or "author" in (node.get("rel") or "").split()
        is_named = bool(names & _AUTHOR_WORDS) and not names & _NOT_NAME_WORDS
        if not is_marked and not is_named:
            continue
        text = (
            shown_text(node)
            or fold(node.get("content"))
            or (_hidden_name(node) if is_marked else "")
        )
        if not text or len(text) > MAX_LINE:
            continue
        inner.update(node.iterdescendants())
        yield from _named_in(node, text)


def _behind_date(line: str) -> str:
    """Return the byline behind a date ("3 marzo 2026 di Anna Berti"), empty without one."""
    mark = _BEHIND_DATE.search(line)
    byline = line[mark.end() :] if mark and is_date_or_byline(line) else ""
    return byline if is_byline(byline) else ""


def _item_of(node: Element) -> str:
    """Return an element's name in microdata, else in RDFa."""
    return node.get("itemprop") or node.get("property") or ""


def _hidden_name(node: Element) -> str:
    """Return the name that a `meta` within a marked element states."""
    metas = node.iterdescendants("meta")
    return next((fold(meta.get("content")) for meta in metas if _item_of(meta) in _NAME_ITEMS), "")


def _outer(element: Element) -> Element:
    """Return the `article` or `main` around an element, else the element."""
    for ancestor in element.iterancestors():
        if ancestor.tag in {"article", "main"} or "Article" in (ancestor.get("itemtype") or ""):
            return ancestor
    parent = element.getparent()
    return element if parent is None or parent.tag in {"body", "html"} else parent
