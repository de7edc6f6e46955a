"""Files are written as a whole, and in the place of files only."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from newscrawl.dumps import atomic
from tests.support import preloaded
from tests.support.dumps import first, write

if TYPE_CHECKING:
    from pathlib import Path

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
