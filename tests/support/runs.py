"""Dumps as two runs on the twin leave them, and articles of few words."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from newscrawl import dumps
from newscrawl.items import Article
from tests.support.crawling import crawl
from tests.support.dumps import removed, write
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LATER = "2027-01-15T08:00:00Z"
"""When the second run read its articles."""


def article(number: int = 1, **fields: Any) -> Article:
    """Return an article as a crawl would write it, of few words."""
    given = {
        "id": f"alanews:{number}",
        "site": "alanews",
        "url": f"https://www.alanews.it/2026/11/22/esteri/titolo-{number}/",
        "headline": f"Titolo {number}",
        "body": "Testo.",
        "word_count": 1,
        "first_seen_at": "2026-11-22T10:00:00Z",
        "fetched_at": "2026-11-22T10:00:00Z",
        "content_hash": "0" * 64,
        "extractor": "newscrawl/0.1.0 JNewsArticlePage",
    }
    return Article(**{**given, **fields})


def records(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the lines of dumps, in order."""
    return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]


def crawled(folder: Path) -> list[Path]:
    """Crawl the twin into an output directory; return the dump and that of a later run."""
    with TwinProcess(size=60, now="2026-11-23T12:00:00+01:00") as twin:
        run = crawl("alanews", folder, site_url=twin.url)
    assert run.code == 0, run.stderr
    return _and_later(run.dumps[0])


def expected(folder: Path, size: int = 60) -> list[Path]:
    """Write what a crawl of the twin must, without one; return as `crawled` does."""
    found = truth.expected(Content(size=size), Switches())
    return _and_later(write(folder / "alanews" / "2026-11-23T11-00-00Z.jsonl", found.values()))


def _and_later(dump: Path) -> list[Path]:
    """Add the dump of a later run, which finds one article revised and one gone."""
    first, second = islice(dumps.read(dump), 2)
    revised = replace(
        first,
        headline=f"Aggiornato: {first.headline}",
        fetched_at=LATER,
        revision=2,
        content_hash="1" * 64,
        previous_hash=first.content_hash,
        changed_fields=["headline"],
    )
    return [dump, write(dump.with_name("2027-01-15T08-00-00Z.jsonl"), [revised, removed(second)])]
