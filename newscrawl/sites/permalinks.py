"""The forms of a site's addresses, as its permalink settings make them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import date

    from newscrawl.sites.definition import Site

PLAIN = "/?p=%post_id%"
"""Permalinks of a site without any: its addresses are parameters."""
FORMS = re.compile(
    r"/(?:[^%/]+/)*%post_id%/?|/%postname%(?:\.[a-z]{3,5})?/?|/(?:[^/]+/)*%postname%\.[a-z]{3,5}"
    r"|/\?p=%post_id%"
)
"""Permalinks that the addresses alone do not show."""
_ENDING = re.compile(r"%postname%(\.[a-z]{3,5})\Z")
_FILE_ENDING = re.compile(r"\.[a-z]{3,5}\Z", re.I)
_PLAIN_PATH = re.compile(r"[a-z0-9/_.\-]*\Z")
_MIN_DIGITS = 3
"""Digits of a document's number behind the name of a list."""
_MIN_MARKS = 2
"""Hyphens, at least, between the words of a title."""
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


class Permalinks:
    """The forms of a site's addresses."""

    def __init__(self, site: Site) -> None:
        forms = [form.rstrip("/") for form in site.permalinks]
        self.is_plain = PLAIN in forms
        """Whether the site's addresses are parameters."""
        # Without the last part, %post_id%.
        self._numbered = {
            path_segments(form.rpartition("/")[0]) for form in forms if form.endswith("/%post_id%")
        }
        self._has_bare_titles = "/%postname%" in forms
        endings = [match[1] for form in forms if (match := _ENDING.search(form))]
        self._endings = tuple(endings)
        self._bare_endings = tuple(end for end in endings if f"/%postname%{end}" in forms)
        self._numbers_documents = site.exact_paths
        self._end = "/" if site.trailing_slash else ""

    def end_of(self, last: str) -> str:
        """Return what follows the last segment of a path."""
        return "" if self.is_title(last) else self._end

    def is_title(self, last: str) -> bool:
        """Return whether the last segment of a path, in lower case, ends as articles' do."""
        return bool(self._endings) and last.endswith(self._endings)

    def is_bare(self, segment: str) -> bool:
        """Return whether a path of one segment is that of an article."""
        return self._has_bare_titles or (
            bool(self._bare_endings) and segment.endswith(self._bare_endings)
        )

    def is_numbered(self, segments: Sequence[str]) -> bool:
        """Return whether a path is that of an article whose permalink ends in its number."""
        return segments[-1].isdecimal() and tuple(segments[:-1]) in self._numbered

    def ends_in_document(self, segments: Sequence[str], lists: Container[tuple[str, ...]]) -> bool:
        """Return whether a path ends in a document's own number, not in that of a page of it.

        WordPress numbers the pages of an article or a list; others number their documents:
        /node/15, /notizie/locali/123. Behind a title the number is that of a page there, too.

        Args:
            segments: of the path.
            lists: paths of lists, whose pages have fewer than three digits.
        """
        if not (self._numbers_documents and len(segments) > 1 and segments[-1].isdecimal()):
            return False
        if tuple(segments[:-1]) in lists and len(segments[-1]) < _MIN_DIGITS:
            return False
        before = segments[-2]
        return before.count("-") + before.count("_") < _MIN_MARKS and not self.is_title(before)

    def month_path(self, month: date) -> str:
        """Return the path of the archive of a month."""
        return f"/?m={month:%Y%m}" if self.is_plain else f"/{month:%Y/%m}{self._end}"


def rest_address(url: str, *, is_plain: bool) -> str:
    """Return an address of REST as it is on a site with or without permalinks.

    >>> rest_address("https://www.example.it/wp-json/wp/v2/posts?per_page=10", is_plain=True)
    'https://www.example.it/?rest_route=/wp/v2/posts&per_page=10'
    """
    if not is_plain or "/wp-json/" not in url:
        return url
    origin, _, route = url.partition("/wp-json/")
    return f"{origin}/?rest_route=/{route.replace('?', '&', 1)}"


def part_address(url: str, part: int) -> str:
    """Return the address of a further page of an article.

    >>> part_address("https://www.example.it/un-titolo/", 2)
    'https://www.example.it/un-titolo/2/'
    >>> part_address("https://www.example.it/un-titolo.html", 2)
    'https://www.example.it/un-titolo.html/2'
    >>> part_address("https://www.example.it/?p=7", 2)
    'https://www.example.it/?p=7&page=2'
    """
    if "?" in url:
        return f"{url}&page={part}"
    return f"{url}{part}/" if url.endswith("/") else f"{url}/{part}"


def permalinks_of(links: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Return the permalinks that an address alone does not show.

    These are those that end in a post's number or in `.html`, titles without anything before
    them, as static pages have, and parameters.

    Args:
        links: addresses of articles with their numbers; 0 for an unknown one.

    >>> permalinks_of([("https://www.example.it/archivi/7", 7)])
    ('/archivi/%post_id%',)
    >>> permalinks_of([("https://www.example.it/un-titolo/", 7)])
    ('/%postname%',)
    >>> permalinks_of([("https://www.example.it/esteri/un-titolo/", 7)])
    ()
    >>> permalinks_of([("https://www.example.it/?p=7", 7)])
    ('/?p=%post_id%',)
    >>> permalinks_of([("https://www.example.it/sport/un-titolo.html", 7)])
    ('/%category%/%postname%.html',)
    """
    shapes: dict[str, None] = {}
    for link, number in links:
        parts = urlsplit(link)
        head, _, last = parts.path.rstrip("/").rpartition("/")
        ending = _FILE_ENDING.search(last)
        if parts.query == f"p={number}":
            shapes[PLAIN] = None
        elif last == str(number):
            shapes[f"{head}/%post_id%"] = None
        elif ending:
            shapes[f"{'/%category%' if head else ''}/%postname%{ending[0].lower()}"] = None
        elif last and not head:
            shapes["/%postname%"] = None
    return tuple(shapes)


def has_trailing_slash(links: Iterable[tuple[str, int]]) -> bool:
    """Return whether the paths of a site end in a slash, as most of its articles' do.

    >>> has_trailing_slash([("https://www.example.it/sport/un-titolo", 7)])
    False
    """
    paths = [urlsplit(link).path for link, _ in links]
    ends = [path.endswith("/") for path in paths if path.strip("/")]
    return not ends or sum(ends) * 2 >= len(ends)


def path_segments(path: str) -> tuple[str, ...]:
    """Return the segments of a path, normalised."""
    return tuple(segment for segment in normalized(path).split("/") if segment)


def normalized(path: str) -> str:
    """Return `path` in lower case with escapes as WordPress writes them."""
    path = path.lower()
    if _PLAIN_PATH.match(path):
        return path
    # An escaped slash separates nothing (RFC 3986, 2.2).
    return "%2f".join(_normalized(part) for part in path.split("%2f"))


def _normalized(path: str) -> str:
    text = unquote(path, errors="replace").lower()
    return _ESCAPE.sub(
        lambda match: match.group().lower(), quote(text, safe="/-._~;", errors="replace")
    )
