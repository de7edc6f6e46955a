"""The theme's elements of an article page, located in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
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

    def __getitem__(self, name: str) -> Element | None:
        """Return the first element of that name, None where the page has none."""
        return self._elements.get(name)

    def with_class(self, tag: str, name: str) -> Element | None:
        """Return the first `tag` within the article whose class contains `name`."""
        for element in self.scope.iter(tag):
            if name in (element.get("class") or ""):
                return element
        return None


def _element_names(classes: str) -> tuple[str, ...]:
    names = _names_by_class.get(classes)
    if names is None:
        if len(_names_by_class) >= _MAX_CACHE:
            _names_by_class.clear()
        names = tuple(name for name, inner in ELEMENT_CLASSES.items() if inner in classes)
        _names_by_class[classes] = names
    return names
