"""The boxes of other articles below an article, of any theme and of widespread plugins.

Jetpack, YARPP, Contextual Related Posts and themes mark theirs by a class; a query block of the
editor is marked by the heading above it only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.boilerplate import is_read_also_label
from newscrawl.pages.cards import MAX_RELATED, Card
from newscrawl.pages.core_cards import date_of, image_alt, label_of
from newscrawl.pages.core_markup import with_class
from newscrawl.pages.shown import shown_text
from newscrawl.sites.exact_paths import without_case
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from newscrawl.pages.core_markup import CoreElements
    from newscrawl.urls import SiteUrls

_MAX_LINKS = 10 * MAX_RELATED
_BOXES = with_class(
    *("jp-relatedposts", "jp-relatedposts-i2", "wp-block-jetpack-related-posts"),
    *("yarpp", "yarpp-related", "crp_related", "wp_rp", "rp4wp-related-posts"),
    *("relpost-thumb-wrapper", "related", "related-posts", "related_posts", "relatedposts"),
    *("related-post", "related-articles"),
    *("related-news", "entry-related", "post-related", "single-related", "td_block_related_posts"),
    *("correlati", "articoli-correlati", "post-correlati", "notizie-correlate", "leggi-anche"),
)  # fmt: skip
_TITLES = etree.XPath(
    "descendant-or-self::*[self::h2 or self::h3 or self::h4 or self::h5 or self::h6"
    " or contains(@class,'title')]",
    smart_strings=False,
)
_LINKS = etree.XPath("descendant-or-self::a[@href]", smart_strings=False)
_HEADINGS = ("h2", "h3", "h4", "h5")
_MAX_LABEL = 60
_MIN_HYPHENS = 2
"""Hyphens of an address that reads like a title's."""


class CoreRelated:
    """The posts in the boxes of one article's page."""

    def __init__(self, elements: CoreElements, own_url: str, urls: SiteUrls, base: str) -> None:
        self._elements = elements
        self._own_url = without_case(own_url)
        self._urls = urls
        self._base = base

    def cards(self) -> list[Card]:
        """Return the cards in the order of the page, each address once; one more than are kept."""
        cards: dict[str, Card] = {}
        for box in self._boxes():
            for url, links in self._links(box).items():
                if url not in cards and (card := self._card(box, links)) is not None:
                    cards[url] = card
                if len(cards) > MAX_RELATED:
                    return [*cards.values()]
        return [*cards.values()]

    def _boxes(self) -> list[Element]:
        """Return the boxes, without those within another one; marked ones have priority."""
        marked = {*self._elements.everywhere(_BOXES)}
        boxes = [
            box
            for box in self._elements.everywhere(_BOXES)
            if marked.isdisjoint(box.iterancestors()) and not self._holds_text(box)
        ]
        if any(self._links(box) for box in boxes):
            return boxes
        return [*dict.fromkeys(self._labelled())]

    def _labelled(self) -> Iterator[Element]:
        """Yield what is below the headings that announce other articles, outside the text."""
        for heading in self._elements.body.iter(*_HEADINGS):
            text = shown_text(heading)
            is_label = len(text) <= _MAX_LABEL and is_read_also_label(text)
            if is_label and not self._elements.is_in_text(heading):
                box = self._box_of(heading)
                if box is not None:
                    yield box

    def _box_of(self, heading: Element) -> Element | None:
        """Return the smallest element with links to posts around a heading or behind it."""
        for node in (heading, *heading.iterancestors()):
            if node.tag in {"body", "footer"}:
                return None
            if self._holds_text(node):
                # The box is beside the text, behind its heading.
                return None
            if self._links(node):
                return node
            for sibling in node.itersiblings():
                if sibling.tag in {"h1", "h2", *_HEADINGS} or self._holds_text(sibling):
                    break
                if self._links(sibling):
                    return sibling
        return None

    def _holds_text(self, element: Element) -> bool:
        """Return whether an element is the article's text or is around it."""
        content = self._elements.content
        return content is not None and (element is content or element in content.iterancestors())

    def _links(self, box: Element) -> dict[str, list[Element]]:
        """Return the links to other posts by their addresses."""
        links: dict[str, list[Element]] = {}
        for link in _LINKS(box)[:_MAX_LINKS]:
            address = self._urls.understand((link.get("href") or "").strip(), self._base)
            last = address.url.rstrip("/").rpartition("/")[2]
            is_post = address.kind is Kind.ARTICLE or (
                address.kind is Kind.PAGE and last.count("-") >= _MIN_HYPHENS
            )
            if is_post and without_case(address.url) != self._own_url:
                links.setdefault(address.url, []).append(link)
        return links

    def _card(self, box: Element, links: list[Element]) -> Card | None:
        item = self._item_of(box, links[0])
        titles = [title for link in links for title in _TITLES(link)] or _TITLES(item)
        texts = (
            *(shown_text(title) for title in titles),
            *(shown_text(link) for link in links),
            *(fold(link.get("title")) for link in links),
        )
        headline = next((text for text in texts if text), "")
        if not headline:
            return None
        return Card(
            address=self._urls.understand(links[0].get("href") or "", self._base),
            title=headline,
            label=label_of(item, self._urls, self._base),
            date=date_of(item),
            image_alt=image_alt(item),
            language=self._urls.site.language,
        )

    def _item_of(self, box: Element, link: Element) -> Element:
        """Return the largest element around a link that leads to no other post."""
        item = link
        for node in link.iterancestors():
            if node is box or len(self._links(node)) > 1:
                break
            item = node
        return item
