"""What is fuzzed of archives: each input is a file that `scrapy extract` reads, in this process."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from newscrawl import sites
from newscrawl.bulk.archived_parts import ArchivedParts
from newscrawl.bulk.batch_reading import ReadingOptions
from newscrawl.bulk.extraction_run import ARTICLES, NOT_ARTICLES, REPEATED, Extraction
from newscrawl.bulk.extraction_steps import (
    BAD,
    FILES,
    LEFT_OUT,
    PAGES,
    RECORDS,
    UNREADABLE,
    FileSteps,
)
from newscrawl.bulk.input_files import expand
from newscrawl.bulk.responses import MAX_BODY
from newscrawl.bulk.resumable_dump import ResumableDump
from newscrawl.dumps.checking.schema_check import schema_faults

if TYPE_CHECKING:
    from collections import Counter

RAW, BY_RECORD, AS_A_WHOLE, CUT_OFF = range(4)
"""Forms of a WARC file: as it is, compressed by record, in one piece, by record without its end."""
_NEXT = re.compile(rb"(?<=\r\n\r\n)(?=WARC/1)")
_TOTALS = frozenset({FILES, UNREADABLE, RECORDS, PAGES, ARTICLES, REPEATED})
_BY_REASON = (NOT_ARTICLES, LEFT_OUT, BAD)
_RECORD = re.compile(r": (?:the page|the record at byte [\d,]+|https?:\S*) is not read: ")
_REASON = re.compile(r"[a-z][a-z0-9_]{1,49}")


@dataclass(frozen=True, slots=True)
class Extracted:
    """What `scrapy extract` has made of a file."""

    counts: Counter[str]
    messages: list[str]
    lines: list[dict[str, Any]]


def extracted(name: str, data: bytes) -> Extracted:
    """Read a file with this content as the command does."""
    messages: list[str] = []
    with TemporaryDirectory(prefix="newscrawl-fuzz-") as folder:
        path, out = Path(folder) / name, Path(folder) / "out.jsonl"
        path.write_bytes(data)
        files = expand([str(path)])
        steps = FileSteps(
            files,
            sites=None,
            url=None,
            max_size=MAX_BODY,
            on_message=messages.append,
            on_read=lambda *_: None,
        )
        with ResumableDump(out, {}) as dump:
            extraction = Extraction(
                dump,
                ArchivedParts(files, steps.own_files, MAX_BODY),
                ReadingOptions(sites.registered()),
                own_files=steps.own_files,
                on_message=messages.append,
            )
            extraction.run(steps.batches(0, 0), jobs=1)
            dump.finish()
        lines = [json.loads(line) for line in out.read_bytes().splitlines()]
    return Extracted(extraction.counts, messages, lines)


def in_form(data: bytes) -> bytes:
    """Return the WARC file of an input: its records, in the form that the first byte names."""
    form, data = (data[0] % 4, data[1:]) if data else (RAW, data)
    if form == RAW:
        return data
    if form == AS_A_WHOLE:
        return gzip.compress(data, 1, mtime=0)
    members = b"".join(gzip.compress(record, 1, mtime=0) for record in _NEXT.split(data))
    return members[: -max(1, len(members) // 8)] if form == CUT_OFF else members


def _check(name: str, data: bytes) -> None:
    """Fail unless everything is counted with a reason that docs/extract.md names."""
    read = extracted(name, data)
    counts = read.counts
    assert counts[FILES] == 1
    assert counts[ARTICLES] == len(read.lines)
    for line in read.lines:
        assert not [*schema_faults(line)], [*schema_faults(line)]
    for key in counts:
        prefix = next(filter(key.startswith, _BY_REASON), "")
        assert key in _TOTALS or prefix, key
        reason = key.removeprefix(prefix)
        assert not prefix or _REASON.fullmatch(reason), key
        assert not reason.startswith("failed_"), f"{key}: {read.messages}"
    bad = sum(count for key, count in counts.items() if key.startswith(BAD))
    described = sum(_RECORD.search(message) is not None for message in read.messages)
    assert described == bad, (bad, read.messages)
    assert len(read.messages) >= described + counts[UNREADABLE], read.messages


def warc(data: bytes) -> None:
    """A WARC file is read as far as it can be; what is not is counted with a reason."""
    _check("input.warc.gz", in_form(data))


def wacz(data: bytes) -> None:
    """A WACZ is read, or is a file that cannot be read, with one line; the same of its members."""
    _check("input.wacz", data)
