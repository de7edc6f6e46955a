"""The registered sites, by the key in each line of a dump."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from newscrawl.sites.definition import Site

KEY = re.compile(r"[a-z0-9][a-z0-9_.-]*")
"""The same pattern as in the schema of article lines."""
_SITES: dict[str, Site] = {}


def register(site: Site) -> None:
    """Register a site for `newscrawl.extract` and the commands that read dumps.

    Raises:
        ValueError: its key or its time zone is invalid, or another site has its key or one of
            its hosts.
    """
    if not KEY.fullmatch(site.key):
        raise ValueError(
            f"the key {site.key!r} must start with a-z or 0-9 and hold only a-z, 0-9, _, . and -"
        )
    if not is_time_zone(site.timezone):
        raise ValueError(f"{site.timezone!r} is not the name of a time zone")
    for other in _SITES.values():
        if other == site:
            continue
        if other.key == site.key:
            raise ValueError(f"two different sites have the key {site.key!r}")
        if shared := sorted(other.hosts & site.hosts):
            raise ValueError(f"{shared[0]} is a host of {other.key} and of {site.key}")
    _SITES.setdefault(site.key, site)


def is_time_zone(name: str) -> bool:
    """Return whether there is a time zone of this IANA name."""
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError):
        return False
    return True


def by_key(key: str) -> Site | None:
    """Return the site of a line's `site` field, None when it is not registered."""
    return _SITES.get(key)


def by_host(host: str) -> Site | None:
    """Return the site that a host serves, None when it is not registered."""
    host = host.removesuffix(".")
    return next((site for site in _SITES.values() if host in site.hosts), None)


def registered() -> tuple[Site, ...]:
    """Return all registered sites."""
    return tuple(_SITES.values())
