"""The main text of a page of any layout by trafilatura, as blocks.

trafilatura returns elements with TEI's names (`head`, `list`, `item`, `quote`, `row`, `cell`,
`lb`), and text behind them that belongs to none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from lxml import etree

from newscrawl.items import Block
from newscrawl.pages import inline

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from lxml.html import HtmlElement
    from trafilatura.settings import Extractor

    from newscrawl.pages.inline import Run

_HEADING_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_CONTAINERS = frozenset(
    {"body", "div", "section", "article", "main", "center", "span", "ab", "details", "summary"}
)
_BLOCKS = frozenset({"p", "head", "list", "quote", "table", "code", "pre", "graphic", *_CONTAINERS})
_PART_BOUNDARIES = frozenset({"p", "div", "head", "list", "item", "quote", "table", "row", "cell"})
_MAX_DEPTH = 120
# What an HTML parser lets through and lxml does not accept from Python.
NOT_XML = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]|&#(?:[0-8]|1[124-9]|2\\d|3[01]);"
)


def extract_body(root: HtmlElement, *, is_fast: bool) -> Element | None:
    """Return trafilatura's tree of the main text of a parsed page, None when it finds none.

    Readers' comments are left out. `root` is not changed. `is_fast` leaves out the comparison with
    other algorithms, which finds more on few pages.
    """
    # Imported here: it takes as long to import as the rest of the crawler.
    import trafilatura  # noqa: PLC0415

    options = _options(is_fast=is_fast)
    document = trafilatura.bare_extraction(root, options=options)
    if document is None:
        # Control characters, which HTML parsers let through, end its work with an error.
        source = etree.tostring(root, encoding="unicode", method="html")
        source = NOT_XML.sub("", source)
        document = trafilatura.bare_extraction(source, options=options)
    body = getattr(document, "body", None)
    return body if body is not None and next(body.itertext(), None) is not None else None


@cache
def _options(*, is_fast: bool) -> Extractor:
    from trafilatura.settings import Extractor  # noqa: PLC0415

    return Extractor(output_format="python", fast=is_fast, comments=False)


def blocks_of(body: Element) -> list[Block]:
    """Return trafilatura's elements, and the text between them, as blocks in reading order."""
    blocks: list[Block] = []
    _read_container(body, blocks, 0)
    return blocks


def _read_container(element: Element, blocks: list[Block], depth: int) -> None:
    run: Run = [element.text] if element.text else []
    for child in element:
        if isinstance(child.tag, str):
            if child.tag in _BLOCKS and depth < _MAX_DEPTH:
                _add_paragraphs(run, blocks)
                run = []
                _read_block(child, blocks, depth + 1)
            else:
                _read_inline(child, run, depth + 1)
        if child.tail:
            run.append(child.tail)
    _add_paragraphs(run, blocks)


def _read_block(element: Element, blocks: list[Block], depth: int) -> None:
    tag = element.tag
    if tag in _CONTAINERS:
        _read_container(element, blocks, depth)
    elif tag == "head":
        level = _HEADING_LEVELS.get(element.get("rend") or "", 2)
        if text := _line(element, depth):
            blocks.append(Block("heading", level=level, text=text))
    elif tag in {"list", "table"}:
        if items := (_items if tag == "list" else _rows)(element, depth):
            blocks.append(Block(str(tag), items=items))
    elif tag == "quote":
        inner: list[Block] = []
        _read_container(element, inner, depth)
        texts = [text for block in inner for text in ([block.text] if block.text else block.items)]
        if texts:
            blocks.append(Block("quote", text="\n".join(texts)))
    elif any(child.tag in _BLOCKS for child in element):
        _read_container(element, blocks, depth)
    else:
        run: Run = []
        _read_inline(element, run, depth)
        _add_paragraphs(run, blocks)


def _rows(element: Element, depth: int) -> list[str]:
    rows = [
        " | ".join(_line(cell, depth) for cell in row.iterchildren("cell"))
        for row in element.iterdescendants("row")
        if next(row.iterancestors("table"), None) is element
    ]
    return [row for row in rows if row.strip(" |")]


def _add_paragraphs(run: Run, blocks: list[Block]) -> None:
    blocks.extend(Block("paragraph", text=text) for text, _ in inline.paragraphs(run))


def _items(element: Element, depth: int) -> list[str]:
    """Return the entries of a list and, behind each, those of the lists within it."""
    items: list[str] = []
    loose: Run = [element.text] if element.text else []
    for child in element:
        if child.tag in {"item", "list"} and depth < _MAX_DEPTH:
            items.append(inline.line(loose))
            loose = []
            if child.tag == "item":
                items.append(_line(child, depth, without="list"))
                nested = (
                    node
                    for node in child.iterdescendants("list")
                    if next(node.iterancestors("item"), None) is child
                )
                for inner in nested:
                    items += _items(inner, depth + 1)
            else:
                items += _items(child, depth + 1)
        elif isinstance(child.tag, str):
            _read_inline(child, loose, depth + 1)
        if child.tail:
            loose.append(child.tail)
    items.append(inline.line(loose))
    return [item for item in items if item]


def _line(element: Element, depth: int, *, without: str | None = None) -> str:
    run: Run = []
    _read_inline(element, run, depth, without=without)
    return inline.line(run)


def _read_inline(element: Element, run: Run, depth: int, *, without: str | None = None) -> None:
    """Collect an element's text; blocks within it part words."""
    if element.tag == "lb":
        run.append(None)
    if element.text:
        run.append(element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag != without and depth < _MAX_DEPTH:
            is_boundary = child.tag in _PART_BOUNDARIES
            if is_boundary:
                run.append(" ")
            _read_inline(child, run, depth + 1, without=without)
            if is_boundary:
                run.append(" ")
        elif child.tag == without:
            run.append(" ")
        if child.tail:
            run.append(child.tail)
