"""A site's file: what is written is read as the same site, and each mistake has its line."""

from __future__ import annotations

import os
import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscrawl.discovery import section_archives
from newscrawl.sites import ALANEWS, Section, Site, defaults, site_at
from newscrawl.sites.definition_entries import COMMENTS, SiteEntries
from newscrawl.sites.definition_file import MAX_SIZE, DefinitionError, load, parse
from newscrawl.sites.definition_lines import line_of
from newscrawl.sites.definition_text import dumps
from newscrawl.sites.example import EXAMPLE
from newscrawl.text import fold
from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MINIMAL = """\
name = "Notizie Nord"
origin = "https://www.notizie.example"
timezone = "Europe/Rome"
language = "it"
"""
FILE = """\
# A site that a person corrects.
name = "Notizie Nord"
origin = "https://www.notizie.example"
timezone = "Europe/Rome"
language = "it"
hosts = [
  "www.notizie.example",  # the origin's
  "notizie.example",
]
agencies = ["ANSA", "Getty  Images"]
boilerplate = [
  "Riproduzione riservata (2026)",
  '/clicca qui:? \\w{3,}/',
]
archive_paths = ["/category/{path}/"]

[[sections]]
slug = "sport"
label = "Sport"

[[sections]]
slug = "calcio"
label = "Calcio"
parent = "sport"
url = "https://notizie.example/pallone/"
"""


def site(text: str) -> Site:
    return parse(text.encode(), "sites/nord.toml")


def error_of(text: str | bytes) -> str:
    with pytest.raises(DefinitionError) as caught:
        parse(text if isinstance(text, bytes) else text.encode(), "sites/nord.toml")
    message = str(caught.value)
    assert "\n" not in message
    assert message.isprintable()
    return message


def changed(old: str, new: str) -> str:
    assert FILE.count(old) == 1
    return FILE.replace(old, new)


class TestRead:
    def test_every_entry(self) -> None:
        read = site(FILE)
        assert read == Site(
            key="notizie.example",
            name="Notizie Nord",
            origin="https://www.notizie.example",
            hosts=frozenset({"www.notizie.example", "notizie.example"}),
            timezone="Europe/Rome",
            language="it",
            sections=(
                Section("sport", "Sport"),
                Section("calcio", "Calcio", "sport", "https://notizie.example/pallone/"),
            ),
            archive_paths=("/category/{path}/",),
            boilerplate=re.compile(
                r"(?:Riproduzione riservata \(2026\))|(?:clicca qui:? \w{3,})", re.I
            ),
            agencies=frozenset({"ansa", "getty images"}),
            is_registered=True,
            **defaults.PAGE_CLASSES,
        )
        assert read.boilerplate.fullmatch("RIPRODUZIONE riservata (2026)")
        assert not read.boilerplate.fullmatch("Riproduzione riservata")

    def test_what_is_left_out_has_its_default(self) -> None:
        read, assumed = site(MINIMAL), site_at("https://www.notizie.example")
        own = {"notizie nord", "notizie.example"}
        assert read == replace(
            assumed,
            name="Notizie Nord",
            sections=(),
            agencies=assumed.agencies | own,
            query_names_page=False,
            exact_paths=False,
            is_registered=True,
        )

    @pytest.mark.parametrize(
        ("origin", "key", "hosts"),
        [
            ("http://127.0.0.1:8001", "127.0.0.1-8001", {"127.0.0.1:8001"}),
            (
                "https://Notizie.Example:443/",
                "notizie.example",
                {"notizie.example", "www.notizie.example"},
            ),
            ("http://[::1]:8001", "1-8001", {"[::1]:8001"}),
        ],
    )
    def test_key_and_hosts_are_those_of_the_origin(
        self, origin: str, key: str, hosts: set[str]
    ) -> None:
        read = site(MINIMAL.replace("https://www.notizie.example", origin))
        assert read.key == key
        assert {*read.hosts} == hosts
        assert read.key == site_at(origin).key

    def test_page_classes_have_short_and_dotted_names(self) -> None:
        wordpress = defaults.PAGE_CLASSES["wordpress_page"]
        for name in ("wordpress", wordpress):
            assert site(f'{MINIMAL}article_page = "{name}"\n').article_page == wordpress
        own = "tests.sites.test_definition_file.OwnPage"
        assert site(f'{MINIMAL}article_page = "{own}"\n').article_page == own

    def test_windows_line_ends_and_a_byte_order_mark(self) -> None:
        content = b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode()
        assert parse(content, "x") == site(FILE)

    def test_inline_tables(self) -> None:
        text = 'sections = [\n  { slug = "a", label = "A" },\n  { slug = "b", label = "" },\n]\n'
        assert error_of(MINIMAL + text).startswith(
            "sites/nord.toml, line 7: sections[1].label is empty"
        )


