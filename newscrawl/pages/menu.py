"""The site's menus: JNews', else those of any WordPress theme.

The names are those of core's menus and its navigation block, of Elementor and of widespread themes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from newscrawl.pages.base_url import document_base
from newscrawl.pages.shown import shown_text, whole_text
from newscrawl.text import fold
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element
    from parsel import Selector

    from newscrawl.urls import SiteUrls

# The menu is printed up to three times: normal, sticky and off-canvas.
_ITEMS = etree.XPath(
    "//ul[contains(@class,'jeg_main_menu') or contains(@class,'jeg_mobile_menu')]//li/a[@href]",
    smart_strings=False,
)
_ENTRIES = etree.XPath(
    "//li[contains(@class,'menu-item') or contains(@class,'wp-block-navigation-item')"
    " or contains(@class,'page_item') or contains(@class,'wp-block-pages-list__item')]"
    "|//nav//li|//@role[.='navigation']/parent::*//li|//header//li",
    smart_strings=False,
)
_LINKS = etree.XPath(".//a[@href]", smart_strings=False)
_ANY_NAVIGATION = etree.XPath(
    "//nav//a[@href]|//@role[.='navigation']/parent::*//a[@href]|//header//a[@href]",
    smart_strings=False,
)
_LABELS = etree.XPath(
    "descendant::*/@class[contains(.,'wp-block-navigation-item__label')]/parent::*",
    smart_strings=False,
)
_MARKED = re.compile(
    r"(?:^|\s)(?:mega-)?(?:menu-item|wp-block-navigation-item|page_item|wp-block-pages-list__item)"
    r"(?=\s|$)"
)
_OBJECT = re.compile(r"(?:^|\s)(?:mega-)?menu-item-object-(\S+)(?=\s|$)")
_NOT_MENU = re.compile(
    r"(?:^|\s)(?:breadcrumbs?|\S*-breadcrumbs?|pagination|nav-links|page-numbers|post-navigation"
    r"|posts-navigation|wp-block-query-pagination|(?:\S+-)?social(?:-\S+)?|wp-block-social-links"
    r"|(?:\S+-)?footer(?:-\S+)?|colophon|lang-item|wpml-ls\S*|pll-\S+|(?:\S+-)?language-switcher\S*"
    r"|trp-\S+|skip-links?|skip-to-content|comments|comments-area|comment-navigation|hentry"
    r"|elementor-location-(?:footer|popup)|entry-content|cookie-\S+)(?=\s|$)",
    re.IGNORECASE,
)
"""Classes and ids of lists of links that are not menus."""
_BESIDE = re.compile(r"(?:^|\s)(?:widget|widget_\S+|widgets?-area|sidebar|secondary)(?=\s|$)")
_BREADCRUMBS = re.compile(r"breadcrumb|briciole|social|pagina(?:tion|zione)|lingua|language", re.I)
_MAIN = re.compile(
    r"(?:^|[\s_-])(?:main|primary|principale?|site-navigation|sections?|sezioni)(?=[\s_-]|$)", re.I
)
_SECONDARY = re.compile(
    r"(?:^|[\s_-])(?:top|topbar|secondary|utility|meta|servizi|account|legal)(?=[\s_-]|$)", re.I
)
_NAMED_AS_MAIN = 3
"""How many entries the name of a menu counts for."""
_BASES = frozenset(
    {"category", "categoria", "categorie", "argomento", "argomenti", "sezione", "sezioni"}
    | {"section", "sections", "rubrica", "rubriche", "canale", "canali", "topic", "topics"}
)
_STATIC = re.compile(
    r"(?:home|homepage|contatt\S*|contact\S*|chi-?siamo|about\S*|staff|redazione|la-redazione|gerenza"
    r"|team|privacy\S*|\S*-privacy|cookie\S*|note-legali|legal\S*|disclaimer|termini\S*|terms\S*"
    r"|condizioni\S*|pubblicita\S*|advertis\S*|abbonat\S*|abbonament\S*|subscri\S*|newsletter\S*"
    r"|iscri\S*|login|log-in|accedi|accesso|area-\S+|account|my-account|mio-account|profilo|registra\S*"
    r"|register|logout|cerca|ricerca|search|shop|negozio|store|carrello|cart|cassa|checkout|faq|mappa\S*"
    r"|sitemap|lavora-con-noi|careers|sostienici|donazion\S*|donate|dona|rss|feed|podcast-app|app"
    r"|edizione-digitale|edicola|sfoglia\S*|segnala\S*|scrivici|codice-etico|trasparenza|gdpr"
    r"|collabora\S*|partner\S*|sponsor\S*|media-kit|widget|sample-page|pagina-di-esempio)"
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of a menu."""

    label: str
    url: str
    parent: str | None = None
    """URL of the entry under which it is, if that has one."""
    target: str | None = None
    """What WordPress says it leads to (`category`, `page`, `post_tag`, `custom`); None: unsaid."""
    is_main: bool = True
    """Whether it is in the main menu, rather than in another one only."""


