"""Faults of a running twin: which answers have them and what their bytes are."""

from __future__ import annotations

import gzip
import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.answers import Answer, ask
from tests.support.crawling import ROOT
from twin import addresses
from twin.content import Content
from twin.faults import AREAS, KINDS
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.e2e

SIZE = 150
CONTENT = Content(size=SIZE)
DEFAULT = Switches()
ARTICLE = addresses.path(CONTENT.card(CONTENT.category("esteri")[0]), DEFAULT)
SECTION = "/category/cronaca/"
SHOWN = "//div[@class='jnews_category_content_wrapper']//h3/a/@href"
NEXT = "//a[@class='page_nav next']/@href"
REST = "/wp-json/wp/v2/posts?per_page=5"
PLACES = {
    "article": ARTICLE,
    "archive": f"{SECTION}page/2/",
    "home": "/",
    "feed": "/feed/",
    "sitemap": "/post-sitemap.xml",
    "rest": REST,
    "robots": "/robots.txt",
}


@pytest.fixture(scope="module")
def running() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as process:
        yield process


@pytest.fixture
def twin(running: TwinProcess) -> Iterator[TwinProcess]:
    yield running
    running.set_faults([])


def under(twin: TwinProcess, path: str = ARTICLE, **fault: Any) -> Answer:
    twin.set_faults([fault])
    return ask(twin.url, path)


def paths(twin: TwinProcess, page: Any, xpath: str = SHOWN) -> list[str]:
    return [link.removeprefix(twin.url) for link in page.xpath(xpath)]


def usual(numbers: range) -> list[str]:
    """Return the addresses at these places of the section's list, behind its hero."""
    positions = CONTENT.category("cronaca")
    return [addresses.path(CONTENT.card(positions[4 + n]), DEFAULT) for n in numbers]


# Which answers have a fault


@pytest.mark.parametrize("area", AREAS)
def test_a_fault_is_limited_to_one_kind_of_page(twin: TwinProcess, area: str) -> None:
    twin.set_faults([{"kind": "status", "value": 521, "on": area}])
    statuses = {name: ask(twin.url, path).status for name, path in PLACES.items()}
    assert statuses == {name: 521 if name == area else 200 for name in PLACES}


def test_a_fault_is_limited_to_one_page_of_archives_and_to_the_first_answers(
    twin: TwinProcess,
) -> None:
    twin.set_faults([{"kind": "soft404", "status": 404, "on": "archive", "page": 2, "times": 1}])
    statuses = [ask(twin.url, f"{SECTION}page/{number}/").status for number in (2, 3, 2)]
    assert statuses == [404, 200, 200]


def test_a_page_of_an_article_and_a_script_s_list_are_of_their_kind(twin: TwinProcess) -> None:
    parted = next(c for c in map(CONTENT.card, range(SIZE)) if "pages-3" in c.edge_cases)
    second = f"{addresses.path(parted, DEFAULT)}2/"
    assert under(twin, second, kind="status", on="article").status == 503
    assert under(twin, "/?s=il", kind="status", on="home").status == 200
    more = "/?ajax-request=jnews&data[current_page]=3"
    assert under(twin, more, kind="status", on="archive", page=3).status == 503


def test_a_share_of_the_addresses_has_a_fault_every_time(twin: TwinProcess) -> None:
    twin.set_faults([{"kind": "empty", "on": "article", "share": 0.5}])
    cards = [addresses.path(CONTENT.card(index), DEFAULT) for index in range(30)]
    first, second = ({path for path in cards if not ask(twin.url, path).body} for _ in range(2))
    assert first == second
    assert 5 < len(first) < 25


# Other pages in place of the page


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ({"kind": "maintenance"}, 503, "Briefly unavailable for scheduled maintenance"),
        ({"kind": "maintenance", "status": 200}, 200, "Briefly unavailable"),
        ({"kind": "database_error"}, 500, "Error establishing a database connection"),
        ({"kind": "database_error", "status": 200}, 200, "Error establishing"),
        ({"kind": "wall", "value": "challenge", "status": 202}, 202, "Just a moment"),
        ({"kind": "soft404"}, 200, "Page Not Found"),
        ({"kind": "soft404", "value": "page"}, 200, "non è stata trovata"),
        ({"kind": "soft404", "value": "article"}, 200, "non è stata trovata"),
        ({"kind": "status", "value": 521}, 521, "521"),
    ],
)
def test_another_page_stands_for_the_article(
    twin: TwinProcess, fault: dict[str, Any], status: int, words: str
) -> None:
    answer = under(twin, **fault)
    assert answer.status == status
    assert words in answer.text
    assert CONTENT.card(CONTENT.category("esteri")[0]).slug not in str(answer.headers)
    assert ("Retry-After" in answer.headers) == (fault == {"kind": "maintenance"})


def test_a_soft_404_has_the_frame_of_the_theme(twin: TwinProcess) -> None:
    page = under(twin, kind="soft404", value="article").page
    assert page.xpath("//h1[@class='jeg_post_title']/text()") == ["Pagina non trovata"]
    assert page.xpath("//ul[contains(@class, 'jeg_main_menu')]")
    assert "single-post" in page.find("body").get("class")


