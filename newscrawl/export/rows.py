"""Yields the rows of dumps, and reports lines that cannot be exported.

See decision 60 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newscrawl import dumps
from newscrawl.dumps.decoding import decode_article
from newscrawl.dumps.reading import decoded, handler
from newscrawl.export.columns import RowError, row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newscrawl.dumps import DumpError
    from newscrawl.items import Article

    OnBad = Callable[[DumpError], object]
    Row = dict[str, Any]


def rows(
    paths: list[Path],
    *,
    on_bad: OnBad | None = None,
    on_read: Callable[[Path, int], object] = lambda *_: None,
) -> Iterator[Row]:
    """Yield a row for each line of dumps, as they are read.

    Args:
        paths: the dumps.
        on_bad: called with the error of each line that is left out; without it the first such
            line ends the export.
        on_read: called after each line with the file and how many of its bytes were read.

    Raises:
        DumpError: a line is not an article, or does not fit the columns, and there is no
            `on_bad`.
    """
    report = handler(on_bad, skip_bad=on_bad is not None)
    for path in dumps.expand(paths):
        for number, article, position in decoded(path, report, decode_article):
            on_read(path, position)
            try:
                yield row(article)
            except RowError as error:
                report(dumps.DumpError(path, number, str(error)))


def latest_rows(paths: list[Path], *, on_bad: OnBad | None = None) -> Iterator[Row]:
    """Yield a row for each article in its newest revision, none for those that are gone.

    Args:
        paths: the dumps.
        on_bad: as for `rows`.

    Raises:
        DumpError: as for `rows`.
    """
    report = handler(on_bad, skip_bad=on_bad is not None)
    for article in dumps.latest(paths, skip_bad=on_bad is not None, on_bad=on_bad):
        try:
            yield row(article)
        except RowError as error:
            path, number = _position(article, paths)
            report(dumps.DumpError(path, number, str(error)))


def _position(article: Article, paths: list[Path]) -> tuple[Path, int]:
    """Return the file and line of an article; searched for only if it is bad."""
    key = article.id, article.revision, article.first_seen_at, article.fetched_at
    names = ("id", "revision", "first_seen_at", "fetched_at")
    for line in dumps.lines(paths, skip_bad=True, on_bad=lambda _: None):
        if tuple(line.record.get(name) for name in names) == key:
            return line.path, line.number
    return paths[0], 0
