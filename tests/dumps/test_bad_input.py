"""Dumps that are not whole: one line that says where and what to do, and the rest is read."""

from __future__ import annotations

import gzip
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import dumps
from newscrawl.dumps import DumpError, files, reading
from tests.support.dumps import COMPRESS, first, record, revised, write

if TYPE_CHECKING:
    from pathlib import Path

CUT = "the file is cut off here; copy it again, or skip bad lines"
PROPERTY = "Expecting property name enclosed in double quotes"
PUBLISHER: dict[str, Any] = {"name": "Alanews", "url": None, "registration": []}
BAD: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{a: 1}\n", f"not JSON ({PROPERTY}, column 2); is it a dump?"),
    "not UTF-8": (b'{"schema_version": "1.0", "id": "\xe8"}\n',
                  "not UTF-8 (byte 34 of the line); write it as UTF-8 again"),
    "a list": (b"[1]\n", "not an object but a list; is it a dump?"),
    "a number": (b"1\n", "not an object but a number; is it a dump?"),
    "null": (b"null\n", "not an object but null; is it a dump?"),
    "NaN": (b'{"schema_version": "1.0", "similarity": NaN}\n',
            "has a number that is not valid JSON; is it a dump?"),
    "a giant number": (b'{"revision": ' + b"1" * 5_000 + b"}\n",
                       "has a number that is not valid JSON; is it a dump?"),
    "too deep": (b"[" * 100_000 + b"\n", "nested too deeply; is it a dump?"),
    "an empty line": (b"\n", "an empty line; remove it"),
    "a byte order mark": (b"\xef\xbb\xbf{}\n",
                          "begins with a byte order mark; save it as UTF-8 without one"),
    "half a character": (b'{"schema_version": "1.0", "id": "\\ud83d"}\n',
                         "has half a character (a lone surrogate); is it a dump?"),
    "no version": (b'{"id": "alanews:1"}\n', "has no schema_version like 1.0; is it a dump?"),
    "a version that is none": (b'{"schema_version": 1}\n',
                               "has no schema_version like 1.0; is it a dump?"),
    "a newer version": (b'{"schema_version": "2.0"}\n',
                        "schema_version 2.0 is newer than 1.4; update newscrawl to read it"),
    "an older version": (b'{"schema_version": "0.9"}\n',
                         "schema_version 0.9 is older than 1.0; crawl it again"),
    "a field missing": (b'{"schema_version": "1.0"}\n',
                        "id: is missing; scrapy validate lists all errors"),
}  # fmt: skip


