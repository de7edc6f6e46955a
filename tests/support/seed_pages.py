"""Article pages from which generated tests start: of the theme, of stock themes and of others."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import newscrawl
from benchmarks import unknown_layouts
from tests.support.crawling import ROOT
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme import stock
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from newscrawl.items import Article
    from twin.model import Post

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
_ORIGIN = "http://127.0.0.1:8000"
_SIZE = 50
_SAVED = ROOT / "tests" / "data" / "pages"
_CASES = ROOT / "tests" / "data" / "cases"
_LOOKS = {
    "jnews": Switches(),
    "jnews-2": Switches(template="2", metadata="none", visible_date="published"),
    "jnews-7": Switches(template="7", metadata="jnews", images="normal", furniture=False),
}
"""The theme with its usual settings and two others."""
_POSTS = 3


@dataclass(frozen=True)
class SeedPage:
    """An article page and its address."""

    html: str
    url: str

    def extract(self, html: str | None = None) -> Article | None:
        """Return the article on the page, or on `html` at its address."""
        return newscrawl.extract(html if html is not None else self.html, self.url, fetched_at=NOW)


THEME = [f"{look} {number}" for look in _LOOKS for number in range(_POSTS)]
STOCK = [
    f"{theme}-{metadata} {number}"
    for theme in stock.THEMES
    for metadata in ("yoast", "none")
    for number in range(_POSTS)
]
UNKNOWN = [
    f"{family}/{metadata} 0"
    for family in unknown_layouts.FAMILIES
    for metadata in ("metadata", "bare")
]
SAVED = sorted(
    str(path.relative_to(ROOT))
    for folder in (_SAVED, _CASES)
    for path in folder.iterdir()
    if (path / "page.html").exists()
)
LAYOUTS = [*THEME, *STOCK, *UNKNOWN]
"""Names of pages that are made; those of each layout have the same markup around their articles."""
NAMES = [*LAYOUTS, *SAVED]


@cache
def seed_page(name: str) -> SeedPage:
    """Return the page of a name in `NAMES`."""
    if name in SAVED:
        return _saved(name)
    look, _, number = name.rpartition(" ")
    if look in _LOOKS:
        return _themed(look, int(number))
    if "/" in look:
        family, _, metadata = look.partition("/")
        made = unknown_layouts.pages(family, 1, has_metadata=metadata == "metadata")[0]
        return SeedPage(made.html, made.story.url)
    theme, _, metadata = look.partition("-")
    site = _site(Switches(metadata=metadata, inline_related=False))
    post = _posts()[int(number)]
    return SeedPage(stock.article(site, post, theme), _ORIGIN + addresses.path(post, site.switches))


@cache
def article_of(name: str) -> Article | None:
    """Return what is read of a page as it is."""
    return seed_page(name).extract()


def _saved(name: str) -> SeedPage:
    folder = ROOT / name
    html = (folder / "page.html").read_bytes().decode("utf-8", "replace")
    if (folder / "url.txt").exists():
        return SeedPage(html, (folder / "url.txt").read_text(encoding="utf-8").strip())
    return SeedPage(html, json.loads((folder / "meta.json").read_text(encoding="utf-8"))["url"])


def _themed(look: str, number: int) -> SeedPage:
    site = _site(_LOOKS[look])
    path = addresses.path(_posts()[number], site.switches)
    return SeedPage(answer(site, Asked(path)).encoded().decode(), _ORIGIN + path)


@cache
def _content() -> Content:
    return Content(size=_SIZE)


@cache
def _site(switches: Switches) -> Site:
    return Site(_content(), switches, _ORIGIN, Index(_content()))


@cache
def _posts() -> list[Post]:
    """The first posts that every theme shows whole."""
    whole = [
        post
        for post in _content().posts
        if not (post.locked or len(post.pages) > 1 or post.film or post.gallery)
    ]
    return whole[:_POSTS]
