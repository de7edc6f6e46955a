"""ARCHIVE=warc: for every line its record, and nothing that must not be kept."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

import newscrawl
from newscrawl.feeds import line as line_of
from tests.support import archives, rights_site
from tests.support.crawling import crawl
from tests.support.front import Front, answer
from tests.support.killing import endure
from tests.support.postgres import text_of
from tests.support.rights_site import NAME, article, serve, with_fields
from tests.support.workers import team
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import URL

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 60
WARC = {"ARCHIVE": "warc"}
PATH = f"/mondo/{NAME}/"
OF_A_CRAWL = {
    "discovered_via", "first_seen_at", "fetched_at", "revision", "previous_hash", "changed_fields",
    "duplicate_of", "similarity", "archive",
}  # fmt: skip
"""Fields that a crawl alone knows, and times."""
NOT_KEPT = "a-value-of-a-cookie"


def test_every_line_names_the_response_from_which_it_was_read(
    twin: TwinProcess, tmp_path: Path
) -> None:
    run = crawl("alanews", tmp_path, site_url=twin.url, settings=WARC)
    assert (run.code, len(run.articles)) == (0, len(truth.expected(Content(size=SIZE), Switches())))
    found = archives.everything(run.folder)
    said = archives.outcomes(found)
    of_several_pages = {dict(fields).get("of") for fields in said.values()} - {None}
    assert len(of_several_pages) < len(run.articles) / 2
    for line in run.articles:
        record = archives.of_line(run.folder, line)
        assert (record.kind, record.head.splitlines()[0]) == ("response", "HTTP/1.1 200 OK")
        if line["url"] in of_several_pages:
            continue
        moment = datetime.fromisoformat(record.headers["WARC-Date"])
        again = newscrawl.extract(record.payload, record.url, fetched_at=moment)
        assert again is not None
        read = json.loads(line_of(again))
        line["flags"].remove("from_twin")
        # What the site states on rights is in records of its own.
        assert {name for name in line if line[name] != read[name]} <= OF_A_CRAWL | {"rights"}
        assert line["fetched_at"] == record.headers["WARC-Date"][:19] + "Z"
        fields = dict(said[record.headers["WARC-Record-ID"]])
        assert (fields["outcome"], fields["url"]) == ("written", line["url"])
    assert [archives.faults(path) for path in archives.files(run.folder)] == [[]]
    kinds = {record.kind for record in found}
    assert kinds == {"warcinfo", "response", "request", "metadata"}
    addresses = {record.url.removeprefix(twin.url) for record in found if record.kind == "response"}
    assert {"/robots.txt", "/.well-known/tdmrep.json", "/", "/category/esteri/"} <= addresses
    report = run.reports[-1]["archive"]
    assert report["files"] == [f"alanews/{path.name}" for path in archives.files(run.folder)]
    assert (report["records"], report["left_out"]) == (len(found), {})
    assert f"archive     {archives.files(run.folder)[0]}" in " ".join(run.stdout.split("\n"))


def test_without_the_setting_nothing_is_kept_and_lines_say_so(
    twin: TwinProcess, tmp_path: Path
) -> None:
    run = crawl("esteri", tmp_path, site_url=twin.url)
    assert [*run.folder.glob("*.warc*")] == []
    assert {json.dumps(line["archive"]) for line in run.articles} == {"null"}
    assert run.reports[-1]["archive"] == {"files": [], "records": 0, "left_out": {}}


def test_a_wrong_value_is_one_line(tmp_path: Path) -> None:
    run = crawl("esteri", tmp_path, settings={"ARCHIVE": "zip"})
    assert (run.code, run.stderr.count("\n")) == (2, 1)
    assert "ARCHIVE=zip" in run.stderr
    assert "write warc, or nothing" in run.stderr


def test_what_has_not_changed_is_a_revisit(front: Front, tmp_path: Path) -> None:
    front.answers[f"^{PATH}$"] = answer(article(), ETag='"1"')
    first = rights_site.run(front, tmp_path, PATH, settings=WARC)
    original = archives.of_line(first.folder, first.articles[0])
    # Without a condition the whole page is sent, which is the same.
    same = rights_site.run(front, tmp_path, PATH, settings=WARC, known="write")
    front.answers[f"^{PATH}$"] = b'HTTP/1.1 304 Test\r\nETag: "1"\r\nConnection: close\r\n\r\n'
    rights_site.run(front, tmp_path, PATH, settings=WARC)
    visits = [record for record in archives.everything(first.folder) if record.url.endswith(PATH)]
    revisits = [record for record in visits if record.kind == "revisit"]
    assert [record.headers["WARC-Profile"].rpartition("/")[2] for record in revisits] == [
        "identical-payload-digest", "server-not-modified",
    ]  # fmt: skip
    for record in revisits:
        headers = record.headers
        assert record.payload == b""
        assert headers["WARC-Refers-To"] == original.headers["WARC-Record-ID"]
        assert headers["WARC-Refers-To-Date"] == original.headers["WARC-Date"]
        assert headers["WARC-Refers-To-Target-URI"] == original.url
        assert headers["WARC-Refers-To-Filename"] == first.articles[0]["archive"]["file"]
        assert headers["WARC-Refers-To-File-Offset"] == str(first.articles[0]["archive"]["offset"])
    # The line of the second run names the record that has the page.
    assert [line["archive"] for line in same.articles] == [first.articles[0]["archive"]] * 2
    said = archives.outcomes(visits)
    outcomes = [dict(said[record.headers["WARC-Record-ID"]])["outcome"] for record in revisits]
    assert outcomes == ["written", "unchanged"]


def test_a_payload_that_was_deleted_is_written_again(front: Front, tmp_path: Path) -> None:
    front.answers[f"^{PATH}$"] = answer(article())
    first = rights_site.run(front, tmp_path, PATH, settings=WARC)
    for path in archives.files(first.folder):
        path.unlink()
    rights_site.run(front, tmp_path, PATH, settings=WARC, known="write")
    (path,) = archives.files(first.folder)
    kinds = [record.kind for record in archives.records(path) if record.url.endswith(PATH)]
    assert kinds == ["response", "request", "metadata"]


def test_a_compressed_page_is_kept_as_it_was_sent(front: Front, tmp_path: Path) -> None:
    packed = gzip.compress(article().encode())
    front.answers[f"^{PATH}$"] = answer(packed, Content_Encoding="gzip")
    run = rights_site.run(front, tmp_path, PATH, settings=WARC)
    record = archives.of_line(run.folder, run.articles[0])
    assert record.payload == packed
    assert "Content-Encoding: gzip" in record.head


def test_codings_that_not_every_reader_of_archives_knows_are_not_asked_for(
    front: Front, tmp_path: Path
) -> None:
    front.answers[f"^{PATH}$"] = answer(article())
    rights_site.run(front, tmp_path / "with", PATH, settings=WARC)
    rights_site.run(front, tmp_path / "without", PATH)
    asked = [visit.headers["accept-encoding"] for visit in front.visits if visit.path == PATH]
    assert asked == ["gzip, deflate", "gzip, deflate, br, zstd"]


def test_no_cookie_and_no_credential_is_kept(front: Front, tmp_path: Path) -> None:
    front.answers[f"^{PATH}$"] = with_fields(
        article(), [("Set-Cookie", f"id={NOT_KEPT}"), ("Link", f"<http://u:{NOT_KEPT}@a.example/>")]
    )
    headers = {"Authorization": f"Bearer {NOT_KEPT}", "X-Key": NOT_KEPT, "Accept": "text/html"}
    settings = {**WARC, "DEFAULT_REQUEST_HEADERS": json.dumps(headers)}
    run = rights_site.run(front, tmp_path, PATH, settings=settings)
    assert len(run.articles) == 1
    for path in archives.files(run.folder):
        text = gzip.decompress(path.read_bytes()).decode()
        assert NOT_KEPT not in text
        assert "Accept: text/html" in text


@pytest.mark.parametrize("head", ['<meta name="robots" content="noarchive">', ""])
def test_under_respect_what_is_withheld_is_not_kept(
    head: str, front: Front, tmp_path: Path
) -> None:
    serve(front, PATH, head=head)
    run = rights_site.run(front, tmp_path, PATH, policy="respect", settings=WARC)
    kept = [record for record in archives.everything(run.folder) if record.url.endswith(PATH)]
    left_out = run.reports[-1]["archive"]["left_out"]
    # Feeds are read first, and hold texts.
    assert left_out.pop("texts") > 0
    if head:
        assert (kept, left_out, run.articles) == ([], {"withheld": 1}, [])
    else:
        assert (len(kept), left_out, len(run.articles)) == (3, {}, 1)


def test_large_archives_are_split_and_each_file_can_be_read_alone(
    twin: TwinProcess, tmp_path: Path
) -> None:
    settings = {**WARC, "ARCHIVE_MAX_SIZE": "100000"}
    run = crawl("alanews", tmp_path, site_url=twin.url, settings=settings)
    paths = archives.files(run.folder)
    assert len(paths) > 2
    assert [path.name[-13:-8] for path in paths] == [f"{n:05}" for n in range(len(paths))]
    for path in paths:
        found = archives.records(path)
        assert found[0].kind == "warcinfo"
        assert f"{twin.url}/robots.txt" in {record.url for record in found[:6]}
        assert archives.faults(path) == []
    for line in run.articles:
        assert archives.of_line(run.folder, line).kind == "response"
    assert run.reports[-1]["archive"]["files"] == [f"alanews/{path.name}" for path in paths]


@pytest.mark.parametrize("policy", ["record", "respect"])
def test_a_run_by_rest_keeps_the_lists(policy: str, twin: TwinProcess, tmp_path: Path) -> None:
    settings = {**WARC, "RIGHTS_POLICY": policy}
    run = crawl("esteri", tmp_path, site_url=twin.url, settings=settings, source="rest")
    assert (run.code, len(run.articles) > 5) == (0, True)
    for line in run.articles:
        record = archives.of_line(run.folder, line)
        number = int(line["id"].rpartition(":")[2])
        records = json.loads(record.payload)
        assert record.kind == ("response" if policy == "record" else "conversion")
        assert number in {post["id"] for post in records}
        if policy == "respect":
            assert len(records) == 1
    said = [value for record in archives.everything(run.folder) if record.kind == "metadata"
            for name, value in record.fields if name == "article"]  # fmt: skip
    assert sorted(said) == sorted(line["url"] for line in run.articles)


@pytest.mark.usefixtures("chromium")
def test_a_page_of_the_browser_is_kept_with_what_it_was_made_of(
    twin: TwinProcess, tmp_path: Path
) -> None:
    post = next(post for post in Content(size=SIZE).posts if len(post.pages) == 1)
    url = truth.expected(Content(size=SIZE), Switches())[truth.article_id(post)].url
    run = crawl("alanews", tmp_path, site_url=twin.url, urls=url, render="always", settings=WARC)
    (line,) = run.articles
    record = archives.of_line(run.folder, line)
    assert record.kind == "conversion"
    assert line["headline"] in record.payload.decode()
    (original,) = [
        other
        for other in archives.everything(run.folder)
        if other.headers["WARC-Record-ID"] == record.headers["WARC-Refers-To"]
    ]
    assert (original.kind, original.url) == ("response", record.url)


def check_after_kills(folder: Path, lines: list[dict[str, object]]) -> None:
    wanted = truth.expected(Content(size=SIZE), Switches())
    assert sorted(str(line["id"]) for line in lines) == sorted(wanted)
    assert [*archives.parts(folder)] == []
    for path in archives.files(folder):
        assert archives.faults(path) == []
        archives.records(path)
    for line in lines:
        record = archives.of_line(folder, line)
        assert record.kind == "response"
        fields = dict(archives.outcomes(archives.everything(folder))[
            record.headers["WARC-Record-ID"]
        ])  # fmt: skip
        assert fields["url"] == line["url"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "kills"),
    [
        ("sqlite", 2),
        pytest.param("sqlite", 10, marks=pytest.mark.soak),
        pytest.param("postgresql", 6, marks=pytest.mark.soak),
    ],
)
def test_kill_9_leaves_whole_records_and_a_record_for_every_line(
    kind: str, kills: int, process: TwinProcess, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ledger = text_of(request.getfixturevalue("postgres")) if kind == "postgresql" else None
    found = endure(
        "alanews",
        process.url,
        tmp_path,
        kills=kills,
        seed=20261129 + kills,
        ledger=ledger,
        DOWNLOAD_DELAY=0.1,
        ARCHIVE="warc",
        ARCHIVE_MAX_SIZE=200_000,
    )
    assert found.kills == kills
    check_after_kills(tmp_path / "alanews", found.lines)


@pytest.mark.soak
def test_workers_of_one_crawl_have_archives_of_their_own(
    process: TwinProcess, tmp_path: Path, postgres: URL
) -> None:
    process.reset()
    with team("alanews", process, tmp_path, postgres) as workers:
        workers.settings |= {"ARCHIVE": "warc"}
        workers.start(3)
        workers.at_work(2)
        workers.kill(workers.workers[0])
        assert [worker.stderr for worker in workers.end()[1:] if worker.code] == []
        check_after_kills(tmp_path / "alanews", workers.found().lines)
