"""Decodes the text of a JSON-LD script, well-formed or with the slips that publishers make."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import msgspec

from newscrawl.pages.jsonld_slips import escaped_text, read_values

MAX_LENGTH = 2_000_000
"""Characters; longer scripts are ignored."""

_STRING = r'"(?:[^"\\]++|\\.)*+(?:"|\Z)'
# A quotation mark that a name, value or end does not follow is part of the text.
_LOOSE_STRING = r'"((?:[^"\\]++|\\.|"(?!\s*+(?:[:,}\]]|\Z)))*+)(?:"|\Z)'
_COMMENTS = re.compile(
    rf"({_STRING})|/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|<!\[CDATA\[|(?:<!)?\]\]>|<!--|--!?>"
    r"|[\u00a0\u2003\ufeff]++|\bundefined\b"
    r"|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|//(?!\s*(?:<!\[CDATA\[|\]\]>|<!--|-->))[^\n]*+|//",
    re.DOTALL,
)
_PREFIXED = re.compile(r'"(?:schema:|https?://schema\.org/)(\w{2,40}"\s*:)')
"""The names of an object written with their vocabulary."""
_SINGLE_QUOTED = re.compile(r"\A[\s\[]*\{\s*'")
# As in `_LOOSE_STRING`, an apostrophe that a name, value or end does not follow is text.
_SINGLE_STRINGS = re.compile(
    r"'((?:[^'\\]++|\\.|'(?!\s*+(?:[:,}\]]|\Z)))*+)'|\"(?:[^\"\\]++|\\.)*+\"", re.DOTALL
)
_COMMAS = re.compile(rf"({_STRING})|,[\s,]*+", re.DOTALL)
_STRINGS = re.compile(_LOOSE_STRING, re.DOTALL)
_BETWEEN = " \t\r\n,;\ufeff\u200b"
_READER = msgspec.json.Decoder()
"""For JSON as the standard has it, in half the time."""
_DECODER = json.JSONDecoder(strict=False)


def decode(source: str) -> list[Any]:
    """Return the JSON values in a script's text; none where it is not JSON.

    Byte order marks, HTML and JavaScript comments, CDATA marks, stray commas, several values,
    values that are escaped as HTML, unknown escapes, unescaped quotation marks, apostrophes in
    their place, `undefined` and what `jsonld_slips` names are tolerated. Names lose the prefix of
    schema.org.

    >>> decode('/* <![CDATA[ */ {"a": "//x",} /* ]]> */')
    [{'a': '//x'}]
    """
    if len(source) > MAX_LENGTH:
        return []
    if "schema:" in source or "schema.org/" in source:
        source = _PREFIXED.sub(r'"\1', source)
    for read in (_READER.decode, _DECODER.decode):
        try:
            return [read(source)]
        except (ValueError, RecursionError):
            continue
    if '"' not in source and "&" in source:
        source = html.unescape(source)
    if _SINGLE_QUOTED.match(source):
        source = _SINGLE_STRINGS.sub(_double_quoted, source)
    try:
        return _values(_without_comments(source))
    except (ValueError, RecursionError):
        pass
    try:
        return _values(_without_comments(_STRINGS.sub(_escaped, source)))
    except (ValueError, RecursionError):
        return read_values(source)


def _without_comments(source: str) -> str:
    return _COMMAS.sub(_one_comma, _COMMENTS.sub(_kept, source))


def _kept(match: re.Match[str]) -> str:
    return match[1] or ("null" if match[0] == "undefined" else " ")


def _one_comma(match: re.Match[str]) -> str:
    """Return a string as it is, a run of commas as one, or as none before an end."""
    is_last = match.string[match.end() : match.end() + 1] in {"", "}", "]"}
    return match[1] or (" " if is_last else ",")


def _escaped(match: re.Match[str]) -> str:
    """Return a string with its inner quotation marks escaped and unknown escapes resolved."""
    return f'"{escaped_text(match[1])}"'


def _double_quoted(match: re.Match[str]) -> str:
    """Return a string between apostrophes as JSON has it."""
    text = match[1]
    if text is None:
        return match[0]
    return '"' + text.replace("\\'", "'").replace('"', '\\"') + '"'


def _values(source: str) -> list[Any]:
    """Return the values that follow one another.

    Raises:
        ValueError: what begins like a value is not one.
    """
    values, pos, end = [], 0, len(source)
    while (pos := _skipped(source, pos)) < end:
        value, pos = _DECODER.raw_decode(source, pos)
        values.append(value)
    return values


def _skipped(source: str, pos: int) -> int:
    while pos < len(source) and source[pos] in _BETWEEN:
        pos += 1
    return pos
