"""The theme's elements of an article page, located in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

# Inner class names (JNews 6 to 11): templates move these elements, page builders wrap them.
ELEMENT_CLASSES = {
    "content": "content-inner",
    "byline": "jeg_meta_container",
    "custom_byline": "jeg_custom_meta",
    "sponsor": "jeg_meta_sponsor",
    "related": "jnews_related_post_container",
    "tags": "jeg_post_tags",
    "featured": "featured_image",
    "gallery": "featured_gallery",
    "background": "jeg_featured_img",
    "backdrop": "jeg_featured_bg",
    "video": "jeg_featured_video_wrapper",
}
_USUAL_SCOPE = etree.XPath(
    "/html/body/div[contains(@class,'jeg_viewport')]/div[@class='post-wrapper']"
    "/div[contains(@class,'post-wrap')][1]",
    smart_strings=False,
)
_SCOPE = etree.XPath(
    "(//div[contains(@class,'post-wrap') and not(contains(@class,'post-wrapper'))])[1]",
    smart_strings=False,
)
_MAX_CACHE = 5_000
# Class attributes recur from page to page: each is searched once.
_names_by_class: dict[str, tuple[str, ...]] = {}


class ThemeElements:
    """The theme's elements of one article; a rendered page may contain further articles."""

    def __init__(self, root: Element) -> None:
        self.scope: Element = next(iter(_USUAL_SCOPE(root) or _SCOPE(root)), root)
        self._elements: dict[str, Element] = {}
        for element in self.scope.iterdescendants("div"):
            classes = element.get("class")
            if classes:
                for name in _element_names(classes):
                    self._elements.setdefault(name, element)
            if element.get("id") == "breadcrumbs":
                self._elements.setdefault("breadcrumbs", element)
            # What follows Related Posts belongs to other articles.
            if "related" in self._elements and "content" in self._elements:
                break

        self._reunite(root)

    def _reunite(self, root: Element) -> None:
        """Move text that a stray closing tag put behind the container back into it.

        libxml2 begins another document behind `</html>`; a browser goes on in the container.
        """
        content = self._elements.get("content")
        if content is None:
            return
        moved: list[Element] = []
        tail, content_tail = "", content.tail or ""
        for level in [content, *content.iterancestors()]:
            if level.tag in {"body", "html"}:
                break
            moved += _text_behind(level)
        for other in root.itersiblings("html"):
            for body in other.iterchildren("body"):
                moved += _text_behind(body, is_inside=True)
        if content_tail.strip() and next(content.iterancestors("html"), None) is not None:
            tail, content.tail = content_tail, None
        if tail:
            if len(content):
                content[-1].tail = (content[-1].tail or "") + tail
            else:
                content.text = (content.text or "") + tail
        content.extend(moved)

    @property
    def by_name(self) -> Mapping[str, Element]:
        """The elements that the page has."""
        return self._elements

    def __getitem__(self, name: str) -> Element | None:
        """Return the first element of that name, None where the page has none."""
        return self._elements.get(name)

    def with_class(self, tag: str, name: str) -> Element | None:
        """Return the first `tag` within the article that has the class `name`."""
        for element in self.scope.iter(tag):
            if name in (element.get("class") or "").split():
                return element
        return None


def _element_names(classes: str) -> tuple[str, ...]:
    names = _names_by_class.get(classes)
    if names is None:
        if len(_names_by_class) >= _MAX_CACHE:
            _names_by_class.clear()
        words = classes.split()
        names = tuple(name for name, word in ELEMENT_CLASSES.items() if word in words)
        _names_by_class[classes] = names
    return names


_TEXT_TAGS = frozenset(
    {
        *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "figure", "pre"),
        *("table", "hr", "iframe"),
    }
)


def _text_behind(level: Element, *, is_inside: bool = False) -> list[Element]:
    """Return the elements of a text behind `level`, up to the theme's next box."""
    siblings = level.iterchildren() if is_inside else level.itersiblings()
    pending: list[Element] = []
    texts: list[Element] = []
    for element in siblings:
        classes = element.get("class") or "" if isinstance(element.tag, str) else ""
        if element.tag == "div" and ("jeg_" in classes or "jnews_" in classes):
            if "jeg_ad" not in classes and "inline" not in classes:
                break
            pending.append(element)
            continue
        pending.append(element)
        if element.tag in _TEXT_TAGS:
            texts += pending
            pending = []
    return texts
