"""What `scrapy extract` accepts as arguments and settings, and what becomes of the dump then."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from newscrawl.bulk.resumable_dump import progress_path
from newscrawl.dumps.part_files import part_of
from tests.commands.test_extract import extract, foreign, lines, totals
from tests.support import preloaded

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    "archive list",
    "coverage alanews",
    "export a.jsonl -o a.csv",
    "extract a.warc.gz -o a.jsonl",
    "ledger",
    "probe http://127.0.0.1:1",
    "report",
    "rights a.jsonl",
    "runs",
    "validate a.jsonl",
)


@pytest.mark.parametrize("words", COMMANDS)
def test_each_command_refuses_a_setting_that_is_not_understood(words: str) -> None:
    done = preloaded.run([*words.split(), "-s", "RIGHTS_POLICY=Respect"], os.environ)
    (message,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert "RIGHTS_POLICY=Respect" in message
    assert "write record or respect" in message


def test_a_setting_of_the_environment_is_refused_too(tmp_path: Path) -> None:
    file, out = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    environment = {**os.environ, "NEWSCRAWL_RIGHTS_POLICY": "bogus"}
    done = preloaded.run(["extract", str(file), "-o", str(out)], environment)
    assert done.returncode == 2
    assert "NEWSCRAWL_RIGHTS_POLICY" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
def test_a_dump_that_is_one_of_the_files_is_refused(tmp_path: Path, link: str | None) -> None:
    file = foreign("a.example.it").save(tmp_path / "keep.jsonl")
    data, out = file.read_bytes(), file
    if link is not None:
        out = tmp_path / "out.jsonl"
        getattr(out, link)(file)
    done = extract(file, "-o", out, "--overwrite", code=2)
    assert "name another dump" in done.stderr
    assert file.read_bytes() == data


@pytest.mark.parametrize("path_of", [part_of, progress_path])
def test_what_is_written_on_the_way_is_not_one_of_the_files(
    tmp_path: Path, path_of: object
) -> None:
    assert callable(path_of)
    out = tmp_path / "out.jsonl"
    file = foreign("a.example.it").save(path_of(out))
    data = file.read_bytes()
    extract(file, "-o", out, "--overwrite", code=2)
    assert file.read_bytes() == data


def test_an_earlier_dump_is_kept_where_no_file_could_be_read(tmp_path: Path) -> None:
    out, bad = tmp_path / "out.jsonl", tmp_path / "bad.warc"
    out.write_bytes(b"{}\n")
    bad.write_bytes(b"This is not an archive.\n" * 100)
    done = extract(bad, tmp_path / "gone.warc", "-o", out, "--overwrite", code=1)
    assert "is not written" in done.stderr
    assert out.read_bytes() == b"{}\n"
    assert [*tmp_path.glob("out.jsonl.*")] == []
    extract(bad, "-o", tmp_path / "new.jsonl", code=1)
    assert not (tmp_path / "new.jsonl").exists()
    silent = foreign().save(tmp_path / "silent.warc.gz")
    extract(bad, silent, "-o", out, "--overwrite", code=1)
    assert out.read_bytes() == b""


def test_a_file_that_is_missing_is_one_line_and_the_others_are_read(tmp_path: Path) -> None:
    file, out = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    empty = tmp_path / "empty"
    empty.mkdir()
    missing = [tmp_path / "gone.warc.gz", tmp_path / "gone.html", tmp_path / "gone.wacz", empty]
    done = extract(missing[0], file, *missing[1:], "-o", out, code=1)
    messages = done.stderr.splitlines()
    assert [line["site"] for line in lines(out)] == ["a.example.it"]
    for path in missing:
        (message,) = [text for text in messages if f"{path}:" in text]
        assert "No such file" in message or "the folder has no" in message
    assert totals(*missing, file, "-o", tmp_path / "2.jsonl", code=1)["unreadable_files"] == 4


def test_what_was_begun_with_other_options_is_a_usage_error(tmp_path: Path) -> None:
    file, out = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    part_of(out).write_bytes(b"")
    progress_path(out).write_text('{"identity": {"files": []}}')
    assert "begun with something else" in extract(file, "-o", out, code=2).stderr


def test_days_that_cannot_be_are_refused(tmp_path: Path) -> None:
    file, out = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    span = ("--since", "2026-12-01", "--until", "2026-01-01")
    done = extract(file, "-o", out, *span, code=2)
    assert "--since 2026-12-01 is after --until 2026-01-01" in done.stderr
    extract(file, "-o", out, "--since", "2026-11-20", "--until", "2026-11-20")
    assert len(lines(out)) == 1


def test_a_quoted_glob_names_what_it_matches(tmp_path: Path) -> None:
    for name in "ba":
        foreign(f"{name}.example.it").save(tmp_path / "in" / name / f"{name}.warc.gz")
    (tmp_path / "in" / "a" / "a.jsonl").touch()
    out = tmp_path / "out.jsonl"
    extract(tmp_path / "in" / "**" / "*", "-o", out)
    assert [line["site"] for line in lines(out)] == ["a.example.it", "b.example.it"]
    extract(tmp_path / "in" / "*.wacz", "-o", tmp_path / "2.jsonl", code=1)


def test_messages_are_sentences_with_the_right_number(tmp_path: Path) -> None:
    file, empty = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "e.warc.gz"
    empty.touch()
    text, bare = tmp_path / "t.warc", tmp_path / "b.html"
    text.write_bytes(b"This is not an archive.\n" * 100)
    bare.write_bytes(b"<html><body><p>Un testo.</p></body></html>")
    done = extract(file, "-o", tmp_path / "1.jsonl")
    assert "1 article from 1 page in 1 file, 3 records" in done.stdout
    done = extract(empty, text, bare, file, "-o", tmp_path / "2.jsonl", code=1)
    messages = done.stderr.splitlines()
    assert f"newscrawl: {empty} is empty" in messages
    assert f"newscrawl: {bare}: the page is not read: no address" in messages
    assert any(line.startswith(f"newscrawl: {text} is not a WARC file") for line in messages)
