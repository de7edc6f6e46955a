"""A PostgreSQL for tests: a database for each, on a server that runs, and servers of one's own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = make_url(
    os.environ.get("NEWSCRAWL_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
)
_MUST = os.environ.get("CI") == "true"


def ask(url: URL, statement: str | sql.Composed) -> list[tuple[Any, ...]]:
    """Run one statement on a server, outside of any transaction, and return its rows."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=60) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


@pytest.fixture
def postgres() -> Iterator[URL]:
    """Give a database of the test's own; skip where no server answers, but never on CI."""
    with database() as url:
        yield url


@contextmanager
def database() -> Iterator[URL]:
    """Give an empty database as long as the block lasts; skip as the fixture does."""
    name = f"newscrawl_{token_hex(6)}"
    try:
        ask(SERVER, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.OperationalError as error:
        shown = SERVER.render_as_string(hide_password=True)
        why = f"no PostgreSQL at {shown} (NEWSCRAWL_TEST_POSTGRES): {str(error).splitlines()[0]}"
        _do_without(why)
    yield SERVER.set(database=name)
    ask(SERVER, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _do_without(why: str) -> NoReturn:
    if _MUST:
        pytest.fail(why)
    pytest.skip(why)


class OwnServer:
    """A PostgreSQL of a test's own, which can be killed; it does not run as root."""

    def __init__(self) -> None:
        """Make an empty one in a folder that its user may enter."""
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        found = shutil.which("initdb") or (str(programs[-1]) if programs else None)
        if found is None:
            _do_without("no initdb in /usr/lib/postgresql or on PATH: install postgresql")
        self._bin = Path(found).parent
        self._as: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []}
        if os.geteuid():
            self._as = {}
        self._folder = Path(tempfile.mkdtemp(prefix="newscrawl-postgres-"))
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._data = self._folder / "data"
        self._server: subprocess.Popen[str] | None = None
        subprocess.run(
            [found, "-D", str(self._data), "-A", "trust", "-U", "postgres", "-N", "-EUTF8"],
            cwd=self._folder,
            check=True,
            capture_output=True,
            **self._as,
        )
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.url = URL.create(
            "postgresql+psycopg", "postgres", host="127.0.0.1", port=self._port, database="postgres"
        )

    def start(self) -> None:
        """Start it, on what a kill has left, and wait until it answers."""
        deadline = time.monotonic() + HANG
        while time.monotonic() < deadline:
            if self._server is None or self._server.poll() is not None:
                options = {
                    "listen_addresses": "127.0.0.1",
                    "port": self._port,
                    "unix_socket_directories": self._folder,
                    "fsync": "on",
                    "shared_buffers": "16MB",
                }
                self._server = subprocess.Popen(
                    [
                        str(self._bin / "postgres"),
                        f"-D{self._data}",
                        *(f"-c{name}={value}" for name, value in options.items()),
                    ],
                    cwd=self._folder,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    **self._as,
                )
            with suppress(psycopg.OperationalError):
                ask(self.url, "SELECT 1")
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not start")

    def kill(self) -> None:
        """Kill -9 the server and all of its processes."""
        if self._server is None:
            return
        number = self._server.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
        for one in (number, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self._server.wait()
        self._server = None

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Stop the server and all of its processes as long as the block lasts."""
        assert self._server is not None
        number = self._server.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text("ascii").split()
        processes = (number, *map(int, children))
        for one in processes:
            os.kill(one, signal.SIGSTOP)
        try:
            yield
        finally:
            for one in processes:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGCONT)

    def remove(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self._folder)


def text_of(url: URL) -> str:
    """Return a ledger's URL as it is given to a crawl."""
    return url.render_as_string(hide_password=False)