class OwnPage:
    """A page class of a project."""


MISTAKES = [
    # The text is not TOML.
    ('"Notizie Nord"', "Notizie Nord", 2, "this is not valid TOML: the value is invalid; text is"),
    ('[[sections]]\nslug = "calcio"', '[[sections]\nslug = "calcio"', 21, "this is not valid TOML"),
    ('language = "it"', 'language = "it"\nname = "x"', 6, "the entry is already in the file above"),
    ('parent = "sport"', 'parent = "sport', 24, "this is not valid TOML"),
    # Names and types.
    ("language", "langage", 5, "langage is not an entry of a site: did you mean language?"),
    (
        'label = "Calcio"',
        'labels = "Calcio"',
        23,
        "sections[1].labels is not an entry of a section: did you mean label?",
    ),
    ('label = "Calcio"', 'colour = "Calcio"', 23, "the entries are slug, label, parent, url"),
    (
        'label = "Calcio"\n',
        "",
        21,
        'sections[1].label is missing: write, for example, label = "Sport"',
    ),
    ('language = "it"\n', "", None, 'language is missing: write, for example, language = "it"'),
    ('name = "Notizie Nord"', "name = 12", 2, "name is a number, it must be text in quotes"),
    ('label = "Sport"', "label = 2026-01-01", 19, "sections[0].label is a date, it must be text"),
    ('["ANSA", "Getty  Images"]', '"ANSA"', 10, "agencies is text, it must be a list in square"),
    ('"notizie.example",\n]', "true,\n]", 8, "hosts[1] is true or false, it must be text"),
    ('[[sections]]\nslug = "sport"', '[sections]\nslug = "sport"', 21, "this is not valid TOML"),
    (
        'parent = "sport"',
        'agencies = ["afp"]',
        24,
        "sections[1].agencies is an entry of the site: write it above the first [[sections]]",
    ),
    # Values.
    ('"Notizie Nord"', '" "', 2, "name is empty: write the text that the site shows"),
    (
        '"https://www.notizie.example"',
        '"www.notizie.example"',
        3,
        "origin is 'www.notizie.example', it must begin with https:// or",
    ),
    ('"https://www.notizie.example"', '"ftp://www.notizie.example"', 3, "origin is 'ftp://"),
    (
        '"https://www.notizie.example"',
        '"https://www.notizie.example/it"',
        3,
        "it must have only the host: write https://www.notizie.example",
    ),
    (
        '"https://www.notizie.example"',
        '"https://u@www.notizie.example"',
        3,
        "it must have only the host",
    ),
    (
        '"https://www.notizie.example"',
        '"https://www notizie.example"',
        3,
        "in which there is no valid host",
    ),
    ('"https://www.notizie.example"', '"https://[::g]"', 3, "in which there is no valid host"),
    ('"https://www.notizie.example"', '"https://a:99999"', 3, "in which there is no valid host"),
    (
        '"www.notizie.example",',
        '"https://www.notizie.example",',
        7,
        "hosts[0] is 'https://www.notizie.example', it must be a host without scheme",
    ),
    (
        '"www.notizie.example",',
        '"www..example",',
        7,
        "hosts[0] is 'www..example', in which there is no valid host",
    ),
    (
        '"www.notizie.example",',
        '"b.example",',
        6,
        "hosts lacks www.notizie.example, the host of origin",
    ),
    (
        '"Europe/Rome"',
        '"Europe/Roma"',
        4,
        "is not the name of a time zone: did you mean Europe/Rome?",
    ),
    (
        '"Europe/Rome"',
        '"Europe"',
        4,
        "timezone is 'Europe', which is not the name of a time zone: did you mean",
    ),
    ('"Europe/Rome"', '"CET+1 xyz q"', 4, "write, for example, Europe/Lisbon"),
    (
        'language = "it"',
        'language = "it-IT"',
        5,
        "language is 'it-IT', it must be the two or three letters of a language: it",
    ),
    (
        'language = "it"',
        'language = "it"\nkey = "Nord"',
        6,
        "key is 'Nord': a key starts with a-z or 0-9",
    ),
    (
        'slug = "calcio"',
        'slug = "Calcio"',
        22,
        "sections[1].slug is 'Calcio', it must be as in addresses",
    ),
    (
        'slug = "calcio"',
        'slug = "a/b"',
        22,
        "sections[1].slug is 'a/b', it must be as in addresses",
    ),
    (
        'slug = "calcio"',
        'slug = "sport"',
        22,
        "sections[1].slug is 'sport', as in sections[0]: remove one",
    ),
    ('label = "Sport"', 'label = ""', 19, "sections[0].label is empty"),
    (
        'label = "Calcio"',
        'label = "SPORT"',
        23,
        "sections[1].label is 'SPORT', as that of sport: write the url of both",
    ),
    (
        'parent = "sport"',
        'parent = "sports"',
        24,
        "which is not the slug of a section: did you mean sport?",
    ),
    (
        'parent = "sport"',
        'parent = "calcio"',
        24,
        "sections[1].parent is 'calcio', which is the section itself",
    ),
    (
        'label = "Sport"',
        'label = "Sport"\nparent = "calcio"',
        20,
        "which comes after it: move that section above",
    ),
    ('label = "Sport"', 'label = "Sport"\nparent = "x"', 20, "but there is no section before it"),
    (
        '"https://notizie.example/pallone/"',
        '"/pallone/"',
        25,
        "sections[1].url is '/pallone/', it must begin with https://",
    ),
    (
        '"https://notizie.example/pallone/"',
        '"https://b.example/"',
        25,
        "sections[1].url is at b.example, which is not among the hosts",
    ),
    (
        '["/category/{path}/"]',
        '["/category/"]',
        15,
        "archive_paths[0] is '/category/', it must begin with / and have {path}",
    ),
    ('["/category/{path}/"]', '["/{path}/{0}"]', 15, "archive_paths[0] is '/{path}/{0}'"),
    (
        '["/category/{path}/"]',
        "[]",
        15,
        "archive_paths is empty: write, for example, /category/{path}/",
    ),
    (
        "'/clicca qui:? \\w{3,}/'",
        "'/clicca (qui/'",
        13,
        "boilerplate[1] is not a regular expression: missing )",
    ),
    (
        "'/clicca qui:? \\w{3,}/'",
        "'/clicca (qui)/'",
        13,
        "boilerplate[1] has a group in parentheses: write (?:…) instead",
    ),
    ("'/clicca qui:? \\w{3,}/'", "'/.*/'", 13, "boilerplate[1] matches every paragraph"),
    ("'/clicca qui:? \\w{3,}/'", "''", 13, "boilerplate[1] is empty"),
    ('"Getty  Images"', '""', 10, "agencies[1] is empty"),
    (
        'language = "it"',
        'language = "it"\narticle_page = "jnew"',
        6,
        "article_page is 'jnew', which is not a page class: did you mean jnews?",
    ),
    (
        'language = "it"',
        'language = "it"\nmenu_page = "jnews"',
        6,
        "menu_page is 'jnews', which is not a page class",
    ),
    (
        'language = "it"',
        'language = "it"\narticle_page = "no.such.Page"',
        6,
        "which cannot be imported: No module named 'no'",
    ),
    (
        'language = "it"',
        'language = "it"\narticle_page = "newscrawl.sites.Nothing"',
        6,
        "which cannot be imported: ",
    ),
    (
        'language = "it"',
        'language = "it"\narticle_page = "newscrawl.sites.ALANEWS"',
        6,
        "which is not a class",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "says"), MISTAKES)
