"""Sitemaps: all articles of a site, and when each changed if the site says so.

Yoast and RankMath state the last change of each entry and of each sitemap in the index;
WordPress's own states none in the index, lists the oldest first and parts the list into
numbered sitemaps, so that the highest number holds the newest.
"""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from newscrawl.discovery.entries import (
    MAX_ADDRESS,
    MAX_BYTES,
    Entry,
    Shape,
    article,
    moment,
    read_xml,
    refusal,
    seconds,
    unique,
)
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from newscrawl.urls import SiteUrls

MAX_NESTED = 10_000
"""Sitemaps of one index; one a day for 27 years."""
_NAMESPACES = (
    "{http://www.sitemaps.org/schemas/sitemap/0.9}",
    "{https://www.sitemaps.org/schemas/sitemap/0.9}",
    "{http://www.google.com/schemas/sitemap/0.84}",
    "",
)
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_SETS = tuple(
    Shape(
        f"{space}urlset",
        f"{space}url",
        {
            (f"{space}loc",): "loc",
            (f"{space}lastmod",): "lastmod",
            (f"{_NEWS}news", f"{_NEWS}publication_date"): "published",
        },
    )
    for space in _NAMESPACES
)
_INDEXES = tuple(
    Shape(
        f"{space}sitemapindex",
        f"{space}sitemap",
        {(f"{space}loc",): "loc", (f"{space}lastmod",): "lastmod"},
    )
    for space in _NAMESPACES
)
_PACKED = b"\x1f\x8b"
_ENDING = re.compile(r"\.xml(?:\.gz)?\Z")
_LETTERS = re.compile(r"[a-z]+")
_DIGITS = re.compile(r"\d{1,18}")
_WITHOUT_POSTS = frozenset(
    {
        "attachment", "author", "authors", "categories", "category", "categoria", "format",
        "kml", "local", "locations", "misc", "page", "pages", "tag", "tags", "tax",
        "taxonomies", "taxonomy", "user", "users",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Nested:
    """A sitemap that an index names."""

    url: str
    """Canonical."""
    lastmod: datetime | None = None
    """When an entry of it last changed, in UTC; None where no offset is stated."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index of sitemaps: one of the two lists is empty."""

    entries: list[Entry] = field(default_factory=list)
    """Each article once, in the sitemap's own order."""
    nested: list[Nested] = field(default_factory=list)
    """The site's own sitemaps that may hold articles, in the index's own order."""
    truncated: bool = False
    """Whether it is longer than is read."""

    @property
    def newest_first(self) -> list[Entry]:
        """The entries by last change, else by the day in the address, the newest first.

        Among equals the last comes first: WordPress lists the oldest first.
        """
        numbered = sorted(enumerate(self.entries), key=_recency, reverse=True)
        return [entry for _, entry in numbered]


def _recency(numbered: tuple[int, Entry]) -> tuple[datetime, int]:
    number, entry = numbered
    day = entry.address.day
    known = entry.modified or entry.published or moment(day and day.replace("/", "-"), UTC)
    return known or datetime.min.replace(tzinfo=UTC), number


def read(body: bytes, url: str, urls: SiteUrls) -> Sitemap:
    """Return what a sitemap, packed with gzip or not, lists of the site.

    Addresses of other sites and of what is no article are left out, and of an index the
    sitemaps of categories, tags, authors and pages, by their names, and the index itself.

    Raises:
        ValueError: it is no sitemap; the message is one line that names `url`.
    """
    found = read_xml(_unpacked(body, url), url, "sitemap", (*_SETS, *_INDEXES))
    if found.shape in _SETS:
        return Sitemap(unique(_entries(found.found, url, urls)), truncated=found.truncated)
    nested = {one.url: one for one in _nested(found.found[:MAX_NESTED], url, urls)}
    return Sitemap(
        nested=[*nested.values()], truncated=found.truncated or len(found.found) > MAX_NESTED
    )


def unread(nested: Iterable[Nested], known: Container[str]) -> list[Nested]:
    """Return those of an index without dates that may hold something new, newest first.

    They are those never read, and of each name the highest of the read ones, which may have
    been filled up since.

    Args:
        nested: the index.
        known: addresses of those that were read before.

    >>> site = "https://www.example.it/wp-sitemap-posts-post-"
    >>> nested = [Nested(f"{site}{number}.xml") for number in (1, 2, 3)]
    >>> [one.url[-5] for one in unread(nested, {nested[0].url, nested[1].url})]
    ['3', '2']
    """
    undated = sorted((one for one in nested if one.lastmod is None), key=_number)
    last = {_number(one)[0]: one for one in undated if one.url in known}
    found = [one for one in undated if one.url not in known or one in last.values()]
    return sorted(found, key=lambda one: _number(one)[1], reverse=True)


def _unpacked(body: bytes, url: str) -> bytes:
    if not body.startswith(_PACKED):
        return body
    try:
        with gzip.open(BytesIO(body)) as packed:
            return packed.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal(url, "sitemap", str(error)) from None


def _entries(records: list[dict[str, str]], url: str, urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        known = article(record.get("loc"), url, urls)
        if known is not None:
            changed = record.get("lastmod")
            # A day alone tells nothing about when, and yet that something changed.
            change_marker = seconds(moment(changed, naive=UTC))
            yield Entry(known, change_marker, moment(record.get("published")), moment(changed))


def _nested(records: list[dict[str, str]], url: str, urls: SiteUrls) -> Iterator[Nested]:
    own = _file(url, None, urls)
    for record in records:
        found = _file(record.get("loc"), url, urls)
        if found is not None and found != own and not _WITHOUT_POSTS & _words(found):
            yield Nested(found, moment(record.get("lastmod")))


def _file(link: str | None, base: str | None, urls: SiteUrls) -> str | None:
    """Return the canonical address of a file of the site, with its query."""
    if not link or len(link) > MAX_ADDRESS:
        return None
    try:
        address = urls.understand(link, base)
    except ValueError:
        return None
    query = link.partition("#")[0].partition("?")[2]
    if address.kind is not Kind.FILE:
        return None
    return f"{address.url}?{query}" if query else address.url


def _words(url: str) -> set[str]:
    return {*_LETTERS.findall(url.rpartition("/")[2].lower())}


def _number(nested: Nested) -> tuple[str, tuple[int, ...]]:
    """Return the name of a sitemap and its number: post-sitemap2.xml, sitemap-pt-post-2026-09.xml.

    A name without a number is the first of its kind.
    """
    name = _ENDING.sub("", nested.url)
    stem = name.rstrip("0123456789-_=")
    return stem, tuple(int(digits) for digits in _DIGITS.findall(name[len(stem) :]))
