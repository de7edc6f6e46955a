"""Sitemaps: all articles of a site and, on some sites, when each was changed.

Yoast and RankMath state the last change of each entry and of each sitemap in the index.
WordPress's own has no dates in the index, lists the oldest first and splits the list into
numbered sitemaps: the highest number has the newest articles. See decisions 34 and 35 in
docs/decisions.md.
"""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from newscrawl.discovery.entries import (
    MAX_ADDRESS,
    MAX_BYTES,
    Entry,
    Shape,
    address_of,
    article,
    moment,
    read_xml,
    refusal,
    seconds,
    unique,
)
from newscrawl.sites.query_parameters import in_order
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from newscrawl.urls import SiteUrls

MAX_NESTED = 10_000
"""Sitemaps of one index, the newest: one a day for 27 years."""
OTHER_SITE = "another site"
LOOP = "an index that leads to itself"
NO_ARTICLES = "a list of other pages than articles, by its name"
"""Reasons why a sitemap is not read; the first is also that of what is not an http address."""
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
_GZIP_MAGIC = b"\x1f\x8b"
_SUFFIX = re.compile(r"\.xml(?:\.gz)?\Z")
_LETTERS = re.compile(r"[a-z]+")
_NUMBERED = re.compile(r"[a-z_-]+=\d+")
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
    """A sitemap listed in an index."""

    url: str
    """Canonical."""
    lastmod: datetime | None = None
    """When one of its entries last changed, in UTC; None if no offset is stated."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap or an index of sitemaps: one of the two lists is empty."""

    entries: list[Entry] = field(default_factory=list)
    """Each article once, in the order of the sitemap."""
    nested: list[Nested] = field(default_factory=list)
    """The site's own sitemaps that may list articles, in the order of the index."""
    excluded: dict[str, str] = field(default_factory=dict)
    """Sitemaps of an index that are not to be read: address to the reason, one of those above."""
    truncated: bool = False
    """Whether entries were left out because there are too many."""
    latest: datetime | None = None
    """The latest change that any of its records states, in UTC; None if none states one."""

    def has(self, change: int) -> bool:
        """Return whether a record may state a change at `change` or later, seconds since 1970."""
        latest = seconds(self.latest)
        return self.truncated or (latest is not None and latest >= change)

    left_out: int = 0
    """Records with an address of another site, or that is not an http address."""

    @property
    def newest_first(self) -> list[Entry]:
        """The entries by last change, else by the day in the address, the newest first.

        Equal ones are in reverse order: WordPress lists the oldest first.
        """
        numbered = sorted(enumerate(self.entries), key=_recency, reverse=True)
        return [entry for _, entry in numbered]


def _recency(numbered: tuple[int, Entry]) -> tuple[datetime, int]:
    number, entry = numbered
    day = entry.address.day
    latest = entry.modified or entry.published or moment(day and day.replace("/", "-"), UTC)
    return latest or datetime.min.replace(tzinfo=UTC), number


def read(body: bytes, url: str, urls: SiteUrls) -> Sitemap:
    """Return the content of a sitemap, compressed with gzip or not.

    Left out are addresses of other sites and of other pages than articles. Of an index all
    sitemaps of the site are taken, whatever their addresses look like, but for those of categories,
    tags, authors and pages, by their names, and the index itself: these are named as excluded.

    Raises:
        ValueError: it is not a sitemap; the message is one line with `url`.
    """
    document = read_xml(_decompressed(body, url), url, "sitemap", (*_SETS, *_INDEXES))
    records = document.records
    latest = max((change for record in records if (change := _latest(record))), default=None)
    left_out = sum(_is_foreign(record.get("loc"), url, urls) for record in records)
    if document.shape in _SETS:
        entries = unique(_entries(records, url, urls))
        return Sitemap(entries, truncated=document.truncated, latest=latest, left_out=left_out)
    by_identity, excluded = _nested(records, url, urls)
    nested = [*by_identity.values()]
    is_cut = document.truncated or len(nested) > MAX_NESTED
    if len(nested) > MAX_NESTED:
        nested.sort(key=lambda nested: (str(nested.lastmod or ""), _number(nested)[1]))
        nested = nested[-MAX_NESTED:]
    return Sitemap([], nested, excluded, truncated=is_cut, latest=latest, left_out=left_out)


def stated(lines: Iterable[str], urls: SiteUrls) -> tuple[list[str], list[str]]:
    """Return the sitemaps that lines of robots.txt name: the site's own, and the others.

    The former are canonical, each once; the latter are on another host or not http addresses, and
    are as written. A line should be a whole address; one without a host is taken as of the site.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> from newscrawl.urls import SiteUrls
    >>> lines = ["/news.xml", "http://example.it/map.xml?page=2", "https://example.org/map.xml"]
    >>> stated(lines, SiteUrls(EXAMPLE))
    (['https://www.example.it/news.xml', 'https://www.example.it/map.xml?page=2'], \
['https://example.org/map.xml'])
    """
    own: dict[str, str] = {}
    others: dict[str, None] = {}
    for line in lines:
        url = _file_url(line, f"{urls.site.origin}/robots.txt", urls)
        if url is None:
            others[line] = None
        else:
            own.setdefault(identity(url), url)
    return [*own.values()], [*others]


