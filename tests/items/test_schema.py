"""The schema and the page of fields: made from items.py, strict, and true of what is read."""

from __future__ import annotations

import json
from dataclasses import fields, make_dataclass
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newscrawl.dumps.checking.article_rules import faults_of_article
from newscrawl.dumps.checking.schema_check import schema_faults
from newscrawl.dumps.decoding import article_of
from newscrawl.items import (
    ARTICLE_FIELDS,
    COMPARED_FIELDS,
    COUNTED_FIELDS,
    FIELDS_OF_GONE,
    PARTS,
    Article,
)
from newscrawl.items.__main__ import pages
from newscrawl.items.fields import article_field
from newscrawl.items.fields_page import fields_page
from newscrawl.items.schema import article_schema
from tests.extraction.test_saved_pages import CASES, PAGES
from tests.support.dumps import first, record, removed, revised

if TYPE_CHECKING:
    from collections.abc import Iterator

    Step = str | int


def test_the_documentation_is_what_items_say() -> None:
    for path, text in pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: make schema"


def test_the_schema_is_one_of_2020_12() -> None:
    schema = article_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(schema)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema["$defs"].values()


def test_the_schema_allows_and_forgets_nothing() -> None:
    schema = article_schema()
    kinds = [Article, *[kind for kind in PARTS if kind is not Article]]
    assert [one["title"] for one in objects(schema)] == [kind.__name__ for kind in kinds]
    for one, kind in zip(objects(schema), kinds, strict=True):
        names = [field.name for field in fields(kind)]
        first = [field.name for field in fields(kind) if "since" not in field.metadata]
        assert (one["additionalProperties"], one["required"]) == (False, first)
        assert list(one["properties"]) == names
        for name, value in one["properties"].items():
            assert value["description"], name
            assert value.keys() & {"type", "$ref", "anyOf"}, name
            assert "default" not in value
    assert tuple(schema["properties"]) == ARTICLE_FIELDS


def test_the_page_explains_each_field_of_each_part() -> None:
    page = fields_page()
    for kind in PARTS:
        rows = page.split(f"## {kind.__name__}\n")[1].split("\n## ")[0].splitlines()
        names = [row.split("`")[1] for row in rows if row.startswith("| `")]
        assert names == [field.name for field in fields(kind)]


def test_compared_are_the_fields_that_the_page_itself_states() -> None:
    assert COMPARED_FIELDS == (
        "url", "headline", "subtitle", "authors",
        "date_published", "date_published_precision", "date_published_raw",
        "date_published_source", "date_modified", "date_modified_precision", "date_modified_raw",
        "date_modified_source", "section", "sections", "breadcrumbs", "keywords", "dateline",
        "image", "images", "videos", "body", "blocks", "links", "language", "word_count", "format",
        "is_accessible_for_free",
    )  # fmt: skip


def test_counted_are_the_fields_that_an_article_may_lack() -> None:
    assert COUNTED_FIELDS == (
        "headline", "subtitle", "authors", "date_published", "date_modified", "section",
        "sections", "breadcrumbs", "keywords", "dateline", "image", "images", "videos", "body",
        "blocks", "links", "related", "language", "publisher",
    )  # fmt: skip


def test_the_line_of_a_removed_article_has_its_history_only() -> None:
    assert set(FIELDS_OF_GONE) == {
        "schema_version", "id", "site", "url", "status", "first_seen_at", "fetched_at",
        "revision", "content_hash", "previous_hash", "changed_fields", "duplicate_of", "similarity",
        "archive",
    }  # fmt: skip


