"""The other sites that a twin can be: whole WordPress sites, with the truth known."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest

import newscrawl
from tests.support.answers import Answer, ask
from tests.support.stock_themes import LEAST_F1, LEAST_RIGHT, f1
from twin import addresses, faces, truth
from twin.process import TwinProcess
from twin.theme.areas import area
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin.content import Content
    from twin.faces import Face
    from twin.model import Switches

pytestmark = pytest.mark.e2e

SIZE = 60
OTHERS = [name for name in faces.NAMES if name != faces.DEFAULT]
# The others take a while.
CHOSEN = [
    name if name == "classic" else pytest.param(name, marks=pytest.mark.soak) for name in OTHERS
]
NEXT = {
    "jnews": "//a[contains(@class,'page_nav') and contains(@class,'next')]/@href",
    "classic": "//nav[@class='navigation pagination']//a[@class='next page-numbers']/@href",
    "block": "//a[@class='wp-block-query-pagination-next']/@href",
    "builder": "//nav[@class='elementor-pagination']/a[@class='page-numbers next']/@href",
}
CARDS = {
    "jnews": "//div[contains(@class,'_content_wrapper')]//h3[@class='jeg_post_title']/a/@href",
    "classic": "//main/article//h2[@class='entry-title']/a/@href",
    "block": "//ul[contains(@class,'wp-block-post-template')]/li/h2/a/@href",
    "builder": "//article[contains(@class,'elementor-post')]//h3/a/@href",
}
MENU = {
    "jnews": "//ul[contains(@class,'jeg_main_menu')]//li/a",
    "classic": "//nav//ul[@class='menu']//li[contains(@class,'menu-item')]/a",
    "block": "//nav[contains(@class,'wp-block-navigation')]"
    "//ul[contains(@class,'wp-block-navigation__container')]"
    "//li[contains(@class,'wp-block-navigation-item')]/a",
    "builder": "//nav[contains(@class,'elementor-nav-menu')]//li/a",
}
LAYOUTS = {"jnews": "jnews", "classic": "classic", "block": "block", "builder": "builder"}
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
HOST = "notizie.example:8001"
"""A host that is not registered; a loopback one is the default site's to `newscrawl.extract`."""
FIELDS = (
    "id", "site", "url", "headline", "subtitle", "authors", "date_published", "date_modified",
    "section", "keywords", "dateline", "image", "images", "videos", "links", "body", "blocks",
    "language", "word_count", "content_hash", "format",
)  # fmt: skip
PERMALINKS = {
    "jnews": r"/[a-z-]+/[^/]+/|/[a-z-]+/[a-z-]+/[^/]+/",
    "classic": r"/[^/]+/",
    "block": r"/\d{4}/\d\d/\d\d/[^/]+/",
    "builder": r"/archivi/\d+/",
}


@dataclass(frozen=True)
class Served:
    """A running twin that is another site."""

    name: str
    twin: TwinProcess
    switches: Switches
    face: Face
    content: Content

    def get(self, path: str) -> Answer:
        """Return the answer to a path or an address of the site."""
        return ask(self.twin.url, path.removeprefix(self.twin.url))

    def rest(self, path: str) -> list[dict[str, Any]]:
        """Return all records of a collection of the REST interface."""
        records: list[dict[str, Any]] = []
        page = last = 1
        while page <= last:
            answer = self.get(f"/wp-json/wp/v2/{path}?per_page=20&page={page}")
            assert answer.status == 200
            last = int(answer.headers["X-WP-TotalPages"])
            records += json.loads(answer.body)
            page += 1
        assert len(records) == int(answer.headers["X-WP-Total"])
        return records

    def archive(self, path: str) -> list[str]:
        """Return the addresses on a list's cards, from page to page by the links to the next."""
        links, following = [], self.twin.url + path
        while following:
            answer = self.get(following)
            assert answer.status == 200, following
            links += answer.page.xpath(CARDS[self.name])
            following = next(iter(answer.page.xpath(NEXT[self.name])), "")
        return links

    def posts(self, indexes: Any) -> list[str]:
        """Return the addresses of posts by their indexes."""
        cards = map(self.content.card, indexes)
        return [self.twin.url + addresses.path(card, self.switches) for card in cards]


