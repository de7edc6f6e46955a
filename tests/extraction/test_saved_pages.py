"""Saved pages and the articles on them: markup of real pages, invented words."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

import newscrawl
from newscrawl.items import ARTICLE_FIELDS
from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ROOT / "tests" / "data" / "pages"
CASES = sorted(path.parent.name for path in PAGES.glob("*/page.html"))
# An article's first reading holds nothing in these; a crawl, its pipelines or the ledger fill them.
FILLED_LATER = {
    "discovered_via",
    "previous_hash",
    "changed_fields",
    "archive",
    "duplicate_of",
    "similarity",
}


def expectation(folder: Path, read: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what a case expects; where nothing is written down, write `read` and fail."""
    path = folder / "expected.json"
    if not path.exists():
        path.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path} was missing and holds what was read now: review it, then commit it")
    expected: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8"))
    assert expected is None or expected, f"{path} expects nothing: null says that it is no article"
    return expected


def different(expected: dict[str, Any], read: dict[str, Any]) -> str:
    """Return the fields that differ, each with both values, one below the other."""
    lines: list[str] = []
    for name in [*expected, *(read.keys() - expected.keys())]:
        wanted, got = expected.get(name, "(not there)"), read.get(name, "(not there)")
        if wanted == got:
            continue
        if isinstance(wanted, list) and isinstance(got, list):
            lines += entries(name, wanted, got)
        else:
            lines += [name, f"  expected {shown(wanted)}", f"  read     {shown(got)}"]
    return "\n".join(lines)


def entries(name: str, wanted: list[Any], got: list[Any]) -> list[str]:
    """Return the entries of a list that differ, those at one place together."""
    lines: list[str] = []
    for place in range(max(len(wanted), len(got))):
        left = shown(wanted[place]) if place < len(wanted) else "(none)"
        right = shown(got[place]) if place < len(got) else "(none)"
        if left != right:
            lines += [f"{name}[{place}]", f"  expected {left}", f"  read     {right}"]
    return lines


def shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("case", CASES)
def test_page(case: str) -> None:
    folder = PAGES / case
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    article = newscrawl.extract(
        (folder / "page.html").read_bytes(),
        meta["url"],
        fetched_at=datetime.fromisoformat(meta["fetched_at"]),
    )
    read = asdict(article) if article else None
    if read is not None:
        # A release must not rewrite every expectation.
        read["extractor"] = read["extractor"].replace(newscrawl.__version__, "VERSION")
    expected = expectation(folder, read)
    if expected is None or read is None:
        assert (expected and expected["headline"]) == (read and read["headline"])
        return
    assert list(read) == list(ARTICLE_FIELDS)
    assert not (found := different(expected, read)), f"{case}\n{found}"


def test_every_field_is_shown_by_some_case() -> None:
    filled: set[str] = set()
    for case in CASES:
        expected = json.loads((PAGES / case / "expected.json").read_text(encoding="utf-8"))
        filled |= {name for name, value in (expected or {}).items() if value not in (None, "", [])}
    assert filled <= set(ARTICLE_FIELDS)
    assert set(ARTICLE_FIELDS) - filled == FILLED_LATER


def test_each_case_says_what_it_shows() -> None:
    for case in CASES:
        meta = json.loads((PAGES / case / "meta.json").read_text(encoding="utf-8"))
        assert meta.keys() == {"url", "fetched_at", "note"}
        assert meta["note"]
        assert (PAGES / case / "page.html").stat().st_size < 60_000


def test_a_missing_expectation_is_written_and_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="review it"):
        expectation(tmp_path, {"headline": "Un titolo"})
    assert expectation(tmp_path, None) == {"headline": "Un titolo"}


def test_an_empty_expectation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "expected.json").write_text("{}", encoding="utf-8")
    with pytest.raises(AssertionError, match="expects nothing"):
        expectation(tmp_path, {"headline": "Un titolo"})


def test_a_difference_names_the_field_and_both_values() -> None:
    found = different({"url": "a", "keywords": ["x", "y"]}, {"url": "a", "keywords": ["x"]})
    assert found == 'keywords[1]\n  expected "y"\n  read     (none)'
