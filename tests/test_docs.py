"""What the documentation points to is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "twin" / "README.md"])
_FOLDERS = (ROOT, ROOT / "newscrawl", ROOT / "newscrawl" / "ledger", ROOT / "newscrawl" / "run")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```", re.M | re.S)


def anchor(heading: str) -> str:
    """Return the name by which a page's heading is linked to."""
    kept = re.sub(r"[^\w\s-]", "", heading.lower())
    return re.sub(r"\s", "-", kept.strip())


def anchors(text: str) -> set[str]:
    return {anchor(found) for found in re.findall(r"^#+ (.+)$", _CODE.sub("", text), re.M)}


def links(page: Path) -> list[str]:
    """Return what a page links to within the repository."""
    found = _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8")))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_each_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, place = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name} links to {link}, which is not there"
        if place:
            assert place in anchors(target.read_text(encoding="utf-8")), f"{page.name}: {link}"


def test_the_links_of_the_pages_are_found() -> None:
    assert "decisions.md" in links(ROOT / "docs" / "README.md")
    assert "docs/ledger.md" in links(ROOT / "README.md")


def test_each_page_is_named_by_the_index() -> None:
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= set(links(ROOT / "docs" / "README.md"))


def test_decisions_are_numbered_once_each() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    numbers = [int(number) for number in re.findall(r"^### (\d+)\. ", text, re.M)]
    assert numbers
    assert sorted(numbers) == [*range(1, len(numbers) + 1)]


def named_modules(text: str) -> list[str]:
    """Return the modules and folders of the package that a page's tables and notes name."""
    return [name.rstrip("/") for name in re.findall(r"`((?:\w+/)+(?:\w+\.py)?)`", text)]


@pytest.mark.parametrize("name", ["architecture.md", "decisions.md", "glossary.md"])
def test_modules_that_a_page_names_are_there(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    # Decision 68 says which name was not chosen.
    named = {*named_modules(text)} - {"pages/article.py"}
    assert len(named) > 10
    lacking = [path for path in named if not any((at / path).exists() for at in _FOLDERS)]
    assert not lacking


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 200
