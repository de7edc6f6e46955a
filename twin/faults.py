"""Faults on demand: what a crawler meets on the open web, as data."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any
from zlib import crc32

from twin.block_pages import block_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS: dict[str, str] = {
    "status": "answer `value` (429, 500, 503, 403 ...); 204 and 304 have no body",
    "slow": "wait `value` seconds first, or until the faults are replaced",
    "reset": "close the connection without an answer",
    # Another page in place of the page that was requested.
    "maintenance": "WordPress' maintenance page, with status 503 and Retry-After: 600",
    "database_error": "WordPress' page about a failed database connection, with status 500",
    "empty": "answer 200 with an empty body",
    "soft404": "answer 200 with the not-found page; `value` home: the home page, page: a page "
    "with one line of text, article: an article's page with that line as its text",
    "other_page": "answer with the page at the path `value`, / by default, of the same host",
    "other_article": "answer 200 with the page of the newest other post; `value` redirect: lead "
    "to it",
    "wall": "answer 200 with a page in place of the site's: `value` is cookie_wall (the default), "
    "captcha, challenge or login",
    # Redirects.
    "redirect": "redirect to `value`, / by default; {host}, {port} and {path} in it are filled in",
    "loop": "redirect endlessly to the same path; `value` pair: between two addresses",
    "cookie_loop": "set a cookie and redirect to the same address; `value` until_sent: only until "
    "the cookie is sent back",
    "consent": "redirect to /consenso/ of the host `value` (localhost), which is a cookie wall",
    "moved": "redirect permanently to the same path at the host `value` (localhost)",
    # The page that was requested, damaged on its way.
    "truncate": "answer 200 with the first `value` of the body, no </html>: a share (0.6), a "
    "number of bytes when it is above 1, or list: half of a list's cards",
    "partial": "answer 206 with the first `value` of the body, a share (0.5)",
    "content_type": "name the content type `value`, text/plain by default",
    "gzip": "send gzip bytes without Content-Encoding",
    "inflate": "send a gzip body, declared, that inflates to `value` MiB (17)",
    "script": "put the JavaScript `value` at the end of the page",
    "rewrite": "`value` is PATTERN => REPLACEMENT: replace what the regular expression finds",
    "charset": "name the charset `value` in the header; `encoded` is what the bytes are in",
    "drop_headers": "leave out the headers `value`, by default X-WP-Total,X-WP-TotalPages",
    # Lists and sitemaps.
    "repeat": "answer every /page/N/ with the first page's list",
    "no_list": "print an archive's page without its list and, by `value`, without a next link "
    "(last, the default) or with one (next)",
    "sticky": "pin `value` old posts (5) to the top of an archive's list; they take the places "
    "of others, which move on to the next page",
    "endless": "answer 200 beyond an archive's last page, with a next link and, by `value`, "
    "invented links (the default) or links to old posts (old)",
    "sitemap_lines": "split the posts over `value` sitemaps (3); robots.txt names each sitemap",
    "sitemap_nested": "split the posts over `value` sitemaps (3); the index names indexes",
    "robots_lines": "add the lines `value` for every user agent to robots.txt",
}
"""Every kind of fault and what it does."""

AREAS = ("article", "archive", "home", "feed", "sitemap", "rest", "robots")
"""What a fault can be limited to by `on`."""
CONSENT = "/consenso/"
"""Where the host of a consent page answers."""
COOKIE_WALL = "cookie_wall"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "soft404": ("home", "page", "article"),
    "other_article": ("redirect",),
    "loop": ("pair",),
    "cookie_loop": ("until_sent",),
    "no_list": ("last", "next"),
    "endless": ("invented", "old"),
}
"""Values of the kinds that take a word."""
_DEFAULTS: Mapping[str, float] = {
    "status": 503, "slow": 1.0, "truncate": 0.6, "partial": 0.5, "inflate": 17, "sticky": 5,
    "sitemap_lines": 3, "sitemap_nested": 3,
}  # fmt: skip
"""Values of the kinds that take a number."""
_PAGE = re.compile(r"page/(\d+)/\Z")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: of the requests that it is for, `rate` of them, `times` for each path."""

    kind: str
    path: str = ""
    """Regular expression, searched in the path with its query."""
    value: str | float | None = None
    retry_after: str | None = None
    """Retry-After: seconds, a date, or date:120 for the date in 120 seconds."""
    rate: float = 1.0
    """Share of the requests, chosen anew at each."""
    times: int | None = None
    """How many answers of one path have the fault; None: all."""
    encoded: str | None = None
    status: int | None = None
    """Status of the answer, where it is not the kind's usual one."""
    on: str | None = None
    """One of AREAS: only answers of that kind have the fault."""
    page: int | None = None
    """Only this page of an archive."""
    share: float = 1.0
    """Share of the paths; the same paths every time."""


