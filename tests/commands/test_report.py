"""`scrapy report` as a person types it: what it refuses, skips, replaces and leaves alone."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from newscrawl.report.html_page import MARK
from tests.support.crawling import ROOT
from tests.support.reporting import articles, dump, report
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

STEM = "2026-11-23T10-00-00Z"


@cache
def lines() -> list[Article]:
    return articles()[:3]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Give a dump of three articles."""
    return dump(tmp_path / "output" / "esteri" / f"{STEM}.jsonl", lines())


def refused(capsys: pytest.CaptureFixture[str], output: Path, *words: str, code: int) -> str:
    """Return the one line that says what is wrong."""
    assert report(output, *words) == code
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    assert line.startswith("newscrawl: ")
    return line.removeprefix("newscrawl: ")


@pytest.mark.parametrize(
    ("content", "where", "why"),
    [
        (b'{"schema_version": "1.0", "id": "al', ":4: ", "cut off"),
        (b'{"schema_version": "2.0"}\n', ":4: ", "newer"),
        (b"not JSON\n", ":4: ", "not JSON"),
        (b"[]\n", ":4: ", "not an object"),
        (b'{"schema_version": "1.0"}\n', ":4: ", "is missing"),
        (b'{"schema_version": "1.0", "id": 7}\n', ":4: ", "a whole number instead of text"),
        (b"\n", ":4: ", "an empty line"),
        (b"\xff\n", ":4: ", "not UTF-8"),
    ],
)
def test_a_bad_line_is_named_or_skipped_and_counted(
    good: Path, capsys: pytest.CaptureFixture[str], content: bytes, where: str, why: str
) -> None:
    output = good.parents[1]
    good.write_bytes(good.read_bytes() + content)
    line = refused(capsys, output, code=1)
    assert line.startswith(f"{good}{where}")
    assert why in line
    assert not (output / "report.html").exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        (f"{STEM}.run.json", b"{", "not a run report"),
        (f"{STEM}.run.json", b'{"schema_version": "2.0", "run_id": "a", "spider": "a"}', "update"),
        (f"{STEM}.rejected.jsonl", b'{"url": null, "rea', "cut off"),
    ],
)
def test_what_runs_left_is_judged_like_dumps(
    good: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, why: str
) -> None:
    (good.parent / name).write_bytes(content)
    line = refused(capsys, good.parents[1], code=1)
    assert line.startswith(f"{good.parent / name}:1: ")
    assert why in line


def test_with_skip_bad_the_page_says_what_it_lacks(
    good: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = good.parents[1]
    good.write_bytes(good.read_bytes() + b"<b>\n" * 2)
    (good.parent / f"{STEM}.run.json").write_bytes(b"{")
    assert report(output, "--skip-bad") == 0
    told = capsys.readouterr()
    assert "3 articles of 1 dump" in told.out
    assert told.err.count("newscrawl: skipped ") == 3 + 1
    assert told.err.endswith("newscrawl: skipped in all: 3\n")
    page = (output / "report.html").read_text(encoding="utf-8")
    assert "3 lines or files were skipped" in page
    assert f"<code>{good}:4: not JSON" in page


def test_what_was_typed_wrongly_is_said(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = good.parents[1]
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "zero.jsonl").touch()
    assert "has no dump yet" in refused(capsys, empty, code=1)
    assert "has no dump yet" in refused(capsys, tmp_path / "missing", code=1)
    assert "matches no dump" in refused(capsys, output, f"{output}/*/x*.jsonl", code=1)
    assert "no such file" in refused(capsys, output, str(output / "x.jsonl"), code=1)
    assert "zero.jsonl:1: the file is empty" in refused(
        capsys, output, str(tmp_path / "zero.jsonl"), code=1
    )
    assert "unknown option '--ouput'" in refused(capsys, output, "--ouput", code=2)
    assert "is a folder" in refused(capsys, output, "-o", str(empty), code=2)
    assert "there is no folder" in refused(capsys, output, "-o", f"{empty}/a/b.html", code=2)


def test_another_file_is_never_replaced_unasked(
    good: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output, mine = good.parents[1], tmp_path / "mine.html"
    mine.write_text("my notes")
    before = good.read_bytes()
    assert "--force replaces it" in refused(capsys, output, "-o", str(mine), code=2)
    assert "--force replaces it" in refused(capsys, output, "-o", str(good), code=2)
    assert (mine.read_text(), good.read_bytes()) == ("my notes", before)
    assert report(output, "-o", str(mine), "--force") == 0
    # Now it is a report, which the next one replaces.
    mine.write_text(f"{MARK} old")
    assert report(output, "-o", str(mine)) == 0
    assert "articles in the dumps" in mine.read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"output", "mine.html"}


def test_without_its_libraries_it_says_how_to_get_them(
    good: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "newscrawl.report.html_page", raising=False)
    monkeypatch.delitem(sys.modules, "newscrawl.report.svg", raising=False)
    monkeypatch.delattr("newscrawl.report.svg", raising=False)
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    line = refused(capsys, good.parents[1], code=1)
    assert line.startswith("report needs vl-convert-python, which is not installed: python -m pip")
    assert line.endswith("requirements-report.txt")


@pytest.mark.e2e
@pytest.mark.soak
def test_the_command_reads_what_is_named_and_works_from_a_zip(good: Path, tmp_path: Path) -> None:
    packed = tmp_path / "named" / "a.jsonl.gz"
    packed.parent.mkdir()
    packed.write_bytes(gzip.compress(good.read_bytes()))
    project = tmp_path / "project"
    project.mkdir()
    # As Scrapyd has it: the project is an egg, and so are its templates.
    egg = shutil.make_archive(str(project / "newscrawl"), "zip", ROOT, "newscrawl")
    shutil.copy(ROOT / "scrapy.cfg", project)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "scrapy", "report", str(packed), "-o", "a.html"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": egg, "NEWSCRAWL_OUTPUT": str(tmp_path / "none")},
        capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("a.html: 3 articles of 1 dump, ")
    page = (project / "a.html").read_text(encoding="utf-8")
    assert page.count("<svg") == page.count("</svg>") >= 10
    assert "{{" not in page
