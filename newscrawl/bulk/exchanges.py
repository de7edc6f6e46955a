"""Groups the records of an archive into exchanges: a response and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawl.bulk.responses import fields_of
from newscrawl.bulk.warc_records import BadRecord, WarcRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ANSWERS = frozenset({"response", "revisit", "resource"})
JSON = "application/json"


@dataclass(slots=True)
class Exchange:
    """One response or revisit, with what follows it in the file and refers to it."""

    record: WarcRecord
    rendered: bytes | None = None
    """Of the `conversion`: the page after its scripts have run."""
    fields: dict[str, list[str]] = field(default_factory=dict)
    """Of the `metadata`."""
    ids: set[str] = field(default_factory=set)
    """`WARC-Record-ID` of response and conversion."""

    def first(self, name: str) -> str | None:
        """Return a field of the metadata; None without it."""
        return next(iter(self.fields.get(name, ())), None)


def exchanges(
    records: Iterable[WarcRecord | BadRecord],
) -> Iterator[Exchange | WarcRecord | BadRecord]:
    """Yield exchanges; also what is not part of one: `warcinfo`, other metadata, bad records."""
    pending: Exchange | None = None
    for record in records:
        if isinstance(record, WarcRecord) and pending is not None and _belongs(record, pending):
            continue
        if isinstance(record, WarcRecord) and record.kind not in {"metadata", "conversion"} | (
            _ANSWERS | {"warcinfo"}
        ):
            # Requests, and what is not read.
            continue
        if pending is not None:
            yield pending
            pending = None
        if isinstance(record, WarcRecord) and (record.kind in _ANSWERS or _is_of_list(record)):
            pending = Exchange(record, ids={record.get("WARC-Record-ID") or ""})
        else:
            yield record
    if pending is not None:
        yield pending


def _is_of_list(record: WarcRecord) -> bool:
    """Return whether a record holds what was kept of a list that was not kept itself."""
    return record.kind == "conversion" and (record.get("Content-Type") or "").startswith(JSON)


def _belongs(record: WarcRecord, exchange: Exchange) -> bool:
    """Take a record into an exchange if it refers to it; return whether it does."""
    if record.kind == "conversion" and (record.get("WARC-Refers-To") or "-") in exchange.ids:
        if (record.get("Content-Type") or "").startswith("text/html"):
            exchange.rendered = record.block
            exchange.ids.add(record.get("WARC-Record-ID") or "")
        return True
    if record.kind == "metadata" and (record.get("WARC-Concurrent-To") or "-") in exchange.ids:
        exchange.fields = fields_of(record)
        return True
    return False