_FIELDS = frozenset(Fault.__dataclass_fields__)


def read(data: Any) -> list[Fault]:
    """Return faults from JSON data; raise ValueError with a one-line message."""
    if not isinstance(data, list):
        raise ValueError("faults: a JSON list of objects is needed")  # noqa: TRY004 - the data's
    return [_fault(entry) for entry in data]


def _fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise ValueError(f"faults: kind must be one of {', '.join(KINDS)}: {entry!r}")
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"faults: unknown {', '.join(sorted(unknown))}: {entry!r}")
    retry_after = entry.get("retry_after")
    fault = Fault(**entry)
    try:
        re.compile(fault.path)
        re.compile(str(fault.value).partition(" => ")[0] if fault.kind == "rewrite" else "")
        if retry_after is not None and str(retry_after).startswith("date:"):
            float(str(retry_after).removeprefix("date:"))
        _check(fault)
        return replace(
            fault,
            rate=float(fault.rate),
            share=float(fault.share),
            retry_after=None if retry_after is None else str(retry_after),
        )
    except (ValueError, TypeError, re.error) as error:
        raise ValueError(f"faults: {error}: {entry!r}") from None


def _check(fault: Fault) -> None:
    """Raise ValueError for a value that its kind does not take."""
    words = tuple(block_pages()) if fault.kind == "wall" else _WORDS.get(fault.kind, ())
    if words and fault.value is not None and fault.value not in words:
        raise ValueError(f"value must be one of {', '.join(words)}")
    if fault.on is not None and fault.on not in AREAS:
        raise ValueError(f"on must be one of {', '.join(AREAS)}")
    for name in ("status", "page", "times"):
        given = getattr(fault, name)
        if given is not None and not isinstance(given, int):
            raise ValueError(f"{name} must be a whole number")
    if fault.kind in _DEFAULTS and not (fault.kind == "truncate" and fault.value == "list"):
        number(fault)


def number(fault: Fault) -> float:
    """Return the fault's value as a number."""
    return float(fault.value if fault.value is not None else _DEFAULTS[fault.kind])


class Faults:
    """Chooses the faults of each request; the same choices at every run."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self.faults = list(faults)
        self._random = Random(seed)
        self._count: Counter[tuple[int, str]] = Counter()

    def choose(self, path: str, area: str = "", page: int = 1) -> list[Fault]:
        """Return the faults for a request, in the order given.

        Args:
            path: the path with its query.
            area: which of AREAS it names, if any.
            page: the page of an archive.
        """
        chosen = []
        for position, fault in enumerate(self.faults):
            if fault.kind == "consent" and path.startswith(CONSENT):
                chosen.append(fault)
                continue
            if fault.on not in (None, area) or fault.page not in (None, page):
                continue
            if fault.share < 1 and crc32(path.encode()) >= fault.share * 2**32:
                continue
            if not re.search(fault.path, path) or self._random.random() >= fault.rate:
                continue
            self._count[position, path] += 1
            if fault.times is None or self._count[position, path] <= fault.times:
                chosen.append(fault)
        return chosen


def first_page(path: str) -> tuple[str, int]:
    """Return the list that a /page/N/ belongs to, and N.

    >>> first_page("/category/esteri/page/7/")
    ('/category/esteri/', 7)
    """
    match = _PAGE.search(path)
    return (path[: match.start()], int(match[1])) if match else (path, 1)
