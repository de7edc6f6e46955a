"""The archive of one run: WARC files next to its dump, which grow and are committed with it.

See decision 146 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from newscrawl.dumps.paths import archive_path
from newscrawl.text import key_of
from newscrawl.warc.exchange import ArchivedResponse, Location, Role
from newscrawl.warc.warc_file import WarcFile, warc_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from newscrawl.warc.exchange import Exchange

SITE_FACTS = "newscrawl-site-facts"
"""Field of a metadata record that refers to no response: what runs have learned of a site."""


@dataclass(frozen=True, slots=True)
class ArchiveProgress:
    """How far a file of an archive has been written."""

    path: Path
    """Its final name."""
    length: int
    """In bytes."""
    file: int
    """Its descriptor."""
    is_complete: bool
    """Whether nothing more is written to it."""


class ResponseArchive:
    """Writes what a run was served to `<stem>-NNNNN.warc.gz`.

    All methods that write raise OSError if that fails.
    """

    def __init__(
        self,
        stem: Callable[[], Path],
        info: Callable[[], Mapping[str, str]],
        facts: Callable[[], tuple[str, str]],
        open_part: Callable[[Path], IO[bytes]],
        max_size: int,
    ) -> None:
        """Store the arguments; the first record creates the first file.

        Args:
            stem: returns the common part of the paths of the run's files.
            info: returns what each file says of the run and of the program.
            facts: returns the address of the site, and what is known of it and stands nowhere else:
                pages that follow are read with it.
            open_part: creates the file that is renamed to a path when it is complete.
            max_size: in bytes: a file that has reached it is followed by another one.
        """
        self._stem, self._info, self._facts, self._open_part = stem, info, facts, open_part
        self._written_facts = ""
        self._max_size = max_size
        self._open: WarcFile | None = None
        self._path: Path | None = None
        self._complete: list[tuple[Path, WarcFile]] = []
        self._site: dict[str, Exchange] = {}
        self._uncommitted: dict[int, ArchivedResponse] = {}
        self._committed_length = 0
        self.records = 0
        """Records written, of any kind."""
        self.paths: list[Path] = []
        """The final names of the files, oldest first."""

    def recent(self, key: int) -> ArchivedResponse | None:
        """Return the last response of an address that is not committed yet."""
        return self._uncommitted.get(key)

    def add(self, exchange: Exchange) -> Location | None:
        """Write a response and its request; return where its payload is.

        None for a response without one whose payload is not in an archive (304).
        """
        if exchange.record_id is not None:
            return exchange.location
        warc = self._file()
        self._write_facts(warc)
        offset, earlier = warc.length, exchange.earlier
        if exchange.role is Role.RENDERED:
            original = exchange.original.record_id if exchange.original is not None else None
            exchange.record_id = warc.write_rendered(exchange, original)
            exchange.location = Location(warc.name, offset)
            self.records += 1
            return exchange.location
        if exchange.status == 304 or (
            earlier is not None and exchange.body and earlier.digest == exchange.digest
        ):
            exchange.record_id = warc.write_revisit(exchange, earlier)
            exchange.location = earlier.location if earlier is not None else None
        else:
            exchange.record_id = warc.write_response(exchange)
            exchange.location = Location(warc.name, offset)
            self._note(exchange)
        warc.write_request(exchange)
        self.records += 2
        if exchange.role is Role.SITE:
            self._site[exchange.url] = exchange
        return exchange.location

    def add_conversion(self, exchange: Exchange, content_type: str, content: bytes) -> Location:
        """Write what was made from a response that is not kept; return where it is."""
        warc = self._file()
        location = Location(warc.name, warc.length)
        exchange.record_id = warc.write_conversion(exchange, content_type, content, {})
        self.records += 1
        return location

    def describe(self, exchange: Exchange, fields: Iterable[tuple[str, str]]) -> None:
        """Write what became of a response that was added."""
        self._file().write_metadata(exchange, fields)
        exchange.is_described = True
        self.records += 1

    def _write_facts(self, warc: WarcFile) -> None:
        """Write what is known of the site, if the file does not state it yet."""
        url, facts = self._facts()
        if facts != self._written_facts:
            warc.write_fields(url, [(SITE_FACTS, facts)])
            self._written_facts = facts
            self.records += 1

    def _note(self, exchange: Exchange) -> None:
        if not exchange.is_cut_off and 200 <= exchange.status < 300 and exchange.location:
            key = key_of(exchange.url)
            self._uncommitted[key] = ArchivedResponse(
                key,
                exchange.digest,
                exchange.location,
                warc_date(exchange.received_at),
                str(exchange.record_id),
            )

    def _file(self) -> WarcFile:
        """Return the file to which the next record belongs."""
        if self._open is not None:
            return self._open
        path = archive_path(self._stem(), len(self.paths))
        self._open, self._path = WarcFile(self._open_part(path), path.name), path
        self.paths.append(path)
        self._open.write_info(self._info())
        self._written_facts = ""
        self.records += 1
        names = {path.name for path in self.paths}
        for exchange in self._site.values():
            # Each file can be read without the one before it.
            if exchange.location is not None and exchange.location.file in names:
                exchange.record_id = self._open.write_response(exchange)
            else:
                exchange.record_id = self._open.write_revisit(exchange, exchange.earlier)
            self._open.write_request(exchange)
            self.records += 2
        return self._open

    def take_progress(self) -> tuple[list[ArchiveProgress], list[ArchivedResponse]]:
        """Return how far files have been written, and the responses since the last call.

        A file that is large enough is complete then, so that at most one is begun between two
        commits.

        Raises:
            OSError: a file cannot be written.
        """
        if self._open is not None and self._open.length >= self._max_size:
            self.complete()
        files = [*self._complete]
        if self._open is not None and self._path is not None:
            files.append((self._path, self._open))
        progress = []
        for path, warc in files:
            warc.file.flush()
            is_complete = warc is not self._open
            if is_complete or warc.length != self._committed_length:
                progress.append(ArchiveProgress(path, warc.length, warc.file.fileno(), is_complete))
        if self._open is not None:
            self._committed_length = self._open.length
        responses, self._uncommitted = [*self._uncommitted.values()], {}
        return progress, responses

    def close_complete(self) -> None:
        """Close the files that a commit has completed."""
        for _, warc in self._complete:
            warc.file.close()
        self._complete = []

    def complete(self) -> None:
        """Begin no record any more: the next commit completes all files."""
        if self._open is not None and self._path is not None:
            self._complete.append((self._path, self._open))
            self._open = self._path = None
            self._committed_length = 0
