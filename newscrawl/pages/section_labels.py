"""Reads an article's sections from all sources that name them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newscrawl.pages.provenance import Provenance
    from newscrawl.sites import Section, Site


# WordPress's category of posts without one, in the languages of newsrooms.
_NO_CATEGORY = frozenset(
    {
        *("senza categoria", "uncategorized", "uncategorised", "non categorizzato", "non classé"),
        *("sin categoría", "unkategorisiert", "nicht kategorisiert", "sem categoria"),
    }
)
_SEPARATORS = re.compile(r"[,;|/>]")


class SectionNames(NamedTuple):
    """The section names on a page, each in the order of its source."""

    breadcrumbs: tuple[str, ...]
    labels: tuple[str, ...]
    """Category labels of the byline."""
    jsonld: tuple[str, ...]
    meta: tuple[str, ...]
    slugs: tuple[str, ...]
    """Slugs of categories in the URL."""

    def without(self, titles: Iterable[str]) -> SectionNames:
        """Return the names but for those that are titles of the article."""
        known = {title.casefold() for title in titles} | _NO_CATEGORY

        def kept(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple([name for name in names if name.casefold() not in known])

        return SectionNames(
            breadcrumbs=kept(self.breadcrumbs),
            labels=kept(self.labels),
            jsonld=kept(self.jsonld),
            meta=kept(self.meta),
            slugs=self.slugs,
        )


def read_sections(
    names: SectionNames, site: Site, provenance: Provenance
) -> tuple[str | None, list[str]]:
    """Return the main section, as the menu names it, and all sections, parents first.

    Only the breadcrumb names the primary category: WordPress picks that of the URL by lowest
    id, metadata list categories in any order (JNews 11.6.10). See decision 2.
    """
    main, labels, source, others = _sections(names, site)
    if source is not None:
        provenance.note("section", source)
    for other, label in others:
        provenance.disagree("section", other, label)
    return main, [*labels]


class _Sections(NamedTuple):
    """What names say of the sections."""

    main: str | None
    labels: tuple[str, ...]
    source: str | None
    """Of the main section."""
    others: tuple[tuple[str, str], ...]
    """Sources that name another main section, with that."""


# The articles of a section name the same.
@lru_cache(maxsize=256)
def _sections(names: SectionNames, site: Site) -> _Sections:
    by_label, by_slug = _index(site)
    url = [by_slug[slug].label for slug in names.slugs if slug in by_slug]
    labels: dict[str, None] = {}
    jsonld, meta = (_separated(stated, by_label) for stated in (names.jsonld, names.meta))
    for name in [*names.breadcrumbs, *names.labels, *jsonld, *meta, *url]:
        section = by_label.get(name.casefold())
        if section and section.parent:
            labels.setdefault(by_slug[section.parent].label)
        labels.setdefault(section.label if section else name)
    main: str | None = None
    main_source: str | None = None
    others: list[tuple[str, str]] = []
    shown = _only(names.labels, by_label)
    for source, stated in (
        ("visible", names.breadcrumbs[-1:]),
        ("meta", meta[:1]),
        ("jsonld", jsonld[:1]),
        ("url", url[-1:]),
        ("visible", shown),
    ):
        for name in stated:
            section = by_label.get(name.casefold())
            label = section.label if section else name
            if main is None:
                main, main_source = label, source
            elif label != main and stated is not shown:
                others.append((source, label))
    return _Sections(main, tuple(labels), main_source, tuple(others))


def _only(labels: tuple[str, ...], by_label: dict[str, Section]) -> list[str]:
    """Return the label of the only section shown, or of the only one below those above it."""
    sections = [by_label.get(label.casefold()) for label in labels]
    parents = {section.parent for section in sections if section}
    lowest = [
        label
        for label, section in zip(labels, sections, strict=True)
        if section is None or section.slug not in parents
    ]
    return lowest if len({label.casefold() for label in lowest}) == 1 else []


def _separated(names: tuple[str, ...], by_label: dict[str, Section]) -> list[str]:
    """Return names of sections; a text that holds several of the menu's is separated."""
    separated: list[str] = []
    for name in names:
        parts = [part.strip() for part in _SEPARATORS.split(name) if part.strip()]
        has_several = name.casefold() not in by_label and len(parts) > 1
        # All in One SEO states the categories and the tags in one text.
        known = [part for part in parts if part.casefold() in by_label]
        is_begun = "," in name and known[:1] == parts[:1]
        is_list = known and (len(known) == len(parts) or is_begun)
        separated += known if has_several and is_list else [name]
    return separated


@lru_cache(maxsize=8)
def _index(site: Site) -> tuple[dict[str, Section], dict[str, Section]]:
    return (
        {section.label.casefold(): section for section in site.sections},
        {section.slug: section for section in site.sections},
    )
