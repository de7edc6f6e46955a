"""Rows 2 to 5, D3 and D7 of the hostile web: sizes, shapes and characters of pages."""

from __future__ import annotations

import json
import os
import re
import signal
from html.entities import codepoint2name
from typing import TYPE_CHECKING

import pytest

from newscrawl import extract
from newscrawl.pages.page_size import excess
from tests.support import measured
from tests.support.cost import at_most
from tests.support.front import Front, answer
from tests.support.victim import Victim, check
from tests.support.waiting import wait_for

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.front import Visit
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 60
_MB = 1 << 20


@pytest.fixture(scope="module")
def victim(twin: TwinProcess) -> Victim:
    return Victim.of(twin.url, SIZE)


LINE = b"parola " * (10 * _MB // 7)
REFUSED = {
    "line of 10 MB": (LINE, "page_too_large"),
    "100,000 attributes": (
        b"<p %s>x</p>" % b" ".join(b"a%d=1" % number for number in range(100_000)),
        "too_many_attributes",
    ),
    "1.5 million attributes": (b"<i a b c d e f>x</i>" * 250_000, "too_many_tags"),
    "1.5 million attributes of few elements": (
        b"<i %s>x</i>" % (b"ab c='>' " * 500) * 1_000,
        "too_many_attributes",
    ),
    "200,000 nested elements": (b"<div>" * 200_000, "too_many_tags"),
    "3,000 nested elements": (b"<div>" * 3_000, "nested_too_deep"),
    "3,000 nested elements with stray ends": (b"<div></b>" * 3_000, "nested_too_deep"),
    "1,500 nested lists": (b"<ul><li>" * 1_500, "nested_too_deep"),
    "a box of 60,000 links": (b"<a href='/x/'>x</a>" * 60_000, "too_many_tags"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_row_2_3_and_d7_a_page_beyond_the_bounds_is_refused(
    front: Front, victim: Victim, tmp_path: Path, name: str
) -> None:
    addition, reason = REFUSED[name]
    front.answers[victim.pattern] = answer(victim.with_text(addition))
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, victim.others, f"articles: {reason}")
    assert run.reports[0]["reason"] == "partial"
    # It was fetched, and is read again by the next run.
    assert run.reports[0]["not_fetched"] == {}
    assert f"1 page could not be read ({reason} 1)" in run.stdout
    # An error that another try would not heal.
    assert len([path for path in front.paths if path.endswith(victim.path)]) == 1


WORDS = b"parola " * (10 * _MB // 7)
COSTLY = {
    "a line of 10 MB": b"<p>" + WORDS + b"</p>",
    "a text node of 10 MB": b"<p>" + WORDS.replace(b" ", b"\n") + b"</p>",
    "100,000 attributes": REFUSED["100,000 attributes"][0],
    # The largest that are read.
    "a line of 7.5 MB": b"<p>" + WORDS[: 15 * _MB // 2] + b"</p>",
    "a text node of 7.5 MB": b"<p>" + WORDS[: 15 * _MB // 2].replace(b" ", b"\n") + b"</p>",
    "99,000 attributes": b"<i %s>x</i>" % b" ".join(b"a%d=1" % n for n in range(990)) * 99,
    "95,000 tags": b"<b>x</b>" * 47_500,
}


@pytest.mark.parametrize("name", COSTLY)
def test_row_2_reading_or_refusing_takes_at_most_5_seconds(victim: Victim, name: str) -> None:
    page = victim.page.replace(b"</p>", b"</p>" + COSTLY[name], 1)
    url = f"https://www.alanews.it/2026/01/05/esteri{victim.path}"
    with at_most(5):
        article = extract(page, url)
    assert (article is None) is (excess(page) is not None)


def test_d7_sigterm_during_a_page_of_1_5_million_attributes(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    pids: list[int] = []
    page = answer(victim.with_text(b"<i a b c d e f>x</i>" * 250_000))

    def stopping(_: Visit, connection: socket.socket) -> None:
        wait_for(lambda: bool(pids), "the process")
        connection.sendall(page[:-1])
        os.kill(pids[0], signal.SIGTERM)
        connection.sendall(page[-1:])

    front.answers[victim.pattern] = stopping
    run = measured.crawl("esteri", tmp_path, site_url=front.url, started=pids.append)
    assert (run.code, run.peak < measured.MEMORY) == (20, True), run.stderr[-2_000:]
    assert run.reports[0]["reason"] == "shutdown"
    # Of the whole process: the tree of such a page alone takes libxml2 more.
    assert run.processor < 15
    assert "Traceback" not in run.stderr
    front.answers.clear()
    again = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(again, 0, victim.all)


def test_row_2_a_line_within_the_bounds_is_read(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    text = b"<p>" + b"parola " * (6 * _MB // 7) + b"</p>"
    page = victim.page.replace(b"</p>", b"</p>" + text, 1)
    front.answers[victim.pattern] = answer(page)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)


def test_row_3_deep_lists_within_the_bounds_are_flagged(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    start = re.search(rb"<p>", victim.page[victim.page.index(b'<div class="content-inner') :])
    assert start
    at = victim.page.index(b'<div class="content-inner') + start.start()
    nested = b"<ul><li>uno" * 300 + b"</ul>" * 300
    front.answers[victim.pattern] = answer(victim.page[:at] + nested + victim.page[at:])
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    line = next(line for line in run.articles if line["id"] == victim.id)
    assert "truncated" in line["flags"]
    assert line["headline"]


def test_row_4_control_characters_stay_out_of_lines(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    odd = "a\x00\x07\x1b[31m\u2028b\u2029c\x85&#xD800;&#0;&#x2028;".encode()
    page = re.sub(rb"(<h1[^>]*>|<p>|<title>)", rb"\g<1>" + odd.replace(b"\\", rb"\\"), victim.page)
    page = re.sub(rb'content="', b'content="' + odd.replace(b"\\", rb"\\"), page)
    front.answers[victim.pattern] = answer(page)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    raw = b"".join(path.read_bytes() for path in run.dumps)
    lines = raw.decode().split("\n")
    assert len(lines) == len(victim.all) + 1
    line = next(line for line in map(json.loads, lines[:-1]) if line["id"] == victim.id)
    assert line["headline"].startswith("a[31m b c ")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", raw.decode())


def lying(page: bytes, sent_in: str, meta: str) -> bytes:
    text = page.decode().replace("charset=UTF-8", f"charset={meta}")
    return text.encode(sent_in, "xmlcharrefreplace")


LIES = {
    "header over cp1252": ("cp1252", "UTF-8", "UTF-8", True),
    "meta over cp1252": ("cp1252", "", "UTF-8", True),
    "header over utf-8": ("utf-8", "ISO-8859-1", "UTF-8", True),
    "meta over utf-8": ("utf-8", "", "iso-8859-1", True),
    "header against meta": ("utf-8", "utf-8", "windows-1252", True),
    "header over a byte order mark": ("utf-8-sig", "ISO-8859-1", "UTF-8", True),
    "utf-16 with a byte order mark": ("utf-16", "", "UTF-8", False),
    "header utf-16 over utf-8": ("utf-8", "utf-16", "UTF-8", True),
    "header over iso-8859-15": ("iso-8859-15", "ISO-8859-1", "iso-8859-15", True),
    "cp1252 as stated": ("cp1252", "windows-1252", "windows-1252", False),
    "utf-8 as stated": ("utf-8", "utf-8", "utf-8", False),
    "iso-8859-15 as stated": ("iso-8859-15", "iso-8859-15", "iso-8859-15", False),
}


@pytest.mark.parametrize(
    "name",
    [name if number < 4 else pytest.param(name, marks=pytest.mark.soak)
     for number, name in enumerate(LIES)],
)  # fmt: skip
def test_row_5_a_page_says_a_wrong_character_set(
    front: Front, victim: Victim, tmp_path: Path, name: str
) -> None:
    sent_in, header, meta, is_flagged = LIES[name]
    body = lying(victim.page, sent_in, meta)
    front.answers[victim.pattern] = answer(
        body, f"text/html; charset={header}".removesuffix("; charset=")
    )
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    line = next(line for line in run.articles if line["id"] == victim.id)
    url = f"https://www.alanews.it{line['url'].partition('alanews.it')[2]}"
    right = extract(victim.page, url)
    assert right is not None
    assert not right.body.isascii()
    assert (line["headline"], line["body"]) == (right.headline, right.body)
    assert line["content_hash"] == right.content_hash
    assert ("charset_repaired" in line["flags"]) is is_flagged
    assert "\ufffd" not in json.dumps(line, ensure_ascii=False)


def as_western(page: bytes) -> str:
    """Return a page in UTF-8 as a program reads it that takes it for Windows-1252 (WHATWG)."""
    return "".join(
        bytes([byte]).decode("cp1252" if byte not in b"\x81\x8d\x8f\x90\x9d" else "latin-1")
        for byte in page
    )


def written_out(text: str) -> bytes:
    """Return a page in ASCII, in which scripts have escapes of JSON and texts have references."""
    escaped = re.sub(
        r"(?<=>)\{[^<]+(?=</script>)",
        lambda match: re.sub(r"[^\x00-\x7f]", lambda one: f"\\u{ord(one[0]):04x}", match[0]),
        text,
    )
    named = re.sub("[\xa0-\xff]", lambda one: f"&{codepoint2name[ord(one[0])]};", escaped)
    return named.encode("ascii", "xmlcharrefreplace")


DAMAGED: dict[str, tuple[Callable[[bytes], bytes], bool]] = {
    "mojibake": (lambda page: as_western(page).encode(), True),
    "mojibake twice": (
        lambda page: re.sub(
            "[^<>\x00-\x7f]+",
            lambda m: m[0].encode().decode("latin-1").encode().decode("latin-1"),
            page.decode(),
        ).encode(),
        True,
    ),
    "mojibake in references and escapes": (lambda page: written_out(as_western(page)), True),
    "some bytes of cp1252": (
        lambda page: page.replace(b"</p>", "<br>Così è più.</p>".encode("cp1252"), 1),
        False,
    ),
    "undefined bytes": (lambda page: page.replace(b"</p>", b" \x81\x8d\x90</p>", 1), False),
    "lone continuation bytes": (
        lambda page: page.replace(b"</p>", b" \x80 \xbf\xc3</p>", 1),
        False,
    ),
    "U+FFFD": (lambda page: page.replace(b"</p>", "\ufffd</p>".encode(), 1), False),
    "U+FFFD by number": (lambda page: page.replace(b"</p>", b"&#xfffd;</p>", 1), False),
    "U+0000 by number": (lambda page: page.replace(b"</p>", b"&#0;</p>", 1), False),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_row_5_damaged_characters_are_repaired_or_flagged(
    front: Front, victim: Victim, tmp_path: Path, name: str
) -> None:
    damage, is_whole = DAMAGED[name]
    front.answers[victim.pattern] = answer(damage(victim.page))
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    line = next(line for line in run.articles if line["id"] == victim.id)
    right = extract(victim.page, line["url"])
    assert right is not None
    if is_whole:
        assert (line["headline"], line["body"]) == (right.headline, right.body)
    if is_whole or "\ufffd" in line["body"] or line["body"] != right.body:
        assert "charset_repaired" in line["flags"]
    assert "Ã" not in line["body"]
    others = [line for line in run.articles if line["id"] != victim.id]
    assert not any("charset_repaired" in line["flags"] for line in others)


CARD = (
    "<article class='jeg_post'><h3 class='jeg_post_title'>"
    "<a href='/2026/10/01/esteri/inventato-{0}/'>Titolo {0}</a></h3></article>"
)


def test_d3_a_related_box_of_thousands_is_cut_and_flagged(
    front: Front, victim: Victim, tmp_path: Path
) -> None:
    cards = "".join(CARD.format(number) for number in range(10_000))
    page = re.sub(
        rb"(<div[^>]*jnews_related_post_container[^>]*>)", rb"\g<1>" + cards.encode(), victim.page
    )
    assert len(page) > len(victim.page)
    front.answers[victim.pattern] = answer(page)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    line = next(line for line in run.articles if line["id"] == victim.id)
    assert len(line["related"]) == 30
    assert "related_cut" in line["flags"]
    assert len([path for path in front.paths if "inventato" in path]) <= 30


@pytest.mark.parametrize(
    ("number", "reason"),
    [(20_000, "too many tags"), pytest.param(8_000, "too many cards", marks=pytest.mark.soak)],
)
def test_d3_an_archive_page_of_thousands_is_bounded(
    front: Front, tmp_path: Path, number: int, reason: str
) -> None:
    cards = "".join(CARD.format(n) for n in range(number)).encode()

    def listing(page: bytes) -> bytes:
        return re.sub(rb"(<div[^>]*jnews_category_content_wrapper[^>]*>)", rb"\g<1>" + cards, page)

    front.answers["/esteri/$"] = answer(listing(ARCHIVE))
    front.answers["inventato"] = answer("<html><body>no</body></html>", status=404)
    run = measured.crawl("esteri", tmp_path, site_url=front.url, pages=1)
    assert run.peak < measured.MEMORY, run.peak >> 20
    assert run.code != 0
    assert reason in run.stderr
    assert len([path for path in front.paths if "inventato" in path]) <= 3 * 5_000


ARCHIVE = (
    b"<html><body class='archive category'><h1 class='jeg_cat_title'>Esteri</h1>"
    b"<div class='jnews_category_content_wrapper'></div></body></html>"
)
