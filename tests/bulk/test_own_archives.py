"""`scrapy extract` of a run's own archive gives the lines of its dump, to the byte."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import preloaded
from tests.support.crawling import Crawl, crawl
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
OF_A_CRAWL = {
    "discovered_via", "first_seen_at", "fetched_at", "revision", "previous_hash", "changed_fields",
    "duplicate_of", "similarity", "archive",
}  # fmt: skip
RIGHTS = "Content-Signal: ai-train=no\nContent-Usage: train-ai=n"


def texts(lines: list[dict[str, Any]]) -> dict[str, str]:
    """Return the text of each line by id, without what only a crawl knows."""
    return {
        line["id"]: json.dumps({name: line[name] for name in line if name not in OF_A_CRAWL})
        for line in lines
    }


def extracted(run: Crawl, out: Path, *options: str) -> list[dict[str, Any]]:
    """Return the lines that the command makes of the archives of a series."""
    paths = sorted(map(str, run.folder.glob("*.warc.gz")))
    done = preloaded.run(["extract", *paths, "-o", str(out), *options], {**os.environ})
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in out.read_bytes().splitlines()]


@pytest.mark.parametrize("max_size", ["1000000000", "100000"])
def test_a_run_by_page(max_size: str, tmp_path: Path) -> None:
    faults = [{"on": "robots", "kind": "robots_lines", "value": RIGHTS}]
    with TwinProcess(size=SIZE, switches={"tdm": "wellknown"}, faults=faults) as twin:
        settings = {"ARCHIVE": "warc", "ARCHIVE_MAX_SIZE": max_size}
        run = crawl("alanews", tmp_path, site_url=twin.url, settings=settings)
        assert {*texts(run.articles)} == {*truth.expected(Content(size=SIZE), Switches())}
        assert texts(extracted(run, tmp_path / "all.jsonl")) == texts(run.articles)
        # What the second run finds unchanged is read from the first one's archive.
        crawl("alanews", tmp_path, site_url=twin.url, settings=settings, known="write")
        again = extracted(run, tmp_path / "again.jsonl")
    assert texts(again) == texts(run.articles)
    assert {signal["source"] for line in again for signal in line["rights"]["signals"]} >= {
        "tdmrep/well-known", "content-signal/robots.txt", "aipref/robots.txt",
    }  # fmt: skip


def test_a_section_s_run_leaves_out_what_the_crawl_has_left_out(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        settings = {"ARCHIVE": "warc"}
        arguments: dict[str, object] = {"site_url": twin.url, "since": "2026-06-01"}
        run = crawl("esteri", tmp_path, settings=settings, arguments=arguments)
    assert 0 < len(run.articles) < SIZE / 2
    assert texts(extracted(run, tmp_path / "all.jsonl")) == texts(run.articles)


@pytest.mark.parametrize("policy", ["record", "respect"])
def test_a_run_by_rest(policy: str, tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        settings = {"ARCHIVE": "warc", "RIGHTS_POLICY": policy}
        run = crawl("alanews", tmp_path, site_url=twin.url, settings=settings, source="rest")
    assert len(run.articles) > SIZE / 2
    lines, written = extracted(run, tmp_path / "all.jsonl"), run.articles
    for line in written if policy == "respect" else ():
        # The record of one article has no headers, by which the twin is known.
        line["flags"].remove("from_twin")
    assert texts(lines) == texts(written)


@pytest.mark.parametrize("face", ["classic", "block"])
def test_a_site_that_is_not_registered(face: str, tmp_path: Path) -> None:
    with TwinProcess(size=SIZE, switches={"face": face}) as twin:
        run = crawl(
            "wordpress",
            tmp_path,
            settings={"ARCHIVE": "warc"},
            series=truth.site_key(twin.url),
            site_url=twin.url,
        )
    assert len(run.articles) > SIZE / 2, run.stderr
    assert texts(extracted(run, tmp_path / "all.jsonl")) == texts(run.articles)


@pytest.mark.usefixtures("chromium")
def test_pages_that_a_browser_has_filled(tmp_path: Path) -> None:
    content = Content(size=SIZE)
    with TwinProcess(size=SIZE) as twin:
        urls = [article.url for article in truth.expected(content, Switches()).values()][:3]
        run = crawl(
            "alanews",
            tmp_path,
            settings={"ARCHIVE": "warc"},
            site_url=twin.url,
            urls=",".join(urls),
            render="always",
        )
    assert len(run.articles) == 3
    assert texts(extracted(run, tmp_path / "all.jsonl")) == texts(run.articles)
