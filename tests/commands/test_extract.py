"""`scrapy extract` as a person types it: archives and saved pages in, a dump out."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.dumps.part_files import part_of
from tests.support import preloaded
from tests.support.answers import ask
from tests.support.crawling import ROOT
from tests.support.twin_crawls import ordinary_cards
from tests.support.waiting import HANG
from tests.support.warc_files import Archive, page_of
from twin import addresses
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.answers import Answer

HTML = (("Content-Type", "text/html; charset=UTF-8"),)
TEXT = "Il consiglio comunale ha approvato la delibera dopo una lunga discussione. " * 12


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=120) as running:
        yield running


@pytest.fixture(scope="module")
def pages(twin: TwinProcess) -> dict[str, bytes]:
    """Give pages of articles by their paths."""
    paths = [addresses.path(card, Switches()) for card in ordinary_cards(twin, "politica")]
    return {path: page_of(ask(twin.url, path)) for path in paths}


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "scrapy", "extract", *map(str, words)]


def extract(*words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = preloaded.run(["extract", *map(str, words)], os.environ)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def totals(*words: object, code: int = 0) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(extract(*words, "--json", code=code).stdout)
    return record


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(text) for text in path.read_bytes().splitlines()]


def foreign_page(title: str, path: str, host: str) -> bytes:
    return f"""<!doctype html><html lang="it"><head><title>{title}</title>
<link rel="canonical" href="https://{host}{path}">
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="2026-11-20T10:00:00+01:00">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{title}", "datePublished": "2026-11-20T10:00:00+01:00"}}</script></head>
<body><article><h1>{title}</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p></article></body></html>
""".encode()


def foreign(*hosts: str) -> Archive:
    """Return an archive as a stranger's crawler writes it, with an article of each host."""
    archive = Archive()
    archive.info(software="other/1.0", robots="obey")
    for number, host in enumerate(hosts):
        path = f"/cronaca/titolo-numero-{number}-della-notizia/"
        archive.request(f"https://{host}{path}")
        page = foreign_page(f"Titolo numero {number} della notizia", path, host)
        archive.response(f"https://{host}{path}", page, HTML)
    return archive


def own(twin: TwinProcess, pages: dict[str, bytes], *, times: int = 1) -> Archive:
    archive = Archive()
    archive.ours(twin.url)
    for _ in range(times):
        for path, page in pages.items():
            url = f"{twin.url}{path}"
            archive.metadata(archive.response(url, page, HTML), url, outcome="written")
    return archive


def test_articles_of_other_archives_have_their_own_sites(tmp_path: Path) -> None:
    hosts = ("www.alanews.it", "www.example.it", "notizie.example.org")
    archive = foreign(*hosts)
    archive.response("https://www.example.it/", b"<html><body>Home</body></html>", HTML)
    archive.response(
        "https://www.example.it/x.pdf", b"%PDF", (("Content-Type", "application/pdf"),)
    )
    archive.response("https://www.example.it/no/", b"", HTML, status="404 Not Found")
    file, out = archive.save(tmp_path / "in" / "foreign.warc.gz"), tmp_path / "out.jsonl"
    found = totals(file.parent, "-o", out)
    assert [line["site"] for line in lines(out)] == ["alanews", "example.it", "notizie.example.org"]
    assert (found["articles"], found["pages"], found["files"]) == (3, 4, 1)
    assert found["left_out"] == {"http_404": 1, "not_html": 1}
    assert sum(found["not_articles"].values()) == 1
    assert not [*tmp_path.glob("out.jsonl.*")]
    narrow = tmp_path / "narrow.jsonl"
    found = totals(file, "-o", narrow, "--site", "example.it")
    assert [line["site"] for line in lines(narrow)] == ["example.it"]
    assert found["left_out"]["other_site"] == 2