@pytest.fixture(scope="module", params=CHOSEN)
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    with TwinProcess(size=SIZE, switches={"face": request.param}) as twin:
        chosen = faces.switches({"face": request.param})
        yield Served(request.param, twin, chosen, faces.of(chosen), twin.content())


def test_there_are_a_second_jnews_site_and_three_stock_themes() -> None:
    assert sorted(OTHERS) == sorted(LAYOUTS)
    chosen = {name: faces.switches({"face": name}) for name in OTHERS}
    assert {name: switches.layout for name, switches in chosen.items()} == LAYOUTS
    assert len({switches.permalinks for switches in chosen.values()}) == len(OTHERS)
    assert len({faces.of(switches).name for switches in chosen.values()}) == len(OTHERS)
    for switches in chosen.values():
        categories = faces.of(switches).by_key.values()
        assert len({category.slug for category in categories}) == len(categories)
        assert any(category.parent for category in categories)
        assert any(category.slug != category.name.lower() for category in categories)


def test_it_has_all_pages_of_a_site(served: Served) -> None:
    section = addresses.category_path("cronaca", served.switches)
    card = served.content.card(0)
    pages = {
        "/": "home",
        "/page/2/": "paged",
        section: f"archive category category-{served.face.by_key['cronaca'].slug} category-2",
        f"{section}page/2/": "paged-2",
        addresses.tag_path(card.tags[0]): "tag",
        addresses.author_path(card.authors[0].slug): "author",
        f"/{card.published:%Y/%m/%d}/": "date",
        "/?s=il": "search",
        f"/{next(iter(served.face.pages))}/": "page",
        addresses.path(card, served.switches): f"postid-{card.id}",
    }
    for path, classes in pages.items():
        page = served.get(path)
        assert page.status == 200, path
        named = page.page.xpath("//body/@class")[0]
        assert set(classes.split()) <= set(named.split()), path
        assert page.page.xpath("/html/@lang") == [served.face.lang]
        generators = page.page.xpath("//meta[@name='generator']/@content")
        assert any(text.startswith("WordPress") for text in generators)
        assert served.face.name in page.text
    missing = served.get("/una-pagina-che-non-esiste/")
    assert missing.status == 404
    assert "error404" in missing.page.xpath("//body/@class")[0]


def test_the_menu_names_every_section_and_more(served: Served) -> None:
    links = served.get("/").page.xpath(MENU[served.name])
    entries = {link.get("href"): link.text_content() for link in links}
    for key, category in served.face.by_key.items():
        address = served.twin.url + addresses.category_path(key, served.switches)
        assert entries[address] == category.name
        assert f"/{category.slug}/" in address
    if served.name != "jnews":
        others = [entries[f"{served.twin.url}/"], *list(entries.values())[-3:]]
        titles = [page.title for page in served.face.pages.values()]
        assert served.face.external
        assert others == ["Home", *titles, served.face.external[1]]


