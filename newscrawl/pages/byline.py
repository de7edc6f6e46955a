"""The line under the headline: authors, visible date, category labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.author_names import authors_of
from newscrawl.pages.shown import whole_text
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
        return []

    def _stated(self, jsonld: JsonLd) -> list[Author]:
        """Return the authors that the JSON-LD names."""
        people = ((name, self._author_url(url)) for name, url in jsonld.people("author"))
        return self._names(people)

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
        return [
            (whole_text(anchor), self._urls.public(anchor.get("href") or "", self._base))
            for anchor in anchors
            if not (anchor.get("href") or "").strip().lower().startswith(("mailto:", "tel:"))
        ]

    def _author_url(self, url: str | None) -> str | None:
        address = self._urls.understand(url, self._base) if url else None
        return address.url if address and address.kind is Kind.AUTHOR else None


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
        if not anchors:
            return [(" ".join(line.itertext()), None) for line in lines]
        return self._linked(anchors)

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
