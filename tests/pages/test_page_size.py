"""Bounds of pages, before a tree is built."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path

import pytest
from lxml import etree

from newscrawl.pages import page_size
from newscrawl.pages.page_size import MAX_BYTES, excess, is_cut_off

PAGES = Path(__file__).parents[1] / "data" / "pages"
PAGE = b"<html><body>%s</body></html>"
BEYOND = {
    "size": (b"x" * MAX_BYTES, "page too large"),
    "tags": (b"<b>x</b>" * 60_000, "too many tags"),
    "attributes": (b"<p " + b"a " * 30_000 + b">", "too many attributes"),
    "attributes of the shortest names": (
        b"<p " + b" ".join(bytes(name) for name in product(range(0x80, 0x100), range(0x60, 0x100))),
        "too many attributes",
    ),
    "attributes without spaces": (b"<p a" + b"=''b" * 30_000 + b">", "too many attributes"),
    "behind quoted ends of tags": (
        b"<p x='>'" + b" a b='<'" * 15_000 + b">",
        "too many attributes",
    ),
    "behind a quote in a name": (b'<a ="> <p ' + b"a " * 30_000 + b'> "', "too many attributes"),
    "behind a comment": (b'<!-- <a x=" --> <p ' + b"a " * 30_000 + b'> "', "too many attributes"),
    "behind an empty comment": (b"<!--><p " + b"a " * 30_000 + b">-->", "too many attributes"),
    "behind a script": (
        b'<script>"<a x="</script><p ' + b"a " * 30_000 + b'>"',
        "too many attributes",
    ),
    "of an end tag": (b"</p " + b"a " * 30_000 + b">", "too many attributes"),
    "of many elements": (b"<p %s>x</p>" % (b"a=1 " * 500) * 300, "too many attributes"),
    "nested": (b"<div>" * 2_100, "nested too deep"),
    "nested and closed": (b"<div>" * 2_100 + b"</div>" * 2_100, "nested too deep"),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_page_beyond_a_bound_is_named(name: str) -> None:
    content, reason = BEYOND[name]
    assert excess(PAGE % content) == reason


WITHIN = {
    "unclosed elements without end tags": b"<p>x" * 5_000 + b"<ul>" + b"<li>x" * 5_000,
    "void elements": b"<br><img src=x>" * 5_000,
    "many tags": b"<p class='a'>x</p>" * 20_000,
    "a script with signs": b"<script>" + b"a < b && c <a x; " * 10_000 + b"</script>",
    "a commented script": b"<script><!-- <a " + b"b c " * 10_000 + b"--></script><p>x</p>",
    "text": b"parola / parola " * 100_000,
    "data": b"<p data-x='" + b"a b " * 100_000 + b"'>x</p>",
}


@pytest.mark.parametrize("name", WITHIN)
def test_a_page_within_the_bounds_is_not(name: str) -> None:
    assert excess(PAGE % WITHIN[name]) is None


def test_saved_pages_are_far_from_each_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MAX_BYTES", "MAX_TAGS", "MAX_ATTRIBUTES", "MAX_ELEMENT_ATTRIBUTES", "MAX_LEVELS"):
        monkeypatch.setattr(page_size, name, getattr(page_size, name) // 10)
    # Follow each tag.
    monkeypatch.setattr(page_size, "_FEW_SEPARATORS", 0)
    monkeypatch.setattr(page_size, "_is_ordinary", lambda _: False)
    pages = [path.read_bytes() for path in PAGES.rglob("*.html")]
    assert len(pages) > 40
    assert {page_size.excess(page) for page in pages} == {None}


@pytest.mark.parametrize(
    "piece",
    [b"<", b"<!--", b"<a x='", b'<a ="', b"<script>", b"<!", b"</", b"=", b"-", b"<script><!--"],
)
def test_the_scan_takes_time_in_proportion(piece: bytes) -> None:
    began = time.process_time()
    excess((piece * (4_000_000 // len(piece)))[:4_000_000])
    excess(piece * 90_000 + b" a" * 30_000)
    assert time.process_time() - began < 2


def test_a_tree_that_libxml2_has_ended_is_recognized() -> None:
    parser = etree.HTMLParser(huge_tree=True)
    for number, is_cut in ((1_900, False), (2_500, True)):
        root = etree.fromstring(PAGE % (b"<div></b>" * number + b"<p>x"), parser)
        assert is_cut_off(root) is is_cut
