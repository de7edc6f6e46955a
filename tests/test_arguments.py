"""Spider arguments: what is understood, and what is said of the rest."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.arguments import NAMES, ArgumentError, Arguments
from newscrawl.discovery import CHEAP
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls
from tests.support import preloaded

if TYPE_CHECKING:
    from pathlib import Path

SITE = "https://www.alanews.it"
WITH_PASSWORD = (
    "http://user:Segreto7@127.0.0.1:1",
    r"http:\\user:Segreto7@127.0.0.1:1",
    "//user:Segreto7@127.0.0.1:1",
    "user:Segreto7@127.0.0.1:1",
    "https:user:Segreto7@127.0.0.1:1",
    "http://user:Segr/Segreto7@127.0.0.1",
    "http://user%3ASegreto7%40127.0.0.1/",
    "HTTP://user:Segreto7@127.0.0.1:1/",
    r"http://user:Segreto7\@127.0.0.1/",
    "http://user:#Segreto7@h/",
)


def test_nothing_given_is_the_usual_run() -> None:
    found = Arguments.parse({})
    assert found == Arguments()
    assert (found.related, found.discover, found.urls) == ("section", CHEAP, ())


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("site_url", "http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("site_url", f" {SITE} ", SITE),
        ("site_url", "http://[::1]:8000", "http://[::1]:8000"),
        ("since", "2026-07-04", date(2026, 7, 4)),
        ("until", "2026-07-04", date(2026, 7, 4)),
        ("pages", "3", 3),
        ("pages", 3, 3),
        ("related", "off", "off"),
        ("related", "site", "site"),
        ("discover", "related, menu,menu,", ("menu", "related")),
        ("render", "never", "never"),
        ("render", "always", "always"),
        ("urls", f"{SITE}/a-b/, {SITE}/c-d/,{SITE}/a-b/", (f"{SITE}/a-b/", f"{SITE}/c-d/")),
    ],
)
def test_a_value_is_understood(name: str, value: object, expected: object) -> None:
    assert getattr(Arguments.parse({name: value}), name) == expected


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_value_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match=f"{name}= is empty"):
        Arguments.parse({name: " "})


def test_what_scrapyd_adds_is_ignored() -> None:
    assert Arguments.parse({"_job": "1", "_version": "2", "name": "x"}) == Arguments()


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"site_url": "www.alanews.it"}, "write it as https://www.example.it"),
        ({"site_url": "localhost:8000"}, "write it as"),
        ({"site_url": "ftp://alanews.it"}, "write it as"),
        ({"site_url": "http://"}, "write it as"),
        ({"site_url": "http://[::1"}, "write it as"),
        ({"site_url": "http://a:99999"}, "write it as"),
        ({"site_url": "http://a b/"}, "write it as"),
        ({"site_url": f"{SITE}/?x=1"}, "write it as"),
        ({"site_url": f"{SITE}/#x"}, "write it as"),
        ({"since": "ieri"}, "write it as 2026-11-23"),
        ({"since": "04/07/2026"}, "write it as 2026-11-23"),
        ({"until": "2026-02-30"}, "write it as 2026-11-23"),
        (
            {"since": "2026-07-05", "until": "2026-07-04"},
            "since=2026-07-05 is after until=2026-07-04",
        ),
        ({"pages": "0"}, "write 1 or more"),
        ({"pages": "-1"}, "write 1 or more"),
        ({"pages": "1.5"}, "write 1 or more"),
        ({"pages": "٣"}, "write 1 or more"),
        ({"pages": "9" * 5_000}, "write 1 or more"),
        ({"related": "all"}, "section, site, off"),
        ({"related": "sectio"}, "did you mean section?"),
        ({"discover": "menu,sitemaps"}, "did you mean sitemap?"),
        ({"discover": "archives"}, "did you mean archive?"),
        ({"discover": ","}, "choose among menu, archive, related, sitemap, feed, rest"),
        ({"render": "maybe"}, "auto, never, always"),
        ({"sinc": "2026-07-04"}, "did you mean since?"),
        ({"wholly": "wrong"}, "choose among site_url, since"),
        ({"urls": "/no/such/file.txt"}, "neither a web address nor a readable file"),
        ({"urls": "\x00"}, "neither a web address nor a readable file"),
        ({"urls": "x" * 5_000}, "neither a web address nor a readable file"),
        ({"urls": f"{SITE}/a-b/,ftp://x/"}, "'ftp://x/' is not a web address"),
        ({"urls": f"{SITE}/a-b/,http://[::1"}, "'http://[::1' is not a web address"),
        ({"urls": "http://"}, "'http://' is not a web address"),
        ({"urls": "https://u:segreto@www.alanews.it/a-b/"}, "has a user name or a password"),
        ({"site_url": "https://u:segreto@www.alanews.it"}, "has a user name or a password"),
        ({"site_url": "http://u@127.0.0.1:8000/"}, "has a user name or a password"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_bad_value_is_told_in_one_line(given_: dict[str, str], says: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Arguments.parse(given_)
    text = str(caught.value)
    assert says in text
    assert len(text.splitlines()) == 1
    assert len(text) < 300
    assert text.isprintable()
    assert "segreto" not in text


@pytest.mark.parametrize("name", [*NAMES, "wrong\nname\x1b[31m"])
def test_what_was_typed_cannot_break_the_line(name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Arguments.parse({name: "x\r\ny\x1b[31m\u2028z"})
    assert str(caught.value).isprintable()


class TestFileOfAddresses:
    def test_one_a_line_with_comments(self, tmp_path: Path) -> None:
        path = tmp_path / "urls.txt"
        path.write_text(f"# mine\n{SITE}/a-b/\n\n  # more\n {SITE}/c-d/ \r\n", encoding="utf-8")
        assert Arguments.parse({"urls": path}).urls == (f"{SITE}/a-b/", f"{SITE}/c-d/")

    def test_a_mark_of_byte_order_does_not_matter(self, tmp_path: Path) -> None:
        path = tmp_path / "urls.txt"
        path.write_text(f"{SITE}/a-b/\n", encoding="utf-8-sig")
        assert Arguments.parse({"urls": path}).urls == (f"{SITE}/a-b/",)

    @pytest.mark.parametrize("content", [b"", b"# none\n", b"\xff\xfe\x00", b"a-b\n"])
    def test_one_without_addresses_is_refused(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "urls.txt"
        path.write_bytes(content)
        with pytest.raises(ArgumentError, match="urls"):
            Arguments.parse({"urls": path})

    def test_a_folder_is_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentError, match="Is a directory"):
            Arguments.parse({"urls": tmp_path})


VALUES = st.text(st.characters(exclude_categories=()), max_size=20)


@given(st.dictionaries(st.one_of(st.sampled_from(NAMES), VALUES), VALUES))
@example({"urls": "\ud800"})
@example({"site_url": "http://\ud800"})
@example({"site_url": "http://\u2100"})
def test_no_text_raises_anything_else(arguments: dict[str, str]) -> None:
    try:
        found = Arguments.parse(arguments)
    except ArgumentError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - either way is right
    else:
        assert found.site_url is None or found.site_url.lower().startswith("http")


@pytest.mark.parametrize(
    ("urls", "says"),
    [
        (["https://example.org/x/"], "urls: the address on line 1 is not an address of "),
        ([f"{SITE}/a-b/", "https://a.org/x/", "http://b.org/"], "2 of 3 are not addresses of "),
        ([f"{SITE}/a-b/", "https://a.org/x/"], "the first is the address on line 2"),
        ([f"{SITE}:8443/a-b/"], "is not an address of "),
    ],
)
def test_addresses_of_another_site_are_refused(urls: list[str], says: str, tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("\n".join(urls))
    with pytest.raises(ArgumentError, match=re.escape(says)):
        Arguments.parse({"urls": path}).check_urls(SiteUrls(ALANEWS))


def test_addresses_of_the_site_and_of_its_base_url_are_accepted() -> None:
    base = "http://127.0.0.1:8000"
    arguments = Arguments.parse({"urls": f"{SITE}/a-b/,{base}/c-d/", "site_url": base})
    arguments.check_urls(SiteUrls(ALANEWS, arguments.site_url))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("site_url", value) for value in WITH_PASSWORD),
        # The last is the host `user` with a fragment: not of the site.
        *(("urls", value) for value in WITH_PASSWORD[:-1]),
    ],
)
def test_d5_a_password_is_refused_and_not_repeated(name: str, value: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Arguments.parse({name: value})
    assert "Segreto" not in str(caught.value)
    assert "user" not in str(caught.value).replace("user name", "")


@pytest.mark.e2e
@pytest.mark.parametrize("value", [WITH_PASSWORD[0], WITH_PASSWORD[1]])
def test_d5_no_command_prints_a_password(value: str, tmp_path: Path) -> None:
    lines = [
        ["crawl", "esteri", "-a", f"site_url={value}"],
        ["crawl", "wordpress", "-a", f"site_url={value}"],
        ["probe", value],
        ["coverage", "esteri", "-a", f"site_url={value}"],
        ["ledger", "-a", f"site_url={value}"],
    ]
    for line in lines:
        done = preloaded.run(
            [*line, "-s", f"LOG_FILE={tmp_path / 'run.log'}"],
            {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)},
        )
        log = tmp_path / "run.log"
        written = log.read_text(encoding="utf-8") if log.exists() else ""
        assert done.returncode == 2, line
        assert "Segreto" not in done.stdout + done.stderr + written
        assert len(done.stderr.splitlines()) == 1
