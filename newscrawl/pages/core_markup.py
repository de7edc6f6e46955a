"""The elements of a single post as WordPress core marks them, whatever the theme.

The names are those of core's template tags and of the blocks of its editor, of hAtom microformats,
which themes print with `post_class`, and of microdata (`itemprop`).
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from lxml import etree

from newscrawl.pages.moved_text import remove
from newscrawl.pages.page_end import page_end, remove_page_end
from newscrawl.pages.stray_text import text_behind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element


_CONTENT_CLASSES = (
    ("entry-content", "wp-block-post-content"),
    (
        *("post-content", "article-content", "single-content", "td-post-content"),
        *("elementor-widget-theme-post-content", "et_pb_post_content", "fl-post-content"),
    ),
)
"""Containers of the text: core's own names, then those of themes and page builders."""
_TITLE_CLASSES = ("entry-title", "wp-block-post-title", "post-title")
_SUBTITLE_CLASSES = (
    *("entry-subtitle", "post-subtitle", "article-subtitle", "subtitle", "sub-title"),
    *("entry-summary", "wp-block-post-excerpt", "post-excerpt"),
)
_BREADCRUMB_CLASSES = (
    *("breadcrumb", "breadcrumbs", "wp-block-breadcrumbs", "yoast-breadcrumb"),
    *("yoast-breadcrumbs", "rank-math-breadcrumb", "aioseo-breadcrumbs"),
)
_PICTURE_CLASSES = (
    *("wp-block-post-featured-image", "post-thumbnail", "entry-thumbnail", "featured-image"),
    *("post-featured-image", "featured-media", "entry-image"),
    "elementor-widget-theme-post-featured-image",
)
_OTHERS = re.compile(
    r"(?:^|\s)(?:wp-block-post-template|wp-block-query|wp-block-latest-posts|wp-block-comments"
    r"|comments-area|comment-respond|comment-list|widget|widget-area|widgets-area|sidebar"
    r"|site-footer|related|related-posts|related-articles|yarpp|yarpp-related|jp-relatedposts"
    r"|post-navigation|wp-block-post-navigation-link|nav-links|nav-previous|nav-next)(?:\s|$)"
)
"""Boxes of other articles, of comments and of the site."""
_BIOGRAPHY = re.compile(
    r"(?:^|\s)(?:author-(?:info|bio|box|description|card|profile)|about-(?:the-)?author"
    r"|entry-author-(?:info|box)|wp-block-post-author-biography|wp-block-avatar|saboxplugin\S*"
    r"|m-a-box\S*|pp-multiple-authors\S*)(?:\s|$)"
)
_SITE_TITLE = re.compile(r"(?:^|\s)(?:site-title|site-logo|logo|wp-block-site-title)(?:\s|$)")
_POST = re.compile(r"(?:^|\s)post-(\d{1,15})(?:\s|$)")
_NOT_TEXT = (
    *("entry-header", "entry-meta", "entry-footer", "post-meta", "post-header", "posted-on"),
    *("byline", "cat-links", "tags-links", "post-thumbnail", "wp-block-post-featured-image"),
    *("breadcrumb", "breadcrumbs", "post-navigation", "comments-area", "author-info"),
    *(*_TITLE_CLASSES, "wp-block-post-author-name", "wp-block-post-date", "wp-block-post-terms"),
)
"""What a container may hold besides the text."""
_MIN_SHARE = 3
"""A container before the longest is the article's with this part of its text."""


@dataclass(frozen=True, eq=False, slots=True)
class ClassSearch:
    """The search for descendants that have one of several classes, in document order."""

    names: tuple[str, ...]
    tag: str
    also: str | None
    """A class that they have too."""
    xpath: etree.XPath

    def __call__(self, element: Element) -> list[Element]:
        """Return what is found within an element."""
        return cast("list[Element]", self.xpath(element))

    def is_met(self, element: Element) -> bool:
        """Return whether an element that has one of the classes is found."""
        return self.tag in {"*", element.tag} and (
            self.also is None or self.also in element.get("class", "").split()
        )


