"""The fields of a site definition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the site; `parent` is the slug of the section above it."""

    slug: str
    label: str
    parent: str | None = None
    url: str | None = None
    """Canonical address of its archive, if that is not one of the site's usual ones."""


@dataclass(frozen=True, slots=True)
class Site:
    """Facts about one site; data only, without logic."""

    key: str
    """Short name, the prefix of every article id."""
    name: str
    """Name of the publication."""
    origin: str
    """Scheme and host of the live site, without a trailing slash."""
    hosts: frozenset[str]
    """Host names under which the same pages are served."""
    timezone: str
    """IANA name of the zone in which the newsroom's days begin and end."""
    language: str
    """BCP 47 primary subtag used when a page states none."""
    sections: tuple[Section, ...]
    """Sections in menu order, parents before children."""
    archive_paths: tuple[str, ...]
    """Usual addresses of a section's archive, with `{path}` for its slugs."""
    boilerplate: re.Pattern[str]
    """Matches whole paragraphs that the publisher adds to articles."""
    agencies: frozenset[str]
    """Casefolded names that are a picture's credit when they stand alone."""
    article_page: str
    """Dotted name of the class that reads articles; the names below are dotted names too."""
    wordpress_page: str
    """Reads articles with WordPress's own markup, where the page lacks that of `article_page`."""
    generic_page: str
    """Reads articles without the markup that the classes before need."""
    listing_page: str
    """Reads a section's archive."""
    more_page: str
    """Reads the reply of an archive's load-more block."""
    menu_page: str
    """Reads the menu, which every page has."""
    permalinks: tuple[str, ...] = ()
    """Addresses of articles as WordPress's permalink settings write them, where these do not show
    that it is one: `/archives/%post_id%`, or `/%postname%`, as static pages have."""
    trailing_slash: bool = True
    """Whether paths end in a slash, as WordPress takes it from the permalink settings."""
    shown_date: str = ""
    """Which date a page shows: `published` or `modified`; empty if it may be either."""
    query_names_page: bool = False
    """Whether a query may be all that tells one page from another, as where WordPress did not make
    the site; with permalinks WordPress ignores it."""
    exact_paths: bool = False
    """Whether upper and lower case of a path, and a slash at its end, may tell pages apart, as
    where WordPress did not make the site; WordPress redirects to one form."""
    is_registered: bool = True
    """Whether the facts are known; a site that is not registered is assumed from its host."""

    def __hash__(self) -> int:
        """Return the hash of the key: sites are looked up several times a page."""
        return hash(self.key)
