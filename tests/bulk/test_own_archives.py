"""`scrapy extract` of a run's own archive gives the lines of its dump, to the byte."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import archives, preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.front import Front
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.front import Visit

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


@pytest.mark.parametrize("max_size", [pytest.param("1000000000", marks=pytest.mark.soak), "100000"])
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


@pytest.mark.soak
def test_packed_and_concatenated_archives_give_the_same_bytes(tmp_path: Path) -> None:
    answers: dict[str, bytes] = {}
    with TwinProcess(size=SIZE) as twin, Front(twin.url) as front:

        def same_answer(visit: Visit, _: object) -> bytes:
            return answers.setdefault(visit.path, front.of_twin(visit))

        front.answers["^/"] = same_answer
        settings = {"ARCHIVE": "warc"}
        run = crawl("alanews", tmp_path, site_url=front.url, settings=settings)
        crawl("alanews", tmp_path, site_url=front.url, settings=settings, known="write")
        renamed = run.articles[0]["id"]
        twin.rename(int(renamed.partition(":")[2]), "un-altro-nome")
        answers.clear()
        crawl("alanews", tmp_path, site_url=front.url, settings=settings)
    paths = sorted(run.folder.glob("*.warc.gz"))
    away = tmp_path / "away"
    away.mkdir()
    joined, packed = away / "joined.warc.gz", away / "packed.wacz"
    joined.write_bytes(b"".join(path.read_bytes() for path in paths))
    with zipfile.ZipFile(packed, "w") as pack:
        for path in paths:
            pack.write(path, f"archive/{path.name}")
    out = tmp_path / "all.jsonl"
    lines = extracted(run, out)
    assert texts(lines) == texts(run.articles)
    # That a page has another address is not a change to a crawl.
    assert ["un-altro-nome" in url for url in unchanged(paths[2])] == [True]
    assert len(lines) == len(run.articles)
    for path in (joined, packed):
        assert read(path, tmp_path / f"{path.name}.jsonl") == out.read_bytes()
    # The second run alone takes all payloads from the first file, which is in the same folder.
    assert parts_without_payload(paths[1])
    alone = [json.loads(line) for line in read(paths[1], tmp_path / "alone.jsonl").splitlines()]
    assert texts(alone) == texts(run.articles)


def unchanged(path: Path) -> list[str]:
    """Return the addresses of the pages that a run found unchanged."""
    found = archives.records(path)
    said = archives.outcomes(found)
    ids = [number for number, fields in said.items() if ("outcome", "unchanged") in fields]
    return [record.url for record in found if record.headers.get("WARC-Record-ID") in ids]


def read(path: Path, out: Path) -> bytes:
    """Return the bytes that the command makes of a file."""
    done = preloaded.run(["extract", str(path), "-o", str(out)], {**os.environ})
    assert done.returncode == 0, done.stderr
    return out.read_bytes()


def parts_without_payload(path: Path) -> int:
    """Return how many further pages of articles refer to a payload elsewhere."""
    found = archives.records(path)
    outcomes = archives.outcomes(found)
    return sum(
        ("outcome", "part") in outcomes.get(record.headers["WARC-Record-ID"], [])
        for record in found
        if record.kind == "revisit"
    )


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
    assert all("from_twin" in line["flags"] for line in run.articles)
    assert texts(extracted(run, tmp_path / "all.jsonl")) == texts(run.articles)


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
