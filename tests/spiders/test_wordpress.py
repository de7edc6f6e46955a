"""Crawls of a site by its address: what is learned of it, kept, and said when it is not a site."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.outcomes import finish_reasons
from newscrawl.outcomes.finish_reasons import code
from tests.support.crawling import Crawl, crawl
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60
_SITE_LINE = re.compile(r"Site: (.+) \((\S+)\), language (\w+), time zone (\S+), sections: (.+)")
_FAIL_REST = {"kind": "status", "value": 503, "path": r"wp-json/\?", "times": 1}


@pytest.fixture(scope="module")
def process() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as running:
        yield running


@pytest.fixture
def twin(process: TwinProcess) -> Iterator[TwinProcess]:
    process.set_faults([])
    process.reset()
    yield process
    process.set_faults([])


def key_of(url: str) -> str:
    return url.removeprefix("http://").replace(":", "-")


def run(url: str, output: Path, series: str = "", **arguments: object) -> Crawl:
    """Crawl the site at `url`; no article is due because of its age."""
    folder = key_of(url) + (f".{series}" if series else "")
    settings = {"RECHECK_AGES": "", "RETRY_TIMES": "0"}
    return crawl(
        "wordpress",
        output,
        settings=settings,
        series=folder,
        arguments={"site_url": url, **arguments},
    )


def expected_ids(twin: TwinProcess, section: str | None = None) -> Counter[str]:
    """Return the ids of the twin's articles, as a site known by its address has them."""
    numbers = (
        name.partition(":")[2] for name in truth.expected(twin.content(), Switches(), section)
    )
    return Counter({f"{key_of(twin.url)}:{number}": 1 for number in numbers})


def ids(done: Crawl) -> Counter[str]:
    return Counter(article["id"] for article in done.articles)


def test_a_site_is_learned_crawled_whole_and_known_the_next_time(
    twin: TwinProcess, tmp_path: Path
) -> None:
    first = run(twin.url, tmp_path)
    assert first.code == 0, first.stderr[-3000:]
    assert ids(first) == expected_ids(twin)
    assert {article["site"] for article in first.articles} == {key_of(twin.url)}
    assert all(article["url"].startswith(f"{twin.url}/") for article in first.articles)
    line = _SITE_LINE.search(first.stderr)
    assert line is not None
    assert line.groups()[1:4] == (twin.url, "it", "Europe/Rome")
    assert "esteri, sport, calcio" in line[5]
    twin.reset()
    second = run(twin.url, tmp_path)
    assert (second.code, len(second.dumps)) == (0, 1), second.stderr[-3000:]
    requested = [path for _, path, _ in twin.requests()]
    # As a run of a site that has spiders of its own.
    assert len(requested) <= 17
    assert not [path for path in requested if path.startswith("/wp-json/")]


def test_a_section_has_a_series_of_its_own(twin: TwinProcess, tmp_path: Path) -> None:
    done = run(twin.url, tmp_path, "sport", section="sport")
    assert done.code == 0, done.stderr[-3000:]
    assert ids(done) == expected_ids(twin, "sport")


def test_an_unknown_section_is_answered_with_the_known_ones(
    twin: TwinProcess, tmp_path: Path
) -> None:
    done = run(twin.url, tmp_path, "sporty", section="sporty")
    assert done.code == code(finish_reasons.SECTION_MISSING)
    text = f"{twin.url} has no section 'sporty' (did you mean sport?); its sections are: cronaca,"
    assert text in done.stderr
    assert done.dumps == []


def test_addresses_alone_are_read_by_the_facts_of_the_site(
    twin: TwinProcess, tmp_path: Path
) -> None:
    url = next(iter(truth.expected(twin.content(), Switches()).values())).url
    path = url.removeprefix("https://www.alanews.it")
    done = run(twin.url, tmp_path, urls=f"{twin.url}{path}")
    assert done.code == 0, done.stderr[-3000:]
    assert [article["url"] for article in done.articles] == [f"{twin.url}{path}"]
    assert done.articles[0]["discovered_via"] == ["url"]


def test_without_rest_the_menu_says_what_the_sections_are(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "status", "value": 403, "on": "rest"}])
    done = run(twin.url, tmp_path)
    assert done.code == 0, done.stderr[-3000:]
    assert ids(done) == expected_ids(twin)
    twin.reset()
    assert run(twin.url, tmp_path).code == 0
    # It is closed, not failing: nothing more is to be learned there.
    assert not [path for _, path, _ in twin.requests() if path.startswith("/wp-json/")]


