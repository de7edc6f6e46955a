"""Each vocabulary by itself: what it states, and what is ignored."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.items import Rights, Signal
from newscrawl.rights import (
    content_signals,
    content_usage,
    dictionaries,
    licences,
    robots_directives,
    robots_txt,
    rsl,
)
from newscrawl.rights.policy import may_follow, withheld_use
from newscrawl.rights.signals import MAX_RAW, MAX_SIGNALS, Statements
from newscrawl.rights.site_rights import RobotsRights
from tests.support.cost import at_most

if TYPE_CHECKING:
    from collections.abc import Iterable

URL = "https://www.example.it/esteri/un-titolo/"
NS = f'xmlns="{rsl.NAMESPACE}"'


def stated(statements: Statements) -> list[tuple[str, str, str]]:
    return [(signal.scope, signal.use, signal.value) for signal in statements.signals]


@pytest.mark.parametrize(
    ("rules", "uses", "robots"),
    [
        ("NoIndex , NOARCHIVE", ["index deny", "archive deny"], "noindex, noarchive"),
        ("all", ["index allow", "follow allow"], "all"),
        ("none", ["index deny", "follow deny"], "none"),
        ("nocache", ["archive deny"], "nocache"),
        ("nosnippet, notranslate", ["snippet deny", "translate deny"], "nosnippet, notranslate"),
        ("noai, noimageai", ["ai deny", "image-ai deny"], "noai, noimageai"),
        ("noimageindex", ["image-index deny"], "noimageindex"),
        ("max-snippet: 20", ["max-snippet 20"], "max-snippet: 20"),
        ("max-image-preview:standard", ["max-image-preview standard"], None),
        ("max-video-preview:-1", ["max-video-preview -1"], None),
        ("max-snippet:many, max-image-preview:huge", [], None),
        ("unavailable_after: 2099-12-31", ["available-until 2099-12-31"], None),
        ("unavailable_after: 25 Jun 2020 15:00:00 PST", ["available-until 2020-06-25T23:00:00Z"],
         None),
        ("unavailable_after: Thursday, 25-Jun-20 15:00:00 GMT, noarchive",
         ["available-until 2020-06-25T15:00:00Z", "archive deny"], None),
        ("unavailable_after: 2020-06-25T15:00:00+02:00", ["available-until 2020-06-25T13:00:00Z"],
         None),
        ("unavailable_after: ieri", [], None),
    ],
)  # fmt: skip
def test_rules_for_robots(rules: str, uses: list[str], robots: str | None) -> None:
    statements = Statements()
    robots_directives.read_meta("robots", [rules], statements)
    assert [f"{use} {value}" for _, use, value in stated(statements)] == uses
    if robots is not None:
        assert ", ".join(statements.robots) == robots


def test_whom_a_header_addresses() -> None:
    statements = Statements()
    lines = [
        "otherbot: noindex, nofollow", "NewsCrawl : noarchive", "max-snippet: 5",
        "unavailable_after: 2020-06-25",
    ]  # fmt: skip
    robots_directives.read_headers(lines, statements)
    assert stated(statements) == [
        ("page for otherbot", "index", "deny"),
        ("page for otherbot", "follow", "deny"),
        ("page for newscrawl", "archive", "deny"),
        ("page", "max-snippet", "5"),
        ("page", "available-until", "2020-06-25"),
    ]
    assert statements.robots == ["noarchive", "max-snippet: 5", "unavailable_after: 2020-06-25"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("robots", True), ("newscrawl", True), ("googlebot-news", True), ("claudebot", True),
        ("robots-txt", False), ("viewport", False), ("botany", False),
    ],
)  # fmt: skip
def test_names_of_crawlers(name: str, *, expected: bool) -> None:
    assert robots_directives.is_crawler(name) is expected


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", {}),
        ("a=y", {"a": "y"}),
        ("a=y,b=n", {"a": "y", "b": "n"}),
        ("a=y \t, \t b", {"a": "y", "b": True}),
        ("a=n, a=y", {"a": "y"}),
        ('a;x=1;y, b=(1 2;q "t");z', {"a": True, "b": ["1", "2", '"t"']}),
        ('a=1.5, b=?0, c=:YQ==:, d=@1, e=%"f%c3%bc"',
         {"a": "1.5", "b": "?0", "c": ":YQ==:", "d": "@1", "e": '%"f%c3%bc"'}),
    ],
)  # fmt: skip
def test_dictionaries(text: str, members: dict[str, object]) -> None:
    assert dictionaries.parse(text) == members


@pytest.mark.parametrize(
    "text",
    ["A=y", "a=y,", "a=y b=n", "a=", "a==y", 'a="y', "a=(1 2", "a=1.", "a=1234567890123456", ",",
     "a=y;", "a=è", 'a=(1"x")', "1=y", "a=@1.5", "a=y\n,b=n"],
)  # fmt: skip
def test_what_is_not_a_dictionary(text: str) -> None:
    with pytest.raises(ValueError, match="at character"):
        dictionaries.parse(text)


@given(st.text(alphabet='ab=;, ()"\\?:@%1.yn\t', max_size=40))
def test_no_dictionary_raises_anything_else(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(dictionaries.parse(text), dict)


@pytest.mark.parametrize(
    ("line", "uses", "ignored"),
    [
        ("train-ai=n, search=y", ["train deny", "search allow"], 0),
        ("ai-use=y;exceptions=x", ["ai-input allow"], 0),
        ("train-ai=n, train-ai=y", ["train allow"], 0),
        ('train-ai="n", ai-use, search=maybe', [], 3),
        ("bots=n, tdm=n, train-genai=n", [], 3),
        ("Train-AI=y", [], 1),
    ],
)
def test_content_usage(line: str, uses: list[str], ignored: int) -> None:
    statements = Statements()
    content_usage.read_header([line], statements)
    assert [f"{use} {value}" for _, use, value in stated(statements)] == uses
    assert statements.ignored == ["aipref/header"] * ignored


def test_content_signals_add_up() -> None:
    statements = Statements()
    content_signals.read(["Search=Yes , ai-train=no", "ai-input=no,use=full,x=y"], statements)
    assert [f"{use} {value}" for _, use, value in stated(statements)] == [
        "search allow", "train deny", "ai-input deny", "ai-level full",
    ]  # fmt: skip
    assert statements.ignored == ["content-signal/robots.txt"]


GROUPS = """\
License: https://a.example/global.xml
User-agent: news
Content-Signal: search=no