def test_a_mistake_is_one_line_with_its_place(
    old: str, new: str, line: int | None, says: str
) -> None:
    message = error_of(changed(old, new))
    where = "sites/nord.toml: " if line is None else f"sites/nord.toml, line {line}: "
    assert message.startswith(where)
    assert says in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'name = "a"\nlanguage = "\xe8"\n', "line 2: this is not UTF-8"),
        (b"a = " + b"[" * 100_000, "sites/nord.toml: lists or tables are nested too deeply"),
        (b"", "sites/nord.toml: name is missing"),
        (b"\x00", "line 1: this is not valid TOML"),
        (f'{MINIMAL}"a\\nb" = 1'.encode(), "is not an entry of a site"),
        (b"a = " + b"9" * 5_000, "this is not valid TOML"),
    ],
)
def test_a_file_that_nobody_wrote(content: bytes, says: str) -> None:
    assert says in error_of(content)


class TestLines:
    TEXT = (
        "# [no]\n"
        'a."b c" = """\n[x]\ny = 1\n"""  # z = 2\n'
        "[t]\nlist = [ # one\n  '[',\n\n  {k = 1, l = [\n    2 ]},\n]\n"
        "[[t.each]]\nk = '''\n'''\n[[t.each]]\nk = \"\\\"\"\n[t.each.sub]\nm = 1\n"
    )

    @pytest.mark.parametrize(
        ("place", "line"),
        [
            (("a", "b c"), 2),
            (("y",), None),
            (("t",), 6),
            (("t", "list"), 7),
            (("t", "list", 0), 8),
            (("t", "list", 1, "k"), 10),
            (("t", "list", 1, "l", 0), 11),
            (("t", "list", 9), 7),
            (("t", "each", 0), 13),
            (("t", "each", 0, "k"), 14),
            (("t", "each", 1, "k"), 17),
            (("t", "each", 1, "x"), 16),
            (("t", "each", 1, "sub", "m"), 19),
        ],
    )
    def test_of_places(self, place: tuple[str | int, ...], line: int | None) -> None:
        assert line_of(place, self.TEXT) == line


