"""Runs `python -m scrapy` and `python -m twin` in processes that have most modules already.

A crawl that finds nothing new takes three seconds, two of which it imports.
A server of each test process imports once and forks: a command is still a process of its own,
which reads its settings from its own environment. It ends as any Python process does, up to the
clearing of its modules. Commands that are killed while they start, and those of the
documentation, start without it.

It is `python -m tests.support.preloaded MODULE`, with a socket as its standard input.
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
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from select import select
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, NoReturn, Self

import time_machine

import newscrawl
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_ROOT = Path(__file__).parents[2]
_LARGEST = 1 << 20
"""Bytes of a command with its environment."""
# Besides those of newscrawl. None reads the environment or chooses a reactor.
_MODULES = {
    "scrapy": (
        "_strptime",
        "protego",
        "rich.console",
        "rich.live",
        "scrapy.cmdline",
        "scrapy.commands.bench",
        "scrapy.commands.check",
        "scrapy.commands.crawl",
        "scrapy.commands.edit",
        "scrapy.commands.fetch",
        "scrapy.commands.genspider",
        "scrapy.commands.list",
        "scrapy.commands.parse",
        "scrapy.commands.runspider",
        "scrapy.commands.settings",
        "scrapy.commands.shell",
        "scrapy.commands.startproject",
        "scrapy.commands.version",
        "scrapy.commands.view",
        "scrapy.contracts",
        "scrapy.core.downloader.handlers.http11",
        "scrapy.downloadermiddlewares.cookies",
        "scrapy.downloadermiddlewares.defaultheaders",
        "scrapy.downloadermiddlewares.downloadtimeout",
        "scrapy.downloadermiddlewares.httpauth",
        "scrapy.downloadermiddlewares.httpcache",
        "scrapy.downloadermiddlewares.httpcompression",
        "scrapy.downloadermiddlewares.httpproxy",
        "scrapy.downloadermiddlewares.redirect",
        "scrapy.downloadermiddlewares.retry",
        "scrapy.downloadermiddlewares.stats",
        "scrapy.downloadermiddlewares.useragent",
        "scrapy.extensions.closespider",
        "scrapy.extensions.corestats",
        "scrapy.extensions.feedexport",
        "scrapy.extensions.logcount",
        "scrapy.extensions.logstats",
        "scrapy.extensions.memdebug",
        "scrapy.extensions.memusage",
        "scrapy.extensions.remote_control",
        "scrapy.extensions.spiderstate",
        "scrapy.extensions.telnet",
        "scrapy.extensions.throttle",
        "scrapy.robotstxt",
        "scrapy.shell",
        "scrapy.spidermiddlewares.base",
        "scrapy.spidermiddlewares.depth",
        "scrapy.spidermiddlewares.metacopy",
        "scrapy.spidermiddlewares.referer",
        "scrapy.spidermiddlewares.start",
        "scrapy.spidermiddlewares.urllength",
        "scrapy.statscollectors",
        "scrapy.utils.template",
        "scrapy.utils.test",
        "sqlalchemy.dialects.postgresql.psycopg",
        "sqlalchemy.dialects.sqlite",
    ),
    "twin": ("argparse", "twin.content", "twin.faults", "twin.server"),
}
_PER_RUN = ("newscrawl.settings", "twisted.internet.reactor")
# Each imports a large library that few commands need.
_RARE = (
    "newscrawl.browser.tab",
    "newscrawl.export.arrow",
    "newscrawl.export.duckdb_file",
    "newscrawl.export.sqlite_file",
    "newscrawl.report.html_page",
)


CRAWLS: list[tuple[list[str], int]] = []
"""The crawls that have ended: what was typed after `scrapy`, the largest resident memory in bytes.

