"""The site's menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.pages.base_url import document_base
from newscrawl.text import fold

if TYPE_CHECKING:
    from parsel import Selector

    from newscrawl.urls import SiteUrls

# The menu is printed up to three times: normal, sticky and off-canvas.
_ITEMS = etree.XPath(
    "//ul[contains(@class,'jeg_main_menu') or contains(@class,'jeg_mobile_menu')]//li/a[@href]",
    smart_strings=False,
)
_ANY_NAVIGATION = etree.XPath("//nav//a[@href]|//header//a[@href]", smart_strings=False)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of the menu."""

    label: str
    url: str


class MenuPage:
    """A page with the menu, which every page of the theme has."""

    def __init__(self, selector: Selector, url: str, urls: SiteUrls) -> None:
        self._root = selector.root
        self._base = document_base(self._root, url)
        self._urls = urls

    def items(self) -> list[MenuItem]:
        """Return the menu's entries in order, each URL once."""
        items: dict[str, MenuItem] = {}
        for anchor in _ITEMS(self._root) or _ANY_NAVIGATION(self._root):
            label = fold("".join(anchor.itertext()))
            url = self._urls.public(anchor.get("href"), self._base)
            if label and url and url.startswith(self._urls.site.origin):
                items.setdefault(url, MenuItem(label, url))
        return list(items.values())
