"""Rows 9 and 11 of the hostile web, and D1: redirects in circles, of other schemes, to nothing."""

from __future__ import annotations

import socket
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers, measured
from tests.support.crawling import Crawl, crawl
from tests.support.front import Front, Visit, answer
from tests.support.http_proxy import HttpProxy
from tests.support.tls import Authority, TlsServer
from tests.support.twin_crawls import ordinary_cards
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from twin.model import Card
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 160
SECTION = "esteri"
CONTENT = Content(seed=1, size=SIZE)
SCHEMES = (
    "file:///etc/passwd", "ftp://127.0.0.1/a", "data:text/html,%3Ch1%3Eun%20titolo",
    "javascript:alert(1)", "mailto:a@example.org", "s3://a/b", "gopher://127.0.0.1/",
)  # fmt: skip
MAX_HOPS = 8


def redirect(url: str) -> bytes:
    return answer("", status=302, Location=url)


def check_others(done: Crawl, cards: Collection[Card]) -> None:
    """Check that all articles of the section were written but some."""
    expected = {*truth.expected(CONTENT, Switches(), SECTION)}
    assert {line["id"] for line in done.articles} == expected - {
        f"alanews:{card.id}" for card in cards
    }, done.stderr


def tries(front: Front, pattern: str) -> int:
    """Return how many requests went to addresses with a text in them."""
    return len([path for path in front.paths if pattern in path])


def closed_port() -> int:
    """Return a port at which nothing listens."""
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def test_row_9_redirects_in_circles(twin: TwinProcess, front: Front, tmp_path: Path) -> None:
    itself, first, endless = cards = ordinary_cards(twin, SECTION)[:3]
    front.answers[f"/{itself.slug}/$"] = lambda visit, _: redirect(visit.path)
    front.answers[f"/{first.slug}/$"] = redirect("/giro-b/")
    front.answers["^/giro-b/$"] = redirect("/giro-c/")
    front.answers["^/giro-c/$"] = redirect("/giro-b/")

    def next_number(visit: Visit, _: socket.socket) -> bytes:
        return redirect(f"/senza-fine-{int(visit.path.strip('/').rpartition('-')[2]) + 1}/")

    front.answers[f"/{endless.slug}/$"] = redirect("/senza-fine-1/")
    front.answers["^/senza-fine-"] = next_number
    done = measured.crawl(SECTION, tmp_path, site_url=front.url)
    check_others(done, cards)
    assert (done.code, done.peak < measured.MEMORY) == (16, True)
    assert done.reports[-1]["reason"] == "partial"
    assert done.stderr.count("Not fetched (max redirections reached)") == len(cards)
    # The first request and eight that it leads to, once.
    assert tries(front, f"/{itself.slug}/") == MAX_HOPS + 1
    assert tries(front, "/giro-") == MAX_HOPS
    assert tries(front, "/senza-fine-") == MAX_HOPS
    assert done.reports[-1]["not_fetched"] == {"max_redirections_reached": len(cards)}
    due = "SELECT count(*) FROM urls WHERE result LIKE 'max redir%' AND due IS NOT NULL"
    assert ledgers.rows(tmp_path / ledgers.FILE, due) == [(len(cards),)]


