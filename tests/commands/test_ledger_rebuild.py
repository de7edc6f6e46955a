"""`scrapy ledger rebuild`: a ledger from dumps is as good as the one that was lost."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import FROM_TWIN
from tests.support import dumps, ledgers, preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.killing import environment
from tests.support.ledgers import FILE, change, files, rows
from tests.support.postgres import ask, text_of
from tests.support.waiting import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import URL

    from newscrawl.items import Article
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
LOOPBACK = "site_url=http://127.0.0.1:8000"
SPIDERS = ("alanews", "esteri")


def rebuild(
    output: Path, *words: object, place: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy ledger rebuild` on the twin's ledger."""
    line = ["ledger", "rebuild", *map(str, words or [output]), "-a", LOOPBACK]
    return preloaded.run(line, {**environment(output), **(place or {})})


def summary(done: subprocess.CompletedProcess[str], code: int = 0) -> dict[str, Any]:
    assert done.returncode == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def refusal(run: Crawl) -> str:
    """Return the line that says why a run did not begin."""
    assert run.code == 14, run.stderr
    return next(line for line in run.stderr.splitlines() if " ERROR: " in line)


def remove_ledger(output: Path) -> None:
    for path in output.glob(f"{FILE}*"):
        path.unlink()


def lines_of(output: Path, spider: str) -> list[dict[str, Any]]:
    return Crawl(0, "", "", output / spider).articles


def keys(lines: list[dict[str, Any]]) -> Counter[tuple[str, int]]:
    return Counter((line["id"], line["revision"]) for line in lines)


