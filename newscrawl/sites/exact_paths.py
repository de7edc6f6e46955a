"""Paths of which upper and lower case, and a slash at the end, are a part.

They are for every URL (RFC 3986, 6.2.2.1 and 6.2.3); WordPress redirects to one form of them. See
decision 171 in docs/decisions.md.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ESCAPED_SLASH = re.compile("%2f", re.I)
_NOT_SEGMENTS = frozenset({"", ".", ".."})


def segments_of(path: str) -> list[str]:
    """Return the segments of a path without their parameters, and without empty ones and dots.

    >>> segments_of("/notizie//un-titolo;jsessionid=1/")
    ['notizie', 'un-titolo']
    """
    segments = [segment.split(";", 1)[0] for segment in path.split("/")]
    # Parameters may stand behind the dots that browsers resolve.
    return [segment for segment in segments if segment not in _NOT_SEGMENTS]


def with_one_form_of_escapes(path: str) -> str:
    """Return a path in which only escapes are changed, whatever its encoding, to lower case.

    >>> with_one_form_of_escapes("/Citt%C3%A0/Un%2DTitolo/"), with_one_form_of_escapes("/è%E0")
    ('/Citt%c3%a0/Un-Titolo/', '/%c3%a8%e0')
    """
    # An escaped slash separates nothing (RFC 3986, 2.2).
    parts = (quote(unquote_to_bytes(part), safe="/-._~;") for part in _ESCAPED_SLASH.split(path))
    return _ESCAPE.sub(lambda match: match[0].lower(), "%2f".join(parts))


def first_segments(path: str, number: int) -> str:
    """Return a path with so many of its segments, as it is written, and with its end.

    >>> first_segments("/Notizie//Un-Titolo", 2), first_segments("/Notizie/Un-Titolo/AMP/", 2)
    ('/Notizie/Un-Titolo', '/Notizie/Un-Titolo/')
    """
    path = with_one_form_of_escapes(path)
    last = path.rpartition("/")[2].split(";", 1)[0]
    end = "/" if last in _NOT_SEGMENTS else ""
    return f"/{'/'.join(segments_of(path)[:number])}{end}"


def without_case(url: str) -> str:
    """Return an address to compare with others: its path in lower case, without a slash at the end.

    >>> without_case("https://example.it/Notizie/Un-Titolo/?id=A")
    'https://example.it/notizie/un-titolo?id=A'
    """
    path, mark, query = url.partition("?")
    return f"{path.lower().rstrip('/')}{mark}{query}"
