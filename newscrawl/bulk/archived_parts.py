"""Finds the further pages of articles in our archives: before or after the first one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO

from newscrawl.bulk.exchanges import Exchange, exchanges
from newscrawl.bulk.input_files import InputError, archives_in, sibling
from newscrawl.bulk.responses import ArchivedResponse, moment_of, response_of, revisited
from newscrawl.bulk.revisits import RecordIndex, in_file_beside, in_same_file
from newscrawl.bulk.warc_records import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.bulk.input_files import Archives
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
    """The further pages of some archives, found by reading on as far as needed, once."""

    def __init__(self, paths: Sequence[Path], max_size: int) -> None:
        self._max_size = max_size
        self._places: dict[str, list[_Place]] = {}
        self._walk = self._followed(paths)
        self._reached: datetime | None = None

    def find(self, url: str, first_fetched_at: datetime) -> FetchedPage | None:
        """Return the page at an address that was fetched next to an article's first page."""
        latest = first_fetched_at + _LATEST
        while not self._has_later(url, first_fetched_at):
            if next(self._walk, None) is None or (self._reached and self._reached > latest):
                break
        places = self._places.get(url, [])
        if not places:
            return None
        nearest = min(places, key=lambda place: abs(place.fetched_at - first_fetched_at))
        return self._read(nearest)

    def _has_later(self, url: str, moment: datetime) -> bool:
        return any(place.fetched_at >= moment for place in self._places.get(url, ()))

    def _followed(self, paths: Sequence[Path]) -> Iterator[bool]:
        for path in paths:
            try:
                with archives_in(path) as archives:
                    for name in archives.names:
                        yield from self._followed_in(archives, path, name)
            except (InputError, OSError):
                # It is reported as a file that cannot be read.
                continue

    def _followed_in(self, archives: Archives, path: Path, name: str) -> Iterator[bool]:
        index = RecordIndex()
        try:
            with archives.open(name) as stream:
                for entry in exchanges(index.noting(records(stream))):
                    if isinstance(entry, Exchange):
                        self._note(path, name, entry, index)
                        yield True
        except OSError:
            return

    def _note(self, path: Path, name: str, exchange: Exchange, index: RecordIndex) -> None:
        record = exchange.record
        moment = self._reached = moment_of(record) or self._reached
        url = record.get("WARC-Target-URI")
        if exchange.first("outcome") == PART and url and moment:
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
