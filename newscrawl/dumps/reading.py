"""The lines of dumps, one after the other, and what is wrong with those that are none."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

from newscrawl.dumps.files import DAMAGED, DumpError, Source, expand
from newscrawl.items import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from newscrawl.dumps.files import Paths

    OnBad = Callable[[DumpError], object]

T = TypeVar("T")
MAX_LINE = 64 * 1024 * 1024
"""Bytes; a page has at most 16 MiB. Whatever is longer is not read into memory."""
_MAJOR, _MINOR = map(int, SCHEMA_VERSION.split("."))
_VERSION = re.compile(r"(\d{1,6})\.(\d{1,6})", re.ASCII)
_BOM = b"\xef\xbb\xbf"
_LOG = logging.getLogger("newscrawl.dumps")
_CUT = "the file is cut off here; copy it again, or skip what is bad"


@dataclass(slots=True)
class Line:
    """One line of a dump."""

    path: Path
    number: int
    """From 1."""
    record: dict[str, Any]
    """As JSON has it, of a schema version that can be read, otherwise unchecked."""
    position: int
    """Bytes of the file taken in so far, compressed as they are: for a progress bar."""


def lines(paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None) -> Iterator[Line]:
    """Return the lines of dumps as they are read, file after file, in constant memory.

    Args:
        paths: see `newscrawl.dumps.expand`.
        skip_bad: go on behind a line that cannot be read, instead of ending there. Where a
            compressed file is damaged the rest of it counts as one.
        on_bad: called with what is wrong with each line skipped; by default each is logged
            as a warning of the logger `newscrawl.dumps`.

    Raises:
        DumpError: at once for what `expand` finds; later for the first line that cannot be
            read, unless `skip_bad`.
    """
    found, told = expand(paths), handler(on_bad, skip_bad=skip_bad)
    return (line for path in found for line in lines_of(path, told))


def handler(on_bad: OnBad | None, *, skip_bad: bool) -> OnBad:
    """Return what is done about a line that cannot be read: refuse it, or tell and go on."""
    return (on_bad or _warn) if skip_bad else _refuse


def _refuse(error: DumpError) -> NoReturn:
    raise error


def _warn(error: DumpError) -> None:
    _LOG.warning("skipped: %s", error)


def lines_of(
    path: Path, on_bad: OnBad, wanted: Container[int] | None = None, *, is_strict: bool = False
) -> Iterator[Line]:
    """Return the lines of one dump as they are read.

    Args:
        path: its file.
        on_bad: called with what is wrong with each line that is left out.
        wanted: numbers of lines; others are not looked at.
        is_strict: see `decode`.
    """
    made = decoded(path, on_bad, partial(decode, is_strict=is_strict), wanted)
    return (Line(path, number, record, position) for number, record, position in made)


def decoded(
    path: Path, on_bad: OnBad, decode: Callable[[bytes], T], wanted: Container[int] | None = None
) -> Iterator[tuple[int, T, int]]:
    """Yield the number of each line of one dump, what `decode` makes of it, and the position.

    Args:
        path: its file.
        on_bad: called with what is wrong with each line that is left out.
        decode: makes something of a line's bytes, or raises ValueError with one line of text.
        wanted: numbers of lines; others are not looked at.
    """
    try:
        source = Source(path)
    except DumpError as error:
        on_bad(error)
        return
    number = 0
    with source as stream:
        while True:
            number += 1
            try:
                raw = _read_line(stream)
                if not raw:
                    break
                if wanted is not None and number not in wanted:
                    continue
                record = decode(raw)
            except ValueError as error:
                on_bad(DumpError(path, number, str(error)))
                if isinstance(error, _DamageError):
                    return
            else:
                yield number, record, source.position
    if number == 1:
        on_bad(DumpError(path, 1, "the file is empty; a run that finds nothing writes none"))


class _DamageError(ValueError):
    """Nothing more can be read of a file."""


def _read_line(stream: BinaryIO) -> bytes:
    """Return the bytes of the next line, none at the end.

    Raises:
        ValueError: it cannot be read; the text says why.
    """
    try:
        raw = stream.readline(MAX_LINE)
        if len(raw) < MAX_LINE or raw.endswith(b"\n"):
            return raw
        while (more := stream.readline(1 << 20)) and not more.endswith(b"\n"):
            pass
    except EOFError:
        raise _DamageError(_CUT) from None
    except DAMAGED as error:
        what = f"the compressed data are damaged ({error})"
        raise _DamageError(f"{what}; copy the file again, or skip what is bad") from None
    except OSError as error:
        raise _DamageError(f"cannot be read: {error.strerror}") from None
    raise ValueError(f"longer than {MAX_LINE:,} bytes; is it a dump?")


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
        raise ValueError(_CUT if cut else f"{what}; write it as UTF-8 again") from None
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
        return _CUT
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
