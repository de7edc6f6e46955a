"""Files that mix archives: each line is that of its archive when it is read on its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from newscrawl.dumps.encoding import line
from newscrawl.dumps.part_files import part_of
from tests.support import preloaded
from tests.support.answers import ask
from tests.support.bulk_archives import archives
from tests.support.bulk_extra import imported
from tests.support.crawling import ROOT, crawl
from tests.support.twin_crawls import ordinary_cards
from tests.support.waiting import HANG
from tests.support.warc_files import Archive, page_of
from twin import addresses, truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
RIGHTS = "Content-Signal: ai-train=no\nContent-Usage: train-ai=n"
FAULTS = [{"on": "robots", "kind": "robots_lines", "value": RIGHTS}]
SETTINGS = {"ARCHIVE": "warc"}
FOREIGN, BARE, ALANEWS, REST, OTHER = "foreign", "without_info", "alanews", "rest", "other_site"
MIXED = [
    (FOREIGN, ALANEWS),
    (BARE, ALANEWS),
    (ALANEWS, FOREIGN),
    (ALANEWS, BARE),
    (ALANEWS, OTHER),
    (OTHER, ALANEWS),
    (REST, OTHER),
    (FOREIGN, ALANEWS, BARE, OTHER, REST),
]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give archives of crawls of two sites, of a run by REST, and of another program."""
    folder = tmp_path_factory.mktemp("parts")
    with TwinProcess(size=60, faults=FAULTS) as twin:
        run = crawl("alanews", folder / "page", site_url=twin.url, settings=SETTINGS)
        by_rest = crawl(
            "alanews", folder / "rest", site_url=twin.url, settings=SETTINGS, source="rest"
        )
    with TwinProcess(size=60, switches={"face": "classic"}) as twin:
        other = crawl(
            "wordpress", folder / "other", settings=SETTINGS, site_url=twin.url,
            series=truth.site_key(twin.url),
        )  # fmt: skip
    found = {BARE: bare(), FOREIGN: with_info(bare())}
    for name, done in ((ALANEWS, run), (REST, by_rest), (OTHER, other)):
        (path,) = done.folder.glob("*.warc.gz")
        found[name] = path.read_bytes()
    return found


def with_info(data: bytes) -> bytes:
    described = Archive()
    described.info(software="another-crawler/1.0")
    return described.data + data


def bare() -> bytes:
    """Return an archive without a `warcinfo`, of a site that reserves rights."""
    archive = Archive()
    with TwinProcess(size=50, faults=FAULTS) as twin:
        archive.fetch(twin.url, "/robots.txt")
        for card in ordinary_cards(twin, "politica")[:5]:
            archive.fetch(twin.url, addresses.path(card, Switches()))
    return archive.data