@dataclass(frozen=True, eq=False, slots=True)
class ItemSearch:
    """A search that finds no more than `otherwise` on a page without some values of `itemprop`."""

    names: tuple[str, ...]
    xpath: etree.XPath
    otherwise: etree.XPath | None

    def __call__(self, element: Element) -> list[Element]:
        """Return what is found within an element."""
        return cast("list[Element]", self.xpath(element))


Search = ClassSearch | ItemSearch | etree.XPath


def with_class(*names: str, tag: str = "*", also: str | None = None) -> ClassSearch:
    """Return the search for descendants that have one of the classes, in document order."""
    conditions = " or ".join(map(_has_name, names))
    also_condition = f"[{_has_name(also)}]" if also else ""
    classes = f"descendant::*/@class[{conditions}]{also_condition}"
    return ClassSearch(names, tag, also, xpath(f"{classes}/parent::{tag}"))


def with_item(*names: str, search: str | None = None, otherwise: str | None = None) -> ItemSearch:
    """Return the search for descendants that have one of the values of `itemprop`.

    Args:
        names: the values.
        search: what is searched for instead where the page has one of them.
        otherwise: what is searched for on other pages.
    """
    conditions = " or ".join(f".='{name}'" for name in names)
    search = search or f"descendant::*/@itemprop[{conditions}]/parent::*"
    return ItemSearch(names, xpath(search), xpath(otherwise) if otherwise else None)


def _has_name(name: str) -> str:
    """Return the condition that an attribute has a name."""
    return f"contains(concat(' ',normalize-space(.),' '),' {name} ')"


def xpath(expression: str) -> etree.XPath:
    """Return a compiled search whose texts are plain."""
    return etree.XPath(expression, smart_strings=False)


_CONTENTS: tuple[Search, ...] = (
    *(with_class(*names) for names in _CONTENT_CLASSES),
    with_item("articleBody"),
)
# To look at the attributes that there are takes a tenth of the time of a condition on each element.
_CLASSED = xpath("descendant::*/@class/parent::*")
_ITEMS = xpath(".//@itemprop")
# Beside it, Elementor's widget has only what others insert.
_WIDGET_CONTENT = xpath(
    "self::*[contains(@class,'elementor-widget-theme-post-content')]"
    "/div[@class='elementor-widget-container']"
)
_TITLES = with_class(*_TITLE_CLASSES)
_ITEM_TITLES = with_item(
    "headline", search="descendant::*/@itemprop[.='headline']/parent::*[not(self::meta)]"
)
_HEADINGS = xpath(".//h1")
_SUBTITLES = with_class(*_SUBTITLE_CLASSES)
_BREADCRUMBS = with_class(*_BREADCRUMB_CLASSES)
_OTHER_BREADCRUMBS = xpath(
    "descendant::*/@id[.='breadcrumbs' or .='breadcrumb']/parent::*"
    "|descendant::*/@itemtype[contains(.,'BreadcrumbList')]/parent::*"
    "|.//nav[contains(translate(@aria-label,'BRICOLE','bricole'),'breadcrumb')"
    " or contains(translate(@aria-label,'BRICOLE','bricole'),'briciole')]"
)
_POST_IMAGES = with_class("wp-post-image", tag="img")
_PICTURES = with_class(*_PICTURE_CLASSES)
_UNWANTED = with_class(*_NOT_TEXT)


