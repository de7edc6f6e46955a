"""Writes the file that defines a site."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from newscrawl.sites import defaults
from newscrawl.sites.definition_document import SPECIAL, is_expression, usual_agencies
from newscrawl.sites.definition_entries import COMMENTS
from newscrawl.sites.definition_file import parse
from newscrawl.sites.host_names import host_of
from newscrawl.text import fold

if TYPE_CHECKING:
    from newscrawl.sites.definition import Section, Site

_WIDTH = 98
_BETWEEN = ")|(?:"


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
        "permalinks": [],
        "trailing_slash": True,
        "query_names_page": False,
        "exact_paths": False,
        "shown_date": "",
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
        "permalinks": list(site.permalinks),
        "trailing_slash": site.trailing_slash,
        "query_names_page": site.query_names_page,
        "exact_paths": site.exact_paths,
        "shown_date": site.shown_date,
        "boilerplate": _boilerplate(site.boilerplate),
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
    names = defaults.SHORT_NAMES[field]
    return next((short for short, dotted in names.items() if dotted == name), name)


def _boilerplate(boilerplate: re.Pattern[str]) -> list[str]:
    """Return the entries of which a pattern was made, or could have been."""
    pattern = boilerplate.pattern
    if boilerplate == defaults.NO_BOILERPLATE:
        return []
    if boilerplate.flags != re.compile("", re.I).flags:
        raise ValueError(f"the boilerplate {pattern!r} must have re.IGNORECASE alone")
    parts = [pattern]
    if pattern.startswith("(?:") and pattern.endswith(")"):
        parts = pattern[3:-1].split(_BETWEEN)
        if len(parts) < 2 or not all(map(_is_whole, parts)):
            parts = [pattern]
    return [_paragraph(part) for part in parts]


def _is_whole(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return bool(pattern)


def _paragraph(pattern: str) -> str:
    """Return plain text where a pattern matches one text only, else the pattern in slashes."""
    text = re.sub(rf"\\{SPECIAL}", r"\1", pattern)
    is_plain = text == fold(text) and re.sub(SPECIAL, r"\\\1", text) == pattern
    return text if is_plain and not is_expression(text) else f"/{pattern}/"


def _section(section: Section) -> list[str]:
    entries = {"slug": section.slug, "label": section.label}
    entries |= {"parent": section.parent} if section.parent is not None else {}
    entries |= {"url": section.url} if section.url is not None else {}
    return ["[[sections]]", *(f"{name} = {_toml(value)}" for name, value in entries.items()), ""]


def _entry(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"{name} = {str(value).lower()}"
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
