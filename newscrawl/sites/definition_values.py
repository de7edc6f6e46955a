"""The values of a site's file, checked; a `Site` is made of them."""

from __future__ import annotations

import ipaddress
import re
from importlib import import_module
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from newscrawl.sites import defaults
from newscrawl.sites.definition import Section, Site
from newscrawl.sites.definition_entries import Mistake, Place, SectionEntries, SiteEntries, closest
from newscrawl.sites.host_names import Host, host_of
from newscrawl.text import fold

KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*")
"""The same pattern as in the schema of article lines."""
MAX_KEY = 200
"""Characters: a key is part of file names."""
CLASSES = {
    "jnews": defaults.PAGE_CLASSES["article_page"],
    "wordpress": defaults.PAGE_CLASSES["wordpress_page"],
    "generic": defaults.PAGE_CLASSES["generic_page"],
    "listing": defaults.PAGE_CLASSES["listing_page"],
    "more": defaults.PAGE_CLASSES["more_page"],
    "menu": defaults.PAGE_CLASSES["menu_page"],
}
"""Short names of page classes."""
_OF_ARTICLES = ("jnews", "wordpress", "generic")
SHORT_NAMES = {
    "article_page": _OF_ARTICLES,
    "wordpress_page": _OF_ARTICLES,
    "generic_page": _OF_ARTICLES,
    "listing_page": ("listing",),
    "more_page": ("more",),
    "menu_page": ("menu",),
}
"""The short names that each entry may have."""

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NOT_IN_URL = re.compile(r"[\s\\]")
_SLUG = re.compile(r"[\w%-]+")
_SPECIAL = re.compile(r"([.^$*+?{}\[\]\\|()])")
_ESCAPED = re.compile(r"\\([.^$*+?{}\[\]\\|()])")
_ANY = ("", "Wxyz qwk.")
"""Paragraphs that no publisher adds: what matches them matches every paragraph."""


def site_of(entries: SiteEntries) -> Site:
    """Return the site of a file's entries.

    Raises:
        Mistake: a value is wrong; its place is that of the entry.
    """
    origin, host = _origin(entries.origin)
    name = _text(entries.name, ("name",))
    hosts = host.netlocs() if entries.hosts is None else _hosts(entries.hosts, host)
    paths = entries.archive_paths
    return Site(
        key=host.key if entries.key is None else _key(entries.key),
        name=name,
        origin=origin,
        hosts=hosts,
        timezone=_timezone(entries.timezone),
        language=_language(entries.language),
        sections=_sections(entries.sections, hosts),
        archive_paths=defaults.ARCHIVE_PATHS if paths is None else _archive_paths(paths),
        boilerplate=_boilerplate(entries.boilerplate),
        agencies=(
            usual_agencies(name, host)
            if entries.agencies is None
            else _agencies(entries.agencies)
        ),
        **{field: _page_class(getattr(entries, field), field) for field in defaults.PAGE_CLASSES},
    )


def usual_agencies(name: str, host: Host) -> frozenset[str]:
    """Return the agencies of a site that states none: the usual ones, and its own names."""
    return defaults.AGENCIES | {name.casefold(), host.bare_netloc}


def is_time_zone(name: str) -> bool:
    """Return whether there is a time zone of this IANA name."""
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return False
    return True


def _text(value: str, place: Place) -> str:
    text = fold(value)
    if not text:
        raise Mistake("is empty: write the text that the site shows", place)
    return text