class CoreElements:
    """The elements of the page's own post; posts in lists and boxes are not searched."""

    def __init__(self, root: Element, post_id: int | None) -> None:
        body = root.find("body")
        self.body: Element = body if body is not None else root
        self._post_id = post_id
        self._by_class = _by_class(self.body)
        self._items = frozenset(_ITEMS(self.body))
        self._own: dict[tuple[Search, bool], list[Element]] = {}
        self.content: Element | None = self._find_content()
        self.scope: Element = self._find_scope()
        self._order: dict[Element, int] = {}

    def _find_scope(self) -> Element:
        """Return the element of the post around its text, else the whole body."""
        for ancestor in self.content.iterancestors() if self.content is not None else ():
            if ancestor is self.body:
                break
            match = _POST.search(ancestor.get("class") or "")
            if match or ancestor.tag == "article":
                return ancestor
        return self.body

    def _find_content(self) -> Element | None:
        for search in _CONTENTS:
            containers = self._search(search, self.body)
            candidates = [element for element in containers if not self._is_others(element)]
            chosen = _longest(_outermost(candidates))
            if chosen is None:
                continue
            if next(chosen.iter("h1"), None) is not None:
                # A theme's wrapper around header and text.
                nested = [entry for other in _CONTENTS for entry in other(chosen)]
                inner = _longest(entry for entry in nested if not self._is_others(entry))
                return inner if inner is not None else chosen
            return next(iter(_WIDGET_CONTENT(chosen)), chosen)
        return None

    def _is_others(self, element: Element) -> bool:
        """Return whether an element is part of another post, of comments or of a widget."""
        for node in (element, *element.iterancestors()):
            if node is self.body:
                return False
            if node.get("id") in {"comments", "respond", "secondary"}:
                return True
            classes = node.get("class")
            if classes:
                if _OTHERS.search(classes):
                    return True
                match = _POST.search(classes)
                if match and self._post_id and int(match[1]) != self._post_id:
                    return True
        return False

    def text_container(self) -> Element | None:
        """Return the container of the text; header and footer within it are left out."""
        content = self.content
        behind = text_behind(content, self.scope) if content is not None else []
        end = page_end(content) if content is not None else None
        if content is None or not (behind or end is not None or _UNWANTED(content)):
            return content
        text = copy.deepcopy(content)
        remove_page_end(text)
        text.extend(behind)
        for element in _UNWANTED(text):
            remove(element)
        return text

    def own(self, search: Search, *, in_text: bool = False) -> list[Element]:
        """Return what a search finds of the post: within its element, else on the page.

        Args:
            search: finds descendants.
            in_text: whether the text is searched too.
        """
        key = (search, in_text)
        if key not in self._own:
            self._own[key] = self._own_within(self.scope, search, in_text=in_text)
            if not self._own[key] and self.scope is not self.body:
                self._own[key] = self._own_within(self.body, search, in_text=in_text)
        return self._own[key]

    def _own_within(self, scope: Element, search: Search, *, in_text: bool) -> list[Element]:
        return [
            element
            for element in self._search(search, scope)
            if (in_text or not self.is_in_text(element)) and not self._is_others(element)
        ]

    def everywhere(self, search: ClassSearch) -> list[Element]:
        """Return what a search finds on the page, also in boxes of other articles."""
        return self._search(search, self.body)

    def _search(self, search: Search, scope: Element) -> list[Element]:
        """Return what a search finds; one for classes need not go through the page again."""
        if isinstance(search, ItemSearch) and self._items.isdisjoint(search.names):
            return cast("list[Element]", search.otherwise(scope)) if search.otherwise else []
        if not isinstance(search, ClassSearch):
            return cast("list[Element]", search(scope))
        places = {
            place: element
            for name in search.names
            for place, element in self._by_class.get(name, ())
            if search.is_met(element)
        }
        elements = [places[place] for place in sorted(places)]
        if scope is self.body:
            return elements
        return [element for element in elements if scope in element.iterancestors()]

    def is_in_text(self, element: Element) -> bool:
        """Return whether an element is part of the text, not of a header within its container."""
        content = self.content
        if content is None:
            return False
        for node in (element, *element.iterancestors()):
            if node is content:
                return True
            if _NOT_TEXT_CLASS.search(node.get("class") or ""):
                return False
        return False

    def is_before_text(self, element: Element) -> bool:
        """Return whether an element begins before the text does."""
        if self.content is None:
            return True
        if not self._order:
            self._order = {node: place for place, node in enumerate(self.body.iter())}
        return self._order.get(element, 0) < self._order.get(self.content, 0)

    def nearest(self, elements: Iterable[Element]) -> list[Element]:
        """Return the elements that are before the text, else all; none of a biography."""
        entries = [element for element in elements if not is_biography(element)]
        return [entry for entry in entries if self.is_before_text(entry)] or entries

    @cached_property
    def title(self) -> Element | None:
        """The element of the headline."""
        titles = self.nearest(self.own(_TITLES)) or self.nearest(self.own(_ITEM_TITLES))
        headings = [h1 for h1 in self.own(_HEADINGS) if not _is_site_title(h1)]
        first = [title for title in titles if title.tag == "h1" or _holds_heading(title)]
        near = [h1 for h1 in headings if self.is_before_text(h1)]
        # With several, the one next to the text.
        return next(iter([*first, *near[-1:], *headings[:1], *titles]), None)

    @property
    def subtitle(self) -> Element | None:
        """The element of the summary between headline and text."""
        own = self.own(_SUBTITLES)
        return next((element for element in own if self.is_before_text(element)), None)

    @property
    def breadcrumbs(self) -> Element | None:
        """The element of the breadcrumb."""
        own = self.own(_BREADCRUMBS) or self.own(_OTHER_BREADCRUMBS)
        return next((element for element in own if element.find(".//a") is not None), None)

    def lead_picture(self) -> Element | None:
        """Return the frame of the lead image, with its caption."""
        images = self.nearest(self.own(_POST_IMAGES))
        if not images:
            frames = self.nearest(self.own(_PICTURES))
            images = [img for frame in frames for img in frame.iter("img")]
        return _frame(images[0], self.content) if images else None


