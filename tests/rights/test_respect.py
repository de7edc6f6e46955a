"""RIGHTS_POLICY=respect: what is withheld is kept nowhere, and the next run asks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import rights_site
from tests.support.crawling import crawl
from tests.support.front import answer
from tests.support.rights_site import NAME, RSL, TEXT, article, serve, signals, with_fields

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from tests.support.front import Front, Visit

pytestmark = pytest.mark.e2e
SIZE = 50
PATH = f"/mondo/{NAME}/"
UNCHANGED = b'HTTP/1.1 304 Test\r\nETag: "1"\r\nX-Robots-Tag: noai\r\nConnection: close\r\n\r\n'
RESERVING = '[{"location": "/", "tdm-reservation": 1}]'
CRAWL = (
    f'<rsl xmlns="{RSL}"><content url=""><license><payment type="crawl"/></license></content></rsl>'
)

CRAWL_OF_ALL = (
    '<content url=""><license><prohibits type="usage">search,all</prohibits></license></content>'
)


def kept(output: Path) -> list[Path]:
    """Return the files that hold words of the article."""
    words = TEXT.split(".")[0].encode()
    return [path for path in output.rglob("*") if path.is_file() and words in path.read_bytes()]


def test_no_text_is_kept_and_the_next_run_asks_again(front: Front, tmp_path: Path) -> None:
    serve(front, PATH, head='<meta name="robots" content="noindex">')
    for runs in (1, 2):
        run = rights_site.run(front, tmp_path, PATH, policy="respect")
        assert (run.code, run.reports[-1]["rights"]["withheld"]) == (0, {"index": 1})
        assert front.paths.count(PATH) == runs
    assert kept(tmp_path) == []
    run = rights_site.run(front, tmp_path, PATH)
    assert [line["headline"] for line in run.articles] == ["Un titolo di prova"]
    assert kept(tmp_path)


def test_what_is_not_fetched_is_asked_for_again_without_an_argument(
    front: Front, tmp_path: Path
) -> None:
    front.answers["^/.well-known/tdmrep.json$"] = answer(RESERVING, "application/json")
    settings = {"RIGHTS_POLICY": "respect"}
    run = crawl("esteri", tmp_path, site_url=front.url, settings=settings)
    count = run.reports[-1]["rights"]["not_fetched"]
    assert (run.code, run.articles) == (0, [])
    assert count > 3
    del front.answers["^/.well-known/tdmrep.json$"]
    run = crawl("esteri", tmp_path, site_url=front.url, settings=settings)
    assert run.code == 0
    assert len(run.articles) == count


def test_rows_of_the_ledger_say_why(front: Front, tmp_path: Path) -> None:
    serve(front, PATH, fields=[("tdm-reservation", "1")])
    run = rights_site.run(front, tmp_path, PATH, policy="respect")
    assert run.reports[-1]["rights"]["withheld"] == {"tdm": 1}
    assert run.reports[-1]["not_fetched"] == {}


def test_a_change_of_statements_is_no_revision(front: Front, tmp_path: Path) -> None:
    serve(front, PATH)
    assert len(rights_site.run(front, tmp_path, PATH).articles) == 1
    serve(front, PATH, head='<meta name="robots" content="noai">')
    run = rights_site.run(front, tmp_path, PATH)
    assert len(run.articles) == 1
    assert run.reports[-1]["known"] == {"unchanged": 1}


def test_the_headers_of_an_unchanged_page_are_in_the_next_line(
    front: Front, tmp_path: Path
) -> None:
    answers: list[bytes] = []
    pages = [
        with_fields(article(), [("ETag", '"1"')]),
        UNCHANGED,
        with_fields(article(body="<p>Una frase nuova e lunga in fondo.</p>"), [
            ("ETag", '"2"'), ("X-Robots-Tag", "noai"),
        ]),
    ]  # fmt: skip

    def visit(_: Visit, __: socket.socket) -> bytes:
        answers.append(pages[len(answers)])
        return answers[-1]

    front.answers[f"^{PATH}$"] = visit
    codes = [rights_site.run(front, tmp_path, PATH).code for _ in pages]
    assert codes == [0, 0, 0]
    assert len(answers) == 3
    lines = rights_site.lines(tmp_path / "esteri")
    assert [signals(line) for line in lines] == [[], [("robots/header", "page", "ai", "deny")]]
    assert [line["revision"] for line in lines] == [1, 2]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("html", "rsl/html"), ("header", "rsl/header"), ("script", "rsl/html")],
)
def test_a_licence_of_the_page_itself(
    name: str, expected: str, front: Front, tmp_path: Path
) -> None:
    link = f'<{front.url}/l.xml>; rel="license"; type="application/rsl+xml"'
    heads = {
        "html": '<link rel="license" type="application/rsl+xml" href="/l.xml">',
        "script": f'<script type="application/rsl+xml">{CRAWL}</script>',
    }
    fields = [("Link", link)] if name == "header" else []
    serve(front, PATH, head=heads.get(name, ""), fields=fields, licences={"/l.xml": CRAWL})
    (line,) = rights_site.run(front, tmp_path, PATH).articles
    terms = [row for row in signals(line) if row[2] == "payment"]
    assert terms == [(expected, "page", "payment", "crawl")]
    assert front.paths.count("/l.xml") == (name != "script")
    run = rights_site.run(front, tmp_path / "respect", PATH, policy="respect")
    assert (run.articles, run.reports[0]["rights"]["withheld"]) == ([], {"payment": 1})


@pytest.mark.parametrize(
    ("content", "use"),
    [
        ('<content url="" server="licenze.example"><license/></content>', "license-server"),
        (CRAWL_OF_ALL, "all"),
    ],
    ids=["a bare host as server", "uses separated by commas"],
)  # fmt: skip
def test_forms_of_drafts_are_read(content: str, use: str, front: Front, tmp_path: Path) -> None:
    head = '<link rel="license" type="application/rsl+xml" href="/l.xml">'
    document = f'<rsl xmlns="{RSL}">{content}</rsl>'
    serve(front, PATH, head=head, licences={"/l.xml": document})
    run = rights_site.run(front, tmp_path, PATH, policy="respect")
    assert (run.articles, run.reports[0]["rights"]["withheld"]) == ([], {use: 1})


def test_a_licence_of_another_host_is_only_recorded(front: Front, tmp_path: Path) -> None:
    address = "https://licenze.example/l.xml"
    serve(front, PATH, robots=f"License: {address}\nUser-agent: *\nAllow: /\n")
    (line,) = rights_site.run(front, tmp_path, PATH).articles
    assert signals(line) == [("rsl/robots.txt", "site", "license", address)]


def test_a_licence_that_robots_txt_forbids_is_not_fetched(front: Front, tmp_path: Path) -> None:
    robots = f"License: {front.url}/l.xml\nUser-agent: *\nDisallow: /l.xml\n"
    serve(front, PATH, robots=robots, licences={"/l.xml": CRAWL})
    run = rights_site.run(front, tmp_path, PATH, policy="respect")
    assert (run.code, len(run.articles)) == (0, 1)
    assert "/l.xml" not in front.paths
    assert run.reports[0]["rights"]["licences_not_read"] == 1


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE rsl [<!ENTITY a "all">]>' + CRAWL,
        "<rsl/>",
        "non è XML",
        CRAWL.replace("</rsl>", f"<!--{'x' * (1 << 20)}--></rsl>"),
    ],
    ids=["a document type", "another namespace", "text", "too large"],
)
def test_a_document_of_a_stranger_is_refused(document: str, front: Front, tmp_path: Path) -> None:
    serve(
        front, PATH, robots=f"License: {front.url}/l.xml\nUser-agent: *\nAllow: /\n",
        licences={"/l.xml": document},
    )  # fmt: skip
    (line,) = (run := rights_site.run(front, tmp_path, PATH)).articles
    assert [row[2] for row in signals(line)] == ["license"]
    assert run.code == 0
    assert run.reports[0]["rights"]["licences_not_read"] == 1


@pytest.mark.parametrize("policy", ["record", "respect"])
def test_links_are_not_followed_where_a_page_asks(
    policy: str, front: Front, tmp_path: Path
) -> None:
    def nofollow(visit: Visit, _: socket.socket) -> bytes:
        given = front.of_twin(visit, b"")
        return given.replace(b"\r\n", b"\r\nX-Robots-Tag: nofollow\r\n", 1)

    front.answers[r"^/20\d\d/|^/[a-z0-9]+-[a-z0-9]+-[a-z0-9-]+/$"] = nofollow
    run = crawl("esteri", tmp_path, site_url=front.url, settings={"RIGHTS_POLICY": policy})
    assert run.code == 0
    found = {channel for line in run.articles for channel in line["discovered_via"]}
    count = run.reports[-1]["rights"]["not_followed"]
    assert run.articles
    is_followed = policy == "record"
    assert ("related" in found, count > 0) == (is_followed, not is_followed)


def test_terms_in_a_feed(front: Front, tmp_path: Path) -> None:
    def with_terms(visit: Visit, _: socket.socket) -> bytes:
        head, body = front.of_twin(visit, b"").split(b"\r\n\r\n", 1)
        terms = (
            f'<content xmlns="{RSL}" url=""><license><prohibits type="usage">all</prohibits>'
            "</license></content></item>"
        )
        body = body.replace(b"</item>", terms.encode(), 1)
        lines = [line for line in head.split(b"\r\n") if b"ontent-" not in line[:15]]
        lines += [b"Content-Type: application/rss+xml", b"Content-Length: %d" % len(body)]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    front.answers[r"/feed/$"] = with_terms
    run = crawl("esteri", tmp_path, site_url=front.url, discover="menu,feed,archive")
    rows = [row for line in run.articles for row in signals(line) if row[0] == "rsl/feed"]
    assert rows == [("rsl/feed", "page", "all", "deny")]
    settings = {"RIGHTS_POLICY": "respect"}
    run = crawl(
        "esteri", tmp_path / "respect", site_url=front.url, discover="menu,feed,archive",
        settings=settings,
    )  # fmt: skip
    assert run.reports[-1]["rights"]["withheld"] == {"all": 1}


def test_articles_from_rest_have_what_the_site_states(front: Front, tmp_path: Path) -> None:
    robots = "User-agent: *\nContent-Signal: ai-train=no\nAllow: /\n"
    serve(front, PATH, robots=robots, tdmrep=RESERVING)
    run = crawl("esteri", tmp_path, site_url=front.url, source="rest")
    assert run.articles
    stated = {tuple(signals(line)) for line in run.articles}
    assert stated == {
        (
            ("tdmrep/well-known", "/", "tdm", "deny"),
            ("content-signal/robots.txt", "site", "train", "deny"),
        )
    }
    settings = {"RIGHTS_POLICY": "respect"}
    other = crawl("esteri", tmp_path / "b", site_url=front.url, source="rest", settings=settings)
    assert other.articles == []
    assert other.reports[-1]["rights"]["withheld"] == {"tdm": len(run.articles)}


def test_what_a_rest_run_withholds_is_asked_for_again(front: Front, tmp_path: Path) -> None:
    front.answers["^/.well-known/tdmrep.json$"] = answer(RESERVING, "application/json")
    settings = {"RIGHTS_POLICY": "respect"}
    run = crawl("esteri", tmp_path, site_url=front.url, source="rest", settings=settings)
    count = run.reports[-1]["rights"]["withheld"]["tdm"]
    assert (run.code, run.articles) == (0, [])
    front.visits.clear()
    again = crawl("esteri", tmp_path, site_url=front.url, source="rest", settings=settings)
    assert (again.code, again.articles) == (0, [])
    # The file still reserves them: they are not fetched.
    assert again.reports[-1]["rights"]["not_fetched"] == count
    assert not [path for path in front.paths if path.startswith("/20")]
    del front.answers["^/.well-known/tdmrep.json$"]
    last = crawl("esteri", tmp_path, site_url=front.url, source="rest", settings=settings)
    assert (last.code, len(last.articles)) == (0, count)
    front.visits.clear()
    crawl("esteri", tmp_path, site_url=front.url, source="rest", settings=settings)
    assert not [path for path in front.paths if path.startswith("/20")]


def test_what_is_ignored_is_counted(front: Front, tmp_path: Path) -> None:
    robots = (
        "User-agent: GPTBot\nContent-Usage: train-ai=n\n\n"
        "User-agent: *\nContent-Usage: bots=n, search=y\nContent-Signal: ai-train=perhaps\n"
    )
    serve(
        front, PATH, robots=robots, tdmrep='[{"location": "/"}]',
        head='<meta name="robots" content="noindexx">', node=', "license": "CC BY"',
    )  # fmt: skip
    run = rights_site.run(front, tmp_path, PATH)
    assert run.reports[0]["rights"]["ignored"] == {
        "aipref/robots.txt": 2,
        "content-signal/robots.txt": 1,
        "robots/html": 1,
        "schema.org/jsonld": 1,
        "tdmrep/well-known": 1,
    }
    (line,) = run.articles
    assert signals(line) == [("aipref/robots.txt", "site", "search", "allow")]
