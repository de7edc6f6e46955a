"""What a page of a list states about itself, and whether it is the page that was requested.

A cache or a redirect can answer with another list of the site: another page of the archive,
another archive, the home page. See decision 114 in docs/decisions.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree

from newscrawl.pages.core_listing import without_prefix
from newscrawl.pages.shown import whole_text
from newscrawl.sites.list_addresses import page_base, page_number, page_parameter, without_page
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from newscrawl.urls import SiteUrls

_CANONICAL = etree.XPath("//link[@rel='canonical']/@href", smart_strings=False)
_OG_URL = etree.XPath("//meta[@property='og:url']/@content", smart_strings=False)
_HEADINGS = etree.XPath("//h1", smart_strings=False)
_CURRENT = etree.XPath(
    "//@class[contains(.,'jeg_pagination')]/parent::*"
    "/descendant::*/@class[contains(.,'page_number') and contains(.,'active')]/parent::*"
    "|//@class[contains(concat(' ',.,' '),' page-numbers ')"
    " and contains(concat(' ',.,' '),' current ')]/parent::*",
    smart_strings=False,
)
# Core prints these in a row: archive paged category category-esteri category-5.
# Those of further taxonomies: archive tax-luoghi term-roma term-7.
_TERM = re.compile(
    r"(?:^|\s)(?:(?:category|tag|author) |tax-\S+ )"
    r"(category|tag|author|term)-(\S+) \1-(\d+)(?=\s|$)"
)
_ARCHIVE = re.compile(
    r"(?:^|\s)archive(?: \S*paged\S*)* (?:category|tag|author|date|tax-\S+)(?=\s|$)"
)
_PAGED = re.compile(r"(?:^|\s)paged-(\d{1,6})(?=\s|$)")
# Without another word of core's, "home" may be a theme's or another system's.
_CORE_HOME = re.compile(r"(?:^|\s)(?:blog|page|page-id-\d+|wp-\S+|jeg_\S+)(?=\s|$)")
_CORE_OTHERS = re.compile(r"(?:^|\s)(archive date|search search-\S+|single single-\S+)(?=\s|$)")
_TITLE_END = re.compile(r"\s+[-–—|»:•·]\s+|\s*\|\s*")
_TITLE_PAGE = re.compile(r"\b(?:page|pagina|pag\.)\s+(\d{1,6})\b", re.I)
_DIGITS = re.compile(r"\d{1,6}")
# Core's sanitize_html_class() takes these out of a slug.
_NOT_IN_CLASS = re.compile(r"%[0-9a-f]{2}|[^a-z0-9_-]", re.I)
_PAGE_QUERIES = ("paged", "page", "pg")
_STATED = frozenset(
    {Kind.HOME, Kind.ARCHIVE, Kind.DAY, Kind.TAG, Kind.AUTHOR, Kind.PAGE, Kind.ARTICLE}
)
"""Kinds of addresses that say which page this is; files and services do not."""


@dataclass(frozen=True, slots=True)
class ExpectedList:
    """The page of a list that was requested."""

    names: frozenset[str]
    """Names of the list in addresses and classes: see `name_of`."""
    number: int = 1
    """Number of the page."""
    labels: frozenset[str] = frozenset()
    """What its heading may be, case-folded."""
    other_names: frozenset[str] = frozenset()
    """Names of the site's other lists: to these, the list has not been moved."""
    is_moved: bool = False
    """Whether all redirects to the answer are permanent: the list may have another name now."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a page is not the one that was requested."""

    reason: str
    """A short text in one line."""
    is_weak: bool = False
    """Whether only the page's address in its head contradicts, and names the list's first page.

    Some sites name the first page on all pages: then the articles decide.
    """


@dataclass(frozen=True, slots=True)
class _Place:
    """A page of a list, by an address."""

    url: str
    kind: Kind
    name: str
    number: int
    is_foreign: bool


