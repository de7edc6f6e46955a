"""Statements of an article's further pages, and of pages that a browser fills."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support import rights_site
from tests.support.front import answer
from tests.support.rights_site import NAME, TEXT, article, serve, signals, with_fields

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.front import Front

pytestmark = pytest.mark.e2e
SIZE = 50
PATH = f"/mondo/{NAME}/"
LINKS = '<div class="page-links"><a href="{0}">1</a> <a href="{0}2/">2</a></div>'
LAST = "Con queste parole finisce la seconda pagina di un pezzo lungo."
NOINDEX = '<meta name="robots" content="noindex">'
SHELL = (
    '<!doctype html><html lang="it"><head><title>Sito</title></head><body><div id="root"></div>'
    '<script src="/app.js"></script></body></html>'
)


def serve_pages(
    front: Front, head: str = "", fields: list[tuple[str, str]] | None = None, *, first: str = ""
) -> None:
    """Answer with an article of two pages; head and fields are those of the second."""
    links = LINKS.format(front.url + PATH)
    serve(front, PATH, body=links, head=first)
    second = article(head, body=f"<p>{LAST}</p>{links}")
    front.answers[f"^{PATH}2/$"] = with_fields(second, fields or [])


@pytest.mark.parametrize(
    ("head", "fields", "stated", "use"),
    [
        (NOINDEX, [], ("robots/html", "page", "index", "deny"), "index"),
        ("", [("X-Robots-Tag", "noarchive")], ("robots/header", "page", "archive", "deny"),
         "archive"),
        ("", [("tdm-reservation", "1")], ("tdmrep/header", "page", "tdm", "deny"), "tdm"),
    ],
    ids=["meta", "header", "tdm"],
)  # fmt: skip
def test_what_a_second_page_states_is_said_of_the_article(  # noqa: PLR0913, PLR0917 - a row's cells
    head: str,
    fields: list[tuple[str, str]],
    stated: tuple[str, str, str, str],
    use: str,
    front: Front,
    tmp_path: Path,
) -> None:
    serve_pages(front, head, fields)
    (line,) = rights_site.run(front, tmp_path, PATH).articles
    assert LAST in line["body"]
    assert signals(line) == [stated]
    run = rights_site.run(front, tmp_path / "respect", PATH, policy="respect")
    assert (run.articles, run.reports[-1]["rights"]["withheld"]) == ([], {use: 1})
    files = (path for path in (tmp_path / "respect").rglob("*") if path.is_file())
    assert not [path for path in files if LAST.encode() in path.read_bytes()]


def test_statements_of_both_pages_are_recorded_once(front: Front, tmp_path: Path) -> None:
    metas = '<meta name="robots" content="max-snippet:-1">'
    second = f'{metas}<meta name="robots" content="noai">'
    serve_pages(front, second, first=metas)
    (line,) = rights_site.run(front, tmp_path, PATH).articles
    assert [row[2:] for row in signals(line)] == [("max-snippet", "-1"), ("ai", "deny")]
    assert line["rights"]["robots"] == "max-snippet:-1, noai"


def test_a_second_page_that_a_file_reserves_is_not_fetched(front: Front, tmp_path: Path) -> None:
    rules = json.dumps([{"location": f"{PATH}2/", "tdm-reservation": 1}])
    serve_pages(front)
    front.answers["^/.well-known/tdmrep.json$"] = answer(rules, "application/json")
    (line,) = rights_site.run(front, tmp_path, PATH).articles
    assert LAST in line["body"]
    front.visits.clear()
    (line,) = rights_site.run(front, tmp_path / "respect", PATH, policy="respect").articles
    assert f"{PATH}2/" not in front.paths
    assert LAST not in line["body"]
    assert "truncated" in line["flags"]


def serve_shell(front: Front, head: str, fields: list[tuple[str, str]]) -> None:
    """Answer with a page that a script fills, its head too."""
    front.answers[f"^{PATH}$"] = with_fields(SHELL, fields)
    body = f"<article><h1>Un titolo di prova</h1><p>{TEXT * 8}</p><p>{TEXT * 5}</p></article>"
    metas = '<meta property="og:type" content="article">' + head
    front.answers["^/app.js$"] = answer(
        f"document.head.insertAdjacentHTML('beforeend', {json.dumps(metas)});"
        f"document.getElementById('root').innerHTML = {json.dumps(body)};",
        "text/javascript",
    )


@pytest.mark.soak
@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    ("head", "fields", "stated", "use"),
    [
        (NOINDEX, [], [("robots/html", "page", "index", "deny")], "index"),
        ("", [("X-Robots-Tag", "noarchive")], [("robots/header", "page", "archive", "deny")],
         "archive"),
        ('<meta name="tdm-reservation" content="0">', [("tdm-reservation", "1")],
         [("tdmrep/header", "page", "tdm", "deny"), ("tdmrep/html", "page", "tdm", "allow")], None),
    ],
    ids=["meta of the script", "header", "meta after header"],
)  # fmt: skip
def test_statements_of_a_page_that_a_browser_has_filled(  # noqa: PLR0913, PLR0917 - a row's cells
    head: str,
    fields: list[tuple[str, str]],
    stated: list[tuple[str, str, str, str]],
    use: str | None,
    front: Front,
    tmp_path: Path,
) -> None:
    serve_shell(front, head, fields)
    run = rights_site.run(front, tmp_path, PATH)
    assert run.code == 0, run.stderr
    (line,) = run.articles
    assert "/app.js" in front.paths
    assert sorted(signals(line)) == stated
    run = rights_site.run(front, tmp_path / "respect", PATH, policy="respect")
    assert run.code == 0, run.stderr
    assert len(run.articles) == (use is None)
    assert run.reports[-1]["rights"]["withheld"] == ({use: 1} if use else {})
    if use:
        files = (path for path in (tmp_path / "respect").rglob("*") if path.is_file())
        assert not [path for path in files if TEXT[:60].encode() in path.read_bytes()]
