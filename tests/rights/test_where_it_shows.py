"""What commands say of what is reserved, and what follows from statements of sites and lists."""

from __future__ import annotations

import gzip
import json
import os
import shlex
from typing import TYPE_CHECKING

import pytest
from backports import zstd

from tests.support import preloaded, rights_site
from tests.support.crawling import ROOT, crawl
from tests.support.exporting import READERS, export
from tests.support.front import answer
from tests.support.gaps import coverage, figures
from tests.support.rights_site import NAME, serve, signals

if TYPE_CHECKING:
    import socket
    import subprocess
    from pathlib import Path

    from tests.support.front import Front, Visit

pytestmark = pytest.mark.e2e
SIZE = 50
PATH = f"/mondo/{NAME}/"
RESERVED = '[{"location": "/*/esteri/*", "tdm-reservation": 1}]'
ARTICLES = r"^/20\d\d/"
LISTS = r"^/$|^/category/"


def with_field(front: Front, pattern: str, field: str) -> None:
    """Have the twin's answers to some paths state a header field too."""

    def altered(visit: Visit, _: socket.socket) -> bytes:
        return front.of_twin(visit).replace(b"\r\n", f"\r\n{field}\r\n".encode(), 1)

    front.answers[pattern] = altered


def scrapy(*words: str, output: Path) -> subprocess.CompletedProcess[str]:
    return preloaded.run([*words], {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})


def test_what_is_reserved_is_excluded_not_failed(front: Front, tmp_path: Path) -> None:
    front.answers["^/.well-known/tdmrep.json$"] = answer(RESERVED, "application/json")
    with_field(front, r"^/20\d\d/\d\d/\d[13579]/", "X-Robots-Tag: noindex")
    settings = {"RIGHTS_POLICY": "respect"}
    run = crawl("alanews", tmp_path, site_url=front.url, settings=settings)
    assert run.code == 0, run.stderr
    report = run.reports[-1]
    withheld, not_fetched = report["rights"]["withheld"]["index"], report["rights"]["not_fetched"]
    count = withheld + not_fetched
    assert min(withheld, not_fetched) > 2
    # The summary and the report.
    assert f"  not fetched {not_fetched} (rights {not_fetched})\n" in run.stdout
    assert f"  withheld    {withheld} (index {withheld})\n" in run.stdout
    assert "no answer" not in run.stdout
    assert f"not written: {count} (excluded {count})" in run.stdout
    assert report["completeness"]["missing"] == count
    assert report["completeness"]["reasons"]["excluded"] == count
    assert report["completeness"]["reasons"]["failed"] == 0
    # `scrapy coverage`.
    total = figures(tmp_path, url=front.url, code=1)["total"]
    assert (total["missing"], total["reasons"]["excluded"], total["reasons"]["failed"]) == (
        count, count, 0,
    )  # fmt: skip
    assert total["excluded_by"] == {"rights": not_fetched, "withheld: index": withheld}
    text = coverage(tmp_path, url=front.url).stdout
    assert text.count("excluded: its publisher reserves it, and RIGHTS_POLICY") == not_fetched
    assert text.count("withheld: its page reserves index, and RIGHTS_POLICY") == withheld
    # `scrapy ledger why`, `scrapy ledger status` and `scrapy runs`.
    for url in total["addresses"][:: count - 1]:
        done = scrapy("ledger", "why", url, "-a", f"site_url={front.url}", output=tmp_path)
        said = " ".join(done.stdout.split())
        assert done.returncode == 0
        assert "RIGHTS_POLICY is respect" in said
        assert "next by the next run" in said
    done = scrapy("ledger", "status", "-a", f"site_url={front.url}", output=tmp_path)
    assert f"withheld: index {withheld}: {withheld} tried again by the next run" in done.stdout
    assert f"rights {not_fetched}: {not_fetched} tried again by the next run" in done.stdout
    (row,) = scrapy("runs", output=tmp_path).stdout.splitlines()[1:]
    assert row.split()[2:6] == ["alanews", "finished", str(len(run.articles)), str(count)]


def test_of_what_robots_txt_forbids_content_usage_states_nothing(
    front: Front, tmp_path: Path
) -> None:
    """By REST an article is written whose page may not be fetched."""
    lines = ("User-agent: *", "Disallow: /*/esteri/", "Content-Usage: train-ai=n")
    robots = "\n".join([*lines, "Content-Signal: search=no", ""])
    front.answers["^/robots.txt$"] = answer(robots, "text/plain")
    run = crawl("alanews", tmp_path, site_url=front.url, source="rest")
    assert run.code == 0, run.stderr
    usage = ("aipref/robots.txt", "site", "train", "deny")
    signal = ("content-signal/robots.txt", "site", "search", "deny")
    stated = {line["url"]: signals(line) for line in run.articles}
    forbidden = {url for url in stated if "/esteri/" in url}
    assert 2 < len(forbidden) < len(stated)
    for url, rows in stated.items():
        assert rows == ([signal] if url in forbidden else [usage, signal])