def name_of(url: str, urls: SiteUrls) -> str:
    """Return the name by which a list's addresses and classes refer to it.

    The slug of a section's archive, year and month of a month's; empty for the home page.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> from newscrawl.urls import SiteUrls
    >>> urls = SiteUrls(EXAMPLE)
    >>> name_of("https://www.example.it/category/sport/calcio/page/2/", urls)
    'calcio'
    >>> name_of("https://www.example.it/2026/09/", urls)
    '2026/09'
    """
    place = _place(url, url, urls)
    return place.name if place is not None else ""


def is_archive(root: Element) -> bool:
    """Return whether core marks a page as an archive of posts: of a category, tag, author, date."""
    return _ARCHIVE.search(_body_classes(root)) is not None


def contradiction(
    root: Element, url: str, expected: ExpectedList, urls: SiteUrls
) -> Contradiction | None:
    """Return why a page is not the page of a list that was requested; None if it may be.

    A statement that agrees outweighs those that do not: a page in place of another agrees in
    none. A page that states nothing is believed.

    Args:
        root: the page.
        url: its address, after redirects.
        expected: the page that was requested.
        urls: the site's URLs.
    """
    page = _ListingIdentity(root, url, expected, urls)
    return page.other_list() or page.other_number()


class _ListingIdentity:
    """The statements of one page, compared with what was requested."""

    def __init__(self, root: Element, url: str, expected: ExpectedList, urls: SiteUrls) -> None:
        self._root = root
        self._expected = expected
        self._final = _place(url, url, urls)
        self._names = expected.names | self._new_name()
        self._classes = _body_classes(root)
        self._stated = [
            (text, place)
            for text, hrefs in (("canonical link", _CANONICAL(root)), ("og:url", _OG_URL(root)))
            for href in hrefs[:1]
            if (place := _place(href, url, urls)) is not None
        ]

    def _new_name(self) -> frozenset[str]:
        """Return the name that the list has since it was moved, if it may have been."""
        final, expected = self._final, self._expected
        if final is None or final.kind is not Kind.ARCHIVE or not expected.is_moved:
            return frozenset()
        is_other = final.number != expected.number or final.name in {"", *expected.other_names}
        return frozenset() if is_other else frozenset({final.name})

    def other_list(self) -> Contradiction | None:
        """Return why this is a page of another list."""
        names, final = self._names, self._final
        reasons = []
        for reason, name in self._list_names():
            if name in names:
                return None
            reasons.append(reason)
        foreign = (place for _, place in self._stated if place.is_foreign)
        if any(place.name in names for place in foreign) or self._is_headed():
            return None
        if not reasons and final is not None and final.name not in names:
            reasons.append(f"redirected to {final.url}")
        return Contradiction(f"another list: {reasons[0]}") if reasons else None

    def _list_names(self) -> Iterator[tuple[str, str]]:
        """Yield the statements that name a list, each with the name; empty: not a section's."""
        if term := _TERM.search(self._classes):
            # Where a slug has no letter that a class may have, core prints the number twice.
            if any("=" in name for name in self._names):
                parameter = "cat" if term[1] == "category" else term[1]
                value = term[2] if term[1] == "tag" else term[3]
                yield f"its body has the class {term[1]}-{term[3]}", f"{parameter}={value}"
            elif term[2] != term[3]:
                yield f"its body has the class {term[1]}-{term[2]}", self._named_as(term[2].lower())
        elif other := _CORE_OTHERS.search(self._classes):
            yield f"its body has the classes {other[1]}", self._dated_name(other[1])
        elif "home" in self._classes.split() and _CORE_HOME.search(self._classes):
            yield "its body has the class home", ""
        for text, place in self._stated:
            if not place.is_foreign:
                yield f"its {text} is {place.url}", place.name

    def _named_as(self, class_name: str) -> str:
        """Return the list's name that core shortens to this in a class, else the class's own."""
        return next(
            (name for name in self._names if _NOT_IN_CLASS.sub("", name) == class_name), class_name
        )

    def _dated_name(self, classes: str) -> str:
        """Return the name of the month that the address has, where the page says it is a date's."""
        is_date = classes == "archive date" and self._final is not None
        return self._final.name if is_date and self._final.kind is Kind.DAY else ""  # type: ignore[union-attr]

    def _is_headed(self) -> bool:
        """Return whether the only first heading, or the title's beginning, is the list's label."""
        headings = _HEADINGS(self._root)
        texts = [whole_text(headings[0])] if len(headings) == 1 else []
        if self._title:
            texts.append(_TITLE_END.split(self._title)[0])
        return any(without_prefix(fold(text)).casefold() in self._expected.labels for text in texts)

    @cached_property
    def _title(self) -> str:
        title = next(self._root.iter("title"), None)
        return fold(whole_text(title)) if title is not None else ""

    def other_number(self) -> Contradiction | None:
        """Return why this is another page of the list."""
        if self._final is not None and page_parameter(self._final.url) not in {"", "paged"}:
            # Core's classes and canonical links are the same on all pages of such a list.
            return self._other_shown_number()
        number, reasons, is_weak = self._expected.number, [], True
        for reason, stated, is_address in self._numbers():
            if stated == number:
                return None
            reasons.append(reason)
            is_weak = is_weak and is_address and stated == 1
        title_number = _TITLE_PAGE.search(self._title)
        if title_number and int(title_number[1]) == number:
            return None
        if self._final is not None and self._final.number != number:
            reasons.append(f"redirected to {self._final.url}")
            is_weak = False
        return Contradiction(f"another page: {reasons[0]}", is_weak) if reasons else None

    def _other_shown_number(self) -> Contradiction | None:
        numbers = {self._final.number if self._final is not None else 1, self._shown_number()}
        if self._expected.number in numbers:
            return None
        return Contradiction(f"another page: redirected to {self._final.url}")  # type: ignore[union-attr]

    def _shown_number(self) -> int | None:
        """Return the number at which the page's pager is."""
        current = {
            int(match[0])
            for element in _CURRENT(self._root)
            if (match := _DIGITS.search(whole_text(element).replace(".", "")))
        }
        return current.pop() if len(current) == 1 else None

    def _numbers(self) -> Iterator[tuple[str, int, bool]]:
        """Yield the statements of the page's number: reason, number, whether an address has it."""
        if paged := _PAGED.search(self._classes):
            yield f"its body has the class paged-{paged[1]}", int(paged[1]), False
        elif _TERM.search(self._classes) or "archive date" in self._classes:
            yield "its body has the classes of page 1", 1, False
        if (number := self._shown_number()) is not None:
            yield f"its pager is at page {number}", number, False
        for text, place in self._stated:
            if place.name in self._names:
                yield f"its {text} is {place.url}", place.number, True


