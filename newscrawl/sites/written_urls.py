"""URLs as pages write them, read as browsers read them."""

from __future__ import annotations

import re
from string import punctuation
from urllib.parse import SplitResult, quote, urljoin, urlsplit

ABSOLUTE = ("http://", "https://")
# White space, controls, bidi marks, byte order marks and lone surrogates.
UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]+"
)
_BLANK = re.compile(r"[ \xa0]")
_AUTHORITY = re.compile(r"\s*(?:https?:\s*)?//[^/?#]*", re.I)
# Backslashes, and other numbers of slashes than two.
_ODD = re.compile(r"[^?#]*?\\|https?:(?!//[^/])|/{3}", re.I)
_SCHEME = re.compile(r"(https?):(/*)", re.I)
_QUERY = re.compile(r"[?#]")
_DOT = re.compile("%2e", re.I)
_FILE_PARAMETERS = re.compile(r"(?<=\.)([a-zA-Z0-9]{2,5});[^/]*\Z")


def as_browsers_read(url: str, base: str | None = None) -> str:
    r"""Return `url` in a form that `urljoin` reads as browsers read the given one.

    In http addresses a backslash is a slash, and how many slashes follow the scheme does not
    matter (URL Standard, "special authority slashes state").

    >>> as_browsers_read(r"http:\\www.example.it\a?b=\c"), as_browsers_read("https:/example.it/")
    ('http://www.example.it/a?b=\\c', 'https://example.it/')
    >>> as_browsers_read("https:a/b", "https://example.it/"), as_browsers_read(r"/\\example.it/")
    ('a/b', '//example.it/')
    """
    if not _ODD.match(url):
        return url
    query = _QUERY.search(url)
    end = len(url) if query is None else query.start()
    head, rest = url[:end], url[end:]
    scheme = _SCHEME.match(head.replace("\\", "/"))
    if scheme is None and ":" in head.partition("\\")[0].partition("/")[0]:
        # Of another scheme.
        return url
    head = head.replace("\\", "/")
    if scheme is None:
        return (f"//{head.lstrip('/')}" if head.startswith("//") else head) + rest
    is_relative = base is not None and base.startswith(f"{scheme[1].lower()}:")
    if is_relative and len(scheme[2]) < 2:
        relative = head[scheme.start(2) :]
        # A path whose first segment has a colon (RFC 3986, 4.2).
        return (f"./{relative}" if ":" in relative.partition("/")[0] else relative) + rest
    return f"{scheme[1]}://{head[scheme.end() :]}{rest}"


def without_unsafe(url: str) -> str:
    r"""Return `url` without what browsers remove or never show; blanks in it are escaped.

    A blank in the host's name is a slip; browsers write one after it as `%20`.

    >>> without_unsafe(" https://www.example .it/il bando\n.pdf ")
    'https://www.example.it/il%20bando.pdf'
    """
    match = _AUTHORITY.match(url)
    host, rest = (match[0], url[match.end() :]) if match else ("", url)
    rest = _BLANK.sub(lambda blank: quote(blank[0]), rest.strip())
    return UNSAFE.sub("", host) + UNSAFE.sub("", rest)


def in_ascii(query: str) -> str:
    """Return a query with its letters beyond ASCII and its spaces percent-encoded.

    >>> in_ascii("feed=più&a=%C3%B9")
    'feed=pi%C3%B9&a=%C3%B9'
    """
    return quote(query, safe=punctuation, errors="replace")


def split_url(url: str, base: str | None) -> SplitResult:
    """Return the parts of a URL, absolute where it has a base.

    Raises:
        ValueError: it is invalid, or a web address without a host.

    >>> split_url("https://example.it/sport", None).netloc
    'example.it'
    """
    parts = urlsplit(url if base is None or url.startswith(ABSOLUTE) else urljoin(base, url))
    if "@" in url and parts.netloc:
        # A password with a slash makes an invalid port.
        _ = parts.port
    if (parts.netloc or parts.scheme in {"http", "https"}) and not parts.hostname:
        raise ValueError("it has no host")
    return parts


def path_within(parts: SplitResult, base_path: str) -> str:
    """Return the path of an address within the site, without dots and parameters of a file.

    >>> path_within(split_url("https://example.it/a/../b.html;jsessionid=1", None), "")
    '/b.html'
    """
    path = parts.path or "/"
    if ";" in path:
        path = _FILE_PARAMETERS.sub(r"\1", path)
    if "%2" in path:
        path = _DOT.sub(".", path)
    if "/." in path:
        origin = f"{parts.scheme}://{parts.netloc.lower()}/"
        path = urlsplit(urljoin(origin, f"/{path.lstrip('/')}")).path
    is_within = base_path and path.startswith(f"{base_path}/")
    return path[len(base_path) :] if is_within else path
