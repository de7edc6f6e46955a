"""Site definitions: what is true of one site and nothing else.

A site of the project is defined in a module of its own here and registered below; one of
another project is named in its setting `SITES`.
"""

from newscrawl.sites.alanews import ALANEWS
from newscrawl.sites.definition import Section, Site
from newscrawl.sites.registry import by_host, by_key, register

__all__ = ["ALANEWS", "DEFAULT", "Section", "Site", "by_host", "by_key", "register"]

DEFAULT = ALANEWS
"""The site that a page of an unknown host is taken to be of."""

register(ALANEWS)
