"""The sections of a site that nobody has defined: by its menus and its categories."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from unicodedata import normalize

from newscrawl.pages.menu import has_category_base, is_static_page, path_segments
from newscrawl.sites.definition import Section
from newscrawl.sites.list_addresses import without_page
from newscrawl.urls import Kind, SiteUrls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newscrawl.discovery.categories import Category
    from newscrawl.pages.menu import MenuItem
    from newscrawl.sites import Site

MAX_SECTIONS = 100
_NEWS_BASES = frozenset({"notizie", "news", "archivio", "archivi", "blog"})
"""Words before a section's own in addresses, which articles may have too."""
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_NOT_LISTS = frozenset(
    {Kind.TAG, Kind.AUTHOR, Kind.DAY, Kind.HOME, Kind.FEED, Kind.FILE}
    | {Kind.EMBED, Kind.SERVICE, Kind.FOREIGN, Kind.TRAP}
)


@dataclass(frozen=True, slots=True)
class _Archive:
    """An archive of a category, by its address."""

    url: str
    label: str
    above: tuple[str, ...] = ()
    """Addresses of the archives that it may be below, the nearest first."""
    slug: str = ""
    """As REST states it; empty if it is the last part of the address."""


def sections_of_menu(
    items: Sequence[MenuItem], urls: SiteUrls, categories: Iterable[Category] = ()
) -> tuple[Section, ...]:
    """Return the sections of a site: its menus' entries that are archives of categories.

    Further categories that have posts follow, without those below one in the menu. At most 100
    sections are returned, in the menu's order, parents before children.

    Args:
        items: the menus' entries, as `MenuPage.items` returns them.
        urls: the site's URLs.
        categories: the site's categories, if its REST API lists them.

    >>> from newscrawl.pages.menu import MenuItem
    >>> from newscrawl.sites.example import EXAMPLE
    >>> from newscrawl.urls import SiteUrls
    >>> entries = [("Sport", "/sport/"), ("Vela", "/sport/vela/"), ("Contatti", "/contatti/")]
    >>> menu = [MenuItem(label, f"https://www.example.it{path}") for label, path in entries]
    >>> [(one.slug, one.label, one.parent) for one in sections_of_menu(menu, SiteUrls(EXAMPLE))]
    [('sport', 'Sport', None), ('vela', 'Vela', 'sport')]
    """
    known = _Categories(categories, urls)
    archives: dict[str, _Archive] = {}
    for archive in _of_menu(items, urls, known):
        archives.setdefault(archive.url, archive)
    for archive in known.without({*archives}):
        archives.setdefault(archive.url, archive)
    return _sections(archives)


def sections_of_site(
    items: Iterable[MenuItem], site: Site, categories: Iterable[Category] = ()
) -> tuple[Section, ...]:
    """Return the sections of a site by the addresses that it uses for itself.

    Args:
        items: the menus' entries, with addresses of any of the site's hosts.
        site: the site as far as it is known.
        categories: the site's categories, if its REST API lists them.
    """
    urls = SiteUrls(site)
    own = [replace(item, url=urls.canonical(item.url)) for item in items]
    return sections_of_menu(own, urls, categories)


class _Categories:
    """The site's categories and the addresses of their archives."""

    def __init__(self, categories: Iterable[Category], urls: SiteUrls) -> None:
        self._by_id = {category.id: category for category in categories}
        self._urls = {
            number: urls.canonical(category.link) for number, category in self._by_id.items()
        }
        self._ids = {url: number for number, url in self._urls.items()}
        self._by_slug = {category.slug.lower(): number for number, category in self._by_id.items()}

    def __bool__(self) -> bool:
        return bool(self._by_id)

    def archive(self, url: str) -> _Archive | None:
        """Return the archive at an address, which may be that of another category base."""
        number = self._ids.get(url)
        if number is None and has_category_base(url):
            number = self._by_slug.get(path_segments(url)[-1])
        return None if number is None else self._archive(number)

    def _archive(self, number: int) -> _Archive:
        above = [self._urls[parent] for parent in self._above(number)]
        category = self._by_id[number]
        slug = category.slug.lower() if "?" in self._urls[number] else ""
        return _Archive(self._urls[number], category.name, tuple(above), slug)

    def _above(self, number: int) -> list[int]:
        """Return the ids of the categories above one, the nearest first."""
        above: list[int] = []
        parent = self._by_id[number].parent
        while parent in self._by_id and parent not in {number, *above}:
            above.append(parent)
            parent = self._by_id[parent].parent
        return above

    def without(self, urls: set[str]) -> list[_Archive]:
        """Return the archives with posts that are neither among addresses nor below one of them.

        Parents are before children.
        """
        archives = [
            self._archive(number) for number, category in self._by_id.items() if category.count > 0
        ]
        archives.sort(key=lambda archive: len(archive.above))
        return [
            archive
            for archive in archives
            if archive.url not in urls and not urls & {*archive.above}
        ]


