"""Reads the twin's articles on the stock themes of WordPress, and counts what is right."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import newscrawl
from twin import addresses, truth
from twin.model import Switches
from twin.theme import stock
from twin.theme.index import Index
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.items import Article
    from twin.content import Content
    from twin.model import Post

ORIGIN = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
LEAST_RIGHT = 0.99
"""Share of the articles of which a field must be right."""
LEAST_F1 = 0.995
"""Mean F1 of the words of the texts."""
METADATA = ("yoast", "none")
_WORD = re.compile(r"\w+")


@dataclass
class Readings:
    """How right the articles of one theme were read."""

    right: Counter[str] = field(default_factory=Counter)
    """Articles of which a field is right, by field."""
    wrong: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)
    """Path, true value and what was read, by field."""
    scores: list[float] = field(default_factory=list)
    """F1 of each article's text."""
    extractors: Counter[str] = field(default_factory=Counter)
    """Articles by the reader that read them; the empty name where none did."""

    def shares(self) -> dict[str, float]:
        """Return the share of articles of which a field is right, by field."""
        return {name: count / len(self.scores) for name, count in self.right.items()}

    def f1(self) -> float:
        """Return the mean F1 of the texts."""
        return sum(self.scores) / len(self.scores)


FIELDS = (
    "headline", "authors", "date_published", "date_modified", "keywords", "section", "sections",
    "image", "images", "videos", "links", "dateline", "body", "blocks",
)  # fmt: skip


def expected(post: Post, content: Content, switches: Switches) -> dict[str, Any]:
    """Return what a reader of a stock theme's page must get."""
    item = truth.article(post, content, switches, fetched_at=NOW, now=NOW)
    assert item is not None
    return {name: getattr(item, name) for name in FIELDS} | {"sections": set(item.sections)}


def f1(text: str, true_text: str) -> float:
    """Return the F1 of a text's words."""
    words, true = Counter(_WORD.findall(text)), Counter(_WORD.findall(true_text))
    shared = (words & true).total()
    return 2 * shared / (words.total() + true.total())


def pages(theme: str, metadata: str, content: Content) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, HTML and true fields of each article that a stock theme shows on one page."""
    switches = Switches(layout=theme, metadata=metadata, inline_related=False)
    site = Site(content, switches, ORIGIN, Index(content))
    for post in content.posts:
        if post.locked or len(post.pages) > 1 or post.film or post.gallery:
            continue
        html = stock.article(site, post, theme)
        yield addresses.path(post, switches), html, expected(post, content, switches)


def read(theme: str, metadata: str, content: Content) -> Readings:
    """Read each article of the twin that a stock theme shows on one page."""
    readings = Readings()
    for path, html, wanted in pages(theme, metadata, content):
        article: Article | None = newscrawl.extract(html, ORIGIN + path, fetched_at=NOW)
        readings.extractors[article.extractor.rpartition(" ")[2] if article else ""] += 1
        readings.scores.append(f1(article.body, wanted["body"]) if article else 0)
        for name, value in wanted.items():
            stated = getattr(article, name, None)
            stated = set(stated) if name == "sections" and stated else stated
            readings.right[name] += stated == value
            if stated != value:
                readings.wrong.setdefault(name, []).append((path, value, stated))
    return readings
