"""The sections of a site, from its menu and from REST's categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.sites import Section
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newscrawl.discovery.site_facts import Category
    from newscrawl.pages.menu import MenuItem
    from newscrawl.urls import SiteUrls

MAX_SECTIONS = 100


def sections_of_menu(
    items: Iterable[MenuItem], urls: SiteUrls, categories: Sequence[Category] = ()
) -> tuple[Section, ...]:
    """Return the sections that a menu names, then the categories that it does not lead to."""
    by_link = {urls.canonical(category.link): category for category in categories}
    chosen: dict[str, Section] = {}
    for item in items:
        category = by_link.get(item.url)
        if category is not None:
            chosen.setdefault(category.slug, Section(category.slug, category.name, url=item.url))
        elif not categories and urls.understand(item.url).kind is Kind.ARCHIVE:
            slug = item.url.rstrip("/").rpartition("/")[2]
            chosen.setdefault(slug, Section(slug, item.label, url=item.url))
    for url, category in by_link.items():
        if category.count and not category.parent:
            chosen.setdefault(category.slug, Section(category.slug, category.name, url=url))
    return tuple(chosen.values())[:MAX_SECTIONS]
