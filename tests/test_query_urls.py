"""Queries of addresses: which parameters name an article, and which say nothing of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import newscrawl
from newscrawl.bulk.archived_articles import ArchivedArticleReader
from newscrawl.bulk.archived_page import ArchivedPage
from newscrawl.bulk.site_documents import SiteDocuments
from newscrawl.discovery.site_facts import SiteFacts
from newscrawl.extraction.fetched_page import FetchedPage
from newscrawl.sites import ALANEWS, site_at
from newscrawl.sites.example import EXAMPLE
from newscrawl.urls import Kind, SiteUrls

ORIGIN = "https://giornale.example"
SITE = site_at(ORIGIN)
URLS = SiteUrls(SITE)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

SAME = {
    # Canonical path and query: other forms of it.
    "/news/?id=12": [
        *("/news/?id=12#foto", "/news/?id=12&", "/news/?&id=12", "/news//?id=12"),
        *("/news/?utm_source=a&id=12&UTM_Medium=b", "/news/?fbclid=x&id=12&gclid=y&amp"),
        *(
            "/news/?id=12&amp=1",
            "/news/?id=12&print=1",
            "/news/?id=12&ref=home",
            "/news/amp/?id=12",
        ),
        *("/news/?id=12&id=12", "/news/?i%64=1%32", "/news/?id=12&q=", "/news/?id=12&=x"),
        *("/news/?id=12&PHPSESSID=ab1", "/news/?id=12&e-page-1a2b=3", "/news/?id=12&_ga=1.2"),
    ],
    "/index.php?id=7&option=com_content&view=article": [
        "/index.php?option=com_content&view=article&id=7",
        "/index.php?option=com_content&amp;view=article&amp;id=7",
        "/index.php?view=article&tmpl=component&print=1&id=7&option=com_content",
    ],
    "/articolo.php?id=5": ["/articolo.php?id=5#commenti", "/articolo.php?mc_cid=1&id=5"],
    "/Articolo.asp?ID=5": ["/Articolo.asp?ID=5&srsltid=x"],
    "/notizia.html?n=3": ["/notizia.html?n=3&igshid=x"],
    "/?id=12": ["?id=12&lang=", "/?utm_campaign=x&id=12"],
    "/?id=5&p=12": ["/?p=12&id=5"],
    "/?cat=5&id=9": ["/?id=9&cat=5"],
    "/News?id=12": ["/News?fbclid=x&id=12", "/News/../News?id=12#a", "/News/amp?id=12"],
    "/cronaca/?id=12": ["/cronaca/?id=12&gbraid=x"],
    "/news/?titolo=Citt%C3%A0%20nuova": [
        "/news/?titolo=Citt%c3%a0+nuova",
        "/news/?titolo=Città%20nuova",
    ],
    "/news/?titolo=Citt%E0": ["/news/?titolo=Citt%e0"],
    "/news/?a=1&a=2": ["/news/?a=1&utm_id=3&a=2"],
    "/news/?un-titolo": ["/news/?un-titolo&fbclid=x"],
    "/news/?ref=1234": ["/news/?ref=1234&gclid=x"],
    "/news/?id=5&page=2": ["/news/?page=2&id=5"],
    "/sport/il-titolo-qui/?id=4": ["/sport/il-titolo-qui/?id=4&utm_term=x"],
    "/?page_id=3": ["/?page_id=3&utm_source=x"],
    # Nothing but what tracks readers or chooses a view: as everywhere.
    "/": ["/?utm_source=x", "/?lang=en", "/?fbclid=1#a"],
    "/news/": ["/news/?page=2", "/news/?sort=data&order=desc", "/news/?", "/news/?amp"],
    "/sport/il-titolo-qui/": ["/sport/il-titolo-qui/?output=amp", "/sport/il-titolo-qui/2/"],
    "/?p=123": ["/?p=0123", "/?p=123&utm_source=x", "/?p=123&page=2", "/?lang=it&p=123"],
    "/?cat=5&paged=2": ["/?paged=2&cat=5&fbclid=x"],
    "/cronaca/": ["/cronaca/?page=3", "/cronaca/?start=20"],
    "/foto.jpg": ["/foto.jpg?w=1024"],
    "/wp-login.php": ["/wp-login.php?id=3"],
    "/wp-content/a/b.php": ["/wp-content/a/b.php?id=3"],
    "/feed/": ["/feed/?id=3"],
}


@pytest.mark.parametrize(
    ("path", "other"), [(path, other) for path, others in SAME.items() for other in others]
)
def test_one_document_has_one_address(path: str, other: str) -> None:
    assert URLS.canonical(other, f"{ORIGIN}/") == f"{ORIGIN}{path}"
    address = URLS.understand(f"{ORIGIN}{path}")
    assert address.url == f"{ORIGIN}{path}"
    assert URLS.understand(f"{ORIGIN}{other}" if other[0] == "/" else f"{ORIGIN}/{other}") in (
        address,
        replace(address, part=2),
    )


@pytest.mark.parametrize(
    "paths",
    [
        [f"/news/?id={number}" for number in range(3)],
        ["/news/?id=Ab", "/news/?id=aB", "/news/?ID=Ab", "/news/?id", "/news/?Ab"],
        ["/news/?a=1&a=2", "/news/?a=2&a=1", "/news/?a=1", "/news/?a=2"],
        ["/news/?id=1", "/news?id=1", "/News/?id=1", "/News?id=1"],
        ["/news/?t=a%26b=c", "/news/?t=a&b=c", "/news/?t=a%2Bb", "/news/?t=a+b"],
        ["/articolo.php?id=5", "/articolo.php?id=6", "/articolo.php", "/notizia.php?id=5"],
        ["/?p=12&id=5", "/?p=12&id=6", "/?p=12"],
        ["/index.php?page=chi-siamo", "/index.php?page=contatti"],
        ["/stampa.php?print=12", "/stampa.php?print=13"],
    ],
)
def test_other_documents_have_other_addresses(paths: list[str]) -> None:
    assert len({URLS.canonical(f"{ORIGIN}{path}") for path in paths}) == len(paths)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/news/?id=12", Kind.PAGE),
        ("/articolo.php?id=5", Kind.PAGE),
        ("/articolo.php", Kind.SERVICE),
        ("/?id=12", Kind.PAGE),
        ("/cronaca/?id=12", Kind.PAGE),
        ("/cronaca/?page=2", Kind.ARCHIVE),
        ("/sport/il-titolo-qui/?id=4", Kind.ARTICLE),
        ("/?p=12&id=5", Kind.PAGE),
        ("/?p=12", Kind.ARTICLE),
        ("/?s=parola&id=3", Kind.SERVICE),
        ("/documento.pdf?id=3", Kind.FILE),
    ],
)
def test_what_a_query_names_may_be_an_article(path: str, kind: Kind) -> None:
    address = URLS.understand(f"{ORIGIN}{path}")
    assert address.kind is kind
    if kind is Kind.PAGE:
        assert address.post_id is None


KNOWN = [EXAMPLE, ALANEWS, SiteFacts(permalinks=("/%postname%",)).of(SITE), SiteFacts().of(SITE)]


@pytest.mark.parametrize("site", KNOWN, ids=lambda site: site.key)
def test_with_permalinks_of_wordpress_a_query_names_nothing_but_a_post(
    site: newscrawl.sites.Site,
) -> None:
    urls = SiteUrls(site)
    for path in ("/chi-siamo/", "/sport/il-titolo-qui/", "/"):
        assert urls.canonical(f"{site.origin}{path}?id=12&x=y") == f"{site.origin}{path}"
    assert urls.canonical(f"{site.origin}/?x=y&p=7") == f"{site.origin}/?p=7"
    assert urls.canonical(f"{site.origin}/?x=y&page_id=7") == f"{site.origin}/?x=y&page_id=7"


QUERIES = st.lists(
    st.one_of(
        st.sampled_from([*"&=;%+?/", "amp;", "&id=5", "&p=7", "s=x", "utm_source=a", "page=2"]),
        st.sampled_from(["paged=2", "cat=3", "%26", "%", "preview", "feed", "&print", "=", "ref="]),
        st.text(max_size=3),
    ),
    max_size=8,
).map("".join)
PATHS = st.sampled_from(
    ["/", "/news/", "/a.php", "/index.html", "/sport/a-b-c/", "/tag/x", "/feed"]
)


@given(PATHS, QUERIES)
@example("/", "a&amp;s=x")
@example("/", "amp;s=x")
@example("/", "feed=¡")
@example("/", "s=\ud800è")
def test_a_canonical_address_is_its_own(path: str, query: str) -> None:
    address = URLS.understand(f"{ORIGIN}{path}?{query}")
    assert URLS.understand(address.url).url == address.url
    assert URLS.understand(address.url).kind is address.kind
    assert address.url.isascii()
    assert address.url.isprintable()


# --- Pages ------------------------------------------------------------------------------------


def page(number: int, head: str = "") -> str:
    text = f"Il consiglio comunale ha approvato il progetto numero {number} per il porto. " * 12
    return (
        f"<html lang='it'><head><title>Progetto {number} del porto</title>{head}"
        "<meta property='og:type' content='article'>"
        "<meta property='article:published_time' content='2026-11-20T09:00:00+01:00'></head>"
        f"<body><article><h1>Progetto {number} del porto</h1>"
        f"<p>{text}</p><p>{text}</p></article></body></html>"
    )


def canonical(url: str) -> str:
    return f"<link rel='canonical' href='{url}'>"


def extracted(url: str, html: str) -> newscrawl.Article:
    article = newscrawl.extract(html, url, fetched_at=NOW)
    assert article is not None
    fetched = FetchedPage(url, html.encode())
    archived = ArchivedPage(fetched, NOW, SiteDocuments())
    (of_archive,) = ArchivedArticleReader().read(archived).articles
    assert (of_archive.url, of_archive.id) == (article.url, article.id)
    return article


@pytest.mark.parametrize(
    "form",
    ["/news/?id={}", "/articolo.php?id={}", "/index.php?view=article&id={}&option=x", "/?a={}"],
)
def test_articles_that_only_the_query_tells_apart_are_several(form: str) -> None:
    articles = [extracted(ORIGIN + form.format(n), page(n)) for n in (12, 13)]
    assert len({article.url for article in articles}) == 2
    assert len({article.id for article in articles}) == 2
    decorated = f"{ORIGIN}{form.format(12)}&utm_source=x&fbclid=y#z"
    again = extracted(decorated, page(12))
    assert (again.url, again.id) == (articles[0].url, articles[0].id)


@pytest.mark.parametrize(
    ("fetched", "stated", "expected"),
    [
        # A shorter form of it, in any order.
        ("/news/?id=12&vista=breve", "/news/?id=12", "/news/?id=12"),
        ("/a.php?x=1&id=5&v=2", "/a.php?v=2&id=5&utm_source=x", "/a.php?id=5&v=2"),
        ("/news/?id=12", "/sport/progetto-del-porto/", "/sport/progetto-del-porto/"),
        # The path alone is that of an article, and an unknown parameter says nothing of it.
        (
            "/sport/progetto-del-porto/?x=1",
            "/sport/progetto-del-porto/",
            "/sport/progetto-del-porto/",
        ),
        ("/progetto-del-porto/?x=1", "/progetto-del-porto/", "/progetto-del-porto/"),
        # What a template writes on every page.
        ("/news/?id=12", "/news/", "/news/?id=12"),
        ("/articolo.php?id=5", "/articolo.php", "/articolo.php?id=5"),
        ("/cronaca/dettaglio/?id=5", "/cronaca/dettaglio/", "/cronaca/dettaglio/?id=5"),
        ("/news/?id=12", "/news/?id=13", "/news/?id=12"),
        ("/news/?id=12", "https://altrove.example/news/?id=13", "/news/?id=12"),
    ],
)
def test_a_credible_canonical_link_comes_first(fetched: str, stated: str, expected: str) -> None:
    stated = stated if stated.startswith("https:") else ORIGIN + stated
    article = extracted(ORIGIN + fetched, page(12, canonical(stated)))
    assert article.url == ORIGIN + expected


def test_a_page_of_wordpress_has_no_query_in_its_address() -> None:
    head = "<meta name='generator' content='WordPress 6.9'>"
    article = extracted(f"{ORIGIN}/sport/progetto-del-porto/?x=1", page(1, head))
    assert article.url == f"{ORIGIN}/sport/progetto-del-porto/"
    assert extracted(f"{ORIGIN}/?p=123&x=1", page(1, head)).url == f"{ORIGIN}/?p=123"