class TestFile:
    def test_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "nord.toml"
        path.write_text(FILE, encoding="utf-8")
        assert load(path) == site(FILE)

    def test_one_that_cannot_be_read(self, tmp_path: Path) -> None:
        large, folder, pipe = (tmp_path / f"{name}.toml" for name in ("large", "folder", "pipe"))
        large.write_bytes(b"#" * (MAX_SIZE + 1))
        folder.mkdir()
        os.mkfifo(pipe)
        for path, says in (
            (large, f"{large} is longer than 1,000,000 bytes"),
            (folder, f"{folder} is not a file"),
            (pipe, f"{pipe} is not a file"),
            (tmp_path / "no.toml", "no.toml cannot be read: No such file or directory"),
        ):
            with pytest.raises(DefinitionError, match=re.escape(says)):
                load(path)


HOSTS = st.from_regex(r"[a-z0-9][a-z0-9]{0,8}\.(?:it|example)", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30).map(fold).filter(bool)
PATTERNS = st.lists(
    st.one_of(
        TEXTS.map(re.escape),
        TEXTS.filter(lambda text: not re.search(r"[^\w ]", text)),
        st.sampled_from([r"a(?:b)|c", r"\Wx{2,3}'\"", "clicca? qui", r"a\)|\(?:b", "(?:x)|(?:y)"]),
    ).filter(lambda pattern: not re.fullmatch(pattern, "")),
    max_size=4,
)


def boilerplate(patterns: list[str]) -> re.Pattern[str]:
    if len(patterns) < 2:
        return re.compile(patterns[0], re.I) if patterns else defaults.NO_BOILERPLATE
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.I)


