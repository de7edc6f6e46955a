"""Pages that list articles: section archives and their load-more replies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from lxml import etree, html

from newscrawl.pages import identity
from newscrawl.pages.base_url import document_base
from newscrawl.pages.cards import MAX_CARDS, Card, read_cards
from newscrawl.pages.core_listing import CoreListing
from newscrawl.pages.listing_identity import is_archive
from newscrawl.pages.page_size import excess
from newscrawl.pages.shown import whole_text
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.urls import SiteUrls

_HERO = etree.XPath("//div[contains(@class,'jnews_category_hero_container')]", smart_strings=False)
_LIST = etree.XPath(
    "//div[contains(@class,'jnews_category_content_wrapper')"
    " or contains(@class,'jnews_archive_content_wrapper')"
    " or contains(@class,'jnews_author_content_wrapper')"
    " or contains(@class,'custom_category_template')"
    " or contains(@class,'jeg_vc_content')]",
    smart_strings=False,
)
_NEXT = etree.XPath(
    ".//a[contains(@class,'page_nav') and contains(@class,'next')]/@href", smart_strings=False
)
_NUMBERS = etree.XPath(
    "descendant::*/@class[contains(.,'jeg_pagination')]/parent::*"
    "/descendant::*/@class[contains(.,'page_number')]/parent::*/text()",
    smart_strings=False,
)
_BLOCK = etree.XPath(
    ".//div[@data-unique][contains(@class,'jeg_pagination_nextprev')"
    " or contains(@class,'jeg_pagination_loadmore')"
    " or contains(@class,'jeg_pagination_scrollload')]",
    smart_strings=False,
)
_EMPTY = etree.XPath(".//div[contains(@class,'jeg_empty_module')]", smart_strings=False)
_NOT_FOUND = etree.XPath(
    "//div[contains(@class,'jeg_404_content')]|//body[contains(@class,'error404')]",
    smart_strings=False,
)
_TITLE = etree.XPath(
    "//h1[contains(@class,'jeg_cat_title') or contains(@class,'jeg_archive_title')]",
    smart_strings=False,
)
_SCRIPTS = etree.XPath(".//script[not(@src)]/text()", smart_strings=False)
_AJAX_URL = "var jnews_ajax_url"
_MAIN_LINKS = etree.XPath("//main//a[@href]|//@id[.='content' or .='main']/parent::*//a[@href]")
_LINKS = etree.XPath("//a[@href]")
_MAX_ATTRIBUTES = 200


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the theme that loads its next page by a request to the site.

    `attributes` is what the page itself has for that request (JNews 11, FrontendAjax).
    """

    name: str
    attributes: dict[str, Any]
    endpoint: str


