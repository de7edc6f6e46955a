"""Reads an article's sections from all sources that name them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.pages.provenance import Provenance
    from newscrawl.sites import Section, Site


@dataclass(frozen=True, slots=True)
class SectionNames:
    """The section names on a page, each list in the order of its source."""

    breadcrumbs: list[str]
    labels: list[str]
    """Category labels of the byline."""
    jsonld: list[str]
    meta: list[str]
    slugs: tuple[str, ...]
    """Slugs of categories in the URL."""


def read_sections(
    names: SectionNames, site: Site, provenance: Provenance
) -> tuple[str | None, list[str]]:
    """Return the main section, as the menu names it, and all sections, parents first.

    Only the breadcrumb names the primary category: WordPress picks that of the URL by lowest
    id, metadata list categories in any order (JNews 11.6.10). See decision 2.
    """
    by_label, by_slug = _index(site)
    url = [by_slug[slug].label for slug in names.slugs if slug in by_slug]
    labels: dict[str, None] = {}
    for name in [*names.breadcrumbs, *names.labels, *names.jsonld, *names.meta, *url]:
        section = by_label.get(name.casefold())
        if section and section.parent:
            labels.setdefault(by_slug[section.parent].label)
        labels.setdefault(section.label if section else name)
    main: str | None = None
    for source, stated in (
        ("visible", names.breadcrumbs[-1:]),
        ("meta", names.meta[:1]),
        ("jsonld", names.jsonld[:1]),
        ("url", url[-1:]),
    ):
        for name in stated:
            section = by_label.get(name.casefold())
            label = section.label if section else name
            if main is None:
                main = label
                provenance.note("section", source)
            elif label != main:
                provenance.disagree("section", source, label)
    return main, list(labels)


@lru_cache(maxsize=8)
def _index(site: Site) -> tuple[dict[str, Section], dict[str, Section]]:
    return (
        {section.label.casefold(): section for section in site.sections},
        {section.slug: section for section in site.sections},
    )
