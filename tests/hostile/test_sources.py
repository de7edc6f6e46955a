"""Rows 20 and 21 of the hostile web: sitemaps and feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import measured
from tests.support.front import Front, answer
from tests.support.victim import check, fetch
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.measured import Measured

pytestmark = pytest.mark.e2e
SIZE = 60
_XML = "application/xml; charset=UTF-8"
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@pytest.fixture(scope="module")
def expected() -> set[str]:
    return {*truth.expected(Content(seed=1, size=SIZE), Switches())}


def crawl(front: Front, output: Path, **settings: str) -> Measured:
    return measured.crawl("alanews", output, settings=settings, site_url=front.url)


ENTITIES = {
    "entity bomb": "<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)),
    "external entity": "<!ENTITY a11 SYSTEM 'file:///etc/passwd'>",
    "quadratic": f"<!ENTITY a11 '{'x' * 100_000}'>",
}


@pytest.mark.parametrize("name", ENTITIES)
@pytest.mark.parametrize("place", ["/sitemap_index.xml", "/feed/"])
def test_row_20_entities_are_not_expanded(
    front: Front, expected: set[str], tmp_path: Path, name: str, place: str
) -> None:
    root = "urlset" if "sitemap" in place else "rss"
    number = 10_000 if name == "quadratic" else 1
    document = (
        f"<?xml version='1.0'?><!DOCTYPE {root} [{ENTITIES[name]}]><{root} xmlns='{_SPACE}'>"
        f"<url><loc>{front.url}/2026/10/01/esteri/inventato/{'&a11;' * number}</loc></url></{root}>"
    )
    front.answers[f"^{place}"] = answer(document, _XML)
    run = crawl(front, tmp_path)
    check(run, 16, expected)
    assert "it declares a document type" in run.stderr
    assert not any("inventato" in path for path in front.paths)
    assert "root:" not in run.stderr


def index_of(urls: list[str], lastmod: str = "2026-11-23T11:06:26+00:00") -> bytes:
    entries = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>{lastmod}</lastmod></sitemap>" for url in urls
    )
    return f"<?xml version='1.0'?><sitemapindex xmlns='{_SPACE}'>{entries}</sitemapindex>".encode()


def test_row_21_an_index_that_contains_itself(
    front: Front, expected: set[str], tmp_path: Path
) -> None:
    loop = [f"{front.url}/{name}" for name in ("sitemap_index.xml", "a.xml", "post-sitemap.xml")]
    front.answers["^/sitemap_index.xml"] = answer(index_of(loop), _XML)
    front.answers["^/a.xml"] = answer(index_of([*loop, f"{front.url}/b.xml"]), _XML)
    front.answers["^/b.xml"] = answer(index_of(loop), _XML)
    run = crawl(front, tmp_path)
    check(run, 0, expected)
    for path in ("/sitemap_index.xml", "/a.xml", "/b.xml", "/post-sitemap.xml"):
        assert front.paths.count(path) <= 2, path


@pytest.mark.soak
def test_row_21_an_index_of_100_000_sitemaps(
    front: Front, expected: set[str], tmp_path: Path
) -> None:
    urls = [f"{front.url}/invented-{number}.xml" for number in range(100_000)]
    front.answers["^/sitemap_index.xml"] = answer(index_of(urls), _XML)
    front.answers["^/invented-"] = answer("<html><body>no</body></html>", status=404)
    run = crawl(front, tmp_path)
    check(run, 0, expected)
    invented = [i for i, path in enumerate(front.paths) if path.startswith("/invented-")]
    articles = [i for i, path in enumerate(front.paths) if path.startswith("/20")]
    assert len(invented) <= 2_000
    # The articles did not wait for all of them.
    assert len([i for i in invented if i < articles[0]]) <= 250
    assert "are left to later runs" in run.stderr


def test_row_21_more_than_50_000_addresses(
    front: Front, expected: set[str], tmp_path: Path
) -> None:
    real = fetch(front.twin, "/post-sitemap.xml").replace(front.twin.encode(), front.url.encode())
    pages = "".join(f"<url><loc>{front.url}/pagina-{n}.pdf</loc></url>" for n in range(60_000))
    front.answers["^/post-sitemap.xml"] = answer(
        real.replace(b"</urlset>", pages.encode() + b"</urlset>"), _XML
    )
    run = crawl(front, tmp_path)
    check(run, 0, expected)
    assert "50,000th entry" in run.stderr


@pytest.mark.parametrize(
    "length",
    [f"Content-Length: {1 << 30}\r\n", pytest.param("", marks=pytest.mark.soak)],
    ids=["stated", "not"],
)
def test_row_21_a_sitemap_of_a_gigabyte(
    length: str, front: Front, expected: set[str], tmp_path: Path
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {_XML}\r\nConnection: close\r\n{length}\r\n"
    sent = 0

    def send(_: object, connection: object) -> None:
        connection.sendall(head.encode())  # type: ignore[attr-defined]
        nonlocal sent
        for _number in range(1 << 14):
            connection.sendall(b" " * (1 << 16))  # type: ignore[attr-defined]
            sent += 1 << 16

    front.answers["^/post-sitemap.xml"] = send
    run = crawl(front, tmp_path)
    check(run, 16, expected)
    assert "sitemap: " in run.stderr
    # The rest is not transferred: DOWNLOAD_MAXSIZE is 16 MiB, and kernels buffer some.
    assert sent < 3 * (64 << 20)


def test_row_21_a_change_in_the_future_says_nothing(
    front: Front, expected: set[str], tmp_path: Path
) -> None:
    real = fetch(front.twin, "/post-sitemap.xml").replace(front.twin.encode(), front.url.encode())
    import re  # noqa: PLC0415

    late = re.sub(rb"<lastmod>[^<]*", b"<lastmod>2099-01-01T00:00:00+00:00", real)
    front.answers["^/post-sitemap.xml"] = answer(late, _XML)
    index = index_of([f"{front.url}/post-sitemap.xml"], "2099-01-01T00:00:00+00:00")
    front.answers["^/sitemap_index.xml"] = answer(index, _XML)
    run = crawl(front, tmp_path)
    check(run, 0, expected)
    assert not any(str(line["date_modified"]).startswith("2099") for line in run.articles)
    again = crawl(front, tmp_path)
    assert len(again.articles) == len(expected)
