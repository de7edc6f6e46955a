"""What speaks for a page being an article where no markup that we know says so.

See decision 111 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.structured import types
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from newscrawl.pages.structured import JsonLd, Meta

_OTHER_TYPES = frozenset(
    [
        *("collectionpage", "searchresultspage", "profilepage", "contactpage", "aboutpage"),
        *("checkoutpage", "faqpage", "mediagallery", "imagegallery"),
    ]
)
"""Types of schema.org for pages that are not articles."""
_OTHER_OBJECTS = frozenset({"profile", "product", "book", "music.song", "music.album", "place"})
"""Values of og:type for pages that are not articles."""
_LISTS = frozenset(
    {Kind.ARCHIVE, Kind.DAY, Kind.TAG, Kind.AUTHOR, Kind.HOME, Kind.FEED, Kind.SERVICE, Kind.TRAP}
)
_MAY_BE = frozenset({Kind.PAGE, Kind.FILE})
_MAIN_TEXT = etree.XPath("boolean(//article|//*[@itemprop='articleBody'])")
_ARTICLES = etree.XPath("//article", smart_strings=False)
_LINKED_HEADING = etree.XPath(
    "boolean(.//h2//a|.//h3//a|.//h4//a|.//a//h2|.//a//h3|.//a//h4) and not(.//h1)"
)
_MANY = 3
"""Cards, at least, of a page that is a list."""
_MIN_WORDS = 20
"""Words of a text without a date."""
_MIN_DATED_WORDS = 8


class Evidence:
    """What a page's metadata, address and elements say of its kind."""

    def __init__(self, root: Element, jsonld: JsonLd, meta: Meta, kind: Kind) -> None:
        self._root = root
        self._jsonld = jsonld
        self._states_article = bool(jsonld.articles or jsonld.refused)
        self._object = (meta.first("og:type") or "").lower()
        self._kind = kind

    def is_article(self, *, is_dated: Callable[[], bool], count: Callable[[], int]) -> bool:
        """Return whether the page is an article; what costs time is asked last.

        Args:
            is_dated: whether a date of the text is shown.
            count: how many words the text has.
        """
        is_stated = self._object == "article"
        if self._is_stated_otherwise():
            return is_stated and self._states_article
        if self._states_article:
            return True
        if is_stated:
            return self._kind not in _LISTS
        if next(self._root.iter("h1"), None) is None or self._is_list():
            return False
        if self._kind is Kind.ARTICLE:
            if not _MAIN_TEXT(self._root) and not is_dated():
                return False
            words = count()
            return words >= _MIN_WORDS or (words >= _MIN_DATED_WORDS and is_dated())
        return (
            self._kind in _MAY_BE
            and bool(_MAIN_TEXT(self._root))
            and is_dated()
            and count() >= _MIN_DATED_WORDS
        )

    def _is_stated_otherwise(self) -> bool:
        """Return whether metadata call the page a list, a profile or another kind of page."""
        return self._object in _OTHER_OBJECTS or any(
            types(node) & _OTHER_TYPES for node in self._jsonld.objects
        )

    def _is_list(self) -> bool:
        """Return whether the page's articles are cards alone."""
        articles = _ARTICLES(self._root)
        return len(articles) >= _MANY and all(_LINKED_HEADING(article) for article in articles)
