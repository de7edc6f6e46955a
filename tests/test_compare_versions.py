"""The comparison of two checkouts: what it takes out, and what it must not overlook."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks import compare_text as texts
from benchmarks.compare_text import Allowed, Clock, compare

if TYPE_CHECKING:
    from pathlib import Path

BEGAN = int(datetime(2027, 1, 15, 8, tzinfo=UTC).timestamp())
FIXED = [datetime(2026, 1, 2, 10, tzinfo=UTC), datetime(2026, 1, 2, 11, tzinfo=UTC)]
NOTHING = Allowed()


def lines(*articles: dict[str, object]) -> str:
    return "".join(f"{json.dumps(article, ensure_ascii=False)}\n" for article in articles)


def article(number: int, **changes: object) -> dict[str, object]:
    return {"id": f"alanews:{number}", "revision": 1, "headline": "Perché", **changes}


def names(before: dict[str, str], after: dict[str, str], allowed: Allowed = NOTHING) -> list[str]:
    return [difference.name for difference in compare(before, after, allowed)]


def test_a_moment_becomes_that_of_its_step_in_its_own_format() -> None:
    clock = Clock([BEGAN, BEGAN + 60], FIXED, BEGAN + 90)
    assert clock.apply("2027-01-15T08:00:59Z") == "2026-01-02T10:00:00Z"
    assert clock.apply("2027-01-15T08:01:00Z") == "2026-01-02T11:00:00Z"
    assert clock.apply("2027-01-15T09:01:20+01:00") == "2026-01-02T12:00:00+01:00"
    assert clock.apply("a/2027-01-15T08-01-30Z.jsonl") == "a/2026-01-02T11-00-00Z.jsonl"


def test_moments_of_articles_stay() -> None:
    clock = Clock([BEGAN], FIXED[:1], BEGAN + 90)
    for text in ("2026-11-20T15:00:00+01:00", "2027-01-15T07:59:59Z", "2027-99-15T08:00:00Z"):
        assert clock.apply(text) == text


def test_steps_within_one_second_cannot_be_told_apart() -> None:
    with pytest.raises(ValueError, match="later second"):
        Clock([BEGAN, BEGAN], FIXED, BEGAN + 9)
    with pytest.raises(ValueError, match="fixed moment"):
        Clock([BEGAN], FIXED, BEGAN + 9)


def test_the_first_reading_of_a_revision_is_still_told_from_its_own() -> None:
    clock = Clock([BEGAN, BEGAN + 60], FIXED, BEGAN + 90)
    right = lines(article(1, first_seen_at="2027-01-15T08:00:01Z"))
    wrong = lines(article(1, first_seen_at="2027-01-15T08:01:01Z"))
    assert names({"a.jsonl": clock.apply(right)}, {"a.jsonl": clock.apply(wrong)}) == ["a.jsonl"]


def test_a_changed_field_is_named() -> None:
    (found,) = compare(
        {"a.jsonl": lines(article(1), article(2))},
        {"a.jsonl": lines(article(1), article(2, headline="Poiché"))},
        NOTHING,
    )
    assert '-alanews:2 r1 headline: "Perché"' in found.lines
    assert '+alanews:2 r1 headline: "Poiché"' in found.lines
    assert not found.note


@pytest.mark.parametrize(
    "after",
    [
        lines(article(1)).replace(", ", ","),
        json.dumps(article(1)) + "\n",
        lines(article(1)).rstrip("\n"),
        lines(article(1)).replace("\n", "\r\n"),
        lines(dict(reversed(article(1).items()))),
        "",
    ],
    ids=["separators", "escapes", "no end", "other end", "order of keys", "no line"],
)
def test_what_is_written_otherwise_differs(after: str) -> None:
    assert names({"a.jsonl": lines(article(1))}, {"a.jsonl": after}) == ["a.jsonl"]


def test_another_order_is_a_difference_and_called_so() -> None:
    one, other = lines(article(1), article(2)), lines(article(2), article(1))
    (found,) = compare({"a.jsonl": one}, {"a.jsonl": other}, NOTHING)
    assert found.note == "the same lines in another order"
    assert not names({"a.jsonl": one}, {"a.jsonl": other}, Allowed.read(r"a\.jsonl: .*order"))


def test_a_file_of_one_version_alone_is_a_difference() -> None:
    assert [one.note for one in compare({"a": "", "b": "x"}, {"c": "x"}, NOTHING)] == [
        "only before", "only before", "only after",
    ]  # fmt: skip
    assert names({"a": "x"}, {}, Allowed.read("a: only before")) == []


def test_allowed_lines_hide_themselves_and_no_other() -> None:
    before = {"a.jsonl": lines(article(1, word_count=7))}
    counted = lines(article(1, word_count=8))
    allowed = Allowed.read("# Why.\n\nr1 word_count: \\d+$\n")
    assert names(before, {"a.jsonl": counted}) == ["a.jsonl"]
    assert names(before, {"a.jsonl": counted}, allowed) == []
    other = lines(article(1, word_count=8, headline="x"))
    assert names(before, {"a.jsonl": other}, allowed) == ["a.jsonl"]
    compact = counted.replace(", ", ",")
    assert names(before, {"a.jsonl": compact}, Allowed.read("r1 word_count: ")) == ["a.jsonl"]


def test_a_wrong_expression_is_named() -> None:
    with pytest.raises(ValueError, match=r"line 2: .*: \("):
        Allowed.read("x\n(\n")


def test_a_long_line_is_cut_where_it_differs() -> None:
    before, after = "a" * 5_000 + "BEFORE" + "z" * 500, "a" * 5_000 + "AFTER" + "z" * 500
    shown = texts.diff([before], [after])
    assert any("BEFORE" in line for line in shown)
    assert any("AFTER" in line for line in shown)
    assert all(len(line) <= texts.WIDTH + 2 for line in shown)


def test_measures_go_and_counts_stay() -> None:
    text = '{\n "seconds": 3.4,\n "items_per_minute": null,\n "median": 12,\n "written": 3\n}'
    kept = '{\n "seconds": 1.0,\n "items_per_minute": 1.0,\n "median": 1.0,\n "written": 3\n}'
    assert texts.without_measures(text) == kept


def test_tables_of_exports_are_read_cell_by_cell(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE articles (id TEXT, revision INTEGER, body TEXT)")
    connection.execute("INSERT INTO articles VALUES ('alanews:1', 2, 'x')")
    connection.commit()
    connection.close()
    read = [*texts.export_lines(path)]
    assert read[0].startswith("articles: CREATE TABLE")
    assert "articles alanews:1 r2 body: 'x'" in read
    path = tmp_path / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "revision", "body"], ["alanews:1", "2", "x\ny"]])
    read = [*texts.export_lines(path)]
    assert "articles alanews:1 r2 body: 'x\\ny'" in read
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))
    assert read != [*texts.export_lines(path)]


def test_what_did_not_come_about_is_named() -> None:
    files = {"output/a.run.json": '"rejected/no_body": 1', "output/a.jsonl": '"revision": 3'}
    assert texts.missing(files) == ["article removed by the site"]
    # What commands print of it is not what the crawls wrote.
    assert len(texts.missing({"ledger.json": '"status": "gone"'})) == 3


def test_damaged_lines_have_a_fault_each() -> None:
    dump = lines(*(article(n, url="https://www.alanews.it/a-b/", flags=[]) for n in range(12)))
    made = texts.damaged(dump).splitlines()
    assert [line in dump.splitlines() for line in made].count(True) == 2
    assert len(made) == 13
