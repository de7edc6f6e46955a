"""Ledgers for tests: an old one, a copy of a whole one, what lies beside them."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.support.crawling import ROOT
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

VERSION_1 = ROOT / "tests" / "data" / "ledgers" / "version-1"
"""Cultura crawled to its end, Esteri killed after two lines and a half, by schema 1."""
FILE = "ledger-loopback.sqlite"
_PASSING = ("-shm", "-wal", ".lock", ".log", ".run.json")


def twin() -> TwinProcess:
    """Return the twin that the old ledger knows, not yet started."""
    return TwinProcess(size=50, now="2026-11-23T12:00:00+01:00")


def unpack(folder: Path) -> Path:
    """Make an output directory as a run of schema 1 left it; return its ledger."""
    shutil.copytree(VERSION_1, folder, dirs_exist_ok=True)
    script = folder / "ledger.sql"
    text = script.read_text(encoding="utf-8")
    script.unlink()
    text = text.replace("{folder}", str(folder)).replace("{host}", socket.gethostname())
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.executescript(text)
    return folder / FILE


def copy(source: Path, target: Path) -> Path:
    """Copy an output directory, dumps and all; return its ledger."""
    shutil.copytree(source, target)
    change(target / FILE, "UPDATE dumps SET path = replace(path, ?, ?)", f"{source}/", f"{target}/")
    return target / FILE


def change(ledger: Path, statement: str, *values: object) -> None:
    """Do to a ledger what no run would do."""
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute(statement, values)


def rows(ledger: Path, statement: str) -> list[tuple[object, ...]]:
    """Return what a ledger says."""
    with closing(sqlite3.connect(ledger)) as connection:
        return connection.execute(statement).fetchall()


def files(folder: Path) -> dict[str, str]:
    """Return each file's hash, but of those that come and go with every run."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(_PASSING)
    }
