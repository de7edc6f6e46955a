"""Pages in place of the site's own: told from all that the site itself serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from parsel import Selector

from newscrawl import extract
from newscrawl.pages.block_page import KINDS, block_kind
from tests.support.crawling import ROOT, crawl
from twin.block_pages import block_pages
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAVED = sorted((ROOT / "tests" / "data").glob("*/*/page.html"))
# As guards of real websites serve them, shortened.
SEEN = {
    "cloudflare": (
        "challenge",
        (
            "<title>Attention Required! | Cloudflare</title><body><div id='cf-wrapper'>"
            "<h1>Sorry, you have been blocked</h1></div>"
        ),
    ),
    "cloudflare-italian": ("challenge", "<title>Un momento…</title><body><p>Verifica in corso</p>"),
    "datadome": (
        "challenge",
        (
            "<title>alanews.it</title><body><p id='cmsg'>Please enable JS</p>"
            "<script src='https://ct.captcha-delivery.com/c.js'></script>"
        ),
    ),
    "incapsula": (
        "challenge",
        (
            "<meta name='robots' content='noindex'><body>"
            "<iframe src='/_Incapsula_Resource?SWUDNSAI=31'>Request unsuccessful</iframe>"
        ),
    ),
    "turnstile": (
        "captcha",
        "<title>Controllo</title><body><form><div class='cf-turnstile' data-sitekey='x'></div>",
    ),
    "members": (
        "login",
        (
            "<body><h1>Accedi per continuare</h1><form action='/login'><input name='u'>"
            "<input type='password' name='p'><button>Entra</button></form>"
        ),
    ),
    "consent": (
        "cookie_wall",
        (
            "<title>Prima di continuare: la tua privacy</title><body><h1>Prima di continuare</h1>"
            "<button>Rifiuta tutto</button><button>Accetta tutto</button>"
        ),
    ),
}


def read(html: str) -> str | None:
    return block_kind(Selector(text=html, type="html").root)


def test_walls_of_the_twin_are_told_apart() -> None:
    assert {kind: read(html) for kind, html in block_pages().items()} == {
        kind: kind for kind in KINDS
    }


@pytest.mark.parametrize("name", SEEN)
def test_walls_of_real_guards_are_told(name: str) -> None:
    kind, html = SEEN[name]
    assert read(html) == kind


def test_no_saved_page_is_taken_for_one() -> None:
    assert len(SAVED) > 50
    taken = {path.parent.name: read(path.read_text(encoding="utf-8")) for path in SAVED}
    assert {name for name, kind in taken.items() if kind} == set()


@pytest.mark.parametrize("wall", block_pages().values(), ids=block_pages())
def test_a_page_of_the_site_may_hold_the_same_things(wall: str) -> None:
    """A banner, a login box and a CAPTCHA stand on pages with an article too."""
    inner = wall[wall.index("<body") : wall.index("</body>")].partition(">")[2]
    text = "<p>Il testo della notizia prosegue con tutti i suoi particolari.</p>" * 60
    assert read(f"<html><body><article>{text}</article>{inner}</body></html>") is None
    assert read(f"<html><body class='single postid-7'>{inner}</body></html>") is None
    links = "".join(f"<a href='/esteri/{number}/'>x</a>" for number in range(40))
    assert read(f"<html><body>{links}{inner}</body></html>") is None


def test_a_protected_post_is_the_sites_own_page() -> None:
    assert read("<body><form class='post-password-form'><input type='password'></form>") is None


@pytest.mark.parametrize("wall", block_pages().values(), ids=block_pages())
def test_no_article_is_made_of_one(wall: str) -> None:
    assert extract(wall, "https://www.alanews.it/esteri/un-titolo-che-esiste-davvero/") is None


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=60) as process:
        yield process


@pytest.mark.e2e
def test_row_18_a_blocked_run_ends_as_such_and_the_next_one_reads_all(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "wall", "path": r"^/20\d\d/", "value": "captcha"}])
    first = crawl("cronaca", tmp_path, site_url=twin.url)
    assert first.code == 18
    assert "the site blocks this crawler" in first.stderr
    # Ten in a row are enough.
    walls = [path for _, path, _ in twin.requests() if path.startswith("/20")]
    assert 10 <= len(walls) < 20
    assert first.articles == first.rejected == []
    twin.set_faults([])
    again = crawl("cronaca", tmp_path, site_url=twin.url)
    assert (again.code, len(again.articles)) == (0, 16)


@pytest.mark.e2e
def test_a_page_refused_now_and_then_makes_a_run_partial(twin: TwinProcess, tmp_path: Path) -> None:
    twin.reset()
    twin.set_faults([])
    whole = crawl("cronaca", tmp_path / "whole", site_url=twin.url)
    victim = whole.articles[0]["url"].rstrip("/").rpartition("/")[2]
    twin.set_faults([{"kind": "status", "path": victim, "value": 403}])
    run = crawl("cronaca", tmp_path / "partial", site_url=twin.url)
    assert run.code == 16
    assert "some pages could not be read (1 not fetched (articles: HTTP_403))" in run.stderr
    assert "http_403 1" in run.stdout


@pytest.mark.e2e
def test_robots_txt_that_cannot_be_read_closes_the_site(twin: TwinProcess, tmp_path: Path) -> None:
    twin.reset()
    twin.set_faults([{"kind": "status", "path": "^/robots.txt", "value": 503}])
    run = crawl(
        "cronaca",
        tmp_path,
        site_url=twin.url,
        urls="https://www.alanews.it/esteri/un-titolo-che-esiste/",
    )
    assert run.code == 17
    assert "robots.txt cannot be read" in run.stderr
    assert {path for _, path, _ in twin.requests()} == {"/robots.txt"}