@dataclass(slots=True)
class _Menu:
    """One menu of a page, as its first element has it."""

    root: Element
    items: list[MenuItem]
    is_marked: bool
    """Whether WordPress or the theme marks it as a menu."""


class MenuPage:
    """A page with the menus, which every page of a site has."""

    def __init__(self, selector: Selector, url: str, urls: SiteUrls) -> None:
        self._root = selector.root
        self._base = document_base(self._root, url)
        self._urls = urls

    def items(self) -> list[MenuItem]:
        """Return the menus' entries in order, each URL once, those of the main menu first."""
        if anchors := _ITEMS(self._root):
            return _unique(
                item for anchor in anchors if (item := self._item(anchor, fold(whole_text(anchor))))
            )
        menus = [menu for menu in self._menus() if menu.items]
        if any(menu.is_marked for menu in menus):
            menus = [menu for menu in menus if menu.is_marked]
        if not menus:
            return _unique(self._any_links())
        main = max(menus, key=self._score)
        menus.sort(key=lambda menu: menu is not main)
        return _unique(
            item if menu is main else _not_main(item) for menu in menus for item in menu.items
        )

    def _item(self, anchor: Element, label: str) -> MenuItem | None:
        href = anchor.get("href") or ""
        url = self._urls.public(href, self._base)
        if not label or not url or not url.startswith(self._urls.site.origin):
            return None
        parent, entry = None, next(anchor.iterancestors("li"), None)
        above = next(entry.iterancestors("li"), None) if entry is not None else None
        link = _own_link(above) if above is not None else None
        if link is not None and not (link.get("href") or "").startswith("#"):
            parent = self._urls.public(link.get("href") or "", self._base)
        match = _OBJECT.search(entry.get("class") or "") if entry is not None else None
        return MenuItem(label, url, parent if parent != url else None, match[1] if match else None)

    def _menus(self) -> list[_Menu]:
        """Return the menus in the order of the page; an entry's link is the first of its own."""
        menus: dict[Element, _Menu] = {}
        for entry in _ENTRIES(self._root):
            if _is_not_menu(entry):
                continue
            link = _own_link(entry)
            is_marked = _MARKED.search(entry.get("class") or "") is not None
            item = self._shown_item(link) if link is not None else None
            root = _outermost_list(entry)
            if item is None or root is None:
                continue
            # A menu may show the latest articles of each section.
            if not is_marked and self._urls.understand(item.url).kind is Kind.ARTICLE:
                continue
            menu = menus.setdefault(root, _Menu(root, [], is_marked=False))
            menu.is_marked = menu.is_marked or is_marked
            menu.items.append(item)
        return [*menus.values()]

    def _shown_item(self, link: Element) -> MenuItem | None:
        # "Skip to content", or an entry that only opens those below it.
        if (link.get("href") or "").strip().startswith("#"):
            return None
        labels = _LABELS(link)
        return self._item(link, shown_text(labels[0] if labels else link))

    def _any_links(self) -> Iterator[MenuItem]:
        for anchor in _ANY_NAVIGATION(self._root):
            if not _is_not_menu(anchor) and (item := self._shown_item(anchor)):
                yield item

    def _score(self, menu: _Menu) -> int:
        """Return how much a menu looks like that of the sections."""
        count = sum(self._weight(item) for item in {item.url: item for item in menu.items}.values())
        names = _names_around(menu.root)
        if _MAIN.search(names):
            count += _NAMED_AS_MAIN
        return count - _NAMED_AS_MAIN if _SECONDARY.search(names) else count

    def _weight(self, item: MenuItem) -> int:
        if item.target == "category":
            return 2
        kind = self._urls.understand(item.url).kind
        if kind is Kind.ARCHIVE or has_category_base(item.url):
            return 2
        return int(kind is Kind.PAGE and item.target != "page" and not is_static_page(item.url))