@pytest.mark.parametrize("ending", COMPRESS)
@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_named_and_can_be_skipped(case: str, ending: str, tmp_path: Path) -> None:
    bad, what = BAD[case]
    path = write(tmp_path / f"a.jsonl{ending}", [first(1), bad, first(2)])
    found = dumps.read(path)
    assert next(found).id == "alanews:1"
    with pytest.raises(DumpError) as caught:
        next(found)
    assert str(caught.value) == f"{path}:2: {what}"
    assert (caught.value.path, caught.value.line, caught.value.what) == (path, 2, what)
    told: list[DumpError] = []
    rest = dumps.read(path, skip_bad=True, on_bad=told.append)
    assert [article.id for article in rest] == ["alanews:1", "alanews:2"]
    assert [str(error) for error in told] == [f"{path}:2: {what}"]


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_wherever_a_dump_is_cut_what_is_whole_is_read(ending: str, tmp_path: Path) -> None:
    written = [first(1), revised(first(1)), first(2)]
    plain = write(tmp_path / "plain", written).read_bytes()
    whole = COMPRESS[ending](plain)
    ends = [i + 1 for i, byte in enumerate(plain) if byte == 10]
    path = tmp_path / f"a.jsonl{ending}"
    for size in [1, 2, 3, 5, 9, 17, *range(23, len(whole) - 1, len(whole) // 40), len(whole) - 2]:
        path.write_bytes(whole[:size])
        told: list[DumpError] = []
        found = list(dumps.read(path, skip_bad=True, on_bad=told.append))
        assert found == written[: len(found)], size
        if not ending:
            assert len(found) == sum(end <= size + 1 for end in ends), size
        # A plain dump that ends with a line is whole, as far as anyone can tell.
        if not ending and size in ends:
            continue
        (error,) = told
        if size >= 4:
            assert str(error) == f"{path}:{len(found) + 1}: {CUT}", size


def test_a_cut_within_a_character_is_a_cut(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"headline": "perché'.encode()[:-1])
    with pytest.raises(DumpError, match=r"a\.jsonl:1: the file is cut off here"):
        list(dumps.read(path))


def test_a_last_line_without_its_end_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [first(1)])
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert [article.id for article in dumps.read(path)] == ["alanews:1"]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_damaged_compression_is_told(ending: str, tmp_path: Path) -> None:
    data = bytearray(
        write(tmp_path / f"a.jsonl{ending}", [first(n) for n in range(9)]).read_bytes()
    )
    data[len(data) // 2] ^= 0xFF
    path = tmp_path / f"b.jsonl{ending}"
    path.write_bytes(data)
    told: list[DumpError] = []
    list(dumps.read(path, skip_bad=True, on_bad=told.append))
    assert told
    assert "the compressed data are damaged" in str(told[-1])
    assert "\n" not in str(told[-1])


def test_rubbish_behind_compressed_data_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(write(tmp_path / "x", [first(1)]).read_bytes()) + b"rubbish")
    with pytest.raises(DumpError, match=r"a\.jsonl\.gz:2: the compressed data are damaged"):
        list(dumps.read(path))


@pytest.mark.parametrize("ending", COMPRESS)
def test_an_empty_dump_is_told(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl{ending}"
    for data in {b"", COMPRESS[ending](b"")}:
        path.write_bytes(data)
        with pytest.raises(DumpError) as caught:
            list(dumps.read(path))
        wanted = f"{path}:1: the file is empty; a run without articles writes no dump"
        assert str(caught.value) == wanted
        other = write(tmp_path / "b.jsonl", [first(1)])
        told: list[DumpError] = []
        assert len(list(dumps.read([path, other], skip_bad=True, on_bad=told.append))) == 1
        assert [str(error) for error in told] == [wanted]


def test_a_line_without_end_is_not_kept_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 50_000)
    path = write(tmp_path / "a.jsonl.gz", [first(1), b"x" * 3_000_000 + b"\n", first(2)])
    told: list[DumpError] = []
    found = list(dumps.read(path, skip_bad=True, on_bad=told.append))
    assert [article.id for article in found] == ["alanews:1", "alanews:2"]
    assert [str(error) for error in told] == [f"{path}:2: longer than 50,000 bytes; is it a dump?"]


def test_a_file_that_cannot_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.jsonl", [first(1)])

    # Whoever runs the tests may be root, who may read everything.
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files._CountedFile, "__init__", refuse)
    with pytest.raises(DumpError, match=r"a\.jsonl: cannot be opened: Permission denied"):
        list(dumps.read(path))


def test_what_is_skipped_is_logged_where_nobody_asks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path / "a.jsonl", [first(1), b"{}\n"])
    with caplog.at_level(logging.WARNING):
        assert len(list(dumps.read(path, skip_bad=True))) == 1
    assert caplog.messages == [f"skipped: {path}:2: has no schema_version like 1.0; is it a dump?"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"headline": None}, "headline: null instead of text"),
        ({"revision": True}, "revision: true or false instead of a whole number"),
        ({"similarity": "1"}, "similarity: text instead of a number or null"),
        ({"authors": {}}, "authors: an object instead of a list"),
        ({"authors": [1]}, "authors[0]: a whole number instead of an object"),
        ({"image": {}}, "image.url: is missing"),
        ({"authors": [{"name": 1, "url": ""}]}, "authors[0].name: a whole number instead of text"),
        ({"authors": [{"name": "A"}]}, "authors[0].url: is missing"),
        ({"keywords": ["a", None]}, "keywords[1]: null instead of text"),
        ({"provenance": {"url": 1}}, "provenance['url']: a whole number instead of text"),
        ({"image": []}, "image: a list instead of an object or null"),
        ({"rights": None}, "rights: null instead of an object"),
        ({"publisher": PUBLISHER}, "publisher.registration: a list instead of text or null"),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_named(
    change: dict[str, Any], what: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.jsonl", [first(1), record(first(2)) | change])
    for call in (dumps.read, dumps.latest):
        with pytest.raises(DumpError) as caught:
            list(call(path))
        advice = "scrapy validate lists all errors"
        assert str(caught.value) == f"{path}:2: {what}; {advice}"
        told: list[DumpError] = []
        assert len(list(call(path, skip_bad=True, on_bad=told.append))) == 1
        assert len(told) == 1


def test_a_key_that_stands_twice_has_its_last_value(tmp_path: Path) -> None:
    line = json.dumps(record(first(1)))
    twice = [f'{{"id": 5, {line[1:]}\n', f'{line[:-1]}, "id": "alanews:2"}}\n']
    path = write(tmp_path / "a.jsonl", [text.encode() for text in twice])
    assert [article.id for article in dumps.read(path)] == ["alanews:1", "alanews:2"]


def test_text_of_unknown_keys_is_utf_8_too(tmp_path: Path) -> None:
    line = json.dumps(record(first(1))).encode()
    path = write(tmp_path / "a.jsonl", [line[:-1] + b', "mood": "\xe8"}\n'])
    with pytest.raises(DumpError, match="not UTF-8"):
        list(dumps.read(path))


def test_a_whole_number_may_stand_for_a_fraction(tmp_path: Path) -> None:
    changed = record(first(1)) | {"similarity": 1, "duplicate_of": "alanews:2"}
    (article,) = dumps.read(write(tmp_path / "a.jsonl", [changed]))
    assert isinstance(article.similarity, float)


def test_an_older_revision_counts_where_the_newest_is_bad(tmp_path: Path) -> None:
    bad = record(revised(first(1))) | {"headline": 1}
    path = write(tmp_path / "a.jsonl", [first(1), bad])
    told: list[DumpError] = []
    assert list(dumps.latest(path, skip_bad=True, on_bad=told.append)) == [first(1)]
    assert len(told) == 1


def test_names_and_texts_do_not_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2J\n.jsonl"
    path.write_bytes(b"")
    with pytest.raises(DumpError) as caught:
        list(dumps.read(path))
    assert str(caught.value).isprintable()
