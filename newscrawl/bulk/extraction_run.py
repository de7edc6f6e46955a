"""Writes the articles of files as lines of a dump, in the order of the files, on all cores."""

from __future__ import annotations

import time
from collections import Counter, deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.bulk.archive_reader import TRUNCATED, UNCHANGED
from newscrawl.bulk.archived_page import ArchivedPage
from newscrawl.bulk.batch_reading import BatchReader, TaskResult, keys_of
from newscrawl.bulk.extraction_steps import BAD
from newscrawl.bulk.reading_processes import ReadingProcesses
from newscrawl.dumps.decoding import decode_article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newscrawl.bulk.archived_page import ArchivedPosts
    from newscrawl.bulk.archived_parts import ArchivedParts
    from newscrawl.bulk.batch_reading import ReadingOptions
    from newscrawl.bulk.extraction_steps import Batch
    from newscrawl.bulk.reading_processes import ReadingProcess
    from newscrawl.bulk.resumable_dump import ResumableDump

ARTICLES, REPEATED, NOT_ARTICLES = "articles", "repeated", "not_articles/"
"""Counters; the last with a reason behind it."""
_COMMIT_SECONDS = 1.0
_WAITING = 3
"""Batches for each process that are read or wait to be written: one slow page holds the others."""
_FAILED = ("failed_", "unreadable_", "no_address", "bad_address", "reader_died")
"""Beginnings of reasons for which a page counts as bad."""


@dataclass(slots=True, eq=False)
class _Work:
    """A batch, and what is known of its pages."""

    batch: Batch
    results: list[TaskResult | None] = field(default_factory=list)
    is_single: bool = False
    """Whether its pages are read one by one, as a process has died over them."""
    sent: list[int] = field(default_factory=list)

    def unread(self) -> list[int]:
        """Return the positions of the pages to read next."""
        positions = [n for n, result in enumerate(self.results) if result is None]
        return positions[:1] if self.is_single else positions

    @property
    def is_done(self) -> bool:
        """Whether all pages are read."""
        return all(result is not None for result in self.results)


class Extraction:
    """One run, or the rest of one that was stopped."""

    def __init__(
        self,
        dump: ResumableDump,
        parts: ArchivedParts,
        options: ReadingOptions,
        *,
        own_files: Sequence[int],
        on_message: Callable[[str], object],
    ) -> None:
        """Take what to write to and to read with.

        Args:
            dump: the dump.
            parts: further pages of articles of our own archives.
            options: how pages are read.
            own_files: positions of the files with records of ours; it grows while they are read.
            on_message: called with each line on what is not read.
        """
        self._on_message = on_message
        self._dump = dump
        self._parts = parts
        self._options = options
        self._own_files = own_files
        self.counts = Counter(dump.progress.counts)
        self._ids: set[int] = set()
        self._contents: set[int] = set()
        for raw in dump.own_lines():
            id_key, content_key = keys_of(decode_article(raw))
            self._ids.add(id_key)
            self._contents.add(content_key)
        self._committed = time.monotonic()

    def run(self, batches: Iterator[Batch], jobs: int) -> None:
        """Read the batches and write their lines.

        Raises:
            OSError: the dump cannot be written.
        """
        works = (self._read_here if jobs == 1 else self._read_in_processes)(batches, jobs)
        last: Batch | None = None
        for work in works:
            self._write(work)
            last = work.batch
            if time.monotonic() - self._committed >= _COMMIT_SECONDS:
                self._commit(last)
        if last is not None:
            self._commit(last)

    def _commit(self, batch: Batch) -> None:
        self._dump.commit(batch.file, batch.entry, dict(self.counts), self._own_files)
        self._committed = time.monotonic()

    # --- Reading ----------------------------------------------------------------------------------

    def _read_here(self, batches: Iterator[Batch], _: int) -> Iterator[_Work]:
        reader = BatchReader(self._options)
        for batch in batches:
            work = _Work(batch, [None] * len(batch.tasks))
            while positions := work.unread():
                self._take(work, positions, reader.read([batch.tasks[n] for n in positions]))
            yield work

    def _read_in_processes(self, batches: Iterator[Batch], jobs: int) -> Iterator[_Work]:
        waiting: deque[_Work] = deque()
        with ExitStack() as stack:
            processes = stack.enter_context(ReadingProcesses(self._options, jobs))
            assigned: dict[ReadingProcess, _Work] = {}
            is_open = True
            while is_open or waiting:
                while waiting and waiting[0].is_done:
                    yield waiting.popleft()
                if is_open and len(waiting) < jobs * _WAITING:
                    batch = next(batches, None)
                    is_open = batch is not None
                    if batch is not None:
                        waiting.append(_Work(batch, [None] * len(batch.tasks)))
                self._assign(waiting, assigned, processes)
                may_read = is_open and len(waiting) < jobs * _WAITING
                if assigned:
                    self._collect(assigned, processes, 0 if may_read else None)

    @staticmethod
    def _assign(
        waiting: deque[_Work],
        assigned: dict[ReadingProcess, _Work],
        processes: ReadingProcesses,
    ) -> None:
        """Give batches that are not read to idle processes."""
        for work in waiting:
            if work.is_done or work.sent:
                continue
            process = processes.idle()
            if process is None:
                return
            work.sent = work.unread()
            assigned[process] = work
            process.send([work.batch.tasks[n] for n in work.sent])

    def _collect(
        self,
        assigned: dict[ReadingProcess, _Work],
        processes: ReadingProcesses,
        timeout: float | None,
    ) -> None:
        """Take the results of processes that have some."""
        for process in processes.ready(timeout):
            work = assigned.pop(process)
            positions, work.sent = work.sent, []
            results = process.receive()
            if results is not None:
                self._take(work, positions, results)
                continue
            processes.remove(process)
            if work.is_single:
                work.results[positions[0]] = TaskResult(reasons=["reader_died"])
            work.is_single = True

    def _take(self, work: _Work, positions: list[int], results: list[TaskResult]) -> None:
        """Keep results; a page whose further page is missing is read again with it."""
        for position, result in zip(positions, results, strict=True):
            task = work.batch.tasks[position]
            if result.missing_part is None:
                work.results[position] = result
            elif isinstance(task, ArchivedPage):
                part = self._parts.find(result.missing_part, task)
                if part is None:
                    task.has_all_parts = True
                else:
                    task.parts.append(part)

    # --- Writing ----------------------------------------------------------------------------------

    def _write(self, work: _Work) -> None:
        self.counts.update(work.batch.counts)
        for task, result in zip(work.batch.tasks, work.results, strict=True):
            assert result is not None
            for reason in result.reasons:
                is_bad = reason.startswith(_FAILED)
                if is_bad:
                    text, what = reason.replace("_", " "), task.page.url or "the page"
                    self._on_message(f"{task.file}: {what} is not read: {text}")
                self.counts[f"{BAD if is_bad else NOT_ARTICLES}{reason}"] += 1
            self._write_lines(task, result)

    def _write_lines(self, task: ArchivedPage | ArchivedPosts, result: TaskResult) -> None:
        outcome = task.outcome if isinstance(task, ArchivedPage) else ""
        for written in result.lines:
            is_known = (outcome == UNCHANGED and written.content_key in self._contents) or (
                outcome == TRUNCATED and written.id_key in self._ids
            )
            if is_known:
                self.counts[REPEATED] += 1
                continue
            is_own = task.site is not None
            if is_own:
                self._ids.add(written.id_key)
                self._contents.add(written.content_key)
            self._dump.write(written.line, is_own=is_own)
            self.counts[ARTICLES] += 1
