"""Finds the lines of an article in the dumps that hold them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.files import SUFFIXES
from newscrawl.dumps.part_files import part_of
from newscrawl.dumps.reading import decoded
from newscrawl.ledger.admin.address_history import WrittenLine
from newscrawl.ledger.store.recovered_dumps import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line as the ledger knows it."""

    article: str
    run: int
    revision: int
    edition: int
    dump: str | None
    """Path of its dump; None while it is claimed."""
    host: str
    started: str
    """When its run started."""


@dataclass(frozen=True, slots=True)
class Located:
    """A line with its place in a file."""

    line: LedgerLine
    path: str
    number: int | None
    problem: str = ""
    status: str = ""
    changed_fields: tuple[str, ...] = ()
    fetched_at: str = ""

    def as_event(self, at: str) -> WrittenLine:
        """Return the line as an event of its address's history."""
        return WrittenLine(
            at=at,
            article=self.line.article,
            run=self.line.run,
            revision=self.line.revision,
            edition=self.line.edition,
            dump=self.path,
            line=self.number,
            problem=self.problem,
            status=self.status,
            changed_fields=list(self.changed_fields),
        )


def located(engine: Engine, lines: Sequence[LedgerLine]) -> list[Located]:
    """Return lines with their numbers, which are found by reading the dumps."""
    located_lines = []
    for line in lines:
        if line.dump is None:
            located_lines.append(Located(line, "", None, "claimed by the run, not written yet"))
            continue
        path = _file_of(engine, Path(line.dump))
        if path is None:
            where = f" on this machine: it was written on {line.host}" if line.host != HOST else ""
            located_lines.append(Located(line, line.dump, None, f"the dump is not there{where}"))
            continue
        located_lines.append(_find(line, path))
    return located_lines


def _file_of(engine: Engine, dump: Path) -> Path | None:
    """Return a dump's file: as recorded, still growing, compressed, or beside an SQLite ledger."""
    folders = [dump.parent]
    database = engine.url.database
    if engine.dialect.name == "sqlite" and database:
        folders.append(Path(database).absolute().parent / dump.parent.name)
    return next((path for path in _candidates(folders, dump) if path.is_file()), None)


def _candidates(folders: Sequence[Path], dump: Path) -> Iterator[Path]:
    for folder in folders:
        yield folder / dump.name
        yield part_of(folder / dump.name)
        for suffix in SUFFIXES[1:]:
            yield folder / f"{dump.name.removesuffix(SUFFIXES[0])}{suffix}"


def _find(line: LedgerLine, path: Path) -> Located:
    problems: list[str] = []
    quoted = json.dumps(line.article).encode()

    def select(raw: bytes) -> dict[str, Any] | None:
        """Return the record of a line that may be the one; most are not decoded."""
        if quoted not in raw:
            return None
        record = json.loads(raw)
        is_same = isinstance(record, dict) and record.get("id") == line.article
        return record if is_same and record.get("revision") == line.revision else None

    lines = decoded(path, lambda error: problems.append(str(error)), select)
    for number, record, _ in lines:
        if record is not None:
            return Located(
                line,
                str(path),
                number,
                status=str(record.get("status") or ""),
                changed_fields=tuple(map(str, record.get("changed_fields") or ())),
                fetched_at=str(record.get("fetched_at") or ""),
            )
    return Located(line, str(path), None, problems[0] if problems else "the dump does not hold it")
