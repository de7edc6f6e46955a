"""Finds the further pages of articles in our archives: before or after the first one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from newscrawl.bulk.exchanges import Exchange, exchanges
from newscrawl.bulk.responses import moment_of, response_of
from newscrawl.bulk.warc_records import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.extraction.fetched_page import FetchedPage

PART = "part"
_LATEST = timedelta(hours=1)
"""How much later than the first page a further one is looked for."""


@dataclass(frozen=True, slots=True)
class _Place:
    path: Path
    offset: int
    fetched_at: datetime


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
                with path.open("rb") as file:
                    for entry in exchanges(records(file)):
                        if isinstance(entry, Exchange):
                            self._note(path, entry)
                            yield True
            except OSError:
                # It is reported as a file that cannot be read.
                continue

    def _note(self, path: Path, exchange: Exchange) -> None:
        moment = self._reached = moment_of(exchange.record) or self._reached
        url = exchange.record.get("WARC-Target-URI")
        if exchange.first("outcome") == PART and url and moment:
            place = _Place(path, exchange.record.offset, moment)
            self._places.setdefault(url, []).append(place)

    def _read(self, place: _Place) -> FetchedPage | None:
        try:
            with place.path.open("rb") as file:
                exchange = next(exchanges(records(file, start=place.offset)), None)
        except OSError:
            return None
        if not isinstance(exchange, Exchange) or exchange.record.kind != "response":
            return None
        response = response_of(exchange.record, self._max_size)
        return None if isinstance(response, str) else response.page(exchange.rendered)