def _body_classes(root: Element) -> str:
    body = root.find("body")
    return " ".join((body.get("class") or "").split()) if body is not None else ""


def _place(href: str, base: str, urls: SiteUrls) -> _Place | None:
    """Return which page of which list an address names; None where it does not say."""
    try:
        url = urljoin(base, href.strip())
        query = dict(parse_qsl(urlsplit(url).query))
    except ValueError:
        return None
    address = urls.at(url).understand(url)
    if address.kind not in _STATED:
        return None
    names = (*_PAGE_QUERIES, page_parameter(address.url))
    numbers = (query[name] for name in names if query.get(name, "").isdecimal())
    number = next(numbers, None)
    if address.kind is Kind.HOME and query and number is None:
        # The query of a plugin names the list.
        return None
    if page_base(address.url):
        number = str(page_number(address.url))
    parts = urlsplit(without_page(address.url))
    segments = [segment for segment in parts.path.split("/") if segment]
    name = "/".join(segments) if address.kind is Kind.DAY else (segments or [""])[-1]
    # Without permalinks, a parameter names the list: ?cat=5.
    name = name or parts.query
    is_foreign = urls.understand(url).kind is Kind.FOREIGN
    return _Place(address.url, address.kind, name, int((number or "1")[:9]), is_foreign)
