"""Reads JSON with slips that leave its meaning plain, value by value.

Names without quotation marks, commas and values that are missing, quotation marks within texts,
constants of JavaScript, Python and PHP, messages of PHP and closing brackets too many are
tolerated. A value that is cut off is not read.
"""

from __future__ import annotations

import json
import re
from typing import Any

_MAX_DEPTH = 100
_MAX_DIGITS = 4_000
"""Python reads no longer numbers from text (CPython 3.11)."""
_BLANK = re.compile(
    r"(?:[\s\ufeff\u200b]++|/\*(?:[^*]++|\*(?!/))*+\*/|//[^\n]*+(?=\n)|<!--|--!?>"
    r"|<!\[CDATA\[|\]\]>|<br\s*/?>\s*<b>(?:Notice|Warning|Deprecated|(?:Fatal|Parse) error)"
    r"</b>.{1,2000}?<br\s*/?>)",
    re.DOTALL,
)
_ASSIGNED = re.compile(r"\s*(?:(?:var|let|const)\s+)?[A-Za-z_$][\w.$]{0,60}\s*=\s*(?=[{\[])")
_BETWEEN_VALUES = ",;]}"
_NAME = re.compile(r"[@$A-Za-z_][\w:.$-]{0,60}(?=\s*:)")
_WORD = re.compile(r"[^\s,{}\[\]\"]{1,5000}")
_TYPOGRAPHIC = re.compile(r"[“”„]([^“”„\"\n]{0,2000})[“”\"]")
_PLACEHOLDER = re.compile(r"\{\{[^{}\"]{0,200}\}\}")
"""What a template engine has left in the place of a value."""
_QUOTE = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_NEXT_NAME = r'(?:["“”][^"“”\\\n]{1,60}["“”]\s*+:|[A-Za-z_@$][\w:.$-]{0,60}\s*+:)'
# What follows the end of a name, of a member's value, and of an entry of a list.
_AFTER_NAME = re.compile(r"\s*+:")
_AFTER_VALUE = re.compile(rf"\s*+(?:[\s,]*+\}}|(?:,[\s,]*+|(?=[\"“])){_NEXT_NAME}|/[/*])")
_AFTER_ENTRY = re.compile(r"\s*+(?:\]|,[\s,]*+[\"{\[\]\dtfnTFN-]|/[/*])")
_ESCAPE = re.compile(r'\\(["\\/bfnrt]|u[0-9a-fA-F]{4})?|"', re.DOTALL)
_CONSTANTS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "None", "NULL", "undefined", "NaN", "nil"), None),
}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_DECODER = json.JSONDecoder(strict=False)


def read_values(source: str) -> list[Any]:
    """Return the objects and lists in a text, up to the first that cannot be read.

    >>> read_values('{"a": True "b": "di "ieri", e oggi", c: ,}}')
    [{'a': True, 'b': 'di "ieri", e oggi', 'c': None}]
    >>> read_values('{"a": 1} {"b": "cut')
    [{'a': 1}]
    """
    values: list[Any] = []
    reader = _Reader(source)
    try:
        while reader.is_at_value():
            values.append(reader.value(0))
    except (ValueError, RecursionError):
        pass
    return values


class _Reader:
    """Reads one text, in one pass."""

    def __init__(self, source: str) -> None:
        self._source = source
        assigned = _ASSIGNED.match(source)
        self._at = assigned.end() if assigned else 0

    def is_at_value(self) -> bool:
        """Return whether an object or a list follows, behind what separates values."""
        while self._skip() in _BETWEEN_VALUES and self._at < len(self._source):
            self._at += 1
        return self._at < len(self._source)

    def value(self, depth: int) -> Any:
        """Return the object, list, text or constant that follows.

        Raises:
            ValueError: the text has no value here, or one that is cut off or nested too deep.
        """
        first = self._skip()
        if depth > _MAX_DEPTH or (depth == 0 and first not in {"{", "["}):
            raise ValueError("no value")
        if placeholder := _PLACEHOLDER.match(self._source, self._at):
            self._at = placeholder.end()
            return None
        if first == "{":
            return self._object(depth + 1)
        if first == "[":
            return self._list(depth + 1)
        return self._text(_AFTER_VALUE) if first in {'"', "“", "”"} else self._word()

    def _skip(self) -> str:
        """Skip blanks, comments and messages; return the next character, empty at the end."""
        while match := _BLANK.match(self._source, self._at):
            self._at = match.end()
        return self._source[self._at : self._at + 1]

    def _object(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        self._at += 1
        while (first := self._skip()) != "}":
            if first == ",":
                self._at += 1
                continue
            name = self._name(first)
            if self._skip() != ":":
                raise ValueError("no value of a name")
            self._at += 1
            members[name] = None if self._skip() in {",", "}"} else self.value(depth)
        self._at += 1
        return members

    def _list(self, depth: int) -> list[Any]:
        entries: list[Any] = []
        self._at += 1
        while (first := self._skip()) != "]":
            if first == ",":
                self._at += 1
            elif first == '"':
                entries.append(self._text(_AFTER_ENTRY))
            else:
                entries.append(self.value(depth))
        self._at += 1
        return entries

    def _name(self, first: str) -> str:
        if first in {'"', "“", "”"}:
            return self._text(_AFTER_NAME)
        match = _NAME.match(self._source, self._at)
        if match is None:
            raise ValueError("no name")
        self._at = match.end()
        return match[0]

    def _text(self, after: re.Pattern[str]) -> str:
        """Return a text: it ends in a quotation mark that is followed as `after` says."""
        source, start = self._source, self._at + 1
        if source[self._at] != '"':
            match = _TYPOGRAPHIC.match(source, self._at)
            if match is None:
                raise ValueError("no end of a text")
            self._at = match.end()
            return match[1]
        at = start
        while match := _QUOTE.match(source, at):
            at = match.end()
            if after.match(source, at):
                self._at = at
                escaped = escaped_text(source[start : at - 1])
                return str(_DECODER.decode(f'"{escaped}"'))
        raise ValueError("no end of a text")

    def _word(self) -> Any:
        match = _WORD.match(self._source, self._at)
        if match is None:
            raise ValueError("no value")
        self._at = match.end()
        word = match[0]
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        if len(word) > _MAX_DIGITS:
            raise ValueError("too long")
        number = _NUMBER.fullmatch(word)
        if number is None:
            return None
        return float(word) if set(word) & set(".eE") else int(word)


def escaped_text(text: str) -> str:
    """Return a JSON string's text with quotation marks escaped and unknown escapes resolved."""
    return _ESCAPE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    """Return a quotation mark escaped, an unknown escape without its stroke."""
    if match[0] == '"':
        return '\\"'
    return match[0] if match[1] else ""
