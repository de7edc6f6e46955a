"""The twelve sections of the menu, as WordPress categories."""

from __future__ import annotations

from twin.model import Category

SECTIONS: tuple[Category, ...] = (
    Category(2, "Cronaca", "cronaca"),
    Category(3, "Politica", "politica"),
    Category(4, "Economia", "economia"),
    Category(5, "Esteri", "esteri"),
    Category(6, "Sport", "sport"),
    Category(7, "Calcio", "calcio", "sport"),
    Category(8, "Spettacoli", "spettacoli"),
    Category(11, "Salute", "salute"),
    Category(12, "Tecnologia", "tecnologia"),
    Category(14, "Cultura", "cultura"),
    Category(15, "Ambiente", "ambiente"),
    Category(19, "Video", "video", "cronaca"),
)

BY_SLUG: dict[str, Category] = {c.slug: c for c in SECTIONS}


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
    """Tell whether a post of these categories belongs to a section or a child of it."""
    return not members(slug).isdisjoint(categories)
