"""`scrapy rights`: which articles of dumps are reserved, and by which statement."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.items import SCHEMA_VERSION
from tests.support import preloaded, rights_site
from tests.support.rights_site import NAME, serve

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from tests.support.front import Front

pytestmark = pytest.mark.e2e
SIZE = 50
FORMATS = ("csv", "parquet", "sqlite", "duckdb")
RESERVED, FREE = f"/mondo/{NAME}/", f"/sport/{NAME}-due/"


def rights(*arguments: str, output: Path) -> subprocess.CompletedProcess[str]:
    return preloaded.run(["rights", *arguments], {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})


@pytest.fixture
def series(front: Front, tmp_path: Path) -> Path:
    """A folder with a dump of two articles, one of which is reserved."""
    head = '<meta name="robots" content="noarchive, nosnippet">'
    serve(front, RESERVED, head=head, fields=[("tdm-reservation", "1")])
    serve(front, FREE, head='<meta name="googlebot" content="noindex">')
    assert rights_site.run(front, tmp_path, RESERVED, FREE).code == 0
    return tmp_path


def test_the_reserved_articles_are_named_with_what_reserves_them(series: Path) -> None:
    done = rights("esteri", output=series)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "2 articles: 2 with statements, 1 reserved"
    assert [line.split() for line in lines if line.startswith("  tdm")] == [["tdm", "deny", "1"]]
    (named,) = lines[lines.index("reserved") + 1 :]
    for statement in ("robots/html page: archive", "tdmrep/header page: tdm", RESERVED):
        assert statement in named


def test_the_same_as_json_by_use(series: Path) -> None:
    done = rights("esteri", "--json", "--by", "use", output=series)
    found = json.loads(done.stdout)
    assert (found["articles"], found["with_statements"], found["reserved"]) == (2, 2, 1)
    assert found["statements"]["tdm"] == [
        {"source": "tdmrep/header", "value": "deny", "articles": 1}
    ]
    assert found["statements"]["index"] == [
        {"source": "robots/html", "value": "deny, for googlebot", "articles": 1}
    ]
    (article,) = found["reserved_articles"]
    assert {statement["use"] for statement in article["by"]} == {"tdm", "archive", "snippet"}


def test_older_dumps_stay_readable(series: Path) -> None:
    (dump,) = (series / "esteri").glob("*.jsonl")
    lines = [json.loads(line) for line in dump.read_bytes().splitlines()]
    for line in lines:
        assert line["schema_version"] == SCHEMA_VERSION
        line["schema_version"] = "1.2"
        del line["rights"]["signals"]
    dump.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    commands = (
        ["validate", str(dump)],
        ["report", str(dump), "-o", str(series / "report.html")],
        *(
            ["export", str(dump), "--to", kind, "-o", str(series / f"out.{kind}")]
            for kind in FORMATS
        ),
    )
    for command in commands:
        done = preloaded.run(command, {**os.environ})
        assert done.returncode == 0, (command, done.stdout, done.stderr)
    done = rights(str(dump), output=series)
    assert done.returncode == 0
    assert done.stdout.startswith("2 articles: 1 with statements, 1 reserved\n2 lines of schema")


def test_a_line_of_this_version_must_have_them(series: Path) -> None:
    (dump,) = (series / "esteri").glob("*.jsonl")
    lines = [json.loads(line) for line in dump.read_bytes().splitlines()]
    del lines[0]["rights"]["signals"]
    dump.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    done = preloaded.run(["validate", str(dump)], {**os.environ})
    assert done.returncode == 1
    assert "rights.signals: is missing" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name the dumps"),
        (["no-such-series"], "no-such-series"),
        (["esteri", "--by", "colour"], "source, use"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "esteri").mkdir()
    (tmp_path / "esteri" / "2026-11-25T10-00-00Z.jsonl").write_text("{}\n", encoding="utf-8")
    done = rights(*arguments, output=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_lines_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    dump = tmp_path / "a.jsonl"
    dump.write_text('{"schema_version": "1.3"}\n', encoding="utf-8")
    done = rights(str(dump), output=tmp_path)
    assert done.returncode == 1
    assert f"{dump}:1: " in done.stderr


def _run(front: Front, output: Path, **more: Any) -> Any:
    return rights_site.run(front, output, RESERVED, **more)


@pytest.mark.parametrize("value", ["both", ""])
def test_another_policy_ends_the_run_at_once(value: str, front: Front, tmp_path: Path) -> None:
    serve(front, RESERVED)
    run = _run(front, tmp_path, policy=value)
    assert run.code == 2
    assert len(run.stderr.splitlines()) == 1
    assert "RIGHTS_POLICY" in run.stderr
    assert front.paths == []
