"""A real Chromium for tests, and what it leaves behind: processes and memory."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

import pytest

from newscrawl.browser import executable
from tests.support.waiting import HANG

_MUST = os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give Chromium's path; skip where there is none, but never on CI."""
    given = os.environ.get("NEWSCRAWL_BROWSER", "")
    found = executable.find(given)
    if found is None:
        why = f"no Chromium ({given or ', '.join(executable.NAMES)}): {executable.ADVICE}"
        if _MUST:
            pytest.fail(why)
        pytest.skip(why)
    return found


def descendants(pid: int) -> set[int]:
    """Return the processes below one, those that have ended but for their parent left out."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state not in {"Z", "X"}:
                    children.setdefault(int(parent), []).append(int(entry.name))
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting += below
    return found


def command_line(pid: int) -> str:
    """Return how a process was started; nothing of one that has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    return ""


def memory(pids: set[int]) -> float:
    """Return the memory of processes in MB, what several share counted once (PSS)."""
    total = 0
    for pid in pids:
        with suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(size) for size in re.findall(r"^Pss:\s+(\d+) kB", text, re.M))
    return total / 1024


def alive(pids: set[int], *, within: float = HANG) -> set[int]:
    """Return those of some processes that have not ended after so many seconds."""
    until = time.monotonic() + within
    while True:
        left = {pid for pid in pids if _runs(pid)}
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}
