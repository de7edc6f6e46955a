"""Reads cards of any WordPress theme: how core, its block editor and page builders show a post.

The names are those of core's template tags, of its blocks and of widespread themes and builders.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.cards import Card
from newscrawl.pages.core_markup import with_class
from newscrawl.pages.relations import relations
from newscrawl.pages.shown import shown_text
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from newscrawl.urls import Address, SiteUrls

# Core prints the classes of a post's element in its lists (post_class), builders their own.
_CANDIDATES = etree.XPath(
    "//@class[contains(.,'hentry') or contains(.,'type-post') or contains(.,'wp-block-post')"
    " or contains(.,'elementor-post') or contains(.,'td_module_wrap')"
    " or contains(.,'et_pb_post') or contains(.,'status-publish')]/parent::*"
    "|//@id[starts-with(.,'post-')]/parent::*"
    "|//article[not(contains(@class,'jeg_post'))]",
    smart_strings=False,
)
_CARD_CLASSES = frozenset(
    {"hentry", "type-post", "wp-block-post", "elementor-post", "td_module_wrap", "et_pb_post"}
)
_POST_TYPE = re.compile(r"(?:^|\s)type-(?!post(?:\s|$))\S+")
_POST_NUMBER = re.compile(r"post-\d{1,15}")
_TITLES = with_class(
    *("entry-title", "wp-block-post-title", "post-title", "elementor-post__title"),
    *("td-module-title", "elementor-widget-theme-post-title", "blog-entry-title"),
)
_BOOKMARKS = etree.XPath(".//a[@href][contains(@rel,'bookmark')]", smart_strings=False)
_HEADINGS = etree.XPath(".//h1|.//h2|.//h3|.//h4", smart_strings=False)
_LINKS = etree.XPath("descendant-or-self::a[@href]", smart_strings=False)
_MORE = with_class(
    *("more-link", "wp-block-read-more", "read-more", "elementor-post__read-more"), tag="a"
)
_PICTURE_LINKS = etree.XPath(".//a[@href][.//img]", smart_strings=False)
_CATEGORY_LINKS = etree.XPath(".//a[@href][contains(@rel,'category')]", smart_strings=False)
_LABELS = with_class(
    *("cat-links", "taxonomy-category", "entry-categories", "td-post-category", "post-category"),
    *("elementor-post__badge", "post-categories", "entry-category", "category-links"),
)
_TIMES = etree.XPath(".//time", smart_strings=False)
_DATES = with_class(
    *("entry-date", "posted-on", "elementor-post-date", "post-date", "td-post-date"),
    *("published", "entry-time", "date", "jp-related-posts-i2__post-date"),
)
_PICTURES = etree.XPath(".//img[@alt]", smart_strings=False)
_NO_PICTURE = re.compile(r"(?:^|\s)(?:avatar|emoji|wp-smiley)(?:-\S*|\s|$)")
_CHANGED = re.compile(r"(?:^|\s)(?:updated|\S*modified\S*)(?=\s|$)")
_PUBLISHED = re.compile(r"(?:^|\s)(?:published|entry-date|entry-time)(?=\s|$)")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_MIN_HYPHENS = 2
"""Hyphens of an address that reads like a title's."""


@lru_cache(maxsize=5_000)
def _is_marked(classes: str, name: str) -> bool:
    """Return whether an element with these classes and this id is that of a post in a list."""
    if _POST_TYPE.search(classes):
        # A static page, a product, an attachment.
        return False
    tokens = frozenset(classes.split())
    return bool(tokens & _CARD_CLASSES) or bool(_POST_NUMBER.fullmatch(name))


def card_elements(root: Element) -> tuple[list[Element], list[Element]]:
    """Return the elements that may be cards: those marked as posts, and other articles."""
    marked: list[Element] = []
    others: list[Element] = []
    for element in _CANDIDATES(root):
        if _is_marked(element.get("class") or "", element.get("id") or ""):
            marked.append(element)
        elif element.tag == "article":
            others.append(element)
    return marked, others


