"""Addresses of archived and saved pages: whose site they are, and what must not be in a line."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

import newscrawl
from tests.commands.test_extract import HTML, extract, foreign, foreign_page, lines, totals
from tests.support.warc_files import Archive

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/cronaca/titolo-numero-0-della-notizia/"
SECRET, USER = "SEKRETPW", "sekretuser"
PAGE = foreign_page("Titolo numero 0 della notizia", PATH, "www.esempio.it")


def with_credentials(page: bytes) -> bytes:
    """Return a page each of whose addresses has a user name and a password."""
    own = f"https://{USER}:{SECRET}@www.esempio.it".encode()
    other = f"https://{USER}:{SECRET}@altro.example".encode()
    head = b"""<meta property="og:url" content="OWN/PATH">
<meta property="og:image" content="OTHER/a.jpg"><link rel="license" href="OTHER/licenza/">
<link rel="alternate" type="application/rss+xml" href="OTHER/feed/">
<link rel="alternate" hreflang="en" href="OTHER/en/"><link rel="amphtml" href="OWN/PATHamp/">
<meta name="author" content="Anna Rossi"><meta property="article:author" content="OTHER/anna/">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"url": "OWN/PATH", "mainEntityOfPage": {"@id": "OWN/PATH"}, "image": ["OTHER/b.jpg"],
"license": "OTHER/licenza/", "isBasedOn": "OTHER/fonte/",
"headline": "Titolo numero 0 della notizia",
"author": {"@type": "Person", "name": "Anna Rossi", "url": "OTHER/anna/", "sameAs": "OTHER/a/"},
"publisher": {"@type": "Organization", "name": "Esempio", "url": "OTHER/", "logo": "OTHER/l.png"},
"video": {"@type": "VideoObject", "contentUrl": "OTHER/v.mp4", "embedUrl": "OTHER/e/"}}</script>
</head>"""
    body = b"""<figure><img src="OTHER/c.jpg" srcset="OTHER/d.jpg 2x" alt="Una foto">
