"""`newscrawl.bulk.Extract`: documents, statistics, and what cannot be read."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.dumps.encoding import line
from newscrawl.export.columns import FIELDS
from tests.support.bulk_archives import ORIGIN, archives
from tests.support.bulk_extra import imported
from tests.support.crawling import ROOT
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from pathlib import Path

bulk = imported("newscrawl.bulk")
documents = imported("newscrawl.bulk.article_documents")
steps = imported("newscrawl.bulk.extract_step")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    archives(folder, 3, 8)
    return folder


def counted(step: Any) -> dict[str, int]:
    return {name: int(stat.total) for name, stat in step.stats.stats.items()}


def expected(folder: Path, name: str) -> list[bytes]:
    """Return the lines that `scrapy extract` writes of a file."""
    command = [sys.executable, "-m", "scrapy", "extract", name, "-o", f"{name}.jsonl"]
    environment = {"PATH": "/usr/bin:/bin", "SCRAPY_SETTINGS_MODULE": "newscrawl.settings"}
    subprocess.run(
        command, cwd=folder, env=environment | {"PYTHONPATH": str(ROOT)}, check=True,
        capture_output=True,
    )  # fmt: skip
    return (folder / f"{name}.jsonl").read_bytes().splitlines(keepends=True)


def test_documents_are_the_articles_that_scrapy_extract_writes(folder: Path) -> None:
    step = bulk.Extract(str(folder), glob_pattern="00.warc.gz")
    found = [*step(None, 0, 1)]
    assert found
    assert [line(documents.article_of_document(each)) for each in found] == expected(
        folder, "00.warc.gz"
    )
    for each in found:
        assert each.metadata.keys() | {"id", "body"} == {column.name for column in FIELDS}
        assert json.dumps(each.metadata)
    counts = counted(step)
    assert counts["files"] == 1
    assert counts["pages"] == counts["records"] == 8
    others = sum(value for name, value in counts.items() if name.startswith("not_articles/"))
    assert counts["articles"] + others == 8 == len(found) + others


def test_each_file_is_read_by_one_task(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("02.warc.gz\n00.warc.gz\n01.warc.gz\n")
    step = pickle.dumps(bulk.Extract(str(folder), str(tmp_path / "list")))
    by_task = [[each.id for each in pickle.loads(step)(None, rank, 2)] for rank in (0, 1)]  # noqa: S301 - our own
    whole = [each.id for each in pickle.loads(step)(None, 0, 1)]  # noqa: S301 - our own
    assert sorted(by_task[0] + by_task[1]) == sorted(whole)
    assert len(by_task[0]) > len(by_task[1]) > 0


def test_a_damaged_record_is_counted_and_the_others_are_read(folder: Path, tmp_path: Path) -> None:
    data = bytearray((folder / "00.warc.gz").read_bytes())
    start = data.index(b"\x1f\x8b\x08", 3)
    data[start + 200 : start + 260] = bytes(60)
    (tmp_path / "damaged.warc.gz").write_bytes(data)
    step = bulk.Extract(str(tmp_path))
    whole = [each.id for each in bulk.Extract(str(folder), glob_pattern="00.warc.gz")(None, 0, 1)]
    found = [each.id for each in step(None, 0, 1)]
    counts = counted(step)
    assert set(found) < set(whole)
    assert len(whole) - len(found) == 1
    assert counts["bad/damaged_gzip"] == 1
    assert "unreadable_files" not in counts


def test_a_page_that_breaks_its_reader_costs_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = steps.ArchivedArticleReader.read
    calls: list[int] = []

    def read_all_but_one(self: Any, archived: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise RecursionError("too deep")
        return read(self, archived)

    monkeypatch.setattr(steps.ArchivedArticleReader, "read", read_all_but_one)
    step = bulk.Extract(str(folder), glob_pattern="00.warc.gz")
    found = [*step(None, 0, 1)]
    counts = counted(step)
    assert counts["bad/failed_RecursionError"] == 1
    assert counts["articles"] == len(found) > 0


@pytest.fixture(params=["missing", "text", "cut", "wacz"])
def unreadable(request: pytest.FixtureRequest, tmp_path: Path, folder: Path) -> Path:
    """Give a folder with a list of a file that cannot be read, and of one that can."""
    good = (folder / "00.warc.gz").read_bytes()
    name = "bad.wacz" if request.param == "wacz" else "bad.warc.gz"
    content = {"text": b"<html>no archive</html>\n", "cut": good[:20], "wacz": good}
    if request.param in content:
        (tmp_path / name).write_bytes(content[request.param])
    (tmp_path / "good.warc.gz").write_bytes(good)
    (tmp_path / "list").write_text(f"{name}\ngood.warc.gz\n")
    return tmp_path


def test_a_file_that_cannot_be_read_fails_its_task_when_the_others_are_read(
    unreadable: Path, folder: Path
) -> None:
    whole = [each.id for each in bulk.Extract(str(folder), glob_pattern="00.warc.gz")(None, 0, 1)]
    step = bulk.Extract(str(unreadable), str(unreadable / "list"))
    found: list[str] = []
    with pytest.raises(steps.UnreadableFilesError, match=r"cannot be read: bad\."):
        found.extend(each.id for each in step(None, 0, 1))
    assert counted(step)["unreadable_files"] == 1
    lenient = bulk.Extract(str(unreadable), str(unreadable / "list"), fail_on_unreadable=False)
    assert [each.id for each in lenient(None, 0, 1)] == whole
    assert counted(lenient)["unreadable_files"] == 1


def test_archives_of_a_folder_are_found_by_their_endings(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.wacz", "w") as packed:
        packed.write(folder / "00.warc.gz", "archive/data.warc.gz")
    (tmp_path / "index.cdxj").write_text("no archive\n")
    step = bulk.Extract(str(tmp_path))
    assert [*step(None, 0, 1)] == [
        *bulk.Extract(str(folder), glob_pattern="00.warc.gz")(None, 0, 1)
    ]
    assert counted(step)["other_files"] == 1


def test_rights_are_respected_if_wanted(tmp_path: Path, folder: Path) -> None:
    archive = Archive()
    reserved = b'[{"location": "/*", "tdm-reservation": 1}]'
    json_type = [("Content-Type", "application/json")]
    archive.response(f"{ORIGIN}/.well-known/tdmrep.json", reserved, json_type)
    (tmp_path / "a.warc.gz").write_bytes(archive.data + (folder / "00.warc.gz").read_bytes())
    assert [*bulk.Extract(str(tmp_path))(None, 0, 1)]
    step = bulk.Extract(str(tmp_path), rights="respect")
    assert not [*step(None, 0, 1)]
    assert any(name.startswith("not_articles/withheld") for name in counted(step))


def test_damage_in_one_archive_of_a_wacz_does_not_cost_the_others(
    folder: Path, tmp_path: Path
) -> None:
    names = ["00.warc.gz", "01.warc.gz", "02.warc.gz"]
    packed = tmp_path / "a.wacz"
    with zipfile.ZipFile(packed, "w") as pack:
        for name in names:
            form = zipfile.ZIP_DEFLATED if name == names[1] else zipfile.ZIP_STORED
            pack.write(folder / name, f"archive/{name}", form)
        start = pack.getinfo(f"archive/{names[1]}").header_offset
    data = bytearray(packed.read_bytes())
    # The last bytes of the first, which only the checksum of the ZIP says are damaged.
    data[start - 4 : start] = bytes(4)
    data[start + 60 : start + 100] = bytes(40)
    packed.write_bytes(data)
    step = bulk.Extract(str(tmp_path), fail_on_unreadable=False)
    found = [each.id for each in step(None, 0, 1)]
    whole = [
        [each.id for each in bulk.Extract(str(folder), glob_pattern=name)(None, 0, 1)]
        for name in names
    ]
    counts = counted(step)
    assert found in (whole[0] + whole[2], whole[0][:-1] + whole[2])
    assert counts["unreadable_files"] == 1
