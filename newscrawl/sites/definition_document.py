"""The site that a document defines, an unchecked one: each start makes Alanews of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newscrawl.sites import defaults
from newscrawl.sites.definition import Section, Site
from newscrawl.sites.host_names import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newscrawl.sites.host_names import Host

SPECIAL = r"([.^$*+?{}\[\]\\|()])"
"""Matches what is not plain text in a regular expression."""


def site_of(document: Mapping[str, Any]) -> Site:
    """Return the site of a document whose values are valid; see `definition_values.checked`."""
    name, host = document["name"], host_of(document["origin"])
    agencies = document.get("agencies")
    classes: dict[str, Any] = {
        field: _page_class(document.get(field), field) for field in defaults.PAGE_CLASSES
    }
    return Site(
        key=document.get("key", host.key),
        name=name,
        origin=document["origin"],
        hosts=frozenset(document.get("hosts", host.netlocs())),
        timezone=document["timezone"],
        language=document["language"],
        sections=tuple(Section(**entries) for entries in document.get("sections", ())),
        archive_paths=tuple(document.get("archive_paths", defaults.ARCHIVE_PATHS)),
        boilerplate=_boilerplate(document.get("boilerplate", ())),
        agencies=usual_agencies(name, host) if agencies is None else frozenset(agencies),
        permalinks=tuple(document.get("permalinks", ())),
        shown_date=document.get("shown_date", ""),
        trailing_slash=document.get("trailing_slash", True),
        query_names_page=document.get("query_names_page", False),
        exact_paths=document.get("exact_paths", False),
        **classes,
        is_registered=True,
    )


def usual_agencies(name: str, host: Host) -> frozenset[str]:
    """Return the agencies of a site that states none: the usual ones, and its own names."""
    return defaults.AGENCIES | {name.casefold(), host.bare_netloc}


def is_expression(entry: str) -> bool:
    """Return whether an entry of `boilerplate` is a regular expression: between slashes.

    >>> is_expression("/riproduzione .*/"), is_expression("Riproduzione riservata")
    (True, False)
    """
    return len(entry) > 2 and entry[0] == entry[-1] == "/"


def _boilerplate(entries: Sequence[str]) -> re.Pattern[str]:
    if not entries:
        return defaults.NO_BOILERPLATE
    patterns = [
        entry[1:-1] if is_expression(entry) else re.sub(SPECIAL, r"\\\1", entry)
        for entry in entries
    ]
    if len(patterns) > 1:
        patterns = [f"(?:{pattern})" for pattern in patterns]
    return re.compile("|".join(patterns), re.I)


def _page_class(name: str | None, field: str) -> str:
    if name is None:
        return str(defaults.PAGE_CLASSES[field])
    return str(defaults.SHORT_NAMES[field].get(name, name))
