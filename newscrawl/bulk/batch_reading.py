"""Reads batches of pages into lines of a dump, in this process or in one of its own."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from hashlib import blake2b
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from newscrawl import sites
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.bulk.archived_page import OTHER_SITE, ArchivedPage
from newscrawl.dumps.encoding import line
from newscrawl.rights.policy import RECORD

if TYPE_CHECKING:
    from datetime import date

    from newscrawl.bulk.archived_page import ArchivedPosts
    from newscrawl.items import Article
    from newscrawl.sites import Site

OUTSIDE = "outside_dates"


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """What all batches of one extraction have in common; sent to each process once."""

    sites: tuple[Site, ...] = ()
    """The sites that are registered."""
    policy: str = RECORD
    since: date | None = None
    until: date | None = None
    keys: frozenset[str] | None = None
    """Of the sites whose saved pages are wanted; None for any."""

    def covers(self, article: Article) -> bool:
        """Return whether an article was published within the days; one without a date was not."""
        if self.since is None and self.until is None:
            return True
        day = (article.date_published or "")[:10]
        first = self.since.isoformat() if self.since else ""
        last = self.until.isoformat() if self.until else "9999-12-31"
        return bool(day) and first <= day <= last


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line of a dump."""

    line: bytes
    id_key: int
    """Of the article's id."""
    content_key: int
    """Of its id and its texts: a new address, for example, is not a change to a crawl."""


@dataclass(slots=True)
class TaskResult:
    """What was read of one page or list of posts."""

    lines: list[WrittenLine] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    missing_part: str | None = None


class BatchReader:
    """Reads pages and lists of posts."""

    def __init__(self, options: ReadingOptions) -> None:
        for site in options.sites:
            sites.register(site)
        self._options = options
        self._reader = ArchivedArticleReader(options.policy)

    def read(self, tasks: list[ArchivedPage | ArchivedPosts]) -> list[TaskResult]:
        """Return the results in the order of the tasks."""
        return [self._result(task) for task in tasks]

    def _result(self, task: ArchivedPage | ArchivedPosts) -> TaskResult:
        try:
            reading = self._reader.read(task)
        except Exception as error:  # noqa: BLE001 - a page that breaks its reader must not cost the others
            return TaskResult(reasons=[f"failed_{type(error).__name__}"])
        result = TaskResult(reasons=reading.reasons, missing_part=reading.missing_part)
        for article in reading.articles:
            if self._is_of_another_site(task, article):
                result.reasons.append(OTHER_SITE)
            elif self._options.covers(article):
                result.lines.append(written_line(article))
            else:
                result.reasons.append(OUTSIDE)
        return result

    def _is_of_another_site(self, task: ArchivedPage | ArchivedPosts, article: Article) -> bool:
        keys = self._options.keys
        is_saved = isinstance(task, ArchivedPage) and task.is_saved
        return is_saved and keys is not None and article.site not in keys


def written_line(article: Article) -> WrittenLine:
    """Return the line of an article, with its keys."""
    return WrittenLine(line(article), *keys_of(article))


def keys_of(article: Article) -> tuple[int, int]:
    """Return the keys of an article's id and of its content."""
    number = article.id.encode()
    return _key(number), _key(number + b" " + article.content_hash.encode())


def _key(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big")


def serve(descriptor: int) -> None:
    """Read batches from a connection until its other end is closed: options, then tasks."""
    with Connection(descriptor) as connection:
        try:
            reader = BatchReader(connection.recv())
            while True:
                connection.send(reader.read(connection.recv()))
        except (EOFError, OSError):
            sys.exit(0)