class ListingPage:
    """A section archive."""

    def __init__(self, selector: Selector, url: str, urls: SiteUrls) -> None:
        self._root: Element = selector.root
        self._url = url
        self._base = document_base(self._root, url)
        self._urls = urls

    @cached_property
    def _core(self) -> CoreListing:
        return CoreListing(self._root, self._url, self._base, self._urls)

    @cached_property
    def _list(self) -> Element | None:
        return next(iter(_LIST(self._root)), None)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the dates on its cards."""
        return ZoneInfo(self._urls.site.timezone)

    def is_themed(self) -> bool:
        """Return whether the page has a list that the theme or WordPress marks as one."""
        return self._list is not None or self._core.is_list

    def has_pager(self) -> bool:
        """Return whether the list says which pages there are; else only their answers do."""
        return self._list is not None or self._core.has_pager

    def is_archive(self) -> bool:
        """Return whether WordPress marks the page as an archive, whatever its address says."""
        return is_archive(self._root)

    @property
    def is_empty(self) -> bool:
        """Whether the page says in place of the list that there are no articles."""
        if self._list is None:
            return self._core.is_empty
        return bool(_EMPTY(self._list))

    def is_not_found(self) -> bool:
        """Return whether this is the theme's "Page Not Found", which lists articles too.

        Some sites send it with the status 200.
        """
        if _NOT_FOUND(self._root):
            return True
        return self._list is None and not self.is_archive() and self.has_not_found_title()

    def has_not_found_title(self) -> bool:
        """Return whether its title or first heading says so, as on any theme."""
        return identity.has_not_found_title(self._root)

    def title(self) -> str | None:
        """Return the archive's heading ("Esteri")."""
        headings = _TITLE(self._root)
        if headings:
            return fold(whole_text(headings[0])) or None
        return self._core.title if self._list is None and self._core.is_list else None

    def hero(self) -> list[Card]:
        """Return the cards above the list, the same on every page of an archive."""
        if self._list is None and not _HERO(self._root):
            return self._core.hero
        return [
            card for box in _HERO(self._root) for card in read_cards(box, self._urls, self._base)
        ]

    def cards(self) -> list[Card]:
        """Return the cards of the list; without a list, the links to articles."""
        return self._cards[:MAX_CARDS]

    def has_more_cards(self) -> bool:
        """Return whether the list has more cards than are read."""
        return len(self._cards) > MAX_CARDS

    @cached_property
    def _cards(self) -> list[Card]:
        if self._list is not None:
            return read_cards(self._list, self._urls, self._base)
        if self._core.cards or self._core.is_empty:
            return [*self._core.cards]
        links = _MAIN_LINKS(self._root) or _LINKS(self._root)
        cards: dict[str, Card] = {}
        for link in links:
            address = self._urls.understand(link.get("href"), self._base)
            title = fold(whole_text(link))
            if address.kind is Kind.ARTICLE and title and address.url not in cards:
                cards[address.url] = Card(address, title, None, None, None)
        return list(cards.values())

    def next_url(self) -> str | None:
        """Return the URL of the next page where the pager links to it."""
        if self._list is None:
            return self._core.next_url
        hrefs = _NEXT(self._list)
        address = self._urls.understand(hrefs[0], self._base) if hrefs else None
        is_list = address is not None and address.kind in {Kind.ARCHIVE, Kind.DAY}
        return address.url if address and is_list else None

    def last_number(self) -> int:
        """Return the highest page number that the pager names; 0 if it names none."""
        if self._list is None:
            return self._core.last_number
        numbers = [text.strip().replace(".", "") for text in _NUMBERS(self._list)]
        return max((int(text) for text in numbers if text.isdecimal()), default=0)

    def block(self) -> Block | None:
        """Return the load-more block where the pager has no links. See decision 8."""
        if self._list is None or not (blocks := _BLOCK(self._list)):
            return None
        unique = blocks[0].get("data-unique")
        attributes = _variable(_SCRIPTS(self._list), unique)
        endpoint = _string(_SCRIPTS(self._root), _AJAX_URL)
        if not isinstance(attributes, dict) or not endpoint or len(attributes) > _MAX_ATTRIBUTES:
            return None
        name = attributes.get("class")
        return Block(name, attributes, endpoint) if isinstance(name, str) else None


class MorePage:
    """The reply to a block's load-more request: JSON with the cards' HTML."""

    def __init__(self, text: str, url: str, urls: SiteUrls) -> None:
        """Read `text`.

        Raises:
            ValueError: it is not such a reply.
        """
        try:
            reply = json.loads(text)
            content = reply["content"].strip() or " "
            if reason := excess(content.encode("utf-8", "replace")):
                raise ValueError(f"is not a list of articles: {reason}")
            self._root = html.fragment_fromstring(content, create_parent="div")
            self.has_next = reply.get("next") is True
        # lxml raises AssertionError for a whole page in place of a fragment.
        except (LookupError, TypeError, AttributeError, RecursionError, AssertionError) as error:
            raise ValueError(f"is not a list of articles: {type(error).__name__}") from error
        except etree.LxmlError as error:
            raise ValueError("is not a list of articles: it cannot be parsed") from error
        self._url = url
        self._urls = urls

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the dates on its cards."""
        return ZoneInfo(self._urls.site.timezone)

    @property
    def is_empty(self) -> bool:
        """Whether the reply says that there are no further articles."""
        return bool(_EMPTY(self._root))

    def cards(self) -> list[Card]:
        """Return the cards in the reply."""
        return self._cards[:MAX_CARDS]

    def has_more_cards(self) -> bool:
        """Return whether the reply has more cards than are read."""
        return len(self._cards) > MAX_CARDS

    @cached_property
    def _cards(self) -> list[Card]:
        return [] if self.is_empty else read_cards(self._root, self._urls, self._url)


def _variable(scripts: list[str], name: str) -> Any:
    """Return the object that a script assigns: `var <name> = {…};`."""
    mark = f"var {name} = "
    for script in scripts:
        at = script.find(mark)
        if at >= 0:
            try:
                return json.JSONDecoder().raw_decode(script, at + len(mark))[0]
            except (ValueError, RecursionError):
                return None
    return None


def _string(scripts: list[str], mark: str) -> str | None:
    """Return the quoted string that a script assigns after `mark`."""
    for script in scripts:
        at = script.find(mark)
        if at >= 0:
            value = script[at + len(mark) :].lstrip(" =")
            end = value.find(value[:1], 1)
            return value[1:end] if value[:1] in {"'", '"'} and end > 0 else None
    return None
