"""A Ray cluster of two nodes on this machine, on the loopback interface."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from tests.support.crawling import ROOT
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "NEWSCRAWL_TEST_RAY"
_OBJECTS = "80000000"
"""Bytes of memory for objects, the smallest that Ray takes."""


class RayNodes:
    """A running cluster; its processes are known by their sessions and environments."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
        self._sessions: set[int] = set()
        self._mark = f"{_MARK}={token_hex(8)}"
        name, _, value = self._mark.partition("=")
        self.environment = {
            **os.environ,
            name: value,
            "RAY_USAGE_STATS_ENABLED": "0",
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(folder),
        }
        port = self.address.partition(":")[2]
        head = ["--head", "--port", port, "--include-dashboard=false", f"--temp-dir={folder}/ray"]
        self._start(*head)
        self._start("--address", self.address)

    def _start(self, *arguments: str) -> None:
        common = ["--node-ip-address=127.0.0.1", "--num-cpus=1", "--disable-usage-stats"]
        ray = str(Path(sys.executable).with_name("ray"))
        command = [ray, "start", *arguments, *common, f"--object-store-memory={_OBJECTS}"]
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        ) as starting:  # fmt: skip
            self._sessions.add(starting.pid)
            printed, _ = starting.communicate(timeout=HANG)
        assert starting.returncode == 0, printed

    def processes(self) -> list[int]:
        """Return the ids of all processes of the cluster and of what they have started."""
        return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if self._is_own(folder)]

    def _is_own(self, folder: Path) -> bool:
        with suppress(OSError):
            if _stat(folder)[3] in self._sessions:
                return True
            # One that has named itself anew has no environment that can be read.
            return self._mark.encode() in (folder / "environ").read_bytes().split(b"\0")
        return False

    def workers(self) -> dict[int, int]:
        """Return the ids of workers that do a task, each with that of its node."""
        found = {}
        for number in self.processes():
            with suppress(OSError):
                if Path(f"/proc/{number}/cmdline").read_bytes().startswith(b"ray::RankWorker.run"):
                    found[number] = _stat(Path(f"/proc/{number}"))[1]
        # The process of a task is a copy of the worker, and its child.
        return {number: node for number, node in found.items() if node not in found}

    def end(self) -> None:
        """End all of it."""

        def is_gone() -> bool:
            running = self.processes()
            for number in running:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            return not running

        wait_for(is_gone, "the end of Ray")


def _stat(process: Path) -> list[int]:
    """Return the state, the parent, the group and the session of a process; 0 for the state."""
    fields = (process / "stat").read_text().rpartition(")")[2].split()[1:4]
    return [0, *map(int, fields)]


@contextmanager
def ray_nodes(folder: Path) -> Iterator[RayNodes]:
    """Run a cluster as long as the block lasts."""
    nodes = RayNodes(folder)
    try:
        yield nodes
    finally:
        nodes.end()