_NOT_TEXT_CLASS = re.compile(rf"(?:^|\s)(?:{'|'.join(map(re.escape, _NOT_TEXT))})(?:\s|$)")


def _by_class(body: Element) -> dict[str, list[tuple[int, Element]]]:
    """Return the elements that have a class, with their places in the document, by class."""
    elements: dict[str, list[tuple[int, Element]]] = {}
    for place, element in enumerate(_CLASSED(body)):
        for name in element.get("class").split():
            elements.setdefault(name, []).append((place, element))
    return elements


def is_biography(element: Element) -> bool:
    """Return whether an element is part of a box about the author."""
    return any(
        _BIOGRAPHY.search(node.get("class") or "") for node in (element, *element.iterancestors())
    )


def _outermost(elements: list[Element]) -> Iterator[Element]:
    known = set(elements)
    return (
        element
        for element in elements
        if not any(node in known for node in element.iterancestors())
    )


def _longest(elements: Iterable[Element]) -> Element | None:
    """Return the first element that has much of the longest one's text; None without content."""
    sizes = [(element, _size(element)) for element in elements]
    longest = max((size for _, size in sizes), default=0)
    return next((element for element, size in sizes if size and size * _MIN_SHARE >= longest), None)


def _size(element: Element) -> int:
    text = sum(len(text.strip()) for text in element.itertext())
    return text or int(next(element.iter("img", "iframe", "video"), None) is not None)


def _is_site_title(h1: Element) -> bool:
    return any(
        _SITE_TITLE.search(node.get("class") or "") for node in (h1, *h1.iterancestors(), *h1)
    )


def _holds_heading(element: Element) -> bool:
    return next(element.iterdescendants("h1"), None) is not None


def _frame(img: Element, content: Element | None) -> Element:
    """Return the figure around a picture, else its wrapper, with the caption behind it."""
    parent = img.getparent()
    frame = parent if parent is not None else img
    while frame.tag in {"a", "picture", "source", "span", "noscript"}:
        outer = frame.getparent()
        if outer is None:
            break
        frame = outer
    caption = frame.getnext()
    if caption is not None and _is_caption(caption):
        figure = etree.Element("figure")
        figure.extend([copy.deepcopy(frame), copy.deepcopy(caption)])
        return figure
    widest = frame
    for _ in range(3):
        if next(widest.iter("figcaption"), None) is not None or _CAPTIONS(widest):
            return widest
        outer = widest.getparent()
        if outer is None or outer.tag in {"body", "main", "article"} or _holds(outer, content):
            break
        widest = outer
    return frame


def _is_caption(element: Element) -> bool:
    return element.tag == "figcaption" or "wp-caption-text" in (element.get("class") or "").split()


def _holds(element: Element, content: Element | None) -> bool:
    images = element.iter("img")
    next(images, None)
    return (
        next(images, None) is not None
        or next(element.iter("h1"), None) is not None
        or (content is not None and element in content.iterancestors())
    )


_CAPTIONS = with_class("wp-caption-text")
