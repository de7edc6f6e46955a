"""Commands whose standard output is closed before their end, as by `| head -1`."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.commands.test_extract import foreign
from tests.support.crawling import ROOT
from tests.support.dumps import first, write
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path


def run_closed(words: list[str], output: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose output nothing reads."""
    reader, writer = os.pipe()
    os.close(reader)
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output)}
    try:
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=ROOT,
            env=environment,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("extract {page} -o {out}.jsonl", 0),
        ("extract {page} -o {out}.jsonl --json", 0),
        ("export {dump} -o {out}.csv --to csv", 0),
        ("report {folder} -o {out}.html", 0),
        ("archive list {page}", 0),
        ("runs --json", 0),
        ("rights {dump}", 1),
        ("validate {dump}", 1),
    ],
)
def test_a_command_ends_without_a_traceback(tmp_path: Path, words: str, code: int) -> None:
    page = foreign("a.example.it").save(tmp_path / "esteri" / "2026-11-28T10-00-00Z.warc.gz")
    dump = write(tmp_path / "esteri" / "2026-11-28T10-00-00Z.jsonl", [first(1)])
    line = words.format(page=page, dump=dump, out=tmp_path / "out", folder=tmp_path)
    done = run_closed(line.split(), tmp_path)
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr
    assert done.returncode == code, done.stderr


def test_a_crawl_whose_summary_is_not_read_ends_with_its_code(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        words = ["crawl", "politica", "-a", f"site_url={twin.url}", "-a", "pages=1"]
        done = run_closed([*words, "-s", "CLOSESPIDER_ITEMCOUNT=1"], tmp_path)
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr
    assert done.returncode == 22, done.stderr
