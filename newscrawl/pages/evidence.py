"""What speaks for a page being an article where no markup that we know says so.

See decisions 111 and 161 in docs/decisions.md.
"""

from __future__ import annotations

import re
from functools import cached_property
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawl.pages.head_lines import is_date_or_byline
from newscrawl.pages.listed_text import ListedText
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.pages.site_names import title_of
from newscrawl.pages.site_pages import (
    is_about_site,
    is_of_author,
    is_of_list,
    is_of_one,
    is_of_search,
    is_of_service,
)
from newscrawl.pages.structured import ARTICLE_TYPES, scalars, types
from newscrawl.pages.text_boxes import is_other_page
from newscrawl.pages.titled_lines import folded, parts_of_title, titled_line
from newscrawl.text import count_words, fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta
    from newscrawl.pages.text_marks import TextMarks

_OTHER_TYPES = frozenset(
    [
        *("collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage"),
        *("checkoutpage", "faqpage", "mediagallery", "imagegallery"),
    ]
)
"""Types of schema.org for pages that are not articles."""
_OTHER_ITEMS = _OTHER_TYPES | {
    *("product", "itemlist", "discussionforumposting", "qapage", "person", "organization"),
    *("event", "jobposting", "localbusiness"),
}
"""Types of schema.org for elements with the headline of pages that are not articles."""
_OBJECTS = frozenset({"product", "jobposting", "discussionforumposting", "qapage", "course"})
"""Types of schema.org, as all events', of what a page that is not an article is about."""
_MIN_NAME = 8
"""Letters of the name of such a thing that is a headline."""
_OTHER_OBJECTS = frozenset({"profile", "product", "book", "music.song", "music.album", "place"})
"""Values of og:type for pages that are not articles."""
_LISTS = frozenset(
    {Kind.ARCHIVE, Kind.DAY, Kind.TAG, Kind.AUTHOR, Kind.HOME, Kind.FEED, Kind.SERVICE, Kind.TRAP}
)
_MAY_BE = frozenset({Kind.ARTICLE, Kind.PAGE, Kind.FILE})
_BODY = etree.XPath("boolean(//@itemprop[.='articleBody']|//@property[.='articleBody'])")
_ARTICLES = etree.XPath("//article", smart_strings=False)
_LINKED_HEADING = etree.XPath(
    "boolean(.//h2//a|.//h3//a|.//h4//a|.//a//h2|.//a//h3|.//a//h4) and not(.//h1)"
)
# Those of RDFa are written `schema:NewsArticle`.
_ITEM_TYPES = etree.XPath(
    "ancestor-or-self::*/@itemtype|ancestor-or-self::*/@typeof", smart_strings=False
)
_FORMS = etree.XPath("following::form[not(ancestor::nav or ancestor::aside or ancestor::footer)]")
_FIELDS = etree.XPath(
    "count(.//textarea|.//select|.//input[not(@type) or @type='text' or @type='email'"
    " or @type='tel' or @type='url' or @type='number' or @type='date' or @type='password'])"
)
_TYPE_NAME = re.compile(r"[/#:]")
_SALE = re.compile(
    r"(?:aggiungi al carrello|add to (?:cart|basket|bag)|in den warenkorb|ajouter au panier"
    r"|añadir al carrito|adicionar ao carrinho)",
    re.I,
)
_REPLY = re.compile(r"(?:rispondi|reply|cita|quota|quote|antworten|répondre|responder)", re.I)
_SENTENCE = re.compile(r"\w{2}[)»”\"’]?[.!?…][»”\"')]*(?:\s|\Z)")
_MANY = 3
"""Cards, at least, of a page that is a list; entries of a thread; fields of a form."""
_MAX_LISTED = 0.6
"""Share of an article's text that stands in cards of other articles."""
_MIN_WORDS = 20
"""Words of a text without a date."""
_MIN_DATED_WORDS = 8
_MAX_HEADINGS = 20
_MIN_SHORT_WORDS = 15
"""Words of a text with a date that no element marks, at an address that may be an article's."""
_MIN_SENTENCES, _MIN_UNMARKED_WORDS = 3, 40
"""Those of a text that no element marks, at an address that says nothing."""


class PageText(Protocol):
    """What a reader found on a page; it is read when it is first asked for."""

    def text(self) -> str:
        """Return the main text."""

    def marks(self, has_cards: Callable[[Element], bool]) -> TextMarks:
        """Return what is shown with the text; `has_cards` says of an element if it has others'."""


