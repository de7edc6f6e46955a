"""Reads files into batches of pages: the same batches each time, so that a run can be continued."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.archive_reader import ArchiveReader
from newscrawl.bulk.archived_page import ArchivedPage, ArchivedPosts, LeftOut
from newscrawl.bulk.input_files import (
    Archives,
    Form,
    InputError,
    InputFile,
    archives_in,
    is_file,
    sibling,
)
from newscrawl.bulk.site_documents import SiteDocuments
from newscrawl.extraction.fetched_page import FetchedPage
from newscrawl.warc.other_formats import OtherFormatError, check_format

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from newscrawl.bulk.archived_page import Archived

    OnMessage = Callable[[str], object]
    OnRead = Callable[[Path, int], object]

FILES, UNREADABLE, RECORDS, PAGES = "files", "unreadable_files", "records", "pages"
LEFT_OUT, BAD = "left_out/", "bad/"
"""Counters; the last two with a reason behind them."""
_MAX_TASKS = 16
_MAX_BYTES = 4 * 1024 * 1024
_MAX_ENTRIES = 5_000
_NO_DOCUMENTS = SiteDocuments()


@dataclass(slots=True)
class Batch:
    """Some pages in a row, and the position behind them."""

    file: int
    entry: int
    """How many entries of the file are done with this batch."""
    tasks: list[ArchivedPage | ArchivedPosts] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    """Of what was read since the batch before."""
    size: int = 0
    entries: int = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is added."""
        is_large = len(self.tasks) >= _MAX_TASKS or self.size >= _MAX_BYTES
        return is_large or self.entries >= _MAX_ENTRIES


class FileSteps:
    """Follows the files of an extraction."""

    def __init__(  # noqa: PLR0913 - all that reading depends on
        self,
        files: Sequence[InputFile],
        *,
        sites: Container[str] | None,
        url: str | None,
        max_size: int,
        on_message: OnMessage,
        on_read: OnRead,
        own_files: Iterable[int] = (),
    ) -> None:
        """Take what to read; `own_files` are the positions of files with records of ours so far."""
        self._files = files
        self.own_files = [*own_files]
        """Positions of the files read to their ends that have records of ours."""
        self._url = url
        self._max_size = max_size
        self._on_message = on_message
        self._on_read = on_read
        self._current: InputFile | None = None
        self._archives: Archives | None = None
        self._member = ""
        """The archive of a WACZ that is read, for messages."""
        self._errors: list[str] = []
        self._reader = ArchiveReader(sites=sites, open_file=self._beside, max_size=max_size)

    def _beside(self, name: str) -> BinaryIO | None:
        if self._archives is None or self._current is None:
            return None
        return self._archives.sibling(name) or sibling(self._current.path, name)

    def batches(self, first_file: int, done_entries: int) -> Iterator[Batch]:
        """Yield what is behind a position in the files.

        Args:
            first_file: position of its file.
            done_entries: entries of that file that are done.
        """
        for position in self.own_files:
            # What sites state outside pages counts for the files behind it.
            for _ in self._entries(self._files[position]):
                pass
        for position in range(first_file, len(self._files)):
            skipped = done_entries if position == first_file else 0
            yield from self._batches_of(position, skipped)

    def _batches_of(self, position: int, skipped: int) -> Iterator[Batch]:
        file, batch, number = self._files[position], Batch(position, skipped), 0
        bad, before = 0, 0
        for entry in self._entries(file):
            number += 1
            new_records, before = self._reader.record_count - before, self._reader.record_count
            bad += isinstance(entry, LeftOut) and entry.is_bad
            if number <= skipped:
                continue
            batch.counts[RECORDS] += new_records
            self._add(batch, entry, file)
            batch.entry, batch.entries = number, batch.entries + 1
            if batch.is_full:
                yield batch
                batch = Batch(position, number)
        batch.counts[RECORDS] += self._reader.record_count - before
        if self._reader.has_own:
            self.own_files.append(position)
        # What was counted at its end must not be counted again.
        batch.file, batch.entry = position + 1, 0
        batch.counts[FILES] += 1
        if file.form is not Form.HTML and not self._errors:
            self._errors = self._emptiness(file, bad)
        batch.counts[UNREADABLE] += bool(self._errors)
        for error in self._errors:
            self._on_message(error)
        yield batch

    def _emptiness(self, file: InputFile, bad: int) -> list[str]:
        """Return why an archive has nothing to read; report one that has no responses."""
        if not file.size and is_file(file.path):
            return [f"{file.path} is empty"]
        if self._reader.record_count <= bad:
            return [f"{file.path} is not a WARC file, or none of its records can be read"]
        if not self._reader.response_count:
            self._on_message(f"{file.path} has no responses")
        return []

    def _entries(self, file: InputFile) -> Iterator[Archived]:
        """Yield what a file holds; `_errors` then says what could not be read to its end."""
        self._current, self._errors, self._member = file, [], ""
        self._reader.record_count = self._reader.response_count = 0
        self._reader.has_own = False
        try:
            if file.form is Form.HTML:
                yield self._saved_page(file)
                return
            with archives_in(file.path) as self._archives:
                for name in self._archives.names:
                    yield from self._entries_of(self._archives, name, file)
        except InputError as error:
            self._errors.append(str(error))
        except OSError as error:
            self._errors.append(f"{file.path}: cannot be read: {error.strerror or error}")

    def _entries_of(self, archives: Archives, name: str, file: InputFile) -> Iterator[Archived]:
        """Yield what one WARC file holds; what is damaged in a WACZ does not cost the others."""
        self._member = f": {name}" if file.form is Form.WACZ else ""
        try:
            with archives.open(name) as stream:
                check_format(stream)
                for entry in self._reader.read(stream):
                    if stream.seekable():
                        self._on_read(file.path, stream.tell())
                    yield entry
        except OtherFormatError as error:
            self._errors.append(f"{file.path}{self._member} {error}")
        except OSError as error:
            self._errors.append(
                f"{file.path}{self._member}: cannot be read: {error.strerror or error}"
            )

    def _saved_page(self, file: InputFile) -> Archived:
        with file.path.open("rb") as stream:
            body = stream.read(self._max_size + 1)
        if not body:
            raise InputError(f"{file.path} is empty")
        if len(body) > self._max_size:
            return LeftOut("too_large", is_bad=True)
        moment = datetime.fromtimestamp(file.changed_at // 10**9, UTC)
        page = FetchedPage(self._url or "", body)
        return ArchivedPage(page, moment, _NO_DOCUMENTS, has_all_parts=True, is_saved=True)

    def _add(self, batch: Batch, entry: Archived, file: InputFile) -> None:
        if not isinstance(entry, LeftOut):
            if isinstance(entry, ArchivedPage) and entry.site is None:
                entry.has_all_parts = True
            entry.file = str(file.path)
            batch.tasks.append(entry)
            batch.size += entry.size
            batch.counts[PAGES] += 1
        elif entry.is_bad:
            batch.counts[f"{BAD}{entry.reason}"] += 1
            at = "the page" if entry.offset is None else f"the record at byte {entry.offset:,}"
            place = f"{file.path}{self._member}"
            self._on_message(f"{place}: {at} is not read: {entry.reason.replace('_', ' ')}")
        else:
            batch.counts[f"{LEFT_OUT}{entry.reason}"] += 1
