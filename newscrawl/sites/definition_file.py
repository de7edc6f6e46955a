"""A site as one file of data, TOML, that a person can read and correct (docs/adding-a-site.md)."""

from __future__ import annotations

import difflib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newscrawl.formatting import display_path
from newscrawl.sites import defaults
from newscrawl.sites.definition_entries import COMMENTS, Mistake, in_words, read
from newscrawl.sites.definition_lines import line_of
from newscrawl.sites.definition_values import (
    CLASSES,
    SHORT_NAMES,
    boilerplate_entries,
    site_of,
    usual_agencies,
)
from newscrawl.sites.host_names import host_of
from newscrawl.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newscrawl.sites.definition import Section, Site

ENDING = ".toml"
MAX_SIZE = 1_000_000
"""Bytes of a file."""
MAX_FILES = 1_000
"""Files of a folder."""
_MAX_NAMED = 20
_WIDTH = 98


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
            raise DefinitionError(_line(f"{name} is not a file"))
        with path.open("rb") as file:
            content = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise DefinitionError(_line(f"{name} cannot be read: {error.strerror}")) from None
    if len(content) > MAX_SIZE:
        raise DefinitionError(_line(f"{name} is longer than {MAX_SIZE:,} bytes"))
    return parse(content, name)


def parse(content: bytes, name: str) -> Site:
    """Return the site that the content of a file defines; `name` is the file's in messages.

    Raises:
        DefinitionError: it is wrong.
    """
    text = ""
    try:
        text = _decoded(content)
        return site_of(read(text))
    except Mistake as mistake:
        line = mistake.line
        if line is None and mistake.place:
            line = line_of(mistake.place, text)
        where = name if line is None else f"{name}, line {line}"
        entry = f"{in_words(mistake.place)} " if mistake.place else ""
        raise DefinitionError(_line(f"{where}: {entry}{mistake.text}")) from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Mistake("this is not UTF-8: save the file as UTF-8", line=line) from None


def _line(text: str) -> str:
    return printable(" ".join(text.split()))


def locate(name: str, folders: Sequence[Path]) -> Path:
    """Return the file `NAME.toml`, from the first of some folders that has it.

    Raises:
        DefinitionError: no folder has it; the text names the folders, and the names that are there.
    """
    is_name = name and "/" not in name and "\\" not in name and name.isprintable()
    for folder in folders if is_name else ():
        path = folder / f"{name}{ENDING}"
        if path.exists():
            return path
    names = sorted({path.stem for folder in folders for path in _files(folder)})
    close = difflib.get_close_matches(name.removesuffix(ENDING), names, n=1, cutoff=0.5)
    hint = f": did you mean {close[0]}?" if close else "."
    looked = [
        f"{display_path(folder)}{'' if folder.is_dir() else ' (no such folder)'}"
        for folder in folders
    ]
    there = ", ".join(names[:_MAX_NAMED]) or "none"
    more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
    raise DefinitionError(
        _line(
            f"there is no definition {name[:80]!r} of a site{hint} Folders: {', '.join(looked)}. "
            f"Definitions there: {there}{more}"
        )
    )


def load_folder(folder: Path) -> Iterator[tuple[Path, Site]]:
    """Yield the files of a folder with the sites that they define; none without such a folder.

    Raises:
        DefinitionError: a file is wrong, or there are more than a thousand.
    """
    paths = _files(folder)
    if len(paths) > MAX_FILES:
        raise DefinitionError(
            _line(f"{display_path(folder)} has more than {MAX_FILES:,} definitions of sites")
        )
    for path in paths:
        yield path, load(path)


def _files(folder: Path) -> list[Path]:
    """Return the definitions of a folder by name, and at most one more than are allowed."""
    try:
        paths = [path for path in folder.iterdir() if path.suffix == ENDING]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        text = f"{display_path(folder)} cannot be read: {error.strerror}"
        raise DefinitionError(_line(text)) from None
    return sorted(paths)


def dumps(site: Site) -> str:
    """Return the text of the file that defines a site: `load` returns an equal, registered site.

    Each entry has a comment above that says what it means. Entries with their default are comments.

    Raises:
        ValueError: the site has a value that a file cannot have.
    """
    host = host_of(site.origin)
    defaults_of_site = {
        "key": host.key,
        "hosts": sorted(host.netlocs()),
        "archive_paths": list(defaults.ARCHIVE_PATHS),
        "boilerplate": [],
        "agencies": sorted(usual_agencies(site.name, host)),
        **{field: _short(name, field) for field, name in defaults.PAGE_CLASSES.items()},
    }
    values = {
        "name": site.name,
        "origin": site.origin,
        "key": site.key,
        "hosts": sorted(site.hosts),
        "timezone": site.timezone,
        "language": site.language,
        "archive_paths": list(site.archive_paths),
        "boilerplate": boilerplate_entries(site.boilerplate),
        "agencies": sorted(site.agencies),
        **{field: _short(getattr(site, field), field) for field in defaults.PAGE_CLASSES},
    }
    lines = [
        f"# The site {host.netloc} for newscrawl (docs/adding-a-site.md).",
        "# An entry that begins with # has its default: remove the # to change it.",
    ]
    for name, comment in COMMENTS.items():
        lines += ["", *(f"# {line}" for line in comment.splitlines())]
        if name in values:
            is_default = name in defaults_of_site and values[name] == defaults_of_site[name]
            entry = _entry(name, values[name]).splitlines()
            lines += [f"# {line}" if is_default else line for line in entry]
    lines += [line for section in site.sections for line in _section(section)]
    text = "\n".join(lines).rstrip("\n") + "\n"
    if parse(text.encode(), "its file") != replace(site, is_registered=True):
        raise ValueError(f"the site {site.key} has a value that its file cannot have")
    return text


def _short(name: str, field: str) -> str:
    return next((short for short in SHORT_NAMES[field] if CLASSES[short] == name), name)


def _section(section: Section) -> list[str]:
    entries = {"slug": section.slug, "label": section.label}
    entries |= {"parent": section.parent} if section.parent is not None else {}
    entries |= {"url": section.url} if section.url is not None else {}
    return ["[[sections]]", *(f"{name} = {_toml(value)}" for name, value in entries.items()), ""]


def _entry(name: str, value: Any) -> str:
    if isinstance(value, str):
        return f"{name} = {_toml(value)}"
    line = f"{name} = [{', '.join(map(_toml, value))}]"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{name} = [", *(f"  {_toml(text)}," for text in value), "]"])


def _toml(text: str) -> str:
    """Return a text as TOML has it; one with backslashes as a literal string, if possible."""
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)