def test_the_next_run_requests_what_failed_while_the_site_was_learned(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([_FAIL_REST])
    first = run(twin.url, tmp_path)
    assert first.code == code(finish_reasons.PARTIAL), first.stderr[-3000:]
    assert ids(first) == expected_ids(twin)
    twin.reset()
    second = run(twin.url, tmp_path)
    assert (second.code, len(second.dumps)) == (0, 1), second.stderr[-3000:]
    assert [path for _, path, _ in twin.requests() if path.startswith("/wp-json/")]


@contextmanager
def server(status: int, page: str) -> Iterator[str]:
    """Serve one page at each address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"" if self.path.startswith(("/robots.txt", "/.well-known")) else page.encode()
            self.send_response(status if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}"
        running.shutdown()
        thread.join()


WORDPRESS = '<script src="/wp-content/themes/x/x.js"></script>'
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body>"
    '<script src="/cdn-cgi/challenge-platform/x.js"></script></body></html>'
)
NOT_A_SITE = {
    "another system": (
        200,
        (
            '<html><head><meta name="generator" content="Drupal 11"><title>Notizie</title></head>'
            '<body><p>Le notizie di oggi</p><a href="/a">A</a></body></html>'
        ),
        finish_reasons.UNSUPPORTED_SITE,
        "does not look like WordPress (it was made by Drupal 11)",
    ),
    "parked": (
        200,
        "<html><head><title>example.it</title></head><body><h1>Buy this domain</h1></body></html>",
        finish_reasons.UNSUPPORTED_SITE,
        "is a parked domain or a server without a site",
    ),
    "article": (
        200,
        (
            f'<html><head>{WORDPRESS}</head><body class="single single-post postid-7"><p>Testo</p>'
            "</body></html>"
        ),
        finish_reasons.UNSUPPORTED_SITE,
        "is a single article",
    ),
    "archive": (
        200,
        f'<html><head>{WORDPRESS}</head><body class="archive category"><p>Testo</p></body></html>',
        finish_reasons.UNSUPPORTED_SITE,
        "is an archive",
    ),
    "login": (
        200,
        (
            f'<html><head>{WORDPRESS}</head><body class="login"><form><input type=password></form>'
            "</body></html>"
        ),
        finish_reasons.BLOCKED,
        "login",
    ),
    "forbidden": (403, "<html><body>Forbidden</body></html>", finish_reasons.BLOCKED, "HTTP 403"),
    "bot wall": (
        503,
        CHALLENGE,
        finish_reasons.BLOCKED,
        "HTTP 503, challenge): set NEWSCRAWL_CONTACT, slow down, or ask the site for access",
    ),
    "not found": (
        404,
        "<html><body>Not found</body></html>",
        finish_reasons.UNSUPPORTED_SITE,
        "HTTP 404",
    ),
    "server error": (
        503,
        "<html><body>Error</body></html>",
        finish_reasons.SITE_UNREACHABLE,
        "HTTP 503",
    ),
}


@pytest.mark.parametrize(
    "case",
    [
        case
        if case in {"another system", "article", "bot wall"}
        else pytest.param(case, marks=pytest.mark.soak)
        for case in NOT_A_SITE
    ],
)
def test_what_is_not_a_site_is_named_in_one_line(case: str, tmp_path: Path) -> None:
    status, page, reason, seen = NOT_A_SITE[case]
    with server(status, page) as url:
        done = run(url, tmp_path)
    assert done.code == code(reason), done.stderr[-3000:]
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("newscrawl: ")
    assert seen in last
    assert url in last
    assert "Traceback" not in done.stderr
    assert done.dumps == []
    report = json.loads(next(done.folder.glob("*.run.json")).read_bytes())
    assert report["reason"] == reason


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "name the site: -a site_url=https://www.example.it"),
        ({"site": "nowhere"}, "there is no definition 'nowhere' of a site"),
        ({"site_url": "www.example.it"}, "is not a web address"),
        (
            {"site_url": "http://127.0.0.1:9", "section": "../x"},
            "section='../x' is not the short name of a section",
        ),
    ],
)
def test_a_wrong_argument_is_one_line(
    arguments: dict[str, object], message: str, tmp_path: Path
) -> None:
    done = crawl("wordpress", tmp_path, arguments=arguments)
    assert done.code == finish_reasons.USAGE
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_host_is_named(tmp_path: Path) -> None:
    done = run("http://nowhere.invalid", tmp_path)
    assert done.code == code(finish_reasons.SITE_UNREACHABLE), done.stderr[-3000:]
    assert "nowhere.invalid" in done.stderr.strip().splitlines()[-1]


def test_site_and_section_are_arguments_of_this_spider_only(tmp_path: Path) -> None:
    done = crawl("esteri", tmp_path, section="sport")
    assert done.code == finish_reasons.USAGE
    assert "unknown argument 'section'" in done.stderr


DEFINITION = """
name = "Il Giornale"
origin = "{url}"
timezone = "Europe/Rome"
language = "it"

[[sections]]
slug = "cronaca"
label = "Cronaca"

[[sections]]
slug = "esteri"
label = "Esteri"
"""


def crawl_defined(name: str, folder: Path, output: Path, **arguments: object) -> Crawl:
    return crawl(
        "wordpress",
        output,
        settings={"RECHECK_AGES": "", "SITES_DIR": str(folder)},
        arguments={"site": name, **arguments},
    )


def test_a_definition_continues_the_series_that_the_address_began(
    twin: TwinProcess, tmp_path: Path
) -> None:
    folder, output = tmp_path / "sites", tmp_path / "output"
    folder.mkdir()
    (folder / "giornale.toml").write_text(DEFINITION.format(url=twin.url), encoding="utf-8")
    first = run(twin.url, output, "esteri", section="esteri")
    assert first.code == 0, first.stderr[-3000:]
    twin.reset()
    second = crawl_defined("giornale", folder, output, section="esteri")
    assert second.code == 0, second.stderr[-3000:]
    assert len(first.dumps) == 1
    # What is defined is not asked for.
    assert not [path for _, path, _ in twin.requests() if path.startswith("/wp-json/")]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"Europe/Rome"', '"Europe/Roma"'), "giornale.toml, line 4: timezone is 'Europe/Roma'"),
        (('slug = "esteri"', "slug = esteri"), "giornale.toml, line 12"),
        (('label = "Esteri"', 'labels = "Esteri"'), "line 13: sections[1].labels is not an entry"),
    ],
)
def test_a_wrong_definition_is_one_line(
    change: tuple[str, str], message: str, tmp_path: Path
) -> None:
    text = DEFINITION.format(url="http://127.0.0.1:9").replace(*change)
    (tmp_path / "giornale.toml").write_text(text, encoding="utf-8")
    done = crawl_defined("giornale", tmp_path, tmp_path / "output")
    assert done.code == finish_reasons.USAGE
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_section_that_a_definition_does_not_have_is_one_line(tmp_path: Path) -> None:
    text = DEFINITION.format(url="http://127.0.0.1:9")
    (tmp_path / "giornale.toml").write_text(text, encoding="utf-8")
    done = crawl_defined("giornale", tmp_path, tmp_path / "output", section="sport")
    assert done.code == finish_reasons.USAGE
    assert "section='sport' is not a section of Il Giornale: cronaca, esteri" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_definition_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "giornale.toml").write_text(
        DEFINITION.format(url="http://127.0.0.1:9"), encoding="utf-8"
    )
    done = crawl_defined("giornali", tmp_path, tmp_path / "output")
    assert done.code == finish_reasons.USAGE
    assert "did you mean giornale?" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def kept_facts(output: Path, url: str) -> dict[str, Any]:
    (ledger,) = output.glob(f"ledger-{key_of(url)}.sqlite")
    with closing(sqlite3.connect(ledger)) as connection:
        (text,) = connection.execute("SELECT value FROM meta WHERE name = 'site_facts'").fetchone()
    facts: dict[str, Any] = json.loads(text)
    return facts


def change_facts(output: Path, url: str, **changes: object) -> None:
    """Change what the ledger keeps of the site."""
    (ledger,) = output.glob(f"ledger-{key_of(url)}.sqlite")
    text = json.dumps({**kept_facts(output, url), **changes})
    with closing(sqlite3.connect(ledger)) as connection, connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'site_facts'", (text,))


def test_facts_are_learned_again_when_they_are_old(twin: TwinProcess, tmp_path: Path) -> None:
    assert run(twin.url, tmp_path, "sport", section="sport").code == 0
    facts = kept_facts(tmp_path, twin.url)
    change_facts(tmp_path, twin.url, learned=1, name="An old name")
    twin.reset()
    assert run(twin.url, tmp_path, "sport", section="sport").code == 0
    assert [path for _, path, _ in twin.requests() if path.startswith("/wp-json/")]
    again = kept_facts(tmp_path, twin.url)
    assert again["learned"] >= facts["learned"]
    assert {**again, "learned": 0} == {**facts, "learned": 0}


def test_facts_are_learned_again_when_the_menu_has_a_new_entry(
    twin: TwinProcess, tmp_path: Path
) -> None:
    assert run(twin.url, tmp_path, "sport", section="sport").code == 0
    facts = kept_facts(tmp_path, twin.url)
    fewer = [section for section in facts["sections"] if section["slug"] != "esteri"]
    assert len(fewer) == len(facts["sections"]) - 1
    menu = [url for url in facts["menu"] if "/esteri/" not in url]
    assert len(menu) < len(facts["menu"])
    change_facts(tmp_path, twin.url, sections=fewer, menu=menu)
    assert run(twin.url, tmp_path, "esteri", section="esteri").code == 0
    assert kept_facts(tmp_path, twin.url)["sections"] == facts["sections"]


def test_what_is_known_stays_while_rest_fails(twin: TwinProcess, tmp_path: Path) -> None:
    assert run(twin.url, tmp_path, "sport", section="sport").code == 0
    facts = kept_facts(tmp_path, twin.url)
    # As REST has stated them; the menu calls the section "Esteri".
    sections = [
        {**section, "label": "Dal mondo"} if section["slug"] == "esteri" else section
        for section in facts["sections"]
    ]
    change_facts(tmp_path, twin.url, learned=1, timezone="Europe/London", sections=sections)
    twin.set_faults([{"kind": "status", "value": 503, "on": "rest"}])
    done = run(twin.url, tmp_path, "sport", section="sport")
    assert done.code == code(finish_reasons.PARTIAL)
    again = kept_facts(tmp_path, twin.url)
    assert (again["timezone"], again["sections"]) == ("Europe/London", sections)
    # The next run asks again.
    assert again.get("learned", 0) == 0
