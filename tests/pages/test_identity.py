"""What a page says it is, and what speaks against an article."""

from __future__ import annotations

import pytest
from parsel import Selector

from newscrawl.pages.identity import PageIdentity
from newscrawl.pages.structured import Meta
from newscrawl.sites import ALANEWS
from newscrawl.text import digest
from newscrawl.urls import SiteUrls

SITE = "https://www.alanews.it"
HERE = f"{SITE}/esteri/un-titolo-qui/"
MOVED = f"{SITE}/2026/09/12/esteri/un-titolo-qui/"
SINGLE = (
    "post-template-default single single-post postid-4711 single-format-standard jeg_single_tpl_1"
)
H1 = "<h1 class='jeg_post_title'>Un titolo</h1>"


def page(classes: str = SINGLE, body: str = H1, head: str = "", url: str = HERE) -> PageIdentity:
    html = f"<html><head>{head}</head><body class='{classes}'>{body}</body></html>"
    root = Selector(text=html).root
    return PageIdentity(root, url, SiteUrls(ALANEWS), Meta(root))


def canonical(url: str) -> str:
    return f"<link rel='canonical' href='{url}'>"


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        ("", HERE, HERE),
        (canonical(MOVED), HERE, MOVED),
        (canonical("http://alanews.it/2026/09/12/esteri/un-titolo-qui?x=1"), HERE, MOVED),
        (canonical("/2026/09/12/esteri/un-titolo-qui/"), HERE, MOVED),
        # A part names itself; the article is its first page.
        (canonical(f"{MOVED}2/"), f"{HERE}2/", MOVED),
        (canonical("https://tv.alanews.it/2026/09/12/un-titolo/"), HERE, HERE),
        (canonical("https://example.com/esteri/un-titolo/"), HERE, HERE),
        (canonical(f"{SITE}/category/esteri/"), HERE, HERE),
        (canonical(f"{SITE}/?p=4711") + f"<meta property='og:url' content='{MOVED}'>", HERE, MOVED),
        (f"<meta property='og:url' content='{MOVED}'>", HERE, MOVED),
        (canonical(MOVED), f"{SITE}/?p=4711", MOVED),
        (canonical("http://[::1"), HERE, HERE),
        (canonical(""), HERE, HERE),
    ],
)
def test_the_address_is_the_canonical_link_where_it_names_an_article_of_the_site(
    head: str, url: str, expected: str
) -> None:
    assert page(head=head, url=url).url == expected


def test_day_and_slugs_are_those_of_the_canonical_address() -> None:
    found = page(head=canonical(MOVED))
    assert (found.day, found.slugs) == ("2026/09/12", ("esteri",))


REST = "<link rel='alternate' type='application/json' href='/wp-json/wp/v2/posts/%d'>"


@pytest.mark.parametrize(
    ("classes", "head", "url", "expected"),
    [
        (SINGLE, "<link rel='shortlink' href='/?p=9'>", HERE, 4711),
        ("single", "<link rel='shortlink' href='https://www.alanews.it/?p=9'>", HERE, 9),
        ("single", REST % 8, HERE, 8),
        (
            "single",
            "<link rel='alternate' type='application/rss+xml' href='/feed/'>" + REST % 8,
            HERE,
            8,
        ),
        ("single", "", f"{SITE}/?p=7", 7),
        ("single", "", HERE, None),
        ("single xpostid-5 postid-x postid-" + "1" * 400, "", HERE, None),
    ],
)
def test_the_post_id(classes: str, head: str, url: str, expected: int | None) -> None:
    assert page(classes, head=head, url=url).post_id == expected


def test_the_copy_of_the_body_classes_is_not_read() -> None:
    copy = (
        "<div id='post-body-class' class='single single-post postid-1 single-format-video'></div>"
    )
    found = page("archive category", body=copy)
    assert (found.post_id, found.is_single, found.format) == (None, False, "standard")
    assert found.not_article_reason() == "archive"


def test_an_id_is_the_post_else_the_address() -> None:
    assert page().id == "alanews:4711"
    assert page("single").id == f"alanews:{digest(HERE)[:16]}"
    # The same article at its decorated address has the same id.
    assert page("single", url=f"{HERE}?utm_source=x").id == page("single").id


