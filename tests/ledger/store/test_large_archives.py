"""Lengths and offsets beyond 4 GiB are kept to the byte, on either database and in lines."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select

from newscrawl.dumps.checking.schema_check import schema_faults
from newscrawl.dumps.decoding import decode_article
from newscrawl.dumps.encoding import line
from newscrawl.dumps.part_files import FINAL, part_of
from newscrawl.dumps.paths import archive_path
from newscrawl.items.parts import ArchiveRecord
from newscrawl.ledger.records import Recovered, Run
from newscrawl.ledger.store import archive_files
from newscrawl.ledger.store.archive_files import ArchiveFiles
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.tables import runs, warc_files
from newscrawl.warc.exchange import ArchivedResponse, Location
from newscrawl.warc.response_archive import ArchiveProgress
from tests.support.dumps import first

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

GIB = 1024**3
OFFSETS = (2**31 - 1, 2**31, 2**32 - 1, 2**32, 4 * GIB + 7, 2**53 + 1, 2**63 - 1)
END = b"the last record"


def run_of(tmp_path: Path) -> Run:
    return Run(1, 1, 1, 1, tmp_path / "2026-11-28T10-00-00Z.jsonl")


def response(offset: int) -> ArchivedResponse:
    where = Location("2026-11-28T10-00-00Z-00000.warc.gz", offset)
    return ArchivedResponse(offset % 1009, "sha1:A", where, "2026-11-28T10:00:00Z", "<urn:uuid:1>")


def test_the_ledger_returns_each_offset_as_it_was_written(engine: Engine, tmp_path: Path) -> None:
    run, written = run_of(tmp_path), [response(offset) for offset in OFFSETS]
    assert len({known.key for known in written}) == len(OFFSETS)
    with engine.begin() as connection:
        ArchiveFiles().write(connection, run, (), written)
    with engine.begin() as connection:
        read = [archive_files.earlier(connection, run, known.key) for known in written]
    assert read == written


@pytest.mark.parametrize("offset", OFFSETS)
def test_a_line_has_the_offset_exactly(offset: int) -> None:
    stated = first()
    stated.archive = ArchiveRecord("2026-11-28T10-00-00Z-00000.warc.gz", offset)
    written = line(stated)
    record = json.loads(written)
    assert record["archive"]["offset"] == offset
    assert [*schema_faults(record)] == []
    again = decode_article(written)
    assert again.archive == stated.archive


@pytest.mark.soak
def test_a_file_of_more_than_4_gib_is_committed_and_cut_to_the_byte(
    engine: Engine, tmp_path: Path
) -> None:
    run = run_of(tmp_path)
    path, length = archive_path(run.path.with_suffix(""), 0), 4 * GIB + 4_097
    files = ArchiveFiles()
    with engine.begin() as connection:
        files.reserve(connection, run)
        connection.execute(
            insert(runs).values(id=1, series=1, host=HOST, pid=os.getpid(), started=0, ended=1)
        )
    with part_of(path).open("w+b") as file:
        # Without taking space on the disk.
        file.truncate(length - len(END))
        file.seek(0, os.SEEK_END)
        file.write(END)
        file.flush()
        progress = [ArchiveProgress(path, length, file.fileno(), is_complete=False)]
        files.sync(progress)
        with engine.begin() as connection:
            files.write(connection, run, progress, [response(length - len(END))])
        file.write(b"what was not committed")
    recovered = Recovered()
    with engine.begin() as connection:
        archive_files.complete(connection, run, recovered, shares=False)
        (stored,) = connection.execute(
            select(warc_files).where(warc_files.c.path == str(path))
        ).all()
        known = archive_files.earlier(connection, run, response(length - len(END)).key)
    assert recovered.problems == []
    assert (stored.length, stored.state) == (length, FINAL)
    assert path.stat().st_size == length
    assert known is not None
    with path.open("rb") as file:
        file.seek(known.location.offset)
        assert file.read() == END
