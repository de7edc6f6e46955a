"""Files are written as a whole, and in the place of files only."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from newscrawl.dumps import atomic
from tests.support import preloaded
from tests.support.dumps import first, write
from tests.support.waiting import HANG

COMMANDS = {
    "export": ["export", "{dump}", "--to", "csv", "-o", "{pipe}", "--force"],
    "report": ["report", "-o", "{pipe}", "--force"],
    "extract": ["extract", "{page}", "-o", "{pipe}", "--overwrite"],
    "archive": ["archive", "pack", "{page}", "-o", "{pipe}", "--overwrite"],
}
ENDINGS = {"export": ".csv", "report": ".html", "extract": ".jsonl", "archive": ".wacz"}


def test_a_file_is_not_written_in_place_of_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(atomic.TargetError, match="is not a file"):
        atomic.check(pipe)
    with pytest.raises(FileExistsError), atomic.atomic_write(pipe):
        pass
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_does_not_replace_a_pipe_or_a_device(name: str, tmp_path: Path) -> None:
    page, dump = tmp_path / "page.warc.gz", tmp_path / "esteri" / "2026-11-28T10-00-00Z.jsonl"
    pipe = tmp_path / f"out{ENDINGS[name]}"
    page.write_bytes(b"")
    write(dump, [first(1)])
    os.mkfifo(pipe)
    line = [word.format(page=page, dump=dump, pipe=pipe) for word in COMMANDS[name]]
    done = preloaded.run(line, {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)})
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert f"{pipe} is not a file: name another" in done.stderr
    assert pipe.is_fifo()


_WRITER = """
import sys
import tempfile
from pathlib import Path
from newscrawl.dumps.atomic import atomic_write
target, own = Path(sys.argv[1]), sys.argv[2]
for number in range(200):
    with atomic_write(target) as temporary:
        temporary.write_text(own)
        assert temporary.read_text() == own
"""


def test_writers_of_one_file_do_not_remove_each_other_s(tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, str(target), str(number)])
        for number in range(4)
    ]
    assert [writer.wait(HANG) for writer in writers] == [0] * 4
    assert target.read_text() in {"0", "1", "2", "3"}
    assert [*tmp_path.iterdir()] == [target]


def test_an_unlocked_folder_is_removed_also_while_its_writer_creates_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, created = tmp_path / "out.csv", list[str]()
    mkdtemp = tempfile.mkdtemp

    def taken_for_a_leftover(**how: str) -> str:
        folder = mkdtemp(**how)
        created.append(folder)
        if len(created) == 1:
            # Another writer comes between the folder and its lock.
            with atomic.atomic_write(target) as temporary:
                temporary.write_text("other")
        return folder

    monkeypatch.setattr(tempfile, "mkdtemp", taken_for_a_leftover)
    with atomic.atomic_write(target) as temporary:
        temporary.write_text("own")
        assert temporary.parent == Path(created[2])
    assert target.read_text() == "own"
    assert [*tmp_path.iterdir()] == [target]


def test_where_folders_cannot_be_locked_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / ".out.csv.abcd1234.newscrawl"
    left.mkdir()

    def unsupported(*_: object) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", unsupported)
        with atomic.atomic_write(tmp_path / "out.csv") as temporary:
            temporary.write_text("own")
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", left.name}
    with atomic.atomic_write(tmp_path / "out.csv") as temporary:
        temporary.write_text("again")
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
