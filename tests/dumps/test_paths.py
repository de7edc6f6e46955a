"""Where a run writes, whatever it is called."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Spider
from scrapy.utils.test import get_crawler

from newscrawl.context import RunContext
from newscrawl.dumps.paths import OutputPaths, safe_name
from newscrawl.feeds import feed_uri_params
from newscrawl.sites import ALANEWS

STARTED = "2026-11-23T09-00-00Z"


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_becomes_one_harmless_part_of_a_path(text: str) -> None:
    name = safe_name(text)
    assert 1 <= len(name) <= 80
    assert name.isascii()
    assert name.isprintable()
    assert not {"/", "\\", ":", " ", "%"} & {*name}
    assert not name.startswith(("-", "."))
    assert Path("output", name).resolve().parent == Path("output").resolve()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("esteri", "esteri"),
        ("../../etc/passwd", "etc-passwd"),
        ("/etc/passwd", "etc-passwd"),
        ("..\\..\\windows", "windows"),
        ("..", "unnamed"),
        (".", "unnamed"),
        ("", "unnamed"),
        ("\x00", "unnamed"),
        ("a\x00b%00c", "a-b-00c"),
        ("-rf *", "rf"),
        (".hidden", "hidden"),
        ("è 😀 ok", "ok"),
        ("a" * 400, "a" * 80),
        ("a" * 79 + "-b", "a" * 79),
    ],
)
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


def paths(folder: Path, name: str = "esteri") -> OutputPaths:
    return OutputPaths.of_run({"RUN_STARTED": STARTED, "OUTPUT_DIR": str(folder)}, name)


def test_the_files_of_a_run_have_one_name(tmp_path: Path) -> None:
    found = paths(tmp_path)
    assert found.dump == tmp_path / "esteri" / f"{STARTED}.jsonl"
    assert found.rejected == tmp_path / "esteri" / f"{STARTED}.rejected.jsonl"
    assert found.audit == tmp_path / "esteri" / f"{STARTED}.audit.jsonl"
    assert found.log == tmp_path / "esteri" / f"{STARTED}.log"


def test_nothing_is_written_outside_the_folder(tmp_path: Path) -> None:
    for name in ("../../etc/passwd", "/etc/passwd", "a/../../b"):
        assert paths(tmp_path, name).dump.parent.resolve().parent == tmp_path.resolve()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    seen = set()
    for _ in range(3):
        found = paths(tmp_path)
        found.dump.parent.mkdir(exist_ok=True)
        found.dump.write_text("", encoding="utf-8")
        seen.add(found.dump.name)
    assert seen == {f"{STARTED}.jsonl", f"{STARTED}-2.jsonl", f"{STARTED}-3.jsonl"}


def test_a_run_without_a_name_starts_now(tmp_path: Path) -> None:
    found = OutputPaths.of_run({"RUN_STARTED": None, "OUTPUT_DIR": tmp_path}, "esteri")
    assert found.stem.name.endswith("Z")
    assert ":" not in found.stem.name


def test_the_feed_is_written_to_the_dump(tmp_path: Path) -> None:
    settings = {"RUN_STARTED": STARTED, "OUTPUT_DIR": str(tmp_path / "a b")}
    crawler = get_crawler(Spider, settings)
    spider = Spider.from_crawler(crawler, name="esteri")
    found = feed_uri_params({"name": "esteri"}, spider)
    context = RunContext.create("politica", ALANEWS, {}, crawler)
    of_context = feed_uri_params({}, spider)
    assert of_context == {"dump": quote(str(context.paths.dump))}
    assert found == {
        "name": "esteri",
        "dump": quote(str(tmp_path / "a b/esteri" / f"{STARTED}.jsonl")),
    }
