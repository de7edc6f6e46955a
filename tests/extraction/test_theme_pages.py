"""Article pages of the twin under all pairs of switches, read without a crawl."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from allpairspy import AllPairs

import newscrawl
from tests.support.crawling import ROOT
from tests.support.truth import differences
from twin import addresses
from twin.content import Content
from twin.model import Switches
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.router import answer
from twin.theme.site import Site

if TYPE_CHECKING:
    from pathlib import Path

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
FIRST = 18
"""Combinations that have each value; all of them have each pair of values."""


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


def test_each_value_of_each_switch_meets_each_article() -> None:
    for name, values in LOOKS.items():
        for value in values:
            halves = {n % 2 for n, chosen in enumerate(COMBINATIONS) if chosen[name] == value}
            assert halves == {0, 1}, (name, value)


def test_the_first_combinations_have_each_value() -> None:
    for name, values in LOOKS.items():
        assert {chosen[name] for chosen in COMBINATIONS[:FIRST]} == {*values}


@pytest.mark.parametrize(
    ("number", "chosen"),
    [
        pytest.param(
            number,
            row,
            id="-".join(map(str, row.values())),
            marks=[pytest.mark.soak] if number >= FIRST else [],
        )
        for number, row in enumerate(COMBINATIONS)
    ],
)
def test_every_field_of_every_other_article(
    number: int, chosen: dict[str, Any], content: Content
) -> None:
    switches = Switches(**chosen)
    site = Site(content, switches, ORIGIN, Index(content))
    items = []
    for post in content.posts[number % 2 :: 2]:
        path = addresses.path(post, switches)
        page = answer(site, Asked(path))
        assert page.status == 200
        article = newscrawl.extract(page.encoded(), ORIGIN + path, fetched_at=NOW)
        if "protected" in post.edge_cases:
            assert article is None
            continue
        assert article is not None
        # The other pages of an article in several come with a crawl only.
        if len(post.pages) == 1:
            items.append(asdict(article))
    assert len(items) > SIZE / 4
    assert differences(items, content, switches) == []


def test_the_templates_are_found_from_any_folder(tmp_path: Path) -> None:
    program = (
        "from twin.theme.rendering import render;print(render('scripted-text.html', api_url='/x'))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""
    assert 'data-url="/x"' in ended.stdout
