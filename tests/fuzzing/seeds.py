"""The inputs from which each target starts: what the twin answers, and what tests have."""

from __future__ import annotations

import csv
import re
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.fuzzing import archive_seeds
from tests.support import seed_pages
from tests.support.crawling import ROOT
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LARGEST = 60_000
_ORIGIN = "https://www.alanews.it"
_REST = "/wp-json/wp/v2/posts"
_SCRIPT = re.compile(r"<script[^>]+ld\+json[^>]*>(.*?)</script>", re.S)
_LINK = re.compile(r'(?:href|content)="([^"]{1,300})"')
_ROBOTS = """User-agent: newscrawl
User-agent: *
Disallow: /wp-admin/
Allow: /*.php$ # comment
Crawl-delay: 2.5
Content-Usage: /libero/ train-ai=y, search=n
Content-Signal: ai-train=no, use=reference
License: https://www.alanews.it/licenza.xml
Sitemap: https://www.alanews.it/sitemap.xml
"""
_RIGHTS = (
    "none, noindex, max-snippet:-1, unavailable_after: Thursday, 25-Jun-20 15:00:00 GMT",
    'otherbot: noindex, nofollow\n<https://www.alanews.it/l.xml>; rel="license"; type="text/xml"',
    'train-ai=n;q="a b", search=?1, ai-use=(y n), x=1.5, z=:YQ==:\n1',
    '[{"location": "/esteri/*", "tdm-reservation": 1, "tdm-policy": "https://a.example/p"}]',
    (
        '<rsl xmlns="https://rslstandard.org/rsl"><content url="/archivio/" server="https://a.example">'
        '<license><permits type="usage">search</permits><prohibits type="usage">all ai-train'
        '</prohibits><payment type="crawl"/></license></content></rsl>'
    ),
)


@cache
def _site() -> Site:
    content = Content(size=50)
    return Site(content, Switches(), _ORIGIN, Index(content))


def _answer(path: str, **query: str) -> bytes:
    return answer(_site(), Asked(path, query=query)).encoded()


def _pages() -> Iterator[bytes]:
    for name in seed_pages.NAMES:
        yield seed_pages.seed_page(name).html.encode()


def _dates() -> Iterator[bytes]:
    with (ROOT / "tests" / "data" / "dates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield b"\0" + row["text"].encode()


def _of_pages(pattern: re.Pattern[str]) -> Iterator[bytes]:
    for page in _pages():
        for text in pattern.findall(page.decode()):
            yield text.encode()


def _inputs(target: str) -> Iterator[bytes]:
    match target:
        case "page":
            yield from _pages()
        case "date":
            yield from _dates()
        case "url":
            yield from _of_pages(_LINK)
        case "jsonld":
            yield from _of_pages(_SCRIPT)
        case "feed":
            yield _answer("/feed/")
            yield _answer("/category/esteri/feed/")
        case "sitemap":
            yield _answer("/sitemap_index.xml")
            yield _answer("/wp-sitemap.xml")
            yield _answer("/post-sitemap.xml")
        case "rest":
            yield _answer(_REST, per_page="2")
            yield _answer(_REST, per_page="3", _fields="id,link,date,modified")
        case "robots":
            yield _answer("/robots.txt")
            yield _ROBOTS.encode()
        case "rights":
            yield from (text.encode() for text in _RIGHTS)


def write(target: str, folder: Path) -> int:
    """Write the inputs of a target into a folder; return their number."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    archives = archive_seeds.SEEDS.get(target)
    for data in archives() if archives is not None else _inputs(target):
        if len(data) <= _LARGEST:
            (folder / sha256(data).hexdigest()[:16]).write_bytes(data)
            count += 1
    return count