def test_each_archive_has_each_post_of_its_section_once(served: Served) -> None:
    for key in served.face.by_key:
        path = addresses.category_path(key, served.switches)
        assert served.archive(path) == served.posts(served.content.category(key)), path
    pages = -(-SIZE // 10)
    assert served.get(f"/page/{pages}/").status == 200
    assert served.get(f"/page/{pages + 1}/").status == 404


def test_tags_authors_and_days_list_their_posts(served: Served) -> None:
    card = served.content.card(3)
    slug = addresses.slugify(card.tags[0])
    person = card.authors[0].slug
    assert served.archive(f"/tag/{slug}/") == served.posts(served.content.tag(slug))
    assert served.archive(f"/author/{person}/") == served.posts(served.content.author(person))
    of_the_day = served.posts(served.content.day(card.published.date()))
    assert served.archive(f"/{card.published:%Y/%m/%d}/") == of_the_day


def test_rest_lists_the_posts_of_the_archives(served: Served) -> None:
    records = served.rest("posts")
    assert [record["link"] for record in records] == served.posts(range(SIZE))
    for record in records:
        card = served.content.by_id(record["id"])
        assert card is not None
        assert record["date"] == f"{card.published:%Y-%m-%dT%H:%M:%S}"
        published = datetime.fromisoformat(f"{record['date_gmt']}+00:00")
        assert published.timestamp() == card.published.timestamp()
    everywhere: set[str] = set()
    for key in served.face.by_key:
        everywhere |= set(served.posts(served.content.category(key)))
    assert everywhere == {record["link"] for record in records}


def test_rest_names_categories_tags_and_users(served: Served) -> None:
    categories = {record["id"]: record for record in served.rest("categories")}
    own = Counter(key for index in range(SIZE) for key in served.content.card(index).categories)
    for key, category in served.face.by_key.items():
        record = categories[category.id]
        assert record["slug"] == category.slug
        assert lxml.html.fromstring(record["name"]).text_content() == category.name
        assert record["link"] == served.twin.url + addresses.category_path(key, served.switches)
        assert record["count"] == own[key]
        parent = categories.get(record["parent"])
        chain = [c.slug for c in served.face.chain(key)]
        assert ([parent["slug"]] if parent else []) == chain[:-1]
    posts = served.rest("posts")
    users = {record["id"]: record["slug"] for record in served.rest("users")}
    tags = {record["id"]: record["slug"] for record in served.rest("tags")}
    for post in posts:
        card = served.content.by_id(post["id"])
        assert card is not None
        assert users[post["author"]] == card.authors[0].slug
        assert [tags[number] for number in post["tags"]] == list(map(addresses.slugify, card.tags))


def test_rest_s_index_names_the_site(served: Served) -> None:
    index = json.loads(served.get("/wp-json/").body)
    assert index["name"] == served.face.name
    assert index["description"] == served.face.description
    assert index["url"] == index["home"] == served.twin.url
    assert index["timezone_string"] == served.face.timezone
    assert index["gmt_offset"] == (0 if served.name == "block" else 1)
    assert "wp/v2" in index["namespaces"]


def test_feeds_and_sitemaps_name_the_posts(served: Served) -> None:
    section = addresses.category_path("esteri", served.switches)
    for path, indexes in (("/", range(SIZE)), (section, served.content.category("esteri"))):
        channel = ET.fromstring(served.get(f"{path}feed/").body)[0]  # noqa: S314 - the twin's own
        links = [item.findtext("link") for item in channel.iter("item")]
        assert links == served.posts(indexes)[:20]
        assert channel.findtext("language") == served.face.lang
        assert served.face.name in (channel.findtext("title") or "")
    robots = served.get("/robots.txt").text
    index = robots.partition("Sitemap: ")[2].strip()
    own = "sitemap_index.xml" if served.name == "jnews" else "wp-sitemap.xml"
    assert index == f"{served.twin.url}/{own}"
    locations: set[str] = set()
    for sitemap in ET.fromstring(served.get(index).body).iter(f"{SITEMAP}loc"):  # noqa: S314
        urls = ET.fromstring(served.get(str(sitemap.text)).body)  # noqa: S314 - the twin's own
        locations |= {str(url.text) for url in urls.iter(f"{SITEMAP}loc")}
    sections = (addresses.category_path(key, served.switches) for key in served.face.by_key)
    assert set(served.posts(range(SIZE))) <= locations
    assert {served.twin.url + path for path in sections} <= locations


def test_each_link_of_lists_leads_somewhere(served: Served) -> None:
    lists = ["/", "/page/2/", "/?s=il", *(f"/{slug}/" for slug in served.face.pages)]
    lists += [addresses.category_path(key, served.switches) for key in served.face.by_key]
    targets: dict[str, str] = {}
    for path in lists:
        for href in served.get(path).page.xpath("//a/@href"):
            target = urljoin(served.twin.url + path, href).partition("#")[0]
            if target.startswith(served.twin.url):
                targets.setdefault(target, path)
    assert len(targets) > SIZE
    statuses = {target: served.get(target).status for target in targets}
    wrong = {t: (status, targets[t]) for t, status in statuses.items()
             if status not in {200, 301, 302}}  # fmt: skip
    assert not wrong


def test_addresses_have_the_shape_of_the_site(served: Served) -> None:
    for address in served.posts(range(SIZE)):
        path = urlsplit(address).path
        assert re.fullmatch(PERMALINKS[served.name], path), path
        answer = served.get(path)
        assert answer.page.xpath("//link[@rel='canonical']/@href")[0] == address
        assert served.get(path.rstrip("/")).headers["Location"] == address
    card = served.content.card(0)
    short = served.get(f"/?p={card.id}")
    assert short.headers["Location"] == served.posts([0])[0]


def test_faults_know_what_an_address_of_the_site_names(served: Served) -> None:
    index = Index(served.content)
    site = Site(served.content, served.switches, served.twin.url, index)
    for card in map(served.content.card, range(SIZE)):
        path = addresses.path(card, served.switches)
        assert area(site, Asked(path)) == ("article", 1)
    for key in served.face.by_key:
        path = addresses.category_path(key, served.switches)
        assert area(site, Asked(f"{path}page/2/")) == ("archive", 2)


def test_articles_are_read_as_the_truth_says(served: Served) -> None:
    origin, content = f"http://{HOST}", served.content
    right: Counter[str] = Counter()
    wrong: dict[str, tuple[str, Any, Any]] = {}
    scores = []
    for post in content.posts:
        path = addresses.path(post, served.switches)
        page = ask(served.twin.url, path, Host=HOST)
        item = newscrawl.extract(page.body, origin + path, fetched_at=content.now)
        expected = truth.article(
            post, content, served.switches, fetched_at=content.now, now=content.now, origin=origin
        )
        if expected is None:
            assert item is None, path
            continue
        if served.name == "jnews" and len(post.pages) > 1:
            # An article in several pages is read whole by a crawl only.
            continue
        assert item is not None, path
        scores.append(f1(item.body, expected.body))
        for name in FIELDS:
            value, read = (_comparable(name, getattr(i, name)) for i in (expected, item))
            right[name] += value == read
            if value != read:
                wrong[name] = (path, value, read)
        # The sections above a post's own are known once the site is.
        own = {served.face.by_key[key].name for key in post.categories}
        assert own <= set(item.sections) <= set(expected.sections)
        assert item.publisher
        assert item.publisher.registration == served.face.registration
    assert len(scores) > SIZE * 0.9
    assert sum(scores) / len(scores) >= LEAST_F1
    assert not {name: wrong[name] for name in FIELDS if right[name] < LEAST_RIGHT * len(scores)}


def _comparable(name: str, value: Any) -> Any:
    """Return a field's value, dates as moments and addresses without their scheme."""
    if name.startswith("date_") and value:
        return datetime.fromisoformat(value)
    return repr(value).replace(f"https://{HOST}", f"http://{HOST}")


def test_the_truth_is_of_the_address_where_the_site_is_served(served: Served) -> None:
    items = truth.expected(served.content, served.switches, origin=served.twin.url)
    key = served.twin.url.removeprefix("http://").replace(":", "-")
    assert len(items) == SIZE - len(truth.not_articles(served.content, served.switches))
    addresses_of_posts = set(served.posts(range(SIZE)))
    for name, item in items.items():
        assert name == item.id
        assert item.id.startswith(f"{key}:")
        assert item.site == key
        assert item.url in addresses_of_posts
        assert item.language == served.face.language
        assert item.publisher
        assert item.publisher.name == served.face.name
        assert "alanews" not in repr(item).lower()


def test_a_site_in_another_zone_has_its_own_days() -> None:
    chosen = faces.switches({"face": "block"})
    content = TwinProcess(size=SIZE, switches={"face": "block"}).content()
    rome = TwinProcess(size=SIZE).content()
    later = [i for i in range(SIZE)
             if content.card(i).published.date() != rome.card(i).published.date()]  # fmt: skip
    assert later
    for index in later:
        card = content.card(index)
        assert card.published.timestamp() == rome.card(index).published.timestamp()
        assert index in content.day(card.published.date())
        assert f"/{card.published:%Y/%m/%d}/" in addresses.path(card, chosen)


def test_an_unknown_site_is_one_clear_line() -> None:
    with pytest.raises(RuntimeError, match=r"^the twin did not start: twin: .*classic.*$"):
        TwinProcess(size=SIZE, switches={"face": "rivista"}).start()
