"""What is typed or fed wrongly is one line that says what to do, and leaves no file behind."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from newscrawl import feeds
from newscrawl.export import FORMATS
from tests.support.crawling import ROOT
from tests.support.dumps import write
from tests.support.exporting import READERS, Told, export
from tests.support.runs import article
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = [feeds.line(article(number)) for number in (1, 2, 3)]


def refusal(done: Told, code: int = 1) -> str:
    """Return the one line that says what is wrong."""
    assert (done.code, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("newscrawl: ")
    return line.removeprefix("newscrawl: ")


def changed(**fields: object) -> bytes:
    """Return a line in which a field is not what it should be."""
    return f"{json.dumps(asdict(article(9)) | fields)}\n".encode()


BAD = {
    "cut": (GOOD[2][:200], "the file is cut off here"),
    "newer": (changed(schema_version="2.0"), "schema_version 2.0 is newer than 1.4"),
    "not JSON": (b"Dear reader\n", "not JSON"),
    "no object": (b"[]\n", "not an object"),
    "no UTF-8": (b'{"id": "\xe8"}\n', "not UTF-8"),
    "no article": (b'{"schema_version": "1.0"}\n', "is missing"),
    "wrong type": (changed(headline=5), "headline: a whole number instead of text"),
    "no date": (changed(date_published="ieri"), "date_published is 'ieri', not a date"),
    "no offset": (changed(date_modified="2026-11-22T10:00:00"), "not a date or a time with its"),
    "no time": (changed(fetched_at="2026-11-22"), "fetched_at is '2026-11-22', not a date or a"),
    "no such day": (changed(date_published="2026-02-30"), "date_published is '2026-02-30'"),
    "huge number": (changed(word_count=10**30), "word_count is 10000000000000000000…, larger"),
    "no number": (changed(similarity=1e999).replace(b"Infinity", b"1e999"), "similarity is inf"),
    "endless number": (changed(similarity=10**400), "similarity: a number out of range"),
    "half a character": (changed(headline="\ud800"), "half a character"),
}


@pytest.mark.parametrize(
    ("kind", "shape"),
    [*((kind, "csv") for kind in BAD), *(("no date", shape) for shape in FORMATS)],
)
def test_a_bad_line_ends_it_and_leaves_nothing_or_is_skipped_and_counted(
    kind: str, shape: str, tmp_path: Path
) -> None:
    line, says = BAD[kind]
    dump, out = tmp_path / "a.jsonl", tmp_path / f"out.{shape}"
    dump.write_bytes(GOOD[0] + line + (b"" if kind == "cut" else GOOD[1]))
    told = refusal(export("--to", shape, dump, "-o", out))
    assert told.startswith(f"{dump}:2: ")
    assert says in told
    assert [*tmp_path.iterdir()] == [dump]
    done = export("--to", shape, "--skip-bad", dump, "-o", out)
    assert done.code == 0
    assert done.stderr.splitlines() == [
        f"newscrawl: skipped {told}",
        "newscrawl: skipped in all: 1",
    ]
    kept = ["alanews:1"] if kind == "cut" else ["alanews:1", "alanews:2"]
    assert [row["id"] for row in READERS[shape](out, "articles")] == kept


@pytest.mark.parametrize("kind", BAD)
def test_with_latest_the_line_is_named_too(kind: str, tmp_path: Path) -> None:
    line, says = BAD[kind]
    dump, out = tmp_path / "a.jsonl", tmp_path / "out.csv"
    dump.write_bytes(GOOD[0] + GOOD[1] + line)
    told = refusal(export("--to", "csv", "--latest", dump, "-o", out))
    assert told.startswith(f"{dump}:3: ")
    assert says in told
    done = export("--to", "csv", "--latest", "--skip-bad", dump, "-o", out)
    assert done.code == 0
    assert done.stderr.splitlines() == [
        f"newscrawl: skipped {told}",
        "newscrawl: skipped in all: 1",
    ]
    assert [row["id"] for row in READERS["csv"](out, "articles")] == ["alanews:1", "alanews:2"]


def cut(data: bytes) -> bytes:
    return data[: len(data) - 9]


def damaged(data: bytes) -> bytes:
    return data[: len(data) // 2] + b"\xff" * 8 + data[len(data) // 2 + 8 :]


@pytest.mark.parametrize("spoil", [cut, damaged])
@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_a_compressed_dump_that_is_spoiled(
    ending: str, spoil: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    compress = gzip.compress if ending == ".gz" else zstd.compress
    dump, out = tmp_path / f"a.jsonl{ending}", tmp_path / "out.csv"
    dump.write_bytes(compress(b"".join(GOOD)))
    assert export("--to", "csv", dump, "-o", out).code == 0
    assert len(READERS["csv"](out, "articles")) == 3
    out.unlink()
    dump.write_bytes(spoil(dump.read_bytes()))
    assert re.match(rf"{dump}:\d: ", refusal(export("--to", "csv", dump, "-o", out)))
    assert [*tmp_path.iterdir()] == [dump]


def test_many_bad_lines_are_counted_and_the_first_named(tmp_path: Path) -> None:
    dump, out = tmp_path / "a.jsonl", tmp_path / "out.csv"
    dump.write_bytes(b"x\n" * 30 + GOOD[0])
    done = export("--to", "csv", "--skip-bad", dump, "-o", out)
    assert done.code == 0
    assert done.stderr.count("skipped /") == 20
    assert done.stderr.endswith("newscrawl: skipped in all: 30, the first 20 are named\n")


def test_where_nothing_is_left_nothing_is_written(tmp_path: Path) -> None:
    dump, out = tmp_path / "a.jsonl", tmp_path / "out.csv"
    dump.write_bytes(b"")
    assert f"{dump}:1: the file is empty" in refusal(export("--to", "csv", dump, "-o", out))
    done = export("--to", "csv", "--skip-bad", dump, "-o", out)
    assert done.code == 1
    assert done.stderr.splitlines()[1:] == [
        "newscrawl: skipped in all: 1",
        f"newscrawl: no article is left: {out} was not written",
    ]
    write(dump, [article(status="gone", headline="", body="")])
    told = refusal(export("--to", "csv", "--latest", dump, "-o", out))
    assert told == f"no article is left: {out} was not written"
    assert [*tmp_path.iterdir()] == [dump]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ("A -o OUT", 2, "name a format: --to parquet, csv, sqlite, duckdb"),
        ("--to parket A -o OUT", 2, "unknown format 'parket': did you mean parquet?"),
        ("--to xml A -o OUT", 2, "choose among parquet, csv, sqlite, duckdb"),
        ("--to csv A", 2, "name the file to write: -o articles.csv"),
        ("--to csv -o OUT", 2, "name the dumps: scrapy export --to csv"),
        ("--to csv A -o OUT --latst", 2, "unknown option '--latst'"),
        ("--to csv A -o", 2, "expected one argument"),
        ("--to sqlite --bom A -o OUT", 2, "--bom is an option of --to csv"),
        ("--to csv A*.jsonl -o OUT", 2, "A*.jsonl: matches no dump"),
        ("--to csv B -o OUT", 2, "B: no such file"),
        ("--to csv A -o no/OUT", 2, "there is no folder no: create it"),
        ("--to csv A -o .", 2, ". is a folder: name a file in it"),
        ("--to csv A -o MINE", 2, "MINE already exists: --force replaces it"),
        ("--to csv A -o A", 2, "A is one of the dumps"),
        ("--to csv --force A -o /dev/null", 2, "/dev/null is not a file"),
        ("--to sqlite --force A -o OPEN", 2, "OPEN-wal belongs to an open database: close it"),
        (f"--to csv A -o {'x' * 300}", 2, "File name too long"),
        ("--to csv --force A -o A", 2, "A is one of the dumps"),
    ],
)
def test_a_wrong_word_is_one_line(
    words: str, code: int, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "A", [article()])
    (tmp_path / "MINE").write_text("mine", encoding="utf-8")
    (tmp_path / "OPEN-wal").touch()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert says in refusal(export(*words.split()), code)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("shape", FORMATS)
def test_force_replaces_what_is_there_only_by_what_is_whole(shape: str, tmp_path: Path) -> None:
    dump, out = write(tmp_path / "a.jsonl", [article()]), tmp_path / "out"
    out.write_text("mine", encoding="utf-8")
    with dump.open("ab") as file:
        file.write(b"torn")
    assert "cut off" in refusal(export("--to", shape, "--force", dump, "-o", out))
    assert out.read_text(encoding="utf-8") == "mine"
    assert export("--to", shape, "--force", "--skip-bad", dump, "-o", out).code == 0
    assert len(READERS[shape](out, "articles")) == 1
    assert sorted(tmp_path.iterdir()) == [dump, out]


@pytest.mark.parametrize(
    ("shape", "library", "called"),
    [
        ("parquet", "pyarrow", "pyarrow"),
        ("duckdb", "duckdb", "duckdb"),
        ("sqlite", "sqlite_utils", "sqlite-utils"),
    ],
)
def test_a_library_that_is_missing_is_named_with_the_command(
    shape: str, library: str, called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("newscrawl.export.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    dump, out = write(tmp_path / "a.jsonl", [article()]), tmp_path / "out"
    told = refusal(export("--to", shape, dump, "-o", out))
    assert told.startswith(f"{shape} needs {called}, which is not installed: python -m pip install")
    assert told.endswith("-r requirements-export.txt")
    assert [*tmp_path.iterdir()] == [dump]
    assert export("--to", "csv", dump, "-o", out).code == 0


def test_a_crawl_needs_none_of_the_libraries() -> None:
    code = (
        "import sys; import newscrawl.commands.crawl, newscrawl.commands.export; "
        "from scrapy.cmdline import _get_commands_dict as commands; "
        "from scrapy.utils.project import get_project_settings as settings; "
        "assert 'export' in commands(settings(), True); "
        "print(sorted({'pyarrow', 'duckdb', 'sqlite_utils', 'pandas'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("shape", FORMATS)
def test_a_disk_that_takes_no_more(shape: str, tmp_path: Path) -> None:
    articles = [article(n, body=os.urandom(60_000).hex()) for n in range(12)]
    dump = write(tmp_path / "a.jsonl", articles)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        done = export("--to", shape, dump, "-o", tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert refusal(done).startswith(f"cannot write {tmp_path / 'out'}: ")
    assert [*tmp_path.iterdir()] == [dump]


@contextmanager
def reached(pipe: Path, reader: subprocess.Popen[str]) -> Iterator[io.FileIO]:
    """Open a pipe for writing once its reader has; opening it at once would wait for ever."""
    opened: list[int] = []

    def is_open() -> bool:
        assert reader.poll() is None, reader.communicate()
        # Refused as long as nobody reads.
        with suppress(OSError):
            opened.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        return bool(opened)

    wait_for(is_open, f"a reader of {pipe}")
    with io.FileIO(opened[0], "w") as feed:
        yield feed


@pytest.mark.e2e
def test_one_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    pipe, out = tmp_path / "endless.jsonl", tmp_path / "out.sqlite"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [sys.executable, "-m", "scrapy", "export", "--to", "sqlite", pipe, "-o", out],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as run, reached(pipe, run) as feed:  # fmt: skip
        feed.write(b"".join(GOOD))
        run.send_signal(signal.SIGTERM)
        told = run.communicate(timeout=HANG)
    done = Told(run.returncode, *told)
    assert refusal(done, 130) == f"stopped: {out} was not written"
    assert [*tmp_path.iterdir()] == [pipe]