def test_by_rest_only_what_is_reserved_is_kept_out(front: Front, tmp_path: Path) -> None:
    terms = (
        f'<rsl xmlns="{rights_site.RSL}"><content url="/*/sport/"><license>'
        '<prohibits type="usage">all</prohibits></license></content></rsl>'
    )
    serve(
        front, PATH, robots=f"License: {front.url}/l.xml\nUser-agent: *\nAllow: /\n",
        tdmrep=RESERVED, licences={"/l.xml": terms},
    )  # fmt: skip
    all_of_it = crawl("alanews", tmp_path / "a", site_url=front.url, source="rest").articles
    run = crawl(
        "alanews", tmp_path / "b", site_url=front.url, source="rest",
        settings={"RIGHTS_POLICY": "respect"},
    )  # fmt: skip
    assert run.code == 0, run.stderr
    tdm = [line["id"] for line in all_of_it if "/esteri/" in line["url"]]
    rsl = [line["id"] for line in all_of_it if "/sport/" in line["url"]]
    kept = {line["id"] for line in run.articles}
    assert run.reports[-1]["rights"]["withheld"] == {"tdm": len(tdm), "all": len(rsl)}
    assert min(len(tdm), len(rsl)) > 1
    assert kept == {line["id"] for line in all_of_it} - {*tdm, *rsl}
    # REST's list goes on from where it ended: what was withheld is read by a run by pages.
    again = crawl("alanews", tmp_path / "b", site_url=front.url)
    assert {line["id"] for line in again.articles} == {line["id"] for line in all_of_it}


@pytest.mark.parametrize("rules", ["nofollow", "noindex, nofollow", "noindex, follow"])
def test_the_articles_of_lists_are_found_whatever_the_lists_state(
    rules: str, front: Front, tmp_path: Path
) -> None:
    """Plugins give archives `noindex, follow`; what counts is what each article states."""
    with_field(front, LISTS, f"X-Robots-Tag: {rules}")
    channels = "menu,archive"
    settings = {"RIGHTS_POLICY": "respect"}
    run = crawl("esteri", tmp_path, site_url=front.url, discover=channels, settings=settings)
    assert run.code == 0, run.stderr
    plain = crawl("esteri", tmp_path / "plain", site_url=front.twin, discover=channels)
    assert {line["id"] for line in run.articles} == {line["id"] for line in plain.articles}
    assert run.articles
    assert run.reports[-1]["rights"]["not_followed"] == 0


@pytest.fixture
def dump(front: Front, tmp_path: Path) -> Path:
    """A dump with a line that states rights in several places."""
    serve(
        front, PATH, head='<meta name="robots" content="noarchive, max-snippet:-1">',
        fields=[("tdm-reservation", "1"), ("Content-Usage", "train-ai=n")],
        robots='User-agent: *\nContent-Signal: ai-train=no,use="=1+1"\n',
        node=', "copyrightHolder": {"name": "Editrice «Prova», S.p.A."}',
    )  # fmt: skip
    (path,) = rights_site.run(front, tmp_path, PATH).dumps
    return path


@pytest.mark.parametrize("kind", READERS)
def test_signals_come_through_an_export(kind: str, dump: Path, tmp_path: Path) -> None:
    line = json.loads(dump.read_bytes())
    assert len(line["rights"]["signals"]) == 6
    done = export(dump, "--to", kind, "-o", tmp_path / f"out.{kind}")
    assert done.code == 0, done.stderr
    (row,) = READERS[kind](tmp_path / f"out.{kind}", "articles")
    assert row["rights"] == line["rights"]


def test_compressed_dumps_are_read(dump: Path, tmp_path: Path) -> None:
    expected = scrapy("rights", str(dump), output=tmp_path).stdout
    assert expected.startswith("1 article: 1 with statements, 1 reserved\n")
    for suffix, compress in ((".gz", gzip.compress), (".zst", zstd.compress)):
        path = tmp_path / f"packed.jsonl{suffix}"
        path.write_bytes(compress(dump.read_bytes()))
        done = scrapy("rights", str(path), output=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, expected, "")


def test_what_can_be_read_of_a_broken_dump_is_shown(dump: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(dump.read_bytes() + b'{"id": 1, broken\n')
    done = scrapy("rights", str(path), "--json", output=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["unreadable_lines"] == 1
    assert json.loads(done.stdout)["reserved"] == 1
    (message,) = done.stderr.splitlines()
    assert message.startswith(f"newscrawl: {path}:2: not JSON (")


@pytest.mark.usefixtures("dump")
def test_the_commands_of_the_documentation_work_as_typed(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")
    lines = [line.partition("#")[0] for line in text.splitlines() if line.startswith("scrapy ")]
    assert len(lines) == 3
    for line in lines:
        # The folder of the examples is that of the settings.
        words = shlex.split(line.replace("output/", f"{tmp_path}/"))[1:]
        done = scrapy(*words, output=tmp_path)
        assert (done.returncode, done.stderr) == (0, ""), line
        assert "noarchive" in done.stdout or "robots/html" in done.stdout
