"""Reads the newest revision of each article, or all revisions of one.

See decision 56 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from newscrawl.dumps.decoding import article_of, decode_article, decode_struct
from newscrawl.dumps.files import DumpError, expand
from newscrawl.dumps.reading import decoded, handler, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newscrawl.dumps.files import Paths
    from newscrawl.dumps.reading import Line, OnBad
    from newscrawl.items import Article

    _Text = tuple[str, str, str]


class Age(NamedTuple):
    """The sort key of an article's revisions in a series; the newest has the greatest.

    An article that was forgotten (`scrapy ledger forget`, a ledger removed) begins again with
    revision 1 and a later `first_seen_at`, which therefore counts first.
    """

    first_seen_at: str
    revision: int
    fetched_at: str

    @classmethod
    def of(cls, article: Article) -> Age:
        """Return the age of an article's revision, or of a struct that has these fields."""
        first, fetched = article.first_seen_at or "", article.fetched_at or ""
        # Mostly the same text, which is then kept only once in memory.
        return cls(first, article.revision, first if fetched == first else fetched)

    @property
    def across_series(self) -> tuple[str, str, int]:
        """The sort key of revisions of several series, each of which numbers its own."""
        return self.first_seen_at, self.fetched_at, self.revision


class _Newest(NamedTuple):
    """The position of an article's newest revision."""

    age: Age
    file: int
    number: int
    is_gone: bool


def read(paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None) -> Iterator[Article]:
    """Return the articles of dumps, every line of them, as they are read.

    Memory does not grow with the dumps. An article appears once for each revision, also as
    `status` "gone", and once for each spider that wrote it: `latest` yields each once.

    Args:
        paths: files, folders or globs, one or several: see `newscrawl.dumps.expand`.
        skip_bad: skip lines that cannot be read, instead of raising.
        on_bad: called with a `DumpError` for each line skipped; by default each is logged as
            a warning of the logger `newscrawl.dumps`.

    Raises:
        DumpError: at once if no readable file is named; later for the first line that is not
            an article, unless `skip_bad`.
    """
    report = handler(on_bad, skip_bad=skip_bad)
    return (
        article for path in expand(paths) for _, article, _ in decoded(path, report, decode_article)
    )


def latest(
    paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None
) -> Iterator[Article]:
    """Return each article once, in its newest revision, and without those that are gone.

    An article that several spiders have written is yielded once. The files are read twice;
    meanwhile each article takes about half a kilobyte of memory, whatever its length.

    Args:
        paths: as for `read`.
        skip_bad: as for `read`; an older revision that can be read then counts.
        on_bad: as for `read`.

    Raises:
        DumpError: as for `read`, and where a file changes while it is read.
    """
    return _latest(expand(paths), handler(on_bad, skip_bad=skip_bad))


def history(
    paths: Paths, article_id: str, *, skip_bad: bool = False, on_bad: OnBad | None = None
) -> list[Article]:
    """Return the revisions of one article, oldest first, each once; none if it is unknown.

    Where several spiders wrote a text, or one wrote it again, the first capture counts. A
    last one with `status` "gone" means that the site removed the article.

    Args:
        paths: as for `read`.
        article_id: its `id`: "example:2339".
        skip_bad: as for `read`.
        on_bad: as for `read`.

    Raises:
        DumpError: as for `read`.
    """
    captures: list[tuple[Age, Path, Article]] = []
    report = handler(on_bad, skip_bad=skip_bad)
    for path in expand(paths):
        captures += [
            (Age.of(article), path.parent, article)
            for line in lines_of(path, report)
            if line.record.get("id") == article_id and (article := _article(line, report))
        ]
    return _without_repetitions(captures)


def _without_repetitions(captures: list[tuple[Age, Path, Article]]) -> list[Article]:
    """Return each text as often as one series has it: series number revisions on their own."""
    revisions: list[Article] = []
    known: set[tuple[Path, str, int]] = set()
    in_series: Counter[tuple[Path, _Text]] = Counter()
    kept: Counter[_Text] = Counter()
    captures.sort(key=lambda capture: capture[0].across_series)
    in_second: dict[tuple[_Text, str], list[tuple[Path, Article]]] = {}
    for age, folder, article in captures:
        in_second.setdefault((_text_of(age, article), age.fetched_at), []).append((folder, article))
    for age, folder, article in captures:
        if (folder, age.first_seen_at, age.revision) in known:
            continue
        known.add((folder, age.first_seen_at, age.revision))
        text = _text_of(age, article)
        in_series[folder, text] += 1
        if in_series[folder, text] > kept[text]:
            kept[text] += 1
            # Of series that captured it in the same second, that counts which had an earlier one.
            others = [other for at, other in in_second[text, age.fetched_at] if at != folder]
            revisions.append(max([article, *others], key=lambda capture: capture.revision))
    return revisions


def _text_of(age: Age, article: Article) -> _Text:
    return age.first_seen_at, article.content_hash, article.status


def _article(line: Line, on_bad: OnBad) -> Article | None:
    try:
        return article_of(line.record)
    except ValueError as error:
        on_bad(DumpError(line.path, line.number, str(error)))
        return None


def _latest(paths: list[Path], on_bad: OnBad) -> Iterator[Article]:
    for path, newest_lines in zip(paths, _newest_lines(paths, on_bad), strict=True):
        remaining = dict(newest_lines)
        # Lines that cannot be read were reported in the first pass.
        second_pass = decoded(path, lambda _: None, decode_article, remaining) if remaining else ()
        for number, article, _ in second_pass:
            if article.id == remaining[number]:
                del remaining[number]
                yield article
        for number in remaining:
            raise DumpError(path, number, "was changed while it was read; read it again")


def _newest_lines(paths: list[Path], on_bad: OnBad) -> list[dict[int, str]]:
    """Return the lines of newest revisions: for each file, line number to article id."""
    newest: dict[str, dict[Path, _Newest]] = {}
    for index, path in enumerate(paths):
        for number, article, _ in decoded(path, on_bad, decode_struct):
            age = Age.of(article)
            by_series = newest.setdefault(article.id, {})
            earlier = by_series.get(path.parent)
            if earlier is None or age > earlier.age:
                is_gone = article.status == "gone"
                by_series[path.parent] = _Newest(age, index, number, is_gone)
    lines: list[dict[int, str]] = [{} for _ in paths]
    for article_id, by_series in newest.items():
        position = max(by_series.values(), key=lambda newest: newest.age.across_series)
        if not position.is_gone:
            lines[position.file][position.number] = article_id
    return lines
