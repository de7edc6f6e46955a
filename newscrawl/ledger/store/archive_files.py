"""Files of a run's archive: committed with its dump, completed after a run that was killed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from newscrawl.dumps import part_files
from newscrawl.dumps.part_files import DAMAGED, FINAL, OPEN, KnownDump, part_of
from newscrawl.dumps.paths import archive_path
from newscrawl.ledger.errors import LeaseLostError, LedgerError
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.locks import is_file_locked
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.runs import CONSIDERED_DEAD, sync
from newscrawl.ledger.store.tables import runs, warc_files, warc_responses
from newscrawl.warc.exchange import ArchivedResponse, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from newscrawl.ledger.records import Recovered, Run
    from newscrawl.warc.response_archive import ArchiveProgress


class ArchiveFiles:
    """The files of the archive of one run, as far as they are durable.

    A file is recorded before it is created, so that the next run finds one of which nothing was
    committed.
    """

    def __init__(self) -> None:
        self._durable: dict[Path, tuple[int, int]] = {}

    def reserve(self, connection: Connection, run: Run) -> None:
        """Record the path of the file that the run may create next."""
        path = archive_path(run.path.with_suffix(""), len(self._durable))
        statement = insert_into(connection, warc_files).on_conflict_do_nothing()
        connection.execute(statement, _row(run, path, 0, 0))

    def sync(self, files: Sequence[ArchiveProgress]) -> None:
        """Flush files to the disk and add what is new to their checksums.

        Raises:
            LedgerError: somebody else has changed a file.
        """
        for progress in files:
            sync(progress.file)
            part = part_of(progress.path)
            problem = part_files.damage_while_open(part, progress.file, progress.length)
            if problem is not None:
                raise LedgerError(f"{part} {problem} while it was written; run again")
            checksum, length = self._durable.get(progress.path, (0, 0))
            try:
                checksum = part_files.extend(checksum, progress.file, length, progress.length)
            except EOFError as error:
                raise LedgerError(str(error)) from None
            self._durable[progress.path] = checksum, progress.length

    def write(
        self,
        connection: Connection,
        run: Run,
        files: Sequence[ArchiveProgress],
        responses: Sequence[ArchivedResponse],
    ) -> None:
        """Record, in the transaction of the lines, what is durable of files.

        Raises:
            LeaseLostError: another run has completed a file.
        """
        for progress in files:
            checksum, length = self._durable[progress.path]
            grown = connection.execute(
                update(warc_files)
                .where(
                    warc_files.c.path == str(progress.path),
                    warc_files.c.run == run.id,
                    warc_files.c.state == OPEN,
                )
                .values(length=length, checksum=checksum)
            )
            if grown.rowcount != 1:
                raise LeaseLostError(CONSIDERED_DEAD)
        if files:
            self.reserve(connection, run)
        if responses:
            statement = insert_into(connection, warc_responses)
            columns = ("digest", "file", "offset", "date", "record_id")
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[warc_responses.c.series, warc_responses.c.key],
                    set_={name: statement.excluded[name] for name in columns},
                ),
                [
                    {
                        "series": run.series,
                        "key": response.key,
                        "digest": response.digest,
                        "file": response.location.file,
                        "offset": response.location.offset,
                        "date": response.date,
                        "record_id": response.record_id,
                    }
                    for response in responses
                ],
            )

    @staticmethod
    def publish(connection: Connection, files: Sequence[ArchiveProgress]) -> None:
        """Give complete files, all of which is committed, their final names.

        Raises:
            LedgerError: a file cannot be renamed.
        """
        for progress in files:
            if not progress.is_complete:
                continue
            part = part_of(progress.path)
            try:
                part_files.publish(part, progress.path)
            except OSError as error:
                text = f"cannot rename {part} to {progress.path}: {error.strerror}"
                raise LedgerError(text) from None
            _close(connection, str(progress.path), FINAL)


def _row(run: Run, path: Path, length: int, checksum: int) -> dict[str, object]:
    return {
        "path": str(path),
        "series": run.series,
        "run": run.id,
        "host": HOST,
        "length": length,
        "checksum": checksum,
        "state": OPEN,
    }


def earlier(connection: Connection, run: Run, key: int) -> ArchivedResponse | None:
    """Return the last response of an address that is in an archive of the series."""
    row = connection.execute(_EARLIER, {"number": run.series, "address": key}).one_or_none()
    if row is None:
        return None
    location = Location(row.file, row.offset)
    return ArchivedResponse(key, row.digest, location, row.date, row.record_id)


_EARLIER = select(warc_responses).where(
    warc_responses.c.series == bindparam("number"), warc_responses.c.key == bindparam("address")
)


def complete(connection: Connection, run: Run, recovered: Recovered, *, shares: bool) -> None:
    """Complete the archives of ended runs of the series: cut to what is committed, and renamed.

    The arguments are those of `recovered_dumps.complete`.
    """
    rows = connection.execute(
        select(warc_files)
        .join(runs, runs.c.id == warc_files.c.run)
        .where(
            warc_files.c.series == run.series,
            warc_files.c.state == OPEN,
            runs.c.ended.is_not(None),
        )
    ).all()
    for row in rows:
        archive = KnownDump(_located(Path(row.path), run), row.length, None, row.checksum)
        if shares and row.host != HOST and not part_files.is_present(archive):
            continue
        if is_file_locked(part_of(archive.path)):
            continue
        finished = part_files.finish(archive)
        if finished.state == DAMAGED:
            recovered.problems.append(finished.message)
        _close(connection, row.path, finished.state)


def _located(path: Path, run: Run) -> Path:
    """Return the path of a file, or where the output folder is mounted now."""
    moved = run.path.parent / path.name
    is_moved = not path.exists() and not part_of(path).exists()
    return moved if is_moved and (moved.exists() or part_of(moved).exists()) else path


def _close(connection: Connection, path: str, state: int | None) -> None:
    if state is None:
        connection.execute(delete(warc_files).where(warc_files.c.path == path))
    else:
        connection.execute(update(warc_files).where(warc_files.c.path == path).values(state=state))
