"""Article pages of the twin under all pairs of switches, read without a crawl."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import pytest
from allpairspy import AllPairs

import newscrawl
from tests.support.truth import differences
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

ORIGIN = "http://127.0.0.1:8000"
SIZE = 60
NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
LOOKS: dict[str, list[Any]] = {
    "template": [*map(str, range(1, 11)), "custom"],
    "visible_date": ["published", "modified", "both", "ago", "custom"],
    "metadata": ["yoast", "jnews", "both", "none"],
    "permalinks": ["dated", "named", "changed-redirect", "changed-both"],
    "category_base": ["category", "bare", "categoria"],
    "images": ["lazy", "normal", "background"],
    "related": ["category", "tag", "off"],
    "coauthors": [True, False],
    "furniture": [True, False],
    "inline_related": [True, False],
    "h1": ["theme", "lost"],
    "layout": ["jnews", "redesign"],
}
COMBINATIONS = [dict(zip(LOOKS, row, strict=True)) for row in AllPairs(list(LOOKS.values()))]


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


@pytest.mark.parametrize(
    "chosen", COMBINATIONS, ids=["-".join(map(str, row.values())) for row in COMBINATIONS]
)
def test_every_field_of_every_article(chosen: dict[str, Any], content: Content) -> None:
    switches = Switches(**chosen)
    site = Site(content, switches, ORIGIN, Index(content))
    items = []
    for post in content.posts:
        path = addresses.path(post, switches)
        page = answer(site, Asked(path))
        assert page.status == 200
        article = newscrawl.extract(page.encoded(), ORIGIN + path, fetched_at=NOW)
        if "protected" in post.traps:
            assert article is None
            continue
        assert article is not None
        # The other pages of an article in several come with a crawl only.
        if len(post.pages) == 1:
            items.append(asdict(article))
    assert len(items) > SIZE / 2
    assert differences(items, content, switches) == []
