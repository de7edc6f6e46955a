"""Files that vanish or change while they are read are reported, and the others are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.bulk.extraction_steps import FILES, UNREADABLE, FileSteps
from newscrawl.bulk.input_files import expand
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from pathlib import Path

PAGE = b"<html><body><p>Testo della notizia.</p></body></html>"


def archive(path: Path, *, count: int = 40) -> Path:
    written = Archive(is_gzip=False)
    for number in range(count):
        written.response(f"https://www.example.it/{number}", PAGE * 200)
    return written.save(path)


def steps(names: list[Path], messages: list[str]) -> FileSteps:
    return FileSteps(
        expand(map(str, names)),
        sites=None,
        url=None,
        max_size=1 << 24,
        on_message=messages.append,
        on_read=lambda *_: None,
    )


def test_a_file_that_vanishes_is_one_line(tmp_path: Path) -> None:
    names = [archive(tmp_path / f"{number}.warc") for number in range(3)]
    messages: list[str] = []
    walk = steps(names, messages).batches(0, 0)
    first = next(walk)
    names[1].unlink()
    batches = [first, *walk]
    assert sum(len(batch.tasks) for batch in batches) == 80
    assert sum(batch.counts[FILES] for batch in batches) == 3
    assert sum(batch.counts[UNREADABLE] for batch in batches) == 1
    (message,) = messages
    assert message.startswith(f"{names[1]}: cannot be read: No such file")


def test_a_file_that_is_cut_while_it_is_read_is_one_line(tmp_path: Path) -> None:
    name = archive(tmp_path / "a.warc", count=400)
    messages: list[str] = []
    walk = steps([name], messages).batches(0, 0)
    first = next(walk)
    with name.open("r+b") as file:
        file.truncate(name.stat().st_size // 2)
    assert 150 < sum(len(batch.tasks) for batch in [first, *walk]) < 250
    (message,) = messages
    assert "cut off" in message


def test_the_rest_behind_a_position_is_the_same(tmp_path: Path) -> None:
    names = [archive(tmp_path / f"{number}.warc") for number in range(3)]
    batches = [*steps(names, []).batches(0, 0)]
    urls = [[task.page.url for task in batch.tasks] for batch in batches]
    for number, batch in enumerate(batches[:-1], 1):
        rest = [*steps(names, []).batches(batch.file, batch.entry)]
        assert [[task.page.url for task in later.tasks] for later in rest] == urls[number:]
        assert [later.counts for later in rest] == [later.counts for later in batches[number:]]