@pytest.mark.parametrize("fault", [{"kind": "empty"}, {"kind": "status", "value": 204},
                                   {"kind": "status", "value": 304}])  # fmt: skip
def test_an_answer_without_a_body(twin: TwinProcess, fault: dict[str, Any]) -> None:
    answer = under(twin, **fault)
    assert (answer.status, answer.body) == (fault.get("value", 200), b"")


def test_retry_after_is_seconds_or_a_date(twin: TwinProcess) -> None:
    assert under(twin, kind="status", value=429, retry_after=7).headers["Retry-After"] == "7"
    answer = under(twin, kind="status", value=503, retry_after="date:120")
    wait = parsedate_to_datetime(answer.headers["Retry-After"])
    sent = parsedate_to_datetime(answer.headers["Date"])
    assert 110 < (wait - sent).total_seconds() < 130


# The page, damaged


def test_a_page_is_cut(twin: TwinProcess) -> None:
    whole = len(ask(twin.url, ARTICLE).body)
    first = under(twin, kind="truncate", value=900)
    assert (first.status, len(first.body)) == (200, 900)
    half = under(twin, kind="partial")
    assert (half.status, len(half.body)) == (206, whole // 2)
    assert half.headers["Content-Range"] == f"bytes 0-{whole // 2 - 1}/{whole}"


def test_a_page_is_named_or_packed_in_the_wrong_way(twin: TwinProcess) -> None:
    plain = under(twin, kind="content_type")
    assert plain.headers["Content-Type"].startswith("text/plain")
    assert b"</html>" in plain.body
    packed = under(twin, kind="gzip")
    assert "Content-Encoding" not in packed.headers
    assert b"</html>" in gzip.decompress(packed.body)


def test_a_small_answer_inflates_above_any_limit(twin: TwinProcess) -> None:
    answer = under(twin, kind="inflate")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.body) < 200_000
    assert len(gzip.decompress(answer.body)) == 17 * 1024 * 1024


# Redirects


def test_redirects_to_pages_of_the_site(twin: TwinProcess) -> None:
    home = under(twin, kind="redirect")
    assert (home.status, home.headers["Location"]) == (302, "/")
    there = under(twin, kind="redirect", value="http://localhost:{port}/x?da={path}", status=307)
    port = twin.url.rpartition(":")[2]
    assert there.status == 307
    assert there.headers["Location"] == f"http://localhost:{port}/x?da={ARTICLE}"


def test_redirects_that_never_end(twin: TwinProcess) -> None:
    turn = under(twin, kind="cookie_loop")
    assert (turn.headers["Location"], turn.status) == (ARTICLE, 302)
    cookie = turn.headers["Set-Cookie"].partition(";")[0]
    assert ask(twin.url, ARTICLE, Cookie=cookie).status == 302
    twin.set_faults([{"kind": "cookie_loop", "value": "until_sent"}])
    assert ask(twin.url, ARTICLE).status == 302
    assert ask(twin.url, ARTICLE, Cookie=cookie).status == 200
    other = under(twin, kind="loop", value="pair").headers["Location"]
    assert other != ARTICLE
    assert ask(twin.url, other).headers["Location"] == ARTICLE


def test_a_consent_host_shows_a_cookie_wall(twin: TwinProcess) -> None:
    answer = under(twin, kind="consent", on="article")
    port = twin.url.rpartition(":")[2]
    assert answer.headers["Location"] == f"http://localhost:{port}/consenso/?ritorno={ARTICLE}"
    wall = ask(twin.url, "/consenso/", Host=f"localhost:{port}")
    assert wall.status == 200
    assert "cookie" in wall.text.lower()


def test_the_site_moves_to_another_host(twin: TwinProcess) -> None:
    port = twin.url.rpartition(":")[2]
    for path in ("/", "/robots.txt", ARTICLE):
        answer = under(twin, path, kind="moved")
        assert (answer.status, answer.headers["Location"]) == (
            301,
            f"http://localhost:{port}{path}",
        )
        assert ask(twin.url, path, Host=f"localhost:{port}").status == 200


# Archives


def test_an_archive_s_page_without_its_list(twin: TwinProcess) -> None:
    path = f"{SECTION}page/2/"
    empty = under(twin, path, kind="no_list", on="archive", page=2)
    assert empty.status == 200
    assert empty.page.xpath("//div[@class='jeg_empty_module']")
    assert not paths(twin, empty.page)
    assert not empty.page.xpath(NEXT)
    assert under(twin, path, kind="no_list", value="next").page.xpath(NEXT)
    assert paths(twin, under(twin, path, kind="no_list", page=3).page) == usual(range(10, 20))


def test_an_archive_s_page_breaks_off_in_its_list(twin: TwinProcess) -> None:
    broken = under(twin, f"{SECTION}page/2/", kind="truncate", value="list", on="archive")
    assert b"</html>" not in broken.body
    seen = paths(twin, broken.page)
    assert 0 < len(seen) < 10
    assert seen == usual(range(10, 20))[: len(seen)]
    assert not broken.page.xpath(NEXT)


