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

LEDGERS = ROOT / "tests" / "data" / "ledgers"
"""Cultura crawled to its end, Esteri killed after two lines and a half, by schema 1."""
FILE = "ledger-loopback.sqlite"
_PASSING = ("-shm", "-wal", ".lock", ".log", ".run.json")


def twin() -> TwinProcess:
    """Return the twin that the old ledger knows, not yet started."""
    return TwinProcess(size=50, now="2026-11-23T12:00:00+01:00")


def unpack(folder: Path, version: int = 1, port: int = 0) -> Path:
    """Make an output directory as a killed run of an older schema left it; return its ledger.

    Args:
        folder: where to make it.
        version: of the ledger's schema.
        port: of the twin, to which kept requests of schema 2 go.
    """
    shutil.copytree(LEDGERS / f"version-{version}", folder, dirs_exist_ok=True)
    script = folder / "ledger.sql"
    text = script.read_text(encoding="utf-8")
    script.unlink()
    for name, value in {"folder": folder, "host": socket.gethostname(), "port": port}.items():
        text = text.replace(f"{{{name}}}", str(value))
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
