"""Dumps checked line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.dumps import DumpError
from newscrawl.dumps.checking.article_rules import faults_of_article
from newscrawl.dumps.checking.schema_check import faults_of_shape
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
    """Something wrong with a line of a dump."""

    path: Path
    line: int
    """From 1; 0 where it is about the file as a whole."""
    field: str
    """As in "related[2].url"; empty where the line cannot be read at all."""
    what: str

    def __str__(self) -> str:
        place = f"{self.field}: " if self.field else ""
        return str(DumpError(self.path, self.line, f"{place}{self.what}"))


@dataclass(slots=True)
class Check:
    """A check of dumps, and what it has come to so far.

    Args:
        editions: see `newscrawl.dumps.checking.series_rules.Series`.
    """

    editions: bool = False
    lines: int = 0
    """Lines that could be read."""
    wrong: int = 0
    """Of these, lines with a fault."""
    unreadable: int = 0
    """Places that could not be read: lines, or what follows damage in a compressed file."""
    faults: Counter[str] = field(default_factory=Counter)
    """How many faults each field has."""

    def run(
        self, paths: Sequence[Path], on_read: Callable[[Path, int], object] = lambda *_: None
    ) -> Iterator[Fault]:
        """Return the faults of dumps, in order.

        Args:
            paths: files, as `newscrawl.dumps.expand` gives them.
            on_read: called after each line with the file and how many of its bytes were taken in.
        """
        series, unread = Series(editions=self.editions), list[DumpError]()
        for path in paths:
            for line in lines_of(path, unread.append, is_strict=True):
                yield from self._unreadable(unread)
                self.lines += 1
                before = self.faults.total()
                for name, what in _faults_of(line, series):
                    self.faults[name.split("[")[0].split(".")[0]] += 1
                    yield Fault(line.path, line.number, name, what)
                self.wrong += self.faults.total() > before
                on_read(path, line.position)
            yield from self._unreadable(unread)

    def _unreadable(self, unread: list[DumpError]) -> Iterator[Fault]:
        for error in unread:
            self.unreadable += 1
            yield Fault(error.path, error.line, "", error.what)
        unread.clear()


def _faults_of(line: Line, series: Series) -> Iterator[tuple[str, str]]:
    is_shaped = True
    for fault in faults_of_shape(line.record):
        is_shaped = False
        yield fault
    # Of what has another shape nothing else can be said.
    if not is_shaped:
        return
    if tuple(line.record) != ARTICLE_FIELDS:
        yield "schema_version", "the keys are not in the order of docs/fields.md"
    article = article_of(line.record)
    yield from faults_of_article(article)
    yield from series.faults_of(line, article)
