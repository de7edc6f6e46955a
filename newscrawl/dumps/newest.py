"""Each article's newest revision, and all of one article's."""

from __future__ import annotations

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


class Age(NamedTuple):
    """By what the revisions of an article follow each other; the newest has the greatest.

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
        # Mostly the same text, which then is kept once.
        return cls(first, article.revision, first if fetched == first else fetched)


class _Newest(NamedTuple):
    """Where the newest revision of an article stands."""

    age: Age
    file: int
    number: int
    is_gone: bool


def read(paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None) -> Iterator[Article]:
    """Return the articles of dumps, every line of them, as they are read.

    Memory does not grow with the dumps. An article stands there once for each revision, also
    as `status` "gone", and once for each spider that wrote it: `latest` gives each once.

    Args:
        paths: files, folders or globs, one or several: see `newscrawl.dumps.expand`.
        skip_bad: go on behind a line that cannot be read, instead of ending there.
        on_bad: called with a `DumpError` for each line skipped; by default each is logged as
            a warning of the logger `newscrawl.dumps`.

    Raises:
        DumpError: at once where nothing is named that can be read; later for the first line
            that is no article, unless `skip_bad`.
    """
    told = handler(on_bad, skip_bad=skip_bad)
    return (
        article for path in expand(paths) for _, article, _ in decoded(path, told, decode_article)
    )


def latest(
    paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None
) -> Iterator[Article]:
    """Return each article once, in its newest revision, and without those that are gone.

    Over all spiders' dumps: what Esteri and the whole site have both written comes once. The
    files are read twice. Between the two about half a kilobyte of memory is taken for each
    article, whatever its length.

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
    """Return the revisions of one article, oldest first, each once; none of an unknown one.

    Where several spiders wrote a revision, or one wrote it again, the first capture counts. A
    last one with `status` "gone" tells that the site removed the article.

    Args:
        paths: as for `read`.
        article_id: its `id`: "example:2339".
        skip_bad: as for `read`.
        on_bad: as for `read`.

    Raises:
        DumpError: as for `read`.
    """
    found: dict[tuple[str, int], tuple[Age, Article]] = {}
    told = handler(on_bad, skip_bad=skip_bad)
    for path in expand(paths):
        for line in lines_of(path, told):
            if line.record.get("id") == article_id and (article := _article(line, told)):
                age = Age.of(article)
                known = found.get(age[:2])
                if known is None or age < known[0]:
                    found[age[:2]] = age, article
    return [found[key][1] for key in sorted(found)]


def _article(line: Line, on_bad: OnBad) -> Article | None:
    try:
        return article_of(line.record)
    except ValueError as error:
        on_bad(DumpError(line.path, line.number, str(error)))
        return None


def _latest(paths: list[Path], on_bad: OnBad) -> Iterator[Article]:
    for path, wanted in zip(paths, _wanted(paths, on_bad), strict=True):
        left = dict(wanted)
        # What cannot be read was told of in the first pass.
        again = decoded(path, lambda _: None, decode_article, left) if left else ()
        for number, article, _ in again:
            if article.id == left[number]:
                del left[number]
                yield article
        for number in left:
            raise DumpError(path, number, "was changed while it was read; read it again")


def _wanted(paths: list[Path], on_bad: OnBad) -> list[dict[int, str]]:
    """Return the lines that hold newest revisions: for each file number to id."""
    newest: dict[str, _Newest] = {}
    for index, path in enumerate(paths):
        for number, article, _ in decoded(path, on_bad, decode_struct):
            age = Age.of(article)
            known = newest.get(article.id)
            if known is None or age > known.age:
                is_gone = article.status == "gone"
                newest[article.id] = _Newest(age, index, number, is_gone)
    wanted: list[dict[int, str]] = [{} for _ in paths]
    for name, found in newest.items():
        if not found.is_gone:
            wanted[found.file][found.number] = name
    return wanted
