"""Archives of any WordPress theme: the list, its pager and its title.

The names are those of core, of its block editor, of Elementor and of widespread themes.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.core_cards import CoreCards, card_elements
from newscrawl.pages.core_markup import with_class
from newscrawl.pages.relations import relations
from newscrawl.pages.shown import shown_text
from newscrawl.sites.list_addresses import PAGE_BASES, page_number, without_page
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.pages.cards import Card
    from newscrawl.urls import Address, SiteUrls

_ASIDE_TAGS = frozenset({"aside", "header", "footer"})
_ASIDE_ROLES = frozenset({"banner", "contentinfo", "complementary", "dialog"})
_ASIDE = re.compile(
    r"(?:^|\s)(?:widget|widget_\S+|widgets?-area|sidebar|secondary|td-ss-main-sidebar"
    r"|(?:site|page|main)-(?:header|footer)|header|footer|masthead|colophon|comments|comments-area"
    r"|td-header-\S+|td_mega_menu|tdc-(?:header|footer)\S*|elementor-location-(?:header|footer|popup)"
    r"|menu|sub-menu|menu-item|mega-menu\S*|wp-block-navigation\S*"
    r"|(?:\S+-)?related(?:-\S+)?|yarpp\S*|jp-relatedposts|rp4wp-related-posts|correlati"
    r"|wp-block-latest-posts|(?:\S+-)?ticker|breaking-news|trending)(?=\s|$)",
    re.IGNORECASE,
)
"""Classes and ids of parts of the page whose posts are not those of its list."""
_BOX = re.compile(
    r"(?:^|\s)(?:wp-block-query|elementor-widget|td_block_wrap|tdb_block_inner|et_pb_module"
    r"|fl-module|wp-block-newspack-blocks-homepage-articles)(?=\s|$)"
)
"""What shows one list of posts."""
_MAINS = etree.XPath(
    "//main|//@role[.='main']/parent::*|//@id[.='main' or .='content' or .='primary']/parent::*",
    smart_strings=False,
)
_names_page = " or ".join(
    ["contains(@href,'page')", *(f"contains(@href,'/{base}/')" for base in sorted(PAGE_BASES))]
)
_PAGE_LINKS = etree.XPath(
    f"//a[{_names_page}]|//link[@href][contains(@rel,'next')]|//@data-next-page/parent::*",
    smart_strings=False,
)
_PAGERS = with_class(
    *("page-numbers", "nav-links", "nav-previous", "nav-next", "pagination", "page-nav"),
    *("wp-block-query-pagination", "elementor-pagination", "wp-pagenavi", "posts-navigation"),
    *("archive-pagination", "ast-pagination", "paging-navigation"),
)
_NEXT_CLASS = re.compile(
    r"(?:^|\s)(?:next|nextpostslink|nav-previous|older|older-posts|pagination-next"
    r"|wp-block-query-pagination-next|elementor-page-next)(?=\s|$)"
)
_EMPTY = with_class("no-results", "wp-block-query-no-results", "elementor-posts-nothing-found")
_TITLES = with_class(
    *("page-title", "archive-title", "wp-block-query-title", "ast-archive-title"),
    *("td-page-title", "tdb-title-text", "entry-title", "taxonomy-title"),
    "elementor-heading-title",
    tag="h1",
)
_HEADINGS = etree.XPath("//h1", smart_strings=False)
_ARCHIVE_CLASS = re.compile(r"(?:^|\s)(category|tag|author)-(\S+)(?=\s|$)")
# Core's own prefixes (get_the_archive_title) in Italian, English and other languages.
_PREFIX = re.compile(
    r"\A(?:categor(?:ia|ie|y|ies|ía)|catégorie|kategorie|archiv(?:i|io|es?|o|os)?"
    r"|tag|etichetta|argomento|mese|month|anno|year|giorno|day|autore|author|sezione|section"
    r"|archivi(?:o)?\s+(?:della\s+)?categoria|category\s+archives?|(?:daily|monthly|yearly)\s+archives?)"
    r"\s?:\s+",
    re.IGNORECASE,
)
_LISTS = frozenset({Kind.ARCHIVE, Kind.DAY, Kind.TAG, Kind.AUTHOR})


def without_prefix(title: str) -> str:
    """Return an archive's title without the word that core puts before its name.

    >>> without_prefix("Categoria: Esteri"), without_prefix("Category Archives: Sport")
    ('Esteri', 'Sport')
    >>> without_prefix("Guerra: le notizie")
    'Guerra: le notizie'
    """
    return _PREFIX.sub("", title)


class CoreListing:
    """The list of posts on an archive page."""

    def __init__(self, root: Element, url: str, base: str, urls: SiteUrls) -> None:
        self._root = root
        self._url = urls.at(url).canonical(url)
        self._base = base
        self._urls = urls

    @property
    def is_list(self) -> bool:
        """Whether WordPress marks a list on the page, or its lack of posts."""
        return bool(self.cards) or self.is_empty

    @property
    def is_empty(self) -> bool:
        """Whether the page says in place of a list that there are no posts."""
        return not self.cards and bool(_EMPTY(self._root))

    @property
    def title(self) -> str | None:
        """The archive's heading, without "Categoria:"."""
        headings = _TITLES(self._root) or _HEADINGS(self._root)
        texts = [text for heading in headings if (text := shown_text(heading))]
        return without_prefix(texts[0]) or None if texts else None

    @cached_property
    def cards(self) -> list[Card]:
        """The cards of the list, each address once."""
        return self._lists[0]

    @cached_property
    def hero(self) -> list[Card]:
        """The cards of other lists in the main part that WordPress marks as of this archive."""
        return self._lists[1]

    @cached_property
    def _lists(self) -> tuple[list[Card], list[Card]]:
        marked, others = card_elements(self._root)
        reader = CoreCards(self._urls, self._base)
        cards = reader.read(self._in_main(marked), is_marked=True)
        if not cards:
            # A theme may print articles without core's classes.
            cards = reader.read(self._in_main(others), is_marked=False)
            return _unique([card for _, card in cards] if len(cards) > 1 else []), []
        boxes: dict[Element | None, list[tuple[Element, Card]]] = {}
        for element, card in cards:
            boxes.setdefault(_box_of(element), []).append((element, card))
        chosen = self._box_with_pager(boxes)
        terms = self._terms
        hero = [
            card
            for box, entries in boxes.items()
            if box is not chosen
            for element, card in entries
            if terms & {*(element.get("class") or "").split()}
        ]
        listed = _unique([card for _, card in boxes[chosen]])
        addresses = {card.address for card in listed}
        return listed, _unique([card for card in hero if card.address not in addresses])

    def _in_main(self, elements: list[Element]) -> list[Element]:
        """Return those of the page's main part, if there is one with cards."""
        candidates = [
            element
            for element in elements
            if not is_aside(element) and next(element.iterancestors("nav"), None) is None
        ]
        mains = {*_MAINS(self._root)}
        within = [
            element
            for element in candidates
            if any(ancestor in mains for ancestor in element.iterancestors())
        ]
        return within or candidates

    def _box_with_pager(
        self, boxes: dict[Element | None, list[tuple[Element, Card]]]
    ) -> Element | None:
        for pager in _PAGERS(self._root):
            box = _box_of(pager)
            if box in boxes and not is_aside(pager):
                return box
        return max(boxes, key=lambda box: len(boxes[box]))

    @cached_property
    def _terms(self) -> set[str]:
        """The classes by which core marks posts of this archive."""
        body = self._root.find("body")
        classes = (body.get("class") or "") if body is not None else ""
        return {match[0].strip() for match in _ARCHIVE_CLASS.finditer(classes)}

    @cached_property
    def _page_links(self) -> dict[int, str]:
        """Number to address of other pages of this archive that the page links to."""
        root = without_page(self._url)
        pages: dict[int, str] = {}
        for link in _PAGE_LINKS(self._root):
            href = link.get("href") or link.get("data-next-page") or ""
            address = self._urls.understand(href, self._base)
            is_own = without_page(address.url) == root or _is_next(link)
            number = page_number(address.url)
            if address.kind in _LISTS and is_own and number > 1 and not is_aside(link):
                pages.setdefault(number, address.url)
        return pages

    @property
    def next_url(self) -> str | None:
        """The address of the next page, if the page links to it."""
        return self._page_links.get(page_number(self._url) + 1)

    @property
    def last_number(self) -> int:
        """The highest page number that the pager names; 0 if it names none."""
        number = page_number(self._url)
        return max(*self._page_links, number) if self._page_links else number * self.has_pager

    @property
    def has_pager(self) -> bool:
        """Whether the page says which pages there are, rather than loading them by a script."""
        return bool(self._page_links) or any(not is_aside(pager) for pager in _PAGERS(self._root))