@st.composite
def sections(draw: st.DrawFn, host: str) -> tuple[Section, ...]:
    slugs = draw(st.lists(st.from_regex(r"[a-z0-9_%-]{1,9}", fullmatch=True), unique=True))
    made: list[Section] = []
    for number, slug in enumerate(slugs):
        above = st.sampled_from([section.slug for section in made]) if made else st.none()
        url = draw(st.none() | st.just(f"https://{host}/x/{number}/"))
        label = f"{draw(TEXTS)} {number}"
        made.append(Section(slug, label, draw(st.none() | above), url))
    return tuple(made)


@st.composite
def any_site(draw: st.DrawFn) -> Site:
    host = draw(HOSTS)
    return Site(
        key=draw(st.just(host) | st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,20}", fullmatch=True)),
        name=draw(TEXTS),
        origin=f"{draw(st.sampled_from(['http', 'https']))}://{host}",
        hosts=draw(st.just(frozenset({host, f"www.{host}"})) | st.just(frozenset({host, "b.it"}))),
        timezone=draw(st.sampled_from(["Europe/Rome", "America/New_York", "UTC"])),
        language=draw(st.sampled_from(["it", "en", "lmo"])),
        sections=draw(sections(host)),
        archive_paths=draw(st.sampled_from([defaults.ARCHIVE_PATHS, ("/{path}/",)])),
        boilerplate=boilerplate(draw(PATTERNS)),
        agencies=draw(st.frozensets(TEXTS.map(str.casefold).map(fold).filter(bool), max_size=5)),
        query_names_page=draw(st.booleans()),
        exact_paths=draw(st.booleans()),
        is_registered=True,
        **{
            **defaults.PAGE_CLASSES,
            "article_page": draw(st.sampled_from([*defaults.SHORT_NAMES["article_page"].values()])),
        },
    )


class TestWrite:
    @settings(max_examples=50, deadline=None)
    @given(any_site())
    def test_what_is_written_is_read_as_the_same_site(self, written: Site) -> None:
        assert site(dumps(written)) == written

    @pytest.mark.parametrize("written", [EXAMPLE, ALANEWS, site_at("http://[::1]:8001/x")])
    def test_sites_that_are_there(self, written: Site) -> None:
        assert site(dumps(written)) == replace(written, is_registered=True)

    def test_each_entry_is_explained_and_defaults_are_comments(self) -> None:
        text = dumps(site(MINIMAL))
        for name, comment in COMMENTS.items():
            assert f"\n# {comment.splitlines()[0]}\n" in text
            assert name == "sections" or re.search(rf"^(?:# )?{name} = ", text, re.M)
        entries = {line.split(" = ")[0] for line in text.splitlines() if line and line[0] != "#"}
        assert entries == {"name", "origin", "timezone", "language"}
        # Removing the signs changes nothing.
        assert site(re.sub(r"^# (\w+ = |  \"|\])", r"\1", text, flags=re.M)) == site(MINIMAL)

    def test_entries_are_the_fields_of_a_site(self) -> None:
        names = {field.name for field in fields(Site)} - {"is_registered"}
        assert {*COMMENTS} == names == {*SiteEntries.__struct_fields__}

    @pytest.mark.parametrize(
        "written",
        [
            replace(EXAMPLE, boilerplate=re.compile("x")),
            replace(EXAMPLE, timezone="Europe/Tago"),
            replace(EXAMPLE, name=" a"),
        ],
    )
    def test_a_site_that_no_file_can_define(self, written: Site) -> None:
        with pytest.raises(ValueError, match=r"boilerplate|timezone|has a value"):
            dumps(written)


def test_a_section_that_states_its_archive_has_it_there_only() -> None:
    read = site(FILE)
    sport, calcio = read.sections
    assert section_archives.usual_addresses(sport, read) == [f"{read.origin}/category/sport/"]
    assert section_archives.usual_addresses(calcio, read) == [calcio.url]
    assert section_archives.archive_addresses([], read) == {"calcio": calcio.url}


def test_the_docs_explain_every_entry() -> None:
    page = (ROOT / "docs" / "adding-a-site.md").read_text(encoding="utf-8")
    assert not [name for name in COMMENTS if f"`{name}`" not in page]
