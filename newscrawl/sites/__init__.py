"""Site definitions: what is true of one site and nothing else."""

from newscrawl.sites.alanews import ALANEWS
from newscrawl.sites.definition import Section, Site

__all__ = ["ALANEWS", "Section", "Site"]
