"""Bounds the size, tags, attributes and nesting of a page before a tree is built of it.

libxml2 compares each attribute of an element with all others of it, builds a gigabyte of elements
from 16 MiB of tags, and ends the document, without a word, below `_PARSER_LEVELS` nested elements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_BYTES = 8 * 1024 * 1024
"""Size of a page, decompressed; pages with pictures in their source have a few MB."""
MAX_TAGS = 100_000
"""Start and end tags of a page; a front page with hundreds of cards has 20,000."""
MAX_ATTRIBUTES = 100_000
"""Attributes of all elements of a page."""
MAX_ELEMENT_ATTRIBUTES = 1_000
"""Attributes of one element."""
MAX_LEVELS = 2_000
"""Nested elements, without those that need no end tag."""
NESTED = "nested too deep"
"""Reason of a page that libxml2 would end, or has ended."""
_PARSER_LEVELS = 2_048
"""libxml2's own limit with `huge_tree`."""
_CHUNK, _COUNTED_CHUNK = 16_384, 4_096
_FEW_SEPARATORS = 20_000
"""So many attributes of one element take libxml2 a second."""
_BYTES_OF_ATTRIBUTE = 3
"""Those of an attribute with what separates it, as hardly any name has one byte only.

libxml2 compares an attribute with those of other names: repeated ones cost it nothing.
"""

