"""Folders and dumps that are symbolic links: followed, each read once, or refused by name."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from newscrawl import dumps
from newscrawl.dumps import DumpError
from tests.support import preloaded
from tests.support.crawling import crawl
from tests.support.dumps import first, write
from twin.process import TwinProcess

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

NAME = "2026-11-23T09-00-00Z.jsonl"


def scrapy(*arguments: str, output: Path) -> subprocess.CompletedProcess[str]:
    return preloaded.run(arguments, {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Return an output folder whose spider has its folder on another disk, with loops of links."""
    write(tmp_path / "disk" / "esteri" / NAME, [first(1)])
    folder = tmp_path / "output"
    folder.mkdir()
    (folder / "esteri").symlink_to(tmp_path / "disk" / "esteri")
    (folder / "again").symlink_to(folder / "esteri")
    (tmp_path / "disk" / "esteri" / "loop").symlink_to(tmp_path / "disk")
    (folder / "back").symlink_to(folder)
    return folder


@pytest.mark.parametrize("pattern", ["", "esteri", "**", "**/*.jsonl", "*", "*/*.jsonl"])
def test_a_linked_dump_is_read_once_despite_loops(pattern: str, output: Path) -> None:
    write(output / "sport" / NAME, [first(2)])
    articles = [article.id for article in dumps.read(str(output / pattern))]
    assert articles == (["alanews:1"] if pattern == "esteri" else ["alanews:1", "alanews:2"])
    assert len([*dumps.latest(str(output / pattern))]) == len(articles)


def test_a_linked_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "disk" / "x.jsonl", [first(1)])
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / NAME).symlink_to(path)
    assert len([*dumps.read([tmp_path / "output", path])]) == 1


@pytest.mark.parametrize("target", ["nowhere", "esteri"])
def test_a_link_to_nothing_is_refused_by_name(target: str, output: Path) -> None:
    (output / "sport").symlink_to(output / "sport" if target == "esteri" else output / target)
    for pattern in ("", "*", "**/*.jsonl"):
        with pytest.raises(DumpError, match=r"sport: is a link to .*, which cannot be reached"):
            dumps.read(str(output / pattern))
    (output / "esteri").unlink()
    (output / "esteri").symlink_to("/nowhere/esteri")
    for command in (
        ["validate", str(output)],
        ["export", "--to", "csv", str(output), "-o", str(output / "a.csv")],
        ["report"],
        ["runs", "esteri"],
    ):
        run = scrapy(*command, output=output)
        assert run.returncode in {1, 2}, command
        assert "is a link to" in run.stderr, command
        assert len(run.stderr.splitlines()) == 1


@pytest.mark.e2e
def test_commands_read_what_a_crawl_wrote_to_another_disk(tmp_path: Path) -> None:
    output, disk = tmp_path / "output", tmp_path / "disk"
    disk.mkdir()
    output.mkdir()
    (output / "sport").symlink_to(disk)
    with TwinProcess(size=60) as twin:
        run = crawl("sport", output, site_url=twin.url, pages=1)
    assert run.code == 0, run.stderr
    count = len(run.articles)
    assert count
    checked = scrapy("validate", str(output), output=output)
    assert f"1 file, {count:,} lines: {count:,} right" in checked.stdout
    report = scrapy("report", output=output)
    assert f"{count} articles of 1 dump" in report.stdout, report.stderr
    (listed,) = json.loads(scrapy("runs", "--json", output=output).stdout)
    assert listed["articles"]["written"] == count
    table = tmp_path / "a.csv"
    export = scrapy("export", "--to", "csv", str(output), "-o", str(table), output=output)
    assert export.returncode == 0, export.stderr
    assert table.exists()