class Evidence:
    """What a page's metadata, address and elements say of its kind."""

    def __init__(self, root: Element, jsonld: JsonLd, meta: Meta, url: str, kind: Kind) -> None:
        self._root = root
        self._jsonld = jsonld
        self._states_article = bool(jsonld.articles or jsonld.refused)
        self._object = (meta.first("og:type") or "").lower()
        self._url = url
        self._kind = kind

    def is_article(self, page: PageText) -> bool:
        """Return whether the page is an article; what costs time is asked last."""
        is_stated = self._object == "article"
        if self._is_stated_otherwise():
            return is_stated and self._states_article
        if self._states_article:
            return True
        # Plugins for metadata call a site's static pages articles.
        if is_about_site(self._url, map(shown_text, self._first_level)):
            return False
        if self._is_of_other_object():
            return False
        if is_stated:
            names = map(shown_text, self._first_level)
            return self._kind not in _LISTS and not is_of_author(self._url, names)
        if self._kind not in _MAY_BE or not self._has_headline() or self._is_other_page():
            return False
        return self._has_article(page)

    def _has_article(self, page: PageText) -> bool:
        """Return whether a page without metadata has the text of one article, and its marks."""
        text = page.text()
        words = count_words(text)
        if words < _MIN_DATED_WORDS:
            return False
        lists = ListedText(self._root, self._url)
        if lists.share(text) > _MAX_LISTED:
            return False
        marks = page.marks(lists.has_cards)
        is_named = self._kind is Kind.ARTICLE and not is_of_list(self._url)
        if self._is_item or marks.is_dated:
            is_short = words >= _MIN_SHORT_WORDS and is_of_one(self._url)
            return is_named or is_short or self._is_much(text, words) or self._is_marked()
        if self._has_form() or is_of_list(self._url):
            return False
        if is_named and words >= _MIN_WORDS and self._is_marked():
            return True
        return self._is_much(text, words) and (marks.is_signed or _is_signed(text))

    @staticmethod
    def _is_much(text: str, words: int) -> bool:
        return (
            words >= _MIN_UNMARKED_WORDS
            and sum(1 for _ in _SENTENCE.finditer(text)) >= _MIN_SENTENCES
        )

    @cached_property
    def _first_level(self) -> list[Element]:
        """The first-level headings; a hostile page has thousands."""
        return [*islice(self._root.iter("h1"), _MAX_HEADINGS)]

    def _has_headline(self) -> bool:
        """Return whether a first-level heading is not the title of another page.

        Without one, a line that is the page's title counts.
        """
        return any(_leads_to(self._url, node) in {"", "/"} for node in self._headlines)

    @cached_property
    def _headlines(self) -> list[Element]:
        """The elements that may be the headline's: those of the first level, or a line."""
        if any(map(shown_text, self._first_level)):
            return self._first_level
        line = titled_line(self._root, parts_of_title(title_of(self._root)))
        return self._first_level if line is None else [line]

    def _is_stated_otherwise(self) -> bool:
        """Return whether metadata call the page a list, a profile or another kind of page."""
        return self._object in _OTHER_OBJECTS or any(
            types(node) & _OTHER_TYPES for node in self._jsonld.objects
        )

    def _is_of_other_object(self) -> bool:
        """Return whether JSON-LD describe what the headline names: an event, a job, a product."""
        others = [node for node in self._jsonld.objects if _is_other_object(types(node))]
        if not others:
            return False
        names = {
            folded(name)
            for node in others
            for key in ("name", "headline", "title")
            for name in scalars(node.get(key))
            if isinstance(name, str) and len(name) >= _MIN_NAME
        }
        shown = [folded(shown_text(node)) for node in self._headlines]
        if not names.isdisjoint(shown):
            return True
        # A headline that goes on behind the name is that of an article about it.
        named = names & parts_of_title(title_of(self._root))
        return any(not any(text.startswith(name) for text in shown) for name in named)

    @cached_property
    def _item_types(self) -> frozenset[str]:
        """Types of the microdata that the headline belongs to, in lower case."""
        values = {value for node in self._headlines for value in _ITEM_TYPES(node)}
        stated = (kind for value in values for kind in value.split())
        return frozenset(_TYPE_NAME.split(kind.rstrip("/"))[-1].lower() for kind in stated)

    @property
    def _is_item(self) -> bool:
        """Whether microdata call the element with the headline an article."""
        return not self._item_types.isdisjoint(ARTICLE_TYPES)

    def _is_other_page(self) -> bool:
        """Return whether elements or the address show a list, a shop or a forum."""
        if is_of_service(self._url) or is_of_search(self._url):
            return True
        if not self._is_item and not self._item_types.isdisjoint(_OTHER_ITEMS):
            return True
        labels = [*self._labels()]
        if any(map(_SALE.fullmatch, labels)):
            return True
        is_list = is_of_list(self._url)
        return is_list and sum(1 for label in labels if _REPLY.fullmatch(label)) >= _MANY

    def _labels(self) -> Iterator[str]:
        """Yield the texts of the links and buttons behind the headline."""
        headline = self._headlines[0]
        inner = {*headline.iterdescendants()}
        nodes = self._root.iter(str(headline.tag), "a", "button", "input")
        for node in dropwhile(lambda node: node is not headline, nodes):
            if node.tag == "input":
                if node.get("type") == "submit":
                    yield fold(node.get("value"))
            elif node.tag in {"a", "button"} and node is not headline and node not in inner:
                yield fold(whole_text(node))

    def _is_marked(self) -> bool:
        """Return whether an element says that it is an article, and is not a card."""
        return (
            self._is_item
            or bool(_BODY(self._root))
            or not all(map(_LINKED_HEADING, _ARTICLES(self._root)))
        )

    def _has_form(self) -> bool:
        """Return whether the page asks for more than a comment or a search behind its headline."""
        return any(
            _FIELDS(form) >= _MANY or form.xpath("boolean(.//input[@type='password'])")
            for form in _FORMS(self._headlines[0])
        )


def _is_other_object(names: set[str]) -> bool:
    return any(name in _OBJECTS or name.endswith("event") for name in names)


def _is_signed(text: str) -> bool:
    """Return whether the last line of a text is its author's name."""
    return is_date_or_byline(text.rpartition("\n")[2])


def _leads_to(url: str, heading: Element) -> str:
    """Return the path that a heading leads to: empty without a link, or with one to its page."""
    links = [*heading.iterdescendants("a"), *heading.iterancestors("a")]
    href = next((href for link in links if is_other_page(href := link.get("href"))), None)
    if href is None:
        return ""
    try:
        own, other = urlsplit(url).path, urlsplit(urljoin(url, href)).path
    except ValueError:
        return ""
    return "" if other.rstrip("/") == own.rstrip("/") else other.rstrip("/") + "/"