def test_robots_txt_and_headers_of_other_archives_state_rights(tmp_path: Path) -> None:
    archive = Archive()
    robots = b"User-agent: *\nContent-Signal: ai-train=no\n"
    archive.response("https://www.example.it/robots.txt", robots, (("Content-Type", "text/plain"),))
    path = "/cronaca/titolo-numero-0-della-notizia/"
    page = foreign_page("Titolo numero 0 della notizia", path, "www.example.it")
    archive.response(f"https://www.example.it{path}", page, (*HTML, ("X-Robots-Tag", "noai")))
    out = tmp_path / "out.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    (line,) = lines(out)
    sources = {signal["source"] for signal in line["rights"]["signals"]}
    assert sources == {"content-signal/robots.txt", "robots/header"}


def test_saved_pages_have_the_address_that_they_state_or_are_given(tmp_path: Path) -> None:
    path = "/cronaca/titolo-numero-7-della-notizia/"
    page = foreign_page("Titolo numero 7 della notizia", path, "www.example.it")
    stated, bare = tmp_path / "a.html", tmp_path / "b.htm"
    stated.write_bytes(page)
    bare.write_bytes(re.sub(rb"<link[^>]+>", b"", page))
    out = tmp_path / "out.jsonl"
    done = extract(stated, bare, "-o", out)
    assert [line["url"] for line in lines(out)] == [f"https://www.example.it{path}"]
    assert "no address" in done.stderr
    assert str(bare) in done.stderr
    extract(bare, "-o", out, "--overwrite", "--url", f"https://www.example.it{path}")
    assert [line["url"] for line in lines(out)] == [f"https://www.example.it{path}"]
    extract(stated, bare, "-o", tmp_path / "x.jsonl", "--strict", code=1)


def test_a_wacz_is_read_without_unpacking(tmp_path: Path) -> None:
    file, out = tmp_path / "a.wacz", tmp_path / "out.jsonl"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("archive/b.warc.gz", foreign("b.example.it").data)
        packed.writestr("archive/a.warc.gz", foreign("a.example.it").data, zipfile.ZIP_DEFLATED)
        packed.writestr("pages/pages.jsonl", "{}")
    extract(file, "-o", out)
    assert [line["site"] for line in lines(out)] == ["a.example.it", "b.example.it"]


def test_each_kind_of_damage_is_one_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    whole = foreign("a.example.it", "b.example.it").save(folder / "1.warc.gz")
    data = whole.read_bytes()
    (folder / "2-cut.warc.gz").write_bytes(data[:-200])
    (folder / "3-empty.warc.gz").write_bytes(b"")
    (folder / "4-text.warc").write_bytes(b"This is not an archive.\n" * 100)
    (folder / "5.wacz").write_bytes(b"PK\x03\x04 not a zip")
    silent = Archive()
    silent.info(software="other/1.0")
    silent.request("https://www.example.it/")
    silent.save(folder / "6-silent.warc.gz")
    (folder / "7-gone.warc.gz").symlink_to(tmp_path / "nowhere")
    foreign("c.example.it").save(folder / "8.warc.gz")
    out = tmp_path / "out.jsonl"
    names = sorted(folder.iterdir())
    done = extract(*[name for name in names if name.exists()], "-o", out, "--json", code=1)
    found = json.loads(done.stdout)
    assert [line["site"][0] for line in lines(out)] == ["a", "b", "a", "c"]
    assert found["unreadable_files"] == 3
    assert found["bad"]["cut_off"] == 1
    messages = done.stderr.splitlines()
    for name in ("2-cut", "3-empty", "5.wacz", "6-silent"):
        assert sum(name in text for text in messages) == 1, messages


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "name the files"),
        (("missing.warc",), "name the dump to write"),
        (("{file}", "-o", "out.csv"), "must end in .jsonl"),
        (("{file}", "-o", "nowhere/out.jsonl"), "there is no folder"),
        (("{file}", "-o", "{out}", "--jobs", "0"), "is not a number from 1"),
        (("{file}", "-o", "{out}", "--site", "b o"), "is not a site"),
        (("{file}", "-o", "{out}", "--since", "ieri"), "is not a day"),
        (("{file}", "-o", "{out}", "--url", "https://a.it/"), "one saved page"),
        (("{file}", "-o", "{file}.jsonl"), "exists"),
        (("{file}", "--wrong"), "unknown option"),
    ],
)
def test_wrong_arguments_are_one_line(tmp_path: Path, words: tuple[str, ...], why: str) -> None:
    file = foreign("a.example.it").save(tmp_path / "a.warc.gz")
    (tmp_path / "a.warc.gz.jsonl").write_bytes(b"")
    given = [word.format(file=file, out=tmp_path / "out.jsonl") for word in words]
    done = extract(*given, code=2)
    (message,) = done.stderr.splitlines()
    assert why in message


