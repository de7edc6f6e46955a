"""Finds the further pages of articles in our archives: before or after the first one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.exchanges import Exchange, exchanges
from newscrawl.bulk.input_files import Form, InputError, archives_in, is_file, sibling
from newscrawl.bulk.record_origin import RecordOrigins
from newscrawl.bulk.responses import ArchivedResponse, moment_of, response_of, revisited
from newscrawl.bulk.revisits import RecordIndex, in_file_beside, in_same_file
from newscrawl.bulk.warc_records import WarcRecord, records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.bulk.archived_page import ArchivedPage
    from newscrawl.bulk.input_files import Archives, InputFile
    from newscrawl.bulk.record_origin import OwnArchive
    from newscrawl.extraction.fetched_page import FetchedPage

PART = "part"
_LATEST = timedelta(hours=1)
"""How much later than the first page a further one is looked for."""


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    name: str
    """Of the archive in a WACZ."""
    offset: int
    fetched_at: datetime
    earlier: int | None
    """Where in the same archive the payload of a revisit is, if it is there."""


class ArchivedParts:
    """The further pages of archives of ours, found by reading on as far as needed, once.

    Of files before that of the article's first page those are read that have records of ours, and
    of files behind it all up to the first that has those of others alone.
    """

    def __init__(
        self, files: Sequence[InputFile], own_files: Collection[int], max_size: int
    ) -> None:
        """Take where to look.

        Args:
            files: all files of the extraction.
            own_files: positions of those with records of ours, as far as they were read.
            max_size: bytes of a decoded body.
        """
        self._files = files
        self._own_files = own_files
        self._max_size = max_size
        self._positions = {str(file.path): position for position, file in enumerate(files)}
        self._places: dict[str, list[_Place]] = {}
        self._walk: Iterator[bool] | None = None
        self._position = -1
        """Of the file that is read, or was read last."""
        self._others = -1
        """Of the last file that has records of others alone."""
        self._has_own = self._has_others = False
        """Whether this file has records of ours, and of others, as far as it was read."""
        self._reached: dict[str, datetime] = {}
        """The time of the last record of each series in this file."""

    def find(self, url: str, page: ArchivedPage) -> FetchedPage | None:
        """Return the page at an address that was fetched next to an article's first page."""
        position, moment = self._positions[page.file], page.fetched_at
        while not self._has_later(url, moment):
            reached = self._reached.get(page.series)
            is_behind = self._position >= position and reached and reached > moment + _LATEST
            if is_behind or not self._read_on(position):
                break
        places = self._places.get(url, [])
        if not places:
            return None
        nearest = min(places, key=lambda place: abs(place.fetched_at - moment))
        return self._read(nearest)

    def _has_later(self, url: str, moment: datetime) -> bool:
        return any(place.fetched_at >= moment for place in self._places.get(url, ()))

    def _read_on(self, first: int) -> bool:
        """Read one record further; return whether there was one to read for a page of a file."""
        while self._walk is not None or self._open_next(first):
            if self._walk is not None and next(self._walk, None):
                return True
            if self._has_others and not self._has_own:
                self._others = self._position
            self._walk = None
        return False

    def _open_next(self, first: int) -> bool:
        if self._others > first:
            return False
        for position in range(self._position + 1, len(self._files)):
            file = self._files[position]
            is_possible = position >= first or position in self._own_files
            # A pipe was read already.
            if is_possible and file.form is not Form.HTML and is_file(file.path):
                self._position, self._reached = position, {}
                self._has_own = self._has_others = False
                self._walk = self._followed(file.path)
                return True
        return False

    def _followed(self, path: Path) -> Iterator[bool]:
        try:
            with archives_in(path) as archives:
                for name in archives.names:
                    yield from self._followed_in(archives, path, name)
        except (InputError, OSError):
            # It is reported as a file that cannot be read.
            return

    def _followed_in(self, archives: Archives, path: Path, name: str) -> Iterator[bool]:
        index, origins = RecordIndex(), RecordOrigins()
        try:
            with archives.open(name) as stream:
                for entry in exchanges(index.noting(records(stream))):
                    if isinstance(entry, WarcRecord):
                        origins.note(entry)
                    elif isinstance(entry, Exchange):
                        own = origins.of(entry.record)
                        self._has_own |= own is not None
                        self._has_others |= own is None
                        if own is not None:
                            self._note(path, name, entry, own, index)
                        yield True
        except OSError:
            return

    def _note(
        self, path: Path, name: str, exchange: Exchange, own: OwnArchive, index: RecordIndex
    ) -> None:
        record = exchange.record
        moment = moment_of(record)
        if moment is None:
            return
        self._reached[own.series] = moment
        url = record.get("WARC-Target-URI")
        if exchange.first("outcome") == PART and url:
            earlier = index.offset_of(record) if record.kind == "revisit" else None
            place = _Place(path, name, record.offset, moment, earlier)
            self._places.setdefault(url, []).append(place)

    def _read(self, place: _Place) -> FetchedPage | None:
        try:
            with archives_in(place.path) as archives, archives.open(place.name) as stream:
                exchange = next(exchanges(records(stream, start=place.offset)), None)
                if not isinstance(exchange, Exchange):
                    return None
                response = self._response(exchange, archives, place, stream)
        except (InputError, OSError):
            return None
        return response.page(exchange.rendered) if response is not None else None

    def _response(
        self, exchange: Exchange, archives: Archives, place: _Place, stream: BinaryIO
    ) -> ArchivedResponse | None:
        record = exchange.record
        if record.kind == "response":
            response = response_of(record, self._max_size)
            return None if isinstance(response, str) else response

        def open_file(name: str) -> BinaryIO | None:
            return archives.sibling(name) or sibling(place.path, name)

        earlier = in_file_beside(record, open_file, self._max_size) or in_same_file(
            record, stream, place.earlier, self._max_size
        )
        return None if earlier is None else revisited(record, earlier)