class CoreCards:
    """Reads the cards of one page."""

    def __init__(self, urls: SiteUrls, base: str) -> None:
        self._urls = urls
        self._base = base

    def read(self, elements: Sequence[Element], *, is_marked: bool) -> list[tuple[Element, Card]]:
        """Return elements and their cards in order, without those that do not link to a post.

        An element within a card is a part of it; one around cards has no link of its own.

        Args:
            elements: in document order.
            is_marked: whether WordPress marks them as posts: then the address of a static page
                is a post's too, as permalinks may be titles alone.
        """
        candidates = {*elements}
        read: list[tuple[Element, Card]] = []
        last: Element | None = None
        for element in elements:
            if last is not None and _is_within(element, last):
                continue
            card = self._card(element, candidates, is_marked=is_marked)
            if card is not None:
                read.append((element, card))
                last = element
        return read

    def _card(self, element: Element, others: set[Element], *, is_marked: bool) -> Card | None:
        for title, link in _titles(element, others):
            address = self._urls.understand(link.get("href") or "", self._base)
            if not _is_post(address, is_marked=is_marked):
                continue
            return Card(
                address=address,
                title=shown_text(title),
                label=label_of(element, self._urls, self._base),
                date=date_of(element),
                image_alt=image_alt(element),
                is_sticky="sticky" in (element.get("class") or "").split(),
                language=self._urls.site.language,
            )
        return None


def label_of(element: Element, urls: SiteUrls, base: str) -> str | None:
    """Return the only category that a card shows: of several, none is marked as the first."""
    links = [link for link in _CATEGORY_LINKS(element) if "category" in relations(link)]
    if not links:
        boxes = _LABELS(element)
        links = [
            link
            for box in boxes
            for link in _LINKS(box)
            if urls.understand(link.get("href") or "", base).kind not in {Kind.TAG, Kind.AUTHOR}
        ] or boxes
    texts = {text for link in links if (text := shown_text(link))}
    return texts.pop() if len(texts) == 1 else None


def _is_within(element: Element, outer: Element) -> bool:
    return any(ancestor is outer for ancestor in element.iterancestors())


def _is_post(address: Address, *, is_marked: bool) -> bool:
    if address.kind is Kind.ARTICLE:
        return True
    last = address.url.rstrip("/").rsplit("/", 1)[-1]
    return address.kind is Kind.PAGE and (is_marked or last.count("-") >= _MIN_HYPHENS)


def _titles(element: Element, others: set[Element]) -> Iterator[tuple[Element, Element]]:
    """Yield what may be a card's title and its link, the most likely first.

    Those of another card within the element are left out.
    """
    headings = [
        title
        for title in (*_TITLES(element), *_HEADINGS(element))
        if shown_text(title) and _owner(title, others) is element
    ]
    for title in headings:
        if (link := _link_of(title, element)) is not None:
            yield title, link
    bookmarks = [
        link
        for link in _BOOKMARKS(element)
        if shown_text(link) and _owner(link, others) is element and "bookmark" in relations(link)
    ]
    # Themes print the date as a link to the post too.
    yield from ((link, link) for link in bookmarks if not _TIMES(link))
    if headings:
        # A title without a link, beside a picture or "read more" that leads to the post.
        for link in (*_MORE(element), *_PICTURE_LINKS(element)):
            if _owner(link, others) is element:
                yield headings[0], link
    else:
        # Core prints a post without a title by its date.
        yield from ((link, link) for link in bookmarks)


def _link_of(title: Element, card: Element) -> Element | None:
    """Return the link in a title, else the one around it."""
    links: list[Element] = [link for link in _LINKS(title) if shown_text(link)]
    if links:
        return links[0]
    for ancestor in title.iterancestors():
        if ancestor is card:
            break
        if ancestor.tag == "a" and ancestor.get("href"):
            return ancestor
    return None


def _owner(node: Element, cards: set[Element]) -> Element | None:
    """Return the nearest of the elements that a node is in."""
    if node in cards:
        return node
    return next((ancestor for ancestor in node.iterancestors() if ancestor in cards), None)


def date_of(element: Element) -> str | None:
    """Return the day of publication; that of the last change where only that is shown."""
    times = _TIMES(element)
    published = [time for time in times if _PUBLISHED.search(time.get("class") or "")]
    unchanged = [time for time in times if not _is_changed(time, element)]
    for time in (*published, *unchanged, *times):
        stated = (time.get("datetime") or "").strip()
        if text := stated if _ISO.match(stated) else shown_text(time):
            return fold(text)
    return next((text for found in _DATES(element) if (text := shown_text(found))), None)


def _is_changed(time: Element, card: Element) -> bool:
    """Return whether a time is called that of a change, by its own class or one around it."""
    node: Element | None = time
    while node is not None and node is not card:
        if _CHANGED.search(node.get("class") or ""):
            return True
        node = node.getparent()
    return False


def image_alt(element: Element) -> str | None:
    """Return the text of a card's picture."""
    pictures = (
        picture
        for picture in _PICTURES(element)
        if not _NO_PICTURE.search(picture.get("class") or "")
    )
    picture = next(pictures, None)
    return fold(picture.get("alt")) or None if picture is not None else None
