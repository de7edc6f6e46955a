"""Article pages of the JNews theme (6 to 11), with any settings.

See decision 1 in docs/decisions.md.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from newscrawl.pages.byline import ThemeByline
from newscrawl.pages.cards import MAX_RELATED, read_cards, related_post
from newscrawl.pages.lead_media import LeadMedia
from newscrawl.pages.relations import is_tag_link
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.pages.theme_elements import ThemeElements, footer_boxes
from newscrawl.pages.wordpress import WordPressArticlePage
from newscrawl.text import strip_tags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.items import RelatedPost
    from newscrawl.pages.article_page import Headers
    from newscrawl.pages.body import BodyReader
    from newscrawl.pages.byline import Byline
    from newscrawl.urls import SiteUrls


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
        return self._content is not None and self.identity.is_single

    def _part_of(self, root: Element) -> tuple[Element, Element | None]:
        elements = ThemeElements(root)
        return elements.scope, elements["content"]

    def _shown_headline(self) -> str:
        return shown_text(self._theme.heading("headline"))

    def _shown_subtitle(self) -> str:
        element = self._theme.heading("subtitle")
        return strip_tags(whole_text(element)) if element is not None else ""

    def _breadcrumb_links(self) -> Iterable[Element]:
        container = self._theme["breadcrumbs"]
        return container.iter("a") if container is not None else ()

    def _shown_tags(self) -> list[str]:
        """Return the tags, from their anchors: the theme prints them without a separator."""
        container = self._theme["tags"]
        anchors = container.iter("a") if container is not None else ()
        texts = [text for tag in anchors if is_tag_link(tag) and (text := shown_text(tag))]
        return [*dict.fromkeys(texts)]

    def related(self) -> list[RelatedPost]:
        """Return the posts of the Related Posts box, dates as written."""
        box = self._theme["related"]
        limit = MAX_RELATED + 1
        cards = read_cards(box, self._urls, self._base, limit) if box is not None else []
        if cards:
            self._provenance.note("related", "visible")
        return [related_post(position, card) for position, card in enumerate(cards, 1)]

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
