"""Decodes a line of a dump into a JSON record or an article."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

import msgspec

from newscrawl.items import SCHEMA_VERSION, Article
from newscrawl.items.structs import struct_of

CUT = "the file is cut off here; copy it again, or skip bad lines"
_MAJOR, _MINOR = map(int, SCHEMA_VERSION.split("."))
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)
_BOM = b"\xef\xbb\xbf"
_STRUCT = struct_of(Article)


class StructDecoder:
    """Decodes lines into structs with the fields of an article, the fastest way.

    Args:
        paths: the fields to decode, as for `struct_of`; all by default. Fields that are not
            decoded are not checked either.
    """

    def __init__(self, *paths: str) -> None:
        self._struct = struct_of(Article, ["schema_version", *paths]) if paths else _STRUCT
        self._is_complete = not paths
        self._decode = msgspec.json.Decoder(self._struct).decode

    def __call__(self, raw: bytes) -> Article:
        """Return the struct of a line: not an `Article`, but with the same attributes.

        Raises:
            ValueError: as for `decode_article`.
        """
        try:
            if self._is_complete:
                # msgspec does not check the text of keys that an article does not have.
                raw.decode()
            struct = cast("Article", self._decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Three times as slow, but its errors are exact, and of a repeated key the last
            # value counts.
            record = decode(raw)
            article_of(record)
            return cast("Article", msgspec.convert(record, self._struct))
        if struct.schema_version != SCHEMA_VERSION:
            _check_version(struct.schema_version)
        return struct


decode_struct = StructDecoder()


def decode_article(raw: bytes) -> Article:
    """Return the article that a line's bytes hold.

    Raises:
        ValueError: as for `decode` and `article_of`.
    """
    return msgspec.convert(decode_struct(raw), Article, from_attributes=True)


def article_of(record: dict[str, Any]) -> Article:
    """Return the article that a record holds.

    Keys that `Article` does not have, which a later minor version may add, are ignored.

    >>> article_of({"schema_version": "1.0"})
    Traceback (most recent call last):
    ValueError: id: is missing; scrapy validate lists all errors

    Raises:
        ValueError: a field is missing or of another type. Its text is one line.
    """
    try:
        struct = msgspec.convert(record, _STRUCT)
    except msgspec.ValidationError as error:
        raise ValueError(f"{_describe(error, record)}; scrapy validate lists all errors") from None
    return msgspec.convert(struct, Article, from_attributes=True)


_MISSING = re.compile(r"Object missing required field `(\w+)`")
_MISMATCH = re.compile(r"Expected `(.+)`, got `(\w+)`")
_TYPES = {
    "str": "text",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def _describe(error: msgspec.ValidationError, record: dict[str, Any]) -> str:
    """Return the field and its error: `authors[0].name: null instead of text`."""
    message, _, path = str(error).partition(" - at `$")
    path = path.removesuffix("`")
    if path.endswith("[...]"):
        # msgspec does not say which of the values is not text.
        name = path.removeprefix(".").removesuffix("[...]")
        key = next(key for key, value in record[name].items() if type(value) is not str)
        path = f"{name}[{key!r}]"
    if missing := _MISSING.fullmatch(message):
        path, message = f"{path}.{missing[1]}", "is missing"
    elif mismatch := _MISMATCH.fullmatch(message):
        expected = " or ".join(_TYPES[kind] for kind in mismatch[1].split(" | "))
        message = f"{_TYPES[mismatch[2]]} instead of {expected}"
    elif message == "Number out of range":
        message = "a number out of range"
    return f"{path.lstrip('.')}: {message}"


def decode(raw: bytes, *, is_strict: bool = False) -> dict[str, Any]:
    r"""Return the record that a line's bytes hold.

    Of a repeated key the last value counts, as in most programs; with `is_strict`, which
    takes a quarter longer, it is an error.

    >>> decode(b'{"schema_version": "2.0"}\n')
    Traceback (most recent call last):
    ValueError: schema_version 2.0 is newer than 1.4; update newscrawl to read it

    Raises:
        ValueError: they are not UTF-8, not JSON, not an object, or of a version that cannot
            be read. Its text is one line.
    """
    try:
        record = (_STRICT if is_strict else _DECODER).decode(raw.decode())
    except UnicodeDecodeError as error:
        is_cut = _is_cut(raw) and error.reason == "unexpected end of data"
        message = f"not UTF-8 (byte {error.start + 1} of the line); write it as UTF-8 again"
        raise ValueError(CUT if is_cut else message) from None
    except json.JSONDecodeError as error:
        raise ValueError(_syntax_message(raw, error)) from None
    except RecursionError:
        raise ValueError("nested too deeply; is it a dump?") from None
    except _DuplicateKeyError as error:
        raise ValueError(f"has the key {error} twice; remove one of them") from None
    except ValueError:
        # Python does not read numbers of more than 4,300 digits.
        raise ValueError("has a number that is not valid JSON; is it a dump?") from None
    if not isinstance(record, dict):
        kind = _KINDS.get(type(record), "a number")
        raise ValueError(f"not an object but {kind}; is it a dump?")  # noqa: TRY004 - as others
    if b"\\ud" in raw or b"\\uD" in raw:
        _check_characters(record)
    _check_version(record.get("schema_version"))
    return record


_KINDS: dict[type, str] = {list: "a list", str: "text", bool: "true or false", type(None): "null"}


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


class _DuplicateKeyError(ValueError):
    """An object has a key twice; the text is the key."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise _DuplicateKeyError(ascii(next(name for name in names if names.count(name) > 1))[:80])
    return record


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
_STRICT = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_unique)


def _is_cut(raw: bytes) -> bool:
    return not raw.endswith(b"\n")


def _syntax_message(raw: bytes, error: json.JSONDecodeError) -> str:
    if not raw.strip():
        return "an empty line; remove it"
    if raw.startswith(_BOM):
        return "begins with a byte order mark; save it as UTF-8 without one"
    if _is_cut(raw):
        return CUT
    return f"not JSON ({error.msg}, column {error.colno}); is it a dump?"


def _check_characters(record: dict[str, Any]) -> None:
    """Raise ValueError for an escaped lone surrogate, which cannot be encoded."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("has half a character (a lone surrogate); is it a dump?") from None


def _check_version(stated: object) -> None:
    """Raise ValueError for another major version; a later minor version only adds fields."""
    match = _VERSION.fullmatch(stated) if isinstance(stated, str) else None
    if match is None:
        raise ValueError("has no schema_version like 1.0; is it a dump?")
    major = int(match[1])
    if major > _MAJOR:
        raise ValueError(
            f"schema_version {stated} is newer than {SCHEMA_VERSION}; update newscrawl to read it"
        )
    if major < _MAJOR:
        raise ValueError(f"schema_version {stated} is older than {_MAJOR}.0; crawl it again")
