"""An article's sections, from all that names them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newscrawl.pages.provenance import Provenance
    from newscrawl.sites import Section, Site


@dataclass(frozen=True, slots=True)
class SectionNames:
    """What names sections on a page, each in the order of its source."""

    breadcrumbs: list[str]
    labels: list[str]
    """Category labels of the byline."""
    jsonld: list[str]
    meta: list[str]
    slugs: tuple[str, ...]
    """Slugs of categories in the address."""


def read_sections(
    names: SectionNames, site: Site, findings: Provenance
) -> tuple[str | None, list[str]]:
    """Return the main section, as the menu names it, and all of them, parents first.

    The breadcrumb is the one place that names the primary category: WordPress picks the
    address's by lowest id, metadata list categories in any order (JNews 11.6.10, tried).
    """
    by_label, by_slug = _index(site)
    url = [by_slug[slug].label for slug in names.slugs if slug in by_slug]
    found: dict[str, None] = {}
    for name in [*names.breadcrumbs, *names.labels, *names.jsonld, *names.meta, *url]:
        section = by_label.get(name.casefold())
        if section and section.parent:
            found.setdefault(by_slug[section.parent].label)
        found.setdefault(section.label if section else name)
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
                findings.note("section", source)
            elif label != main:
                findings.disagree("section", source, label)
    return main, list(found)


@lru_cache(maxsize=8)
def _index(site: Site) -> tuple[dict[str, Section], dict[str, Section]]:
    return (
        {section.label.casefold(): section for section in site.sections},
        {section.slug: section for section in site.sections},
    )
