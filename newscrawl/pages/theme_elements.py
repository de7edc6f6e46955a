"""The theme's elements of an article page, located in one pass."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from newscrawl.pages.boilerplate import leads_to_others
from newscrawl.pages.moved_text import append_text
from newscrawl.pages.shown import shown_text
from newscrawl.pages.tag_index import page_parts
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

# Inner class names (JNews 6 to 11): templates move these elements, page builders wrap them.
ELEMENT_CLASSES = {
    "content": "content-inner",
    "byline": "jeg_meta_container",
    "custom_byline": "jeg_custom_meta_wrapper",
    "sponsor": "jeg_meta_sponsor",
    "related": "jnews_related_post_container",
    "tags": "jeg_post_tags",
    "featured": "featured_image",
    "gallery": "featured_gallery",
    "background": "jeg_featured_img",
    "backdrop": "jeg_featured_bg",
    "video": "jeg_featured_video_wrapper",
    "breadcrumb_box": "jeg_breadcrumbs",
    "other_breadcrumbs": "breadcrumbs",
    "subtitle_box": "jeg_custom_subtitle_wrapper",
}
# A page rendered in a browser may hold further articles below the first.
HEADING_CLASSES = {"headline": "jeg_post_title", "subtitle": "jeg_post_subtitle"}
_HEADING_TAGS = {"headline": "h1", "subtitle": "h2"}
_ALL_CLASSES = (*ELEMENT_CLASSES.items(), *HEADING_CLASSES.items())
_SCOPE = etree.XPath(
    "(//div[contains(@class,'post-wrap') and not(contains(@class,'post-wrapper'))])[1]",
    smart_strings=False,
)


class ThemeElements:
    """The theme's elements of one article; a rendered page may contain further articles."""

    def __init__(self, root: Element) -> None:
        scope = _usual_scope(root)
        self.scope: Element = next(iter(_SCOPE(root)), root) if scope is None else scope
        self._elements: dict[str, Element] = {}
        self._is_reunited = False
        self._locate(self.scope.iterdescendants("div", *_HEADING_TAGS.values()))
        if (content := self._elements.get("content")) is not None:
            self._reunite(content, root)

    def _locate(self, divisions_and_headings: Iterable[Element]) -> None:
        """Keep the first element of each name, up to the end of the article."""
        elements = self._elements
        has_breadcrumbs = False
        for element in divisions_and_headings:
            if not has_breadcrumbs and element.get("id") == "breadcrumbs" and element.tag == "div":
                elements["breadcrumbs"], has_breadcrumbs = element, True
            classes = element.get("class")
            if classes is None or not (names := _element_names(classes)):
                continue
            tag = element.tag
            for name in names:
                if tag == _HEADING_TAGS.get(name, "div"):
                    elements.setdefault(name, element)
            # What follows Related Posts belongs to other articles.
            if "related" in elements and "content" in elements:
                break

    def _reunite(self, content: Element, root: Element) -> None:
        """Move text that stray closing tags put behind the container back into it.

        libxml2 puts what follows an early `</html>` into further `html` elements behind the root.
        """
        boxes: list[Element] = []
        is_moved = False
        for level in _levels_behind(content, root):
            text = _TextBehind(content)
            is_open = text.move(level)
            boxes += text.boxes
            is_moved = is_moved or text.is_moved
            if not is_open:
                break
        self._is_reunited = is_moved
        if is_moved:
            for name in ("tags", "related"):
                for box in boxes:
                    for element in box.iter("div"):
                        if name in _element_names(element.get("class") or ""):
                            self._elements.setdefault(name, element)

    @property
    def by_name(self) -> Mapping[str, Element]:
        """The elements that the page has."""
        return self._elements

    def __getitem__(self, name: str) -> Element | None:
        """Return the first element of that name, None where the page has none."""
        return self._elements.get(name)

    def breadcrumbs(self) -> Element | None:
        """Return the breadcrumb, also that of a plugin in the place of the theme's."""
        for name in ("breadcrumbs", "breadcrumb_box", "other_breadcrumbs"):
            if (element := self._elements.get(name)) is not None:
                return element
        for nav in self.scope.iter("nav"):
            if "breadcrumb" in f"{nav.get('class')} {nav.get('aria-label')}".lower():
                return nav
        return None

    def subtitle(self) -> Element | None:
        """Return the summary; page builders print it in an element of another name."""
        if (element := self.heading("subtitle")) is not None:
            return element
        headline, box = self._elements.get("headline"), self._elements.get("subtitle_box")
        near = [*headline.itersiblings()] if headline is not None else []
        near += [*box.iterdescendants()] if box is not None else []
        names = ((other, (other.get("class") or "").split()) for other in near)
        return next((other for other, names in names if "jeg_post_subtitle" in names), None)

    def has_appended_box(self) -> bool:
        """Return whether a plugin's box of related posts is in the text or behind it."""
        content = self._elements.get("content")
        if content is None:
            return False
        near = [*content.iterchildren(*_BOXES), *content.itersiblings(*_BOXES)]
        if (parent := content.getparent()) is not None:
            near += parent.itersiblings(*_BOXES)
        return any(_APPENDED.search(f"{box.get('id')} {box.get('class')}") for box in near)

    def heading(self, name: str) -> Element | None:
        """Return the first heading of that name, wherever in the article it is."""
        element = self._elements.get(name)
        if element is not None and not self._is_reunited:
            return element
        for other in self.scope.iter(_HEADING_TAGS[name]):
            if HEADING_CLASSES[name] in (other.get("class") or "").split():
                return other
        return None


