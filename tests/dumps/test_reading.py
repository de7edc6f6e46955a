"""`newscrawl.dumps`: what is read is what was written, in constant memory."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from newscrawl import dumps
from newscrawl.dumps import DumpError
from newscrawl.items import Author, Block, RelatedPost
from tests.support.crawling import ROOT
from tests.support.dumps import COMPRESS, first, record, removed, revised, write
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

MEMORY = r"""
import re, sys
from newscrawl import dumps
count = sum(1 for _ in dumps.read(sys.argv[1]))
# What resource tells of a new process begins with what its parent used.
print(count, re.search(r"VmHWM:\s+(\d+)", open("/proc/self/status").read())[1])
"""


def names(found: list[Path], folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in found]


@pytest.mark.parametrize("ending", COMPRESS)
def test_what_was_written_is_read(ending: str, tmp_path: Path) -> None:
    written = [first(), revised(first()), removed(revised(first())), first(8)]
    path = write(tmp_path / f"a.jsonl{ending}", written)
    assert list(dumps.read(path)) == written
    article = next(dumps.read(str(path)))
    kinds = (article.authors[0], article.blocks[0], article.related[0])
    assert [type(part) for part in kinds] == [Author, Block, RelatedPost]
    lines = list(dumps.lines([path]))
    assert [(line.path, line.number) for line in lines] == [(path, n) for n in (1, 2, 3, 4)]
    assert [line.record for line in lines] == [record(article) for article in written]
    assert lines[-1].position == path.stat().st_size


def test_members_of_one_file_are_read_on(tmp_path: Path) -> None:
    for ending, compress in COMPRESS.items():
        path = tmp_path / f"a.jsonl{ending}"
        one, two = (write(tmp_path / "x", [first(n)]).read_bytes() for n in (1, 2))
        path.write_bytes(compress(one) + compress(two))
        assert [article.id for article in dumps.read(path)] == ["alanews:1", "alanews:2"]


def test_compression_is_told_by_content(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", [first()]).rename(tmp_path / "renamed.jsonl")
    assert len(list(dumps.read(path))) == 1


def test_a_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    data = COMPRESS[".zst"](write(tmp_path / "a.jsonl", [first()]).read_bytes())
    writer = threading.Thread(target=path.write_bytes, args=(data,))
    writer.start()
    assert len(list(dumps.read(path))) == 1
    writer.join()


def test_keys_of_a_later_minor_version_are_left_out(tmp_path: Path) -> None:
    later = record(first()) | {"schema_version": "1.7", "mood": "glad"}
    later["authors"] = [{"name": "Anna", "url": None, "role": "editor"}]
    (article,) = dumps.read(write(tmp_path / "a.jsonl", [later]))
    assert article == replace(first(), schema_version="1.7", authors=[Author("Anna")])


def test_dumps_are_found_and_nothing_else(tmp_path: Path) -> None:
    files = [
        "b/2.jsonl", "b/1.jsonl.gz", "a/2026-11-23T10-00-00Z.jsonl",
        "a/2026-11-23T10-00-00Z-2.jsonl.zst", "a/1.rejected.jsonl", "a/1.rejected.jsonl.gz",
        "a/1.audit.jsonl", "a/1.audit.jsonl.zst",
        "a/3.jsonl.part", "a/1.log", "a/1.run.json", "ledger.sqlite",
    ]  # fmt: skip
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    wanted = [
        "a/2026-11-23T10-00-00Z.jsonl", "a/2026-11-23T10-00-00Z-2.jsonl.zst",
        "b/1.jsonl.gz", "b/2.jsonl",
    ]  # fmt: skip
    several: list[str | Path] = [tmp_path / "b", f"{tmp_path}/[ab]", tmp_path]
    for given in (tmp_path, f"{tmp_path}/**/*", several):
        assert names(dumps.expand(given), tmp_path) == wanted
    assert names(dumps.expand(f"{tmp_path}/b/1*"), tmp_path) == ["b/1.jsonl.gz"]


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a[1].jsonl", [first()])
    assert dumps.expand(path) == [path]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ("none.jsonl", "none.jsonl: no such file; check the name"),
        ("*.jsonl", "*.jsonl: matches no dump (.jsonl, .jsonl.gz, .jsonl.zst); check the pattern"),
        ("", ": the folder has no dump"),
        ("a.jsonl.part", "a.jsonl.part: its run is active or was killed; run the spider again"),
        (
            "a.rejected.jsonl",
            "a.rejected.jsonl: has rejected articles, which are not read; name a dump",
        ),
        (
            "a.audit.jsonl",
            "a.audit.jsonl: has the disagreements of an audit, not articles; name a dump",
        ),
    ],
)
def test_what_is_no_dump_is_refused_at_once(given: str, what: str, tmp_path: Path) -> None:
    for name in ("a.jsonl.part", "a.rejected.jsonl", "a.audit.jsonl"):
        (tmp_path / name).touch()
    for call in (dumps.expand, dumps.read, dumps.lines, dumps.latest):
        with pytest.raises(DumpError) as caught:
            call(tmp_path / given)
        assert str(caught.value) == f"{tmp_path}{'/' if given else ''}{what}"
        assert (caught.value.path, caught.value.line) == (tmp_path / given, 0)
    with pytest.raises(DumpError, match="no dump is named"):
        dumps.expand([])


def test_the_newest_revision_of_each_is_what_counts(tmp_path: Path) -> None:
    one, two, three = (first(number) for number in (1, 2, 3))
    newer = revised(one)
    write(tmp_path / "esteri/1.jsonl", [one, two, three])
    write(tmp_path / "esteri/2.jsonl.gz", [newer, removed(two)])
    write(tmp_path / "alanews/3.jsonl.zst", [newer, three])
    assert list(dumps.latest(tmp_path)) == [newer, three]
    assert list(dumps.latest(tmp_path / "esteri/1.jsonl")) == [one, two, three]
    back = replace(two, revision=3, previous_hash=two.content_hash, changed_fields=["status"])
    write(tmp_path / "esteri/4.jsonl", [back])
    assert [article.id for article in dumps.latest(tmp_path)].count(two.id) == 1


def test_the_later_reading_of_one_revision_counts(tmp_path: Path) -> None:
    again = replace(first(), fetched_at="2026-11-24T09:00:00Z", related=[])
    write(tmp_path / "a/1.jsonl", [again])
    write(tmp_path / "b/1.jsonl", [first()])
    assert list(dumps.latest(tmp_path)) == [again]


def test_a_forgotten_article_begins_anew(tmp_path: Path) -> None:
    old = revised(first())
    moment = "2026-11-25T10:00:00Z"
    new = replace(first(), first_seen_at=moment, fetched_at=moment)
    write(tmp_path / "1.jsonl", [new])
    write(tmp_path / "2.jsonl", [first(), old])
    assert list(dumps.latest(tmp_path)) == [new]
    assert dumps.history(tmp_path, new.id) == [first(), old, new]


def test_a_history_has_each_revision_once_in_order(tmp_path: Path) -> None:
    one = first()
    two = revised(one)
    gone = removed(two)
    write(tmp_path / "esteri/1.jsonl", [one, first(8)])
    write(tmp_path / "esteri/2.jsonl", [two, gone])
    again = replace(two, fetched_at="2026-11-26T09:00:00Z")
    write(tmp_path / "alanews/3.jsonl", [again])
    assert dumps.history(tmp_path, one.id) == [one, two, gone]
    assert dumps.history(tmp_path, "alanews:404") == []


def test_of_two_series_in_the_same_second_that_counts_which_numbers_the_revision(
    tmp_path: Path,
) -> None:
    one = first()
    two = revised(one)
    elsewhere = deepcopy(two)
    elsewhere.revision, elsewhere.changed_fields, elsewhere.previous_hash = 1, [], None
    write(tmp_path / "cronaca" / "a.jsonl", [elsewhere])
    write(tmp_path / "video" / "a.jsonl", [one, two])
    assert dumps.history(tmp_path, one.id) == [one, two]


def test_a_file_that_changes_between_the_passes_is_told(tmp_path: Path) -> None:
    one, other = (write(tmp_path / f"{n}.jsonl", [first(n)]) for n in (1, 2))
    found = dumps.latest([one, other])
    assert next(found).id == "alanews:1"
    other.write_bytes(one.read_bytes())
    with pytest.raises(DumpError, match=r"2\.jsonl:1: was changed while it was read"):
        list(found)


def test_memory_does_not_grow_with_the_dumps(tmp_path: Path) -> None:
    used = []
    for count in (50, 3_000):
        path = write(tmp_path / f"{count}.jsonl.zst", [first()] * count)
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, str(path)],
            cwd=ROOT, capture_output=True, text=True, check=True, timeout=HANG,
        )  # fmt: skip
        read, kilobytes = map(int, done.stdout.split())
        assert read == count
        used.append(kilobytes)
    # 3,000 lines are 20 MB of JSON; as articles they would take more.
    assert used[1] - used[0] < 4_000


def test_the_documentation_is_true(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    article = replace(first(2339), url="https://www.alanews.it/esteri/un-altro-titolo/")
    write(tmp_path / "output/esteri/1.jsonl.gz", [article, revised(article)])
    write(tmp_path / "output/esteri/2.jsonl", [first(8)])
    whole, *more = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(whole, {})  # noqa: S102 - our own documentation
    shown = capsys.readouterr().out.splitlines()
    author = article.authors[0].name
    assert shown[:3] == [f"{article.headline} {author}"] * 3
    assert shown[3:5] == ["alanews:2339 2025-10-28 2", "alanews:8 2025-10-28 1"]
    assert shown[5:] == ["1 [] live", "2 ['body', 'blocks', 'word_count'] live"]
    write(tmp_path / "output/esteri/3.jsonl", [b"{}\n"])
    for piece in more:
        exec(piece, {"dumps": dumps})  # noqa: S102 - our own documentation
    assert capsys.readouterr().out == "3 read, 1 skipped\n"