_BETWEEN_ATTRIBUTES = b"\t\n\f\r /\"'="
_OTHERS = bytes({*range(256)} - {*_BETWEEN_ATTRIBUTES, *b"<"})
_ATTRIBUTE = (
    rb"[^\t\n\f\r />][^\t\n\f\r />=]*+"
    rb"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    rb"(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\t\n\f\r >\"'][^\t\n\f\r >]*+)?+)?+"
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# As in WHATWG HTML, 13.2.5: comments, tags with their attributes, bogus comments.
_MARKUP = re.compile(
    rb"<(?:!--(?:-?>|(?:[^-]++|-(?!-!?>))*+)"
    rb"|(/?)([a-zA-Z][^\t\n\f\r />]*+)((?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb")*+)"
    rb"|[!?/][^>]*+)"
)
_SPACE = rb"[\t\n\f\r />]"
_FEW = rb"(?:[\t\n\f\r /]++|" + _ATTRIBUTE + rb"){0,128}+>"
_NAMES = rb"iframe|noembed|noframes|script|style|textarea|title|xmp"
# A page without constructs that take longer to follow, with about 64 attributes an element.
_ORDINARY = re.compile(
    rb"[^<]*+(?:<(?:!--(?!-?>)(?:[^-]++|-(?!-!?>))*+-->"
    + b"".join(
        rb"|"
        + name
        + rb"(?="
        + _SPACE
        + rb")"
        + _FEW
        + rb"(?:[^<]++|<(?!/"
        + name
        + rb"|!--))*+(?=</)"
        for name in _NAMES.split(b"|")
    )
    + rb"|(?!(?i:"
    + _NAMES
    + rb")"
    + _SPACE
    + rb")/?[a-zA-Z][^\t\n\f\r />]*+"
    + _FEW
    + rb"|!(?!--)[^>]*+>)[^<]*+)*+"
)
_VOID = frozenset(
    b"area base br col embed frame hr img input link meta param source track wbr".split()
)
_OPTIONAL_END = frozenset(
    b"body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr".split()
)
_TEXT_ONLY = {
    name: re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE)
    for name in _NAMES.split(b"|")
}
_SCRIPT_MARKS = re.compile(rb"<!--(-*>)?|(-->)|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


def excess(page: bytes, *, bounds_nesting: bool = True) -> str | None:
    """Return which bound a page exceeds, as a reason of an outcome; None for any other page.

    Ordinary pages are only counted, in C.

    Args:
        page: HTML in UTF-8, without NUL.
        bounds_nesting: whether the levels of nested elements count; `page_tree.parse` bounds them.

    >>> excess(b"<p>Testo</p>"), excess(b"<b>" * 2_001), excess(b"<p " + b"a " * 30_000)
    (None, 'nested too deep', 'too many attributes')
    """
    if len(page) > MAX_BYTES:
        return "page too large"
    tags, has_few_attributes = _counted(page, has_few_tags=not bounds_nesting and _is_short(page))
    # The last tag may have no end.
    if tags - 1 > MAX_TAGS:
        return "too many tags"
    if has_few_attributes and (not bounds_nesting or tags <= MAX_LEVELS or not _may_nest(page)):
        return None
    return _Scan(page).excess()


def _is_short(page: bytes) -> bool:
    """Return whether a page is too short for too many tags."""
    return len(page) <= MAX_TAGS


def _counted(page: bytes, *, has_few_tags: bool) -> tuple[int, bool]:
    """Return the number of `<` in a page, and whether its attributes need not be counted.

    Each attribute takes a separator. Pages are counted only as far as they may have too many.
    """
    tags = separators = 0
    for start in range(0, len(page), _COUNTED_CHUNK):
        if separators + (len(page) - start) // _BYTES_OF_ATTRIBUTE <= _FEW_SEPARATORS:
            return tags if has_few_tags else tags + page.count(b"<", start), True
        kept = page[start : start + _COUNTED_CHUNK].translate(None, _OTHERS)
        tags_here = kept.count(b"<")
        tags += tags_here
        separators += len(kept) - tags_here
    is_few = separators <= _FEW_SEPARATORS
    return tags, is_few or (separators <= MAX_ATTRIBUTES and _is_ordinary(page))


def _is_ordinary(page: bytes) -> bool:
    return _ORDINARY.fullmatch(page) is not None


def _may_nest(page: bytes) -> bool:
    """Return whether more tags are open at some place of a page than may be nested."""
    level = 0
    for start in range(0, len(page), _CHUNK):
        end = start + _CHUNK
        starts = page.count(b"<", start, end)
        ends = page.count(b"</", start, end)
        if level + starts - ends > MAX_LEVELS:
            return True
        level = max(level + starts - 2 * ends, 0)
    return False


def is_cut_off(root: Element) -> bool:
    """Return whether libxml2 has ended a tree because of its depth.

    The deepest element is then the last one.
    """
    return levels_of_last(root) >= _PARSER_LEVELS - 8


def levels_of_last(root: Element) -> int:
    """Return how deep the last element of a tree is nested; the root is the first level."""
    level, last = 1, root
    # A page without elements has a root that is not an element.
    while len(last):
        level, last = level + 1, last[-1]
    return level


class _Scan:
    """Follows the tags of a page, as a browser separates them."""

    def __init__(self, page: bytes) -> None:
        self._page = page
        self._attributes = 0
        self._open: list[bytes] = []
        self._counts: dict[bytes, int] = {}

    def excess(self) -> str | None:
        position = 0
        while (markup := _MARKUP.search(self._page, position)) is not None:
            end, name, attributes = markup.groups()
            position = markup.end()
            if name is None:
                continue
            name = name.lower()
            if attributes and (reason := self._count(attributes)):
                return reason
            if end:
                self._close(name)
            elif name in _TEXT_ONLY:
                position = self._end_of_text(name, position)
            elif name not in _VOID and name not in _OPTIONAL_END:
                self._open.append(name)
                self._counts[name] = self._counts.get(name, 0) + 1
                if len(self._open) > MAX_LEVELS:
                    return NESTED
        return None

    def _count(self, attributes: bytes) -> str | None:
        # An attribute takes two bytes with what separates it.
        number = len(attributes) // 2
        if number > 2:
            number = len(_ATTRIBUTES.findall(attributes))
        self._attributes += number
        if number > MAX_ELEMENT_ATTRIBUTES or self._attributes > MAX_ATTRIBUTES:
            return "too many attributes"
        return None

    def _close(self, name: bytes) -> None:
        if not self._counts.get(name):
            return
        while (last := self._open.pop()) != name:
            self._counts[last] -= 1
        self._counts[name] -= 1

    def _end_of_text(self, name: bytes, position: int) -> int:
        """Return where the text of an element ends in which `<` begins no element."""
        closing = _TEXT_ONLY[name].search(self._page, position)
        end = len(self._page) if closing is None else closing.start()
        if name != b"script" or self._page.find(b"<!--", position, end) < 0:
            return end
        # WHATWG HTML, 13.2.5.20: a script within a comment of a script does not end the latter.
        in_comment = in_script = False
        for mark in _SCRIPT_MARKS.finditer(self._page, position):
            empty, closed, slash = mark.groups()
            if slash == b"/" and not in_script:
                return mark.start()
            if slash is not None:
                in_script = in_comment and not slash
            elif closed:
                in_comment = in_script = False
            elif not in_comment:
                in_comment = not empty
        return len(self._page)