def only_edits(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    """Return whether all further lines are third revisions, which only one test makes."""
    return {revision for _, revision in keys(after) - keys(before)} <= {3}


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with ledgers.twin() as server:
        yield server


@pytest.fixture(scope="module")
def life(twin: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an output directory: two spiders, then an edit and a removal; an older copy of it."""
    folder = tmp_path_factory.mktemp("life")
    output = folder / "output"
    first = [crawl(spider, output, site_url=twin.url) for spider in SPIDERS]
    assert [run.code for run in first] == [0, 0]
    ledgers.copy(output, folder / "older")
    ids = [int(line["id"].partition(":")[2]) for line in first[1].articles]
    twin.edit(ids[0], "body")
    twin.delete(ids[1])
    for _ in range(2):
        change(output / FILE, "UPDATE urls SET due = 0 WHERE state = 2 OR due IS NOT NULL")
        change(output / FILE, "UPDATE articles SET missing_since = missing_since - 90000")
        for spider in SPIDERS:
            assert crawl(spider, output, site_url=twin.url).code in {0, 16}
    assert {2} == {line["revision"] for line in lines_of(output, "esteri")} - {1}
    assert "gone" in {line["status"] for line in lines_of(output, "esteri")}
    return output


@pytest.fixture
def output(life: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    ledgers.copy(life, tmp_path / "output")
    return tmp_path / "output"


def test_a_rebuilt_ledger_has_what_the_lost_one_had(output: Path) -> None:
    statements = [
        """SELECT id, url, first_seen_at, published, modified, revision, content_hash, fields, gone,
        duplicate_of, similarity, sketch, text_key FROM articles ORDER BY id""",
        """SELECT article, revision, content_hash, previous_hash, changed_fields, at
        FROM revisions ORDER BY article, revision""",
        "SELECT band, article FROM bands ORDER BY band, article",
        """SELECT name, lines.edition, article, revision, state, coalesce(version, revision)
        FROM lines JOIN series ON series.id = lines.series
        ORDER BY name, article, lines.revision""",
        """SELECT name, path, length, lines, state, checksum FROM dumps
        JOIN series ON series.id = dumps.series ORDER BY path""",
        """SELECT name, article, urls.url FROM lines JOIN series ON series.id = lines.series
        JOIN articles ON articles.id = lines.article JOIN urls ON urls.series = lines.series
        AND urls.key = articles.url_key AND urls.state IN (2, 3)
        ORDER BY name, article, lines.revision""",
    ]
    before = [rows(output / FILE, statement) for statement in statements]
    remove_ledger(output)
    written = {spider: lines_of(output, spider) for spider in SPIDERS}
    paths = sorted(output.rglob("*Z*.jsonl"), reverse=True)
    rebuilt = summary(rebuild(output, *paths, "--json"))
    for statement, wanted in zip(statements, before, strict=True):
        assert rows(output / FILE, statement) == wanted
    assert rebuilt["articles"] == len({line["id"] for lines in written.values() for line in lines})
    for spider, lines in written.items():
        assert rebuilt["series"][spider]["lines"] == len(lines)
        assert rebuilt["series"][spider]["gone"] == sum(line["status"] == "gone" for line in lines)
    again = summary(rebuild(output, "--json", output))
    assert again["articles"] == sum(one["lines"] for one in again["series"].values()) == 0
    for statement, wanted in zip(statements, before, strict=True):
        assert rows(output / FILE, statement) == wanted


def test_a_run_with_a_lost_ledger_stops_and_after_a_rebuild_writes_nothing_twice(
    output: Path, twin: TwinProcess
) -> None:
    remove_ledger(output)
    before = files(output)
    twin.reset()
    line = refusal(crawl("esteri", output, site_url=twin.url))
    for dump in Crawl(0, "", "", output / "esteri").dumps[:3]:
        assert dump.name in line
    assert f"scrapy ledger rebuild {output / 'esteri'} -a site_url=" in line
    assert twin.requests() == []
    assert {name: digest for name, digest in files(output).items() if name != FILE} == before
    written = {spider: lines_of(output, spider) for spider in SPIDERS}
    assert rebuild(output).returncode == 0
    # The second run reads once more the last pages whose list was empty.
    for spider in SPIDERS * 2:
        run = crawl(spider, output, site_url=twin.url)
        assert run.code == 0, run.stderr
        assert only_edits(written[spider], lines_of(output, spider))
    for spider, most in (("esteri", 5), ("alanews", 17)):
        twin.reset()
        assert crawl(spider, output, site_url=twin.url).code == 0
        assert len(twin.requests()) <= most


def test_an_older_ledger_is_completed(life: Path, tmp_path: Path, twin: TwinProcess) -> None:
    output = tmp_path / "output"
    ledgers.copy(life, output)
    remove_ledger(output)
    shutil.copy(life.parent / "older" / FILE, output / FILE)
    change(output / FILE, "UPDATE dumps SET path = replace(path, ?, ?)",
           f"{life.parent / 'older'}/", f"{output}/")  # fmt: skip
    newer = Crawl(0, "", "", output / "esteri").dumps[1:]
    line = refusal(crawl("esteri", output, site_url=twin.url))
    assert all(dump.name in line for dump in newer)
    assert Crawl(0, "", "", output / "esteri").dumps[0].name not in line
    rebuilt = summary(rebuild(output, "--json", output))
    assert rebuilt["series"]["esteri"]["dumps_known"] == 1
    assert rebuilt["series"]["esteri"]["dumps"] == len(newer)
    before = lines_of(output, "esteri")
    edited = next(line for line in before if line["revision"] == 2 and line["status"] == "live")
    twin.edit(int(edited["id"].partition(":")[2]), "headline")
    change(output / FILE, "UPDATE urls SET due = 0 WHERE state = 2")
    assert crawl("esteri", output, site_url=twin.url).code == 0
    (revised,) = lines_of(output, "esteri")[len(before) :]
    assert (revised["id"], revised["revision"]) == (edited["id"], 3)
    assert revised["previous_hash"] == edited["content_hash"]
    assert "headline" in revised["changed_fields"]


def test_copies_of_known_dumps_do_not_stop_a_run(output: Path, twin: TwinProcess) -> None:
    folder = output / "esteri"
    first, second, *rest = Crawl(0, "", "", folder).dumps
    first.with_name(f"{first.name}.gz").write_bytes(gzip.compress(first.read_bytes()))
    second.rename(folder / "renamed.jsonl")
    (folder / "merged.jsonl").write_bytes(b"".join(path.read_bytes() for path in (first, *rest)))
    first.unlink()
    written = lines_of(output, "esteri")
    assert crawl("esteri", output, site_url=twin.url).code == 0
    assert only_edits(written, lines_of(output, "esteri"))
    checked = {str(path) for (path,) in rows(output / FILE, "SELECT path FROM checked_files")}
    assert {str(folder / name) for name in ("merged.jsonl", f"{first.name}.gz")} <= checked


@pytest.mark.soak
def test_a_kill_in_the_middle_leaves_a_ledger_that_the_next_rebuild_completes(
    output: Path,
) -> None:
    remove_ledger(output)
    big = [article_of_twin(number) for number in range(1, 3001)]
    dumps.write(output / "esteri" / "2026-11-28T23-00-00Z.jsonl", big)
    line = ["ledger", "rebuild", str(output), "-a", LOOPBACK]
    killed = preloaded.PreloadedProcess(line, environment(output))
    with killed:
        wait_for(lambda: bool(dumps_in(output)), "a dump that is rebuilt")
        killed.kill()
    done = dumps_in(output)
    assert killed.returncode == -9
    paths = [*output.rglob("*Z*.jsonl")]
    assert 0 < len(done) < len(paths)
    assert rebuild(output).returncode == 0
    assert {str(path) for path in paths} == {path for (path,) in dumps_in(output)}
    count = sum(len(lines_of(output, spider)) for spider in SPIDERS)
    assert rows(output / FILE, "SELECT count(*) FROM lines") == [(count,)]
    assert rows(output / FILE, "SELECT sum(lines) FROM dumps") == [(count,)]


def dumps_in(output: Path) -> list[tuple[object, ...]]:
    ledger = output / FILE
    if not ledger.exists() or not rows(
        ledger, "SELECT 1 FROM sqlite_master WHERE name = 'checked_files'"
    ):
        return []
    return rows(ledger, "SELECT path FROM dumps")


def article_of_twin(number: int) -> Article:
    article = dumps.first(100_000 + number)
    article.flags = [*article.flags, FROM_TWIN]
    article.first_seen_at = article.fetched_at
    article.url = article.url.replace("/?", f"-{number}/?").rstrip("/") + f"-{number}/"
    return article


def test_a_rebuild_is_refused_while_a_run_is_active(output: Path) -> None:
    script = (
        "import fcntl, sys, time; f = open(sys.argv[1], 'a+'); fcntl.flock(f, fcntl.LOCK_EX); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(output / f"{FILE}.alanews.lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        done = rebuild(output, output / "esteri")
        run.communicate("")
    assert done.returncode == 13
    assert "another run of alanews is at work" in done.stderr


def test_what_cannot_be_used_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "esteri"
    foreign = {**dumps.record(article_of_twin(2)), "site": "other"}
    dumps.write(
        folder / "2026-11-28T01-00-00Z.jsonl",
        [article_of_twin(1), b"{broken\n", foreign, article_of_twin(3)],
    )
    cut = dumps.write(folder / "2026-11-28T02-00-00Z.jsonl.gz", map(article_of_twin, range(4, 60)))
    cut.write_bytes(cut.read_bytes()[:-20])
    live = dumps.write(folder / "2026-11-28T03-00-00Z.jsonl", [dumps.first(70)])
    done = rebuild(tmp_path, folder)
    assert done.returncode == 1
    assert "01-00-00Z.jsonl:2: not JSON" in done.stderr
    assert "01-00-00Z.jsonl:3: is of the site 'other', not of alanews" in done.stderr
    assert f"{cut}:" in done.stderr
    assert f"{live}: is a dump of the live site" in done.stderr
    found = {name for (name,) in rows(tmp_path / FILE, "SELECT article FROM lines")}
    assert {"alanews:100001", "alanews:100003", "alanews:100004"} <= found
    assert not found & {"alanews:100002", "alanews:70"}


def test_dumps_whose_lines_are_all_known_are_added(tmp_path: Path) -> None:
    folder = tmp_path / "esteri"
    lines = [article_of_twin(number) for number in range(1, 8)]
    dumps.write(folder / "2026-11-28T01-00-00Z.jsonl", lines)
    # As `known=write` leaves it, then a part of a dump.
    again = [replace(line, fetched_at="2026-11-28T02:00:00Z") for line in lines]
    dumps.write(folder / "2026-11-28T02-00-00Z.jsonl", again)
    dumps.write(folder / "2026-11-28T03-00-00Z.jsonl", [*lines[:2], b'{"id": "alanews:1'])
    dumps.write(folder / "2026-11-28T04-00-00Z.jsonl", [article_of_twin(9)])
    done = rebuild(tmp_path, folder, "--json")
    assert done.returncode == 1
    assert "03-00-00Z.jsonl:3:" in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    counts = json.loads(done.stdout)["series"]["esteri"]
    assert (counts["dumps"], counts["lines"], counts["lines_known"]) == (4, 8, 9)
    repeated = summary(rebuild(tmp_path, folder, "--json"))
    assert repeated["series"]["esteri"]["dumps_known"] == 4


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "name the dumps: scrapy ledger rebuild"),
        (["nowhere"], "nowhere: no such file"),
        (["{folder}"], "is not in the folder of a spider"),
        (["/dev/zero", "--spider", "esteri"], "/dev/zero: is a device"),
        (["{folder}/esteri", "--spider", "cronaca"], "is in the folder of esteri, not of cronaca"),
    ],
)
def test_wrong_arguments(words: list[str], message: str, tmp_path: Path) -> None:
    dumps.write(tmp_path / "dumps" / "a.jsonl", [article_of_twin(1)])
    dumps.write(tmp_path / "dumps" / "esteri" / "a.jsonl", [article_of_twin(1)])
    line = ["ledger", "rebuild", *(word.format(folder=tmp_path / "dumps") for word in words)]
    done = preloaded.run([*line, "-a", LOOPBACK], environment(tmp_path))
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / FILE).exists()


@pytest.mark.soak
@pytest.mark.slow
def test_the_same_on_postgresql(output: Path, postgres: URL, twin: TwinProcess) -> None:
    place = {"NEWSCRAWL_LEDGER_URL": text_of(postgres)}
    written = keys(lines_of(output, "esteri"))
    refused = crawl("esteri", output, environment=place, site_url=twin.url)
    assert "scrapy ledger rebuild" in refusal(refused)
    assert ask(postgres, "SELECT count(*) FROM newscrawl.runs") == [(0,)]
    assert rebuild(output, place=place).returncode == 0
    assert rebuild(output, place=place).returncode == 0
    assert ask(postgres, "SELECT count(*) FROM newscrawl.articles") == [
        (rows(output / FILE, "SELECT count(*) FROM articles")[0][0],)
    ]
    run = crawl("esteri", output, environment=place, site_url=twin.url)
    assert run.code == 0, run.stderr
    assert keys(lines_of(output, "esteri")) >= written
    assert not [key for key, count in keys(lines_of(output, "esteri")).items() if count > 1]
