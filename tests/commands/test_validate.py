"""`scrapy validate`: what a crawl wrote is right, what is changed in it is named by its line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scrapy.cmdline import execute

from newscrawl import dumps
from newscrawl.dumps.checking import Check
from newscrawl.items import Article, RelatedPost
from tests.support.crawling import ROOT, crawl
from tests.support.dumps import COMPRESS, first, record, removed, revised, write
from tests.support.waiting import HANG
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

NOT_WHOLE = {"protected", "duplicate", "pages-2", "pages-3", "builder", "br-body", "one-line"}


def check(path: Path, *, editions: bool = False) -> list[str]:
    """Return the faults of dumps, the folder left out."""
    folder = path if path.is_dir() else path.parent
    found = Check(editions=editions).run(dumps.expand(path))
    return [str(fault).replace(f"{folder}/", "") for fault in found]


def scrapy(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str, str]:
    """Run `scrapy validate` in this process."""
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        execute(["scrapy", "validate", *arguments])
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def test_a_life_is_right(tmp_path: Path) -> None:
    one = first(1)
    two = revised(one)
    gone = removed(two)
    back = replace(two, revision=4, previous_hash=two.content_hash, changed_fields=["status"])
    write(tmp_path / "1.jsonl", [one, first(2), two, gone, back])
    # Any part of it may stand in a dump, and in those of several spiders.
    for ending in COMPRESS:
        write(tmp_path / f"{ending or 'plain'}/1.jsonl{ending}", [two, gone])
    assert check(tmp_path) == []


ORIGIN, FORM = "https://www.alanews.it", "url: is not canonical"
CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"headline": "Un altro titolo"}, "content_hash: is not the hash of headline, subtitle and"),
    ({"subtitle": None}, "content_hash: is not the hash of"),
    ({"content_hash": "0" * 64}, "content_hash: is not the hash of"),
    ({"headline": "Due  spazi"}, "headline: has white space or control characters"),
    ({"word_count": 1}, "word_count: is 1, but body has"),
    ({"blocks": []}, "body: is not the text of blocks"),
    ({"id": "alaradio:1"}, "id: does not begin with the site's key, alanews:"),
    ({"url": f"{ORIGIN}/Esteri/A-b-c/"}, f"{FORM}, the canonical URL is {ORIGIN}/esteri/a-b-c/"),
    ({"url": f"{ORIGIN}/esteri/a-b-c/?utm_source=x"}, FORM),
    ({"section": "Cultura"}, "section: is not one of sections"),
    ({"first_seen_at": "2026-11-24T09:00:00Z"}, "first_seen_at: is 1 day, 0:00:00 after"),
    ({"provenance": {"date_published": "meta"}}, "date_published_source: differs from provenance"),
    ({"changed_fields": ["mood"]}, "changed_fields: names mood, which is not a field"),
    ({"duplicate_of": "alanews:1", "similarity": 1.0}, "duplicate_of: is the article itself"),
    ({"date_published": "1899-12-31"}, "date_published: is 1899-12-31, before 1990"),
    ({"date_published": "2026-11-26"}, "date_published: is 2026-11-26, more than a day after"),
]  # fmt: skip
TIMES = [
    ("2025-10-28T14:30:00+02:00", "in Europe/Rome is 2025-10-28T13:30:00+01:00"),
    ("2025-07-28T14:30:00+01:00", "in Europe/Rome is 2025-07-28T15:30:00+02:00"),
    ("2025-10-28T14:30:00+00:00", "in Europe/Rome is 2025-10-28T15:30:00+01:00"),
    # An hour that is left out in spring, and 61 seconds.
    ("2025-03-30T02:30:00+01:00", "in Europe/Rome is 2025-03-30T03:30:00+02:00"),
    ("2025-10-28T14:30:60+01:00", ""),
    ("2026-11-24T10:30:00+01:00", "more than a day after fetched_at"),
]


@pytest.mark.parametrize(("change", "what"), CHANGES)
def test_what_a_schema_cannot_say_is_checked(
    change: dict[str, Any], what: str, tmp_path: Path
) -> None:
    base = record(first(1))
    if change.keys() & {"changed_fields"}:
        base = record(revised(first(1)))
    write(tmp_path / "a.jsonl", [first(2), base | change])
    assert any(text.startswith(f"a.jsonl:2: {what}") for text in check(tmp_path)), check(tmp_path)


@pytest.mark.parametrize(("stated", "what"), TIMES)
@pytest.mark.parametrize("field", ["date_published", "date_modified"])
def test_times_are_real_and_italian(field: str, stated: str, what: str, tmp_path: Path) -> None:
    article = first(1)
    for name in ("date_published", "date_modified"):
        # The first of the two hours of that name.
        setattr(article, name, "2025-10-26T02:30:00+02:00")
        setattr(article, f"{name}_precision", "second")
        setattr(article, f"{name}_raw", "as the page has it")
        setattr(article, f"{name}_source", "jsonld")
        article.provenance[name] = "jsonld"
    path = write(tmp_path / "a.jsonl", [article])
    assert check(path) == []
    setattr(article, field, stated)
    (found,) = check(write(path, [article]))
    assert found.startswith(f"a.jsonl:1: {field}: ")
    assert what in found


def test_dates_of_related_posts_and_their_order_are_checked(tmp_path: Path) -> None:
    article = first(1)
    url = "https://www.alanews.it/esteri/un-titolo-qui/"
    article.related = [
        RelatedPost(2, url, "Uno", date_published="2025-07-28T14:30:00+01:00"),
        RelatedPost(2, f"{url}?amp=1", "Due", date_published="2025-07-28"),
    ]
    assert [text.split(" is ")[0] for text in check(write(tmp_path / "a.jsonl", [article]))] == [
        "a.jsonl:1: related[1].url:",
        "a.jsonl:1: related[0].date_published:",
        "a.jsonl:1: related[0].position:",
    ]


def test_keys_in_another_order_are_told(tmp_path: Path) -> None:
    turned = dict(reversed(record(first(1)).items()))
    assert check(write(tmp_path / "a.jsonl", [turned])) == [
        "a.jsonl:1: schema_version: the keys are not in the order of docs/fields.md"
    ]


def test_a_key_that_stands_twice_is_told(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.jsonl", [first(1)]).read_bytes()
    path = write(tmp_path / "a.jsonl", [whole.replace(b'"id":', b'"id": "alanews:2", "id":', 1)])
    assert check(path) == ["a.jsonl:1: has the key 'id' twice; remove one of them"]
    assert [article.id for article in dumps.read(path)] == ["alanews:1"]


def test_a_revision_stands_once_in_a_series(tmp_path: Path) -> None:
    one = first(1)
    write(tmp_path / "esteri/1.jsonl", [one, one])
    write(tmp_path / "esteri/2.jsonl", [one])
    write(tmp_path / "alanews/1.jsonl", [one])
    again = "id: revision 1 is already in"
    assert check(tmp_path) == [
        f"esteri/1.jsonl:2: {again} esteri/1.jsonl:1",
        f"esteri/2.jsonl:1: {again} esteri/1.jsonl:1; after -a known=write add --editions",
    ]
    assert check(tmp_path, editions=True) == [
        f"esteri/1.jsonl:2: {again} esteri/1.jsonl:1",
    ]


def test_a_forgotten_article_may_begin_anew_in_another_file(tmp_path: Path) -> None:
    moment = "2026-11-25T10:00:00Z"
    anew = replace(first(1), first_seen_at=moment, fetched_at=moment)
    write(tmp_path / "1.jsonl", [first(1), revised(first(1))])
    write(tmp_path / "2.jsonl", [anew])
    assert check(tmp_path) == []
    write(tmp_path / "3.jsonl", [first(2), replace(anew, id="alanews:2")])
    assert check(tmp_path) == ["3.jsonl:2: id: revision 1 is already in 3.jsonl:1"]


def test_revisions_build_on_each_other(tmp_path: Path) -> None:
    one = first(1)
    two = revised(one)
    three = revised(two)
    path = tmp_path / "1.jsonl"

    def faults(*articles: Article) -> list[str]:
        return check(write(path, articles))

    assert faults(one, three) == ["1.jsonl:2: revision: 3 follows 1: a revision between is missing"]
    assert faults(two, one) == ["1.jsonl:2: revision: 1 comes after 2, 1.jsonl:1"]
    assert faults(one, replace(three, revision=2)) == [
        "1.jsonl:2: previous_hash: does not fit revision 1, 1.jsonl:1"
    ]
    status = replace(two, changed_fields=["status", "body"])
    assert faults(one, status) == [
        "1.jsonl:2: changed_fields: does not fit the status of revision 1, 1.jsonl:1"
    ]
    silent = replace(revised(two), revision=4, previous_hash=two.content_hash)
    assert faults(two, removed(two), silent)[:1] == [
        "1.jsonl:3: changed_fields: does not fit the status of revision 3, 1.jsonl:2"
    ]
    write(tmp_path / "2.jsonl", [replace(revised(one, words="Altro."), fetched_at=two.fetched_at)])
    write(path, [two])
    assert [text.split(": ")[1] for text in check(tmp_path)] == ["id", "content_hash"]
    unlike = replace(removed(one), previous_hash="0" * 64)
    assert faults(unlike) == [
        "1.jsonl:1: content_hash: is not previous_hash, which a removal does not change"
    ]
    idle = replace(two, previous_hash=two.content_hash)
    assert faults(idle) == ["1.jsonl:1: previous_hash: is content_hash: nothing changed"]


SERIES = [first(1), revised(first(1)), removed(revised(first(1))), first(2)]
# Another value in one of these cannot be right, whatever it is.
BOUND = (
    "headline", "subtitle", "body", "word_count", "content_hash", "previous_hash", "status",
    "site", "date_published_precision", "schema_version", "revision",
)  # fmt: skip
VALUES = st.none() | st.integers(0, 10**6) | st.text(max_size=20) | st.sampled_from(
    ["live", "gone", "a" * 64, "minute", "second", "2.0"]
)  # fmt: skip


@given(st.integers(0, 3), st.sampled_from(BOUND), VALUES)
def test_a_line_that_was_changed_is_caught(number: int, field: str, value: object) -> None:
    lines = [record(article) for article in SERIES]
    assume(lines[number][field] != value)
    # What a series holds of an article may begin or end with any revision.
    assume(field != "revision" or number < 2)
    # Lines of earlier versions are valid.
    assume(field != "schema_version" or value not in {"1.0", "1.1", "1.2"})
    lines[number][field] = value
    with tempfile.TemporaryDirectory() as folder:
        found = check(write(Path(folder) / "a.jsonl", lines))
    assert found, lines[number]


@pytest.mark.parametrize("number", range(4))
def test_a_line_that_stands_twice_is_caught(number: int, tmp_path: Path) -> None:
    lines = [*SERIES, SERIES[number]]
    found = check(write(tmp_path / "a.jsonl", lines))
    assert found[0].startswith("a.jsonl:5: id: revision ")
    # So is one that stands under the id of another.
    other = replace(SERIES[3], id=SERIES[0].id, revision=1)
    assert check(write(tmp_path / "a.jsonl", [*SERIES, other]))[0].startswith("a.jsonl:5: id: ")


def test_the_command_says_what_is_wrong_and_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    good = write(tmp_path / "a/1.jsonl.gz", SERIES)
    assert scrapy([str(good)], capsys, monkeypatch) == (0, "1 file, 4 lines: 4 right\n", "")
    bad = record(first(3)) | {"word_count": 1, "mood": "glad"}
    path = write(tmp_path / "b/1.jsonl", [first(3), bad, b"{}\n", first(4), b'{"schema'])
    code, out, err = scrapy([str(tmp_path)], capsys, monkeypatch)
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        f"{path}:2: mood: is not a field of an article",
        f"{path}:3: has no schema_version like 1.0; is it a dump?",
        f"{path}:5: the file is cut off here; copy it again, or skip bad lines",
        "  mood                     1",
        "2 files, 7 lines: 6 right, 1 wrong, 2 unreadable, left out",
    ]
    code, out, _ = scrapy(["--json", str(path)], capsys, monkeypatch)
    *faults, total = map(json.loads, out.splitlines())
    assert faults[0] == {
        "file": str(path), "line": 2, "field": "mood", "what": "is not a field of an article",
    }  # fmt: skip
    assert [fault["field"] for fault in faults] == ["mood", None, None]
    assert total == {
        "files": 1, "lines": 3, "right": 2, "wrong": 1, "unreadable": 2, "faults": {"mood": 1},
    }  # fmt: skip


def test_what_cannot_be_read_may_be_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "1.jsonl", [first(3), b"nonsense\n"])
    for options, code in (([], 1), (["--skip-bad"], 0)):
        ended, out, _ = scrapy([*options, str(path)], capsys, monkeypatch)
        assert (ended, out.splitlines()[-1]) == (
            code, "1 file, 1 line: 1 right, 1 unreadable, left out",
        )  # fmt: skip
    write(path, [first(3), b"nonsense\n", record(first(3)) | {"mood": ""}])
    assert scrapy(["--skip-bad", str(path)], capsys, monkeypatch)[0] == 1
    write(path, [b"nonsense\n"])
    assert scrapy(["--skip-bad", str(path)], capsys, monkeypatch)[0] == 1


def test_faults_are_printed_up_to_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "1.jsonl", [record(first(n + 1)) | {"mood": ""} for n in range(60)])
    for options, shown in (([], 50), (["--max-errors=7"], 7), (["--max-errors", "0"], 60)):
        _, out, _ = scrapy([*options, str(path)], capsys, monkeypatch)
        lines = out.splitlines()
        assert sum("not a field" in line for line in lines) == shown
        more = f"... and {60 - shown} more (--max-errors 0 prints all)"
        assert (more in lines) == (shown < 60)
        assert lines[-1] == "1 file, 60 lines: 0 right, 60 wrong"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "name the dumps: scrapy validate output/<spider> (files, folders or globs)"),
        (["none.jsonl"], "none.jsonl: no such file; check the name"),
        (["n/*"], "n/*: matches no dump (.jsonl, .jsonl.gz, .jsonl.zst); check the pattern"),
        (["--max-errors=many", "x"], "--max-errors 'many' is not a number: 0 prints all"),
        (["--strict", "x"], "unknown option '--strict': scrapy validate -h lists them"),
    ],
)  # fmt: skip
def test_a_mistake_in_what_was_typed_is_one_line(
    words: list[str],
    line: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert scrapy(words, capsys, monkeypatch) == (2, "", f"newscrawl: {line}\n")


def validate(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run `scrapy validate` as a person does."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "validate", *words],
        cwd=ROOT, text=True, timeout=HANG, check=False, **more,
    )  # fmt: skip


def test_a_terminal_shows_how_far_it_is(tmp_path: Path) -> None:
    lines = [first(n) for n in range(1, 500)]
    path = write(tmp_path / "1.jsonl.zst", [*lines, record(first(500)) | {"mood": ""}])
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "wb") as terminal:
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        done = validate(str(path), stderr=terminal, stdout=subprocess.PIPE, env=environment)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{path}:500: mood: is not a field of an article",
        "  mood                     1",
        "1 file, 500 lines: 499 right, 1 wrong",
    ]
    assert "1.jsonl.zst" in shown
    assert "mood" not in shown
    assert "%" in shown


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    path = write(tmp_path / "1.jsonl", [record(first(n + 1)) | {"mood": ""} for n in range(2_000)])
    line = f"{sys.executable} -m scrapy validate --max-errors 0 {path} | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=HANG, check=False
    )
    assert done.stdout == f"{path}:1: mood: is not a field of an article\n"
    assert done.stderr == ""


@pytest.mark.e2e
@pytest.mark.soak
def test_what_crawls_write_is_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "output"
    soon = {"GONE_AFTER": "0", "RECHECK_AGES": ""}

    def run(spider: str, **arguments: object) -> None:
        given = {"site_url": twin.url, **arguments}
        done = crawl(spider, output, settings=soon, arguments=given)
        assert done.code == 0, done.stderr

    with TwinProcess(size=120) as twin:
        run("video")
        content = twin.content()
        cards = [content.card(index) for index in content.category("video")]
        edited, missing = [card for card in cards if not card.edge_cases & NOT_WHOLE][:2]
        twin.set_now(datetime.now(UTC) + timedelta(hours=1))
        twin.edit(edited.id, "body")
        twin.delete(missing.id, 410)
        paths = [truth.url(card, Switches()).split("alanews.it")[1] for card in (edited, missing)]
        for _ in range(2):
            run("video", urls=",".join(twin.url + path for path in paths))
        # Its articles are of other sections as well.
        run("cronaca")
        assert scrapy([str(output)], capsys, monkeypatch)[0] == 0
        run("video", known="write")
    told = {(article.revision, article.status) for article in dumps.read(output)}
    assert told == {(1, "live"), (2, "live"), (2, "gone")}
    found = dumps.history(output, f"alanews:{edited.id}")
    assert [article.revision for article in found] == [1, 2]
    newest = {article.id: article for article in dumps.latest(output)}
    assert newest[f"alanews:{edited.id}"] in dumps.read(output / "video")
    assert newest[f"alanews:{edited.id}"].revision == 2
    assert f"alanews:{missing.id}" not in newest
    code, out, _ = scrapy([str(output)], capsys, monkeypatch)
    assert code == 1
    assert "after -a known=write add --editions" in out
    assert scrapy(["--editions", str(output)], capsys, monkeypatch)[0] == 0