def of_other_sites(document: Sitemap) -> list[str]:
    """Return the sitemaps that an index lists and that are not the site's, as written."""
    return [url for url, reason in document.excluded.items() if reason == OTHER_SITE]


def unread(index: Iterable[Nested], read_urls: Container[str]) -> list[Nested]:
    """Return the sitemaps without dates that may list new articles, newest first.

    They are those never read, and for each name the highest number among those read, which
    may have grown since.

    Args:
        index: the sitemaps of an index.
        read_urls: addresses of those that were read before.

    >>> site = "https://www.example.it/wp-sitemap-posts-post-"
    >>> index = [Nested(f"{site}{number}.xml") for number in (1, 2, 3)]
    >>> [sitemap.url[-5] for sitemap in unread(index, {index[0].url, index[1].url})]
    ['3', '2']
    """
    undated = sorted((nested for nested in index if nested.lastmod is None), key=_number)
    last_read = {_number(nested)[0]: nested for nested in undated if nested.url in read_urls}
    candidates = [
        nested for nested in undated if nested.url not in read_urls or nested in last_read.values()
    ]
    return sorted(candidates, key=lambda nested: _number(nested)[1], reverse=True)


def _latest(record: dict[str, str]) -> datetime | None:
    """Return the latest time that a record's change may be; a time without an offset is a day's."""
    text = record.get("lastmod")
    change = moment(text)
    if change is None and (day := moment(text, naive=UTC)) is not None:
        change = day + timedelta(days=1)
    return change


def _decompressed(body: bytes, url: str) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        return body
    try:
        with gzip.open(BytesIO(body)) as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal(url, "sitemap", str(error)) from None


def _entries(records: list[dict[str, str]], url: str, urls: SiteUrls) -> Iterator[Entry]:
    for record in records:
        article_address = article(record.get("loc"), url, urls)
        if article_address is not None:
            lastmod = record.get("lastmod")
            # A day without a time is not a time of change, but it does mark a change.
            change_marker = seconds(moment(lastmod, naive=UTC))
            published = moment(record.get("published"))
            yield Entry(article_address, change_marker, published, moment(lastmod))


def _is_foreign(link: str | None, url: str, urls: SiteUrls) -> bool:
    # Most are not, and can be recognised at once.
    if link is None or link.startswith((f"{urls.site.origin}/", f"{urls.base_url}/")):
        return False
    address = address_of(link, url, urls)
    return address is None or address.kind is Kind.FOREIGN


def _nested(
    records: list[dict[str, str]], url: str, urls: SiteUrls
) -> tuple[dict[str, Nested], dict[str, str]]:
    """Return the sitemaps of an index by their identity, and why others are not read."""
    own = urls.file_url(url) or url
    nested: dict[str, Nested] = {}
    excluded: dict[str, str] = {}
    for record in records:
        link = record.get("loc") or ""
        nested_url = _file_url(link, url, urls)
        if nested_url is None:
            excluded[link[:MAX_ADDRESS]] = OTHER_SITE
        elif nested_url == own:
            # It is read.
            continue
        elif (key := identity(nested_url)) == identity(own):
            excluded[nested_url] = LOOP
        elif _WITHOUT_POSTS & _name_words(nested_url):
            excluded[nested_url] = NO_ARTICLES
        else:
            nested[key] = Nested(nested_url, moment(record.get("lastmod")))
    return nested, excluded


def identity(url: str) -> str:
    """Return what is the same for all forms of a sitemap's canonical address.

    >>> site = "https://www.example.it"
    >>> identity(f"{site}/?sitemap=posts&paged=2") == identity(f"{site}/?paged=2&sitemap=posts")
    True
    """
    path, _, query = url.partition("?")
    return f"{path}?{in_order(query)}" if query else path


def _file_url(link: str | None, base: str, urls: SiteUrls) -> str | None:
    """Return the canonical address of a file of the site, with its query; None if it has none."""
    link = (link or "").strip()
    return urls.file_url(link, base) if 0 < len(link) <= MAX_ADDRESS else None


def _name_words(url: str) -> set[str]:
    """Return the words of a sitemap's name; the name of a number, as in `page=2`, says nothing."""
    path, _, query = url.lower().partition("?")
    pieces = (piece for piece in query.split("&") if not _NUMBERED.fullmatch(piece))
    return {*_LETTERS.findall(" ".join([path.rstrip("/").rpartition("/")[2], *pieces]))}


def _number(nested: Nested) -> tuple[str, tuple[int, ...]]:
    """Return the name of a sitemap and its number: post-sitemap2.xml, sitemap-pt-post-2026-09.xml.

    A name without a number comes before those with one.
    """
    name = _SUFFIX.sub("", nested.url.rstrip("/"))
    stem = name.rstrip("0123456789-_=")
    return stem, tuple(int(digits) for digits in _DIGITS.findall(name[len(stem) :]))