def _of_menu(items: Sequence[MenuItem], urls: SiteUrls, known: _Categories) -> Iterator[_Archive]:
    """Yield the archives that the menus lead to."""
    accepted: set[str] = set()
    for item in items:
        url = without_page(item.url)
        archive = known.archive(url)
        if archive is not None:
            yield archive
        elif _may_be_archive(item, url, urls, accepted, is_listed=bool(known)):
            accepted.add(url)
            yield _Archive(
                url, item.label, (*_paths_above(url, urls), *([item.parent] if item.parent else []))
            )


def _may_be_archive(
    item: MenuItem, url: str, urls: SiteUrls, accepted: set[str], *, is_listed: bool
) -> bool:
    """Return whether an entry that no list of categories has is the archive of one.

    Args:
        item: the entry.
        url: the address of its first page.
        urls: the site's URLs.
        accepted: addresses of archives before it.
        is_listed: whether the site lists its categories.
    """
    kind, segments = urls.understand(url).kind, path_segments(url)
    if kind is Kind.ARCHIVE and "?cat=" in url:
        return not is_listed
    if kind in _NOT_LISTS or not segments or "?" in url:
        return False
    if item.target == "category" or has_category_base(url):
        return True
    if is_listed or item.target not in {None, "custom"} or is_static_page(url):
        return False
    if accepted & {*_paths_above(url, urls)}:
        return True
    is_news = segments[0] in _NEWS_BASES and len(segments) == 2 and kind is not Kind.ARTICLE
    return item.is_main and (len(segments) == 1 or is_news or kind is Kind.ARCHIVE)


def _paths_above(url: str, urls: SiteUrls) -> list[str]:
    """Return the addresses above one, the nearest first."""
    segments = path_segments(url)
    return [
        urls.canonical(f"{urls.site.origin}/{'/'.join(segments[:count])}/")
        for count in range(len(segments) - 1, 0, -1)
    ]


def _sections(archives: dict[str, _Archive]) -> tuple[Section, ...]:
    """Return the sections of archives, parents first, with unique slugs."""
    sections: dict[str, Section] = {}
    slugs: set[str] = set()
    for archive in archives.values():
        for entry in _with_parents(archive, archives):
            if entry.url in sections or len(sections) >= MAX_SECTIONS:
                continue
            parent = next((sections[url].slug for url in entry.above if url in sections), None)
            slug = _unique_slug(_slug(entry), parent, slugs)
            slugs.add(slug)
            sections[entry.url] = Section(slug, entry.label, parent, entry.url)
    return tuple(sections.values())


def _with_parents(archive: _Archive, archives: dict[str, _Archive]) -> list[_Archive]:
    """Return an archive and those above it, the highest first."""
    chain = [archive]
    while True:
        above = next((archives[url] for url in chain[-1].above if url in archives), None)
        if above is None or above in chain:
            return chain[::-1]
        chain.append(above)


def _slug(archive: _Archive) -> str:
    """Return an archive's slug; of an address that has none, it is made of the label."""
    segments = path_segments(archive.url)
    if archive.slug or segments:
        return archive.slug or segments[-1]
    plain = normalize("NFKD", archive.label).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUG.sub("-", plain).strip("-") or "section"


def _unique_slug(last: str, parent: str | None, slugs: set[str]) -> str:
    """Return a slug; with its parent's or a number where it is taken."""
    slug = f"{parent}-{last}" if parent and last in slugs else last
    number = 2
    while slug in slugs:
        slug, number = f"{last}-{number}", number + 1
    return slug
