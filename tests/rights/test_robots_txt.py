"""robots.txt as RFC 9309 says, one test for each matter of its sections."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.rights.path_patterns import PathPattern, normalised
from newscrawl.rights.robots_txt import MAX_BYTES, parse

SITE = "https://example.it"


def allows(robots: str | bytes, path: str) -> bool:
    body = robots.encode() if isinstance(robots, str) else robots
    return parse(body).allows(f"{SITE}{path}")


def ours(*lines: str) -> str:
    return "\n".join(("User-agent: newscrawl", *lines))


GROUPS = {
    "whole_token": ("User-agent: newscrawl\nDisallow: /a", False),
    "any_case": ("user-AGENT: NewsCrawl\ndisallow: /a", False),
    "version_is_no_token": ("User-agent: newscrawl/1.0\nDisallow: /a", False),
    "prefix": ("User-agent: news\nDisallow: /a", True),
    "longer": ("User-agent: newscrawler\nDisallow: /a", True),
    "with_digit": ("User-agent: newscrawl2\nDisallow: /a", True),
    "word_of_the_string": ("User-agent: crawler\nDisallow: /a", True),
    "http_of_the_contact": ("User-agent: https\nDisallow: /a", True),
    "all": ("User-agent: *\nDisallow: /a", False),
    "own_before_all": ("User-agent: *\nDisallow: /a\n\nUser-agent: newscrawl\nDisallow: /b", True),
    "empty_own_before_all": ("User-agent: *\nDisallow: /a\nUser-agent: newscrawl\nDisallow:", True),
    "joined": ("User-agent: newscrawl\nDisallow: /b\n\nUser-agent: newscrawl\nDisallow: /a", False),
    "joined_all": ("User-agent: *\nDisallow: /b\n\nUser-agent: *\nDisallow: /a", False),
    "several_agents": ("User-agent: x\nUser-agent: newscrawl\nDisallow: /a", False),
    "blank_line_ends_nothing": ("User-agent: newscrawl\n\n\nDisallow: /a", False),
    "no_group": ("Disallow: /a", True),
    "no_rules": ("", True),
    "others_only": ("User-agent: x\nDisallow: /", True),
}  # fmt: skip


@pytest.mark.parametrize("name", GROUPS)
def test_row_13_groups(name: str) -> None:
    robots, expected = GROUPS[name]
    assert allows(robots, "/a") is expected


@pytest.mark.parametrize(
    "record",
    ["Sitemap: https://example.it/s.xml", "Crawl-delay: 5", "License: /l", "Content-Usage: ai=n",
     "Content-Signal: ai-train=no", "Noindex: /x", "Clean-param: a", "Host: x", "rubbish", "a:b:c"],
)  # fmt: skip
def test_row_13_other_records_neither_end_nor_start_a_group(record: str) -> None:
    assert not allows(f"User-agent: newscrawl\n{record}\nUser-agent: x\nDisallow: /a", "/a")
    assert not allows(f"User-agent: newscrawl\nDisallow: /b\n{record}\nDisallow: /a", "/a")
    assert allows(f"User-agent: x\n{record}\nDisallow: /a", "/a")


RULES = [
    # RFC 9309, 2.2.2: the most octets win, on a tie Allow.
    (("Allow: /p", "Disallow: /"), "/page", True),
    (("Disallow: /", "Allow: /p"), "/page", True),
    (("Allow: /folder", "Disallow: /folder"), "/folder/page", True),
    (("Disallow: /folder", "Allow: /folder"), "/folder/page", True),
    (("Allow: /page", "Disallow: /*.htm"), "/page.htm", False),
    (("Allow: /page", "Disallow: /*.php5"), "/page.php5", False),
    (("Allow: /page", "Disallow: /*.ph"), "/page.php5", True),
    (("Allow: /$", "Disallow: /"), "/", True),
    (("Allow: /$", "Disallow: /"), "/page.htm", False),
    (("Disallow: /a/*/c/", "Allow: /a/b/c/d"), "/a/b/c/d", True),
    # From the first octet, case-sensitive, path and query.
    (("Disallow: /a",), "/b/a", True),
    (("Disallow: /A",), "/a", True),
    (("Disallow: /a",), "/ab", False),
    (("Disallow: /a/",), "/a", True),
    (("Disallow: /?s=",), "/?s=roma", False),
    (("Disallow: /*?s=",), "/x/?s=roma", False),
    (("Disallow: a",), "/a", True),
    (("Disallow:",), "/a", True),
    (("Disallow: ", "Allow:"), "/a", True),
    # /robots.txt itself always.
    (("Disallow: /",), "/robots.txt", True),
    (("Disallow: /",), "/robots.txt?x=1", True),
    (("Disallow: /",), "/robots.txt2", False),
    # RFC 9309, 2.2.2: encoding on both sides.
    (("Disallow: /foo/bar/ツ",), "/foo/bar/%E3%83%84", False),
    (("Disallow: /foo/bar/%E3%83%84",), "/foo/bar/ツ", False),
    (("Disallow: /%c3%a8",), "/%C3%A8", False),
    (("Disallow: /foo/bar/%62%61%7A",), "/foo/bar/baz", False),
    (("Disallow: /foo/bar/baz",), "/foo/bar/%62%61%7a", False),
    (("Disallow: /a%2Fb",), "/a/b", True),
    (("Disallow: /a%2fb",), "/a%2Fb", False),
    (("Disallow: /%7Ejoe/",), "/~joe/", False),
    # RFC 9309, 2.2.3: special characters.
    (("Disallow: /*.gif$",), "/a/b.gif", False),
    (("Disallow: /*.gif$",), "/a/b.gif?x", True),
    (("Disallow: /*.gif",), "/a/b.gif?x", False),
    (("Disallow: /this/*/exactly",), "/this/a/b/exactly", False),
    (("Disallow: /a*",), "/a", False),
    (("Disallow: *",), "/a", False),
    (("Disallow: */a",), "/b/a", False),
    (("Disallow: /a**b",), "/axxb", False),
    (("Disallow: /a$",), "/ab", True),
    (("Disallow: /a*b$",), "/ab", False),
    (("Disallow: /ab*b$",), "/ab", True),
    (("Disallow: /a$b",), "/a$b", False),
    (("Disallow: /a$b",), "/a", True),
    (("Disallow: /file-%2A.html",), "/file-*.html", False),
    (("Disallow: /file-%2A.html",), "/file-x.html", True),
    (("Disallow: /price-%24",), "/price-$", False),
    (("Disallow: /a # not /b",), "/a", False),
    (("Disallow: /b#/a",), "/a", True),
    (("# Disallow: /a",), "/a", True),
]


@pytest.mark.parametrize(("lines", "path", "expected"), RULES)
def test_row_13_matching(lines: tuple[str, ...], path: str, *, expected: bool) -> None:
    assert allows(ours(*lines), path) is expected


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_row_13_line_ends_and_byte_order_mark(end: bytes, mark: bytes) -> None:
    body = mark + end.join([b"User-agent: *", b"Disallow: /a", b"Disallow: /b"])
    assert not allows(body, "/a")
    assert not allows(body, "/b")
    assert allows(body, "/c")
    # These end no line: U+2028 and a vertical tab.
    assert allows("User-agent: *\nDisallow: /x\u2028Disallow: /a\x0bDisallow: /b", "/a")


def test_row_13_a_fragment_is_not_compared() -> None:
    assert allows(ours("Disallow: /*part"), "/a#part")


@pytest.mark.parametrize("page", ["<!DOCTYPE html>", "  <html>", "\ufeff<html>"])
def test_row_13_an_html_page_has_no_rules(page: str) -> None:
    assert allows(f"{page}\nUser-agent: *\nDisallow: /", "/a")


def test_row_13_bad_lines_spoil_only_themselves() -> None:
    body = b"\x00\xff\nUser-agent: *\n\xff\xfe: \xff\nDisallow /b\n:::\nDisallow: /a\n\x00Allow: /a"
    assert not allows(body, "/a")
    assert allows(body, "/b")


def test_row_13_size_is_cut_at_the_end_of_a_line() -> None:
    head = b"User-agent: *\nDisallow: /b\n"
    rest = b"Disallow: /allowed\n"
    filled = head + b"#" * (MAX_BYTES - len(head) - 12) + b"\n"
    # The limit is in the middle of the last line: half of it would forbid more.
    body = filled + rest
    assert len(filled) < MAX_BYTES < len(body)
    assert not allows(body, "/b")
    assert allows(body, "/all")
    assert not allows(filled[: -len(rest) - 1] + b"\n" + rest, "/allowed")


DELAYS = [
    (ours("Crawl-delay: 10"), 10),
    (ours("Crawl-delay: 2.5"), 2.5),
    ("User-agent: *\nCrawl-delay: 7", 7),
    ("User-agent: *\nCrawl-delay: 7\n\nUser-agent: newscrawl\nDisallow: /x", None),
    ("User-agent: bingbot\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /x", None),
    ("Crawl-delay: 7\nUser-agent: *\nDisallow: /x", None),
    (ours("Crawl-delay: 1", "Disallow: /x", "User-agent: newscrawl", "Crawl-delay: 4"), 4),
    *[(ours(f"Crawl-delay: {value}"), None) for value in ("-1", "0", "nan", "inf", "soon", "")],
]


@pytest.mark.parametrize(("robots", "expected"), DELAYS)
def test_row_13_crawl_delay_of_our_group_only(robots: str, expected: float | None) -> None:
    assert parse(robots.encode()).crawl_delay == expected


def test_row_13_sitemaps_of_all_groups_and_extinct_lines() -> None:
    rules = parse(
        b"Sitemap: https://a.it/1.xml\nUser-agent: x\nSitemap: https://a.it/2.xml\nDisallow: /\n"
        b"User-agent: *\nRequest-rate: 1/10\nVisit-time: 0600-0845"
    )
    assert rules.sitemaps == ["https://a.it/1.xml", "https://a.it/2.xml"]
    assert rules.noted == ("request-rate: 1/10", "visit-time: 0600-0845")


@given(st.binary(max_size=400), st.text(max_size=40))
def test_row_13_any_file_can_be_read(body: bytes, path: str) -> None:
    parse(b"User-agent: *\n" + body).allows(f"{SITE}/{path}")


@given(st.text("ab*$", max_size=12), st.text("ab", max_size=12))
def test_row_13_patterns_match_like_the_plain_definition(pattern: str, path: str) -> None:
    def matches(rule: str, text: str) -> bool:
        if not rule:
            return True
        if rule == "$":
            return not text
        if rule[0] == "*":
            return any(matches(rule[1:], text[at:]) for at in range(len(text) + 1))
        return bool(text) and rule[0] == text[0] and matches(rule[1:], text[1:])

    # A `$` in the middle is itself, which no such path has.
    rule = PathPattern.parse(f"/{pattern}")
    middle = pattern.removesuffix("$")
    expected = "$" not in middle and matches(f"/{pattern}", f"/{path}")
    assert rule.matches(normalised(f"/{path}".encode())) is expected


@given(st.integers(2, 480), st.text("ab", min_size=1, max_size=3))
def test_row_13_no_pattern_is_slow(stars: int, part: str) -> None:
    rule = PathPattern.parse(f"/{f'{part}*' * stars}c$")
    target = b"/" + part.encode() * 20_000
    began = time.process_time()
    assert not rule.matches(target)
    # Backtracking would take longer than the age of the universe.
    assert time.process_time() - began < 1


def test_statements_on_rights_of_our_group() -> None:
    text = (
        b"License: https://a.example/l.xml\n"
        b"User-agent: *\nCrawl-delay: 9\nContent-Signal: ai-train=no\nDisallow: /x\n\n"
        b"User-agent: other\nUser-agent: NewsCrawl\nContent-Usage: train-ai=n # all\n\n"
        b"Sitemap: https://a.example/s.xml\n"
    )
    own, others = parse(text), parse(text, "third")
    licence = ("License", "https://a.example/l.xml")
    assert own.rights_lines == (licence, ("Content-Usage", "train-ai=n"))
    assert own.rights_of_others == ("content-signal",)
    assert own.crawl_delay is None
    assert own.sitemaps == ["https://a.example/s.xml"]
    assert others.rights_lines == (licence, ("Content-Signal", "ai-train=no"))
    assert others.rights_of_others == ("content-usage",)
    assert others.crawl_delay == 9


def test_rules_and_statements_have_the_same_groups() -> None:
    # Without a rule before it, the second token joins the first (RFC 9309, 2.2.4).
    text = b"User-agent: *\nContent-Signal: search=no\nUser-agent: x\nDisallow: /a\nLicense: /l"
    robots = parse(text)
    assert not robots.allows(f"{SITE}/a")
    assert robots.rights_lines == (("Content-Signal", "search=no"), ("License", "/l"))
    assert robots.rights_of_others == ()


@pytest.mark.parametrize(
    "line", [b"User-agent: a%d\n", b"User-agent: *\nAllow: /%d\n", b"License: /%d\n"]
)
def test_row_13_no_file_takes_long(line: bytes) -> None:
    names = b"".join(line % number for number in range(MAX_BYTES // len(line)))
    began = time.process_time()
    parse(names + names.replace(b"User-agent: a", b"Allow: /"))
    # Lists of tokens by lines of rules would be a billion.
    assert time.process_time() - began < 3
