"""The sections of the site definition's menu, as WordPress categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.sites import ALANEWS
from twin.model import Category
from twin.toml_files import Table, read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.sites import Section

DEFAULT_SHARE = 3
"""Share of the posts of a section that data/sections.toml does not know."""
ASSURED = 2
"""Posts that such a section has at least, whatever the twin's size."""


class Known(Table, frozen=True):
    """What data/sections.toml says of a section."""

    id: int
    """WordPress's id of the category."""
    share: int
    """Its part of the generated posts, in proportion to the others."""
    also: str
    """Slug of the section that its posts with two sections also belong to."""


def categories(sections: Sequence[Section], known: Mapping[str, Known]) -> tuple[Category, ...]:
    """Return a menu's sections; those not known get the ids after the last known one.

    >>> from newscrawl.sites import Section
    >>> cronaca = Known(id=2, share=9, also="sport")
    >>> categories([Section("moda", "Moda"), Section("cronaca", "Cronaca")], {"cronaca": cronaca})
    (Category(id=3, name='Moda', slug='moda', parent=None), \
Category(id=2, name='Cronaca', slug='cronaca', parent=None))
    """
    last = max(entry.id for entry in known.values())
    added = [section.slug for section in sections if section.slug not in known]
    ids = {slug: entry.id for slug, entry in known.items()}
    ids |= {slug: last + number for number, slug in enumerate(added, 1)}
    return tuple(Category(ids[s.slug], s.label, s.slug, s.parent) for s in sections)


_KNOWN = read("data/sections.toml", dict[str, Known])

SECTIONS: tuple[Category, ...] = categories(ALANEWS.sections, _KNOWN)
"""In the order of the menu."""
BY_SLUG: dict[str, Category] = {c.slug: c for c in SECTIONS}
_ADDED = tuple(c.slug for c in SECTIONS if c.slug not in _KNOWN)
ASSURED_POSTS: tuple[str, ...] = _ADDED * ASSURED
"""Sections of the first generated posts."""
MIX: tuple[str, ...] = tuple(
    slug
    for slug, share in (
        *((slug, entry.share) for slug, entry in _KNOWN.items() if slug in BY_SLUG),
        *((slug, DEFAULT_SHARE) for slug in _ADDED),
    )
    for _ in range(share)
)
"""Sections of the other generated posts, each as often as its share."""


def also(slug: str) -> str:
    """Return the section that posts of a section also belong to when they have two."""
    if slug in _KNOWN and _KNOWN[slug].also in BY_SLUG:
        return _KNOWN[slug].also
    return BY_SLUG[slug].parent or next(c.slug for c in SECTIONS if c.slug != slug)


def chain(slug: str) -> tuple[Category, ...]:
    """Return a category with its parents before it.

    >>> [c.name for c in chain("calcio")]
    ['Sport', 'Calcio']
    """
    category = BY_SLUG[slug]
    return (*chain(category.parent), category) if category.parent else (category,)


def members(slug: str) -> frozenset[str]:
    """Return the slugs of a category and its children.

    >>> sorted(members("sport"))
    ['calcio', 'sport']
    """
    return frozenset(c.slug for c in SECTIONS if slug in (c.slug, c.parent))


def belongs(categories: tuple[str, ...], slug: str) -> bool:
    """Return whether a post of these categories belongs to a section or a child of it."""
    return not members(slug).isdisjoint(categories)
