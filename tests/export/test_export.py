"""`scrapy export`: each shape holds what the dumps hold, field by field."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from sqlite_utils import Database

from newscrawl import dumps
from newscrawl.export import FORMATS
from newscrawl.export.csv_text import cell
from newscrawl.items import ARTICLE_FIELDS, Author, Image
from tests.support import terminals
from tests.support.crawling import ROOT
from tests.support.dumps import write
from tests.support.exporting import KINDS, READERS, export, unguarded
from tests.support.runs import article, crawled, records

if TYPE_CHECKING:
    from pathlib import Path

FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the dumps of two runs on the twin, and one of articles that a twin has not."""
    folder = tmp_path_factory.mktemp("twin")
    odd = [
        article(1, headline="=1+1", subtitle="-", body="@a\n\n+b\tc", keywords=["=x", 'più, "x"']),
        article(2, headline="'=1", subtitle="L’“intesa”;\r\n\u2028 😀 \x00 ﷽", similarity=0.5),
        article(3, date_published="2025-10-28", date_modified="2025-10-26T02:30:00+01:00"),
        article(4, authors=[Author("Ada"), Author("")], image=Image("x", width=1), similarity=1),
        article(5, is_accessible_for_free=False, provenance={}, fetched_at=None),
    ]
    return [*crawled(folder), write(folder / "zz" / "odd.jsonl", odd)]


def helpers_of(record: dict[str, Any]) -> dict[str, Any]:
    """Return what the columns beside the article's fields must hold."""
    found: dict[str, Any] = {}
    for name in ("date_published", "date_modified"):
        text = record[name]
        found[f"{name}_day"] = text and date(*map(int, text[:10].split("-")))
        is_timed = text and len(text) > 10
        found[f"{name}_instant"] = datetime.fromisoformat(text) if is_timed else None
    for name in ("first_seen", "fetched"):
        text = record[f"{name}_at"]
        found[f"{name}_instant"] = text and datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z")
    return found


@pytest.mark.e2e
@pytest.mark.parametrize("shape", FORMATS)
def test_every_field_of_every_line_comes_back(
    shape: str, paths: list[Path], tmp_path: Path
) -> None:
    out = tmp_path / f"articles.{shape}"
    done = export("--to", shape, *paths, "-o", out)
    wanted = records(paths)
    assert len(wanted) > 60
    assert (done.code, done.stderr) == (0, "")
    place = re.escape(str(out))
    assert re.fullmatch(rf"{place}: {len(wanted)} rows, [\d.]+ [kM]B\n", done.stdout)
    rows = READERS[shape](out, "articles")
    assert [tuple(row) for row in rows] == [tuple(KINDS)] * len(wanted)
    for row, record in zip(rows, wanted, strict=True):
        assert row == record | helpers_of(record)
    assert [*tmp_path.iterdir()] == [out]


@pytest.mark.e2e
@pytest.mark.parametrize("shape", ["duckdb", "sqlite"])
def test_the_view_latest_is_what_the_option_gives(
    shape: str, paths: list[Path], tmp_path: Path
) -> None:
    # Another spider's dumps, too: the same articles once more, read in the same second, and the
    # first of them later, as a revision whose number is lower than in the other series.
    copies = [replace(copy, extractor="another") for copy in dumps.read(paths[0])]
    moment, later = "2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"
    lower = article(9, first_seen_at=moment, fetched_at=later, headline="In due serie")
    higher = replace(lower, revision=3, fetched_at=moment)
    paths = [
        *paths,
        write(tmp_path / "a" / "higher.jsonl", [higher]),
        write(tmp_path / "b" / "copy.jsonl", [*copies, lower]),
    ]
    wanted = {one.id: asdict(one) for one in dumps.latest(paths)}
    assert len(wanted) < len(records(paths)) - len(copies)
    assert wanted[lower.id]["fetched_at"] == later
    whole, only = tmp_path / "whole", tmp_path / "only"
    assert export("--to", shape, *paths, "-o", whole).code == 0
    assert export("--to", shape, "--latest", *paths, "-o", only).code == 0
    for path, table in ((whole, "latest"), (only, "articles"), (only, "latest")):
        rows = READERS[shape](path, table)
        assert len(rows) == len(wanted)
        assert {row["id"]: {name: row[name] for name in ARTICLE_FIELDS} for row in rows} == wanted