def test_jobs_change_nothing_in_the_dump(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    file = own(twin, pages, times=3).save(tmp_path / "alanews" / "x-00001.warc.gz")
    outs = [tmp_path / f"{jobs}.jsonl" for jobs in (1, 2)]
    for jobs, out in enumerate(outs, 1):
        extract(file, "-o", out, "--jobs", jobs)
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert len(lines(outs[0])) == 3 * len(pages)
    assert {tuple(line["flags"][-1:]) for line in lines(outs[0])}


def test_what_was_fetched_again_unchanged_is_not_repeated(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    first, *others = pages.items()
    archive = own(twin, dict([first]))
    url = f"{twin.url}{first[0]}"
    number = archive.response(url, first[1], HTML, date="2026-11-28T12:00:00Z")
    archive.metadata(number, url, outcome="unchanged")
    other = f"{twin.url}{others[0][0]}"
    archive.metadata(archive.response(other, others[0][1], HTML), other, outcome="unchanged")
    out = tmp_path / "out.jsonl"
    found = totals(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert (found["articles"], found["repeated"]) == (2, 1)


def test_revisits_are_resolved_in_the_same_folder(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    path, page = next(iter(pages.items()))
    url = f"{twin.url}{path}"
    first, second = Archive(), Archive()
    first.ours(twin.url)
    offset = len(first.data)
    first.metadata(first.response(url, page, HTML), url, outcome="excluded")
    second.ours(twin.url)
    for name in ("1.warc.gz", "9.warc.gz"):
        fields = {
            "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
            "WARC-Payload-Digest": "sha1:YTLTHEEEUQ5TLOSAIKFZ37N4F7SFWF5W",
            "WARC-Refers-To-Target-URI": url,
            "WARC-Refers-To-Filename": name,
            "WARC-Refers-To-File-Offset": str(offset),
        }
        date = "2026-11-28T12:00:00Z"
        number = second.response(url, b"", HTML, fields=fields, kind="revisit", date=date)
        second.metadata(number, url, outcome="written")
    first.save(tmp_path / "1.warc.gz")
    out = tmp_path / "out.jsonl"
    found = totals(second.save(tmp_path / "2.warc.gz"), "-o", out)
    (line,) = lines(out)
    assert line["fetched_at"] == "2026-11-28T12:00:00Z"
    assert found["left_out"] == {"revisit_unresolved": 1}


@pytest.mark.parametrize("is_before", [True, False])
def test_further_pages_stand_before_or_behind_the_first(
    twin: TwinProcess,
    tmp_path: Path,
    is_before: bool,  # noqa: FBT001 - of pytest
) -> None:
    content = twin.content()
    cards = (content.card(index) for index in content.category("politica"))
    card = next(card for card in cards if "pages-2" in card.edge_cases)
    path = addresses.path(card, Switches())
    archive = Archive()
    archive.ours(twin.url)

    def fetch_first() -> Answer:
        return archive.fetch(twin.url, path, outcome="written")

    if not is_before:
        fetch_first()
    archive.fetch(twin.url, f"{path}2/", outcome="part", of=path)
    if is_before:
        fetch_first()
    alone = Archive()
    alone.ours(twin.url)
    alone.fetch(twin.url, path, outcome="written")
    out, cut = tmp_path / "out.jsonl", tmp_path / "cut.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), "-o", out, "--jobs", 2)
    extract(alone.save(tmp_path / "b.warc.gz"), "-o", cut)
    (line,), (first,) = lines(out), lines(cut)
    assert "truncated" not in line["flags"]
    assert "truncated" in first["flags"]
    assert line["body"].startswith(first["body"])
    assert line["word_count"] > first["word_count"]


def test_a_rendered_page_is_read_in_place_of_what_was_sent(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    path, page = next(iter(pages.items()))
    url = f"{twin.url}{path}"
    archive = Archive()
    archive.ours(twin.url)
    sent = b"<html><body><div id='app'></div><script src='/app.js'></script></body></html>"
    number = archive.response(url, sent, HTML)
    archive.request(url)
    archive.metadata(archive.conversion(number, url, page), url, outcome="written")
    out = tmp_path / "out.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert len(lines(out)) == 1


def test_a_killed_extraction_is_continued_to_the_same_bytes(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    files = [own(twin, pages, times=10).save(tmp_path / f"x-{n}.warc.gz") for n in (1, 2)]
    files.append(foreign("a.example.it", "b.example.it").save(tmp_path / "y.warc.gz"))
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    expected = totals(*files, "-o", whole)
    kills = 0
    for jobs in (1, 2, 1):
        words = command(*files, "-o", out, "--jobs", jobs)
        before = part_of(out).stat().st_size if part_of(out).exists() else 0
        process = subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + HANG
        while process.poll() is None and time.monotonic() < deadline:
            if part_of(out).exists() and part_of(out).stat().st_size > before:
                break
            time.sleep(0.01)
        process.kill()
        process.wait()
        kills += not out.exists()
    assert kills
    found = totals(*files, "-o", out)
    assert out.read_bytes() == whole.read_bytes()
    assert {**found, "output": ""} == {**expected, "output": ""}
    assert not [*tmp_path.glob("out.jsonl.*")]


def test_an_extraction_of_other_files_is_not_continued(tmp_path: Path) -> None:
    file, out = foreign("a.example.it").save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    part_of(out).write_bytes(b"")
    assert "does not" in extract(file, "-o", out, code=2).stderr
    (tmp_path / "out.jsonl.progress").write_text('{"identity": {"files": []}}')
    done = extract(file, "-o", out, code=2)
    assert "FILES have changed" in done.stderr
    extract(file, "-o", out, "--overwrite")
    assert len(lines(out)) == 1


def test_rights_of_an_earlier_file_count_where_an_extraction_is_continued(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    robots = b"User-agent: *\nContent-Signal: ai-train=no\n"
    first, second = Archive(), own(twin, pages)
    first.ours(twin.url)
    first.response(f"{twin.url}/robots.txt", robots, (("Content-Type", "text/plain"),))
    files = [first.save(tmp_path / "x-1.warc.gz"), second.save(tmp_path / "x-2.warc.gz")]
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    extract(*files, "-o", whole)
    assert all(line["rights"]["signals"] for line in lines(whole))
    # As a run that was killed behind the first file leaves it.
    process = subprocess.Popen(command(*files, "-o", out), cwd=ROOT, stderr=subprocess.DEVNULL)
    journal = tmp_path / "out.jsonl.progress"
    deadline = time.monotonic() + HANG
    while not journal.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()
    if not out.exists():
        progress = json.loads(journal.read_bytes())
        done = {"file": 1, "entry": 0, "length": 0, "own_files": [0]}
        journal.write_text(json.dumps({**progress, **done}))
    extract(*files, "-o", out)
    assert out.read_bytes() == whole.read_bytes()


def test_days_narrow_what_is_written(
    twin: TwinProcess, pages: dict[str, bytes], tmp_path: Path
) -> None:
    file, out = own(twin, pages).save(tmp_path / "a.warc.gz"), tmp_path / "all.jsonl"
    extract(file, "-o", out)
    days = sorted({line["date_published"][:10] for line in lines(out)})
    middle = days[len(days) // 2]
    later = tmp_path / "later.jsonl"
    found = totals(file, "-o", later, "--since", middle, "--until", days[-1])
    expected = [line for line in lines(out) if line["date_published"][:10] >= middle]
    assert lines(later) == expected
    assert 0 < len(expected) < len(pages)
    assert found["not_articles"] == {"outside_dates": len(pages) - len(expected)}


def test_an_archive_from_a_pipe_is_read(tmp_path: Path) -> None:
    data, out = foreign("a.example.it", "b.example.it").data, tmp_path / "out.jsonl"
    words = command("/dev/stdin", "-o", out)
    done = subprocess.run(words, input=data, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(lines(out)) == 2


def test_what_is_reserved_is_kept_out_where_that_is_the_policy(tmp_path: Path) -> None:
    path = "/cronaca/titolo-numero-0-della-notizia/"
    page = foreign_page("Titolo numero 0 della notizia", path, "www.example.it")
    archive = foreign("a.example.it")
    archive.response(f"https://www.example.it{path}", page, (*HTML, ("TDM-Reservation", "1")))
    file, out = archive.save(tmp_path / "a.warc.gz"), tmp_path / "out.jsonl"
    found = totals(file, "-o", out, "-s", "RIGHTS_POLICY=respect")
    assert [line["site"] for line in lines(out)] == ["a.example.it"]
    assert found["not_articles"] == {"withheld_tdm": 1}


def test_a_response_that_broke_off_gives_a_truncated_article(tmp_path: Path) -> None:
    path = "/cronaca/titolo-numero-0-della-notizia/"
    page = foreign_page("Titolo numero 0 della notizia", path, "www.example.it")
    archive = Archive()
    for fields in ({}, {"WARC-Truncated": "disconnect"}):
        archive.response(f"https://www.example.it{path}", page, HTML, fields=fields)
    archive.response(f"https://www.example.it{path}", page.partition(b"</body>")[0], HTML)
    out = tmp_path / "out.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert ["truncated" in line["flags"] for line in lines(out)] == [False, True, True]


def test_damage_in_one_archive_of_a_wacz_costs_one_record(tmp_path: Path) -> None:
    file, out = tmp_path / "a.wacz", tmp_path / "out.jsonl"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("archive/1.warc.gz", foreign("a.example.it", "b.example.it").data)
        data = foreign("c.example.it").data
        packed.writestr("archive/2.warc.gz", data, zipfile.ZIP_DEFLATED)
        packed.writestr("archive/3.warc.gz", foreign("d.example.it").data)
        second = packed.getinfo("archive/2.warc.gz").header_offset
    content = bytearray(file.read_bytes())
    content[second - 400 : second - 360] = bytes(40)
    file.write_bytes(content)
    done = extract(file, "-o", out, "--json")
    found = json.loads(done.stdout)
    assert [line["site"][0] for line in lines(out)] == ["a", "c", "d"]
    assert (found["unreadable_files"], sum(found["bad"].values())) == (0, 1)
    (message,) = done.stderr.splitlines()
    assert f"{file}: archive/1.warc.gz: the record at byte" in message
    # What the ZIP has compressed cannot be read past its damage.
    content[second + 60 : second + 100] = bytes(40)
    file.write_bytes(content)
    done = extract(file, "-o", out, "--overwrite", code=1)
    assert [line["site"][0] for line in lines(out)] == ["a", "d"]
    assert f"{file}: archive/2.warc.gz: cannot be read" in done.stderr


@pytest.mark.parametrize("by", ["id", "date"])
def test_revisits_of_others_are_read_where_their_payload_stands_before(
    by: str, tmp_path: Path
) -> None:
    path, host = "/cronaca/titolo-numero-0-della-notizia/", "www.example.it"
    url, page = f"https://{host}{path}", foreign_page("Titolo numero 0", path, host)
    archive = Archive()
    archive.response(url, page, HTML, date="2026-11-28T09:00:00Z")
    number = archive.response(url, page.replace(b"Titolo numero 0", b"Altro titolo"), HTML)
    known = {
        "id": {"WARC-Refers-To": number},
        "date": {
            "WARC-Refers-To-Target-URI": url,
            "WARC-Refers-To-Date": "2026-11-28T10:00:00.000000Z",
        },
    }
    for fields in (known[by], {"WARC-Refers-To": "<urn:uuid:0>"}):
        date = "2026-11-28T12:00:00Z"
        archive.response(f"{url}?a=b", b"", HTML, fields=fields, kind="revisit", date=date)
    archive.response("https://www.example.it/x", b"", (), status="404 Not Found")
    out = tmp_path / "out.jsonl"
    found = totals(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert found["left_out"] == {"http_404": 1, "revisit_unresolved": 1}
    assert [line["fetched_at"][11:13] for line in lines(out)] == ["09", "10", "12"]
    assert [line["headline"][:5] for line in lines(out)] == ["Titol", "Altro", "Altro"]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2020", "2020-01-01T00:00:00Z"),
        ("2020-05", "2020-05-01T00:00:00Z"),
        ("2020-05-02", "2020-05-02T00:00:00Z"),
        ("2020-05-02T10:30Z", "2020-05-02T10:30:00Z"),
        ("2020-05-02T10:30:07.123456789Z", "2020-05-02T10:30:07Z"),
    ],
)
def test_times_of_reduced_precision_are_read(date: str, expected: str, tmp_path: Path) -> None:
    path, host = "/cronaca/titolo-numero-0-della-notizia/", "www.example.it"
    archive = Archive()
    page = foreign_page("Titolo numero 0", path, host)
    archive.response(f"https://{host}{path}", page, HTML, date=date)
    out = tmp_path / "out.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert [line["fetched_at"] for line in lines(out)] == [expected]


def test_pages_kept_without_http_are_read(tmp_path: Path) -> None:
    path, host = "/cronaca/titolo-numero-0-della-notizia/", "www.example.it"
    url, page = f"https://{host}{path}", foreign_page("Titolo numero 0", path, host)
    archive = Archive()
    archive.resource(url, page, "text/html; charset=utf-8")
    archive.resource("metadata://example.it/log", b"<html>", "text/html")
    archive.resource(f"https://{host}/a.png", b"\x89PNG", "image/png")
    out = tmp_path / "out.jsonl"
    found = totals(archive.save(tmp_path / "a.warc.gz"), "-o", out)
    assert [line["url"] for line in lines(out)] == [url]
    assert found["left_out"] == {"not_http": 1, "not_html": 1}


@pytest.mark.parametrize("is_gzip", [True, False])
def test_arc_files_are_one_line(is_gzip: bool, tmp_path: Path) -> None:  # noqa: FBT001 - of pytest
    head = b"filedesc://a.arc 0.0.0.0 20061128100000 text/plain 76\n1 0 Other\n" + b"x" * 200
    body = b"\nWARC/1.0 is another format\n"
    file = tmp_path / ("a.arc.gz" if is_gzip else "a.arc")
    file.write_bytes(gzip.compress(head) + gzip.compress(body) if is_gzip else head + body)
    done = extract(file, "-o", tmp_path / "out.jsonl", code=1)
    message, _ = done.stderr.splitlines()
    assert message.endswith(
        f"{file} is an ARC file, which is not read: convert it with warcio recompress"
    )


def test_empty_files_are_not_read(tmp_path: Path) -> None:
    for name in ("a.html", "b.warc.gz", "c.warc"):
        file = tmp_path / name
        file.write_bytes(b"")
        done = extract(file, "-o", tmp_path / f"{name}.jsonl", code=1)
        message, _ = done.stderr.splitlines()
        assert message.endswith(f"{file} is empty")


def test_names_may_have_any_bytes(tmp_path: Path) -> None:
    folder, archive = tmp_path / "in", Archive()
    folder.mkdir()
    archive.response("https://www.example.it/a/", foreign_page("Titolo", "/a/", "www.example.it"))
    for name in (b"\xff.warc.gz", b"new\nline.warc.gz", b"with space.warc.gz"):
        (folder / os.fsdecode(name)).write_bytes(archive.data)
    (folder / "\x1b[2J.warc.gz").write_bytes(b"damaged")
    done = extract(folder, "-o", tmp_path / "out.jsonl", "--jobs", 2, code=1)
    assert len(lines(tmp_path / "out.jsonl")) == 3
    assert "\\x1b[2J.warc.gz: the record at byte 0" in done.stderr
    assert all(line.startswith("newscrawl: ") for line in done.stderr.splitlines())


ZSTD = b"\x28\xb5\x2f\xfd" + bytes(100)


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (ZSTD, "is compressed with Zstandard, which is not read: decompress it with zstd -d"),
        (b"\x50\x2a\x4d\x18" + ZSTD, "decompress it with zstd -d"),
        (b"\x5d\x2a\x4d\x18" + ZSTD, "a dictionary of its own, which is not read"),
        (b"filedesc://x.arc 0.0.0.0 20261128100000 text/plain 76\n", "is an ARC file"),
    ],
)
def test_files_of_other_formats_are_named(tmp_path: Path, data: bytes, line: str) -> None:
    (tmp_path / "a.warc.zst").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "b.wacz", "w") as packed:
        packed.writestr("archive/a.warc.gz", data)
    # Of a folder it is not passed over.
    done = extract(tmp_path, "-o", tmp_path / "out.jsonl", code=1)
    first, second, *_ = done.stderr.splitlines()
    assert f"{tmp_path}/a.warc.zst is " in first
    assert f"{tmp_path}/b.wacz: archive/a.warc.gz is " in second
    assert line in first
    assert line in second
    with subprocess.Popen(
        command("/dev/stdin", "-o", tmp_path / "out.jsonl"),
        cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        _, errors = running.communicate(data, timeout=HANG)
    assert line in errors.decode()
    assert running.returncode == 1


def test_damage_in_an_archive_from_a_pipe_is_not_passed_over(tmp_path: Path) -> None:
    archive = Archive(is_gzip=False)
    for path in ("/a/", "/b/"):
        archive.response(
            f"https://www.example.it{path}", foreign_page("Titolo", path, "www.example.it")
        )
    data = archive.data.replace(b"WARC-Type", b"WARC-Tipo", 1)
    with subprocess.Popen(
        command("/dev/stdin", "-o", tmp_path / "out.jsonl"),
        cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as running:  # fmt: skip
        _, errors = running.communicate(data, timeout=HANG)
    assert running.returncode == 1
    assert "cannot be searched for in a pipe: name a file" in errors.decode()


WITHOUT_PRIVILEGES = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="setpriv is not installed")
def test_what_must_not_be_read_is_one_line(tmp_path: Path) -> None:
    archive, folder = Archive(), tmp_path / "in"
    archive.response("https://www.example.it/a/", foreign_page("Titolo", "/a/", "www.example.it"))
    archive.save(folder / "a.warc.gz")
    closed = archive.save(folder / "closed" / "b.warc.gz").parent
    closed.chmod(0)
    prefix = WITHOUT_PRIVILEGES if os.geteuid() == 0 else ()
    try:
        for name, line in ((folder, closed), (closed / "b.warc.gz", closed / "b.warc.gz")):
            words = command(name, folder / "a.warc.gz", "-o", tmp_path / f"{name.name}.jsonl")
            done = subprocess.run(
                [*prefix, *words], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert done.stderr == f"newscrawl: {line}: cannot be read: Permission denied\n"
            assert done.returncode == 1
            assert len(lines(tmp_path / f"{name.name}.jsonl")) == 1
    finally:
        closed.chmod(0o700)


@pytest.mark.parametrize("closing", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_do_not_keep_the_dump_from_being_written(
    tmp_path: Path, closing: str
) -> None:
    archive, out = Archive(), tmp_path / "out.jsonl"
    archive.response("https://www.example.it/a/", foreign_page("Titolo", "/a/", "www.example.it"))
    words = shlex.join(command(archive.save(tmp_path / "a.warc.gz"), "-o", out))
    done = subprocess.run(["/bin/sh", "-c", f"{words} {closing}"], cwd=ROOT, check=False)
    assert done.returncode == 0
    assert len(lines(out)) == 1


def test_output_that_cannot_be_printed_is_not_a_dump_that_cannot_be_written(
    tmp_path: Path,
) -> None:
    archive, out = Archive(), tmp_path / "out.jsonl"
    archive.response("https://www.example.it/a/", foreign_page("Titolo", "/a/", "www.example.it"))
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            command(archive.save(tmp_path / "a.warc.gz"), "-o", out),
            cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == (
        f"newscrawl: {out} is complete, but not the output: No space left on device\n"
    )
    assert len(lines(out)) == 1
