"""What a home page and REST state of a site, and what follows where they do not."""

from __future__ import annotations

import json

import pytest

from newscrawl.discovery import site_facts
from newscrawl.discovery.site_facts import SiteFacts
from newscrawl.sites import Section, site_served_at

SITE = site_served_at("https://www.example.it")


def index(**entries: object) -> bytes:
    return json.dumps({"namespaces": ["wp/v2"], **entries}).encode()


@pytest.mark.parametrize(
    ("entries", "locale", "zone"),
    [
        ({"timezone_string": "Europe/Rome"}, "it-IT", "Europe/Rome"),
        ({"timezone_string": "America/New_York", "gmt_offset": -5}, "en-US", "America/New_York"),
        ({"timezone_string": "", "gmt_offset": 2}, "en-US", "Etc/GMT-2"),
        ({"timezone_string": "Nowhere/Here", "gmt_offset": "1"}, "it-IT", "Etc/GMT-1"),
        # The owner has not chosen a zone: the country decides.
        ({"timezone_string": "", "gmt_offset": 0}, "it-IT", "Europe/Rome"),
        ({}, "en-GB", "Europe/London"),
        ({}, "de", "Europe/Berlin"),
        ({}, "", "Europe/Rome"),
        # A country with several zones, and a language of many countries.
        ({}, "en-US", "UTC"),
        ({}, "en", "UTC"),
        ({"timezone_string": 7, "gmt_offset": [1]}, "es-MX", "UTC"),
    ],
)
def test_the_time_zone(entries: dict[str, object], locale: str, zone: str) -> None:
    facts = site_facts.read_index(index(**entries), SiteFacts(locale=locale), SITE)
    assert facts.of(SITE).timezone == zone


@pytest.mark.parametrize(
    ("home", "origin"),
    [
        ("https://www.example.it", "https://www.example.it"),
        # The scheme in the settings is often the one from before the certificate.
        ("http://www.example.it", "https://www.example.it"),
        ("http://example.it/", "https://example.it"),
        ("https://cdn.example.com", "https://www.example.it"),
        ("ftp://example.it", "https://www.example.it"),
        ("https://[", "https://www.example.it"),
        (7, "https://www.example.it"),
    ],
)
def test_where_the_site_is(home: object, origin: str) -> None:
    known = SiteFacts(origin="https://www.example.it")
    facts = site_facts.read_index(index(home=home), known, SITE)
    assert facts.of(SITE).origin == origin


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"namespaces": 1}', b"<html></html>", b"[" * 100_000]
)
def test_what_is_not_an_index_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^is not (?:JSON|the index)"):
        site_facts.read_index(body, SiteFacts(), SITE)


def test_what_is_kept_is_read_again_and_nothing_else() -> None:
    facts = SiteFacts(
        origin="https://www.example.it",
        name="Il Giornale",
        locale="it-IT",
        timezone="Europe/Rome",
        sections=(Section("sport", "Sport", url="https://www.example.it/sport/"),),
        menu=("https://www.example.it/sport/",),
        permalinks=("/%postname%",),
        learned=1_795_000_000,
    )
    assert site_facts.decode(site_facts.encode(facts)) == facts
    assert site_facts.decode(None) is None
    assert site_facts.decode("{") is None
    assert site_facts.decode('{"sections": 1}') is None


def test_facts_are_due_after_a_week_and_for_a_new_entry_of_the_menu() -> None:
    facts = SiteFacts(learned=1_000_000, menu=("https://www.example.it/sport/",))
    assert not facts.is_due(1_000_000 + site_facts.MAX_AGE - 1)
    assert facts.is_due(1_000_000 + site_facts.MAX_AGE)
    # The clock was set back.
    assert facts.is_due(999_999)
    assert SiteFacts().is_due(1_000_000)
    assert not facts.has_new(["https://www.example.it/sport/"])
    assert not facts.has_new([])
    assert facts.has_new(["https://www.example.it/sport/", "https://www.example.it/vela/"])


def links(*paths: str) -> list[str]:
    return [f"https://www.example.it{path}" for path in paths]


@pytest.mark.parametrize(
    ("paths", "permalinks", "trailing_slash"),
    [
        (("/sport/a-b", "/sport/c-d", "/sport/e-f"), (), False),
        (("/sport/a-b/", "/sport/c-d/", "/sport/e-f"), (), True),
        (
            ("/sport/a.html", "/b.html", "/c.html"),
            ("/%category%/%postname%.html", "/%postname%.html"),
            False,
        ),
        (("/?p=1", "/?p=2", "/?p=3"), ("/?p=%post_id%",), True),
        # They may be static pages.
        (("/a-b-c/", "/d-e-f/", "/g-h-i/"), (), True),
        # Too few to tell.
        (("/sport/a-b", "/sport/c-d"), (), True),
    ],
)
def test_the_titles_on_the_home_page_show_the_form_of_addresses(
    paths: tuple[str, ...], permalinks: tuple[str, ...], *, trailing_slash: bool
) -> None:
    home = [*links(*paths), "https://other.example/x", "http://[::1"]
    facts = site_facts.with_home_links(SiteFacts(), home, SITE)
    assert (facts.permalinks, facts.trailing_slash) == (permalinks, trailing_slash)
    # REST states more.
    stated = [(link, number) for number, link in enumerate(links("/un-titolo/", "/altro/"))]
    again = site_facts.with_links(facts, stated)
    assert (again.permalinks, again.trailing_slash) == (("/%postname%",), True)
    assert site_facts.with_links(facts, []) == facts