User-agent: *
Content-Signal: ai-train=no
Sitemap: https://a.example/s.xml
Unknown: line
Content-Signal: search=yes

User-agent: *
Disallow: /privato/
Content-Usage: train-ai=n # a comment
"""


def test_our_group_of_robots_txt() -> None:
    lines = robots_txt.parse(GROUPS.encode())
    assert lines.rights_lines == (
        ("License", "https://a.example/global.xml"),
        ("Content-Signal", "ai-train=no"),
        ("Content-Signal", "search=yes"),
        ("Content-Usage", "train-ai=n"),
    )
    assert lines.rights_of_others == ("content-signal",)
    own = robots_txt.parse(f"{GROUPS}\nUser-agent: NewsCrawl/1.0\nAllow: /\n".encode())
    assert own.rights_lines == (("License", "https://a.example/global.xml"),)
    assert len(own.rights_of_others) == 4
    unknown = b"User-agent: newscrawl\nColour: red\nUser-agent: other\nContent-Signal: search=no\n"
    assert robots_txt.parse(unknown).rights_lines == (("Content-Signal", "search=no"),)


def test_the_address_of_a_licence_is_absolute() -> None:
    robots = RobotsRights([("license", "/l.xml"), ("license", "https://a.example/l.xml")])
    assert robots.documents == ["https://a.example/l.xml"]
    assert robots.ignored == ["rsl/robots.txt"]


def document(*contents: str) -> bytes:
    return f"<rsl {NS}>{''.join(contents)}</rsl>".encode()


def test_terms_of_a_licence() -> None:
    text = (
        '<content url="https://www.example.it/esteri/*" server="https://l.example/api"><license>'
        '<permits type="usage">search ai-index\nsomething</permits>'
        '<permits type="user">commercial</permits><prohibits type="geo">IT</prohibits>'
        '<payment type="crawl"><amount currency="EUR">1</amount></payment>'
        '<payment type="barter"/></license></content>'
        '<content url="https://other.example/"><license><prohibits type="usage">all</prohibits>'
        "</license></content>"
    )
    contents, statements = rsl.parse(document(text)), Statements()
    rsl.read(contents, "rsl/html", "page", [URL], statements)
    scope = "https://www.example.it/esteri/*"
    assert stated(statements) == [
        (scope, "license-server", "https://l.example/api"),
        (scope, "search", "allow"),
        (scope, "ai-index", "allow"),
        (scope, "payment", "crawl"),
    ]
    assert statements.signals[3].raw == (
        '<payment type="crawl"><amount currency="EUR">1</amount></payment>'
    )
    assert [content.ignored for content in contents] == [2, 0]


def signals(*rows: tuple[str, str, str, str]) -> list[Signal]:
    return [Signal(*row, raw="") for row in rows]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], None),
        ([("rsl/robots.txt", "/", "all", "deny")], "all"),
        ([("rsl/robots.txt", "/", "all", "deny"), ("rsl/robots.txt", "/a/", "all", "allow")], None),
        ([("rsl/robots.txt", "/", "all", "deny"), ("rsl/robots.txt", "/", "all", "allow")], "all"),
        ([("rsl/robots.txt", "/", "all", "deny"), ("rsl/html", "page", "all", "allow")], None),
        ([("rsl/robots.txt", "site", "payment", "free")], None),
        ([("rsl/feed", "page", "payment", "crawl")], "payment"),
        ([("rsl/header", "page", "license-server", "https://l.example/")], "license-server"),
        ([("rsl/robots.txt", "/", "train", "deny")], None),
    ],
)
def test_what_a_licence_refuses(rows: list[tuple[str, str, str, str]], expected: str) -> None:
    assert rsl.refusing_use(signals(*rows)) == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"<rsl/>", b"<html></html>", b"<!DOCTYPE a><a/>", b"x" * (rsl.MAX_BYTES + 1),
     b"\xff\xfe", b'<?xml version="1.0" encoding="klingon"?><a/>'],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_what_is_not_a_licence(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        rsl.parse(body)


def test_a_nested_licence_costs_little() -> None:
    deep = document("<content>" * 20_000 + "</content>" * 20_000)
    with at_most(2):
        rsl.parse(deep)


@pytest.mark.parametrize(
    ("line", "source", "address"),
    [
        ('<https://a.example/l>; rel="license"', "license/header", "https://a.example/l"),
        ("</l>; rel=license; rel=next", "license/header", "https://www.example.it/l"),
        ('<https://a.example/x>; rel=next, <https://a.example/l,1>; rel="x LICENSE"',
         "license/header", "https://a.example/l,1"),
        ('<https://a.example/l>; title="a, b; rel=x"; rel="license"; type="application/rsl+xml"',
         "rsl/header", "https://a.example/l"),
    ],
)  # fmt: skip
def test_links_of_headers(line: str, source: str, address: str) -> None:
    statements = Statements()
    licences.read_header([line], URL, statements)
    assert [(s.source, s.value) for s in statements.signals] == [(source, address)]


def test_properties_of_schema_org() -> None:
    statements = Statements()
    node = {
        "license": {"@id": "https://a.example/l"},
        "usageInfo": "/uso",
        "acquireLicensePage": ["https://a.example/b"],
        "copyrightHolder": [{"@id": "#o"}, {"@type": "Person", "name": "Ada"}, "Editrice"],
        "isAccessibleForFree": "https://schema.org/False",
    }
    licences.read_jsonld([node], {"#o": {"name": "Ala"}}.get, URL, statements)
    assert [(s.use, s.value, s.raw) for s in statements.signals] == [
        ("license", "https://a.example/l", '{"@id": "https://a.example/l"}'),
        ("policy", "https://www.example.it/uso", '"/uso"'),
        ("policy", "https://a.example/b", '"https://a.example/b"'),
        ("holder", "Ala", '{"@id": "#o"}'),
        ("holder", "Ada", '{"@type": "Person", "name": "Ada"}'),
        ("holder", "Editrice", '"Editrice"'),
        ("access", "paid", '"https://schema.org/False"'),
    ]


NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("robots/html", "page for googlebot", "index", "deny")], None),
        ([("robots/header", "page for newscrawl", "index", "deny")], "index"),
        ([("robots/html", "page", "snippet", "deny"), ("robots/html", "page", "ai", "deny")], None),
        ([("robots/html", "page", "available-until", "2026-11-27")], "available-until"),
        ([("robots/html", "page", "available-until", "2026-11-28")], None),
        ([("aipref/header", "page", "train", "deny")], None),
        ([("schema.org/jsonld", "page", "access", "paid")], None),
    ],
)
def test_what_is_withheld(rows: Iterable[tuple[str, str, str, str]], expected: str) -> None:
    assert withheld_use(Rights(signals=signals(*rows)), NOW) == expected


def test_whose_links_are_followed() -> None:
    others = Rights(signals=signals(("robots/html", "page for googlebot", "follow", "deny")))
    ours = Rights(signals=signals(("robots/html", "page", "follow", "deny")))
    assert (may_follow(Rights()), may_follow(others), may_follow(ours)) == (True, True, False)


def test_signals_are_bounded() -> None:
    statements = Statements()
    for number in range(MAX_SIGNALS + 5):
        statements.add("robots/html", "page", "holder", str(number), "x" * 1_000)
    assert len(statements.signals) == MAX_SIGNALS
    assert {len(signal.raw) for signal in statements.signals} == {MAX_RAW}
    assert len(statements.ignored) == 5
