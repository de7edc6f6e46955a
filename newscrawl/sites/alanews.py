"""Alanews, www.alanews.it: WordPress with the JNews theme. Its facts are in `alanews.toml`."""

from importlib import resources

from newscrawl.sites.definition_file import parse

# tv.alanews.it is another installation with other articles: not this site.
ALANEWS = parse(
    resources.files("newscrawl.sites").joinpath("alanews.toml").read_bytes(),
    "newscrawl/sites/alanews.toml",
)
