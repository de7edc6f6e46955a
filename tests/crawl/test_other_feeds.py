"""Feeds of `-o`, `-O` and settings beside the dump: none of them changes or prevents it."""

from __future__ import annotations

import json
import marshal
import pickle
import subprocess
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import ARTICLE_FIELDS
from tests.support.crawling import ROOT, crawl
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=60) as process:
        yield process


def outputs(*names: Path | str) -> tuple[str, ...]:
    return tuple(part for name in names for part in ("-O", str(name)))


def test_every_format_of_scrapy_takes_articles(twin: TwinProcess, tmp_path: Path) -> None:
    names = ["a.csv", "a.xml", "a.pickle", "a.marshal", "a.json", "a.jsonl"]
    files = {name: tmp_path / name for name in names}
    run = crawl("esteri", tmp_path, options=outputs(*files.values()), site_url=twin.url)
    assert run.code == 0, run.stderr
    assert "Traceback" not in run.stderr
    (dump,) = run.dumps
    assert files["a.jsonl"].read_bytes() == dump.read_bytes()
    assert json.loads(files["a.json"].read_bytes()) == run.articles
    with files["a.pickle"].open("rb") as pickles, files["a.marshal"].open("rb") as marshals:
        for record in run.articles:
            assert pickle.load(pickles) == record  # noqa: S301 - written by this test
            assert marshal.load(marshals) == record  # noqa: S302 - written by this test
    root = ET.parse(files["a.xml"]).getroot()  # noqa: S314 - written by this test
    headlines = [entry.findtext("headline") for entry in root]
    assert headlines == [record["headline"] for record in run.articles]
    authors = [[a.text for a in entry.findall("authors/value/name")] for entry in root]
    assert authors == [[a["name"] for a in record["authors"]] for record in run.articles]
    exported = tmp_path / "exported.csv"
    line = ["export", "--to", "csv", str(dump), "-o", str(exported)]
    subprocess.run([sys.executable, "-m", "scrapy", *line], cwd=ROOT, check=True)
    assert files["a.csv"].read_bytes() == exported.read_bytes()


def test_settings_of_other_feeds_do_not_change_the_dump(twin: TwinProcess, tmp_path: Path) -> None:
    feed = tmp_path / "a-%(batch_id)d.csv"
    settings = {
        "FEED_EXPORT_FIELDS": "id,headline",
        "FEED_EXPORT_INDENT": "2",
        "FEED_EXPORT_ENCODING": "latin-1",
        "FEED_EXPORT_BATCH_ITEM_COUNT": "5",
        "FEED_STORE_EMPTY": "True",
        "FEED_EXPORTERS": '{"jsonl": "scrapy.exporters.JsonItemExporter"}',
        "FEED_STORAGES": "{}",
    }
    run = crawl("esteri", tmp_path, options=outputs(feed), settings=settings, site_url=twin.url)
    (dump,) = run.dumps
    lines = dump.read_text(encoding="utf-8").splitlines()
    assert len(lines) > 5
    assert all(tuple(json.loads(line)) == ARTICLE_FIELDS for line in lines)
    assert lines == [json.dumps(json.loads(line), ensure_ascii=False) for line in lines]
    table = (tmp_path / "a-1.csv").read_text(encoding="latin-1").splitlines()
    assert table[0] == "id,headline"


def test_a_feed_that_fails_while_it_runs_costs_the_dump_nothing(
    twin: TwinProcess, tmp_path: Path
) -> None:
    exporters = {"FEED_EXPORTERS": '{"bad": "scrapy.exporters.BaseItemExporter"}'}
    files = outputs(tmp_path / "a.bad", tmp_path / "b.csv")
    run = crawl("esteri", tmp_path, options=files, settings=exporters, site_url=twin.url)
    assert run.code == 16
    assert "1 feeds not stored" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stderr.count("is not complete: ") == 1
    rows = (tmp_path / "b.csv").read_bytes().count(b"\r\n")
    assert len(run.articles) == rows - 1 > 5


def test_a_csv_that_is_appended_to_has_its_names_once(twin: TwinProcess, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    for name in ("first", "second"):
        run = crawl("esteri", tmp_path / name, options=("-o", str(table)), site_url=twin.url)
        assert run.code == 0, run.stderr
    lines = table.read_bytes().split(b"\r\n")
    assert len(lines) - 2 == 2 * len(run.articles)
    assert lines.count(lines[0]) == 1


REFUSED: list[tuple[tuple[str, ...], dict[str, Any], str]] = [
    (("-O", "a.parquet"), {}, "Unrecognized output format 'parquet'"),
    (("-O", "a"), {}, "Unrecognized output format"),
    (("-O", "a.csv", "-o", "b.csv"), {}, "only one of -o"),
    (("-O", "s3://bucket/a.csv"), {}, "missing boto"),
    (("-O", "gopher://host/a.csv"), {}, "no storage is called 'gopher'"),
    (("-O", "%(foo)s.csv"), {}, "%(foo) is not a parameter"),
    (("-O", "/dev/null/a.csv"), {}, "/dev/null is not a folder"),
    (("-O", "a.csv"), {"FEED_EXPORT_BATCH_ITEM_COUNT": "5"}, "batches need %(batch_id)d"),
    ((), {"FEEDS": '{"a.foo": {}}'}, "no format is called 'foo'"),
    ((), {"FEEDS": '{"a.csv": "csv"}'}, "has no options"),
    ((), {"FEEDS": "a.csv"}, "Invalid -s value"),
]


@pytest.mark.parametrize(("options", "settings", "says"), REFUSED)
def test_a_feed_that_cannot_be_written_is_refused_in_one_line(
    options: tuple[str, ...], settings: dict[str, str], says: str, tmp_path: Path
) -> None:
    run = crawl("esteri", tmp_path, options=options, settings=settings)
    (line,) = run.stderr.splitlines()
    assert line.startswith("newscrawl: ")
    assert says in line
    assert run.code == 2
    assert list(tmp_path.iterdir()) == []
