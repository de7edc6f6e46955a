"""Reads dumps line by line, and reports lines that cannot be read."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn, TypeVar

from newscrawl.dumps.decoding import CUT, decode
from newscrawl.dumps.files import DAMAGED, DumpError, Source, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator
    from pathlib import Path

    from newscrawl.dumps.files import Paths

    OnBad = Callable[[DumpError], object]

T = TypeVar("T")
MAX_LINE = 64 * 1024 * 1024
"""Bytes; a page has at most 16 MiB. A longer line is not read into memory."""
_LOG = logging.getLogger("newscrawl.dumps")


@dataclass(slots=True)
class Line:
    """One line of a dump."""

    path: Path
    number: int
    """From 1."""
    record: dict[str, Any]
    """The JSON object, of a schema version that can be read, otherwise unchecked."""
    position: int
    """Bytes of the file read so far, before any decompression: for a progress bar."""


def lines(paths: Paths, *, skip_bad: bool = False, on_bad: OnBad | None = None) -> Iterator[Line]:
    """Return the lines of dumps as they are read, file after file, in constant memory.

    Args:
        paths: see `newscrawl.dumps.expand`.
        skip_bad: skip lines that cannot be read, instead of raising. Where a compressed file
            is damaged, the rest of it counts as one line.
        on_bad: called with the error of each line skipped; by default each is logged as a
            warning of the logger `newscrawl.dumps`.

    Raises:
        DumpError: at once as for `expand`; later for the first line that cannot be read, unless
            `skip_bad`.
    """
    dumps, report = expand(paths), handler(on_bad, skip_bad=skip_bad)
    return (line for path in dumps for line in lines_of(path, report))


def handler(on_bad: OnBad | None, *, skip_bad: bool) -> OnBad:
    """Return the handler of lines that cannot be read: it raises, or reports and goes on."""
    return (on_bad or _warn) if skip_bad else _refuse


def _refuse(error: DumpError) -> NoReturn:
    raise error


def _warn(error: DumpError) -> None:
    _LOG.warning("skipped: %s", error)


def lines_of(
    path: Path, on_bad: OnBad, numbers: Container[int] | None = None, *, is_strict: bool = False
) -> Iterator[Line]:
    """Return the lines of one dump as they are read.

    Args:
        path: its file.
        on_bad: called with the error of each line that is left out.
        numbers: numbers of the lines to read; others are not decoded.
        is_strict: see `decode`.
    """
    records = decoded(path, on_bad, partial(decode, is_strict=is_strict), numbers)
    return (Line(path, number, record, position) for number, record, position in records)


def decoded(
    path: Path, on_bad: OnBad, decode: Callable[[bytes], T], numbers: Container[int] | None = None
) -> Iterator[tuple[int, T, int]]:
    """Yield the number of each line of one dump, what `decode` returns for it, and the position.

    Args:
        path: its file.
        on_bad: called with the error of each line that is left out.
        decode: decodes a line's bytes, or raises ValueError with one line of text.
        numbers: numbers of the lines to read; others are not decoded.
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
                if numbers is not None and number not in numbers:
                    continue
                record = decode(raw)
            except ValueError as error:
                on_bad(DumpError(path, number, str(error)))
                if isinstance(error, _DamageError):
                    return
            else:
                yield number, record, source.position
    if number == 1:
        on_bad(DumpError(path, 1, "the file is empty; a run without articles writes no dump"))


class _DamageError(ValueError):
    """The rest of a file cannot be read."""


def batches(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield values in lists of at most `size`.

    >>> list(batches("abc", 2))
    [['a', 'b'], ['c']]
    """
    iterator = iter(values)
    while batch := list(islice(iterator, size)):
        yield batch


def _read_line(stream: BinaryIO) -> bytes:
    """Return the bytes of the next line, empty at the end.

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
        raise _DamageError(CUT) from None
    except DAMAGED as error:
        message = f"the compressed data are damaged ({error})"
        raise _DamageError(f"{message}; copy the file again, or skip bad lines") from None
    except OSError as error:
        raise _DamageError(f"cannot be read: {error.strerror}") from None
    raise ValueError(f"longer than {MAX_LINE:,} bytes; is it a dump?")
