"""Alanews, from its file: these facts, in the form that every site's file has."""

from __future__ import annotations

import re
from importlib import resources

from newscrawl.sites import ALANEWS, Section, Site
from newscrawl.sites.definition_file import parse
from newscrawl.sites.definition_text import dumps

FILE = resources.files("newscrawl.sites").joinpath("alanews.toml")


def test_the_facts() -> None:
    expected = Site(
        key="alanews",
        name="Alanews",
        origin="https://www.alanews.it",
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
                "alamy",
                "alanews",
                "alanews.it",
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
    assert expected == ALANEWS


def test_the_file_is_valid_and_in_the_form_in_which_files_are_written() -> None:
    content = FILE.read_bytes()
    assert parse(content, "alanews.toml") == ALANEWS
    assert dumps(ALANEWS) == content.decode()
