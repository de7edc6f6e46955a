"""The theme's named places on an article page, found in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# Inner class names (JNews 6 to 11): templates move these nodes, page builders wrap them.
PLACES = {
    "content": "content-inner",
    "byline": "jeg_meta_container",
    "custom_byline": "jeg_custom_meta",
    "sponsor": "jeg_meta_sponsor",
    "related": "jnews_related_post_container",
    "tags": "jeg_post_tags",
    "page_links": "jeg_pagelinks",
    "featured": "featured_image",
    "gallery": "featured_gallery",
    "painted": "jeg_featured_img",
    "backdrop": "jeg_featured_bg",
    "film": "jeg_featured_video_wrapper",
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
# Class attributes recur from page to page: each is searched for places once.
_known: dict[str, tuple[str, ...]] = {}


class Landmarks:
    """The places of one article page; a page rendered in a browser may hold further articles."""

    def __init__(self, root: Element) -> None:
        self.scope: Element = next(iter(_USUAL_SCOPE(root) or _SCOPE(root)), root)
        self._places: dict[str, Element] = {}
        for element in self.scope.iterdescendants("div"):
            names = element.get("class")
            if names:
                for place in _places_of(names):
                    self._places.setdefault(place, element)
            if element.get("id") == "breadcrumbs":
                self._places.setdefault("breadcrumbs", element)
            # What follows Related Posts belongs to other articles: no need to look at its cards.
            if "related" in self._places and "content" in self._places:
                break

    def __getitem__(self, place: str) -> Element | None:
        """Return the first element of a place, None where the page has none."""
        return self._places.get(place)

    def titled(self, tag: str, name: str) -> Element | None:
        """Return the first `tag` within the article whose class holds `name`."""
        for element in self.scope.iter(tag):
            if name in (element.get("class") or ""):
                return element
        return None


def _places_of(names: str) -> tuple[str, ...]:
    found = _known.get(names)
    if found is None:
        if len(_known) >= _MAX_CACHE:
            _known.clear()
        found = tuple(place for place, name in PLACES.items() if name in names)
        _known[names] = found
    return found
