"""Full-text search in a SQLite export: Italian words, whatever their accents and apostrophes."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from sqlite_utils import Database

from tests.support.crawling import ROOT
from tests.support.dumps import write
from tests.support.exporting import export
from tests.support.runs import article
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXTS = {
    "typographic": "L’intesa sulle terre rare",
    "typed": "I dubbi dell'intesa",
    "modifier letter": "Nellʼintesa c'è tutto",
    "accent as apostrophe": "PERCHE' NO",
    "accented": "Perché sì, più di così",
    "decomposed": unicodedata.normalize("NFD", "Perché sì, e poi così"),
    "capital": "È la città di Forlì",
    "foreign": "Đoković e Čapek a São Paulo",
    "hyphen": "Il nord-est e l’italo–americano",
}
CASES = {
    "intesa": {"typographic", "typed", "modifier letter"},
    "INTESA": {"typographic", "typed", "modifier letter"},
    "l'intesa": {"typographic"},
    "l’intesa": {"typographic"},
    "dell’intesa": {"typed"},
    "dell'intesa": {"typed"},
    "nell'intesa": {"modifier letter"},
    "nellʼintesa": {"modifier letter"},
    "perche": {"accent as apostrophe", "accented", "decomposed"},
    "perché": {"accent as apostrophe", "accented", "decomposed"},
    "perche'": {"accent as apostrophe", "accented", "decomposed"},
    "PERCHÉ": {"accent as apostrophe", "accented", "decomposed"},
    "cosi": {"accented", "decomposed"},
    unicodedata.normalize("NFD", "così"): {"accented", "decomposed"},
    "citta": {"capital"},
    "CITTÀ": {"capital"},
    "c'e": {"modifier letter"},
    "forli'": {"capital"},
    "capek": {"foreign"},
    "são paulo": {"foreign"},
    "italo-americano": {"hyphen"},
    "nord est": {"hyphen"},
    "intes": set(),
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database of a headline for each text, named as docs/exporting.md names it."""
    folder = tmp_path_factory.mktemp("search")
    articles = [article(n, headline=text) for n, text in enumerate(TEXTS.values())]
    articles += [
        article(100, subtitle="Solo nel sommario"),
        article(101, body="Solo nel testo"),
        article(102, keywords=["Solo nei tag", "Monza-Brianza"]),
        article(103, headline="Aggiornato", first_seen_at="2026-11-22T10:00:00Z"),
        article(103, headline="Aggiornato ancora", revision=2),
    ]
    dump = write(folder / "a.jsonl", articles)
    assert export("--to", "sqlite", dump, "-o", folder / "alanews.sqlite").code == 0
    return folder / "alanews.sqlite"


def quoted(words: str) -> str:
    """Return what somebody typed as FTS5 wants it, each word quoted."""
    return " ".join(f'"{word}"' for word in words.split())


@pytest.mark.parametrize("words", CASES)
def test_words_are_found(words: str, base: Path) -> None:
    database = Database(base)
    found = {row["headline"] for row in database.table("articles").search(quoted(words))}
    database.close()
    assert found == {TEXTS[name] for name in CASES[words]}


def test_headline_subtitle_text_and_tags_are_searched(base: Path) -> None:
    database = Database(base)
    found = {row["id"] for row in database.table("articles").search("solo")}
    assert found == {"alanews:100", "alanews:101", "alanews:102"}
    assert [row["id"] for row in database.table("articles").search('"monza brianza"')] == [
        "alanews:102"
    ]
    database.close()


@pytest.fixture(scope="module")
def datasette(base: Path) -> Iterator[str]:
    """Run the command of docs/exporting.md; yield the server's address."""
    page = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^(datasette .*)$", page, re.M)
    assert command.split()[1] == base.name
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-m", *command.split(), "--port", str(port)]
    with subprocess.Popen(
        line, cwd=base.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            yield answering(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.communicate(timeout=HANG)


def answering(url: str, server: subprocess.Popen[str]) -> str:
    def answers() -> bool:
        assert server.poll() is None, server.communicate()[1]
        with suppress(URLError):
            return bool(fetched(f"{url}/-/versions.json"))
        return False

    wait_for(answers, url)
    return url


def fetched(url: str) -> str:
    with urlopen(url, timeout=HANG) as answer:  # noqa: S310 - loopback
        text: str = answer.read().decode()
    return text


def asked(url: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fetched(url))
    return found


@pytest.mark.e2e
def test_datasette_finds_the_same(datasette: str) -> None:
    for words, names in CASES.items():
        address = f"{datasette}/alanews/articles.json?_shape=objects&_search={quote(words)}"
        found = {row["headline"] for row in asked(address)["rows"]}
        assert found == {TEXTS[name] for name in names}, words


@pytest.mark.e2e
def test_datasette_searches_the_newest_revisions_as_the_page_says(datasette: str) -> None:
    page = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")
    (address,) = re.findall(r"http://127\.0\.0\.1:8001(/alanews/latest\?[^\s`]+)", page)
    address = address.replace("latest?", "latest.json?_shape=objects&")
    assert address.endswith("_search=intesa")
    found = asked(datasette + address)["rows"]
    assert {row["headline"] for row in found} == {TEXTS[name] for name in CASES["intesa"]}
    found = asked(datasette + address.replace("intesa", "aggiornato"))["rows"]
    assert [row["headline"] for row in found] == ["Aggiornato ancora"]


@pytest.mark.e2e
def test_datasette_shows_the_tables_and_counts_tags(datasette: str) -> None:
    page = fetched(f"{datasette}/alanews/articles?_search=intesa")
    assert 'type="search"' in page
    assert "L’intesa sulle terre rare" in page
    facets = asked(f"{datasette}/alanews/articles.json?_facet_array=keywords")["facet_results"]
    assert {row["value"] for row in facets["keywords"]["results"]} == {
        "Solo nei tag",
        "Monza-Brianza",
    }