def _usual_scope(root: Element) -> Element | None:
    """Return the article's element where the theme prints it, without a search of the page."""
    for body in page_parts(root, "body"):
        for viewport in body.iterchildren("div"):
            if "jeg_viewport" not in (viewport.get("class") or ""):
                continue
            for wrapper in viewport.iterchildren("div"):
                if wrapper.get("class") != "post-wrapper":
                    continue
                for scope in wrapper.iterchildren("div"):
                    if "post-wrap" in (scope.get("class") or ""):
                        return scope
    return None


def footer_boxes(root: Element) -> list[Element]:
    """Return the theme's footer and the menu of small screens, with the same lines, in order."""
    boxes: list[Element] = []
    # Some sites wrap the whole body in one more div.
    for outer in [div for body in page_parts(root, "body") for div in body.iterchildren("div")]:
        if outer.get("id") == "jeg_off_canvas":
            boxes.append(outer)
            continue
        for middle in outer.iterchildren("div"):
            if middle.get("id") == "jeg_off_canvas" or _is_footer(middle):
                boxes.append(middle)
            else:
                boxes += filter(_is_footer, middle.iterchildren("div"))
    return boxes


def _is_footer(division: Element) -> bool:
    return division.get("id") == "footer" or "footer-holder" in (division.get("class") or "")


@lru_cache(maxsize=5_000)
def _element_names(classes: str) -> tuple[str, ...]:
    """Return the names of an element by its class attribute, which recurs from page to page."""
    words = classes.split()
    return tuple(name for name, word in _ALL_CLASSES if word in words)


_BOXES = ("div", "section", "aside")
_APPENDED = re.compile(r"jp-relatedposts|yarpp|crp_related|related-?posts|rp4wp")
_PROSE_TAGS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_TEXT_TAGS = _PROSE_TAGS | {
    *("ul", "ol", "dl", "figure", "pre", "table", "hr", "iframe", "center", "section"),
    *("img", "video", "audio", "br", "a", "b", "strong", "i", "em", "span", "u", "mark", "small"),
    *("cite", "q", "code", "sub", "sup"),
}
_AFTER_ARTICLE = re.compile(
    r"jnews_related_post|jnews_comment|jeg_sidebar|footer|post-wrap\b|jeg_footer"
)


@lru_cache(maxsize=5_000)
def _kind_of_box(classes: str) -> str | None:
    """Return `end` for what follows every article, `box` for any other box of the theme."""
    if _AFTER_ARTICLE.search(classes):
        return "end"
    return "box" if "jeg_" in classes or "jnews_" in classes else None


class _Level(NamedTuple):
    """What follows an element: bare text, then the elements behind it."""

    text: str | None
    elements: list[Element]


def _levels_behind(content: Element, root: Element) -> Iterator[_Level]:
    for level in [content, *content.iterancestors()]:
        if level.tag != "html":
            yield _Level(level.tail, [*level.itersiblings()])
    for other in root.itersiblings("html"):
        yield _Level(other.text, [node for node in other if node.tag != "body"])
        for body in other.iterchildren("body"):
            yield _Level(body.text, [*body])


class _TextBehind:
    """Moves the text of one level to the end of a container; boxes of the theme stay."""

    def __init__(self, content: Element) -> None:
        self._content = content
        self._pending: list[Element] = []
        self.boxes: list[Element] = []
        self.is_moved = False

    def move(self, level: _Level) -> bool:
        """Move the text; return False where something that follows every article is reached."""
        self._add(level.text)
        for element in level.elements:
            classes = (element.get("class") or "") if isinstance(element.tag, str) else ""
            if element.tag in {"div", "aside", "footer"} and (kind := _kind_of_box(classes)):
                self.boxes.append(element)
                if kind == "end":
                    return False
                self._add(element.tail)
                continue
            self._pending.append(element)
            if fold(element.tail) or (
                self._is_text(element, classes)
                and not leads_to_others(shown_text(element), [element])
            ):
                self._flush()
        return True

    def _is_text(self, element: Element, classes: str) -> bool:
        tags = _TEXT_TAGS if self.is_moved else _PROSE_TAGS
        return element.tag in tags or "wp-block-" in classes

    def _flush(self) -> None:
        self._content.extend(self._pending)
        self._pending = []
        self.is_moved = True

    def _add(self, text: str | None) -> None:
        if not fold(text):
            return
        self._flush()
        # It is behind the end of a block: a browser begins a line there.
        for _ in range(2):
            etree.SubElement(self._content, "br")
        append_text(self._content, text or "")
