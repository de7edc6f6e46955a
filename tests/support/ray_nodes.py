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
from tests.support.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = "NEWSCRAWL_TEST_RAY"
_OBJECTS = "80000000"
"""Bytes of memory for objects, the smallest that Ray takes."""


class RayNodes:
    """A running cluster; its processes are known by a mark in their environment."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.address = f"127.0.0.1:{free.getsockname()[1]}"
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
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def processes(self) -> list[int]:
        """Return the ids of all processes of the cluster and of what they have started."""
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if folder.name.isdecimal() and (
                    self._mark.encode() in (folder / "environ").read_bytes().split(b"\0")
                ):
                    found.append(int(folder.name))
        return [number for number in found if number != os.getpid()]

    def workers(self) -> dict[int, int]:
        """Return the ids of workers that do a task, each with that of its node."""
        found = {}
        for number in self.processes():
            with suppress(OSError):
                if Path(f"/proc/{number}/cmdline").read_bytes().startswith(b"ray::RankWorker.run"):
                    parent = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1]
                    found[number] = int(parent)
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


@contextmanager
def ray_nodes(folder: Path) -> Iterator[RayNodes]:
    """Run a cluster as long as the block lasts."""
    nodes = RayNodes(folder)
    try:
        yield nodes
    finally:
        nodes.end()