def _key(key: str) -> str:
    if not KEY.fullmatch(key) or len(key) > MAX_KEY:
        raise Mistake(
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
        raise Mistake(
            f"is {text[:80]!r}, it must begin with https:// or http://: write, for example, "
            "https://www.example.it",
            place,
        )
    host = _host(text, place)
    origin = f"{scheme}://{host.netloc}"
    parts = urlsplit(text)
    if parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise Mistake(f"is {text[:80]!r}, it must have nothing but the host: write {origin}", place)
    return origin, host


def _host(url: str, place: Place) -> Host:
    """Return the host of an address that has a scheme."""
    try:
        host = host_of(url)
        if ":" in host.name:
            ipaddress.IPv6Address(host.name)
        elif not _HOST.fullmatch(host.name) or _NOT_IN_URL.search(url):
            raise ValueError(url)  # noqa: TRY301 - one message for every cause
    except ValueError:
        raise Mistake(f"is {url[:80]!r}, in which there is no valid host", place) from None
    return host


def _hosts(names: tuple[str, ...], host_of_origin: Host) -> frozenset[str]:
    hosts = set()
    for number, name in enumerate(names):
        place = ("hosts", number)
        if "/" in name or "@" in name:
            raise Mistake(f"is {name[:80]!r}, it must be a host without scheme and path", place)
        hosts.add(_host(f"https://{name}", place).written_netloc)
    if host_of_origin.netloc not in hosts:
        raise Mistake(f"lacks {host_of_origin.netloc}, the host of origin", ("hosts",))
    return frozenset(hosts)


def _timezone(name: str) -> str:
    if not is_time_zone(name):
        hint = closest(name, available_timezones(), "").partition("?")[0]
        hint = f"{hint}?" if hint.startswith("did") else "write, for example, Europe/Lisbon"
        raise Mistake(f"is {name[:80]!r}, which is not the name of a time zone: {hint}", ("timezone",))
    return name


def _language(text: str) -> str:
    language = text.lower()
    if not _LANGUAGE.fullmatch(language):
        subtag = re.split(r"[-_]", language)[0]
        example = subtag if _LANGUAGE.fullmatch(subtag) else "it"
        raise Mistake(
            f"is {text[:80]!r}, it must be the two or three letters of a language: {example}",
            ("language",),
        )
    return language


def _sections(entries: tuple[SectionEntries, ...], hosts: frozenset[str]) -> tuple[Section, ...]:
    slugs: dict[str, int] = {}
    labels: dict[str, Section] = {}
    sections: list[Section] = []
    for number, entry in enumerate(entries):
        place: Place = ("sections", number)
        slug = entry.slug
        if not _SLUG.fullmatch(slug) or slug != slug.lower():
            raise Mistake(
                f"is {slug[:80]!r}, it must be as in addresses: lower-case letters, digits, - and _",
                (*place, "slug"),
            )
        if slug in slugs:
            raise Mistake(
                f"is {slug[:80]!r}, as in sections[{slugs[slug]}]: remove one of the two",
                (*place, "slug"),
            )
        _check_parent(entry, slugs, entries, place)
        label = _text(entry.label, (*place, "label"))
        url = None if entry.url is None else _archive_url(entry.url, hosts, (*place, "url"))
        section = Section(slug, label, entry.parent, url)
        same = labels.setdefault(label.casefold(), section)
        if same is not section and not (same.url and url):
            raise Mistake(
                f"is {label[:80]!r}, as that of {same.slug}: write the url of both, since the menu "
                "does not tell them apart",
                (*place, "label"),
            )
        slugs[slug] = number
        sections.append(section)
    return tuple(sections)


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
    raise Mistake(text, (*place, "parent"))


def _archive_url(url: str, hosts: frozenset[str], place: Place) -> str:
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Mistake(f"is {url[:80]!r}, it must begin with https:// or http://", place)
    netloc = _host(url, place).netloc
    if netloc not in hosts:
        raise Mistake(f"is at {netloc}, which is not among the hosts of the site", place)
    return url


def _archive_paths(paths: tuple[str, ...]) -> tuple[str, ...]:
    if not paths:
        raise Mistake("is empty: write, for example, /category/{path}/", ("archive_paths",))
    for number, path in enumerate(paths):
        rest = path.replace("{path}", "")
        if rest == path or "{" in rest or "}" in rest or not path.startswith("/"):
            raise Mistake(
                f"is {path[:80]!r}, it must begin with / and have {{path}} where the slug of the "
                "section is: /category/{path}/",
                ("archive_paths", number),
            )
    return paths


def _boilerplate(entries: tuple[str, ...]) -> re.Pattern[str]:
    patterns = [_pattern(text, ("boilerplate", number)) for number, text in enumerate(entries)]
    if not patterns:
        return defaults.NO_BOILERPLATE
    if len(patterns) == 1:
        return re.compile(patterns[0], re.I)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


def _pattern(text: str, place: Place) -> str:
    """Return the regular expression of an entry, which is one between slashes or plain text."""
    if not (len(text) > 2 and text[0] == text[-1] == "/"):
        return _SPECIAL.sub(r"\\\1", _text(text, place))
    pattern = text[1:-1]
    try:
        compiled = re.compile(f"(?:{pattern})", re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise Mistake(f"is not a regular expression: {error}", place) from None
    if compiled.groups:
        raise Mistake("has a group in parentheses: write (?:…) instead of (…)", place)
    if any(compiled.fullmatch(paragraph) for paragraph in _ANY):
        raise Mistake("matches every paragraph", place)
    return pattern


def boilerplate_entries(boilerplate: re.Pattern[str]) -> list[str]:
    """Return the entries of which `site_of` makes a pattern.

    Raises:
        ValueError: the pattern has other flags than re.IGNORECASE.
    """
    pattern = boilerplate.pattern
    if boilerplate == defaults.NO_BOILERPLATE:
        return []
    if boilerplate.flags != re.compile("", re.I).flags:
        raise ValueError(f"the pattern of boilerplate {pattern!r} needs re.IGNORECASE alone")
    parts = pattern[3:-1].split(")|(?:") if pattern.startswith("(?:") else []
    if len(parts) < 2 or not pattern.endswith(")") or not all(map(_is_whole, parts)):
        parts = [pattern]
    return [_entry_of(part) for part in parts]


def _is_whole(pattern: str) -> bool:
    try:
        _pattern(f"/{pattern}/", ())
    except Mistake:
        return False
    return bool(pattern)


def _entry_of(pattern: str) -> str:
    """Return plain text where a pattern matches one text only, else the pattern in slashes."""
    text = _ESCAPED.sub(r"\1", pattern)
    is_plain = text == fold(text) and _SPECIAL.sub(r"\\\1", text) == pattern
    return text if is_plain and text and not (text[0] == text[-1] == "/") else f"/{pattern}/"


def _agencies(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        _text(name, ("agencies", number)).casefold() for number, name in enumerate(names)
    )


def _page_class(name: str | None, field: str) -> str:
    """Return the dotted name of a page class, which is imported unless it is one of ours."""
    default = defaults.PAGE_CLASSES[field]
    if name is None:
        return default
    names = SHORT_NAMES[field]
    if name in names or name in map(CLASSES.get, names):
        return CLASSES.get(name, name)
    module, dot, attribute = name.rpartition(".")
    if not dot:
        hint = closest(name, names, "write the dotted name of a class, or one of")
        raise Mistake(f"is {name[:80]!r}, which is not a page class: {hint}", (field,))
    try:
        page_class = getattr(import_module(module), attribute)
    except Exception as error:  # noqa: BLE001 - a module may raise anything when it is imported
        raise Mistake(f"is {name[:80]!r}, which cannot be imported: {error}", (field,)) from None
    if not isinstance(page_class, type):
        raise Mistake(f"is {name[:80]!r}, which is not a class", (field,))
    return name