<figcaption>Foto</figcaption></figure><p>Il testo con <a href="OTHER/nota/">una nota</a>,
<a href="//sekretuser:SEKRETPW@terzo.example/x/">un'altra</a>,
<a href="OWN/sport/altro-titolo-qui/">un articolo</a>,
<a href="ftp://sekretuser:SEKRETPW@f.example/x">un file</a> e
<a href="https://sekretuser:SEK/SEKRETPW@q.example/">un errore</a>.</p>
<iframe src="OTHER/embed/1"></iframe><video src="OTHER/v.mp4" poster="OTHER/p.jpg"></video>"""
    page = page.replace(b"https://www.esempio.it", own)
    page = page.replace(b"</head>", head).replace(b"</h1>", b"</h1>" + body)
    page = page.replace(b"OWN", own).replace(b"OTHER", other)
    return page.replace(b"PATH", PATH.encode())


def test_no_field_has_a_user_name_or_a_password(tmp_path: Path) -> None:
    page, url = with_credentials(PAGE), f"https://{USER}:{SECRET}@www.esempio.it{PATH}"
    archive = Archive()
    robots = f"Sitemap: https://{USER}:{SECRET}@www.esempio.it/s.xml\nContent-Signal: ai-train=no\n"
    archive.response(
        f"https://{USER}:{SECRET}@www.esempio.it/robots.txt",
        robots.encode(),
        (("Content-Type", "text/plain"),),
    )
    headers = (*HTML, ("Link", f'<https://{USER}:{SECRET}@x.example/l/>; rel="license"'))
    archive.response(url, page, headers)
    archive.response(url.replace(f"{USER}:{SECRET}@", ""), page, headers)
    file, saved = archive.save(tmp_path / "a.warc.gz"), tmp_path / "b.html"
    saved.write_bytes(page)
    out = tmp_path / "out.jsonl"
    done = extract(file, saved, "-o", out)
    found = lines(out)
    article = newscrawl.extract(page, url)
    assert article is not None
    for line in [*found, asdict(article)]:
        assert line["url"] == f"https://www.esempio.it{PATH}"
        assert line["site"] == "esempio.it"
        text = json.dumps(line)
        fields = [name for name, value in line.items() if SECRET in json.dumps(value)]
        assert not fields, [line[name] for name in fields]
        assert USER not in text
        assert "altro.example/nota/" in text
    assert len(found) == 3
    assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "url", [f"https://{USER}:{SECRET}@x.example/", f"https://{USER}@x.example/"]
)
def test_a_given_address_with_a_password_is_refused(tmp_path: Path, url: str) -> None:
    saved = tmp_path / "a.html"
    saved.write_bytes(PAGE)
    done = extract(saved, "-o", tmp_path / "out.jsonl", "--url", url, code=2)
    assert "user name or a password" in done.stderr
    assert USER not in done.stderr


@pytest.mark.parametrize(
    ("origin", "site", "host"),
    [
        ("http://localhost", "localhost", "localhost"),
        ("http://127.0.0.1:8080", "127.0.0.1-8080", "127.0.0.1:8080"),
        ("http://[::1]", "1", "[::1]"),
        ("http://192.168.1.7", "192.168.1.7", "192.168.1.7"),
        ("HTTP://Altro.Example", "altro.example", "altro.example"),
    ],
)
def test_a_host_of_another_machine_is_not_the_default_site(
    tmp_path: Path, origin: str, site: str, host: str
) -> None:
    archive = Archive()
    archive.response(f"{origin}{PATH}", PAGE, HTML)
    saved = tmp_path / "b.html"
    saved.write_bytes(PAGE.replace(b"https://www.esempio.it", origin.encode()))
    out = tmp_path / "out.jsonl"
    extract(archive.save(tmp_path / "a.warc.gz"), saved, "-o", out)
    assert [line["site"] for line in lines(out)] == [site, site]
    assert {line["url"] for line in lines(out)} == {f"http://{host}{PATH}"}


def test_addresses_without_a_valid_host_are_counted(tmp_path: Path) -> None:
    archive, bad = foreign("a.example.it"), ("http://esempio.it:99999", "https://", "http://a b.it")
    for origin in bad:
        archive.response(f"{origin}{PATH}", PAGE, HTML)
        assert newscrawl.extract(PAGE, f"{origin}{PATH}") is None
    archive.response("dns:esempio.it", b"", HTML)
    saved, bare = tmp_path / "b.html", tmp_path / "c.html"
    saved.write_bytes(PAGE.replace(b"https://www.esempio.it", b"https://www.esempio.it:99999"))
    bare.write_bytes(re.sub(rb"<link[^>]+>", b"", PAGE))
    out = tmp_path / "out.jsonl"
    found = totals(archive.save(tmp_path / "a.warc.gz"), saved, bare, "-o", out)
    assert [line["site"] for line in lines(out)] == ["a.example.it"]
    assert found["bad"] == {"bad_address": 4, "no_address": 1}
    assert found["left_out"] == {"not_http": 1}


def test_an_address_in_angle_brackets_is_one(tmp_path: Path) -> None:
    archive = Archive(is_gzip=False)
    archive.response(f"https://www.esempio.it{PATH}", PAGE, HTML)
    file = tmp_path / "a.warc"
    uri = f"https://www.esempio.it{PATH}".encode()
    file.write_bytes(archive.data.replace(b"URI: " + uri, b"URI: <" + uri + b">"))
    extract(file, "-o", tmp_path / "out.jsonl")
    assert len(lines(tmp_path / "out.jsonl")) == 1
    without = archive.data.replace(b"WARC-Target-URI: " + uri + b"\r\n", b"")
    file.write_bytes(without + archive.data)
    assert totals(file, "-o", tmp_path / "2.jsonl")["bad"] == {"no_address": 1}


@pytest.mark.parametrize(
    "key", ["www.example.it", "EXAMPLE.it", " www.Example.IT ", "www.alanews.it,example.it"]
)
def test_a_site_is_named_by_any_of_its_hosts(tmp_path: Path, key: str) -> None:
    file = foreign("www.example.it", "b.example.it").save(tmp_path / "a.warc.gz")
    extract(file, "-o", tmp_path / "out.jsonl", "--site", key)
    assert [line["site"] for line in lines(tmp_path / "out.jsonl")] == ["example.it"]


def test_saved_pages_of_other_sites_are_left_out_too(tmp_path: Path) -> None:
    for host in ("www.esempio.it", "altro.example.it"):
        page = foreign_page("Titolo della notizia", PATH, host)
        (tmp_path / f"{host}.html").write_bytes(page)
    out = tmp_path / "out.jsonl"
    found = totals(tmp_path, "-o", out, "--site", "esempio.it")
    assert [line["site"] for line in lines(out)] == ["esempio.it"]
    assert found["not_articles"] == {"other_site": 1}


def test_a_registered_site_is_named_by_its_hosts(tmp_path: Path) -> None:
    file = foreign("www.alanews.it", "b.example.it").save(tmp_path / "a.warc.gz")
    for number, key in enumerate(("alanews", "www.alanews.it", "Alanews.it")):
        out = tmp_path / f"{number}.jsonl"
        extract(file, "-o", out, "--site", key)
        assert [line["site"] for line in lines(out)] == ["alanews"]


@pytest.mark.parametrize("key", ["", " ", ","])
def test_a_site_without_a_name_is_refused(tmp_path: Path, key: str) -> None:
    file = foreign("www.example.it").save(tmp_path / "a.warc.gz")
    done = extract(file, "-o", tmp_path / "out.jsonl", "--site", key, code=2)
    assert "--site is empty" in done.stderr