def has_category_base(url: str) -> bool:
    """Return whether an address is below a word under which sites have their categories.

    >>> has_category_base("https://www.example.it/argomenti/vela/")
    True
    >>> has_category_base("https://www.example.it/vela/")
    False
    """
    segments = path_segments(url)
    return len(segments) > 1 and segments[0] in _BASES


def is_static_page(url: str) -> bool:
    """Return whether an address is that of a page which is not a list on any site.

    >>> is_static_page("https://www.example.it/chi-siamo/")
    True
    >>> is_static_page("https://www.example.it/sport/")
    False
    """
    return any(_STATIC.fullmatch(segment) for segment in path_segments(url))


def path_segments(url: str) -> list[str]:
    """Return the parts of an address's path."""
    return [segment for segment in urlsplit(url).path.split("/") if segment]


def _unique(items: Iterable[MenuItem]) -> list[MenuItem]:
    by_url: dict[str, MenuItem] = {}
    for item in items:
        by_url.setdefault(item.url, item)
    return [*by_url.values()]


def _not_main(item: MenuItem) -> MenuItem:
    return MenuItem(item.label, item.url, item.parent, item.target, is_main=False)


def _own_link(entry: Element) -> Element | None:
    """Return the first link of an entry, if it is not one of an entry below it."""
    links: list[Element] = _LINKS(entry)
    if not links or next(links[0].iterancestors("li"), None) is not entry:
        return None
    return links[0]


def _outermost_list(entry: Element) -> Element | None:
    lists = [node for node in entry.iterancestors() if node.tag in {"ul", "ol", "menu"}]
    return lists[-1] if lists else None


def _names_around(root: Element) -> str:
    """Return the classes and ids of a menu and of the two elements around it."""
    nodes = [root, *root.iterancestors()][:3]
    nodes = [node for node in nodes if node.tag not in {"body", "html"}]
    return " ".join(
        name
        for node in nodes
        for name in (node.get("id"), node.get("class"), node.get("aria-label"))
        if name
    )


def _is_not_menu(element: Element) -> bool:
    """Return whether a link or an entry is in something else than a menu."""
    is_beside = False
    for node in (element, *element.iterancestors()):
        tag = str(node.tag)
        if tag in {"body", "html"}:
            break
        if tag == "header" or node.get("role") == "banner":
            # A header may have areas for widgets.
            return False
        if _is_other(
            tag, node.get("class"), node.get("id"), node.get("role"), node.get("aria-label")
        ):
            return True
        is_beside = is_beside or tag == "aside" or _is_widget(node.get("class"), node.get("id"))
    return is_beside


@lru_cache(maxsize=5_000)
def _is_other(
    tag: str, classes: str | None, name: str | None, role: str | None, label: str | None
) -> bool:
    return (
        tag in {"footer", "article"}
        or role == "contentinfo"
        or bool(classes and _NOT_MENU.search(classes))
        or bool(name and _NOT_MENU.search(name))
        or bool(label and _BREADCRUMBS.search(label))
    )


@lru_cache(maxsize=5_000)
def _is_widget(classes: str | None, name: str | None) -> bool:
    return bool((classes and _BESIDE.search(classes)) or (name and _BESIDE.search(name)))
