"""Where the time goes: samples of py-spy, by the part of the code in which they fall."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bench_crawl import ROOT
from benchmarks.peers.reading import PEERS_PYTHON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_RATE = 200
_READ_FOR = 8.0
"""CPU seconds for which pages are read."""
_LOOP = f"""
import json, sys, time
import newscrawl
pages = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
def read_all():
    while time.process_time() < {_READ_FOR}:
        for page in pages:
            newscrawl.extract(page["html"], page["url"])
read_all()
"""
_FILE = re.compile(r"\(([\w./<>-]+?)(?:\.py)?:\d+\)$")
_PURPOSES = (
    ("comparison with REST records", ("newscrawl/spiders/audit",)),
    ("signatures of near-duplicates", ("newscrawl/items/similarity",)),
    ("ledger", ("newscrawl/ledger/store/", "newscrawl/ledger/client", "newscrawl/ledger/admin/")),
    (
        "decoding, bounding and parsing pages",
        (
            "newscrawl/middlewares/page_text", "newscrawl/pages/bounded_text",
            "newscrawl/pages/page_tree", "scrapy/selector", "parsel/",
        ),
    ),
    ("reading articles", ("newscrawl/spiders/article_reader", "newscrawl/extraction/")),
    ("reading lists and sitemaps", ("newscrawl/spiders/channels/", "newscrawl/discovery/")),
    ("pipelines: dates, validation, revisions", ("newscrawl/pipelines/",)),
    ("writing lines", ("newscrawl/feeds", "newscrawl/dumps/")),
)  # fmt: skip
"""What a crawl does, by files of which one is anywhere in the stack; the first one counts."""
_IDLE = ("wait (threading.py", "select (selectors.py", "_worker (concurrent/futures/thread.py")
"""Innermost frames of threads that wait, which py-spy may take for running."""


def _file(frame: str) -> str:
    match = _FILE.search(frame)
    return match[1] if match else ""


def by_module(stack: list[str]) -> str | None:
    """Return the module of newscrawl or the package in which a sample of `extract` falls."""
    if not any("read_all" in frame for frame in stack) or any("importlib" in f for f in stack):
        return None
    for frame in reversed(stack):
        file = _file(frame)
        if file == "newscrawl/extraction/extract":
            return f"{file}, which calls lxml's parser"
        if file.startswith("newscrawl/"):
            return file
    return None


def by_purpose(stack: list[str]) -> str | None:
    """Return what a crawl does in a sample; None for a thread that waits."""
    if any(name in stack[-1] for name in _IDLE):
        return None
    if any("importlib" in frame for frame in stack):
        return "start: imports"
    files = [_file(frame) for frame in stack]
    for purpose, prefixes in _PURPOSES:
        if any(file.startswith(prefixes) for file in files):
            return purpose
    packages = (file.partition("/")[0] for file in reversed(files))
    last = next((name for name in packages if name in {"newscrawl", "scrapy", "twisted"}), "")
    return (
        "other parts of newscrawl"
        if last == "newscrawl"
        else "Scrapy, Twisted, Python, freeing pages"
    )


def shares(
    lines: Iterable[str], part_of: Callable[[list[str]], str | None]
) -> list[tuple[str, float]]:
    """Return the share of each part in the samples, the largest first.

    Args:
        lines: py-spy's raw format: frames from the outermost one, separated by semicolons, and
            a number of samples.
        part_of: gives the part of a stack; None leaves the sample out.
    """
    counts: Counter[str] = Counter()
    for line in lines:
        stack, _, number = line.rpartition(" ")
        part = part_of(stack.split(";"))
        if part is not None:
            counts[part] += int(number)
    return [(part, count / counts.total()) for part, count in counts.most_common()]


def _sampled(command: list[str], file: Path, output: Path) -> list[str]:
    """Run a command under py-spy; return its lines, none where it may not watch a process."""
    spy = [str(PEERS_PYTHON.with_name("py-spy")), "record", "-r", str(_RATE), "-f", "raw"]
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(output)}
    line = [*spy, "-o", str(file), "--", *command]
    done = subprocess.run(line, cwd=ROOT, env=environment, check=False, capture_output=True)
    if done.returncode or not file.is_file():
        return []
    return file.read_text(encoding="utf-8").splitlines()


def of_reading(pages: Path) -> list[tuple[str, float]]:
    """Return where `newscrawl.extract` spends its time on the pages of a file of a worker."""
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as name:
        command = [sys.executable, "-c", _LOOP, str(pages)]
        return shares(_sampled(command, Path(name, "samples"), Path(name)), by_module)


def of_crawl(command: list[str], output: Path) -> list[tuple[str, float]]:
    """Return where a crawl into a folder spends its time."""
    with tempfile.TemporaryDirectory(prefix="bench-peers-") as name:
        return shares(_sampled(command, Path(name, "samples"), output), by_purpose)
