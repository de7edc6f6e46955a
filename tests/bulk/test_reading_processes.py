"""Pages are read in processes without Scrapy; one that dies costs the page it died of alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newscrawl.bulk.archived_page import ArchivedPage
from newscrawl.bulk.archived_parts import ArchivedParts
from newscrawl.bulk.batch_reading import ReadingOptions
from newscrawl.bulk.extraction_run import Extraction
from newscrawl.bulk.extraction_steps import Batch
from newscrawl.bulk.reading_processes import ReadingProcess, ReadingProcesses
from newscrawl.bulk.resumable_dump import ResumableDump
from newscrawl.bulk.site_documents import SiteDocuments
from newscrawl.extraction.fetched_page import FetchedPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

MOMENT = datetime(2026, 11, 28, tzinfo=UTC)
_LOADED = """
import sys
sys.path[:] = sys.argv[1:]
import newscrawl.bulk.batch_reading
print(*{name.partition(".")[0] for name in sys.modules} & {"scrapy", "twisted", "sqlalchemy"})
"""

_SERVING = """
import sys
descriptor, *sys.path[:] = sys.argv[1:]
from newscrawl.bulk.batch_reading import serve
serve(int(descriptor))
"""


def page(number: int) -> ArchivedPage:
    body = f"""<html><head><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-11-20T10:00:00+01:00">
</head><body><article><h1>Notizia numero {number} della giornata</h1>
<p>{"Il consiglio ha approvato la delibera. " * 30}</p></article></body></html>"""
    url = f"https://www.example.it/cronaca/notizia-numero-{number}-della-giornata/"
    return ArchivedPage(FetchedPage(url, body.encode()), MOMENT, SiteDocuments())


def test_a_reading_process_does_not_import_scrapy() -> None:

    words = [sys.executable, "-c", _LOADED, *sys.path]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_page_that_kills_its_process_is_counted_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = ReadingProcess.send

    def kill_at_the_third(process: ReadingProcess, tasks: list[ArchivedPage]) -> None:
        send(process, [*tasks])
        if any("numero-2-" in task.page.url for task in tasks):
            os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(ReadingProcess, "send", kill_at_the_third)
    batches: Iterator[Batch] = iter([Batch(0, 5, tasks=[page(number) for number in range(5)])])
    messages: list[str] = []
    with ResumableDump(tmp_path / "out.jsonl", {}) as dump:
        extraction = Extraction(
            dump,
            ArchivedParts([], [], 1),
            ReadingOptions(),
            own_files=[],
            on_message=messages.append,
        )
        extraction.run(batches, 2)
        dump.finish()
    assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == 4
    assert extraction.counts["bad/reader_died"] == 1
    assert len(messages) == 1


def test_no_more_processes_are_started_than_are_needed() -> None:
    with ReadingProcesses(ReadingOptions(), 5) as processes:
        first = processes.idle()
        assert first is not None
        assert processes.idle() is first
        first.send([page(1)])
        (ready,) = processes.ready(None)
        assert ready is first
        results = first.receive()
        assert results is not None
        assert len(results[0].lines) == 1


def test_a_process_whose_master_was_killed_while_sending_ends_without_a_message() -> None:
    master, other = socket.socketpair()
    with master, other:
        # The length of a message, and no more than its beginning.
        master.sendall((1_000).to_bytes(4, "big") + b"beginning")
        master.shutdown(socket.SHUT_WR)
        done = subprocess.run(
            [sys.executable, "-c", _SERVING, str(other.fileno()), *sys.path],
            pass_fds=[other.fileno()],
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
