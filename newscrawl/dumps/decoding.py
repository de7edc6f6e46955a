"""What the bytes of a dump's line hold: a record as JSON has it, or an article."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn, cast

import msgspec

from newscrawl.items import SCHEMA_VERSION, Article
from newscrawl.items.structs import struct_of

CUT = "the file is cut off here; copy it again, or skip what is bad"
_MAJOR, _MINOR = map(int, SCHEMA_VERSION.split("."))
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)
_BOM = b"\xef\xbb\xbf"
_STRUCT = struct_of(Article)


class StructDecoder:
    """Decodes lines into structs with the fields of an article, which costs the least.

    Args:
        paths: the fields to decode, all where none is named, as for `struct_of`. What is not
            decoded is not checked either.
    """

    def __init__(self, *paths: str) -> None:
        self._struct = struct_of(Article, ["schema_version", *paths]) if paths else _STRUCT
        self._is_whole = not paths
        self._decode = msgspec.json.Decoder(self._struct).decode

    def __call__(self, raw: bytes) -> Article:
        """Return what a line holds: no `Article`, but it has the same attributes.

        Raises:
            ValueError: as for `decode_article`.
        """
        try:
            if self._is_whole:
                # msgspec does not look at the text of keys that an article does not have.
                raw.decode()
            struct = cast("Article", self._decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            # Three times as slow, but exact about what is wrong, and of a repeated key only the
            # last value counts.
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

    Keys that `Article` does not have, as a later minor version may add them, are left out.

    >>> article_of({"schema_version": "1.0"})
    Traceback (most recent call last):
    ValueError: id: is missing; scrapy validate tells all that is wrong

    Raises:
        ValueError: a field is missing or of another type. Its text is one line.
    """
    try:
        struct = msgspec.convert(record, _STRUCT)
    except msgspec.ValidationError as error:
        raise ValueError(
            f"{_fault_of(error, record)}; scrapy validate tells all that is wrong"
        ) from None
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


def _fault_of(error: msgspec.ValidationError, record: dict[str, Any]) -> str:
    """Return the field and what is wrong with it: `authors[0].name: null instead of text`."""
    what, _, place = str(error).partition(" - at `$")
    place = place.removesuffix("`")
    if place.endswith("[...]"):
        # msgspec does not say which of the values, all of which must be text.
        name = place.removeprefix(".").removesuffix("[...]")
        key = next(key for key, value in record[name].items() if type(value) is not str)
        place = f"{name}[{key!r}]"
    if missing := _MISSING.fullmatch(what):
        place, what = f"{place}.{missing[1]}", "is missing"
    elif mismatch := _MISMATCH.fullmatch(what):
        expected = " or ".join(_TYPES[kind] for kind in mismatch[1].split(" | "))
        what = f"{_TYPES[mismatch[2]]} instead of {expected}"
    elif what == "Number out of range":
        what = "a number larger than any program takes"
    return f"{place.lstrip('.')}: {what}"


def decode(raw: bytes, *, is_strict: bool = False) -> dict[str, Any]:
    r"""Return the record that a line's bytes hold.

    Of a key that stands twice the last one counts, as in most programs; where `is_strict`,
    which costs a quarter more, it is an error.

    >>> decode(b'{"schema_version": "2.0"}\n')
    Traceback (most recent call last):
    ValueError: schema_version 2.0 is newer than 1.0; update newscrawl to read it

    Raises:
        ValueError: they are not UTF-8, not JSON, no object, or of a version that cannot be
            read. Its text is one line.
    """
    try:
        record = (_STRICT if is_strict else _DECODER).decode(raw.decode())
    except UnicodeDecodeError as error:
        cut = _is_cut(raw) and error.reason == "unexpected end of data"
        what = f"not UTF-8 (byte {error.start + 1} of the line)"
        raise ValueError(CUT if cut else f"{what}; write it as UTF-8 again") from None
    except json.JSONDecodeError as error:
        raise ValueError(_fault(raw, error)) from None
    except RecursionError:
        raise ValueError("nested too deeply; is it a dump?") from None
    except _TwiceError as error:
        raise ValueError(f"has the key {error} twice; remove one") from None
    except ValueError:
        # Python reads no number of more than 4,300 digits.
        raise ValueError("holds what is no number of JSON; is it a dump?") from None
    if not isinstance(record, dict):
        kind = _KINDS.get(type(record), "a number")
        raise ValueError(f"not an object but {kind}; is it a dump?")  # noqa: TRY004 - as others
    if b"\\ud" in raw or b"\\uD" in raw:
        _check_characters(record)
    _check_version(record.get("schema_version"))
    return record


_KINDS: dict[type, str] = {list: "a list", str: "text", bool: "true or false", type(None): "null"}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


class _TwiceError(ValueError):
    """Names a key that stands twice in an object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(ascii(next(name for name in names if names.count(name) > 1))[:80])
    return found


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _is_cut(raw: bytes) -> bool:
    return not raw.endswith(b"\n")


def _fault(raw: bytes, error: json.JSONDecodeError) -> str:
    if not raw.strip():
        return "an empty line; remove it"
    if raw.startswith(_BOM):
        return "begins with a byte order mark; save it as UTF-8 without one"
    if _is_cut(raw):
        return CUT
    return f"not JSON ({error.msg}, column {error.colno}); is it a dump?"


def _check_characters(record: dict[str, Any]) -> None:
    """Raise ValueError for an escape that stands for half a character, which no file can hold."""
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character (a lone surrogate); is it a dump?") from None


def _check_version(stated: object) -> None:
    """Raise ValueError for a version of another major number; a later minor one adds fields."""
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