def test_row_9_pages_that_refresh_themselves(
    twin: TwinProcess, front: Front, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    page = '<html><head><meta http-equiv="refresh" content="0; url={}"></head><body></body></html>'
    front.answers[f"/{card.slug}/$"] = answer(page.format("/altra-pagina/"))
    front.answers["^/altra-pagina/"] = answer(page.format(f"/{card.slug}/"))
    done = crawl(SECTION, tmp_path, site_url=front.url)
    check_others(done, [card])
    assert done.code == 16
    assert (tries(front, card.slug), tries(front, "/altra-pagina/")) == (1, 0)
    assert "Not fetched (meta_refresh)" in done.stderr
    assert done.reports[-1]["not_fetched"] == {"meta_refresh": 1}


def test_row_9_from_http_to_https_and_back(twin: TwinProcess, front: Front, tmp_path: Path) -> None:
    name = "www.notizie-nord.example"
    authority = Authority(tmp_path)
    card = ordinary_cards(twin, SECTION)[0]
    hops: list[str] = []

    def flip(to: str) -> Callable[[Visit, socket.socket], bytes]:
        def answered(_: Visit, __: socket.socket) -> bytes:
            hops.append(to)
            return redirect(f"{to}://{name}/2026/01/05/{SECTION}/{card.slug}/")

        return answered

    # What arrives over TLS goes to the front, the rest to the proxy: one site at two ports.
    front.answers[f"/{card.slug}/$"] = flip("http")
    with (
        TlsServer(front.url, authority.certificate(name)) as tls,
        HttpProxy(twin.url, tls_port=tls.port) as proxy,
    ):
        proxy.answers[f"^http://.*/{card.slug}/$"] = flip("https")
        done = measured.crawl(
            SECTION,
            tmp_path / "output",
            environment={**authority.environment, **proxy.environment},
            site_url=f"http://{name}",
        )
    check_others(done, [card])
    assert (done.code, done.peak < measured.MEMORY) == (16, True), done.stderr
    # The first request and eight hops, once, in turns.
    assert hops == [*("https", "http") * (MAX_HOPS // 2), "https"]
    assert "Not fetched (max redirections reached)" in done.stderr
    assert done.reports[-1]["not_fetched"] == {"max_redirections_reached": 1}


def test_row_9_to_another_port_over_tls(twin: TwinProcess, front: Front, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    card = ordinary_cards(twin, SECTION)[0]
    with TlsServer(front.url, authority.certificate("127.0.0.1")) as tls:
        https = f"https://127.0.0.1:{tls.port}"
        front.answers[f"/{card.slug}/$"] = redirect(f"{https}/{card.slug}/")
        done = crawl(
            SECTION, tmp_path / "output", environment=authority.environment, site_url=front.url
        )
        assert tls.requests == []
    check_others(done, [card])
    assert done.code == 16
    assert tries(front, f"/{card.slug}/") == 1


def test_row_11_articles_that_lead_to_other_schemes(
    twin: TwinProcess, front: Front, tmp_path: Path
) -> None:
    cards = ordinary_cards(twin, SECTION)[: len(SCHEMES)]
    for card, url in zip(cards, SCHEMES, strict=True):
        front.answers[f"/{card.slug}/$"] = redirect(url)
    done = measured.crawl(SECTION, tmp_path, site_url=front.url)
    check_others(done, cards)
    assert (done.code, done.peak < measured.MEMORY) == (16, True)
    assert done.reports[-1]["reason"] == "partial"
    assert sum(done.reports[-1]["not_fetched"].values()) == len(SCHEMES)
    assert done.stderr.count("Not fetched (another_scheme: ") == len(SCHEMES)


def test_row_11_links_and_sitemaps_with_other_schemes(front: Front, tmp_path: Path) -> None:
    locs = "".join(f"<url><loc>{url}</loc></url>" for url in SCHEMES)
    links = "".join(f'<p><a href="{url}">Un titolo di prova</a></p>' for url in SCHEMES).encode()
    front.answers["^/robots.txt"] = answer(
        f"User-agent: *\nSitemap: {front.url}/mappa.xml\nSitemap: file:///etc/passwd\n",
        "text/plain",
    )
    front.answers["^/mappa.xml"] = answer(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locs}</urlset>', "text/xml"
    )

    def with_links(visit: Visit, _: socket.socket) -> bytes:
        body = front.of_twin(visit).partition(b"\r\n\r\n")[2]
        return answer(body.replace(b"</article>", links + b"</article>"))

    front.answers[f"/category/{SECTION}/$"] = with_links
    done = crawl(
        SECTION,
        tmp_path,
        site_url=front.url,
        discover="menu,archive,related,sitemap",
        settings={"STATS_DUMP": "True"},
    )
    check_others(done, [])
    assert "/mappa.xml" in front.paths
    assert "Traceback" not in done.stderr
    # With the line of robots.txt.
    assert f"'not_asked/foreign': {len(SCHEMES) + 1}" in done.stderr
    assert "root:" not in done.stderr + done.stdout
    assert "robots.txt names a sitemap of another site: file:///etc/passwd" in done.stderr
    assert f"Left out of a sitemap ({len(SCHEMES)} addresses" in done.stderr


@pytest.mark.parametrize("url", ["{0}x@{1}/{2}/", "{0}x:y@{1}/", "http://127.0.0.1:{3}/{2}/"])
def test_d1_one_article_that_leads_to_nothing(
    url: str, twin: TwinProcess, front: Front, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SECTION)[0]
    host = front.url.removeprefix("http://")
    target = url.format("http://", host, card.slug, closed_port())
    front.answers[f"/{card.slug}/$"] = redirect(target)
    done = measured.crawl(SECTION, tmp_path, site_url=front.url)
    check_others(done, [card])
    assert (done.code, done.peak < measured.MEMORY) == (16, True)
    assert done.reports[-1]["reason"] == "partial"
    assert tries(front, card.slug) == 1
    reason = "address_with_credentials" if "@" in target else "address_blocked"
    assert done.reports[-1]["not_fetched"] == {reason: 1}
