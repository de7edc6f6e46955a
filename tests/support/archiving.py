"""Runs `scrapy archive` in this process, and writes WARC files as runs do."""

from __future__ import annotations

import io
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.cmdline import execute
from scrapy.utils.project import get_project_settings

from newscrawl.warc.exchange import ArchivedResponse, Exchange, Location
from newscrawl.warc.warc_file import WarcFile, warc_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """How a run of the command ended."""

    code: int
    stdout: str
    stderr: str


def archive(*words: object, output: Path) -> Answer:
    """Run `scrapy archive` to its end, with an output folder."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        # In any folder.
        patch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawl.settings")
        settings = get_project_settings()
        settings.set("OUTPUT_DIR", str(output), priority="cmdline")
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            execute(["scrapy", "archive", *map(str, words)], settings)
    code = ended.value.code or 0
    assert isinstance(code, int)
    return Answer(code, out.getvalue(), err.getvalue())


def archives_of(folder: Path) -> list[Path]:
    """Return the complete WARC files of a series, the oldest first."""
    return sorted(folder.glob("*.warc.gz"))


@contextmanager
def warc(path: Path) -> Iterator[WarcFile]:
    """Give a new WARC file with its first record."""
    with path.open("wb") as file:
        opened = WarcFile(file, path.name)
        opened.write_info({"software": "newscrawl"})
        yield opened


def exchange(number: int, body: bytes, second: int = 0, **fields: Any) -> Exchange:
    """Return the response of an article's address at a second of a minute."""
    received = datetime(2026, 11, 28, 10, 0, second, 250_000, tzinfo=UTC)
    fields = {"status": 200, "headers": [("Content-Type", "text/html")], **fields}
    return Exchange(f"https://www.example.it/{number}/", received, body=body, **fields)


def add(
    opened: WarcFile,
    served: Exchange,
    outcome: str = "written",
    earlier: ArchivedResponse | None = None,
) -> ArchivedResponse:
    """Write a response, or one that refers to an earlier one, and what became of it."""
    offset = opened.length
    if earlier is not None or served.status == 304:
        served.record_id = opened.write_revisit(served, earlier)
    else:
        served.record_id = opened.write_response(served)
    opened.write_request(served)
    opened.write_metadata(served, [("outcome", outcome), ("url", served.url)])
    location = Location(opened.name, offset)
    return ArchivedResponse(
        0, served.digest, location, warc_date(served.received_at), served.record_id
    )