def test_pinned_posts_take_the_first_places(twin: TwinProcess) -> None:
    first = paths(twin, under(twin, SECTION, kind="sticky", value=6, on="archive").page)
    second = paths(twin, ask(twin.url, f"{SECTION}page/2/").page)
    positions = CONTENT.category("cronaca")
    older = {addresses.path(CONTENT.card(p), DEFAULT) for p in positions[len(positions) // 2 :]}
    assert set(first[:6]) <= older
    assert first[6:] == usual(range(4))
    assert second == usual(range(4, 14))
    assert len(under(twin, SECTION, kind="sticky", value=12).page.xpath(SHOWN)) == 10


@pytest.mark.parametrize("value", ["invented", "old"])
def test_an_archive_that_never_ends(twin: TwinProcess, value: str) -> None:
    last = -(-len(CONTENT.category("cronaca")) // 10)
    assert under(twin, f"{SECTION}page/{last}/", kind="endless", value=value).page.xpath(NEXT)
    known = {addresses.path(CONTENT.card(p), DEFAULT) for p in CONTENT.category("cronaca")}
    pages = [ask(twin.url, f"{SECTION}page/{number}/") for number in (last + 1, last + 2, 9_999)]
    lists = [paths(twin, answer.page) for answer in pages]
    assert [len(links) for links in lists] == [10, 10, 10]
    assert len({tuple(links) for links in lists}) == 3
    assert all(answer.page.xpath(NEXT) for answer in pages)
    links = {link for found in lists for link in found}
    assert links <= known if value == "old" else not links & known
    twin.set_faults([])
    assert ask(twin.url, next(iter(links))).status == (200 if value == "old" else 404)
    assert ask(twin.url, f"{SECTION}page/{last + 1}/").status == 404


# Sitemaps, REST, robots.txt


def locations(twin: TwinProcess, path: str) -> list[str]:
    answer = ask(twin.url, path)
    assert answer.status == 200
    return [url.removeprefix(twin.url) for url in re.findall(r"<loc>(.*?)</loc>", answer.text)]


def test_robots_txt_names_several_sitemaps(twin: TwinProcess) -> None:
    robots = under(twin, "/robots.txt", kind="sitemap_lines", value=4).text
    lines = re.findall(r"(?m)^Sitemap: (.*)$", robots)
    posts = [url.removeprefix(twin.url) for url in lines if "post-sitemap" in url]
    assert len(posts) == 4
    found = [path for name in posts for path in locations(twin, name)]
    assert sorted(found) == sorted(
        addresses.path(c, DEFAULT) for c in map(CONTENT.card, range(SIZE))
    )


def test_an_index_names_indexes(twin: TwinProcess) -> None:
    twin.set_faults([{"kind": "sitemap_nested"}])
    inner = locations(twin, "/sitemap_index.xml")
    assert len(inner) == 3
    names = [name for path in inner for name in locations(twin, path)]
    posts = [path for name in names if "/post-sitemap" in name for path in locations(twin, name)]
    assert len(posts) == len(set(posts)) == SIZE
    twin.set_faults([])
    assert locations(twin, "/sitemap_index.xml")[0] == "/post-sitemap.xml"
    assert ask(twin.url, inner[0]).status == 404


def test_rest_without_totals(twin: TwinProcess) -> None:
    assert "X-WP-TotalPages" in ask(twin.url, REST).headers
    answer = under(twin, REST, kind="drop_headers", on="rest")
    assert answer.status == 200
    assert not {"X-WP-Total", "X-WP-TotalPages"} & set(answer.headers)
    assert "Link" in answer.headers


def test_robots_txt_forbids_more(twin: TwinProcess) -> None:
    lines = "Disallow: /category/"
    robots = under(twin, "/robots.txt", kind="robots_lines", on="robots", value=lines).text
    assert robots.endswith("User-agent: *\nDisallow: /category/\n")


def test_another_page_stands_at_the_address(twin: TwinProcess) -> None:
    twin.set_faults([{"kind": "other_page", "value": SECTION, "on": "archive", "page": 2}])
    other, asked = ask(twin.url, SECTION), ask(twin.url, f"{SECTION}page/2/")
    assert asked.status == 200
    assert paths(twin, asked.page) == paths(twin, other.page) == usual(range(10))


def test_every_kind_of_fault_is_documented() -> None:
    page = (ROOT / "twin" / "README.md").read_text(encoding="utf-8")
    assert {name for name in KINDS if f"| `{name}` |" not in page} == set()


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "empty", "on": "shop"},
        {"kind": "endless", "value": "never"},
        {"kind": "status", "page": "2"},
        {"kind": "status", "retry_after": "date:soon"},
        {"kind": "sticky", "value": "many"},
    ],
)
def test_a_wrong_fault_is_refused(twin: TwinProcess, bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="faults: "):
        twin.set_faults([bad])