@pytest.mark.e2e
def test_tables_of_their_own_hold_what_the_articles_hold(paths: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "articles.sqlite"
    assert export("--to", "sqlite", *paths, "-o", out).code == 0
    database = Database(out)
    for name in ("authors", "sections", "keywords", "links", "related", "flags"):
        expected = [
            {"row": number, "position": position}
            | (entry if isinstance(entry, dict) else {name.removesuffix("s"): entry})
            for number, record in enumerate(records(paths), 1)
            for position, entry in enumerate(record[name], 1)
        ]
        rows = database.table(name).rows_where(order_by="row, position")
        assert list(rows) == expected
        assert expected or name == "flags"
    page = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
    (query,) = re.findall(r"^```sql\n(.*?)^```$", page, re.M | re.S)
    tags = Counter(tag for one in dumps.latest(paths) for tag in one.keywords)
    assert [row["count(*)"] for row in database.query(query)] == [
        count for _, count in tags.most_common(10)
    ]
    told = {row["name"]: row for row in database.table("fields").rows}
    assert [*told] == [*KINDS]
    assert told["authors"]["type"] == "list of {name, url}"
    assert told["headline"]["description"].startswith("Title as shown")
    database.close()


def test_types_are_those_of_the_items_and_descriptions_travel_along(tmp_path: Path) -> None:
    dump = write(tmp_path / "a.jsonl", [article()])
    flat, base = tmp_path / "a.parquet", tmp_path / "a.duckdb"
    assert export("--to", "parquet", dump, "-o", flat).code == 0
    assert export("--to", "duckdb", dump, "-o", base).code == 0
    schema = parquet.read_schema(flat)
    types = {name: str(schema.field(name).type) for name in schema.names}
    assert types["related"].startswith("list<element: struct<position: int64, url: string")
    assert types["date_published_day"] == "date32[day]"
    assert types["date_published_instant"] == "timestamp[us, tz=UTC]"
    assert types["similarity"] == "double"
    assert b"Title as shown" in schema.field("headline").metadata[b"description"]
    assert parquet.ParquetFile(flat).metadata.row_group(0).column(0).compression == "ZSTD"
    with duckdb.connect(base, read_only=True) as database:
        found = database.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() "
            "WHERE table_name = 'articles'"
        ).fetchall()
    columns = {name: (kind, comment) for name, kind, comment in found}
    assert columns["authors"][0] == 'STRUCT("name" VARCHAR, url VARCHAR)[]'
    assert columns["provenance"][0] == "MAP(VARCHAR, VARCHAR)"
    assert columns["date_published_day"][0] == "DATE"
    assert columns["date_published_instant"][0] == "TIMESTAMP WITH TIME ZONE"
    assert columns["headline"][1].startswith("Title as shown")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(["", *"=+-@\t\r\n'"]))
def test_row_25_no_cell_is_a_formula_and_each_comes_back(text: str, start: str) -> None:
    told = cell(start + text)
    assert not FORMULA.match(told)
    assert unguarded(told) == start + text
    assert told in {start + text, f"'{start}{text}"}
    line = io.StringIO(newline="")
    csv.writer(line).writerow([told, "b"])
    assert next(csv.reader(io.StringIO(line.getvalue(), newline=""), strict=True)) == [told, "b"]


def test_a_csv_is_what_rfc_4180_says(tmp_path: Path) -> None:
    tricky = article(headline='Il "sì", e\nil no', subtitle="=HYPERLINK(1)")
    dump, out = write(tmp_path / "a.jsonl", [tricky]), tmp_path / "a.csv"
    assert export("--to", "csv", dump, "-o", out).code == 0
    data = out.read_bytes()
    assert data.startswith(b"schema_version,id,site,url,")
    assert data.endswith(b"\r\n")
    assert data.count(b"\r\n") == 2
    assert '"Il ""sì"", e\nil no",\'=HYPERLINK(1),[],,,'.encode() in data
    assert export("--to", "csv", "--bom", "--force", dump, "-o", out).code == 0
    assert out.read_bytes() == b"\xef\xbb\xbf" + data


def test_a_terminal_has_a_bar(tmp_path: Path) -> None:
    dump = write(tmp_path / "a.jsonl", [article(number) for number in range(300)])
    out = tmp_path / "a.csv"
    line = ["export", "--to", "csv", str(dump), "-o", str(out)]
    code, printed, shown = terminals.run(line)
    assert (code, printed.count(b"\n")) == (0, 1)
    assert b"300 rows" in shown
    assert b"100%" in shown
