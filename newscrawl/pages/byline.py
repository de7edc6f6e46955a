"""The line under the headline: authors, visible date, category labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.author_names import authors_of
from newscrawl.pages.shown import is_hidden, shown_text, whole_text
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.items import Author
    from newscrawl.items.draft import DateCandidate
    from newscrawl.pages.provenance import Provenance
    from newscrawl.pages.structured import JsonLd, Meta
    from newscrawl.urls import SiteUrls

AUTHORS, DATE, LABELS = "jeg_meta_author", "jeg_meta_date", "jeg_meta_category"
# With Co-Authors Plus the theme prints two names, then "2 others" (JNews 11.6.10).
MORE_AUTHORS = re.compile(r"other|altr")
META_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl",
)  # fmt: skip


_MORE = re.compile(
    r"(?:segui\w*|follow|twitter|facebook|instagram|linkedin|youtube|telegram|tiktok|e-?mail|website"
    r"|sito\s+web|\(?\d+\s+(?:articoli|articles|posts?)\)?|(?:tutti\s+gli|altri|vedi\s+tutti\s+gli|vai"
    r"\s+agli)\s+articoli.*|(?:view|see)\s+all\s+posts.*|bio(?:grafia)?|profilo)\Z",
    re.IGNORECASE,
)
"""Links next to an author's name that lead to more of them."""
_WRITTEN_BY = frozenset({"scritto da", "written by", "autore", "author", "di", "by"})
"""Labels of authors on the cards that Yoast states (wordpress-seo 14 to 25)."""


class Byline:
    """One article's byline; without markup that is known, it has what metadata state."""

    def __init__(self, element: Element | None, urls: SiteUrls, base: str) -> None:
        self._element = element
        self._urls = urls
        self._base = base

    def date(self) -> str | None:
        """Return the visible date as written, where nothing says which one it is."""
        return None

    def marked_dates(self) -> list[DateCandidate]:
        """Return the visible dates that are marked as those of publication or modification."""
        return []

    def labels(self) -> list[str]:
        """Return the category labels."""
        return []

    def authors(self, jsonld: JsonLd, meta: Meta, provenance: Provenance) -> list[Author]:
        """Return the names shown; where the page shortens the list, JSON-LD adds the rest."""
        shown = self._names(self._shown())
        if shown:
            provenance.note("authors", "visible")
            if self._is_shortened():
                shown_names = {author.name.casefold() for author in shown}
                stated = self._stated(jsonld)
                shown += [author for author in stated if author.name.casefold() not in shown_names]
            return shown
        if stated := self._stated(jsonld):
            provenance.note("authors", "jsonld")
            return stated
        for name in META_AUTHORS:
            # Yoast's article:author is the URL of a profile.
            texts = meta.every(name)
            if texts and (named := self._names((text, None) for text in texts)):
                provenance.note("authors", "meta")
                return named
        if named := self._names((text, None) for text in _on_card(meta)):
            provenance.note("authors", "meta")
        return named

    def _stated(self, jsonld: JsonLd) -> list[Author]:
        """Return the authors that the JSON-LD names."""
        people = jsonld.people("author") or jsonld.people("creator")
        return self._names((name, self._author_url(url)) for name, url in people)

    def _names(self, entries: Iterable[tuple[str, str | None]]) -> list[Author]:
        site = self._urls.site
        return authors_of(entries, names_of_site=(site.name, *site.agencies))

    def _shown(self) -> list[tuple[str, str | None]]:
        """Return the texts that name authors, each with its link."""
        return []

    def _is_shortened(self) -> bool:
        """Return whether further authors are only counted."""
        return False

    def _linked(self, anchors: Iterable[Element]) -> list[tuple[str, str | None]]:
        # An address within the page does not lead to an author's archive.
        links = (
            (anchor, (anchor.get("href") or "").strip().partition("#")[0]) for anchor in anchors
        )
        return [
            (shown_text(anchor), self._urls.public(href, self._base) if href else None)
            for anchor, href in links
            if not href.lower().startswith(("mailto:", "tel:"))
        ]

    def _author_url(self, url: str | None) -> str | None:
        address = self._urls.understand(url, self._base) if url else None
        return address.url if address and address.kind is Kind.AUTHOR else None


def _naming(anchors: list[Element]) -> list[Element]:
    """Return the links that name people, without those next to a name and those not shown."""
    return [
        anchor
        for anchor in anchors
        if not _MORE.match(shown_text(anchor))
        and not is_hidden(anchor)
        and not any(is_hidden(box) for box in anchor.iterancestors("span", "div", "li"))
    ] or anchors


def _on_card(meta: Meta) -> list[str]:
    """Return the authors that the labelled values of a page's card name."""
    return [
        text
        for number in "12"
        if (meta.first(f"twitter:label{number}") or "").casefold() in _WRITTEN_BY
        and (text := meta.first(f"twitter:data{number}"))
    ]


class ThemeByline(Byline):
    """The theme's line; further bylines on a page belong to other articles."""

    def __init__(self, element: Element | None, urls: SiteUrls, base: str) -> None:
        super().__init__(element, urls, base)
        divisions = element.iterdescendants("div") if element is not None else ()
        self._parts = [(division.get("class") or "", division) for division in divisions]

    def date(self) -> str | None:
        """Return the visible date as written."""
        part = next(iter(self._parts_with(DATE)), None)
        return fold(whole_text(part)) or None if part is not None else None

    def labels(self) -> list[str]:
        """Return the category labels."""
        labels = self._anchors(self._parts_with(LABELS))
        return [text for label in labels if (text := fold(whole_text(label)))]

    def _shown(self) -> list[tuple[str, str | None]]:
        lines = self._parts_with(AUTHORS)
        anchors = self._anchors(lines)
        if len(anchors) > 1:
            anchors = _naming(anchors)
        names = [entry for entry in self._linked(anchors) if entry[0]]
        return names or [(" ".join(line.itertext()), None) for line in lines]

    def _is_shortened(self) -> bool:
        return any(
            "separators" in (span.get("class") or "") and MORE_AUTHORS.search(whole_text(span))
            for line in self._parts_with(AUTHORS)
            for span in line.iterdescendants("span")
        )

    def _parts_with(self, name: str) -> list[Element]:
        return [part for classes, part in self._parts if name in classes]

    @staticmethod
    def _anchors(parts: list[Element]) -> list[Element]:
        """Return the links in elements, which may be within each other."""
        return [*dict.fromkeys(anchor for part in parts for anchor in part.iterdescendants("a"))]
