"""A section that is added to the site definition alone is on the twin too."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from newscrawl.sites import Section
from twin import wordlists
from twin.sections import SECTIONS, Known, categories
from twin.toml_files import Table, convert, read

if TYPE_CHECKING:
    from collections.abc import Iterator

from tests.support.crawling import ROOT

WITH_MORE_SECTIONS = """
from dataclasses import replace
from newscrawl import sites

sites.ALANEWS = replace(
    sites.ALANEWS,
    sections=(
        *sites.ALANEWS.sections,
        sites.Section("motori", "Motori", parent="sport"),
        sites.Section("viaggi", "Viaggi"),
    ),
)
"""
SERVE = """
from twin.__main__ import main

main(["--size", "60", "--parent"])
"""
DESCRIBE = """
import json
from twin import addresses, truth
from twin.content import SMALLEST, Content
from twin.model import Switches

content, switches = Content(size=60), Switches()
slugs = ("motori", "viaggi", "sport", "esteri")
cards = {slug: [content.card(index) for index in content.category(slug)] for slug in slugs}
articles = {slug: truth.expected(content, switches, slug).values() for slug in slugs}
print(json.dumps({
    "smallest": {slug: len(Content(size=SMALLEST).category(slug)) for slug in slugs},
    "categories": {slug: [card.categories for card in of] for slug, of in cards.items()},
    "paths": {slug: [addresses.path(card, switches) for card in of] for slug, of in cards.items()},
    "truth": {slug: [[a.section, a.sections] for a in of] for slug, of in articles.items()},
}))
"""


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """Return what content and truth say when the site definition has two more sections."""
    command = [sys.executable, "-c", WITH_MORE_SECTIONS + DESCRIBE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    values: dict[str, Any] = json.loads(done.stdout)
    return values


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Return the address of a twin that serves two more sections."""
    with subprocess.Popen(
        [sys.executable, "-c", WITH_MORE_SECTIONS + SERVE],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().removeprefix("twin: ").strip()
        process.stdin.close()


def page(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 - loopback
        text: str = answer.read().decode()
    return text


def test_it_has_posts_at_any_size(described: dict[str, Any]) -> None:
    assert all(count > 1 for count in described["smallest"].values())
    for slug in ("motori", "viaggi"):
        assert len(described["categories"][slug]) > 1
        assert all(slug in names for names in described["categories"][slug])


def test_it_is_in_the_truth_with_its_parent(described: dict[str, Any]) -> None:
    for slug, label, chain in (
        ("motori", "Motori", ["Sport", "Motori"]),
        ("viaggi", "Viaggi", ["Viaggi"]),
    ):
        of_the_section = [names for section, names in described["truth"][slug] if section == label]
        assert of_the_section
        assert all(set(chain) <= set(names) for names in of_the_section)
    assert set(described["paths"]["motori"]) <= set(described["paths"]["sport"])


@pytest.mark.e2e
def test_it_is_in_the_menu_and_has_an_archive(described: dict[str, Any], url: str) -> None:
    home = page(url)
    for slug, path, label in (
        ("motori", "/category/sport/motori/", "Motori"),
        ("viaggi", "/category/viaggi/", "Viaggi"),
    ):
        assert f'<a href="{url}{path}">{label}</a>' in home
        first = described["paths"][slug][0]
        assert first in page(url + path)
        assert first in page(f"{url}{path}feed/")
        assert f"<title>{label}" in page(url + path)
        assert page(url + first).rstrip().endswith("</html>")


@pytest.mark.e2e
def test_it_is_in_rest_and_the_sitemaps(url: str) -> None:
    records = json.loads(page(f"{url}/wp-json/wp/v2/categories?per_page=100"))
    by_slug = {record["slug"]: record for record in records}
    known = {category.id for category in SECTIONS}
    assert len({record["id"] for record in records}) == len(SECTIONS) + 2
    for slug, parent in (("motori", by_slug["sport"]["id"]), ("viaggi", 0)):
        assert by_slug[slug]["id"] not in known
        assert by_slug[slug]["parent"] == parent
        assert by_slug[slug]["count"] > 0
    sitemap = page(f"{url}/category-sitemap.xml")
    assert "/category/sport/motori/" in sitemap
    assert "/category/viaggi/" in sitemap


def test_known_sections_keep_their_ids_wherever_another_comes() -> None:
    known = {c.slug: Known(id=c.id, share=1, also="sport") for c in SECTIONS}
    menu = [Section("viaggi", "Viaggi"), *(Section(c.slug, c.name, c.parent) for c in SECTIONS)]
    ids = {c.slug: c.id for c in SECTIONS}
    highest = max(ids.values())
    assert {c.slug: c.id for c in categories(menu, known)} == {**ids, "viaggi": highest + 1}


def test_a_section_without_words_of_its_own_gets_the_general_ones() -> None:
    assert wordlists.vocabulary("viaggi") == wordlists.vocabulary(wordlists.GENERAL)
    assert wordlists.vocabulary("esteri") != wordlists.vocabulary(wordlists.GENERAL)


class Town(Table, frozen=True):
    """A table of the test's own."""

    name: str


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"nome": "Bari"}, r"^town.toml: .*unknown field `nome`"),
        ({}, r"^town.toml: .*missing required field `name`"),
        ({"name": 3}, r"^town.toml: Expected `str`, got `int` - at `\$.name`"),
    ],
)
def test_a_wrong_key_is_a_clear_error(data: object, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        convert(data, Town, "town.toml")


def test_a_file_of_another_kind_is_a_clear_error() -> None:
    with pytest.raises(ValueError, match=r"^data/names.toml: .*unknown field `men`"):
        read("data/names.toml", Town)
