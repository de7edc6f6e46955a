"""Article pages of any WordPress theme: what core and its block editor print.

See "WordPress's own markup" in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from newscrawl.pages.article_page import BaseArticlePage
from newscrawl.pages.backgrounds import lead_background
from newscrawl.pages.cards import related_post
from newscrawl.pages.core_byline import CoreByline
from newscrawl.pages.core_markup import CoreElements
from newscrawl.pages.core_related import CoreRelated
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.shown import shown_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from newscrawl.items import RelatedPost
    from newscrawl.pages.body import BodyReader
    from newscrawl.pages.byline import Byline


class WordPressArticlePage(BaseArticlePage):
    """One article on a page of any theme; classes of themes say what theirs prints otherwise."""

    NAME: ClassVar[str] = "WordPressArticlePage"

    @cached_property
    def _elements(self) -> CoreElements:
        return CoreElements(self._root, self.identity.post_id)

    @property
    def _scope(self) -> Element:
        return self._elements.scope

    @cached_property
    def _content(self) -> Element | None:
        return self._elements.text_container()

    @cached_property
    def _byline(self) -> Byline:
        return CoreByline(self._elements, self._urls, self._base)

    @property
    def _lead(self) -> LeadMedia:
        picture = self._elements.lead_picture()
        elements = {"featured": picture} if picture is not None else {}
        return LeadMedia(elements, self._urls, self._base, self._background)

    def _background(self) -> str | None:
        return lead_background(self._root, self._elements.content)

    def is_themed(self) -> bool:
        """Return whether WordPress marks the page as a single post, and its text."""
        return self.identity.is_post and self._elements.content is not None

    def _part_of(self, root: Element) -> tuple[Element, Element | None]:
        elements = CoreElements(root, self.identity.post_id)
        return elements.scope, elements.text_container()

    def _clean(self, reader: BodyReader) -> None:
        first = reader.blocks[0] if reader.blocks else None
        if first and first.type == "heading" and first.text == self._shown_headline():
            del reader.blocks[0]

    def _shown_headline(self) -> str:
        return shown_text(self._elements.title)

    def _shown_subtitle(self) -> str:
        text = shown_text(self._elements.subtitle)
        return text if text != self._shown_headline() else ""

    def _breadcrumb_links(self) -> Iterable[Element]:
        container = self._elements.breadcrumbs
        return container.iter("a") if container is not None else ()

    def related(self) -> list[RelatedPost]:
        """Return the posts of boxes of other articles, dates as written."""
        boxes = CoreRelated(self._elements, self.identity.url, self._urls, self._base)
        cards = boxes.cards()
        if cards:
            self._provenance.note("related", "visible")
        return [related_post(position, card) for position, card in enumerate(cards, 1)]

    def _shown_tags(self) -> list[str]:
        byline = self._byline
        return byline.tags() if isinstance(byline, CoreByline) else []
