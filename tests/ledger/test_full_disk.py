"""A full disk, wherever it hits: the run says so in one line, and the next one goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support import archives, preloaded
from tests.support.killing import Ordeal, environment, read, words
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SIZE = 120
FULL = 15
_MOUNT, _UNMOUNT = (shutil.which(name) or name for name in ("mount", "umount"))


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as found:
        yield found


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    """Mount a disk of that size at a new folder."""
    path.mkdir()
    mount = [_MOUNT, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no disk could be mounted: {done.stderr}")
        pytest.skip(f"needs to mount a small disk, which is root's to do: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run([_UNMOUNT, "--lazy", str(path)], check=True)


def run(
    twin: TwinProcess, output: Path, ledger: str | None, **settings: object
) -> subprocess.CompletedProcess[str]:
    return preloaded.run(
        words("esteri", twin.url, **settings),
        {**environment(output, ledger), "NEWSCRAWL_LOG": "file"},
    )


@pytest.mark.parametrize(
    ("full", "size"),
    [
        ("both", "8k"), ("both", "60k"), ("both", "160k"), ("both", "360k"), ("both", "500k"),
        ("dump", "4k"), ("dump", "40k"), ("dump", "100k"),
        ("archive", "8k"), ("archive", "90k"), ("archive", "200k"),
        ("ledger", "120k"), ("ledger", "260k"), ("ledger", "440k"),
    ],
)  # fmt: skip
def test_row_29_a_full_disk_loses_nothing(
    full: str, size: str, twin: TwinProcess, tmp_path: Path
) -> None:
    small, roomy = tmp_path / "small", tmp_path / "roomy"
    roomy.mkdir()
    output = roomy if full == "ledger" else small
    ledger = {
        "both": None,
        "archive": f"sqlite:///{roomy}/ledger.sqlite",
        "dump": f"sqlite:///{roomy}/ledger.sqlite",
        "ledger": f"sqlite:///{small}/ledger.sqlite",
    }[full]
    settings = {"ARCHIVE": "warc"} if full == "archive" else {}
    with small_disk(small, size):
        first = run(twin, output, ledger, **settings)
        assert first.returncode == FULL, first.stderr
        assert "Traceback" not in first.stderr + first.stdout
        said = [line for line in first.stderr.splitlines() if "no space is left" in line]
        assert len(said) == 1
        assert said[0].startswith("newscrawl: ")
        assert "free some and run again" in said[0]
        subprocess.run([_MOUNT, "-o", "remount,size=64m", str(small)], check=True)
        second = run(twin, output, ledger, **settings)
        assert second.returncode == 0, second.stderr
        found = Ordeal()
        read(output / "esteri", found)
        wanted = truth.expected(Content(size=SIZE), Switches(), "esteri")
        assert sorted(line["id"] for line in found.lines) == sorted(wanted)
        assert found.left_over == []
        for path in archives.files(output / "esteri"):
            assert archives.faults(path) == []
        if full == "archive":
            assert {archives.of_line(output / "esteri", line).kind for line in found.lines} == {
                "response"
            }
