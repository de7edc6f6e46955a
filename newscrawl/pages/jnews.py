"""Article pages of the JNews theme (6 to 11), with any settings.

See decision 1 in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from lxml import etree

from newscrawl.pages.byline import ThemeByline
from newscrawl.pages.cards import MAX_RELATED, read_cards, related_post
from newscrawl.pages.core_markup import CoreElements
from newscrawl.pages.core_related import CoreRelated
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.relations import is_tag_link
from newscrawl.pages.shown import is_hidden, shown_text
from newscrawl.pages.theme_elements import ThemeElements, footer_boxes
from newscrawl.pages.wordpress import WordPressArticlePage
from newscrawl.text import strip_tags
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.items import RelatedPost
    from newscrawl.pages.article_page import Headers
    from newscrawl.pages.body import BodyReader
    from newscrawl.pages.byline import Byline
    from newscrawl.pages.cards import Card
    from newscrawl.urls import SiteUrls


_CORE_CONTAINER = etree.XPath(
    "boolean(//@class[contains(concat(' ',normalize-space(.),' '),' entry-content ')])"
)


def _is_of_theme(content: Element) -> bool:
    """Return whether the theme printed a text's container: other themes use its name, too.

    They print the text in core's container.
    """
    for box in content.iterancestors():
        classes = box.get("class")
        if classes and ("entry-content" in classes or "jeg_" in classes or "jnews" in classes):
            return True
    return not _CORE_CONTAINER(content)


def _is_within_hidden(element: Element, container: Element | None) -> bool:
    box = element.getparent()
    while box is not None and box is not container:
        if is_hidden(box):
            return True
        box = box.getparent()
    return False


class JNewsArticlePage(WordPressArticlePage):
    """One article on a page of the theme: where the theme prints what WordPress does otherwise."""

    NAME: ClassVar[str] = "JNewsArticlePage"

    def __init__(
        self, selector: Selector, url: str, urls: SiteUrls, *, headers: Headers | None = None
    ) -> None:
        super().__init__(selector, url, urls, headers=headers)
        self._theme = ThemeElements(self._root)

    @property
    def _scope(self) -> Element:
        return self._theme.scope

    @property
    def _content(self) -> Element | None:
        return self._theme["content"]

    @cached_property
    def _byline(self) -> Byline:
        element = self._theme["byline"]
        if element is None:
            element = self._theme["custom_byline"]
        return ThemeByline(element, self._urls, self._base)

    @property
    def _lead(self) -> LeadMedia:
        return LeadMedia(self._theme.by_name, self._urls, self._base)

    def _clean(self, reader: BodyReader) -> None:
        """Take nothing out: the theme's container holds the text alone."""

    def is_themed(self) -> bool:
        """Return whether the page is a single post with the theme's article container."""
        content = self._content
        return content is not None and self.identity.is_single and _is_of_theme(content)

    def _part_of(self, root: Element) -> tuple[Element, Element | None]:
        elements = ThemeElements(root)
        return elements.scope, elements["content"]

    def _shown_headline(self) -> str:
        return shown_text(self._theme.heading("headline"))

    def _shown_subtitle(self) -> str:
        element = self._theme.subtitle()
        return strip_tags(shown_text(element)) if element is not None else ""

    def _breadcrumb_links(self) -> Iterable[Element]:
        container = self._theme.breadcrumbs()
        return container.iter("a") if container is not None else ()

    def _shown_tags(self) -> list[str]:
        """Return the tags, from their anchors: the theme prints them without a separator."""
        container = self._theme["tags"]
        anchors = [*container.iter("a")] if container is not None else []
        tags = [tag for tag in anchors if is_tag_link(tag)] or [
            tag
            for tag in anchors
            if self._urls.understand(tag.get("href") or "", self._base).kind is Kind.TAG
        ]
        texts = [
            text
            for tag in tags
            if (text := shown_text(tag)) and not _is_within_hidden(tag, container)
        ]
        return [*dict.fromkeys(texts)]

    def related(self) -> list[RelatedPost]:
        """Return the posts of the Related Posts box, dates as written."""
        box = self._theme["related"]
        limit = MAX_RELATED + 1
        cards = read_cards(box, self._urls, self._base, limit) if box is not None else []
        cards = self._others(cards) or self._appended_cards()
        if cards:
            self._provenance.note("related", "visible")
        return [related_post(position, card) for position, card in enumerate(cards, 1)]

    def _others(self, cards: list[Card]) -> list[Card]:
        """Return the cards of other articles than this one, each once."""
        own = self.identity.url
        by_url = {card.address.url: card for card in reversed(cards) if card.title}
        return [
            card
            for card in cards
            if by_url.get(card.address.url) is card and card.address.url != own
        ]

    def _appended_cards(self) -> list[Card]:
        """Return the cards of a box that a plugin appends to the text or puts behind it."""
        if not self._theme.has_appended_box():
            return []
        elements = CoreElements(self._root, self.identity.post_id)
        return CoreRelated(elements, self.identity.url, self._urls, self._base).cards()

    def _footers(self) -> list[Element]:
        lines = [line for box in footer_boxes(self._root) for line in box.iter("p")]
        if not self._tags.footers:
            return lines
        wanted = {*lines, *self._tags.footers}
        roots = [self._root, *self._root.itersiblings("html")]
        return [node for root in roots for node in root.iter("p", "footer") if node in wanted]

    def flags(self) -> list[str]:
        """Return the flags of the page itself."""
        flags = ["sponsored"] if self._theme["sponsor"] is not None else []
        return [*flags, *super().flags()]
