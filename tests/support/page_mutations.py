"""Changes that break a page: tags lost, repeated or nested, attributes lost, entities broken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

_TOKEN = re.compile(r"<[^<>]*>|[^<]+|<")
_TAG = re.compile(r"\A<")
_QUOTE = re.compile(r"[\"'=]")
_ATTRIBUTE = re.compile(r"\s[\w:-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>\"']+))?")
_VALUE = re.compile(r"=(\"[^\"]*\"|'[^']*')")
_NAME = re.compile(r"\A</?([A-Za-z][\w:-]*)")
_ENTITIES = (
    *("&amp", "&#x;", "&#0;", "&#99999999999;", "&#xD800;", "&nbsp", "&;", "&&lt;&lt;", "&#8203;"),
    *("&amp;amp;amp;lt;", "&notanentity;", "&#x202E;"),
)
_NAMES = (
    *("div", "p", "span", "a", "article", "table", "td", "li", "form", "h1", "figure", "template"),
    *("noscript", "svg", "math", "title", "select", "option", "button", "iframe", "body", "html"),
    *("head", "plaintext", "textarea", "x-news", "o:p", "br", "img", "time", "section", "aside"),
)
_TEXTS = (
    *("<!--", "-->", "<![CDATA[", "]]>", "<?php echo 1 ?>", "<", ">", "\x00", "\x0b\x1c\x85"),
    *("\ud800", "\ufeff", "\u202e", "\u2028", "\U0001f600", "<script>", "</script>", "<style>"),
    *("<base href='//['>", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "</body></html>", "<p", "<a href="),
    *("'\"", "\r\n \t\xa0" * 9, "Leggi anche: <a href='/x/'>y</a>", "e" * 5_000, "parola " * 800),
    *("e\u0301" * 99, "<br>" * 40),
)  # fmt: skip
_VALUES = (
    *("", " ", "http://[", "//", "javascript:alert(1)", "data:image/gif;base64,R0lGOD"),
    *("http://example.it:99999/a", "https://www.alanews.it/%zz%00/", "../../..", "mailto:a@b.it"),
    *("/" * 2_000, "a b " * 999, "content-inner", "entry-content post-1", "jeg_post_title"),
    *("postid-99999999999999999999", "author vcard", "2025-13-45T99:99:99", "16 Luglio 2026"),
    *("sidebar", "1e999", "\x00", "#"),
    *("-1", "99999999999999999999999px", "display:none", "x 1w, y 2w, , z 3e9w", "\u0663\u0662"),
)  # fmt: skip
_MOST_NESTED = 400


@dataclass(frozen=True)
class Change:
    """One change: which, where in the page, and which of its ways."""

    kind: str
    place: int
    way: int


def mutate(html: str, changes: list[Change]) -> str:
    """Return a page with changes, one after the other; `html` may be any text."""
    tokens = _TOKEN.findall(html)
    for change in changes:
        if tokens:
            KINDS[change.kind](tokens, change.place % len(tokens), change.way)
    return "".join(tokens)


def mutations(*, most: int = 12) -> SearchStrategy[list[Change]]:
    """Return lists of changes, each with at least one."""
    numbers = st.integers(0, 2**31)
    changes = st.builds(Change, st.sampled_from(sorted(KINDS)), numbers, numbers)
    return st.lists(changes, min_size=1, max_size=most)


def _next_tag(tokens: list[str], place: int, having: re.Pattern[str] = _TAG) -> int:
    """Return the place of the first tag at or behind `place`, or of one with something in it."""
    tags = (n for n in range(place, len(tokens)) if tokens[n][:1] == "<")
    return next((n for n in tags if having.search(tokens[n])), place)


def _drop_tag(tokens: list[str], place: int, _way: int) -> None:
    del tokens[_next_tag(tokens, place)]


def _double_tag(tokens: list[str], place: int, way: int) -> None:
    place = _next_tag(tokens, place)
    tokens.insert(place, tokens[place] * (1 + way % 3))


def _nest(tokens: list[str], place: int, way: int) -> None:
    tokens.insert(_next_tag(tokens, place), f"<{_NAMES[way % len(_NAMES)]}>" * (way % _MOST_NESTED))


def _rename_tag(tokens: list[str], place: int, way: int) -> None:
    place = _next_tag(tokens, place)
    match = _NAME.match(tokens[place])
    if match:
        start, end = match.span(1)
        tokens[place] = tokens[place][:start] + _NAMES[way % len(_NAMES)] + tokens[place][end:]


def _lose_attribute(tokens: list[str], place: int, way: int) -> None:
    place = _next_tag(tokens, place, _ATTRIBUTE)
    attributes = [*_ATTRIBUTE.finditer(tokens[place])]
    if attributes:
        start, end = attributes[way % len(attributes)].span()
        tokens[place] = tokens[place][:start] + tokens[place][end:]


def _break_quote(tokens: list[str], place: int, way: int) -> None:
    place = _next_tag(tokens, place, _QUOTE)
    quotes = [n for n, sign in enumerate(tokens[place]) if sign in "\"'=>"]
    if quotes:
        cut = quotes[way % len(quotes)]
        tokens[place] = tokens[place][:cut] + tokens[place][cut + 1 :]


def _replace_value(tokens: list[str], place: int, way: int) -> None:
    place = _next_tag(tokens, place, _VALUE)
    values = [*_VALUE.finditer(tokens[place])]
    if values:
        start, end = values[way % len(values)].span(1)
        value = escape(_VALUES[(way >> 8) % len(_VALUES)])
        tokens[place] = f'{tokens[place][:start]}"{value}"{tokens[place][end:]}'


def _swap_values(tokens: list[str], place: int, way: int) -> None:
    """Give two tags each other's attributes."""
    first, second = _next_tag(tokens, place), _next_tag(tokens, way % len(tokens))
    names = (_NAME.match(tokens[first]), _NAME.match(tokens[second]))
    if names[0] and names[1]:
        ends = (names[0].end(), names[1].end())
        rests = (tokens[first][ends[0] :], tokens[second][ends[1] :])
        tokens[first] = tokens[first][: ends[0]] + rests[1]
        tokens[second] = tokens[second][: ends[1]] + rests[0]


