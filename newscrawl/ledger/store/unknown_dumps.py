"""Compares the dumps in a run's folder with what its ledger knows, before the run writes.

A ledger that was lost, or put back from an older copy, would have articles written twice. See
docs/ledger.md, "A ledger that was lost or is older than its dumps".
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, func, select

from newscrawl.dumps.files import is_dump
from newscrawl.dumps.line_keys import Content, KeyReader, is_of_other_origin
from newscrawl.dumps.reading import batches
from newscrawl.ledger import location
from newscrawl.ledger.errors import LedgerError
from newscrawl.ledger.store import database
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.tables import WRITTEN, checked_files, dumps, lines, runs, series

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Engine

    from newscrawl.dumps import DumpError
    from newscrawl.dumps.line_keys import LineKey

_BATCH = 500
_MAX_NAMED = 3


class _File(NamedTuple):
    """A complete dump in a folder, by its name."""

    path: Path
    size: int
    changed_at: int


@dataclass(slots=True)
class _Series:
    """What the ledger knows of the dumps of a series."""

    number: int | None
    """None if the ledger does not know the series."""
    edition: int
    edition_began: str
    """When its current edition was begun, UTC; empty for the first one."""
    sizes: set[tuple[str, int]]
    """Names and lengths of its dumps."""
    contents: set[Content]
    checked: dict[str, tuple[int, int]]
    """Path to size and time of change of the files that were checked before."""


def check(engine: Engine, site: str, name: str, folder: Path) -> None:
    """Check that a ledger knows the lines of all dumps in a folder.

    A dump that the ledger has with this name and length is not read, nor is a file that was
    checked before and has not changed. Files that cannot be read do not count.

    Args:
        engine: the ledger's engine.
        site: the name of the ledger's site.
        name: the series.
        folder: where a run of it writes its dump.

    Raises:
        LedgerError: it does not know some; the message names the dumps and says what to do.
    """
    # Before the transaction: a dump that another worker names after that is not of interest.
    files = _files_in(folder)
    if not files:
        return
    known = _read_series(engine, name)
    unmatched = [file for file in files if not _is_known_as_it_is(file, known)]
    if not unmatched:
        return
    of_other_sites = _dumps_of_other_sites(engine, site, folder)
    unknown: dict[Path, int] = {}
    checked: list[_File] = []
    for file in unmatched:
        if (file.path.name, file.size) in of_other_sites:
            checked.append(file)
            continue
        count, is_whole = _count_unknown(engine, known, file.path, site)
        if count:
            unknown[file.path] = count
        elif is_whole:
            checked.append(file)
    _remember(engine, folder, checked)
    if unknown:
        raise LedgerError(_message(unknown, folder, database.printable(engine.url), site))


def _files_in(folder: Path) -> list[_File]:
    try:
        paths = sorted(path for path in folder.iterdir() if is_dump(path))
    except OSError:
        # The run itself reports a folder that it cannot write.
        return []
    files = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        if status.st_size and path.is_file():
            files.append(_File(path, status.st_size, status.st_mtime_ns))
    return files


def _read_series(engine: Engine, name: str) -> _Series:
    with database.read_only(engine).begin() as connection:
        checked = {
            str(row.path): (int(row.size), int(row.changed_at))
            for row in connection.execute(
                select(checked_files).where(checked_files.c.host == HOST)
            ).all()
        }
        row = connection.execute(select(series).where(series.c.name == name)).one_or_none()
        if row is None:
            return _Series(None, 1, "", set(), set(), checked)
        rows = connection.execute(
            select(dumps.c.path, dumps.c.length, dumps.c.checksum).where(dumps.c.series == row.id)
        ).all()
        began = None
        if row.edition > 1:
            first_run = select(func.min(lines.c.run)).where(
                lines.c.series == row.id, lines.c.edition == row.edition
            )
            began = connection.execute(
                select(runs.c.started).where(runs.c.id == first_run.scalar_subquery())
            ).scalar()
    return _Series(
        int(row.id),
        int(row.edition),
        _iso_time(began) if began else "",
        {(Path(dump.path).name, int(dump.length)) for dump in rows},
        {Content(int(dump.length), int(dump.checksum)) for dump in rows if dump.checksum},
        checked,
    )


def _iso_time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_known_as_it_is(file: _File, known: _Series) -> bool:
    if (file.path.name, file.size) in known.sizes:
        return True
    return known.checked.get(str(file.path)) == (file.size, file.changed_at)


def _dumps_of_other_sites(engine: Engine, site: str, folder: Path) -> set[tuple[str, int]]:
    """Return names and lengths of the dumps that ledgers of other sites beside this one have."""
    folders = {folder.parent}
    own = engine.url.database if engine.dialect.name == "sqlite" else None
    if own:
        folders.add(Path(own).absolute().parent)
    names: set[tuple[str, int]] = set()
    for path in sorted(path for place in folders for path in place.glob("ledger*.sqlite")):
        try:
            address = f"{path.absolute().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                (other,) = connection.execute(
                    "SELECT value FROM meta WHERE name = 'site'"
                ).fetchone() or ("",)
                if other in {site, ""}:
                    continue
                rows = connection.execute("SELECT path, length FROM dumps").fetchall()
        except sqlite3.Error:
            continue
        names |= {(Path(name).name, length) for name, length in rows}
    return names


def _count_unknown(engine: Engine, known: _Series, path: Path, site: str) -> tuple[int, bool]:
    """Return how many lines of a dump the ledger does not know, and whether it could be opened."""
    if is_of_other_origin(path, is_twin=location.is_twin(site)):
        return 0, True
    problems: list[bool] = []

    def on_bad(error: DumpError) -> None:
        problems.append(not error.line)
        del problems[1:]

    reader = KeyReader(path, on_bad, site.partition(" at ")[0])
    count = sum(
        _count_unknown_keys(engine, known, batch) for batch in batches(reader.keys(), _BATCH)
    )
    if reader.content in known.contents:
        return 0, True
    return count, not any(problems)


def _count_unknown_keys(engine: Engine, known: _Series, keys: Sequence[LineKey]) -> int:
    if known.number is None:
        return len(keys)
    editions: dict[tuple[str, int], int] = {}
    values = {
        "number": known.number,
        "editions": list(range(1, known.edition + 1)),
        "articles": sorted({key.article for key in keys}),
    }
    with database.read_only(engine).begin() as connection:
        for row in connection.execute(_KNOWN, values):
            key = str(row.article), int(row.revision)
            editions[key] = max(editions.get(key, 0), int(row.edition))
    return sum(
        not _is_written(key, editions.get((key.article, key.revision)), known) for key in keys
    )


def _is_written(key: LineKey, edition: int | None, known: _Series) -> bool:
    """Return whether a line is known; one of the current edition must be known in it."""
    if edition is None:
        return False
    is_current = bool(known.edition_began) and key.fetched_at >= known.edition_began
    return edition == known.edition or not is_current


_KNOWN = select(lines.c.article, lines.c.revision, lines.c.edition).where(
    lines.c.series == bindparam("number"),
    lines.c.edition.in_(bindparam("editions", expanding=True)),
    lines.c.article.in_(bindparam("articles", expanding=True)),
    lines.c.state == WRITTEN,
)


def _remember(engine: Engine, folder: Path, files: Collection[_File]) -> None:
    """Record checked files, so that the next run does not read them; drop those that are gone."""
    if not files:
        return
    with engine.begin() as connection:
        recorded = connection.execute(
            select(checked_files.c.path).where(checked_files.c.host == HOST)
        ).scalars()
        gone = [path for path in recorded if Path(path).parent == folder and not _exists(path)]
        if gone:
            connection.execute(
                delete(checked_files).where(
                    checked_files.c.host == HOST, checked_files.c.path.in_(gone)
                )
            )
        statement = insert_into(connection, checked_files)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[checked_files.c.host, checked_files.c.path],
                set_={
                    "size": statement.excluded["size"],
                    "changed_at": statement.excluded.changed_at,
                },
            ),
            [
                {
                    "host": HOST,
                    "path": str(file.path),
                    "size": file.size,
                    "changed_at": file.changed_at,
                }
                for file in files
            ],
        )


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:
        return False


def _message(unknown: dict[Path, int], folder: Path, place: str, site: str) -> str:
    names = ", ".join(
        f"{path.name} ({_lines(count)})" for path, count in list(unknown.items())[:_MAX_NAMED]
    )
    if len(unknown) > _MAX_NAMED:
        more = len(unknown) - _MAX_NAMED
        rest = sum(list(unknown.values())[_MAX_NAMED:])
        names += f" and {more:,} more {'dump' if more == 1 else 'dumps'} ({_lines(rest)})"
    host = site.partition(" at ")[2]
    address = "http://127.0.0.1" if host == location.LOOPBACK else f"https://{host}"
    option = f" -a site_url={address}" if host else ""
    return (
        f"{folder} has lines that the ledger {place} does not know, in {names}: it was removed or "
        "is older than its dumps, and they would be written again; run "
        f"`scrapy ledger rebuild {folder}{option}`, or move the dumps away"
    )


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count:,} lines"
