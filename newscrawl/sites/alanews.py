"""Alanews, www.alanews.it: WordPress with the JNews theme. Its facts are in `alanews.toml`."""

import tomllib
from importlib import resources

from newscrawl.sites.definition_document import site_of

_FILE = resources.files("newscrawl.sites").joinpath("alanews.toml")
# tv.alanews.it is another installation with other articles: not this site.
ALANEWS = site_of(tomllib.loads(_FILE.read_text(encoding="utf-8")))
