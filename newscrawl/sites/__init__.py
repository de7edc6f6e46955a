"""Site definitions: facts about one site, without logic. See decision 74 in docs/decisions.md.

Each site of this project is a module here, registered below; other projects name theirs in
the setting `SITES`.
"""

from newscrawl.sites.alanews import ALANEWS
from newscrawl.sites.definition import Section, Site
from newscrawl.sites.registry import by_host, by_key, register, registered
from newscrawl.sites.unregistered import (
    is_loopback,
    site_at,
    site_of_key,
    site_served_at,
)

__all__ = [
    "ALANEWS",
    "DEFAULT",
    "Section",
    "Site",
    "by_host",
    "by_key",
    "is_loopback",
    "register",
    "registered",
    "site_at",
    "site_of_key",
    "site_served_at",
]

DEFAULT = ALANEWS
"""The site that pages of a twin on this machine are assumed to belong to."""

register(ALANEWS)