@pytest.fixture(scope="module")
def alone(parts: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the lines of each archive when it is read on its own."""
    folder = tmp_path_factory.mktemp("alone")
    lines = {name: extracted(data, folder / name) for name, data in parts.items()}
    assert all(lines.values())
    signals = {name: b"content-signal/robots.txt" in text for name, text in lines.items()}
    assert signals == {FOREIGN: True, BARE: True, ALANEWS: True, REST: True, OTHER: False}
    return lines


def extracted(data: bytes, folder: Path, *options: str) -> bytes:
    folder.mkdir(exist_ok=True)
    path, out = folder / "mixed.warc.gz", folder / "out.jsonl"
    path.write_bytes(data)
    done = preloaded.run(["extract", str(path), "-o", str(out), *options], {**os.environ})
    assert (done.returncode, done.stderr) == (0, "")
    return out.read_bytes()


def documents(data: bytes, folder: Path) -> list[bytes]:
    """Return the lines of the documents that the block of a pipeline yields."""
    folder.mkdir(exist_ok=True)
    (folder / "mixed.warc.gz").write_bytes(data)
    of_document = imported("newscrawl.bulk.article_documents").article_of_document
    step = imported("newscrawl.bulk").Extract(str(folder), glob_pattern="mixed.warc.gz")
    return [line(of_document(each)) for each in step(None, 0, 1)]


@pytest.mark.parametrize("names", MIXED, ids="+".join)
def test_lines_are_those_of_each_archive_alone(
    names: tuple[str, ...], parts: dict[str, bytes], alone: dict[str, bytes], tmp_path: Path
) -> None:
    mixed = b"".join(parts[name] for name in names)
    assert extracted(mixed, tmp_path) == b"".join(alone[name] for name in names)


@pytest.mark.parametrize("names", MIXED, ids="+".join)
def test_documents_are_those_of_each_archive_alone(
    names: tuple[str, ...], parts: dict[str, bytes], tmp_path: Path
) -> None:
    each = [documents(parts[name], tmp_path / name) for name in names]
    assert all(each)
    mixed = b"".join(parts[name] for name in names)
    assert documents(mixed, tmp_path / "mixed") == [text for texts in each for text in texts]


def test_records_that_name_their_archive_are_found_in_any_order(
    parts: dict[str, bytes], alone: dict[str, bytes], tmp_path: Path
) -> None:
    first, second = members(parts[ALANEWS]), members(parts[OTHER])
    # Both descriptions first, then pages of the one site among those of the other.
    woven = [first.pop(0), second.pop(0)]
    while first or second:
        woven += exchange_of(first) + exchange_of(second)
    found = extracted(b"".join(data for _, data in woven), tmp_path)
    assert sorted(found.splitlines()) == sorted((alone[ALANEWS] + alone[OTHER]).splitlines())


def members(data: bytes) -> list[tuple[str, bytes]]:
    """Return the type and the bytes of each record of an archive."""
    starts, kinds = [], []
    iterator = ArchiveIterator(io.BytesIO(data), no_record_parse=True)
    for record in iterator:
        kinds.append(record.rec_type)
        starts.append(iterator.get_record_offset())
    ends = [*starts[1:], len(data)]
    return [(k, data[a:b]) for k, a, b in zip(kinds, starts, ends, strict=True)]


def exchange_of(left: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Take a response with what follows it."""
    taken = left[:1]
    del left[:1]
    while left and left[0][0] not in {"response", "revisit"}:
        taken.append(left.pop(0))
    return taken


def test_what_another_program_has_fetched_too_is_not_a_repetition(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        card = ordinary_cards(twin, "politica")[0]
        path = addresses.path(card, Switches())
        page = page_of(ask(twin.url, path))
    url = f"{twin.url}{path}"
    others, ours = Archive(), Archive()
    others.response(url, page)
    ours.ours(twin.url)
    ours.metadata(ours.response(url, page), url, outcome="unchanged")
    separate = [
        extracted(others.data, tmp_path / "others"), extracted(ours.data, tmp_path / "ours")
    ]  # fmt: skip
    assert all(separate)
    assert extracted(others.data + ours.data, tmp_path / "mixed") == b"".join(separate)
    assert extracted(ours.data + ours.data, tmp_path / "twice") == separate[1]


def test_further_pages_are_found_in_a_mixed_file(
    parts: dict[str, bytes], alone: dict[str, bytes], tmp_path: Path
) -> None:
    first, rest = divided(parts[ALANEWS])
    names = [tmp_path / name for name in ("a.warc.gz", "b.warc.gz", "c.warc.gz")]
    for path, data in zip(names, (parts[FOREIGN], parts[BARE] + first, rest), strict=True):
        path.write_bytes(data)
    out = tmp_path / "out.jsonl"
    done = preloaded.run(["extract", *map(str, names), "-o", str(out)], {**os.environ})
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == alone[FOREIGN] + alone[BARE] + alone[ALANEWS]


def divided(data: bytes) -> tuple[bytes, bytes]:
    """Return an archive as two files, of which the second begins with further pages."""
    info, *others = members(data)
    found = [record.content_stream().read() for record in ArchiveIterator(io.BytesIO(data))]
    assert sum(text.startswith(b"outcome: part") for text in found) > 0
    number = next(n for n, text in enumerate(found) if text.startswith(b"outcome: part"))
    # The position of its response, whose metadata that is.
    at = max(n for n in range(number - 1) if others[n][0] == "response")
    first, second = (b"".join(text for _, text in half) for half in (others[:at], others[at:]))
    return info[1] + first, info[1] + second


@pytest.mark.soak
def test_a_mixed_extraction_that_was_killed_is_continued_to_the_same_bytes(
    parts: dict[str, bytes], tmp_path: Path
) -> None:
    archives(tmp_path, 2, 60)
    (tmp_path / "00a.warc.gz").write_bytes(parts[FOREIGN] + parts[ALANEWS] + parts[BARE])
    (tmp_path / "02.warc.gz").write_bytes(parts[BARE] + parts[ALANEWS] + parts[REST])
    names = [str(path) for path in sorted(tmp_path.glob("*.warc.gz"))]
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    whole_run = preloaded.run(["extract", *names, "-o", str(whole), "--json"], {**os.environ})
    kills = 0
    while not out.exists():
        before = part_of(out).stat().st_size if part_of(out).exists() else 0
        line_of = [sys.executable, "-m", "scrapy", "extract", *names, "-o", str(out), "--json"]
        with subprocess.Popen(line_of, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            deadline = time.monotonic() + HANG
            while process.poll() is None and time.monotonic() < deadline:
                if kills < 2 and part_of(out).exists() and part_of(out).stat().st_size > before:
                    process.kill()
                    kills += 1
                    break
                time.sleep(0.005)
            text = process.communicate(timeout=HANG)[0]
    assert kills
    assert out.read_bytes() == whole.read_bytes()
    totals, expected = json.loads(text), json.loads(whole_run.stdout)
    assert {**totals, "output": ""} == {**expected, "output": ""}
    assert expected["repeated"] == 0