@pytest.mark.parametrize(
    ("classes", "expected"),
    [("single-format-video", "video"), ("single-format-gallery x", "gallery"),
     ("single-format-aside", "standard"), ("", "standard")],
)  # fmt: skip
def test_format(classes: str, expected: str) -> None:
    assert page(classes).format == expected


@pytest.mark.parametrize(
    ("classes", "body", "head", "url", "reason"),
    [
        (SINGLE, H1, "", HERE, None),
        (SINGLE, H1, canonical(MOVED), HERE, None),
        ("", H1, "", HERE, None),
        (
            SINGLE,
            "<form class='post-password-form' method='post'></form>",
            "",
            HERE,
            "password_protected",
        ),
        (
            SINGLE,
            "<div class='wp-embed'><p class='wp-embed-heading'>a</p></div>",
            "",
            HERE,
            "embed",
        ),
        ("error404", "<h1>Page Not Found</h1>", "", HERE, "not_found"),
        ("", "<div class='jeg_404_content'></div>", "", HERE, "not_found"),
        ("", "<h1>Pagina non trovata</h1>", "", HERE, "not_found"),
        ("page page-id-2", "<h1>Pagina  non\u00a0trovata – Alanews</h1>", "", HERE, "static_page"),
        ("", "<h1>404</h1>", "", HERE, "not_found"),
        ("", "<h1>Errore 404</h1>", "", HERE, "not_found"),
        ("", "<p>x</p>", "<title>Page not found - Alanews</title>", HERE, "not_found"),
        ("home page-template-default page", "", "", HERE, "home_page"),
        ("home blog", "", "", HERE, "home_page"),
        ("archive category category-esteri", "", "", HERE, "archive"),
        ("search search-results", "", "", HERE, "archive"),
        ("attachment attachmentid-2", "", "", HERE, "attachment"),
        ("single single-attachment postid-2", H1, "", HERE, "attachment"),
        ("single single-product postid-2", H1, "", HERE, "no_article"),
        # Words of another system.
        *((name, H1, "", HERE, None) for name in ("page page--article", "home", "blog", "search")),
        *((name, H1, "", HERE, None) for name in ("archive", "attachment", "page-id-x page")),
        ("blog", H1, "<meta name='generator' content='WordPress 6.9'>", HERE, "home_page"),
        ("page", H1, "<link href='/wp-content/a.css'>", HERE, "static_page"),
        ("page page-id-2", "", "", HERE, "static_page"),
        # The home page in place of a dead article, an archive of another theme.
        ("", "", canonical(f"{SITE}/"), HERE, "home_page"),
        (SINGLE, H1, canonical(f"{SITE}/"), HERE, "home_page"),
        ("", "", canonical(f"{SITE}/category/esteri/"), HERE, "archive"),
        ("", "", canonical(f"{SITE}/tag/a/"), HERE, "archive"),
        (SINGLE, H1, "", f"{SITE}/?p=4711&preview=true", "preview"),
    ],
)
def test_reason_against(classes: str, body: str, head: str, url: str, reason: str | None) -> None:
    assert page(classes, body, head, url).not_article_reason() == reason


@pytest.mark.parametrize(
    "title",
    [
        "404 migranti sbarcati a Lampedusa in una notte",
        "Pagina non trovata: chiude il sito dell’anagrafe",
    ],
)
def test_an_article_may_begin_like_an_error(title: str) -> None:
    body = f"<h1 class='jeg_post_title'>{title}</h1>"
    head = f"<title>{title} - Alanews</title>"
    assert page(body=body, head=head).not_article_reason() is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "Testata registrata al tribunale di Roma n° 243/2012 | P.I. 1",
            "tribunale di Roma n° 243/2012",
        ),
        ("registrata presso il Tribunale di Milano n. 12/2020.", "Tribunale di Milano n. 12/2020"),
        ("Il tribunale di Roma ha deciso il 12/2020", None),
        ("", None),
    ],
)
def test_registration(words: str, expected: str | None) -> None:
    assert PageIdentity.registration(words) == expected


def test_an_empty_document_is_survived() -> None:
    root = Selector(text="").root
    found = PageIdentity(root, HERE, SiteUrls(ALANEWS), Meta(root))
    assert (found.post_id, found.url, found.is_single) == (None, HERE, False)
