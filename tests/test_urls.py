"""One canonical address for each page, and what an address alone tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscrawl.sites import ALANEWS, Section, by_host
from newscrawl.sites.example import EXAMPLE
from newscrawl.sites.unregistered import site_of_page
from newscrawl.urls import Kind, SiteUrls

if TYPE_CHECKING:
    from collections.abc import Callable

URLS = SiteUrls(ALANEWS)
SITE = "https://www.alanews.it"
DATED = f"{SITE}/2026/09/22/cronaca/video/rabbino-aggredito-a-milano/"
NAMED = f"{SITE}/esteri/usa-e-giappone-firmano-intesa-sulle-terre-rare/"

ARTICLES = {
    # The address shapes seen on the site: path, day, sections.
    "/esteri/usa-e-giappone-firmano-intesa": (None, ("esteri",)),
    "/esteri/i-primi-12-mesi-della-seconda-presidenza-trump/": (None, ("esteri",)),
    "/politica/europee-sala-sono-qui/amp": (None, ("politica",)),
    "/2026/09/12/politica/meloni-a-tutto-campo/": ("2026/09/12", ("politica",)),
    "/2026/09/22/cronaca/video/rabbino-aggredito/": ("2026/09/22", ("cronaca", "video")),
    "/2026/01/05/tensione-a-napoli-contestazione/": ("2026/01/05", ()),
    "/cronaca/video/rabbino-aggredito-a-milano/": (None, ("cronaca", "video")),
    "/2026/09/12/esteri/2026/": ("2026/09/12", ("esteri",)),
    "/esteri/g20/": (None, ("esteri",)),
}


@pytest.mark.parametrize(("path", "day", "sections"), [(p, *v) for p, v in ARTICLES.items()])
def test_every_shape_of_an_article_is_one(
    path: str, day: str | None, sections: tuple[str, ...]
) -> None:
    address = URLS.understand(SITE + path)
    assert address.kind is Kind.ARTICLE
    assert (address.day, address.sections) == (day, sections)


KINDS = {
    "/": Kind.HOME,
    "": Kind.HOME,
    "/?utm_source=x": Kind.HOME,
    "/chi-siamo/": Kind.PAGE,
    "/esteri/": Kind.ARCHIVE,
    "/esteri/page/3/": Kind.ARCHIVE,
    "/category/esteri/": Kind.ARCHIVE,
    "/categoria/esteri/": Kind.ARCHIVE,
    "/category/cronaca/page/9": Kind.ARCHIVE,
    "/cronaca/video/": Kind.ARCHIVE,
    "/sport/calcio/": Kind.ARCHIVE,
    "/category/sport/calcio/page/2/": Kind.ARCHIVE,
    "/page/2/": Kind.ARCHIVE,
    "/2026/": Kind.DAY,
    "/2026/09/": Kind.DAY,
    "/2026/09/12/": Kind.DAY,
    "/tag/donald-trump/": Kind.TAG,
    "/tag/donald-trump/page/2/": Kind.TAG,
    "/author/marco-andreoli/": Kind.AUTHOR,
    "/feed/": Kind.FEED,
    "/esteri/feed/": Kind.FEED,
    "/esteri/un-titolo-qui/feed/": Kind.FEED,
    "/esteri/un-titolo-qui/embed/": Kind.EMBED,
    "/esteri/un-titolo-qui/trackback/": Kind.EMBED,
    "/?s=trump": Kind.SERVICE,
    "/?ajax-request=jnews": Kind.SERVICE,
    "/?p=12&preview=true": Kind.SERVICE,
    "/?attachment_id=3": Kind.SERVICE,
    "/?page_id=3": Kind.SERVICE,
    "/wp-login.php": Kind.SERVICE,
    "/wp-json/wp/v2/posts/12": Kind.SERVICE,
    "/xmlrpc.php": Kind.SERVICE,
    "/wp-content/uploads/2026/09/Foto-1.JPG": Kind.FILE,
    "/wp-content/uploads/2026/09/Foto-1.JPG?x=1": Kind.FILE,
    # The whole section under a day, whose next pages do not exist.
    "/2026/09/12/esteri/": Kind.TRAP,
    "/2026/09/12/cronaca/video/": Kind.TRAP,
    "/a/a/a/": Kind.TRAP,
    "/esteri/x-y/x-y/x-y/": Kind.TRAP,
}


@pytest.mark.parametrize(("path", "kind"), KINDS.items())
def test_other_pages_are_told_from_articles(path: str, kind: Kind) -> None:
    assert URLS.understand(SITE + path).kind is kind


@pytest.mark.parametrize("path", ["/2026/09/12/esteri/2/", "/2026/09/12/esteri/page/2/"])
def test_what_follows_a_trap_is_no_article_and_no_archive(path: str) -> None:
    assert URLS.understand(SITE + path).kind not in {Kind.ARTICLE, Kind.ARCHIVE}


@pytest.mark.parametrize("path", ["/2026/13/45/esteri/un-titolo-qui/", "/2026/02/30/esteri/a-b/"])
def test_a_day_that_does_not_exist_is_not_taken_for_one(path: str) -> None:
    assert URLS.understand(SITE + path).day is None


BEFORE: dict[str, Callable[[str], str]] = {
    "nothing": lambda url: url,
    "http": lambda url: url.replace("https:", "http:"),
    "no www": lambda url: url.replace("www.", ""),
    "port 443": lambda url: url.replace(".it/", ".it:443/"),
    "port 80": lambda url: url.replace("https", "http").replace(".it/", ".it:80/"),
    "host in capitals": lambda url: url.replace("www.alanews.it", "WWW.AlaNews.IT"),
    "scheme in capitals": lambda url: url.replace("https", "HTTPS"),
    "path in capitals": lambda url: SITE + url.removeprefix(SITE).upper(),
    "two slashes": lambda url: SITE + url.removeprefix(SITE).replace("/", "//"),
    "line break": lambda url: url.replace("/", "/\n", 4),
}
WITHIN: dict[str, Callable[[str], str]] = {
    "nothing": lambda url: url,
    "no slash": lambda url: url.rstrip("/"),
    "amp": lambda url: f"{url}amp/",
    "amp without slash": lambda url: f"{url}amp",
    "amp twice": lambda url: f"{url}amp/amp/",
    "autoload": lambda url: f"{url}autoload/",
    "part": lambda url: f"{url}2/",
    "part and amp": lambda url: f"{url}2/amp/",
    "amp and part": lambda url: f"{url}amp/2/",
    "session": lambda url: f"{url.rstrip('/')};jsessionid=1A2B",
}
BEHIND = {
    "nothing": "",
    "?amp": "?amp",
    "?amp=1": "?amp=1",
    "fragment": "#respond",
    "bare question mark": "?",
    "reply": "?replytocom=17#respond",
    "share": "?share=facebook&nb=1",
    "utm": "?utm_source=a&utm_medium=b&utm_campaign=c%20d",
    "clicks": "?fbclid=IwAR0&gclid=x",
    "white space": " \n",
}


@pytest.mark.parametrize("url", [DATED, NAMED])
@pytest.mark.parametrize(
    ("before", "within", "behind"),
    [
        *[(name, "nothing", "nothing") for name in BEFORE],
        *[("nothing", name, "nothing") for name in WITHIN],
        *[("nothing", "nothing", name) for name in BEHIND],
    ],
)
def test_a_decoration_does_not_make_another_article(
    before: str, within: str, behind: str, url: str
) -> None:
    assert URLS.canonical(WITHIN[within](BEFORE[before](url)) + BEHIND[behind]) == url


@given(*map(st.sampled_from, ([DATED, NAMED], sorted(BEFORE), sorted(WITHIN), sorted(BEHIND))))
def test_nor_do_all_of_them(url: str, before: str, within: str, behind: str) -> None:
    assert URLS.canonical(WITHIN[within](BEFORE[before](url)) + BEHIND[behind]) == url


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/archivi/1490/", Kind.ARTICLE),
        ("/archivi/titolo/", Kind.PAGE),
        ("/altro/1490/", Kind.PAGE),
        ("/1490/", Kind.PAGE),
    ],
)
def test_a_permalink_may_end_in_a_number(path: str, kind: Kind) -> None:
    urls = SiteUrls(replace(EXAMPLE, permalinks=("/archivi/%post_id%",)))
    assert urls.understand(f"{EXAMPLE.origin}{path}").kind is kind


@pytest.mark.parametrize("url", [DATED, NAMED])
def test_a_part_is_known_by_its_number(url: str) -> None:
    assert URLS.understand(f"{url}3/").part == 3
    assert URLS.understand(url).part == 1


@pytest.mark.parametrize(
    "url",
    ["/?p=123", "/?p=0123", "?p=123", "/?p=123&utm_source=x#a", "/?fbclid=1&p=123"],
)
def test_a_post_id_keeps_its_query(url: str) -> None:
    address = URLS.understand(url, f"{SITE}/")
    assert (address.url, address.post_id) == (f"{SITE}/?p=123", 123)
    assert address.kind is Kind.ARTICLE


@pytest.mark.parametrize("query", ["p=", "p=x", "p=-1", "p=1.5", "p=" + "1" * 5_000])
def test_what_is_no_post_id_names_no_article(query: str) -> None:
    assert URLS.understand(f"{SITE}/?{query}").kind is not Kind.ARTICLE


def test_escapes_are_written_as_wordpress_writes_them() -> None:
    forms = ("perch%C3%A9-no", "perch%c3%a9-no", "PERCH%C3%89-no", "perché-no", "p%65rché-no")
    assert {URLS.canonical(f"{SITE}/esteri/{form}/") for form in forms} == {
        f"{SITE}/esteri/perch%c3%a9-no/"
    }


def test_a_file_keeps_its_case_and_gets_no_slash() -> None:
    found = URLS.canonical("http://alanews.it/wp-content/uploads/Foto%20Ansa-À.JPG?w=1#x")
    assert found == f"{SITE}/wp-content/uploads/Foto%20Ansa-%C3%80.JPG"


@pytest.mark.parametrize(
    "url",
    [
        "https://tv.alanews.it/2026/01/05/tensione-a-napoli",
        "https://www.alanews.it.example.com/esteri/a-b-c/",
        "https://notalanews.it/esteri/a-b-c/",
        "https://www.alanews.it@example.com/esteri/a-b-c/",
        "https://example.com/https://www.alanews.it/esteri/a-b-c/",
        "https://www.alanews.it:8080/esteri/a-b-c/",
        "ftp://www.alanews.it/esteri/a-b-c/",
        "mailto:redazione@alanews.it",
        "javascript:alert(1)",
        "data:text/html,x",
        "tel:+3906",
        "file:///etc/passwd",
        "http://[::1",
        "http://[www.alanews.it]/esteri/a-b-c/",
        "https://www.alanews.it:port/esteri/a-b-c/",
        "https://www.alanews.it\u2100/",
    ],
)
def test_other_sites_and_no_web_addresses_are_foreign(url: str) -> None:
    assert URLS.understand(url).kind is Kind.FOREIGN


@pytest.mark.parametrize("url", ["mailto:a@b.it", "javascript:x", "tel:1", "", "http://[::1"])
def test_only_web_addresses_are_public(url: str) -> None:
    assert URLS.public(url) is None


def test_foreign_addresses_are_public_as_they_are() -> None:
    url = "https://Example.com/A?b=c&d=E#f"
    assert URLS.public(url) == "https://Example.com/A?b=c&d=E#f"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("../../politica/a-b-c/", f"{SITE}/politica/a-b-c/"),
        ("/politica/a-b-c/", f"{SITE}/politica/a-b-c/"),
        ("//alanews.it/politica/a-b-c", f"{SITE}/politica/a-b-c/"),
        ("", NAMED),
        ("#x", NAMED),
        ("?share=x", NAMED),
    ],
)
def test_relative_addresses_are_resolved(href: str, expected: str) -> None:
    assert URLS.canonical(href, NAMED) == expected


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    urls = SiteUrls(ALANEWS)
    joined = urls.canonical(f"{SITE}/esteri/ /x-y-z/")
    assert urls.canonical("/x-y-z/", f"{SITE}/esteri/") == f"{SITE}/x-y-z/" != joined


def test_dots_are_resolved_with_and_without_a_base() -> None:
    url = f"{SITE}/esteri/../politica/./a-b-c/"
    assert URLS.canonical(url) == URLS.canonical(url, SITE) == f"{SITE}/politica/a-b-c/"


class TestServedElsewhere:
    urls = SiteUrls(ALANEWS, "http://127.0.0.1:8000/")

    def test_what_is_read_there_names_the_live_site(self) -> None:
        found = self.urls.canonical("http://127.0.0.1:8000/esteri/a-b-c/?x=1")
        assert found == f"{SITE}/esteri/a-b-c/"

    def test_what_is_wanted_is_fetched_there(self) -> None:
        assert self.urls.fetchable(NAMED) == NAMED.replace(SITE, "http://127.0.0.1:8000")

    @pytest.mark.parametrize("url", ["https://example.com/", "https://www.alanews.it.evil.com/"])
    def test_another_site_stays_where_it_is(self, url: str) -> None:
        assert self.urls.fetchable(url) == url

    def test_a_path_before_the_site_is_no_section(self) -> None:
        urls = SiteUrls(ALANEWS, "https://staging.example.com/copy")
        assert urls.canonical("https://staging.example.com/copy/esteri/a-b-c/") == (
            f"{SITE}/esteri/a-b-c/"
        )
        assert urls.fetchable(NAMED) == NAMED.replace(SITE, "https://staging.example.com/copy")

    def test_only_its_host_is_asked(self) -> None:
        assert self.urls.host_names() == ["127.0.0.1"]
        assert URLS.host_names() == ["alanews.it", "www.alanews.it"]

    def test_any_host_may_be_taken_to_serve_the_site(self) -> None:
        assert URLS.at(NAMED) is URLS
        assert URLS.at("http://[::1]:80/esteri/").base_url == "http://[::1]:80"
        assert URLS.at("http://[::1") is URLS


PIECES = st.sampled_from(
    [*"/?#&=;:.%@[]\\ \t\n-_", "esteri", "video", "2026", "09", "12", "2", "amp", "page", "?p=1"]
)
PATHS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=10).map("".join)
WEB = st.builds("{}{}".format, st.sampled_from([f"{SITE}/", "http://alanews.it", "//"]), PATHS)
ADDRESSES = st.one_of(st.text(), PATHS, WEB)
WILD = st.text(st.characters(exclude_categories=()))


@given(st.one_of(ADDRESSES, WILD, WILD.map(f"{SITE}/".__add__)))
@example(f"{SITE}/esteri/\ud800-a/")
@example(f"{SITE}/?p=" + "9" * 5_000)
def test_no_text_raises(text: str) -> None:
    URLS.canonical(text)
    URLS.understand(text, NAMED)
    URLS.public(text, NAMED)


@pytest.mark.parametrize(
    "url", ["http://", "https:///", "HTTP:@/", "http://@/a", "https://a:b@", "http://:80/"]
)
def test_a_web_address_without_a_host_is_not_one(url: str) -> None:
    assert URLS.public(url) is None
    assert URLS.public(url, f"{SITE}/a/") is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://www.alanews.it./esteri/un-titolo-qui/", "https://www.alanews.it"),
        ("https://ALANEWS.IT.:443/esteri/un-titolo-qui/", "https://www.alanews.it"),
        ("https://giornale.example./esteri/un-titolo-qui/", "https://giornale.example"),
        ("http://giornale.example.:8001/esteri/un-titolo-qui/", "http://giornale.example:8001"),
        ("https://www./esteri/un-titolo-qui/", "https://www"),
    ],
)
def test_the_dot_of_the_root_is_not_another_host(url: str, origin: str) -> None:
    site = by_host(urlsplit(url).hostname or "") or site_of_page(url)
    found = SiteUrls(site).understand(url)
    assert (found.url, found.kind) == (f"{origin}/esteri/un-titolo-qui/", Kind.ARTICLE)


@given(ADDRESSES)
@example("////")
@example("HTTP:@/")
@example("//@///")
@example(f"{SITE}/2000/:/0")
@example(f"{SITE}/a%252525.jpg")
@example(f"{SITE}/esteri/a-b/amp/2/")
@example(f"{SITE}/esteri/titolo-di-un-articolo/3/2/")
@example(f"{SITE}/0/2/")
@example(f"{SITE}/esteri/2/")
def test_a_canonical_address_is_its_own(text: str) -> None:
    address = URLS.understand(text)
    again = URLS.understand(address.url)
    assert again.url == address.url
    assert again.kind is address.kind or address.kind is Kind.FOREIGN


@given(WEB)
def test_a_canonical_address_of_the_site_is_plain(text: str) -> None:
    address = URLS.understand(text, SITE)
    if address.kind is not Kind.FOREIGN:
        assert address.url.startswith(f"{SITE}/")
        assert address.url.isascii()
        assert address.url.isprintable()
        assert "#" not in address.url


def test_a_path_that_looks_like_a_host_is_a_path() -> None:
    found = SiteUrls(ALANEWS).understand("https://www.alanews.it//[/./x")
    assert found.url.startswith("https://www.alanews.it/")


@pytest.mark.parametrize(
    ("path", "canonical", "kind"),
    [
        ("/category/esteri/?query-0-page=2", "/category/esteri/?query-0-page=2", Kind.ARCHIVE),
        ("/?utm=x&query-12-page=3&cst", "/?query-12-page=3", Kind.ARCHIVE),
        ("/notizie/?query-page=02", "/notizie/?query-page=2", Kind.ARCHIVE),
        ("/tag/nato/?e-page-1a2b3c4=2", "/tag/nato/?e-page-1a2b3c4=2", Kind.TAG),
        ("/category/esteri/?query-0-page=1", "/category/esteri/", Kind.ARCHIVE),
        ("/category/esteri/?page=2", "/category/esteri/", Kind.ARCHIVE),
        ("/notizie/?query-0-page=x", "/notizie/", Kind.PAGE),
        # An article with a list of others in it is the same on all its pages.
        ("/2026/11/09/esteri/un-titolo/?query-3-page=2", "/2026/11/09/esteri/un-titolo/", None),
    ],
)
def test_pages_of_a_list_that_a_parameter_numbers(
    path: str, canonical: str, kind: Kind | None
) -> None:
    urls = SiteUrls(EXAMPLE, "http://127.0.0.1:8000")
    address = urls.understand(f"http://127.0.0.1:8000{path}")
    assert address.url == f"https://www.example.it{canonical}"
    assert address.kind is (kind or Kind.ARTICLE)
    assert urls.understand(address.url) == address
    assert urls.fetchable(address.url) == f"http://127.0.0.1:8000{canonical}"


def test_a_title_alone_is_an_article_where_the_site_s_permalinks_say_so() -> None:
    site = replace(
        ALANEWS,
        permalinks=("/%postname%",),
        sections=(Section("sport", "Sport", url="https://www.alanews.it/argomenti/sport/"),),
    )
    urls = SiteUrls(site)
    assert urls.understand("https://www.alanews.it/il-titolo/").kind is Kind.ARTICLE
    assert urls.understand("https://www.alanews.it/argomenti/sport/").kind is Kind.ARCHIVE
    assert urls.understand("https://www.alanews.it/sport/").kind is Kind.ARCHIVE
    assert urls.understand("https://www.alanews.it/").kind is Kind.HOME
    assert SiteUrls(ALANEWS).understand("https://www.alanews.it/il-titolo/").kind is Kind.PAGE


FORMS = [
    # permalinks, trailing slash, as linked, canonical, kind
    ((), False, "/sport/un-titolo-qui/", "/sport/un-titolo-qui", Kind.ARTICLE),
    ((), False, "/sport/un-titolo-qui/2/", "/sport/un-titolo-qui", Kind.ARTICLE),
    ((), False, "/category/sport/page/2/", "/category/sport/page/2", Kind.ARCHIVE),
    ((), False, "/", "/", Kind.HOME),
    ((), True, "/sport/un-titolo.html", "/sport/un-titolo.html", Kind.FILE),
    (("/%postname%.html",), False, "/Un-Titolo.html", "/un-titolo.html", Kind.ARTICLE),
    (("/%postname%.html",), False, "/un-titolo.html/2", "/un-titolo.html", Kind.ARTICLE),
    (("/%postname%.html",), False, "/chi-siamo/", "/chi-siamo", Kind.PAGE),
    (("/%postname%.html",), False, "/sport/foto.jpg", "/sport/foto.jpg", Kind.FILE),
    (("/%category%/%postname%.html",), False, "/x/y.html", "/x/y.html", Kind.ARTICLE),
    (("/%postname%",), True, "/il-titolo/3/", "/il-titolo/", Kind.ARTICLE),
    ((), True, "/?cat=5", "/?cat=5", Kind.ARCHIVE),
    ((), True, "/?cat=5&paged=3&utm_source=x", "/?cat=5&paged=3", Kind.ARCHIVE),
    ((), True, "/index.php?cat=5", "/index.php", Kind.SERVICE),
    ((), True, "/?cat=x", "/", Kind.HOME),
    ((), True, "/?paged=2", "/?paged=2", Kind.ARCHIVE),
    ((), True, "/?tag=nato", "/?tag=nato", Kind.TAG),
    ((), True, "/?author=7", "/?author=7", Kind.AUTHOR),
    ((), True, "/?m=202611", "/?m=202611", Kind.DAY),
    ((), True, "/?feed=rss2&cat=5", "/?feed=rss2&cat=5", Kind.FEED),
    ((), True, "/?p=7&page=2", "/?p=7", Kind.ARTICLE),
    ((), True, "/sport/pagina/2/", "/sport/pagina/2/", Kind.ARCHIVE),
    ((), True, "/sport/?paged=2", "/sport/", Kind.ARCHIVE),
]


@pytest.mark.parametrize(("permalinks", "trailing_slash", "path", "canonical", "kind"), FORMS)
def test_the_form_of_addresses_is_the_site_s(
    permalinks: tuple[str, ...], path: str, canonical: str, kind: Kind, *, trailing_slash: bool
) -> None:
    site = replace(EXAMPLE, permalinks=permalinks, trailing_slash=trailing_slash)
    urls = SiteUrls(site)
    address = urls.understand(f"{site.origin}{path}")
    assert (address.url, address.kind) == (f"{site.origin}{canonical}", kind)
    again = urls.understand(address.url)
    assert (again.url, again.kind) == (address.url, kind)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (r"http:\\www.alanews.it\esteri\un-titolo-qui", f"{SITE}/esteri/un-titolo-qui/"),
        (r"\\www.alanews.it\esteri\un-titolo-qui\\", f"{SITE}/esteri/un-titolo-qui/"),
        (r"\esteri\un-titolo-qui", f"{SITE}/esteri/un-titolo-qui/"),
        ("///www.alanews.it/esteri/un-titolo-qui/", f"{SITE}/esteri/un-titolo-qui/"),
        ("http:/www.alanews.it/esteri/un-titolo-qui/", f"{SITE}/esteri/un-titolo-qui/"),
        ("https:/esteri/un-titolo-qui/", f"{SITE}/esteri/un-titolo-qui/"),
        ("https:../un-titolo-qui/", f"{SITE}/cronaca/un-titolo-qui/"),
        ("https:////www.alanews.it/esteri/un-titolo-qui/", f"{SITE}/esteri/un-titolo-qui/"),
        ("/esteri/%2E%2e/cronaca/un-titolo-qui/", f"{SITE}/cronaca/un-titolo-qui/"),
        (r"http:\\evil.example\esteri\un-titolo-qui", None),
        (r"\\evil.example\esteri\un-titolo-qui", None),
        (r"/\evil.example/esteri/un-titolo-qui", None),
        ("http:evil.example/esteri/un-titolo-qui", None),
        ("https:///evil.example/esteri/un-titolo-qui", None),
        (r"https://evil.example\@www.alanews.it/esteri/un-titolo-qui/", None),
        (r"https:\\x@www.alanews.it\esteri\un-titolo-qui", None),
        (r"javascript:\\www.alanews.it\esteri\un-titolo-qui", None),
    ],
)
def test_d6_addresses_are_read_as_browsers_read_them(url: str, expected: str | None) -> None:
    address = URLS.understand(url, f"{SITE}/cronaca/un-altro-titolo/")
    if expected is None:
        assert address.kind is Kind.FOREIGN
    else:
        assert (address.kind, address.url) == (Kind.ARTICLE, expected)
