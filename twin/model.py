"""The model of the twin's site: posts, people, sections and switches.

The model is pure data. `content` fills it from a seed number, `theme` prints it as
pages, `truth` says what a faultless crawler must read from those pages.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Category:
    """A WordPress category; `parent` is a slug."""

    id: int
    name: str
    slug: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """An author with a page of their own."""

    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A file under /wp-content/uploads/ (path without leading slash) with its words."""

    path: str
    alt: str
    caption_text: str | None = None
    """The one line the theme prints under it: "Ansa", "Didascalia | Ansa" or "Didascalia"."""
    width: int = 1200
    height: int = 675


@dataclass(frozen=True, slots=True)
class Film:
    """A featured or embedded video."""

    url: str
    kind: str
    """youtube, vimeo, dailymotion, mp4 or iframe."""
    title: str | None = None
    poster: Picture | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One piece of a post's body, as an editor put it there.

    kind: paragraph, heading, list, quote, image, video, tweet, table, readalso, notice.
    `html` is inner HTML of a paragraph (may hold strong, em, a, br); `items` are list
    entries or table rows (cells separated by a tab); `cite` belongs to a quote.
    `notice` is the house's boilerplate line, `readalso` a "Leggi anche:" line.
    """

    kind: str
    html: str = ""
    level: int | None = None
    items: tuple[str, ...] = ()
    picture: Picture | None = None
    film: Film | None = None
    cite: str | None = None


PROTECTED = "protected"
EMBARGO = "embargo"
LOCKS = frozenset({PROTECTED, EMBARGO})
"""Edge cases of posts whose pages have no text: password form, or nothing."""


@dataclass(frozen=True, slots=True)
class Card:
    """All of a published article but its text. Times are aware, in Europe/Rome, to the second."""

    id: int
    slug: str
    title: str
    subtitle: str | None
    authors: tuple[Person, ...]
    published: datetime
    modified: datetime
    categories: tuple[str, ...]
    """Slugs, the primary one first."""
    tags: tuple[str, ...]
    picture: Picture | None
    format: str = "standard"
    film: Film | None = None
    gallery: tuple[Picture, ...] = ()
    url_category: str | None = None
    """Slug of the category in its address when that is not the primary one."""
    accessible_for_free: bool | None = None
    sponsor: str | None = None
    source: tuple[str, str] | None = None
    """Name and address in the theme's "Source:" line."""
    via: tuple[str, str] | None = None
    edge_cases: frozenset[str] = frozenset()
    """Names of the post's edge cases; see twin/README.md."""

    @property
    def locked(self) -> bool:
        """Whether its page has no text: a password or an embargo."""
        return not self.edge_cases.isdisjoint(LOCKS)


CARD_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Card))


@dataclass(frozen=True, slots=True)
class Post(Card):
    """A published article."""

    pages: tuple[tuple[Node, ...], ...] = ()
    """Bodies of the pages of one article; nearly always one."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What is not known of the real site; the defaults are the likeliest."""

    face: str = "alanews"
    """Which site: a file of data/faces. `faces.switches` gives a site's own defaults."""
    permalinks: str = "dated"
    """dated (/YYYY/MM/DD/cat/slug/), day (/YYYY/MM/DD/slug/), named (/cat/slug/), postname
    (/slug/), number (/archivi/ID/), changed-redirect (dated; old posts' named addresses still
    linked from bodies and Related Posts and answered by 301) or changed-both (the same without
    redirects: both answer 200, canonical is dated)."""
    category_base: str = "category"
    """category (/category/esteri/), bare (/esteri/) or another word such as categoria."""
    metadata: str = "yoast"
    """yoast, jnews (the theme's plugin: naive dates), both, none."""
    visible_date: str = "modified"
    """published, modified, both, ago, or custom (d/m/Y H:i of the modified date)."""
    archive: str = "nav_1"
    """nav_1, nav_2, nav_3, nextprev, loadmore, scrollload, or scroll: an empty list that a
    script fills while the page is scrolled, without anything to ask by."""
    hero: bool = True
    images: str = "lazy"
    """lazy, normal, background."""
    template: str = "1"
    """1 to 10, or custom (page builder)."""
    coauthors: bool = True
    furniture: bool = False
    """Author box, avatar, category, reading time, zoom, prev/next, popup, comments count."""
    inline_related: bool = True
    related: str = "category"
    """category, tag or off."""
    ajax: str = "open"
    """open, forbidden (403) or disallowed (robots.txt)."""
    menu: str = "full"
    """full, or stale: sections renamed so that no label of ours is found."""
    h1: str = "theme"
    """theme, or lost: a child theme without h1.jeg_post_title on video posts."""
    tdm: str = "off"
    """off, header, meta or wellknown."""
    layout: str = "jnews"
    """jnews, redesign (another theme altogether; JSON-LD and meta as `metadata` says), or a stock
    theme of WordPress: classic, block or builder."""
    script_pages: bool = False
    """Whether a script fetches the text of video posts and of posts in several pages."""
    page_links: str = "theme"
    """Links between the pages of an article: theme, wordpress (the numbers of `wp_link_pages`) or
    next (one link to the next page)."""
    rewrites: bool = False
    """Near-duplicate posts and look-alikes among the others, as `near_duplicates.py` says."""