def test_a_new_field_must_say_whether_it_is_compared() -> None:
    with pytest.raises(TypeError, match="compared"):
        article_field("Mood of the article.", default="")  # type: ignore[call-arg]
    (facts,) = fields(make_dataclass("Mood", [("mood", str, article_field("", compared=True))]))
    assert [facts.metadata[name] for name in ("compared", "counted", "in_gone")] == [
        True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_article_read_is_right(case: str) -> None:
    expected = json.loads((PAGES / case / "expected.json").read_text(encoding="utf-8"))
    if expected is not None:
        assert list(schema_faults(expected)) == []
        assert list(faults_of_article(article_of(expected))) == []


LINES = [record(article) for article in (first(), revised(first()), removed(first()))]


def test_the_lines_that_are_changed_below_are_right() -> None:
    for line in LINES:
        assert list(schema_faults(line)) == []


def places(value: Any, path: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Return the path of everything within a record."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (*path, step)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, step))


PLACES = [(number, path) for number, line in enumerate(LINES) for path in places(line)]


def changed(number: int, path: tuple[Step, ...]) -> tuple[dict[str, Any], Any]:
    """Return a copy of a line and what holds the value at a path."""
    line: dict[str, Any] = json.loads(json.dumps(LINES[number]))
    holder: Any = line
    for step in path[:-1]:
        holder = holder[step]
    return line, holder


def shown(path: tuple[Step, ...]) -> str:
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path).lstrip(".")


@given(st.sampled_from(PLACES), st.sampled_from([{"zz": 1}, [[1]], 0.5, [None], [{}]]))
def test_whatever_has_another_type_is_named(
    place: tuple[int, tuple[Step, ...]], value: object
) -> None:
    number, path = place
    line, holder = changed(number, path)
    holder[path[-1]] = value
    found = [name for name, _ in schema_faults(line)]
    assert any(name.startswith(shown(path)) for name in found), (path, found)


@given(st.sampled_from([place for place in PLACES if isinstance(place[1][-1], str)]))
def test_whatever_is_missing_or_too_much_is_named(place: tuple[int, tuple[Step, ...]]) -> None:
    number, path = place
    line, holder = changed(number, path)
    # Its keys are free.
    assume(path[:-1] != ("provenance",))
    value = holder.pop(path[-1])
    assert (shown(path), "is missing") in set(schema_faults(line))
    holder[path[-1]] = value
    holder["mood"] = "glad"
    within = shown((*path[:-1], "mood"))
    assert (within, "is not a field of an article") in set(schema_faults(line))


@pytest.mark.parametrize(
    ("number", "change", "field"),
    [
        (0, {"status": "lost"}, "status"),
        (0, {"id": "alanews:07"}, "id"),
        (0, {"id": "7"}, "id"),
        (0, {"url": "ftp://www.alanews.it/esteri/a-b/"}, "url"),
        (0, {"url": "https://www.alanews.it/a#b"}, "url"),
        (0, {"headline": ""}, "headline"),
        (0, {"body": ""}, "body"),
        (0, {"extractor": ""}, "extractor"),
        (0, {"publisher": None}, "publisher"),
        (0, {"language": "italiano (Italia)"}, "language"),
        (0, {"format": "podcast"}, "format"),
        (0, {"content_hash": "0" * 63}, "content_hash"),
        (0, {"content_hash": "A" * 64}, "content_hash"),
        (0, {"first_seen_at": "2026-11-23T10:00:00+01:00"}, "first_seen_at"),
        (0, {"fetched_at": "2026-11-31T10:00:00Z"}, "fetched_at"),
        (0, {"revision": 0}, "revision"),
        (0, {"revision": 2}, "previous_hash"),
        (0, {"previous_hash": "0" * 64}, "previous_hash"),
        (0, {"changed_fields": ["body"]}, "changed_fields"),
        (0, {"discovered_via": ["rumour"]}, "discovered_via[0]"),
        (0, {"discovered_via": ["feed", "feed"]}, "discovered_via"),
        (0, {"flags": ["Careful!"]}, "flags[0]"),
        (0, {"duplicate_of": "alanews:1"}, "similarity"),
        (0, {"similarity": 0.9}, "similarity"),
        (0, {"duplicate_of": "alanews:1", "similarity": 1.1}, "similarity"),
        (0, {"date_published": None}, "date_published_precision"),
        (0, {"date_published_raw": None}, "date_published_raw"),
        (0, {"date_published_precision": "second"}, "date_published"),
        (0, {"date_published_precision": "minute"}, "date_published"),
        (0, {"date_published_source": "guess"}, "date_published_source"),
        (0, {"date_published": "2025-10-28T14:30:00+01:00"}, "date_published"),
        (0, {"date_published": "2025-02-30"}, "date_published"),
        (0, {"date_published": "2025-10-28 14:30"}, "date_published"),
        (0, {"dateline": {"place": "", "date": None}}, "dateline.place"),
        (0, {"dateline": {"place": "Tokyo", "date": "2025-02-29"}}, "dateline.date"),
        (0, {"blocks": [{"type": "poem", "level": None, "text": "a", "items": [], "url": None}]},
         "blocks[0].type"),
        (0, {"blocks": [{"type": "heading", "level": 7, "text": "a", "items": [], "url": None}]},
         "blocks[0].level"),
        (0, {"blocks": [{"type": "paragraph", "level": 1, "text": "a", "items": [], "url": None}]},
         "blocks[0].level"),
        (0, {"blocks": [{"type": "image", "level": None, "text": None, "items": [], "url": None}]},
         "blocks[0].url"),
        (0, {"provenance": {"Head line": "visible"}}, "provenance"),
        (1, {"previous_hash": None}, "previous_hash"),
        (2, {"headline": "Titolo"}, "headline"),
        (2, {"body": "Testo"}, "body"),
        (2, {"keywords": ["a"]}, "keywords"),
        (2, {"revision": 1}, "revision"),
        (2, {"changed_fields": ["body"]}, "changed_fields"),
        (2, {"word_count": 3}, "word_count"),
    ],
)  # fmt: skip
def test_what_the_schema_catches(number: int, change: dict[str, Any], field: str) -> None:
    found = dict(schema_faults(LINES[number] | change))
    assert field in found, found
    assert all(len(what) < 300 and what.isprintable() for what in found.values())
