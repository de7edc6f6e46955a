"""Reads the twin's articles on the stock themes of WordPress, and counts what is right."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import newscrawl
from newscrawl.items import Author, Image
from twin import addresses, expected_text, site_constants
from twin.model import Switches
from twin.sections import BY_SLUG, chain
from twin.theme import stock
from twin.theme.index import Index
from twin.theme.site import Site

if TYPE_CHECKING:
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


def image(post: Post, *, is_sized: bool) -> Image | None:
    """Return the lead image that a page shows."""
    picture = post.picture
    if picture is None:
        return None
    caption, credit = expected_text.caption_and_credit(picture.caption_text)
    alt = expected_text.fold(picture.alt) or None
    shown = caption or (alt if credit else None)
    size = (picture.width, picture.height) if is_sized else (None, None)
    return Image(expected_text.image_url(picture), caption=shown, credit=credit, alt=alt,
                 width=size[0], height=size[1])  # fmt: skip


def expected(post: Post, content: Content, switches: Switches) -> dict[str, Any]:
    """Return what a reader of a stock theme's page must get."""
    text = expected_text.read(post, content, switches)
    # Without metadata only the address names one of several categories as the main one.
    is_stated = switches.metadata != "none"
    main = post.categories[0] if is_stated else addresses.url_category(post)
    names = [c.name for slug in post.categories for c in chain(slug)]
    return {
        "headline": expected_text.fold(post.title),
        "authors": [
            Author(person.name, site_constants.LIVE + addresses.author_path(person.slug))
            for person in post.authors
        ],
        "date_published": post.published.isoformat(timespec="seconds"),
        "date_modified": post.modified.isoformat(timespec="seconds"),
        "keywords": [expected_text.fold(tag) for tag in post.tags],
        "section": BY_SLUG[main].name,
        "sections": set(names),
        "image": image(post, is_sized=is_stated),
        "images": text.images,
        "videos": text.videos,
        "links": text.links,
        "dateline": text.dateline,
        "body": text.body,
        "blocks": text.blocks,
    }


def f1(text: str, truth: str) -> float:
    """Return the F1 of a text's words."""
    words, true = Counter(_WORD.findall(text)), Counter(_WORD.findall(truth))
    shared = (words & true).total()
    return 2 * shared / (words.total() + true.total())


def read(theme: str, metadata: str, content: Content) -> Readings:
    """Read each article of the twin that a stock theme shows on one page."""
    switches = Switches(metadata=metadata, inline_related=False)
    site = Site(content, switches, ORIGIN, Index(content))
    readings = Readings()
    for post in content.posts:
        if post.locked or len(post.pages) > 1 or post.film or post.gallery:
            continue
        path = addresses.path(post, switches)
        html = stock.article(site, post, theme)
        article: Article | None = newscrawl.extract(html, ORIGIN + path, fetched_at=NOW)
        readings.extractors[article.extractor.rpartition(" ")[2] if article else ""] += 1
        truth = expected(post, content, switches)
        readings.scores.append(f1(article.body, truth["body"]) if article else 0)
        for name, value in truth.items():
            stated = getattr(article, name, None)
            stated = set(stated) if name == "sections" and stated else stated
            readings.right[name] += stated == value
            if stated != value:
                readings.wrong.setdefault(name, []).append((path, value, stated))
    return readings
