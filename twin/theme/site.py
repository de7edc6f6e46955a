"""The site as asked at one address: content, switches and the URLs the theme prints."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from twin import addresses, dating
from twin.sections import BY_SLUG
from twin.theme import cards

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from twin.content import Content
    from twin.model import Card, Picture, Post, Switches
    from twin.theme.index import Index

THEME = "/wp-content/themes/jnews"
VERSION = "11.6.10"
CACHE = 5000
"""Pieces of pages kept; a card takes about 2 kB."""
CARDS = {"related": cards.related, "archive": cards.archive, "index": cards.index}
PROTECTED = "Protetto: "
"""What WordPress puts before the title of a post with a password."""


class Site:
    """Everything a page needs besides its own post."""

    def __init__(self, content: Content, switches: Switches, origin: str, index: Index) -> None:
        self.content = content
        self.switches = switches
        self.origin = origin
        self.index = index
        self.empty_image = f"{origin}{THEME}/assets/img/jeg-empty.png"
        self._cache: OrderedDict[str, str] = OrderedDict()

    def cached(self, key: str, make: Callable[[], str]) -> str:
        """Return a piece of a page that is the same wherever it stands."""
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = make()
            if len(self._cache) > CACHE:
                self._cache.popitem(last=False)
        return found

    def card(self, kind: str, card: Card) -> str:
        """Return a card in one of its forms: related, archive or index."""
        return self.cached(f"{kind} {card.id}", lambda: CARDS[kind](self, card))

    def related(self, post: Card | Post, number: int) -> list[Card]:
        """Return the newest posts of the same categories, or tags, without the post itself."""
        return self.content.related(post, self.switches, number)

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

    @staticmethod
    def label(slug: str) -> str:
        """Return a category's name."""
        return BY_SLUG[slug].name

    @staticmethod
    def title(post: Card | Post) -> str:
        """Return a post's title as get_the_title() does."""
        return PROTECTED + post.title if "protected" in post.edge_cases else post.title
