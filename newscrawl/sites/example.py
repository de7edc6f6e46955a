"""An invented site for the examples in docstrings. It is not registered."""

import re

from newscrawl.sites.definition import Section, Site

EXAMPLE = Site(
    key="example",
    name="Example",
    origin="https://www.example.it",
    hosts=frozenset({"www.example.it", "example.it"}),
    timezone="Europe/Rome",
    language="it",
    sections=(
        Section("esteri", "Esteri"),
        Section("sport", "Sport"),
        Section("calcio", "Calcio", parent="sport"),
    ),
    archive_paths=("/category/{path}/", "/{path}/"),
    boilerplate=re.compile(r"riproduzione riservata", re.I),
    agencies=frozenset({"ansa", "epa", "example", "shutterstock"}),
    article_page="newscrawl.pages.jnews.JNewsArticlePage",
    wordpress_page="newscrawl.pages.wordpress.WordPressArticlePage",
    generic_page="newscrawl.pages.generic.GenericArticlePage",
    listing_page="newscrawl.pages.listing.ListingPage",
    more_page="newscrawl.pages.listing.MorePage",
    menu_page="newscrawl.pages.menu.MenuPage",
)
