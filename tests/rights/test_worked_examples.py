"""The worked examples of statements on rights, through the command, under both policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.support import rights_site
from tests.support.front import answer
from tests.support.rights_site import NAME, RSL, serve, signals

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.front import Front

pytestmark = pytest.mark.e2e
SIZE = 50
POLICY = "https://editrice.example/tdm.json"
Row = tuple[str, str, str, str]
"""Source, scope, use and value."""
WRITTEN, NOT_FETCHED = "written", "not fetched"
TERMS = (
    f'<rsl xmlns="{RSL}"><content url="/"><license><permits type="usage">search</permits>'
    '<prohibits type="usage">ai-train</prohibits></license></content>'
    '<content url="/archivio/"><license><prohibits type="usage">all</prohibits></license>'
    "</content></rsl>"
)


@dataclass(frozen=True)
class Case:
    """What a site states, and what is recorded of it and done."""

    expected: list[Row]
    outcome: str = WRITTEN
    """Under `respect`: written, not fetched, or the use for which the article is withheld."""
    reserved: bool | None = None
    policy: str | None = None
    robots: str | None = None
    path: str = f"/mondo/libero/{NAME}/"
    head: str = ""
    node: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    robots_txt: str | None = None
    tdmrep: str | None = None
    licences: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)


def tdm(place: str, value: str, scope: str = "page") -> Row:
    return (f"tdmrep/{place}", scope, "tdm", value)


def usage(use: str, value: str, scope: str = "site", place: str = "robots.txt") -> Row:
    return (f"aipref/{place}", scope, use, value)


HEADER = [("tdm-reservation", "1")]
META = '<meta name="tdm-reservation" content="{}">'
CASES = {
    "nothing, and an ai.txt and an llms.txt": Case(
        [], files={"/ai.txt": "Disallow: /", "/llms.txt": "# Site"}
    ),
    "header 1, meta 0": Case(
        [tdm("html", "allow"), tdm("header", "deny")],
        reserved=False, fields=HEADER, head=META.format(0),
    ),
    "header 0, meta 1": Case(
        [tdm("html", "deny"), tdm("header", "allow")], "tdm",
        reserved=True, fields=[("tdm-reservation", "0")], head=META.format(1),
    ),
    "meta yes": Case([], head=META.format("yes")),
    "file: the free folder first": Case(
        [tdm("well-known", "allow", "/mondo/libero/")], reserved=False,
        tdmrep='[{"location": "/mondo/libero/", "tdm-reservation": 0},'
        ' {"location": "/mondo/", "tdm-reservation": 1}]',
    ),
    "file: the first counts, not the longest": Case(
        [tdm("well-known", "deny", "/sport/")], NOT_FETCHED,
        reserved=True, path=f"/sport/calcio/{NAME}/",
        tdmrep='[{"location": "/sport/", "tdm-reservation": 1},'
        ' {"location": "/sport/calcio/", "tdm-reservation": 0}]',
    ),
    "file reserves, header has a policy alone": Case(
        [tdm("well-known", "deny", "/"), ("tdmrep/header", "page", "policy", POLICY)],
        NOT_FETCHED, reserved=True, policy=POLICY, fields=[("tdm-policy", POLICY)],
        tdmrep='[{"location": "/", "tdm-reservation": 1}]',
    ),
    "tdmrep.json is an object": Case([], tdmrep='{"location": "/", "tdm-reservation": 1}'),
    "two fields Content-Usage": Case(
        [
            usage("train", "deny", "page", "header"),
            usage("ai-input", "deny", "page", "header"),
            usage("search", "allow", "page", "header"),
        ],
        fields=[("Content-Usage", "train-ai=n"), ("Content-Usage", "ai-use=n, search=y")],
    ),
    "the longest path alone": Case(
        [usage("train", "allow", "/libero/")], path=f"/libero/{NAME}/",
        robots_txt="User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /libero/ train-ai=y\n",
    ),
    "the same path, y and n": Case(
        [usage("train", "allow", "/mondo/"), usage("train", "deny", "/mondo/")],
        robots_txt="User-agent: *\nContent-Usage: /mondo/ train-ai=y\n"
        "Content-Usage: /mondo/ train-ai=n\n",
    ),
    "a dictionary that does not parse": Case(
        [], robots_txt="User-agent: *\nContent-Usage: Train-AI=y, search=n\n"
    ),
    "our own group": Case(
        [usage("train", "allow")],
        robots_txt="User-agent: *\nContent-Usage: train-ai=n\n\n"
        "User-agent: NewsCrawl\nContent-Usage: train-ai=y\n",
    ),
    "Content-Signal": Case(
        [
            ("content-signal/robots.txt", "site", use, value)
            for use, value in (("search", "allow"), ("train", "deny"), ("ai-level", "reference"))
        ],
        robots_txt="User-agent: *\nContent-Signal: search=yes,ai-train=no,use=reference\n",
    ),
    "meta googlebot": Case(
        [("robots/html", "page for googlebot", "index", "deny")],
        head='<meta name="googlebot" content="noindex">',
    ),
    "X-Robots-Tag for another and for all": Case(
        [
            ("robots/header", "page for otherbot", "index", "deny"),
            ("robots/header", "page", "archive", "deny"),
        ],
        "archive", robots="noarchive",
        fields=[("X-Robots-Tag", "otherbot: noindex"), ("X-Robots-Tag", "noarchive")],
    ),
    "unavailable_after": Case(
        [
            ("robots/html", "page", "max-snippet", "-1"),
            ("robots/html", "page", "available-until", "2020-06-25T15:00:00Z"),
        ],
        "available-until",
        robots="max-snippet:-1, unavailable_after: thursday, 25-jun-20 15:00:00 gmt",
        head='<meta name="robots"'
        ' content="max-snippet:-1, unavailable_after: Thursday, 25-Jun-20 15:00:00 GMT">',
    ),
    "RSL by robots.txt": Case(
        [
            ("rsl/robots.txt", "site", "license", "{front}/licenza.xml"),
            ("rsl/robots.txt", "/", "search", "allow"),
            ("rsl/robots.txt", "/", "train", "deny"),
            ("rsl/robots.txt", "/archivio/", "all", "deny"),
        ],
        NOT_FETCHED, path=f"/archivio/{NAME}/",
        robots_txt="License: {front}/licenza.xml\nUser-agent: *\nAllow: /\n",
        licences={"/licenza.xml": TERMS},
    ),
    "a global License and one of our group": Case(
        [
            ("rsl/robots.txt", "site", "license", "{front}/nostra.xml"),
            ("rsl/robots.txt", "site", "ai-input", "allow"),
        ],
        robots_txt="License: {front}/licenza.xml\n\nUser-agent: newscrawl\nAllow: /\n"
        "License: {front}/nostra.xml\n",
        licences={
            "/licenza.xml": TERMS,
            "/nostra.xml": f'<rsl xmlns="{RSL}"><content url=""><license>'
            '<permits type="usage">ai-input</permits></license></content></rsl>',
        },
    ),
    "the licence of an image": Case(
        [], node=', "image": {"@type": "ImageObject", "license": "https://a.example/l"}'
    ),
}  # fmt: skip


def prepare(front: Front, case: Case) -> None:
    serve(
        front,
        case.path,
        head=case.head,
        node=case.node,
        fields=case.fields,
        robots=case.robots_txt and case.robots_txt.replace("{front}", front.url),
        tdmrep=case.tdmrep,
        licences=case.licences,
    )
    for path, text in case.files.items():
        front.answers[f"^{path}$"] = answer(text, "text/plain")


@pytest.mark.parametrize("name", CASES)
def test_a_statement_is_recorded(name: str, front: Front, tmp_path: Path) -> None:
    case = CASES[name]
    prepare(front, case)
    run = rights_site.run(front, tmp_path, case.path)
    assert run.code == 0, run.stderr
    (line,) = run.articles
    expected = [(*one[:3], one[3].replace("{front}", front.url)) for one in case.expected]
    assert sorted(signals(line)) == sorted(expected)
    rights = {name: line["rights"][name] for name in ("tdm_reserved", "tdm_policy", "robots")}
    assert rights == {
        "tdm_reserved": case.reserved, "tdm_policy": case.policy, "robots": case.robots
    }  # fmt: skip
    assert not {"/ai.txt", "/llms.txt"} & {*front.paths}
    figures = run.reports[0]["rights"]
    assert (figures["policy"], figures["withheld"], figures["not_fetched"]) == ("record", {}, 0)
    counted = sum(sum(uses.values()) for uses in figures["signals"].values())
    assert counted == len(expected)


@pytest.mark.parametrize("name", CASES)
def test_a_statement_is_respected(name: str, front: Front, tmp_path: Path) -> None:
    case = CASES[name]
    prepare(front, case)
    run = rights_site.run(front, tmp_path, case.path, policy="respect")
    assert run.code == 0, run.stderr
    figures = run.reports[0]["rights"]
    assert figures["policy"] == "respect"
    is_fetched = case.path in front.paths
    if case.outcome == WRITTEN:
        assert (len(run.articles), is_fetched) == (1, True)
    else:
        assert run.articles == run.rejected == []
        assert is_fetched is (case.outcome != NOT_FETCHED)
    is_withheld = case.outcome not in {WRITTEN, NOT_FETCHED}
    assert figures["withheld"] == ({case.outcome: 1} if is_withheld else {})
    assert figures["not_fetched"] == (case.outcome == NOT_FETCHED)
