"""What killed packs leave is removed by the next one, and nothing of one that is at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.archive.test_pack import pages_in
from tests.support.crawling import ROOT
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e
READ_ONLY = ["unshare", "--mount", "--map-root-user", "sh", "-ec"]
MOUNTS = 'mount --bind "$0" "$0"; mount -o remount,ro,bind "$0"; exec "$@"'


def command(series: Path, out: Path) -> list[str]:
    line = [sys.executable, "-m", "scrapy", "archive", "pack", str(series)]
    return [*line, "-o", str(out), "--overwrite"]


def packed(series: Path, out: Path) -> None:
    done = subprocess.run(
        command(series, out), cwd=ROOT, capture_output=True, text=True, check=False, timeout=HANG
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(pages_in(out)) > 10


def new_folders(folder: Path, known: set[Path]) -> list[Path]:
    return [path for path in {*folder.iterdir()} - known if path.is_dir()]


@contextmanager
def stopped_pack(series: Path, out: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """Start a pack, and stop it (SIGSTOP) once a file is in its temporary folder, also yielded."""
    known = {*out.parent.iterdir()}
    with subprocess.Popen(command(series, out), cwd=ROOT, stderr=subprocess.DEVNULL) as pack:
        try:
            deadline = time.monotonic() + HANG
            while not any(map(os.listdir, new_folders(out.parent, known))):
                assert pack.poll() is None, "ended before it was stopped"
                assert time.monotonic() < deadline
            pack.send_signal(signal.SIGSTOP)
            (folder,) = new_folders(out.parent, known)
            yield pack, folder
        finally:
            pack.kill()


def test_the_next_pack_removes_what_a_killed_one_has_left(series: Path, tmp_path: Path) -> None:
    out = tmp_path / "esteri.wacz"
    kept = [tmp_path / ".esteri.wacz.backup", tmp_path / ".other.wacz.abcd1234.newscrawl"]
    for folder in kept:
        folder.mkdir()
    link = tmp_path / ".esteri.wacz.abcd1234.newscrawl"
    link.symlink_to(series)
    with stopped_pack(series, out) as (pack, left):
        # While it lives its folder stays, and another one can write the same file.
        packed(series, out)
        assert [*left.iterdir()]
        pack.kill()
        pack.wait()
        assert left.is_dir()
    packed(series, out)
    assert {*tmp_path.iterdir()} == {out, *kept, link, series.parent}
    assert list(series.glob("*.warc.gz"))


def test_two_packs_of_one_file_at_a_time(series: Path, tmp_path: Path) -> None:
    out = tmp_path / "esteri.wacz"
    packs = [subprocess.Popen(command(series, out), cwd=ROOT) for _ in range(2)]
    assert [pack.wait(HANG) for pack in packs] == [0, 0]
    assert len(pages_in(out)) > 10
    assert {*tmp_path.iterdir()} == {out, series.parent}


def test_a_read_only_file_system_is_one_line(series: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    in_namespace = [*READ_ONLY, MOUNTS, str(folder)]
    if subprocess.run([*in_namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("mounting in a namespace of its own is not permitted here")
    left = folder / ".esteri.wacz.abcd1234.newscrawl"
    left.mkdir()
    line = [*in_namespace, *command(series, folder / "esteri.wacz")]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, timeout=HANG)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"cannot write to {folder}: it is read-only" in done.stderr
    assert [*folder.iterdir()] == [left]
