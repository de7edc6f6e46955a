"""The menu: where each section's archive is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.menu import MenuItem
    from newscrawl.sites import Section, Site


def archive_addresses(items: Iterable[MenuItem], site: Site) -> dict[str, str]:
    """Return section slug to archive address, for each section whose label the menu has.

    Labels count, not addresses: a site may move its category base at any time.
    """
    by_label: dict[str, str] = {}
    for item in items:
        by_label.setdefault(item.label.casefold(), item.url)
    return {
        section.slug: by_label[section.label.casefold()]
        for section in site.sections
        if section.label.casefold() in by_label
    }


def usual_addresses(section: Section, site: Site) -> list[str]:
    """Return where a section's archive usually is, the likeliest first.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> usual_addresses(EXAMPLE.sections[2], EXAMPLE)
    ['https://www.example.it/category/sport/calcio/', 'https://www.example.it/sport/calcio/']
    """
    path = f"{section.parent}/{section.slug}" if section.parent else section.slug
    return [site.origin + shape.format(path=path) for shape in site.archive_paths]
