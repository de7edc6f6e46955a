"""The values of a site's file, checked; `definition_document` makes a site of them."""

from __future__ import annotations

import ipaddress
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from newscrawl.sites import defaults
from newscrawl.sites.definition_document import is_expression
from newscrawl.sites.definition_entries import EntryError, closest
from newscrawl.sites.host_names import host_of
from newscrawl.sites.permalinks import FORMS, PLAIN
from newscrawl.sites.registry import KEY, is_time_zone
from newscrawl.text import fold

if TYPE_CHECKING:
    from newscrawl.sites.definition_entries import Place, SectionEntries, SiteEntries
    from newscrawl.sites.host_names import Host

SHOWN_DATES = ("published", "modified")
MAX_KEY = 200
"""Characters: a key is part of file names."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NOT_IN_URL = re.compile(r"[\s\\]")
_SLUG = re.compile(r"[\w%-]+")
_ANY = ("", "Wxyz qwk.")
"""Paragraphs that no publisher adds: what matches them matches every paragraph."""


def checked(entries: SiteEntries) -> dict[str, Any]:
    """Return the document of a file's entries, in the form in which sites have the values.

    Raises:
        EntryError: a value is wrong; its place is that of the entry.
    """
    origin, host = _origin(entries.origin)
    hosts = host.netlocs() if entries.hosts is None else _hosts(entries.hosts, host)
    document = {
        "name": _text(entries.name, ("name",)),
        "origin": origin,
        "key": _key(host.key if entries.key is None else entries.key),
        "hosts": hosts,
        "timezone": _timezone(entries.timezone),
        "language": _language(entries.language),
        "sections": _sections(entries.sections, hosts),
        "permalinks": _permalinks(entries.permalinks),
        "trailing_slash": entries.trailing_slash,
        "query_names_page": entries.query_names_page,
        "exact_paths": entries.exact_paths,
        "shown_date": _shown_date(entries.shown_date),
        "boilerplate": _boilerplate(entries.boilerplate),
    }
    if entries.archive_paths is not None:
        document["archive_paths"] = _archive_paths(entries.archive_paths)
    if entries.agencies is not None:
        document["agencies"] = _agencies(entries.agencies)
    for field in defaults.PAGE_CLASSES:
        name = getattr(entries, field)
        if name is not None:
            document[field] = _page_class(name, field)
    return document


def _text(value: str, place: Place) -> str:
    text = fold(value)
    if not text:
        raise EntryError("is empty: write the text that the site shows", place)
    return text


def _key(key: str) -> str:
    if not KEY.fullmatch(key) or len(key) > MAX_KEY:
        raise EntryError(
            f"is {key[:80]!r}: a key starts with a-z or 0-9, holds only a-z, 0-9, _, . and -, "
            f"and has at most {MAX_KEY} characters",
            ("key",),
        )
    return key


def _origin(text: str) -> tuple[str, Host]:
    """Return scheme and host of an address, and the host."""
    place = ("origin",)
    scheme = text.partition("://")[0].lower()
    if "://" not in text or scheme not in {"http", "https"}:
        raise EntryError(
            f"is {text[:80]!r}, it must begin with https:// or http://: write, for example, "
            "https://www.example.it",
            place,
        )
    host = _host(text, place)
    origin = f"{scheme}://{host.netloc}"
    parts = urlsplit(text)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise EntryError(f"is {text[:80]!r}, it must have only the host: write {origin}", place)
    return origin, host


def _host(url: str, place: Place, written: str = "") -> Host:
    """Return the host of an address that has a scheme; `written` is what the entry has of it."""
    try:
        host = host_of(url)
        if ":" in host.name:
            ipaddress.IPv6Address(host.name)
        elif not _HOST.fullmatch(host.name) or _NOT_IN_URL.search(url):
            raise ValueError(url)  # noqa: TRY301 - one message for every cause
    except ValueError:
        text = f"is {(written or url)[:80]!r}, in which there is no valid host"
        raise EntryError(text, place) from None
    return host


def _hosts(names: tuple[str, ...], host_of_origin: Host) -> frozenset[str]:
    hosts = set()
    for number, name in enumerate(names):
        place = ("hosts", number)
        if "/" in name or "@" in name:
            raise EntryError(f"is {name[:80]!r}, it must be a host without scheme and path", place)
        hosts.add(_host(f"https://{name}", place, name).written_netloc)
    if host_of_origin.netloc not in hosts:
        raise EntryError(f"lacks {host_of_origin.netloc}, the host of origin", ("hosts",))
    return frozenset(hosts)


def _timezone(name: str) -> str:
    if not is_time_zone(name):
        hint = closest(name, available_timezones(), "").partition("?")[0]
        hint = f"{hint}?" if hint.startswith("did") else "write, for example, Europe/Lisbon"
        raise EntryError(
            f"is {name[:80]!r}, which is not the name of a time zone: {hint}", ("timezone",)
        )
    return name


def _language(text: str) -> str:
    language = text.lower()
    if not _LANGUAGE.fullmatch(language):
        subtag = re.split(r"[-_]", language)[0]
        example = subtag if _LANGUAGE.fullmatch(subtag) else "it"
        raise EntryError(
            f"is {text[:80]!r}, it must be the two or three letters of a language: {example}",
            ("language",),
        )
    return language


def _sections(
    entries: tuple[SectionEntries, ...], hosts: frozenset[str]
) -> list[dict[str, str | None]]:
    slugs: dict[str, int] = {}
    first_with_label: dict[str, SectionEntries] = {}
    sections: list[dict[str, str | None]] = []
    for number, entry in enumerate(entries):
        place: Place = ("sections", number)
        slug = entry.slug
        if not _SLUG.fullmatch(slug) or slug != slug.lower():
            raise EntryError(
                f"is {slug[:80]!r}, it must be as in addresses: "
                "lower-case letters, digits, - and _",
                (*place, "slug"),
            )
        if slug in slugs:
            raise EntryError(
                f"is {slug[:80]!r}, as in sections[{slugs[slug]}]: remove one of the two",
                (*place, "slug"),
            )
        _check_parent(entry, slugs, entries, place)
        label = _text(entry.label, (*place, "label"))
        url = None if entry.url is None else _archive_url(entry.url, hosts, (*place, "url"))
        same = first_with_label.setdefault(label.casefold(), entry)
        if same is not entry and not (same.url and url):
            raise EntryError(
                f"is {label[:80]!r}, as that of {same.slug}: write the url of both, since the menu "
                "does not tell them apart",
                (*place, "label"),
            )
        slugs[slug] = number
        sections.append({"slug": slug, "label": label, "parent": entry.parent, "url": url})
    return sections


def _check_parent(
    entry: SectionEntries,
    slugs: dict[str, int],
    entries: tuple[SectionEntries, ...],
    place: Place,
) -> None:
    """Check that the section above a section is one of those before it."""
    if entry.parent is None or entry.parent in slugs:
        return
    text = f"is {entry.parent[:80]!r}, "
    if entry.parent == entry.slug:
        text += "which is the section itself"
    elif any(other.slug == entry.parent for other in entries):
        text += "which comes after it: move that section above this one"
    elif slugs:
        hint = closest(entry.parent, slugs, "the sections before it are")
        text += f"which is not the slug of a section: {hint}"
    else:
        text += "but there is no section before it"
    raise EntryError(text, (*place, "parent"))


def _archive_url(url: str, hosts: frozenset[str], place: Place) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise EntryError(f"is {url[:80]!r}, it must begin with https:// or http://", place)
    netloc = _host(url, place).netloc
    if netloc not in hosts:
        raise EntryError(f"is at {netloc}, which is not among the hosts of the site", place)
    return url


def _archive_paths(paths: tuple[str, ...]) -> tuple[str, ...]:
    if not paths:
        raise EntryError("is empty: write, for example, /category/{path}/", ("archive_paths",))
    for number, path in enumerate(paths):
        rest = path.replace("{path}", "")
        if rest == path or "{" in rest or "}" in rest or not path.startswith("/"):
            raise EntryError(
                f"is {path[:80]!r}, it must begin with / and have {{path}} where the slug of the "
                "section is: /category/{path}/",
                ("archive_paths", number),
            )
    return paths


def _permalinks(paths: tuple[str, ...]) -> tuple[str, ...]:
    for number, path in enumerate(paths):
        if not FORMS.fullmatch(path):
            raise EntryError(
                f"is {path[:80]!r}, it must begin with / and end in /%post_id% or %postname%.html, "
                f"or be /%postname% or {PLAIN}",
                ("permalinks", number),
            )
    return paths


def _shown_date(name: str) -> str:
    if name not in {"", *SHOWN_DATES}:
        hint = closest(name, SHOWN_DATES, "write one of")
        raise EntryError(f"is {name[:80]!r}, which is neither date: {hint}", ("shown_date",))
    return name


def _boilerplate(entries: tuple[str, ...]) -> list[str]:
    return [_paragraph(entry, ("boilerplate", number)) for number, entry in enumerate(entries)]


def _paragraph(entry: str, place: Place) -> str:
    """Return an entry of `boilerplate`, checked."""
    if not is_expression(entry):
        return _text(entry, place)
    try:
        pattern = re.compile(f"(?:{entry[1:-1]})", re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise EntryError(f"is not a regular expression: {error}", place) from None
    if pattern.groups:
        raise EntryError("has a group in parentheses: write (?:…) instead of (…)", place)
    if any(pattern.fullmatch(paragraph) for paragraph in _ANY):
        raise EntryError("matches every paragraph", place)
    return entry


def _agencies(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        _text(name, ("agencies", number)).casefold() for number, name in enumerate(names)
    )


def _page_class(name: str, field: str) -> str:
    """Return the name of a page class, which is imported unless it is one of ours."""
    names = defaults.SHORT_NAMES[field]
    if name in names or name in names.values():
        return name
    module, dot, attribute = name.rpartition(".")
    if not dot:
        hint = closest(name, names, "write the dotted name of a class, or one of")
        raise EntryError(f"is {name[:80]!r}, which is not a page class: {hint}", (field,))
    try:
        page_class = getattr(import_module(module), attribute)
    except Exception as error:  # noqa: BLE001 - a module may raise anything when it is imported
        raise EntryError(f"is {name[:80]!r}, which cannot be imported: {error}", (field,)) from None
    if not isinstance(page_class, type):
        raise EntryError(f"is {name[:80]!r}, which is not a class", (field,))
    return name
