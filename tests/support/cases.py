"""One page or date text per kind of input, with the fields that it is about.

A case is a folder of tests/data/cases: `page.html` and `url.txt`, or `text.txt`; the fields in
`expected.json`; the reason in `why.md`. A page is read as of 27 November 2026 12:00 UTC unless
`expected.json` states `fetched_at`. Of an object only the keys that are named count; a list has
exactly the named entries. Other keys of `expected.json`:

- `article`: false when the page is not an article;
- `body_contains`, `body_lacks`: texts that `body` has or has not, white space folded;
- `body_count`: how often `body` has a text;
- `blocks_has`: at least one block is like this;
- `authors_lack`: no author's name has this text;
- `flags_has`, `flags_lack`: flags that `flags` has or has not;
- `anywhere`: texts that some field has;
- within an object `NAME_has`, `NAME_lacks`, `NAME_ends`: what the text under NAME has, has not,
  ends with;
- for a date text `parse` (ISO 8601 or null) or `parse_any`, and `reference`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import newscrawl
from newscrawl import dates
from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FOLDER = ROOT / "tests" / "data" / "cases"
CASES = sorted(path.name for path in FOLDER.iterdir())
READ_AT = "2026-11-27T12:00:00+00:00"
TEXT_RULES: dict[str, Callable[[str, str], bool]] = {
    "_has": lambda text, part: part in text,
    "_lacks": lambda text, part: part not in text,
    "_ends": lambda text, part: text.endswith(part),
}


def expectation(folder: Path) -> dict[str, Any]:
    """Return what a case expects."""
    path = folder / "expected.json"
    assert path.exists(), f"{folder.name} has no expected.json"
    expected: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert expected.keys() - {"fetched_at", "reference"}, f"{folder.name} expects nothing"
    return expected


def read_page(folder: Path, fetched_at: str) -> dict[str, Any] | None:
    """Return the line of a dump for a case's page; None for a page that is not an article."""
    html = (folder / "page.html").read_text(encoding="utf-8")
    url = (folder / "url.txt").read_text(encoding="utf-8").strip()
    article = newscrawl.extract(html, url, fetched_at=datetime.fromisoformat(fetched_at))
    line: dict[str, Any] | None = json.loads(json.dumps(asdict(article))) if article else None
    return line


def read_text(folder: Path, reference: str) -> str | None:
    """Return the date that a case's text states."""
    text = (folder / "text.txt").read_text(encoding="utf-8").rstrip("\n")
    date = dates.parse(text, reference=datetime.fromisoformat(reference))
    return date.isoformat() if date else None


def differences(expected: Any, value: Any, name: str) -> Iterator[str]:
    """Yield how a value differs from what is expected of it."""
    if isinstance(expected, dict) and isinstance(value, dict):
        for key, part in expected.items():
            yield from entry_differences(key, part, value, name)
    elif isinstance(expected, list) and isinstance(value, list) and len(expected) == len(value):
        for place, (wanted, got) in enumerate(zip(expected, value, strict=True)):
            yield from differences(wanted, got, f"{name}[{place}]")
    elif expected != value or type(expected) is not type(value):
        yield f"{name}: expected {expected!r}, read {value!r}"


def entry_differences(key: str, part: Any, value: dict[str, Any], name: str) -> Iterator[str]:
    """Yield how one entry of an object differs, by a rule about its text where the key has one."""
    rule = next((rule for rule in TEXT_RULES if key.endswith(rule) and key not in value), None)
    if rule is None:
        yield from differences(part, value.get(key), f"{name}.{key}")
        return
    text = value.get(key.removesuffix(rule)) or ""
    if not TEXT_RULES[rule](text, part):
        yield f"{name}.{key}: {part!r} does not hold for {text!r}"


def article_differences(expected: dict[str, Any], line: dict[str, Any]) -> Iterator[str]:
    """Yield what is not as expected of an article."""
    body = " ".join(line["body"].split())
    names = [author["name"] for author in line["authors"]]
    strings = list(strings_of(line))
    rules: dict[str, Callable[[Any], bool]] = {
        "body_contains": lambda texts: all(text in body for text in texts),
        "body_lacks": lambda texts: not any(text in body for text in texts),
        "body_count": lambda counts: counts == {text: body.count(text) for text in counts},
        "blocks_has": lambda wanted: any(
            not list(differences(wanted, block, "")) for block in line["blocks"]
        ),
        "authors_lack": lambda text: not any(text in name for name in names),
        "flags_has": lambda flags: set(flags) <= set(line["flags"]),
        "flags_lack": lambda flags: not set(flags) & set(line["flags"]),
        "anywhere": lambda texts: all(any(text in held for held in strings) for text in texts),
    }
    for key, wanted in expected.items():
        if key not in rules:
            yield from differences(wanted, line[key], key)
        elif not rules[key](wanted):
            read = json.dumps(line, ensure_ascii=False, indent=1)
            yield f"{key}: {wanted!r} does not hold for {read}"


def strings_of(value: Any) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings_of(part)


def wrong(folder: Path) -> list[str]:
    """Return what is read of a case and is not as it expects."""
    expected = expectation(folder)
    if (folder / "text.txt").exists():
        date = read_text(folder, expected.get("reference", READ_AT))
        possible = expected["parse_any"] if "parse_any" in expected else [expected["parse"]]
        return [] if date in possible else [f"expected one of {possible}, read {date}"]
    line = read_page(folder, expected.pop("fetched_at", READ_AT))
    is_article = expected.pop("article", True)
    if (line is not None) is not is_article:
        return [f"expected {'an' if is_article else 'no'} article"]
    return [*article_differences(expected, line)] if line is not None else []
