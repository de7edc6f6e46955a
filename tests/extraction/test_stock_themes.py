"""The twin's articles on three stock themes of WordPress, with and without metadata."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import newscrawl
from newscrawl.items import Author, Image
from twin import addresses, expected_text, site_constants
from twin.content import Content
from twin.model import Switches
from twin.sections import BY_SLUG, chain
from twin.theme import stock
from twin.theme.index import Index
from twin.theme.site import Site

if TYPE_CHECKING:
    from newscrawl.items import Article
    from twin.model import Post

ORIGIN = "http://127.0.0.1:8000"
SIZE = 150
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
LEAST_RIGHT = 0.99
LEAST_F1 = 0.995
_WORD = re.compile(r"\w+")


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


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


@pytest.mark.parametrize("metadata", ["yoast", "none"])
@pytest.mark.parametrize("theme", stock.THEMES)
def test_each_field_is_right_on_stock_themes(theme: str, metadata: str, content: Content) -> None:
    switches = Switches(metadata=metadata, inline_related=False)
    site = Site(content, switches, ORIGIN, Index(content))
    right: Counter[str] = Counter()
    wrong: dict[str, list[Any]] = {}
    scores: list[float] = []
    for post in content.posts:
        if post.locked or len(post.pages) > 1 or post.film or post.gallery:
            continue
        path = addresses.path(post, switches)
        html = stock.article(site, post, theme)
        article: Article | None = newscrawl.extract(html, ORIGIN + path, fetched_at=NOW)
        assert article is not None
        assert article.extractor.endswith(" WordPressArticlePage")
        truth = expected(post, content, switches)
        scores.append(f1(article.body, truth["body"]))
        for name, value in truth.items():
            read = getattr(article, name)
            read = set(read) if name == "sections" else read
            right[name] += read == value
            if read != value:
                wrong.setdefault(name, []).append((path, value, read))
    assert len(scores) > SIZE / 2
    assert sum(scores) / len(scores) >= LEAST_F1
    shares = {name: right[name] / len(scores) for name in right}
    failing = {name: (share, wrong[name][:2]) for name, share in shares.items()
               if share < LEAST_RIGHT}  # fmt: skip
    assert not failing
