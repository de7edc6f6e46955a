"""Addresses of the sections' archives, from the menu or by the site's usual paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.menu import MenuItem
    from newscrawl.sites import Section, Site


def archive_addresses(items: Iterable[MenuItem], site: Site) -> dict[str, str]:
    """Return section slug to archive address, for each section that states it or is in the menu.

    Labels are matched, not addresses: a site may change its category base at any time.
    """
    by_label: dict[str, str] = {}
    for item in items:
        by_label.setdefault(item.label.casefold(), item.url)
    addresses = {
        section.slug: section.url or by_label.get(section.label.casefold())
        for section in site.sections
    }
    return {slug: url for slug, url in addresses.items() if url is not None}


def usual_addresses(section: Section, site: Site) -> list[str]:
    """Return the usual addresses of a section's archive, the most likely first.

    That is the one that the section states, if it does.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> usual_addresses(EXAMPLE.sections[2], EXAMPLE)
    ['https://www.example.it/category/sport/calcio/', 'https://www.example.it/sport/calcio/']
    """
    if section.url is not None:
        return [section.url]
    path = f"{section.parent}/{section.slug}" if section.parent else section.slug
    paths = [template.format(path=path) for template in site.archive_paths]
    return [site.origin + (path if site.trailing_slash else path.rstrip("/")) for path in paths]
