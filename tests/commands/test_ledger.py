"""`scrapy ledger`: what it tells is what the dumps hold, what it forgets is written again."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.cmdline import execute

from newscrawl.commands.ledger_text import render
from newscrawl.ledger.admin.model import (
    Dump,
    Failures,
    LedgerStatus,
    LiveRun,
    PastRun,
    SeriesStatus,
)
from tests.support import ledgers, preloaded
from tests.support.crawling import ROOT, Crawl, crawl
from tests.support.killing import command, environment
from tests.support.ledgers import FILE, change, files, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

LOOPBACK = "site_url=http://127.0.0.1:8000"


def ledger(output: Path, *words: str, url: str = LOOPBACK) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ledger` on the twin's ledger."""
    return preloaded.run(["ledger", *words, "-a", url], environment(output))


def told(output: Path, *words: str) -> dict[str, Any]:
    """Return the status for machines."""
    done = ledger(output, "status", "--json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def complaint(done: subprocess.CompletedProcess[str], code: int) -> str:
    """Return the one line that says what is wrong."""
    assert done.returncode == code
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    "words",
    [(), ("status", "--json"), ("retry",), ("why", "https://www.alanews.it/x/"), ("vacuum",)],
)
def test_without_an_address_the_ledger_is_that_of_the_live_site(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = preloaded.run(["ledger", *words], environment(tmp_path))
    assert complaint(done, 1).endswith("/ledger.sqlite yet: run a crawl first")
    empty = preloaded.run(["ledger", *words, "--site-url", ""], environment(tmp_path))
    assert "site_url= is empty" in complaint(empty, 2)


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


@pytest.fixture(scope="module")
def whole(twin: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output directory with a run of two spiders, some pages of which failed."""
    folder = tmp_path_factory.mktemp("whole") / "output"
    twin.set_faults(
        [{"kind": "status", "path": "/2026/(?:08|10)/[0-9]+/esteri/[a-z0-9-]", "value": 500}]
    )
    codes = [crawl(name, folder, site_url=twin.url).code for name in ("alanews", "esteri")]
    twin.set_faults([])
    # Of so few pages of Esteri a third is more than a monitor lets pass.
    assert codes == [16, 16]
    return folder


@pytest.fixture
def output(whole: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    ledgers.copy(whole, tmp_path / "output")
    return tmp_path / "output"


@pytest.mark.e2e
def test_the_status_is_what_the_dumps_hold(output: Path) -> None:
    before = files(output)
    found = told(output)
    assert found["place"] == str(output / FILE)
    assert [one["name"] for one in found["series"]] == ["alanews", "esteri"]
    written: set[str] = set()
    for one in found["series"]:
        lines = Crawl(0, "", "", output / one["name"]).articles
        assert (one["lines"], one["articles"]) == (len(lines), len({x["id"] for x in lines}))
        assert sum(dump["lines"] for dump in one["dumps"]) == len(lines)
        assert {dump["state"] for dump in one["dumps"]} == {"complete"}
        assert one["exact_duplicates"] == sum(line["similarity"] == 1 for line in lines)
        assert one["addresses"] == sum(
            one[state] for state in ("done", "pending", "leased", "failed", "excluded")
        )
        assert one["pending"] == one["leased"] == one["sources"] == 0
        assert one["failed"] == sum(failure["count"] for failure in one["failures"]) > 0
        (run,) = one["runs"]
        assert (run["reason"], run["written"]) == ("partial", len(lines))
        assert run["requests"] > len(lines)
        written |= {line["id"] for line in lines}
    assert "HTTP 500" in {failure["reason"] for failure in found["series"][0]["failures"]}
    assert found["articles"] == len(written)
    assert files(output) == before
    (only,) = told(output, "--spider", "esteri")["series"]
    assert only == found["series"][1]


@pytest.mark.e2e
def test_the_status_in_words_fits_80_columns_and_names_a_damaged_dump(output: Path) -> None:
    (dump,) = Crawl(0, "", "", output / "esteri").dumps
    dump.unlink()
    done = ledger(output, "--spider", "esteri")
    assert (done.returncode, done.stderr) == (0, "")
    words = done.stdout.replace(str(output), "output")
    assert "\x1b" not in words
    assert max(map(len, words.splitlines())) <= 80
    assert re.search(r"^  addresses   \d+ known \(done \d+, .*failed \d+", words, re.M)
    assert re.search(r"^  failed      HTTP 500 \d+: \d+ ", words, re.M)
    assert re.search(r"^  damaged     output/esteri/\S+\.jsonl: \d+ lines, is gone$", words, re.M)
    assert "in all" not in words
    assert "in all" in ledger(output).stdout


@pytest.mark.e2e
def test_failed_addresses_are_tried_again(output: Path, twin: TwinProcess) -> None:
    before = {one["name"]: one for one in told(output)["series"]}
    nothing = ledger(output, "retry", "--reason", "Timeout")
    assert nothing.stdout.startswith("0 addresses are pending again\nleft as they are, for other")
    asked = ledger(output, "retry", "--spider", "esteri", "--reason", "http 500")
    count = sum(x["count"] for x in before["esteri"]["failures"] if x["reason"] == "HTTP 500")
    assert asked.stdout == (
        f"{count} address{'es are' if count > 1 else ' is'} pending again (esteri {count})\n"
    )
    after = {one["name"]: one for one in told(output)["series"]}
    assert after["alanews"] == before["alanews"]
    assert after["esteri"]["pending"] == count
    written = len(Crawl(0, "", "", output / "esteri").articles)
    run = crawl("esteri", output, site_url=twin.url)
    assert len(run.articles) == written + count
    assert told(output, "--spider", "esteri")["series"][0]["pending"] == 0


@pytest.mark.e2e
def test_a_forgotten_address_is_fetched_and_written_anew(output: Path, twin: TwinProcess) -> None:
    victim = Crawl(0, "", "", output / "esteri").articles[0]
    before = files(output)
    done = ledger(output, "forget", f"{victim['url']}?utm_source=x", url=f"site_url={twin.url}")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"forgotten: {victim['url']}, to be fetched again by alanews, esteri",
        f"forgotten: article {victim['id']}, 1 revision, 2 lines; the dumps keep theirs",
    ]
    assert {name for name, digest in files(output).items() if before.get(name) != digest} == {FILE}
    traces = (
        "SELECT id FROM articles UNION ALL SELECT article FROM revisions "
        "UNION ALL SELECT article FROM bands UNION ALL SELECT article FROM lines"
    )
    assert (victim["id"],) not in rows(output / FILE, traces)
    for spider in ("esteri", "alanews"):
        run = crawl(spider, output, site_url=twin.url)
        assert run.code == 0
        seen = Counter(line["id"] for line in run.articles)
        assert seen.pop(victim["id"]) == 2
        assert set(seen.values()) == {1}
        again = [line for line in run.articles if line["id"] == victim["id"]][-1]
        assert again["revision"] == 1
        assert again["first_seen_at"] > victim["first_seen_at"]
        assert {**again, "first_seen_at": "", "fetched_at": ""} == {
            **victim, "first_seen_at": "", "fetched_at": "",
            "discovered_via": again["discovered_via"],
        }  # fmt: skip


@pytest.mark.e2e
def test_nothing_is_forgotten_or_vacuumed_while_a_run_is_at_work(
    output: Path, twin: TwinProcess
) -> None:
    victim = Crawl(0, "", "", output / "esteri").articles[0]["url"]
    line = command("esteri", twin.url, DOWNLOAD_DELAY=30)
    with subprocess.Popen(
        line, cwd=ROOT, env=environment(output), stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr
        while "Spider opened" not in run.stderr.readline():
            assert run.poll() is None
        while not told(output, "--spider", "esteri")["series"][0]["live"]:
            assert run.poll() is None
        for words in (("forget", victim), ("vacuum",)):
            said = complaint(ledger(output, *words), 13)
            assert f"another run of esteri is at work on this ledger (process {run.pid}" in said
        (live,) = told(output, "--spider", "esteri")["series"][0]["live"]
        assert live["process"] == run.pid
        run.kill()
        run.communicate()
    found = told(output, "--spider", "esteri")["series"][0]
    assert (found["live"], found["stranded"] > 0) == ([], True)


@pytest.mark.e2e
def test_vacuum_gives_space_back(output: Path) -> None:
    change(output / FILE, "CREATE TABLE waste AS SELECT zeroblob(2000000) AS x")
    change(output / FILE, "DROP TABLE waste")
    before = told(output)
    done = ledger(output, "vacuum")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"2\.\d MB before, [\d.]+ kB after\n", done.stdout)
    after = told(output)
    assert after.pop("bytes") < before.pop("bytes") - 1_900_000
    assert after == before


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["stauts"], "did you mean status?"),
        (["forget"], "name an address"),
        (["why"], "name an address: scrapy ledger why https://www.alanews.it/"),
        (["vacuum", "now"], "does not take 'now'"),
        (["--jsno"], "unknown option '--jsno'"),
        (["--reason"], "expected one argument"),
        (["--spider", "estero"], "did you mean esteri?"),
        (["--reason", "x"], "--reason is an option of scrapy ledger retry"),
        (["vacuum", "--spider", "esteri"], "of scrapy ledger status, why, retry"),
        (["-a", "since=2026-01-01"], "takes -a site_url=URL and -a site=NAME only"),
        (["--site-url", "twin"], "is not a web address"),
    ],
)
def test_a_wrong_word_is_one_line(
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        execute(["scrapy", "ledger", *words, "-s", f"OUTPUT_DIR={tmp_path / 'none'}"])
    written = capsys.readouterr()
    assert (ended.value.code, written.out) == (2, "")
    (line,) = written.err.splitlines()
    assert says in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [[], ["retry"], ["forget", "https://www.alanews.it/a-b-c/"], ["vacuum"]]
)
def test_where_no_ledger_is_none_is_made(words: list[str], tmp_path: Path) -> None:
    assert "there is no ledger at" in complaint(ledger(tmp_path / "none", *words), 1)
    assert list(tmp_path.iterdir()) == []


def test_what_the_ledger_does_not_know(tmp_path: Path) -> None:
    ledgers.unpack(tmp_path)
    assert "migrated from schema 1" in ledger(tmp_path).stderr
    url = "https://www.alanews.it/esteri/mai-visto-prima/"
    assert f"has nothing of {url}" in complaint(ledger(tmp_path, "forget", url), 1)
    line = complaint(ledger(tmp_path, "forget", "https://example.org/"), 2)
    assert "is not an address of http://127.0.0.1:8000" in line
    assert "has nothing of sport yet" in complaint(ledger(tmp_path, "--spider", "sport"), 1)
    (tmp_path / FILE).write_bytes(b"Dear ledger, ")
    assert "is damaged" in complaint(ledger(tmp_path), 14)


def test_figures_of_every_kind_have_their_words() -> None:
    series = SeriesStatus(
        "esteri", edition=2, addresses=12_345, done=12_000, pending=300, leased=20, failed=20,
        excluded=5, sources=2, stranded=10, due={"now": 3, "later": 1},
        failures=[Failures("HTTP 404", 20, 5, "2026-11-24T10:00:00Z", 12)],
        answers=[Failures("not_article: home_page", 2, 0, "2026-11-24T10:00:00Z", 0)],
        exclusions={"section": 3}, articles=11_000, lines=11_100, revised=100, gone=1,
        exact_duplicates=2, near_duplicates=3,
        dumps=[Dump(f"/o/{n}.jsonl", "vm", n, 10, "complete") for n in range(9)]
        + [Dump("/o/x\x1b[2J.jsonl", "vm", 1, 10, "damaged", "is gone")],
        live=[LiveRun("2026-11-24T10:00:00Z", "vm", 17, 20, 4)],
        runs=[PastRun("2026-11-24T09:00:00Z", 75, "finished", 1, 20, 3, 1),
              PastRun("2026-11-24T08:00:00Z", None, "died", 7, None, None, None)],
    )  # fmt: skip
    found = LedgerStatus("/o/ledger.sqlite", "alanews", 2, 1, 2_345_678, 11_000, 11_100, 1, 2, 3,
                         [series])  # fmt: skip
    assert (
        render(found)
        == """\
/o/ledger.sqlite
  site        alanews
  size        2.3 MB, schema 2
esteri
  addresses   12,345 known (done 12,000, pending 300, leased 20, failed 20,
              excluded 5)
              lists to be read, not articles: 2
              10 leased by a run that died: the next run continues
  look again  now 3, later 1
  failed      HTTP 404 20: 5 tried again by the next run, 3 later,
              first 2026-11-24 10:00Z, 12 given up
  no article  not_article: home_page 2: 2 later, first 2026-11-24 10:00Z
  excluded    3 (section 3)
  articles    11,000 (revisions 100, gone 1, exact duplicates 2, near
              duplicates 3)
  lines       11,100 written, edition 2
  dumps       9 with 36 lines, the latest:
              /o/6.jsonl: 6 lines
              /o/7.jsonl: 7 lines
              /o/8.jsonl: 8 lines
  damaged     /o/x[2J.jsonl: 1 line, is gone
  active      process 17 on vm since 2026-11-24 10:00Z: 20 leased, 4 written
  last runs   2026-11-24 09:00Z  1 min 15 s  finished  1 written
                                20 requests, 3 known, 1 failed
              2026-11-24 08:00Z  died  7 written
in all
  addresses   12,345 known (done 12,000, pending 300, leased 20, failed 20,
              excluded 5)
  articles    11,000 (gone 1, exact duplicates 2, near duplicates 3)
  revisions   11,100
  lines       11,100 in 10 dumps
"""
    )
