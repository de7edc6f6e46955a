"""The sites that a twin can be: the default one and other WordPress sites, each a file of data."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - msgspec reads the annotations
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from twin.dating import MONTHS
from twin.model import Category, Switches
from twin.sections import BY_SLUG, SECTIONS, chain
from twin.toml_files import FOLDER, Table, read

DEFAULT = "alanews"


class FaceSection(Table, frozen=True):
    """What a face calls one of the site definition's sections."""

    slug: str
    label: str


class StaticPage(Table, frozen=True):
    """A page that is not an article."""

    title: str
    paragraphs: tuple[str, ...]


class Words(Table, frozen=True):
    """What a stock theme says in the site's language."""

    posted: str
    by: str
    categories: str
    tags: str
    protected: str
    recent: str
    more: str
    comments: str
    comment: str
    previous: str
    next: str
    pages: str
    not_found: str
    search: str
    archives: Mapping[str, str]
    """The heading of an archive by its kind: Category, Tag, Author, Day, Month, Year."""


class Face(Table, frozen=True, dict=True):
    """Facts about one site; the sections are keyed by the slugs of the site definition."""

    name: str
    description: str
    lang: str
    """As the html element states it: it-IT."""
    timezone: str
    footer: str
    """The owner's line; `{registration}` is replaced."""
    date_format: str
    """Of the stock themes, with {day}, {month}, {year}, {d:02} and {m:02}."""
    words: Words
    pages: Mapping[str, StaticPage]
    switches: Mapping[str, Any] = {}
    """Switches whose default is another one on this site."""
    sections: Mapping[str, FaceSection] = {}
    months: tuple[str, ...] = MONTHS
    external: tuple[str, str] | None = None
    """Address and label of a menu entry on another site."""
    registration: str | None = None
    """The part of the footer's line that names the court and the number."""

    @property
    def language(self) -> str:
        """The primary subtag of `lang`."""
        return self.lang.partition("-")[0]

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def title_suffix(self) -> str:
        """What og:title and the title element add to a headline."""
        return f" - {self.name}"

    @property
    def owner(self) -> str:
        """The owner's line of the footer."""
        return self.footer.replace("{registration}", self.registration or "")

    @cached_property
    def by_key(self) -> dict[str, Category]:
        """The sections as the site has them, by the slugs of the site definition."""
        if not self.sections:
            return BY_SLUG
        own = {c.slug: self.sections.get(c.slug) or FaceSection(c.slug, c.name)
               for c in SECTIONS}  # fmt: skip
        return {
            c.slug: Category(c.id, own[c.slug].label, own[c.slug].slug, c.parent) for c in SECTIONS
        }

    @cached_property
    def keys(self) -> dict[str, str]:
        """The slugs of the site definition by the site's own."""
        return {category.slug: key for key, category in self.by_key.items()}

    def chain(self, key: str) -> tuple[Category, ...]:
        """Return a section with its parents before it."""
        return tuple(self.by_key[category.slug] for category in chain(key))

    def day(self, moment: Any) -> str:
        """Return a date as the stock themes print it."""
        return self.date_format.format(
            day=moment.day, month=self.months[moment.month - 1], year=moment.year,
            d=moment.day, m=moment.month,
        )  # fmt: skip


NAMES: tuple[str, ...] = tuple(
    sorted(Path(file).stem for file in (FOLDER / "data/faces").glob("*.toml"))
)


@cache
def face(name: str) -> Face:
    """Return a site by its name.

    Raises:
        ValueError: there is no such site, or its file is wrong.
    """
    if name not in NAMES:
        raise ValueError(f"face {name}: one of {', '.join(NAMES)}")
    return read(f"data/faces/{name}.toml", Face)


def of(switches: Switches) -> Face:
    """Return the site that the switches name."""
    return face(switches.face)


def switches(values: Mapping[str, Any]) -> Switches:
    """Return the switches of a site: its own defaults, but for the values given.

    >>> switches({"face": "jnews", "hero": False}).visible_date
    'custom'
    """
    return Switches(**{**face(values.get("face", DEFAULT)).switches, **values})