def _unique(cards: Iterable[Card]) -> list[Card]:
    by_address: dict[Address, Card] = {}
    for card in cards:
        by_address.setdefault(card.address, card)
    return [*by_address.values()]


def _is_next(link: Element) -> bool:
    """Return whether a link is called the one to the next page, that of older posts."""
    parent = link.getparent()
    elements = [link] if parent is None else [link, parent]
    is_called = any(_NEXT_CLASS.search(element.get("class") or "") for element in elements)
    return is_called or "next" in relations(link)


def is_aside(element: Element) -> bool:
    """Return whether an element is in a menu, a sidebar or another part beside the page's list."""
    return any(
        _is_aside_part(str(node.tag), node.get("class"), node.get("id"), node.get("role"))
        for node in element.iterancestors()
        if node.tag not in {"body", "html"}
    )


@lru_cache(maxsize=5_000)
def _is_aside_part(tag: str, classes: str | None, name: str | None, role: str | None) -> bool:
    return (
        tag in _ASIDE_TAGS
        or role in _ASIDE_ROLES
        or bool(classes and _ASIDE.search(classes))
        or bool(name and _ASIDE.search(name))
    )


@lru_cache(maxsize=5_000)
def _is_box(classes: str | None) -> bool:
    return bool(classes and _BOX.search(classes))


def _box_of(element: Element) -> Element | None:
    """Return the nearest element around a card or a pager that shows one list of posts."""
    return next((node for node in element.iterancestors() if _is_box(node.get("class"))), None)
