"""Each recipe of docs/recipes.md, run on the dumps of the twin; what it finds is right."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import redirect_stdout
from datetime import date, datetime
from io import StringIO
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl import dumps
from tests.support.crawling import ROOT
from tests.support.runs import expected, records
from tests.support.waiting import HANG

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.items import Article

PAGE = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(title: str) -> list[tuple[str, str]]:
    """Return the language and text of each block under a heading of the page."""
    (section,) = [part for part in PAGE.split("\n## ") if part.startswith(f"{title}\n")]
    return BLOCK.findall(section)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project as the page takes it: with dumps, what is rejected and the two exports."""
    folder = tmp_path_factory.mktemp("project")
    paths = expected(folder / "output")
    rejected = paths[0].with_suffix(".rejected.jsonl")
    rejected.write_text('{"url": "https://www.alanews.it/x/", "reasons": ["no_body"]}\n')
    shutil.copy(ROOT / "scrapy.cfg", folder)
    (folder / ".venv").symlink_to(sys.prefix)
    before = PAGE.partition("\n## ")[0]
    for language, text in BLOCK.findall(before):
        assert language == "sh"
        shell(text, folder)
    return folder


@pytest.fixture(scope="module")
def lines(project: Path) -> list[dict[str, Any]]:
    """Return every line of the dumps."""
    return records(dumps.expand(project / "output"))


@pytest.fixture(scope="module")
def newest(project: Path) -> list[Article]:
    """Return each article once."""
    return list(dumps.latest(project / "output"))


def shell(text: str, folder: Path) -> str:
    """Run a block as a person does who pastes it."""
    done = subprocess.run(
        ["bash", "-euc", text],  # noqa: S607 - whichever there is
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), text
    return done.stdout


def python(title: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Run the blocks of a section one after the other; return what they named."""
    monkeypatch.chdir(folder)
    named: dict[str, Any] = {}
    found = blocks(title)
    assert len(found) >= 3
    for language, text in found:
        assert language == "python"
        shown = StringIO()
        with redirect_stdout(shown):
            exec(compile(text, "docs/recipes.md", "exec"), named)  # noqa: S102 - our own page
        assert shown.getvalue().strip()
    return named


def test_jq(project: Path, lines: list[dict[str, Any]], newest: list[Article]) -> None:
    if shutil.which("jq") is None:
        if os.environ.get("CI"):
            pytest.fail("jq is missing: apt-get install jq")
        pytest.skip("needs jq: apt-get install jq")
    given = [text for language, text in blocks("jq") if language == "sh"]
    table, sections, changed, tags = (shell(text, project) for text in given)
    assert [row.split("\t")[2] for row in table.splitlines()] == [x["headline"] for x in lines]
    assert dict(re.findall(r'"(.+)": (\d+)', sections)) == {
        name: str(count) for name, count in Counter(x.section for x in newest).items()
    }
    (edit,) = [x for x in lines if "headline" in x["changed_fields"]]
    assert changed == f"{edit['id']}\t2\t{edit['headline']}\n"
    counts = Counter(tag for x in lines for tag in x["keywords"])
    told = [row.strip().split(" ", 1) for row in tags.splitlines()]
    assert [int(count) for count, _ in told] == [count for _, count in counts.most_common(10)]
    assert all(counts[tag] == int(count) for count, tag in told)


def test_duckdb(
    project: Path, lines: list[dict[str, Any]], newest: list[Article],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    named = python("DuckDB", project, monkeypatch)
    live = {(x["date_published"][:10], x["section"], x["id"]) for x in lines if x["section"]}
    days = Counter((date.fromisoformat(day), section) for day, section, _ in live)
    assert {(day, section): n for day, section, n in named["per_day"].fetchall()} == days
    lags = defaultdict(list)
    for one in newest:
        assert one.first_seen_at
        assert one.date_published
        gap = datetime.fromisoformat(one.first_seen_at) - datetime.fromisoformat(one.date_published)
        lags[one.section].append(gap.total_seconds() / 60)
    told = {section: (count, minutes) for section, count, minutes in named["lag"].fetchall()}
    assert told == {
        name: (len(found), pytest.approx(median(found))) for name, found in lags.items()
    }
    boxes = Counter(url for one in newest for url in {card.url for card in one.related})
    rows = named["network"].fetchall()
    assert [count for *_, count in rows] == [count for _, count in boxes.most_common(10)]
    assert all(boxes[url] == count for url, _, count in rows)
    named["database"].close()


def test_pandas(project: Path, newest: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    named = python("pandas", project, monkeypatch)
    words = defaultdict(list)
    for one in newest:
        words[one.section].append(one.word_count)
    assert named["words"].to_dict() == {name: median(found) for name, found in words.items()}
    tags = Counter((one.date_published[:7], tag) for one in newest for tag in one.keywords)  # type: ignore[index]
    assert {(str(month), tag): n for (month, tag), n in named["tags"].items()} == tags
    authors = Counter(author.name for one in newest for author in one.authors)
    assert named["by_author"].to_dict() == authors


def test_polars(
    project: Path, lines: list[dict[str, Any]], newest: list[Article],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    named = python("polars", project, monkeypatch)
    (coverage,) = named["coverage"].to_dicts()
    for name, share in coverage.items():
        assert share == pytest.approx(sum(bool(getattr(x, name)) for x in newest) / len(newest))
    edges = Counter((one.url, card.url) for one in newest for card in one.related)
    assert Counter(named["edges"].iter_rows()) == edges
    highest = dict(sorted((x["id"], x["revision"]) for x in lines))
    assert dict(named["edited"].iter_rows()) == highest
    assert 2 in highest.values()
