"""`scrapy crawl` as a person types it: mistakes end in one line and an exit code."""

from __future__ import annotations

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT, Crawl, crawl
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e


def complaint(run: Crawl) -> str:
    """Return the one line that says what is wrong."""
    assert run.code != 0
    assert "Traceback" not in run.stderr + run.stdout
    lines = [line for line in run.stderr.splitlines() if line.startswith("newscrawl: ")]
    assert len(lines) == 1, run.stderr
    return lines[0]


def test_all_spiders_are_listed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert " ".join(done.stdout.split()) == (
        "alanews ambiente calcio cronaca cultura economia esteri politica salute spettacoli "
        "sport tecnologia video wordpress"
    )


def test_an_unknown_section_is_named_with_what_was_meant(tmp_path: Path) -> None:
    assert "did you mean esteri?" in complaint(crawl("estero", tmp_path))
    assert "choose among" in complaint(crawl("../../etc/passwd", tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("since", "ieri", "not an ISO date: write it as 2026-11-23"),
        ("until", "2026-02-30", "not an ISO date"),
        ("pages", "0", "1 or more"),
        ("related", "tutto", "section, site, off"),
        ("discover", "menu,telepatia", "menu, archive, related, sitemap, feed, rest"),
        ("render", "sempre", "auto, never"),
        ("site_url", "www.alanews.it", "is not a web address: write it as https://"),
        ("urls", "non-esiste.txt", "neither a web address nor a readable file"),
        ("urls", "https://example.org/x/", "'https://example.org/x/' is not an address of"),
        ("sinse", "2026-01-01", "did you mean since?"),
    ],
)
def test_a_wrong_argument_is_one_line(name: str, value: str, says: str, tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, arguments={name: value})
    assert says in complaint(run)
    assert run.code == 2
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_does_not_answer(tmp_path: Path) -> None:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    run = crawl("esteri", tmp_path, site_url=f"http://127.0.0.1:{port}")
    assert f"the site cannot be reached (http://127.0.0.1:{port}/" in complaint(run)
    assert run.code == 10
    assert run.dumps == []


def test_a_name_that_does_not_resolve(tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, site_url="http://alanews.invalid")
    assert "the site cannot be reached" in complaint(run)


class _Forbidding(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"User-agent: *\nDisallow: /\n" if self.path == "/robots.txt" else b"<html></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        asked.append(self.path)

    def log_message(self, *_: object) -> None:
        pass


asked: list[str] = []


@pytest.fixture
def forbidding() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Forbidding) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_robots_txt_is_obeyed(forbidding: str, tmp_path: Path) -> None:
    asked.clear()
    run = crawl("esteri", tmp_path, site_url=forbidding)
    assert "the site's robots.txt forbids it" in complaint(run)
    assert run.code == 11
    assert asked == ["/robots.txt"]


def test_a_site_without_the_section(tmp_path: Path) -> None:
    with TwinProcess(size=50, switches={"menu": "stale", "category_base": "rubriche"}) as twin:
        run = crawl("esteri", tmp_path, site_url=twin.url)
    assert "no archive of section esteri" in complaint(run)
    assert run.code == 12


def test_an_output_folder_that_is_a_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("mine", encoding="utf-8")
    run = crawl("esteri", blocked)
    assert "cannot write to" in complaint(run)
    assert blocked.read_text(encoding="utf-8") == "mine"


def test_a_run_can_log_beside_its_dump(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        run = crawl("calcio", tmp_path, environment={"NEWSCRAWL_LOG": "file"}, site_url=twin.url)
    (dump,) = run.dumps
    log = dump.with_suffix(".log")
    assert "Spider closed (finished)" in log.read_text(encoding="utf-8")
    assert run.stderr == ""


BROKEN = """
import sys
from newscrawl.pages.jnews import JNewsArticlePage as Page
from scrapy.cmdline import execute
whole, name = Page.draft, sys.argv.pop()
def draft(page):
    if page.identity.id == name:
        raise KeyError("a bug of ours")
    return whole(page)
Page.draft = draft
execute()
"""


@pytest.mark.soak
def test_a_page_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        whole = crawl("esteri", tmp_path / "whole", site_url=twin.url)
        victim = whole.articles[0]
        settings = ["-s", f"OUTPUT_DIR={tmp_path / 'out'}", "-s", "DOWNLOAD_DELAY=0"]
        line = ["crawl", "esteri", "-a", f"site_url={twin.url}", *settings, victim["id"]]
        done = subprocess.run(
            [sys.executable, "-c", BROKEN, *line],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 16
    assert "some pages could not be read (1 not readable)" in done.stderr
    address = victim["url"].replace("https://www.alanews.it", twin.url)
    assert f"Cannot read {address}: KeyError" in done.stderr
    assert "Traceback" not in done.stderr
    (dump,) = (tmp_path / "out" / "esteri").glob("*.jsonl")
    assert len(dump.read_bytes().splitlines()) == len(whole.articles) - 1
