"""What is typed or fed wrongly is one line that says what to do, and leaves no file behind."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.archiving import Answer, add, archive, exchange, warc
from tests.support.crawling import ROOT
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BODY = b"<title>Title</title>" + bytes(range(256)) * 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the one WARC file of a series."""
    folder = tmp_path / "output" / "esteri"
    folder.mkdir(parents=True)
    path = folder / "2026-11-28T10-00-00Z-00000.warc.gz"
    with warc(path) as opened:
        for number in range(5):
            add(opened, exchange(number, BODY))
    return path


def refusal(done: Answer, code: int) -> str:
    """Return the one line that says what is wrong."""
    assert (done.code, done.stdout) == (code, ""), done
    (line,) = done.stderr.splitlines()
    assert line.startswith("newscrawl: ")
    return line.removeprefix("newscrawl: ")


def files_below(folder: Path) -> set[Path]:
    return {*folder.rglob("*")}


def cut_in_a_record(data: bytes) -> bytes:
    return data[: len(data) * 2 // 3]


def cut_in_the_last_bytes(data: bytes) -> bytes:
    return data[:-3]


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def trailing(data: bytes) -> bytes:
    return data + b"\x1f\x8b\x08"


def garbage_after(data: bytes) -> bytes:
    return data + b"what is this"


def other_payload(data: bytes) -> bytes:
    # Its checksum in gzip is right, its digest is not.
    return b"".join(
        gzip.compress(gzip.decompress(member).replace(b"Title", b"Tutle"))
        for member in members(data)
    )


def uncompressed_and_cut(data: bytes) -> bytes:
    return gzip.decompress(data)[:-2000]


def members(data: bytes) -> list[bytes]:
    parts = data.split(b"\x1f\x8b\x08\x00")
    return [b"\x1f\x8b\x08\x00" + part for part in parts[1:]]


@pytest.mark.parametrize(
    "spoil",
    [
        cut_in_a_record, cut_in_the_last_bytes, flipped, trailing, garbage_after,
        other_payload, uncompressed_and_cut,
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(
    spoil: Callable[[bytes], bytes], path: Path, tmp_path: Path
) -> None:
    path.write_bytes(spoil(path.read_bytes()))
    before = files_below(tmp_path)
    line = refusal(archive("pack", path, "-o", tmp_path / "out.wacz", output=tmp_path), 1)
    assert line.startswith(f"{path} is damaged")
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    "data", [b"", b"Dear reader,\n", b"\x00" * 100, gzip.compress(b"[]", mtime=0)]
)
def test_what_is_not_a_warc_file_is_refused(data: bytes, path: Path, tmp_path: Path) -> None:
    path.write_bytes(data)
    before = files_below(tmp_path)
    line = refusal(archive("pack", path, "-o", tmp_path / "out.wacz", output=tmp_path), 1)
    assert line.startswith(f"{path} is not a WARC file")
    assert files_below(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("", "usage: scrapy archive pack "),
        ("pakc esteri", "unknown action 'pakc': did you mean pack?"),
        ("pack", "name a series or WARC files: scrapy archive pack SPIDER; those with an archive"),
        ("pack estero", "did you mean esteri?"),
        ("pack nothing", "those with an archive are again, esteri"),
        ("pack sport", "sport has no WARC files: run the spider with -s ARCHIVE=warc"),
        ("pack output/no/such.warc.gz", "there is no file 'output/no/such.warc.gz'"),
        ("pack output/*/*.gzip", "matches no WARC file"),
        ("pack output/sport/x.jsonl", "x.jsonl is not a WARC file"),
        ("pack output/sport/x.warc.gz.part", "nothing to pack but what a run has not completed"),
        ("pack esteri -o out.zip", "out.zip does not end with .wacz"),
        ("pack esteri -o no/such/out.wacz", "there is no folder no/such"),
        ("pack esteri -o output/folder.wacz", "folder.wacz is a folder"),
        ("pack esteri -o output/there.wacz", "already exists: --overwrite replaces it"),
        ("pack esteri -o /proc/out.wacz", "cannot write"),
        ("pack esteri --force", "unknown option '--force'"),
        ("pack output/esteri output/again", "have the same name"),
        ("list estero", "did you mean esteri?"),
        ("list --overwrite", "are options of scrapy archive pack"),
    ],
)
def test_what_is_typed_wrong_is_answered_in_one_line(
    words: str, text: str, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = path.parents[1]
    for folder in ("sport", "folder.wacz", "again"):
        (output / folder).mkdir()
    (output / "again" / path.name).write_bytes(path.read_bytes())
    if "sport " not in f"{words} ":
        (output / "sport" / "x.jsonl").touch()
        (output / "sport" / "x.warc.gz.part").touch()
    (output / "there.wacz").touch()
    monkeypatch.chdir(tmp_path)
    before = files_below(tmp_path)
    code = 1 if words.endswith("/proc/out.wacz") else 2
    line = refusal(archive(*words.split(), output=output), code)
    assert text in line
    assert files_below(tmp_path) == before


def test_an_earlier_pack_is_replaced_only_when_it_is_said_and_all_is_well(
    path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.wacz"
    out.write_bytes(b"earlier")
    good = path.read_bytes()
    path.write_bytes(flipped(good))
    assert archive("pack", path, "-o", out, "--overwrite", output=tmp_path).code == 1
    assert out.read_bytes() == b"earlier"
    path.write_bytes(good)
    assert archive("pack", path, "-o", out, "--overwrite", output=tmp_path).code == 0
    assert out.read_bytes().startswith(b"PK")


def test_a_time_that_zip_cannot_state_is_named(path: Path, tmp_path: Path) -> None:
    os.utime(path, (0, 0))
    line = refusal(archive("pack", path, "-o", tmp_path / "out.wacz", output=tmp_path), 1)
    assert line.endswith(f"touch {path}")


def typed(*words: object, code: str = "") -> subprocess.Popen[str]:
    """Start `scrapy archive` in a process of its own, after some code."""
    program = f"import sys\n{code}\nfrom scrapy.cmdline import execute\nexecute(sys.argv)"
    return subprocess.Popen(
        [sys.executable, "-c", program, "archive", *map(str, words)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> Answer:
    out, err = process.communicate(timeout=HANG)
    return Answer(process.returncode, out, err)


@pytest.mark.e2e
def test_without_the_extra_it_says_what_to_install(path: Path, tmp_path: Path) -> None:
    before = files_below(tmp_path)
    line = ("pack", path, "-o", tmp_path / "out.wacz")
    done = ended(typed(*line, code="sys.modules['wacz'] = None"))
    assert refusal(done, 1) == (
        "pack needs wacz, which is not installed: python -m pip install -r requirements-archive.txt"
    )
    assert files_below(tmp_path) == before


@pytest.mark.e2e
def test_a_full_disk_leaves_nothing(path: Path, tmp_path: Path) -> None:
    before = files_below(tmp_path)
    limit = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    assert path.stat().st_size > 5000
    done = ended(typed("pack", path, "-o", tmp_path / "out.wacz", code=limit))
    assert refusal(done, 1).endswith("out.wacz: File too large")
    assert files_below(tmp_path) == before


@pytest.mark.e2e
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped(number: signal.Signals, tmp_path: Path) -> None:
    path = tmp_path / "large.warc.gz"
    with warc(path) as opened:
        for article in range(4000):
            add(opened, exchange(article, BODY))
    process = typed("pack", path, "-o", tmp_path / "out.wacz")
    # Its temporary folder.
    wait_for(lambda: len([*tmp_path.iterdir()]) > 1, "the temporary folder")
    process.send_signal(number)
    done = ended(process)
    assert refusal(done, 130).endswith("out.wacz was not written")
    assert files_below(tmp_path) == {path}


def test_zero_bytes_behind_records_are_named(path: Path) -> None:
    path.write_bytes(path.read_bytes() + bytes(512))
    line = refusal(
        archive("pack", str(path), "-o", path.with_name("a.wacz"), output=path.parent), 1
    )
    assert "ends in zero bytes, which a WACZ cannot have behind records" in line


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc.zst", "a.zst"])
def test_files_of_other_formats_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\x28\xb5\x2f\xfd" + bytes(9))
    code = 1 if ".warc" in name else 2
    line = refusal(
        archive("pack", str(tmp_path / name), "-o", tmp_path / "a.wacz", output=tmp_path), code
    )
    assert line.endswith(
        f"{name} is compressed with Zstandard, which is not read: decompress it with zstd -d"
    )
    assert not (tmp_path / "a.wacz").exists()


def test_a_name_that_a_wacz_cannot_state_is_refused(path: Path) -> None:
    named = path.rename(path.with_name(os.fsdecode(b"\xff.warc.gz")))
    line = refusal(
        archive("pack", str(named), "-o", path.with_name("a.wacz"), output=path.parent), 1
    )
    assert line.endswith("has characters in its name that a WACZ cannot state: rename it")


def test_a_missing_file_is_not_taken_for_a_series(tmp_path: Path) -> None:
    assert refusal(archive("pack", "missing.warc.gz", output=tmp_path), 2) == (
        "there is no file 'missing.warc.gz'; check the name"
    )
