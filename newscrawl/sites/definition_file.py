"""A site as one file of data, TOML, that a person can read and correct (docs/adding-a-site.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawl.formatting import display_path
from newscrawl.sites.definition_document import site_of
from newscrawl.sites.definition_entries import EntryError, in_words, read
from newscrawl.sites.definition_lines import line_of
from newscrawl.sites.definition_values import checked
from newscrawl.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from newscrawl.sites.definition import Site

MAX_SIZE = 1_000_000
"""Bytes of a file."""


class DefinitionError(ValueError):
    """A site's file is missing or wrong; its text is one line that names the place and says why."""


def load(path: Path) -> Site:
    """Return the site that a file defines.

    Raises:
        DefinitionError: the file cannot be read, is longer than a megabyte, or is wrong.
    """
    name = display_path(path)
    try:
        if path.exists() and not path.is_file():
            raise DefinitionError(one_line(f"{name} is not a file"))
        with path.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise DefinitionError(one_line(f"{name} cannot be read: {error.strerror}")) from None
    if len(content) > MAX_SIZE:
        raise DefinitionError(one_line(f"{name} is longer than {MAX_SIZE:,} bytes"))
    return parse(content, name)


def parse(content: bytes, name: str) -> Site:
    """Return the site that the content of a file defines; `name` is the file's in messages.

    Raises:
        DefinitionError: it is wrong.
    """
    text = ""
    try:
        text = _decoded(content)
        return site_of(checked(read(text)))
    except EntryError as error:
        line = error.line
        if line is None and error.place:
            line = line_of(error.place, text)
        where = name if line is None else f"{name}, line {line}"
        entry = f"{in_words(error.place)} " if error.place else ""
        raise DefinitionError(one_line(f"{where}: {entry}{error.text}")) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EntryError("this is not UTF-8: save the file as UTF-8", line=line) from None


def one_line(text: str) -> str:
    """Return a message as one line without control characters."""
    return printable(" ".join(text.split()))
