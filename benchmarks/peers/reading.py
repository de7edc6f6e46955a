"""Readers side by side on the same pages: each in a process of its own, in alternating rounds."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, Self

from benchmarks.peers.readers import OWN, READERS
from benchmarks.peers.scoring import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.peers.page_sets import Page

ROOT = Path(__file__).parents[2]
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"


class WorkerError(Exception):
    """A worker that could not start or that ended early; the text says why."""


class Worker:
    """A process that reads pages with one reader; use it with `with`."""

    def __init__(self, reader: str, pages: Path, python: Path | str) -> None:
        self.reader = reader
        self._process = subprocess.Popen(
            [str(python), "-m", "benchmarks.peers.worker", reader, str(pages)],
            cwd=ROOT, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        try:
            self.versions: dict[str, str] = self._line()["versions"]
        except WorkerError:
            self._end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout
        assert self._process.stderr
        line = self._process.stdout.readline()
        if not line:
            last = self._process.stderr.read().strip().splitlines()[-1:]
            raise WorkerError(f"{self.reader}: {''.join(last) or 'the worker ended'}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def read(self, number: int) -> dict[str, Any]:
        """Return the worker's answer for one page.

        Raises:
            WorkerError: the worker has ended.
        """
        assert self._process.stdin
        try:
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise WorkerError(f"{self.reader}: the worker ended") from None
        return self._line()


@dataclass
class Result:
    """What one reader took and got on one set of pages."""

    best: list[float]
    """Least CPU seconds of each page."""
    tally: Tally = field(default_factory=Tally)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def milliseconds(self) -> float:
        """Mean CPU milliseconds of a page, each by its best round."""
        return fmean(self.best) * 1000


def python_of(reader: str) -> Path | str:
    """Return the interpreter that has a reader's library."""
    return sys.executable if reader in OWN else PEERS_PYTHON


def write(pages: Iterable[Page], file: Path) -> None:
    """Write pages as workers read them, without their truth."""
    with file.open("w", encoding="utf-8") as lines:
        for page in pages:
            print(json.dumps({"html": page.html, "url": page.url}), file=lines)


def _known(answers: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(name for answer in answers for name in answer.get("fields") or ())


def compare(
    pages: list[Page],
    folder: Path,
    rounds: int,
    readers: Iterable[str] = READERS,
    python: Callable[[str], Path | str] = python_of,
) -> dict[str, Result]:
    """Have all readers read some pages, and return what came of it, by reader.

    Args:
        pages: the pages with their truth.
        folder: where the workers' file of pages is put.
        rounds: how often each reader reads all pages; readers take turns.
        readers: their names.
        python: the interpreter of a reader.

    Raises:
        WorkerError: a worker could not start, or ended.
    """
    file = folder / "pages.jsonl"
    write(pages, file)
    results = {reader: Result([float("inf")] * len(pages)) for reader in readers}
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name, file, python(name))) for name in results]
        for turn in range(rounds):
            for worker in workers:
                result = results[worker.reader]
                result.versions = worker.versions
                answers = [worker.read(number) for number in range(len(pages))]
                for number, answer in enumerate(answers):
                    result.best[number] = min(result.best[number], answer["cpu"])
                if turn == 0:
                    known = _known(answers)
                    for page, answer in zip(pages, answers, strict=True):
                        result.tally.add(answer, page.fields, known)
    return results
