"""Parses dictionaries of HTTP's structured fields, strictly (RFC 9651, 4.2.2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_NUMBER = re.compile(r"-?(?:\d{1,12}\.\d{1,3}|\d{1,15})(?![\d.])")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_DISPLAY = re.compile(r'%"((?:[ !#$&-~]|%[0-9a-f]{2})*)"')
_DATE = re.compile(r"@-?\d{1,15}(?![\d.])")
_BOOLEAN = re.compile(r"\?[01]")
_OWS = re.compile(r"[ \t]*")
_SP = re.compile(r" *")
MAX_LENGTH = 8_192
"""Characters of a field."""


class Token(str):
    """A token, which is not the string of the same text."""

    __slots__ = ()


@dataclass(slots=True)
class _Text:
    text: str
    position: int = 0

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return match

    def skip(self, character: str) -> bool:
        is_next = self.text.startswith(character, self.position)
        self.position += is_next
        return is_next

    @property
    def is_at_end(self) -> bool:
        return self.position >= len(self.text)


def parse(text: str) -> dict[str, Any]:
    """Return the members of a dictionary without their parameters; of a repeated key the last.

    A token is a `Token`, an inner list a list, any other item its text; a key alone is True.

    >>> parse('train-ai=n;note="x", search, other="n"')
    {'train-ai': 'n', 'search': True, 'other': '"n"'}
    >>> parse("Train-AI=y")
    Traceback (most recent call last):
    ValueError: no key at character 1

    Raises:
        ValueError: the text is not a dictionary.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH} characters")
    rest, members = _Text(text.strip(" ")), dict[str, Any]()
    while not rest.is_at_end:
        key = _key(rest)
        value: Any = True
        if rest.skip("="):
            value = _inner_list(rest) if rest.skip("(") else _item(rest)
        _parameters(rest)
        # The last value of a key counts, at the place of the last.
        members.pop(key, None)
        members[key] = value
        rest.take(_OWS)
        if rest.is_at_end:
            return members
        if not rest.skip(","):
            raise _error("no comma", rest)
        rest.take(_OWS)
        if rest.is_at_end:
            raise _error("no member after the last comma", rest)
    return members


def _error(reason: str, rest: _Text) -> ValueError:
    return ValueError(f"{reason} at character {rest.position + 1}")


def _key(rest: _Text) -> str:
    match = rest.take(_KEY)
    if match is None:
        raise _error("no key", rest)
    return match[0]


def _item(rest: _Text) -> Any:
    if (match := rest.take(_TOKEN)) is not None:
        return Token(match[0])
    for pattern in (_STRING, _NUMBER, _BOOLEAN, _BYTES, _DISPLAY, _DATE):
        if (match := rest.take(pattern)) is not None:
            return match[0]
    raise _error("no item", rest)


def _inner_list(rest: _Text) -> list[Any]:
    items: list[Any] = []
    while True:
        rest.take(_SP)
        if rest.skip(")"):
            return items
        items.append(_item(rest))
        _parameters(rest)
        if not rest.text.startswith((" ", ")"), rest.position):
            raise _error("no end of the inner list", rest)


def _parameters(rest: _Text) -> None:
    while rest.skip(";"):
        rest.take(_SP)
        _key(rest)
        if rest.skip("="):
            _item(rest)
