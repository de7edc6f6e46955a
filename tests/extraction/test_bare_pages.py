"""Saved pages without metadata and without the theme's names: articles or not by what they show."""

from __future__ import annotations

import json
import re

import pytest
from lxml import html

from newscrawl import extract
from tests.support.crawling import ROOT

PAGES = ROOT / "tests" / "data" / "pages"
LISTINGS = ROOT / "tests" / "data" / "listings"
UNDATED = {"pr-single", "pr-single-video"}
"""Without metadata these do not show who wrote them, nor when."""
SHORT = {"hand-disagreements", "hand-rich-body", "hand-sponsored"}
"""Without names of elements, trafilatura does not find the few words of their texts."""
ARTICLES = sorted(
    path.parent.name
    for path in PAGES.glob("*/expected.json")
    if json.loads(path.read_text("utf-8")) and path.parent.name not in UNDATED | SHORT
)
LISTS = sorted(path.parent.name for path in LISTINGS.glob("*/page.html"))
# A host that is not registered: its pages are read without the site's definition.
HOST = re.compile(rb"\balanews\.it\b")
ADDRESSES = ("/cronaca/un-titolo-di-quattro-parole/", "/news/12345")


def bare(page: bytes) -> str:
    root = html.document_fromstring(HOST.sub(b"alanews.example", page))
    for element in root.xpath("//head/meta[not(@charset)]|//head/link|//script"):
        element.drop_tree()
    for element in root.iter("*"):
        classes = element.attrib.pop("class", "").split()
        if element.tag != "body" and classes:
            element.set("class", " ".join(f"c{sum(map(ord, name))}" for name in classes))
        for name in ("id", "itemtype", "itemprop", "rel"):
            element.attrib.pop(name, None)
    text = html.tostring(root, encoding="unicode")
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("case", ARTICLES)
def test_saved_articles_are_articles(case: str) -> None:
    page = bare((PAGES / case / "page.html").read_bytes())
    read = [extract(page, f"https://www.alanews.example{path}") is not None for path in ADDRESSES]
    assert any(read)


@pytest.mark.parametrize("case", LISTS)
def test_saved_lists_are_not(case: str) -> None:
    page = bare((LISTINGS / case / "page.html").read_bytes())
    for path in ADDRESSES:
        assert extract(page, f"https://www.alanews.example{path}") is None
