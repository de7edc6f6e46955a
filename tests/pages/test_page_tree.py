"""Trees of pages: the same as of a parser without limits, up to the bound of nesting."""

from __future__ import annotations

import pytest
from lxml import etree

from newscrawl.pages.nesting import MAX_LEVELS, limit_nesting
from newscrawl.pages.page_tree import NestedTooDeepError, parse

_UNLIMITED = etree.HTMLParser(recover=True, encoding="utf-8", huge_tree=True)


def _levels(root: etree._Element) -> int:
    return max(1 + sum(1 for _ in element.iterancestors()) for element in root.iter())


def _nested(levels: int, end: str = "<p>Fine</p>") -> bytes:
    # The page's own elements are two of them.
    number = levels - 2
    return f"<html><body>{'<div>' * number}Testo{'</div>' * number}{end}</body></html>".encode()


@pytest.mark.parametrize("levels", [3, *range(MAX_LEVELS - 2, MAX_LEVELS + 5), 1_500])
@pytest.mark.parametrize("end", ["<p>Fine</p>", "", "</html><p>Fine</p>"])
def test_a_tree_is_whole_and_as_deep_as_allowed(levels: int, end: str) -> None:
    page = _nested(levels, end)
    # A text goes on behind an early end of the page, as in browsers.
    unlimited = etree.fromstring(page.replace(b"</html><p>", b"<p>"), _UNLIMITED)
    assert _levels(unlimited) == levels
    limit_nesting(unlimited)
    root = parse(page)
    assert etree.tostring(root.getroottree()) == etree.tostring(unlimited.getroottree())
    assert _levels(root) == min(levels, MAX_LEVELS + 1)


@pytest.mark.parametrize(
    "page", [b"<b>" * 300 + b"Testo", b"<p><i>" * 200 + b"</p>" * 9 + b"Testo"]
)
def test_the_text_of_unclosed_elements_is_not_lost(page: bytes) -> None:
    root = parse(page)
    assert "".join(root.itertext()) == "Testo"
    assert _levels(root) <= MAX_LEVELS + 1


def test_a_page_whose_end_is_left_out_is_not_read() -> None:
    with pytest.raises(NestedTooDeepError, match="nested too deep"):
        parse(_nested(3_000))


@pytest.mark.parametrize("page", [b"", b"<!-- x -->", b"<?x?>"])
def test_a_page_without_elements_is_empty(page: bytes) -> None:
    assert etree.tostring(parse(page)) == b"<html/>"
