"""Which sections WordPress's categories belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.discovery.categories import Category
    from newscrawl.urls import SiteUrls

_MAX_DEPTH = 20
"""Categories above a category; WordPress does not prevent circles."""


class SectionCategories:
    """The sections of a site and the categories that REST lists."""

    def __init__(self, urls: SiteUrls, listed: Sequence[Category]) -> None:
        sections = urls.site.sections
        self._parents = {section.slug: section.parent for section in sections}
        self._categories = {category.id: category for category in listed}
        by_url = {section.url: section.slug for section in sections if section.url}
        self._own = {
            category.id: category.slug
            if category.slug in self._parents
            else by_url.get(urls.canonical(category.link))
            for category in listed
        }

    def sections_of(self, ids: Iterable[int]) -> tuple[str, ...]:
        """Return the slugs of the sections that a post with these categories is in.

        Included are the sections above; a category of no section counts as one. An id that is
        not listed is left out.
        """
        found = (slug for number in ids for slug in self._of_category(number))
        return tuple(dict.fromkeys(found))

    def ids_of(self, section: str) -> tuple[int, ...]:
        """Return the ids of the categories whose posts are in a section."""
        return tuple(
            number for number in self._categories if section in self._of_category(number)
        )  # fmt: skip

    def _of_category(self, number: int) -> list[str]:
        found: dict[str, None] = {}
        category = first = self._categories.get(number)
        for _ in range(_MAX_DEPTH):
            if category is None:
                break
            slug = self._own[category.id]
            while slug is not None and slug not in found:
                found[slug] = None
                slug = self._parents.get(slug)
            category = self._categories.get(category.parent or 0)
        return [*found] or ([first.slug] if first else [])
