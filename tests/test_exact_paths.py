"""Addresses on hosts where upper and lower case, and a slash at the end, are a part of the path."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import newscrawl
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.bulk.archived_page import ArchivedPage
from newscrawl.bulk.site_documents import SiteDocuments
from newscrawl.discovery.site_facts import SiteFacts
from newscrawl.extraction.fetched_page import FetchedPage
from newscrawl.sites import ALANEWS, site_at, site_of_key, site_served_at
from newscrawl.sites.example import EXAMPLE
from newscrawl.text import digest
from newscrawl.urls import Address, Kind, SiteUrls

ORIGIN = "https://giornale.example"
SITE = site_at(ORIGIN)
URLS = SiteUrls(SITE)
FOLDED = SiteUrls(replace(SITE, exact_paths=False))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

SAME = {
    # Canonical path: other forms of it.
    "/Notizie/Un-Titolo-Qui": [
        *("/Notizie/Un-Titolo-Qui#foto", "/Notizie/Un-Titolo-Qui?utm_source=x"),
        *("/Notizie//Un-Titolo-Qui", "/x/../Notizie/./Un-Titolo-Qui", "/Notizie/Un%2DTitolo-Qui"),
        *("/Notizie/Un-Titolo-Qui/amp", "/Notizie/Un-Titolo-Qui/AMP", "/Notizie/Un-Titolo-Qui/2"),
        *("/Notizie/Un-Titolo-Qui;jsessionid=A1", r"\Notizie\Un-Titolo-Qui"),
    ],
    "/Notizie/Un-Titolo-Qui/": [
        *("/Notizie/Un-Titolo-Qui//", "/Notizie/Un-Titolo-Qui/.", "/Notizie/Un-Titolo-Qui/x/.."),
        *("/Notizie/Un-Titolo-Qui/Amp/", "/Notizie/Un-Titolo-Qui/3/", "/Notizie/Un-Titolo-Qui/;a"),
    ],
    "/Citt%c3%a0/%c3%88-Nuova": ["/Città/È-Nuova", "/Citt%C3%A0/%c3%88-Nuova"],
    "/Citt%e0-Nuova/": ["/Citt%E0-Nuova/"],
    "/A%2fB/": ["/A%2FB/"],
    "/Un-Titolo.html": ["/Un-Titolo.html;jsessionid=1", "/Un-Titolo.html?fbclid=x#a"],
    "/Sport/Un-Titolo-Qui.html": ["/Sport/Un-Titolo-Qui.html/amp", "/Sport/./Un-Titolo-Qui.html"],
    "/2026/11/20/Sport/Un-Titolo": ["/2026/11/20//Sport/Un-Titolo?gclid=1"],
    "/Chi-Siamo": ["/Chi-Siamo?x="],
    "/": ["", "/#a", "//", "/.", "/?fbclid=x"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "other"), [(path, other) for path, others in SAME.items() for other in others]
)
def test_one_page_has_one_address(path: str, other: str) -> None:
    assert URLS.canonical(ORIGIN + other) == ORIGIN + path
    assert URLS.canonical(ORIGIN + path) == ORIGIN + path
    assert URLS.canonical(f"HTTP://WWW.Giornale.Example{other}") == ORIGIN + path


@pytest.mark.parametrize(
    "paths",
    [
        ["/Notizie/Un-Titolo", "/notizie/un-titolo", "/Notizie/Un-Titolo/", "/notizie/un-titolo/"],
        ["/articoli/aB3xY", "/articoli/AB3XY", "/articoli/ab3xy"],
        ["/Citt%E0-nuova", "/Citt%E8-nuova", "/Città-nuova", "/citt%E0-nuova"],
        ["/A%2FB", "/A/B", "/a%2fb"],
        ["/Titolo.html", "/titolo.html", "/titolo.HTML", "/titolo.html/"],
    ],
)
def test_other_pages_have_other_addresses(paths: list[str]) -> None:
    assert len({URLS.canonical(ORIGIN + path) for path in paths}) == len(paths)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/Notizie/Un-Titolo-Qui", Kind.ARTICLE),
        ("/2026/11/20/Sport/Un-Titolo", Kind.ARTICLE),
        ("/2026/11/20/SPORT", Kind.TRAP),
        ("/Category/Sport", Kind.ARCHIVE),
        ("/Sport", Kind.ARCHIVE),
        ("/CATEGORY/Sport/Page/2", Kind.ARCHIVE),
        ("/Tag/Nato", Kind.TAG),
        ("/Author/Anna-Rossi", Kind.AUTHOR),
        ("/Feed", Kind.FEED),
        ("/Sport/Un-Titolo/FEED/", Kind.FEED),
        ("/Sport/Un-Titolo/Embed", Kind.EMBED),
        ("/WP-Json/wp/v2/posts/12", Kind.SERVICE),
        ("/Search/ponte", Kind.SERVICE),
        ("/Foto/A.JPG", Kind.FILE),
        ("/X/X/X", Kind.TRAP),
        ("/Chi-Siamo", Kind.PAGE),
    ],
)
def test_what_an_address_is_does_not_depend_on_its_case(path: str, kind: Kind) -> None:
    address = URLS.understand(ORIGIN + path)
    assert (address.url, address.kind) == (ORIGIN + path, kind)
    assert URLS.understand(ORIGIN + path.lower()).kind is kind
    assert address.sections == FOLDED.understand(ORIGIN + path).sections


def test_a_title_with_an_ending_keeps_its_case() -> None:
    urls = SiteUrls(replace(SITE, permalinks=("/%category%/%postname%.html",)))
    for path in ("/Sport/Un-Titolo.html", "/Sport/Un-Titolo.HTML", "/sport/un-titolo.html/"):
        address = urls.understand(ORIGIN + path)
        assert (address.url, address.kind) == (ORIGIN + path, Kind.ARTICLE)
    further = urls.understand(f"{ORIGIN}/Sport/Un-Titolo.html/2/")
    assert (further.url, further.part) == (f"{ORIGIN}/Sport/Un-Titolo.html", 2)


KNOWN = [
    *(EXAMPLE, ALANEWS, SiteFacts().of(SITE), site_served_at(ORIGIN)),
    site_of_key("giornale.example"),
]


@pytest.mark.parametrize("site", KNOWN, ids=lambda site: site.key)
def test_sites_of_wordpress_have_one_form(site: newscrawl.sites.Site) -> None:
    written = SiteUrls(site).canonical(f"{site.origin}/Sport/Un-Titolo-Qui")
    assert written == f"{site.origin}/sport/un-titolo-qui/"
    stated = SiteUrls(replace(site, exact_paths=True))
    assert stated.canonical(f"{site.origin}/Sport/Un-Titolo") == f"{site.origin}/Sport/Un-Titolo"


PIECES = st.sampled_from(
    [
        *(*"/?#&=;:.%@[]\\~ \t\n-_Aàİß", "Amp", "FEED", "2026", "09", "12", "2", "%2F", "%E0"),
        *("%c3%A0", "Sport", "Un-Titolo-Qui", ".html", "/./", "/..", "a.php", "Page/2", "?id=5"),
        ";x=1",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=10).map("".join)
SITES = [URLS, SiteUrls(replace(SITE, permalinks=("/%category%/%postname%.html",)))]


@given(TEXTS, st.sampled_from(SITES))
@example("Sport/X.html/2", URLS)
@example("Sport/X.html/amp/", URLS)
@example("Sport/X.html/2/", SITES[1])
@example("A/amp/2/amp", URLS)
@example("\ud800/%", URLS)
def test_a_canonical_address_is_its_own(text: str, urls: SiteUrls) -> None:
    address = urls.understand(f"{ORIGIN}/{text}")
    again = urls.understand(address.url)
    assert (again.url, again.kind) == (address.url, address.kind)
    assert address.url.isascii()
    assert address.url.isprintable()
    assert "#" not in address.url


@given(TEXTS)
@example(".html;&")
def test_only_case_end_and_bytes_differ_from_the_form_of_wordpress(text: str) -> None:
    # What is not UTF-8 is one character there.
    exact = URLS.understand(f"{ORIGIN}/{text}")
    other = FOLDED.understand(f"{ORIGIN}/{text}")
    # Where an article has a second page, /titolo.html is its first.
    assume(exact.kind is other.kind)
    assert FOLDED.canonical(exact.url) == FOLDED.canonical(other.url)
    assert (exact.day, exact.sections, exact.part, exact.post_id) == (
        *(other.day, other.sections, other.part, other.post_id),
    )


# --- Pages ------------------------------------------------------------------------------------

WORDPRESS = "<meta name='generator' content='WordPress 6.9'>"


def page(head: str = "", below: str = "") -> str:
    text = "Il consiglio comunale ha approvato il progetto del nuovo porto turistico. " * 12
    return (
        f"<html lang='it'><head><title>Progetto del nuovo porto</title>{head}"
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2026-11-20T09:00:00+01:00'></head>"
        f"<body><article><h1>Progetto del nuovo porto</h1>"
        f"<p>{text}</p><p>{text}</p>{below}</article></body></html>"
    )


def canonical(url: str) -> str:
    return f"<link rel='canonical' href='{url}'>"


def og_url(url: str) -> str:
    return f"<meta property='og:url' content='{url}'>"


def json_ld(url: str) -> str:
    return (
        '<script type="application/ld+json">{"@context":"https://schema.org",'
        f'"@type":"NewsArticle","url":"{url}","headline":"Progetto del nuovo porto",'
        '"author":{"@type":"Person","name":"Anna Rossi"}}</script>'
    )


def extracted(url: str, html: str) -> newscrawl.Article:
    article = newscrawl.extract(html, url, fetched_at=NOW)
    assert article is not None
    fetched = FetchedPage(url, html.encode())
    archived = ArchivedPage(fetched, NOW, SiteDocuments(), has_all_parts=True)
    (of_archive,) = ArchivedArticleReader().read(archived).articles
    assert (of_archive.url, of_archive.id) == (article.url, article.id)
    assert of_archive.flags == article.flags
    return article


HERE = f"{ORIGIN}/Notizie/Un-Nuovo-Porto"


@pytest.mark.parametrize(
    "path",
    [
        *("/Notizie/Un-Titolo", "/Notizie/Un-Titolo/", "/notizie/un-titolo", "/Un-Titolo"),
        *("/Articolo/12345/Un-Titolo.html", "/Titolo.HTM", "/leggi/aB3xY9", "/News?id=Ab"),
    ],
)
def test_the_address_is_written_as_it_was_fetched(path: str) -> None:
    article = extracted(ORIGIN + path, page())
    assert article.url == ORIGIN + path
    assert article.id == f"giornale.example:{digest(article.url)[:16]}"


FORMS = ["/Notizie/Un-Nuovo-Porto/", "/notizie/un-nuovo-porto", "/notizie/un-nuovo-porto/"]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("claim", [canonical, og_url])
def test_a_stated_address_in_another_form_wins_and_is_no_conflict(claim: object, path: str) -> None:
    assert callable(claim)
    article = extracted(HERE, page(claim(ORIGIN + path)))
    assert article.url == ORIGIN + path
    assert "url_conflict" not in article.flags
    # Wherever it was fetched, the id is one.
    again = extracted(f"{ORIGIN}/NOTIZIE/Un-nuovo-porto/?fbclid=x", page(claim(ORIGIN + path)))
    assert (again.url, again.id) == (article.url, article.id)


@pytest.mark.parametrize("path", FORMS)
def test_json_ld_in_another_form_is_the_article_s(path: str) -> None:
    article = extracted(HERE, page(json_ld(ORIGIN + path)))
    assert article.url == HERE
    assert [author.name for author in article.authors] == ["Anna Rossi"]
    assert "url_conflict" not in article.flags


@pytest.mark.parametrize(
    ("fetched", "stated", "expected"),
    [
        # Addresses that alone do not show an article.
        ("/Un-Titolo", "/un-titolo/", "/un-titolo/"),
        ("/News/breve/", "/News/Breve", "/News/Breve"),
        ("/Articolo.HTML", "/articolo.html", "/articolo.html"),
        ("/News/?id=12&vista=breve", "/news?id=12", "/news?id=12"),
        ("/News/?id=12", "/news?id=12&utm_source=x", "/news?id=12"),
        # A query is compared as it is.
        ("/News?id=aB", "/news?id=Ab", "/News?id=aB"),
        ("/News?id=12", "/news", "/News?id=12"),
        # Another article, and another page.
        ("/Notizie/Un-Nuovo-Porto", "/notizie/la-sagra-del-pesce", "/Notizie/Un-Nuovo-Porto"),
        ("/Un-Titolo", "/altro", "/Un-Titolo"),
    ],
)
def test_a_credible_canonical_link_comes_first(fetched: str, stated: str, expected: str) -> None:
    assert extracted(ORIGIN + fetched, page(canonical(ORIGIN + stated))).url == ORIGIN + expected


def test_another_article_is_a_conflict_still() -> None:
    article = extracted(HERE, page(canonical(f"{ORIGIN}/Notizie/La-Sagra-Del-Pesce")))
    assert (article.url, article.flags.count("url_conflict")) == (HERE, 1)


def test_links_and_related_posts_keep_their_addresses() -> None:
    below = (
        "<p>Come <a href='/Sport/La-Prima-Gara'>abbiamo scritto</a> per primi da "
        "<a href='/Sport/La-Seconda-Gara/?utm_source=x#a'>qui</a> fino a là in fondo.</p>"
    )
    article = extracted(HERE, page(below=below))
    assert [link.url for link in article.links] == [
        f"{ORIGIN}/Sport/La-Prima-Gara",
        f"{ORIGIN}/Sport/La-Seconda-Gara/",
    ]


@pytest.mark.parametrize("stated", ["", "/Notizie/Un-Nuovo-Porto"])
def test_pages_of_wordpress_have_one_form(stated: str) -> None:
    head = WORDPRESS + (canonical(ORIGIN + stated) if stated else "")
    end = "" if stated else "/"
    for path in ("/Notizie/Un-Nuovo-Porto", "/notizie/un-nuovo-porto/"):
        article = extracted(ORIGIN + path, page(head))
        assert article.url == f"{ORIGIN}/notizie/un-nuovo-porto{end}"


def test_a_post_s_id_does_not_follow_from_its_address() -> None:
    shortlink = f"<link rel='shortlink' href='{ORIGIN}/?p=7'>"
    article = extracted(HERE, page(shortlink))
    assert (article.url, article.id) == (HERE, "giornale.example:7")


def test_a_saved_page_is_where_it_states() -> None:
    html = page(canonical(HERE)).encode()
    archived = ArchivedPage(FetchedPage("", html), NOW, SiteDocuments(), is_saved=True)
    (article,) = ArchivedArticleReader().read(archived).articles
    assert article.url == HERE


def test_an_address_that_is_relative_keeps_its_case() -> None:
    assert URLS.understand("../Sport/Un-Titolo-Qui", f"{ORIGIN}/Notizie/x") == Address(
        f"{ORIGIN}/Sport/Un-Titolo-Qui", Kind.ARTICLE, sections=("sport",)
    )


def core_page(below: str) -> str:
    """Return a page that is read as one of WordPress, without what WordPress alone prints."""
    text = "".join(
        f"<p>Il consiglio comunale ha approvato il punto {n} del nuovo porto turistico.</p>"
        for n in range(12)
    )
    return (
        "<html lang='it'><head><title>Un nuovo porto</title></head><body class='single-post'>"
        "<article class='post'>"
        "<time class='entry-date' datetime='2026-11-20T09:00:00+01:00'>20 novembre 2026</time>"
        f"<h1 class='entry-title'>Un nuovo porto</h1><div class='entry-content'>{text}{below}</div>"
        "</article><div class='related-posts'><h3>Articoli correlati</h3><ul>"
        "<li><a href='/notizie/un-nuovo-porto/'>Un nuovo porto</a></li>"
        "<li><a href='/Sport/La-Prima-Gara'>La prima gara</a></li></ul></div></body></html>"
    )


def test_a_box_s_link_to_the_article_in_another_form_is_no_related_post() -> None:
    article = extracted(HERE, core_page(""))
    assert [post.url for post in article.related] == [f"{ORIGIN}/Sport/La-Prima-Gara"]


def test_a_further_page_with_another_end_is_the_article_s() -> None:
    article = extracted(HERE, core_page("<a href='/Notizie/Un-Nuovo-Porto/2/'>2</a>"))
    assert "truncated" in article.flags
    assert "truncated" not in extracted(HERE, core_page("")).flags