def _break_entity(tokens: list[str], place: int, way: int) -> None:
    text = tokens[place]
    cut = (way >> 8) % (len(text) + 1)
    entity = _ENTITIES[way % len(_ENTITIES)]
    tokens[place] = text.replace(";", "", 1) if "&" in text else text[:cut] + entity + text[cut:]


def _insert_text(tokens: list[str], place: int, way: int) -> None:
    text = tokens[place]
    cut = (way >> 8) % (len(text) + 1)
    tokens[place] = text[:cut] + _TEXTS[way % len(_TEXTS)] + text[cut:]


def _cut_off(tokens: list[str], place: int, way: int) -> None:
    """Cut the page off, not too near its beginning."""
    place = max(place, len(tokens) // 2)
    tokens[place] = tokens[place][: way % (len(tokens[place]) + 1)]
    del tokens[place + 1 :]


def _lose_part(tokens: list[str], place: int, way: int) -> None:
    del tokens[place : place + way % 40]


def _copy_part(tokens: list[str], place: int, way: int) -> None:
    """Put a copy of some of the page elsewhere, within anything."""
    start = way % len(tokens)
    tokens[place:place] = tokens[start : start + (way >> 8) % 200]


KINDS: dict[str, Callable[[list[str], int, int], None]] = {
    "break entity": _break_entity,
    "break quote": _break_quote,
    "copy part": _copy_part,
    "cut off": _cut_off,
    "double tag": _double_tag,
    "drop tag": _drop_tag,
    "insert text": _insert_text,
    "lose attribute": _lose_attribute,
    "lose part": _lose_part,
    "nest": _nest,
    "rename tag": _rename_tag,
    "replace value": _replace_value,
    "swap values": _swap_values,
}
"""Each changes the list of a page's tags and texts in place."""
