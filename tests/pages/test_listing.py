"""Saved archives, replies to load-more and menus, and what they list: invented words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from parsel import Selector

from newscrawl.pages.listing import ListingPage, MorePage
from newscrawl.pages.menu import MenuPage
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.pages.cards import Card

LISTINGS = ROOT / "tests" / "data" / "listings"
CASES = sorted(path.parent.name for path in LISTINGS.glob("*/page.html"))
URLS = SiteUrls(ALANEWS)


def as_written(card: Card) -> dict[str, str | None]:
    return {
        "url": card.address.url,
        "title": card.title,
        "label": card.label,
        "date": card.date,
        "image_alt": card.image_alt,
    }


def read_page(folder: Path, url: str) -> dict[str, Any]:
    """Return all that the page classes for lists and menus read in a folder."""
    selector = Selector(text=(folder / "page.html").read_text(encoding="utf-8"), type="html")
    if folder.name.endswith("-menu"):
        items = MenuPage(selector, url, URLS).items()
        return {"menu": [{"label": item.label, "url": item.url} for item in items]}
    page = ListingPage(selector, url, URLS)
    # It lists articles too, which nobody may take for an archive's.
    if page.is_not_found():
        return {"title": page.title(), "not_found": True}
    block = page.block()
    read: dict[str, Any] = {
        "title": page.title(),
        "not_found": False,
        "hero": [as_written(card) for card in page.hero()],
        "cards": [as_written(card) for card in page.cards()],
        "next_url": page.next_url(),
        "block": block and [block.name, len(block.attributes), block.endpoint],
    }
    for path in sorted(folder.glob("reply*.json")):
        more = MorePage(path.read_text(encoding="utf-8"), url, URLS)
        cards = [as_written(card) for card in more.cards()]
        read[path.stem] = {"cards": cards, "has_next": more.has_next}
    return read


def expectation(folder: Path, read: dict[str, Any]) -> dict[str, Any]:
    """Return what a case expects; where nothing is written down, write `read` and fail."""
    path = folder / "expected.json"
    if not path.exists():
        path.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path} was missing and holds what was read now: review it, then commit it")
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert expected, f"{path} expects nothing"
    return expected


@pytest.mark.parametrize("case", CASES)
def test_listing(case: str) -> None:
    folder = LISTINGS / case
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    read = read_page(folder, meta["url"])
    expected = expectation(folder, read)
    assert list(read) == list(expected)
    for name, value in expected.items():
        assert read[name] == value, f"{case}: {name}"


def test_each_case_says_what_it_shows() -> None:
    for case in CASES:
        meta = json.loads((LISTINGS / case / "meta.json").read_text(encoding="utf-8"))
        assert meta.keys() == {"url", "note"}
        assert meta["note"]
        assert (LISTINGS / case / "page.html").stat().st_size < 60_000


def test_a_missing_expectation_is_written_and_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="review it"):
        expectation(tmp_path, {"title": "Esteri"})
    assert expectation(tmp_path, {}) == {"title": "Esteri"}


def test_an_empty_expectation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "expected.json").write_text("{}", encoding="utf-8")
    with pytest.raises(AssertionError, match="expects nothing"):
        expectation(tmp_path, {"title": "Esteri"})
