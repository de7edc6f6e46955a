"""The rows of dumps, and what becomes of lines that give none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl import dumps
from newscrawl.dumps.articles import article_of
from newscrawl.export.columns import RowError, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newscrawl.dumps import DumpError, Line
    from newscrawl.items import Article

    OnBad = Callable[[DumpError], object]
    Row = dict[str, Any]


def rows(
    paths: list[Path],
    *,
    on_bad: OnBad | None = None,
    on_line: Callable[[Line], object] = lambda _: None,
) -> Iterator[Row]:
    """Yield a row for each line of dumps, as they are read.

    Args:
        paths: the dumps.
        on_bad: called with what is wrong with a line that is left out; without it the first
            such line ends the export.
        on_line: called with each line that was read.

    Raises:
        DumpError: a line holds no article, or one that fits no table, and there is no `on_bad`.
    """
    for line in dumps.lines(paths, skip_bad=on_bad is not None, on_bad=on_bad):
        on_line(line)
        try:
            yield row(article_of(line.record))
        except ValueError as error:
            _refuse(dumps.DumpError(line.path, line.number, str(error)), on_bad)


def latest_rows(paths: list[Path], *, on_bad: OnBad | None = None) -> Iterator[Row]:
    """Yield a row for each article in its newest revision, none for those that are gone.

    Args:
        paths: the dumps.
        on_bad: as for `rows`.

    Raises:
        DumpError: as for `rows`.
    """
    for article in dumps.latest(paths, skip_bad=on_bad is not None, on_bad=on_bad):
        try:
            yield row(article)
        except RowError as error:
            path, number = _place(article, paths)
            _refuse(dumps.DumpError(path, number, str(error)), on_bad)


def _place(article: Article, paths: list[Path]) -> tuple[Path, int]:
    """Return where an article stands; it is looked for only when it is bad."""
    key = article.id, article.revision, article.first_seen_at, article.fetched_at
    names = ("id", "revision", "first_seen_at", "fetched_at")
    for line in dumps.lines(paths, skip_bad=True, on_bad=lambda _: None):
        if tuple(line.record.get(name) for name in names) == key:
            return line.path, line.number
    return paths[0], 0


def _refuse(error: DumpError, on_bad: OnBad | None) -> None:
    if on_bad is None:
        raise error from None
    on_bad(error)
