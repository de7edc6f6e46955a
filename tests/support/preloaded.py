"""Runs `python -m scrapy` in processes that have most modules already.

A crawl that finds nothing new takes three seconds, two of which it imports.
A server of each test process imports once and forks: a command is still a process of its own,
which reads its settings from its own environment and ends as any Python process does. Commands
that are killed while they start, and those of the documentation, start without it.

It is `python -m tests.support.preloaded`, with a socket as its standard input.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from select import select
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Self

import time_machine

from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_ROOT = Path(__file__).parents[2]
_LARGEST = 1 << 20
"""Bytes of a command with its environment."""
# None reads the environment or chooses a reactor.
_MODULES = (
    "scrapy.cmdline",
    "scrapy.commands.crawl",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.shell",
    "scrapy.utils.test",
    "newscrawl.browser.handler",
    "newscrawl.commands.crawl",
    "newscrawl.commands.ledger_text",
    "newscrawl.commands.runs_table",
    "newscrawl.dumps.checking",
    "newscrawl.feeds",
    "newscrawl.ledger.scrapy.downloader",
    "newscrawl.ledger.scrapy.leases",
    "newscrawl.ledger.scrapy.scheduler",
    "newscrawl.run.alerts",
    "newscrawl.run.monitors.spidermon_suite",
    "newscrawl.run.run_report",
    "newscrawl.run.summary_printer",
    "newscrawl.spiders.alanews",
    "protego",
    "rich.console",
    "rich.live",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
)
_PER_RUN = ("newscrawl.settings", "twisted.internet.reactor")


class PreloadedProcess:
    """A command in a process of its own, to be used as a `subprocess.Popen` of text."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        now: datetime | None = None,
    ) -> None:
        """Start `python -m scrapy` with these arguments in the project's folder.

        Args:
            arguments: what follows `scrapy`.
            environment: of the process.
            now: what its clock says when it starts; by default the machine's time.
        """
        self.args = list(arguments)
        self.returncode: int | None = None
        self._out, self._err = TemporaryFile(), TemporaryFile()  # noqa: SIM115 - until its end
        self._answers, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self._answers.settimeout(HANG)
        moment = None if now is None else now.astimezone(UTC).isoformat()
        values = {"arguments": self.args, "environment": dict(environment), "now": moment}
        job = json.dumps(values)
        with theirs:
            fds = [theirs.fileno(), self._out.fileno(), self._err.fileno()]
            socket.send_fds(_server(), [job.encode()], fds)
        self.pid = int(self._answers.recv(99))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.wait()
        self._close()

    def wait(self, timeout: float = HANG) -> int:
        """Wait for its end and return its code; raise TimeoutExpired after seconds."""
        if self.returncode is None:
            self._answers.settimeout(timeout)
            try:
                self.returncode = int(self._answers.recv(99))
            except TimeoutError as error:
                raise subprocess.TimeoutExpired(self.args, timeout) from error
        return self.returncode

    def poll(self) -> int | None:
        """Return its code when it has ended."""
        if self.returncode is None and select([self._answers], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def communicate(self, timeout: float = HANG) -> tuple[str, str]:
        """Wait for its end and return its output and its errors."""
        self.wait(timeout)
        texts = []
        for file in (self._out, self._err):
            file.seek(0)
            texts.append(file.read().decode())
        self._close()
        return texts[0], texts[1]

    def send_signal(self, number: int) -> None:
        """Send a signal unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill -9."""
        self.send_signal(signal.SIGKILL)

    def _close(self) -> None:
        for opened in (self._out, self._err, self._answers):
            opened.close()


def run(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run `python -m scrapy` with these arguments in the project's folder to its end.

    Raises:
        subprocess.TimeoutExpired: it hangs; it was killed.
    """
    process = PreloadedProcess(arguments, environment)
    try:
        out, err = process.communicate()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


@cache
def _server() -> socket.socket:
    """Start the server; it ends with this process."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    for side in (ours, theirs):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LARGEST)
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=_ROOT, stdin=theirs.fileno()
        )

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _serve() -> dict[str, Any] | None:
    """Fork for each command that comes; return it in the process that is to run it."""
    for name in _MODULES:
        import_module(name)
    assert not {*_PER_RUN} & {*sys.modules}
    # Their memory stays shared, and no collection of garbage goes through them again.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as commands:
        while True:
            message, fds, _, _ = socket.recv_fds(commands, _LARGEST, 3)
            if not message:
                return None
            if os.fork() == 0:
                break
            for fd in fds:
                os.close(fd)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    caller, out, err = fds
    pid = os.fork()
    if pid:
        os.write(caller, str(pid).encode())
        _, status = os.waitpid(pid, 0)
        # The test may be gone.
        with suppress(BrokenPipeError):
            os.write(caller, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(source, target)
    for fd in (caller, out, err, nothing):
        os.close(fd)
    command: dict[str, Any] = json.loads(message)
    return command


def _become(command: dict[str, Any]) -> None:
    os.environ.clear()
    os.environ.update(command["environment"])
    time.tzset()
    sys.argv[1:] = command["arguments"]
    if command["now"] is not None:
        time_machine.travel(datetime.fromisoformat(command["now"]), tick=True).start()
    runpy.run_module("scrapy", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    given = _serve()
    if given is not None:
        _become(given)
