"""Reads links to licences and schema.org's properties about rights.

Source: HTML standard, "Link type license"; RFC 8288 and RFC 4946 (`Link`); schema.org.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from newscrawl.rights.rsl import MEDIA_TYPE
from newscrawl.rights.signals import (
    LICENSE_HEADER,
    LICENSE_HTML,
    PAGE,
    RSL_HEADER,
    RSL_HTML,
    SCHEMA_ORG,
    absolute,
)
from newscrawl.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newscrawl.rights.signals import Statements

_RELATION = "license"
_LINK = re.compile(r"<([^<>]{0,2000})>((?:[^,<\"]|\"(?:[^\"\\]|\\.)*\")*)")
_PARAMETER = re.compile(r";\s*([\w!#$&+.^`|~-]+)\*?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;\s\",]*))")
_ADDRESSES = {"license": "license", "usageInfo": "policy", "acquireLicensePage": "policy"}
"""Properties of schema.org; the last two are in its "new" area and may change."""
_ACCESS = {True: "free", False: "paid"}
_MAX_VALUES = 20


def read_header(lines: Iterable[str], url: str, statements: Statements) -> None:
    """Add the licences that a response's Link fields name."""
    for line in lines:
        if _RELATION not in line.lower():
            continue
        for match in _LINK.finditer(line):
            parameters: dict[str, str] = {}
            for name, quoted, plain in _PARAMETER.findall(match[2]):
                # Of a repeated parameter the first counts (RFC 8288, 3.3 and 3.4.1).
                parameters.setdefault(name.lower(), quoted or plain)
            if _RELATION in parameters.get("rel", "").lower().split():
                media_type = parameters.get("type", "")
                raw = match[0].strip(" ,")
                _add(match[1], media_type, url, (RSL_HEADER, LICENSE_HEADER), raw, statements)


def read_links(links: Iterable[tuple[str, str]], url: str, statements: Statements) -> None:
    """Add the licences that a page links to; `links` are `href` and `type` of rel="license"."""
    for address, media_type in links:
        _add(address, media_type, url, (RSL_HTML, LICENSE_HTML), address, statements)


def _add(  # noqa: PLR0913, PLR0917 - the parts of a link
    link: str, media_type: str, url: str, sources: tuple[str, str], raw: str, statements: Statements
) -> None:
    is_rsl = media_type.partition(";")[0].strip().lower() == MEDIA_TYPE
    source = sources[0] if is_rsl else sources[1]
    address = absolute(link, url)
    if address is None:
        statements.ignore(source)
        return
    statements.add(source, PAGE, "license", address, raw)
    if is_rsl:
        statements.documents.append((address, source))


def read_jsonld(
    articles: Iterable[dict[str, Any]],
    find: Callable[[str], Mapping[str, Any] | None],
    url: str,
    statements: Statements,
) -> None:
    """Add what an article's own nodes of JSON-LD state.

    Args:
        articles: the nodes of the article itself.
        find: returns the node with an `@id`.
        url: of the page, for relative addresses.
        statements: is added to.
    """
    for node in articles:
        for name, use in _ADDRESSES.items():
            for value in _values(node.get(name)):
                address = absolute(_text_of(value, ("url", "@id")), url)
                _add_value(use, address, value, statements)
        for value in _values(node.get("copyrightHolder")):
            _add_value("holder", _name_of(value, find), value, statements)
        for value in _values(node.get("isAccessibleForFree")):
            _add_value("access", _access(value), value, statements)


def _add_value(use: str, stated: str | None, value: Any, statements: Statements) -> None:
    if stated:
        statements.add(SCHEMA_ORG, PAGE, use, stated, json.dumps(value, ensure_ascii=False))
    else:
        statements.ignore(SCHEMA_ORG)


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value[:_MAX_VALUES] if isinstance(value, list) else [value]


def _text_of(value: Any, keys: tuple[str, ...]) -> str:
    """Return a text, or the first text of an object under one of some keys."""
    if isinstance(value, dict):
        value = next((value[key] for key in keys if isinstance(value.get(key), str)), "")
    return fold(value) if isinstance(value, str) else ""


def _name_of(value: Any, find: Callable[[str], Mapping[str, Any] | None]) -> str:
    name = _text_of(value, ("name",))
    if not name and isinstance(value, dict) and isinstance(key := value.get("@id"), str):
        name = _text_of(find(key), ("name",))
    return name


def _access(value: Any) -> str | None:
    if isinstance(value, str):
        # https://schema.org/True, "true", "False"
        value = {"true": True, "false": False}.get(fold(value).lower().rpartition("/")[2])
    return _ACCESS[value] if isinstance(value, bool) else None
