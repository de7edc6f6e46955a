"""Author, dates and categories of a post as WordPress core prints them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from newscrawl.items.draft import DateCandidate
from newscrawl.pages.byline import Byline
from newscrawl.pages.core_markup import with_class, with_item, xpath
from newscrawl.pages.hours import with_hour
from newscrawl.pages.relations import is_tag_link, relations
from newscrawl.pages.shown import shown_text
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from newscrawl.pages.core_markup import CoreElements
    from newscrawl.urls import SiteUrls

_LINKS = xpath(".//a[@rel]")
_ANCHORS = xpath(".//a[@href]")
_NAMES = (
    with_class("vcard", also="author"),
    with_class("wp-block-post-author-name", "wp-block-post-author__name"),
    with_item(
        "author",
        search="descendant::*/@itemprop[.='author']/parent::*"
        "/descendant::*/@itemprop[.='name']/parent::*",
    ),
    with_class("author-name", "entry-author-name", "post-author-name"),
    with_class("byline"),
    with_class("entry-author", "post-author", "wp-block-post-author", "posted-by"),
    with_item(
        "author",
        search="descendant::*/@itemprop[.='author']/parent::*[not(self::meta or self::link)]",
    ),
)
"""Elements with an author's name, the most precise first."""
_FULL_NAMES = with_class("fn", "wp-block-post-author__name")
_TIMES = with_item(
    "datePublished",
    "dateModified",
    search=".//time[@datetime]"
    "|descendant::*/@itemprop[.='datePublished' or .='dateModified']/parent::*",
    otherwise=".//time[@datetime]",
)
_ABBREVIATIONS = xpath(
    ".//abbr[@title][contains(concat(' ',normalize-space(@class),' '),' published ')]"
)
_DATE_TEXTS = (
    with_class("entry-date", "published", "wp-block-post-date"),
    with_class("posted-on", "post-date", "entry-meta-date", "date"),
)
_CATEGORY_LISTS = with_class("cat-links", "post-categories", "entry-categories")
_TAG_LISTS = with_class("tags-links", "post-tags", "entry-tags", "tag-links")
_ALL_POSTS = re.compile(
    r"\A(?:view all|all posts|more (?:posts|by)|tutti gli|vedi tutti|altri)\b", re.I
)
_MODIFIED_BLOCK = "wp-block-post-date__modified-date"


class CoreByline(Byline):
    """What core's template tags and blocks print about a post."""

    def __init__(self, elements: CoreElements, urls: SiteUrls, base: str) -> None:
        super().__init__(elements.scope, urls, base)
        self._elements = elements

    def _shown(self) -> list[tuple[str, str | None]]:
        links = [link for link in self._elements.own(_LINKS) if "author" in relations(link)]
        links = [
            link
            for link in self._elements.nearest(links)
            if (text := shown_text(link)) and not _ALL_POSTS.match(text)
        ]
        if links:
            return self._linked(links)
        for search in _NAMES:
            names = [
                entry
                for element in self._elements.nearest(self._elements.own(search))
                for entry in self._named(element)
            ]
            if self._names(names):
                return names
        has_text = self._elements.content is not None
        return self._linked(self._leading_to(Kind.AUTHOR)) if has_text else []

    def _leading_to(self, kind: Kind) -> list[Element]:
        """Return links before the text, or in the post's element, to core's archives."""
        return [
            link
            for link in self._elements.nearest(self._elements.own(_ANCHORS))
            if self._urls.understand(link.get("href") or "", self._base).kind is kind
            and (text := shown_text(link))
            and not _ALL_POSTS.match(text)
        ]

    def _named(self, element: Element) -> list[tuple[str, str | None]]:
        full = _FULL_NAMES(element) or [element]
        entries = []
        for name in full:
            anchors = [name] if name.tag == "a" else [*name.iter("a")]
            linked = self._linked(anchor for anchor in anchors if shown_text(anchor))
            entries += linked or [(shown_text(name), None)]
        return entries

    @cached_property
    def _times(self) -> list[tuple[Element, str]]:
        """The elements that state a moment, with it."""
        return [
            (element, value)
            for element in self._elements.nearest(self._elements.own(_TIMES))
            if (value := fold(element.get("datetime") or element.get("content")))
        ]

    def _published(self) -> str | None:
        ranks = (
            [value for element, value in self._times if "published" in _words(element)],
            [value for element, value in self._times if _states(element, "datePublished")],
            [value for element, value in self._times if _is_block_date(element)],
            [
                value
                for element, value in self._times
                if "entry-date" in _words(element) and "updated" not in _words(element)
            ],
            [fold(abbr.get("title")) for abbr in self._elements.own(_ABBREVIATIONS)],
        )
        return next((value for values in ranks for value in values), None)

    def marked_dates(self) -> list[DateCandidate]:
        """Return the dates that core marks as those of publication and modification."""
        published = self._published()
        if published is None:
            return []
        modified = [value for element, value in self._times if _is_modified(element)]
        return [
            DateCandidate("published", "visible", published),
            *(DateCandidate("modified", "visible", value) for value in modified[:1]),
        ]

    def date(self) -> str | None:
        """Return the visible date that nothing marks as that of publication."""
        if self._published() is not None:
            return None
        if self._times:
            return with_hour(*self._times[0])
        for search in _DATE_TEXTS:
            for element in self._elements.nearest(self._elements.own(search)):
                if text := shown_text(element):
                    return with_hour(element, text)
        return None

    def labels(self) -> list[str]:
        """Return the categories."""
        links = [link for link in self._elements.own(_LINKS) if self._is_category(link)]
        if not links:
            lists = self._elements.own(_CATEGORY_LISTS)
            links = [link for entry in lists for link in entry.iter("a")]
        return [*dict.fromkeys(text for link in links if (text := shown_text(link)))]

    def tags(self) -> list[str]:
        """Return the tags."""
        lists = self._elements.own(_TAG_LISTS, in_text=True)
        links = [
            link
            for link in self._elements.own(_LINKS)
            if is_tag_link(link) and not self._is_category(link)
        ] or [link for entry in lists for link in entry.iter("a")]
        texts = (shown_text(link).removeprefix("#").strip() for link in links)
        return [*dict.fromkeys(filter(None, texts))]

    def _is_category(self, link: Element) -> bool:
        """Return whether a link is a category's; core's block marks all terms as tags."""
        words = relations(link)
        if "category" in words:
            return True
        if "tag" not in words:
            return False
        if any("taxonomy-category" in _words(node) for node in link.iterancestors()):
            return True
        address = self._urls.understand(link.get("href") or "", self._base)
        return address.kind is Kind.ARCHIVE


def _words(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def _states(element: Element, name: str) -> bool:
    return name in (element.get("itemprop") or "").split()


def _block_classes(element: Element) -> list[str]:
    return [word for node in (element, *element.iterancestors()) for word in _words(node)]


def _is_block_date(element: Element) -> bool:
    words = _block_classes(element)
    return "wp-block-post-date" in words and _MODIFIED_BLOCK not in words


def _is_modified(element: Element) -> bool:
    words = _words(element)
    return (
        ("updated" in words and "published" not in words)
        or _states(element, "dateModified")
        or _MODIFIED_BLOCK in _block_classes(element)
    )
