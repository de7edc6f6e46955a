"""Alanews, www.alanews.it: WordPress with the JNews theme."""

import re

from newscrawl.sites.definition import Section, Site

ALANEWS = Site(
    key="alanews",
    name="Alanews",
    origin="https://www.alanews.it",
    # tv.alanews.it is another installation with other articles: not this site.
    hosts=frozenset({"www.alanews.it", "alanews.it"}),
    timezone="Europe/Rome",
    language="it",
    sections=(
        Section("cronaca", "Cronaca"),
        Section("politica", "Politica"),
        Section("economia", "Economia"),
        Section("esteri", "Esteri"),
        Section("sport", "Sport"),
        Section("calcio", "Calcio", parent="sport"),
        Section("spettacoli", "Spettacoli"),
        Section("salute", "Salute"),
        Section("tecnologia", "Tecnologia"),
        Section("cultura", "Cultura"),
        Section("ambiente", "Ambiente"),
        Section("video", "Video", parent="cronaca"),
    ),
    archive_paths=("/category/{path}/", "/{path}/", "/categoria/{path}/"),
    boilerplate=re.compile(
        r"se non sei abbonato e vuoi acquistare questo video,?(?: clicca qui)?\W{0,5}", re.I
    ),
    agencies=frozenset(
        {
            "adnkronos",
            "afp",
            "agi",
            "alanews",
            "alanews.it",
            "alamy",
            "ansa",
            "ap",
            "askanews",
            "associated press",
            "depositphotos",
            "epa",
            "fotogramma",
            "getty",
            "getty images",
            "imagoeconomica",
            "ipa",
            "lapresse",
            "pexels",
            "pixabay",
            "reuters",
            "shutterstock",
            "unsplash",
            "xinhua",
        }
    ),
    article_page="newscrawl.pages.jnews.JNewsArticlePage",
    wordpress_page="newscrawl.pages.wordpress.WordPressArticlePage",
    generic_page="newscrawl.pages.generic.GenericArticlePage",
    listing_page="newscrawl.pages.listing.ListingPage",
    more_page="newscrawl.pages.listing.MorePage",
    menu_page="newscrawl.pages.menu.MenuPage",
)
