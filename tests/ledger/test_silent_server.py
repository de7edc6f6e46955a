"""A PostgreSQL that accepts connections and never answers, from the start or later."""

from __future__ import annotations

import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers
from tests.support.crawling import ROOT, crawl
from tests.support.killing import command, environment
from tests.support.postgres import OwnServer, text_of
from tests.support.waiting import HANG, slow_articles, wait_for_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SECONDS = 3


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


def complaint(stderr: str) -> str:
    assert "Traceback" not in stderr
    (line,) = (text for text in stderr.splitlines() if text.startswith("newscrawl: "))
    return line


def test_a_server_that_never_answers_is_not_waited_for(twin: TwinProcess, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://me@127.0.0.1:{port}/news?timeout={SECONDS}"
        run = crawl(
            "esteri", tmp_path, environment={"NEWSCRAWL_LEDGER_URL": url}, site_url=twin.url
        )
    assert run.code == 14
    assert "does not answer" in complaint(run.stderr)


@pytest.fixture
def server() -> Iterator[OwnServer]:
    found = OwnServer()
    try:
        found.start()
        yield found
    finally:
        found.remove()


@pytest.mark.parametrize("is_terminated", [pytest.param(False, marks=pytest.mark.soak), True])
@pytest.mark.soak
def test_a_server_that_stops_answering_ends_the_run(
    is_terminated: bool,  # noqa: FBT001 - a parameter of the test
    twin: TwinProcess,
    server: OwnServer,
    tmp_path: Path,
) -> None:
    url = text_of(server.url.update_query_dict({"timeout": str(SECONDS)}))
    line = command("esteri", twin.url, CONCURRENT_REQUESTS_PER_DOMAIN=1)
    with (
        slow_articles(twin, 0.3),
        subprocess.Popen(
            line, cwd=ROOT, env=environment(tmp_path, url), stderr=subprocess.PIPE, text=True
        ) as run,
    ):
        wait_for_lines(tmp_path / "esteri", run)
        with server.stopped():
            if is_terminated:
                run.send_signal(signal.SIGTERM)
            _, stderr = run.communicate(timeout=HANG)
    assert run.returncode == 14, stderr
    assert "no answer in 3 seconds" in complaint(stderr)
