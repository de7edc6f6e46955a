"""Checks dumps line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.dumps import DumpError
from newscrawl.dumps.checking.article_rules import faults_of_article
from newscrawl.dumps.checking.schema_check import schema_faults
from newscrawl.dumps.checking.series_rules import Series
from newscrawl.dumps.decoding import article_of
from newscrawl.dumps.reading import lines_of
from newscrawl.items import ARTICLE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from newscrawl.dumps import Line


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a line of a dump."""

    path: Path
    line: int
    """From 1; 0 for the file as a whole."""
    field: str
    """Such as "related[2].url"; empty if the line cannot be read."""
    what: str

    def __str__(self) -> str:
        prefix = f"{self.field}: " if self.field else ""
        return str(DumpError(self.path, self.line, f"{prefix}{self.what}"))


@dataclass(slots=True)
class Check:
    """A check of dumps, and its results so far.

    Args:
        editions: see `newscrawl.dumps.checking.series_rules.Series`.
    """

    editions: bool = False
    lines: int = 0
    """Lines that could be read."""
    wrong: int = 0
    """Of these, lines with faults."""
    unreadable: int = 0
    """Lines that could not be read; the rest of a damaged compressed file counts as one."""
    faults: Counter[str] = field(default_factory=Counter)
    """How many faults each field has."""

    def run(
        self, paths: Sequence[Path], on_read: Callable[[Path, int], object] = lambda *_: None
    ) -> Iterator[Fault]:
        """Return the faults of dumps, in order.

        Args:
            paths: files, as `newscrawl.dumps.expand` returns them.
            on_read: called after each line with the file and how many of its bytes were read.
        """
        series, unread = Series(editions=self.editions), list[DumpError]()
        faulty: set[tuple[Path, int]] = set()
        for path in paths:
            for line in lines_of(path, unread.append, is_strict=True):
                yield from self._unreadable(unread)
                self.lines += 1
                before = self.faults.total()
                for name, message in _faults_of(line, series):
                    self.faults[name.split("[")[0].split(".")[0]] += 1
                    yield Fault(line.path, line.number, name, message)
                if self.faults.total() > before:
                    faulty.add((line.path, line.number))
                    self.wrong += 1
                on_read(path, line.position)
            yield from self._unreadable(unread)
        for path, number, name, message in series.gaps():
            self.faults[name] += 1
            self.wrong += (path, number) not in faulty
            faulty.add((path, number))
            yield Fault(path, number, name, message)

    def _unreadable(self, unread: list[DumpError]) -> Iterator[Fault]:
        for error in unread:
            self.unreadable += 1
            yield Fault(error.path, error.line, "", error.what)
        unread.clear()


def _faults_of(line: Line, series: Series) -> Iterator[tuple[str, str]]:
    fits_schema = True
    for fault in schema_faults(line.record):
        fits_schema = False
        yield fault
    # The other rules need a record that fits the schema.
    if not fits_schema:
        return
    if tuple(line.record) != ARTICLE_FIELDS:
        yield "schema_version", "the keys are not in the order of docs/fields.md"
    article = article_of(line.record)
    yield from faults_of_article(article)
    yield from series.faults_of(line, article)
