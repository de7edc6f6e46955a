"""What a withheld article leaves: no sentence of it, in no file, log or database."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import archives, ledgers, rights_site
from tests.support.crawling import ROOT, crawl
from tests.support.front import answer
from tests.support.killing import command, environment
from tests.support.postgres import ask
from tests.support.rights_site import NAME, TEXT, serve, signals
from tests.support.waiting import HANG

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from sqlalchemy.engine import URL

    from tests.support.front import Front, Visit

pytestmark = pytest.mark.e2e
SIZE = 50
PATH = f"/mondo/{NAME}/"
SENTENCE = TEXT.split(".")[0].encode()
NOINDEX = '<meta name="robots" content="noindex">'
KILLED = """
import os, signal, sys
from scrapy.cmdline import execute
from newscrawl.ledger.scrapy import leases
leases.LeaseMiddleware.item_dropped = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
execute(["scrapy", *sys.argv[1:]])
"""


def files_with(words: bytes, folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if words in archives.plain_bytes(path)]


@pytest.mark.parametrize("policy", ["record", "respect"])
def test_no_file_and_no_log_has_a_sentence(policy: str, front: Front, tmp_path: Path) -> None:
    """With an audit and at the level DEBUG; under `record` the same search finds it."""
    serve(front, PATH, head=NOINDEX)
    log = tmp_path / "log.txt"
    run = rights_site.run(
        front, tmp_path, PATH, policy=policy,
        settings={
            "LOG_LEVEL": "DEBUG", "LOG_FILE": str(log), "AUDIT_ENABLED": "True", "ARCHIVE": "warc",
        },
    )  # fmt: skip
    assert run.code == 0, run.stderr
    assert PATH in log.read_text(encoding="utf-8")
    is_kept = policy == "record"
    assert bool(files_with(SENTENCE, tmp_path)) is is_kept
    assert SENTENCE.decode() not in run.stdout + run.stderr
    # The title is text too.
    assert bool(files_with(b"Un titolo di prova", tmp_path)) is is_kept
    assert run.rejected == run.disagreements == []


def test_of_a_withheld_article_that_is_not_valid_nothing_is_rejected(
    front: Front, tmp_path: Path
) -> None:
    page = rights_site.article(NOINDEX).replace("<h1>Un titolo di prova</h1>", "")
    page = re.sub(r'(<title>)[^<]*|"headline": "[^"]*",', r"\1", page)
    front.answers[f"^{PATH}$"] = answer(page)
    run = rights_site.run(front, tmp_path, PATH)
    assert len(run.rejected) == 1
    assert files_with(SENTENCE, tmp_path)
    run = rights_site.run(
        front, tmp_path / "respect", PATH, policy="respect", settings={"ARCHIVE": "warc"}
    )
    assert run.reports[-1]["rights"]["withheld"] == {"index": 1}
    assert files_with(SENTENCE, tmp_path / "respect") == []


def test_articles_of_rest_that_are_reserved_leave_nothing(front: Front, tmp_path: Path) -> None:
    front.answers["^/.well-known/tdmrep.json$"] = answer(
        '[{"location": "/", "tdm-reservation": 1}]', "application/json"
    )
    run = crawl("esteri", tmp_path / "record", site_url=front.url, source="rest")
    texts = [line["body"].encode() for line in run.articles if len(line["body"]) > 100]
    sentences = [max(text.split(b". "), key=len)[:60] for text in texts]
    assert len(sentences) > 3
    settings = {"RIGHTS_POLICY": "respect", "LOG_LEVEL": "DEBUG", "ARCHIVE": "warc"}
    other = crawl(
        "esteri", tmp_path / "respect", site_url=front.url, source="rest", settings=settings
    )
    assert other.code == 0, other.stderr
    assert other.articles == []
    assert other.reports[-1]["rights"]["withheld"] == {"tdm": len(run.articles)}
    for sentence in sentences:
        assert sentence.decode(errors="ignore") not in other.stderr
        assert files_with(sentence, tmp_path / "record")
        assert not files_with(sentence, tmp_path / "respect")


def test_killed_while_it_is_withheld(front: Front, tmp_path: Path) -> None:
    serve(front, PATH, head=NOINDEX)
    line = command(
        "esteri", front.url, RIGHTS_POLICY="respect", REST_DISCOVERY_ENABLED=False, ARCHIVE="warc"
    )
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *line[3:], "-a", f"urls={front.url}{PATH}"],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, timeout=HANG, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (tmp_path / ledgers.FILE).exists()
    assert files_with(SENTENCE, tmp_path) == []
    assert SENTENCE not in done.stdout + done.stderr
    run = rights_site.run(front, tmp_path, PATH, policy="respect")
    assert (run.code, run.articles) == (0, [])
    assert run.reports[-1]["rights"]["withheld"] == {"index": 1}
    assert files_with(SENTENCE, tmp_path) == []


def test_record_and_respect_with_postgresql(postgres: URL, front: Front, tmp_path: Path) -> None:
    serve(front, PATH, head=NOINDEX)
    ledger = {"LEDGER_URL": postgres.render_as_string(hide_password=False)}
    run = rights_site.run(front, tmp_path, PATH, policy="respect", settings=ledger)
    assert (run.code, run.articles) == (0, []), run.stderr
    assert run.reports[-1]["rights"]["withheld"] == {"index": 1}
    assert ask(postgres, "SELECT result FROM newscrawl.urls WHERE result IS NOT NULL") == [
        ("withheld: index",)
    ]
    assert ask(postgres, "SELECT count(*) FROM newscrawl.articles") == [(0,)]
    assert run.reports[-1]["completeness"]["reasons"]["excluded"] == 0, "it was given by hand"
    run = rights_site.run(front, tmp_path, PATH, settings=ledger)
    (line,) = run.articles
    assert signals(line) == [("robots/html", "page", "index", "deny")]


def test_not_fetched_with_postgresql(postgres: URL, front: Front, tmp_path: Path) -> None:
    settings = {
        "LEDGER_URL": postgres.render_as_string(hide_password=False), "RIGHTS_POLICY": "respect"
    }  # fmt: skip
    front.answers["^/.well-known/tdmrep.json$"] = answer(
        '[{"location": "/", "tdm-reservation": 1}]', "application/json"
    )

    def noindex(visit: Visit, _: socket.socket) -> bytes:
        return front.of_twin(visit).replace(b"\r\n", b"\r\nX-Robots-Tag: noindex\r\n", 1)

    run = crawl("esteri", tmp_path, site_url=front.url, settings=settings)
    count = run.reports[-1]["rights"]["not_fetched"]
    assert (run.code, run.articles) == (0, [])
    assert run.reports[-1]["completeness"]["reasons"]["excluded"] == count > 3
    front.answers.clear()
    front.answers[r"^/20\d\d/|^/[a-z0-9]+-[a-z0-9]+-[a-z0-9-]+/$"] = noindex
    run = crawl("esteri", tmp_path, site_url=front.url, settings=settings)
    rights, completeness = run.reports[-1]["rights"], run.reports[-1]["completeness"]
    assert run.articles == []
    assert completeness["reasons"]["excluded"] == rights["withheld"]["index"] >= count
