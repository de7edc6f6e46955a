"""The site as requested at one address: content, switches and the URLs the theme prints."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin import addresses, dating, faces, site_constants
from twin.model import PROTECTED
from twin.sections import SECTIONS, chain
from twin.theme.page_faults import PageFaults
from twin.theme.rendering import THEME, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from twin.content import Content
    from twin.model import Card, Category, Picture, Post, Switches
    from twin.theme.index import Index

CACHE = 5000
"""Pieces of pages kept; a card takes about 2 kB."""
FIRST_MENU_ID = 8
RENAMED = {
    "cronaca": "Italia",
    "politica": "Palazzo",
    "economia": "Mercati",
    "esteri": "Mondo",
    "sport": "Campo",
    "calcio": "Pallone",
    "spettacoli": "Show",
    "salute": "Benessere",
    "tecnologia": "Digitale",
    "cultura": "Libri e idee",
    "ambiente": "Pianeta",
    "video": "Guarda",
}
"""Labels of a menu that someone has renamed."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A section in the menu, with those below it."""

    id: int
    label: str
    url: str
    classes: str
    children: tuple[MenuEntry, ...]


class Site:
    """Everything a page needs besides its own post."""

    def __init__(self, content: Content, switches: Switches, origin: str, index: Index) -> None:
        self.content = content
        self.switches = switches
        self.face = faces.of(switches)
        self.origin = origin
        self.index = index
        self.host = origin.partition("//")[2]
        self.empty_image = f"{origin}{THEME}/assets/img/jeg-empty.png"
        self.yoast_metadata = switches.metadata in ("yoast", "both")
        self.jnews_metadata = switches.metadata in ("jnews", "both")
        self.faults = PageFaults()
        self._cache: OrderedDict[tuple[Any, ...], str] = OrderedDict()

    def under(self, faults: PageFaults) -> Site:
        """Return this site with faults in its lists and sitemaps."""
        site = copy.copy(self)
        site.faults = faults
        return site

    def render(self, template: str, **context: Any) -> str:
        """Return a template filled in for this site."""
        return render(template, site=self, **context)

    def cached(self, key: tuple[Any, ...], make: Callable[[], str]) -> str:
        """Return a piece of a page that is the same wherever it stands."""
        piece = self._cache.get(key)
        if piece is None:
            piece = self._cache[key] = make()
            if len(self._cache) > CACHE:
                self._cache.popitem(last=False)
        return piece

    def fragment(
        self,
        template: str,
        section: str | None = None,
        here: bool = False,  # noqa: FBT001, FBT002 - templates call it
        progress: bool = False,  # noqa: FBT001, FBT002 - templates call it
    ) -> str:
        """Return a piece of a page that is the same on every page with this section marked."""

        def make() -> str:
            return self.render(template, section=section, here=here, progress=progress)

        return self.cached((template, section, here, progress), make)

    def card(self, kind: str, card: Card, number: int = 0) -> str:
        """Return a card in one of its forms: related, inline, archive, index or hero."""
        return self.cached(
            (kind, card.id, number),
            lambda: self.render(f"cards/{kind}.html", card=card, number=number),
        )

    def cards(self, kind: str, cards: Iterable[Card]) -> str:
        """Return several cards in one form."""
        return "".join([self.card(kind, card) for card in cards])

    def newest(self, number: int) -> list[Card]:
        """Return the newest posts."""
        return [self.index.card(position) for position in range(min(number, self.index.size))]

    def menu(self, section: str | None, here: bool) -> list[MenuEntry]:  # noqa: FBT001 - templates call it
        """Return the menu; Calcio lies under Sport, Video stands by itself.

        The entry of `section` is marked: `here` when it is the page's own, else an article's.
        """
        own = " current-menu-item"
        ancestor = " current-post-ancestor current-menu-parent current-post-parent"

        def entry(category: Category) -> MenuEntry:
            slug = category.slug
            children = [c for c in SECTIONS if c.parent == slug and c.slug != "video"]
            classes = "menu-item menu-item-type-taxonomy menu-item-object-category"
            if slug == section:
                classes += own if here else ancestor
            if children:
                classes += " menu-item-has-children"
            label = (
                self.label(slug)
                if self.switches.menu == "full"
                else RENAMED.get(slug, f"Altro: {self.label(slug)}")
            )
            number = FIRST_MENU_ID + SECTIONS.index(category)
            return MenuEntry(
                number, label, self.category(slug), classes, tuple(map(entry, children))
            )

        return [entry(c) for c in SECTIONS if c.parent is None or c.slug == "video"]

    @property
    def clock(self) -> str:
        """The header's clock."""
        return dating.header_text(self.now)

    def related(self, post: Card | Post, number: int) -> list[Card]:
        """Return the newest posts of the same categories, or tags, without the post itself."""
        return self.content.related(post, self.switches, number)

    def breadcrumb(self, slug: str) -> list[tuple[str, str]]:
        """Return addresses and labels of Home and of a category with its parents."""
        return [(self.origin, "Home"), *self.steps(slug)]

    def steps(self, slug: str) -> list[tuple[str, str]]:
        """Return addresses and labels of a category with its parents."""
        return [(self.category(c.slug), self.label(c.slug)) for c in chain(slug)]

    @property
    def now(self) -> datetime:
        """The site's clock."""
        return self.content.now

    def url(self, path: str) -> str:
        """Return a path of the site as an absolute address."""
        return self.origin + path

    def post(self, post: Card | Post) -> str:
        """Return a post's canonical address."""
        return self.origin + addresses.path(post, self.switches)

    def part(self, post: Post, number: int) -> str:
        """Return the address of a page of an article in several."""
        return self.post(post) if number == 1 else f"{self.post(post)}{number}/"

    def linked(self, post: Card | Post) -> str:
        """Return the address by which bodies and Related Posts link a post."""
        return self.origin + addresses.linked_path(post, self.switches)

    def category(self, slug: str) -> str:
        """Return a section's archive."""
        return self.origin + addresses.category_path(slug, self.switches)

    def tag(self, name: str) -> str:
        """Return a tag's archive."""
        return self.origin + addresses.tag_path(name)

    def author(self, slug: str) -> str:
        """Return an author's archive."""
        return self.origin + addresses.author_path(slug)

    def image(self, picture: Picture) -> str:
        """Return a picture's full-size file."""
        return self.origin + addresses.image_path(picture)

    def resized(self, picture: Picture, width: int, height: int) -> str:
        """Return a resized file of a picture."""
        return self.origin + addresses.resized_path(picture, width, height)

    def resolve(self, html: str) -> str:
        """Return a piece of a body with its addresses filled in."""
        return addresses.resolve(html, self.content, self.switches, self.origin)

    def card_date(self, post: Card | Post) -> str:
        """Return the date line of a card."""
        return dating.card(post, self.switches, self.now)

    def single_date(self, post: Card | Post) -> str:
        """Return the date line of an article's own page."""
        return dating.single(post, self.switches, self.now)

    @staticmethod
    def primary(post: Card | Post) -> str:
        """Return the slug of the category that breadcrumb and label name."""
        return post.categories[0]

    def label(self, slug: str) -> str:
        """Return a category's name."""
        return self.face.by_key[slug].name

    def title(self, post: Card | Post) -> str:
        """Return a post's title as get_the_title() does."""
        prefix = f"{self.face.words.protected}: " if PROTECTED in post.edge_cases else ""
        return prefix + post.title

    def own(self, url: str) -> str:
        """Return the address of a file that an editor has linked, at the face's own host."""
        is_default = self.switches.face == faces.DEFAULT
        return url if is_default else url.replace(site_constants.LIVE, self.origin)

    def index_of(self, path: str) -> int | None:
        """Return the index of the post whose address a path is, whatever stands before its slug."""
        if self.switches.permalinks != "number":
            return self.content.by_path(path)
        base, _, number = path.strip("/").rpartition("/")
        is_number = base == addresses.NUMBERED and number.isascii() and number.isdecimal()
        return self.content.index_of(int(number)) if is_number and len(number) < 10 else None