What the process has of the server that it was forked from counts too.
"""


class PreloadedProcess:
    """A command in a process of its own, to be used as a `subprocess.Popen` of text."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        *,
        now: datetime | None = None,
        module: str = "scrapy",
        pipes: tuple[int, int] | None = None,
    ) -> None:
        """Start `python -m MODULE` with these arguments in the project's folder.

        Args:
            arguments: of the command.
            environment: all that it is given.
            now: what its clock says when it starts; by default the machine's time.
            module: "scrapy" or "twin".
            pipes: its standard input and output; by default nothing, and a file.
        """
        self.args = list(arguments)
        self.returncode: int | None = None
        self._out, self._err = TemporaryFile(), TemporaryFile()  # noqa: SIM115 - until its end
        self._answers, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        self._answers.settimeout(HANG)
        moment = None if now is None else now.astimezone(UTC).isoformat()
        job = json.dumps({"arguments": self.args, "environment": dict(environment), "now": moment})
        with theirs, Path(os.devnull).open("rb") as nothing:
            given, out = pipes or (nothing.fileno(), self._out.fileno())
            fds = [theirs.fileno(), given, out, self._err.fileno()]
            socket.send_fds(_server(module), [job.encode()], fds)
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
                code, memory = self._answers.recv(99).split()
            except TimeoutError as error:
                raise subprocess.TimeoutExpired(self.args, timeout) from error
            self.returncode = int(code)
            if self.args[:1] == ["crawl"]:
                CRAWLS.append((self.args, int(memory) << 10))
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

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill -9."""
        self.send_signal(signal.SIGKILL)

    def _close(self) -> None:
        for opened in (self._out, self._err, self._answers):
            opened.close()


def run(
    arguments: Sequence[str], environment: Mapping[str, str], *, module: str = "scrapy"
) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE` with these arguments in the project's folder to its end.

    Raises:
        subprocess.TimeoutExpired: it hangs; it was killed.
    """
    process = PreloadedProcess(arguments, environment, module=module)
    try:
        out, err = process.communicate()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    return subprocess.CompletedProcess(process.args, process.wait(), out, err)


@cache
def _server(module: str) -> socket.socket:
    """Start the server of one module's commands; it ends with this process."""
    ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    for side in (ours, theirs):
        side.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _LARGEST)
    with theirs:
        server = subprocess.Popen(
            [sys.executable, "-m", __name__, module], cwd=_ROOT, stdin=theirs.fileno()
        )

    def end() -> None:
        ours.close()
        server.wait()

    atexit.register(end)
    return ours


def _preload(module: str) -> None:
    """Import the modules of one module's commands; for those of the twin, compile its templates."""
    for name in _MODULES[module]:
        import_module(name)
    if module == "twin":
        environment = import_module("twin.theme.rendering").ENVIRONMENT
        for name in environment.list_templates():
            environment.get_template(name)
        return
    left_out = {*_PER_RUN, *_RARE}
    for found in walk_packages(newscrawl.__path__, "newscrawl."):
        if found.name not in left_out and not found.name.endswith(".__main__"):
            import_module(found.name)


def _serve(module: str) -> dict[str, Any] | None:
    """Fork for each command that comes; return it in the process that is to run it."""
    _preload(module)
    assert not {*_PER_RUN} & {*sys.modules}
    # Their memory stays shared, and no collection of garbage goes through them again.
    gc.collect()
    gc.freeze()
    callers: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _reap(callers))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=os.dup(0)) as commands:
        while True:
            message, fds, _, _ = socket.recv_fds(commands, _LARGEST, 4)
            if not message:
                return None
            # A command that ends at once must find its caller.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
            pid = os.fork()
            if pid == 0:
                break
            callers[pid], *others = fds
            for fd in others:
                os.close(fd)
            with suppress(BrokenPipeError):
                os.write(callers[pid], str(pid).encode())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for target, source in enumerate(fds[1:]):
        os.dup2(source, target)
    for fd in (*fds, *callers.values()):
        os.close(fd)
    command: dict[str, Any] = json.loads(message)
    return command


def _reap(callers: dict[int, int]) -> None:
    """Report to the callers of the commands that have ended their codes and their memory, in kB."""
    # Waited for, not ignored: so their processor time counts as this process's.
    with suppress(ChildProcessError):
        while True:
            pid, status, usage = os.wait4(-1, os.WNOHANG)
            if not pid:
                return
            caller = callers.pop(pid)
            # The test may be gone.
            with suppress(BrokenPipeError):
                code = os.waitstatus_to_exitcode(status)
                os.write(caller, f"{code} {usage.ru_maxrss}".encode())
            os.close(caller)


def _become(module: str, command: dict[str, Any]) -> None:
    # What a run freezes it unfreezes: the collection at its end would go through the server's too.
    vars(gc).update(freeze=_leave_frozen, unfreeze=_leave_frozen)
    os.environ.clear()
    os.environ.update(command["environment"])
    time.tzset()
    sys.argv[1:] = command["arguments"]
    if command["now"] is not None:
        time_machine.travel(datetime.fromisoformat(command["now"]), tick=True).start()
    code: int | str | None = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as Python does
        sys.excepthook(*sys.exc_info())
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    _end(code if isinstance(code, int) else int(code is not None))


def _leave_frozen() -> None:
    """Keep what the server froze, and nothing else, out of collections."""


def _end(code: int) -> NoReturn:
    """End this process as Python does, without clearing every module.

    That would copy all the memory that it shares with the server.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    # What has not been closed must be heard of.
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        with suppress(BrokenPipeError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    given = _serve(sys.argv[1])
    if given is not None:
        _become(sys.argv[1], given)
