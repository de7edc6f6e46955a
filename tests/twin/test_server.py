"""The twin's server: a real process on a free port, asked as a crawler would ask."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import lxml.html
import pytest

from tests.support import preloaded
from tests.support.answers import Answer, ask
from tests.support.waiting import HANG
from twin import addresses, dating, faces
from twin.__main__ import CHOICES, switches
from twin.content import Content
from twin.faults import KINDS, read
from twin.model import Switches
from twin.process import TwinProcess
from twin.theme import router
from twin.theme.index import Index
from twin.theme.reply import Asked
from twin.theme.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from twin.model import Card

pytestmark = pytest.mark.e2e

SIZE = 150
CONTENT = Content(size=SIZE)
INDEX = Index(CONTENT)
DEFAULT = Switches()
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as process:
        yield process


@pytest.fixture
def troubled(twin: TwinProcess) -> Iterator[TwinProcess]:
    twin.reset()
    yield twin
    twin.set_faults([])


def with_edge_case(name: str) -> Card:
    return next(card for card in map(CONTENT.card, range(SIZE)) if name in card.edge_cases)


def plain() -> Card:
    """Return a usual article with a picture and a category of its own."""
    unusual = {"multi-category", "protected", "pages-2", "pages-3", "slug-accents"}
    return next(
        card
        for card in map(CONTENT.card, range(SIZE))
        if card.picture and card.format == "standard" and not card.edge_cases & unusual
        and len(card.authors) == 1 and card.categories == ("esteri",)
    )  # fmt: skip


def rendered(path: str, chosen: Switches) -> Any:
    """Return a page made without a process: the theme is a function of path and switches."""
    answer = router.answer(Site(CONTENT, chosen, "http://twin.test", INDEX), Asked(path))
    assert answer.status == 200, path
    return lxml.html.document_fromstring(answer.encoded())


def article(card: Card, **chosen: Any) -> Any:
    wanted = Switches(**chosen)
    return rendered(addresses.path(card, wanted), wanted)


def texts(page: Any, xpath: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in page.xpath(xpath)]


# Pages


def test_article_has_the_theme_s_markup(twin: TwinProcess) -> None:
    card = plain()
    path = addresses.path(card, DEFAULT)
    found = ask(twin.url, path)
    page = found.page
    assert found.status == 200
    assert found.body.rstrip().endswith(b"</html>")
    assert 35_000 < len(found.body) < 110_000
    assert texts(page, "//h1[@class='jeg_post_title']") == [" ".join(card.title.split())]
    assert page.xpath("//link[@rel='canonical']/@href") == [twin.url + path]
    assert page.xpath("//link[@rel='shortlink']/@href") == [f"{twin.url}/?p={card.id}"]
    assert texts(page, "//div[@class='jeg_meta_author']/a") == [card.authors[0].name]
    assert len(page.xpath("//ul[contains(@class, 'jeg_main_menu')]")) == 2
    assert len(page.xpath("//ul[contains(@class, 'jeg_mobile_menu')]")) == 1
    assert page.xpath("//*[@id='post-body-class']/@class") == page.xpath("//body/@class")
    assert len(page.xpath("//div[@class='jnews_related_post_container']//article")) == 6
    assert found.text.count(str(faces.of(DEFAULT).registration)) == 2
    assert texts(page, "//div[contains(@class, 'jeg_top_date')]") == [
        dating.header_text(CONTENT.now)
    ]


def test_article_s_headers_are_wordpress_s(twin: TwinProcess) -> None:
    card = plain()
    found = ask(twin.url, addresses.path(card, DEFAULT))
    assert f"<{twin.url}/?p={card.id}>; rel=shortlink" in found.links
    assert f"<{twin.url}/wp-json/wp/v2/posts/{card.id}>" in found.links[1]
    assert not {"ETag", "Last-Modified"} & set(found.headers)


def test_two_renders_differ_in_random_ids_only(twin: TwinProcess) -> None:
    path = addresses.path(plain(), DEFAULT)
    first, second = (ask(twin.url, path).text for _ in range(2))
    ids = re.compile(r"jnews_(?:module_)?(?:\d*_\d+_)?[0-9a-f]{13}")
    assert first != second
    assert ids.sub("X", first) == ids.sub("X", second)


@pytest.mark.parametrize("position", range(SIZE))
def test_every_post_has_a_whole_page(position: int) -> None:
    card = CONTENT.card(position)
    page = article(card)
    assert f"postid-{card.id}" in page.find("body").get("class").split()
    assert len(page.xpath("//div[@class='content-inner ']")) == 1


def test_addresses_of_an_article(twin: TwinProcess) -> None:
    card = plain()
    path = addresses.path(card, DEFAULT)
    right = twin.url + path
    day, other = f"/{card.published:%Y/%m/%d}", "/1999/01/01"
    expected = {
        path: (200, None),
        f"{path}?utm_source=x": (200, None),
        path.rstrip("/"): (301, right),
        path.upper(): (301, right),
        f"/?p={card.id}": (301, right),
        f"/esteri/{card.slug}/": (301, right),
        f"/{card.slug}/": (301, right),
        f"{day}/sport/{card.slug}/": (301, right),
        f"{path}2/": (301, right),
        f"{other}/esteri/{card.slug}/": (404, None),
        f"{day}/{card.slug}/": (404, None),
        f"{path}amp/": (404, None),
        f"{path}autoload/": (404, None),
        f"{path}trackback/": (404, None),
        "/?p=999999999": (404, None),
    }
    for asked, (status, location) in expected.items():
        found = ask(twin.url, asked)
        assert (asked, found.status, found.headers.get("Location")) == (asked, status, location)


def test_what_looks_like_an_article_and_is_none(twin: TwinProcess) -> None:
    card = plain()
    path = addresses.path(card, DEFAULT)
    embed = ask(twin.url, f"{path}embed/")
    assert embed.status == 200
    assert "single-post" in embed.page.find("body").get("class")
    assert not embed.page.xpath("//h1")
    assert card.picture is not None
    name = card.picture.path.rpartition("/")[2].rpartition(".")[0]
    attached = ask(twin.url, f"{path}{name}/")
    assert attached.status == 200
    assert "attachment" in attached.page.find("body").get("class")
    locked = with_edge_case("protected")
    page = ask(twin.url, addresses.path(locked, DEFAULT)).page
    assert texts(page, "//h1")[0].startswith("Protetto: ")
    assert page.xpath("//div[@class='content-inner ']/form[@class='post-password-form']")
    assert page.xpath("//h2[@class='jeg_post_subtitle']")
    assert ask(twin.url, f"{path}feed/").text.count("<item>") == 0
    for slug in ("chi-siamo", "redazione"):
        assert ask(twin.url, f"/{slug}/").status == 200


def test_parts_of_one_article(twin: TwinProcess) -> None:
    card = with_edge_case("pages-3")
    path = addresses.path(card, DEFAULT)
    second = ask(twin.url, f"{path}2/").page
    assert second.xpath("//link[@rel='canonical']/@href") == [f"{twin.url}{path}2/"]
    assert " – Page 2" in second.findtext(".//title")
    assert texts(second, "//span[@class='page_info']") == ["Page 2 of 3"]
    links = second.xpath("//div[@class='nav_link']/a[@class='page_number']/@href")
    assert links == [twin.url + path, f"{twin.url}{path}3/"]
    past = ask(twin.url, f"{path}4/")
    assert (past.status, past.headers["Location"]) == (301, twin.url + path)


def test_percent_escapes_in_a_slug(twin: TwinProcess) -> None:
    path = addresses.path(with_edge_case("slug-accents"), DEFAULT)
    assert "%c3%a9" in path
    assert ask(twin.url, path).status == 200
    assert ask(twin.url, path.replace("%c3%a9", "%C3%A9")).status == 200


# Lists


def test_section_s_hero_and_list(twin: TwinProcess) -> None:
    first = ask(twin.url, "/category/cronaca/").page
    second = ask(twin.url, "/category/cronaca/page/2/").page
    hero = "//div[@class='jnews_category_hero_container']//h2/a/@href"
    shown = "//div[@class='jnews_category_content_wrapper']//h3/a/@href"
    assert first.xpath(hero) == second.xpath(hero)
    paths = [twin.url + addresses.path(CONTENT.card(p), DEFAULT) for p in
             CONTENT.category("cronaca")[:24]]  # fmt: skip
    assert first.xpath(hero) + first.xpath(shown) + second.xpath(shown) == paths
    last = -(-len(CONTENT.category("cronaca")) // 10)
    assert texts(second, "//span[@class='page_info']") == [f"Page 2 of {last}"]
    assert ask(twin.url, "/category/cronaca/page/1/").headers["Location"].endswith("/cronaca/")
    assert ask(twin.url, f"/category/cronaca/page/{last + 1}/").status == 404


def test_the_pager_counts_posts_that_only_the_hero_shows(twin: TwinProcess) -> None:
    sizes = {slug: len(CONTENT.category(slug)) for slug in ("sport", "calcio", "salute", "video",
             "cultura", "ambiente", "economia", "esteri", "politica", "cronaca")}  # fmt: skip
    slug, count = next((s, n) for s, n in sizes.items() if n > 10 and 1 <= n % 10 <= 4)
    path = addresses.category_path(slug, DEFAULT)
    found = ask(twin.url, f"{path}page/{-(-count // 10)}/")
    assert found.status == 200
    assert found.page.xpath("//div[@class='jeg_empty_module']")
    assert len(found.page.xpath("//div[@class='jnews_category_hero_container']//article")) == 4


def test_home_and_archives(twin: TwinProcess) -> None:
    home = ask(twin.url, "/").page
    cards = "//div[@class='jnews_index_content_wrapper']//article"
    assert not home.xpath("//h1")
    assert len(home.xpath(cards)) == 17
    assert len(home.xpath("//a/@href")) > len(set(home.xpath("//a/@href")))
    card = plain()
    day = f"/{card.published:%Y/%m/%d}/"
    assert texts(ask(twin.url, day).page, "//h1")[0].startswith("Day: Novembre")
    month = ask(twin.url, f"/{card.published:%Y/%m}/").page
    assert texts(month, "//h1")[0].startswith("Month: Novembre")
    assert not ask(twin.url, addresses.author_path(card.authors[0].slug)).page.xpath("//h1")
    assert texts(ask(twin.url, addresses.tag_path(card.tags[0])).page, "//h1")[0].startswith("Tag:")
    search = ask(twin.url, "/?s=il").page
    assert "noindex" in search.xpath("//meta[@name='robots']/@content")[0]


def test_a_day_with_a_section_behind_it_is_the_whole_section(twin: TwinProcess) -> None:
    day = f"/{plain().published:%Y/%m/%d}"
    found = ask(twin.url, f"{day}/esteri/")
    assert found.status == 200
    assert found.page.xpath("//a[@class='page_number']/@href")[0].endswith(f"{day}/esteri/page/2/")
    assert ask(twin.url, f"{day}/esteri/page/2/").status == 404
    assert ask(twin.url, f"{day}/cronaca/video/").status == 404


def test_the_404_page_lists_articles(twin: TwinProcess) -> None:
    found = ask(twin.url, "/2026/11/20/esteri/non-esiste/")
    assert found.status == 404
    assert len(found.page.xpath("//div[@class='jnews_404_content_wrapper']//article")) == 10


def block(page: Any) -> dict[str, Any]:
    """Return the attributes in a list's script, as the theme's JavaScript posts them."""
    wrapper = page.xpath("//div[@class='jnews_category_content_wrapper']")[0]
    script = wrapper.xpath(".//script/text()")[0]
    found: dict[str, Any] = json.loads(script.partition(" = ")[2].rstrip(";"))
    assert wrapper.xpath(".//@data-unique")[0] in script
    return found


def form(attributes: dict[str, Any], page: int) -> dict[str, str]:
    sent = {"action": f"jnews_module_ajax_{attributes['class']}", "module": "true"}
    sent |= {"data[filter]": "0", "data[filter_type]": "all", "data[current_page]": str(page)}
    for name, value in attributes.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        sent[f"data[attribute][{name}]"] = text
    return sent


@pytest.mark.parametrize("hero", [True, False])
@pytest.mark.parametrize("mode", ["nextprev", "loadmore", "scrollload"])
def test_load_more_gives_the_pages(mode: str, *, hero: bool) -> None:
    with TwinProcess(size=SIZE, switches={"archive": mode, "hero": hero}) as twin:
        first = ask(twin.url, "/category/cronaca/").page
        wrapper = first.xpath("//div[@class='jnews_category_content_wrapper']")[0]
        assert set(wrapper.xpath(".//div[@class='jeg_block_navigation']//a/@href")) == {"#"}
        attributes, page, more = block(first), 2, True
        while more:
            reply = json.loads(ask(twin.url, "/?ajax-request=jnews", form(attributes, page)).body)
            static = ask(twin.url, f"/category/cronaca/page/{page}/").page
            shown = "//div[@class='jnews_category_content_wrapper']//h3/a/@href"
            assert lxml.html.fromstring(reply["content"]).xpath("//h3/a/@href") == (
                static.xpath(shown)
            )
            assert reply["prev"] is True
            page, more = page + 1, reply["next"]
        past = json.loads(ask(twin.url, "/?ajax-request=jnews", form(attributes, page)).body)
        assert "jeg_empty_module" in past["content"]
        assert past["next"] is False
        greedy = form({**attributes, "number_post": 500}, 1)
        cards = json.loads(ask(twin.url, "/?ajax-request=jnews", greedy).body)["content"]
        assert cards.count("<article") == 20
        query = f"/?ajax-request=jnews&{urlencode(form(attributes, 2))}"
        assert json.loads(ask(twin.url, query).body)["content"].count("<article") == 10


def test_the_box_within_the_text_pages_too(twin: TwinProcess) -> None:
    card = plain()
    page = ask(twin.url, addresses.path(card, DEFAULT)).page
    box = page.xpath("//div[@class='jnews_inline_related_post']")[0]
    attributes = json.loads(box.xpath(".//script/text()")[0].partition(" = ")[2].rstrip(";"))
    assert attributes["exclude_post"] == card.id
    shown = box.xpath(".//h3[@class='jeg_post_title']/a/@href")
    for number, wanted in ((1, shown), (2, None)):
        reply = json.loads(ask(twin.url, "/?ajax-request=jnews", form(attributes, number)).body)
        links = lxml.html.fromstring(reply["content"]).xpath("//h3/a/@href")
        assert len(links) == 3
        assert twin.url + addresses.path(card, DEFAULT) not in links
        assert wanted in (links, None)
        assert number == 1 or not set(links) & set(shown)


@pytest.mark.parametrize("style", ["nav_1", "nav_2", "nav_3"])
def test_numbered_pagers(style: str) -> None:
    page = rendered("/category/cronaca/", Switches(archive=style))
    box = page.xpath(f"//div[contains(@class, 'jeg_page{style.replace('_', '_')}')]")
    links = box[0].xpath("./a[@class='page_nav next']/@href")
    assert links == ["http://twin.test/category/cronaca/page/2/"]


# Services


def test_robots_names_the_sitemap(twin: TwinProcess) -> None:
    text = ask(twin.url, "/robots.txt").text
    assert f"Sitemap: {twin.url}/sitemap_index.xml" in text
    assert "ajax-request" not in text


def test_sitemaps_hold_every_post(twin: TwinProcess) -> None:
    assert ask(twin.url, "/sitemap.xml").headers["Location"] == f"{twin.url}/sitemap_index.xml"
    index = ET.fromstring(ask(twin.url, "/sitemap_index.xml").body)  # noqa: S314 - our own
    first = index.findtext(f"{SITEMAP}sitemap/{SITEMAP}loc") or ""
    posts = ET.fromstring(ask(twin.url, first.removeprefix(twin.url)).body)  # noqa: S314 - our own
    assert {loc.text for loc in posts.iter(f"{SITEMAP}loc")} == {
        twin.url + addresses.path(CONTENT.card(p), DEFAULT) for p in range(SIZE)
    }
    assert len(list(posts.iter(f"{SITEMAP}lastmod"))) == SIZE


def test_feeds_answer_304(twin: TwinProcess) -> None:
    found = ask(twin.url, "/feed/")
    feed = ET.fromstring(found.body)  # noqa: S314 - our own
    assert len(feed.findall("channel/item")) == 20
    assert ask(twin.url, "/feed/?paged=2").body != found.body
    tag, changed = found.headers["ETag"], found.headers["Last-Modified"]
    assert ask(twin.url, "/feed/", If_None_Match=tag).status == 304
    assert ask(twin.url, "/feed/", If_Modified_Since=changed).status == 304
    assert ask(twin.url, "/feed/", If_None_Match='"other"').status == 200
    assert ask(twin.url, "/category/cronaca/feed/").text.count("<item>") == 20


def test_rest_pages_through_all_posts(twin: TwinProcess) -> None:
    path = "/wp-json/wp/v2/posts?per_page=100&_fields=id,link"
    found = ask(twin.url, path)
    assert (found.headers["X-WP-Total"], found.headers["X-WP-TotalPages"]) == (str(SIZE), "2")
    records = json.loads(found.body) + json.loads(ask(twin.url, f"{path}&page=2").body)
    assert [record["id"] for record in records] == [CONTENT.card(p).id for p in range(SIZE)]
    (nested,) = json.loads(
        ask(twin.url, "/wp-json/wp/v2/posts?per_page=1&_fields=id,content.protected").body
    )
    assert [*nested] == ["id", "content"]
    assert [*nested["content"]] == ["protected"]
    past = ask(twin.url, f"{path}&page=3")
    assert past.status == 400
    assert json.loads(past.body)["code"] == "rest_post_invalid_page_number"
    newer = json.loads(ask(twin.url, f"{path}&after=2026-11-20T00:00:00").body)
    limit = "2026-11-20"
    assert len(newer) == sum(f"{CONTENT.card(p).published:%Y-%m-%d}" >= limit for p in range(SIZE))
    locked = with_edge_case("protected")
    record = json.loads(ask(twin.url, f"/wp-json/wp/v2/posts?slug={locked.slug}").body)[0]
    assert record["content"] == {"rendered": "", "protected": True}
    sections = json.loads(ask(twin.url, "/wp-json/wp/v2/categories?per_page=100").body)
    assert len(sections) == 12


def test_files(twin: TwinProcess) -> None:
    picture = ask(twin.url, "/wp-content/uploads/2026/01/una-foto-750x375.jpg")
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert picture.body.startswith(b"\xff\xd8")


def test_pages_name_the_host_they_are_asked_at(twin: TwinProcess) -> None:
    page = ask(twin.url, "/", Host="www.alanews.it").page
    assert "http://www.alanews.it/category/esteri/" in page.xpath("//a/@href")


# Switches


@pytest.mark.parametrize(
    ("chosen", "old", "canonical"),
    [
        ({"permalinks": "named"}, "dated", "named"),
        ({"permalinks": "changed-redirect"}, "named", "dated"),
        ({"permalinks": "changed-both"}, "named", "dated"),
    ],
)
def test_generations_of_addresses(chosen: dict[str, str], old: str, canonical: str) -> None:
    paths = {"named": addresses.named_path, "dated": addresses.dated_path}
    card = plain()
    with TwinProcess(size=SIZE, switches=chosen) as twin:
        found = ask(twin.url, paths[old](card))
        right = twin.url + paths[canonical](card)
        if chosen["permalinks"] == "changed-both":
            assert found.status == 200
            assert found.page.xpath("//link[@rel='canonical']/@href") == [right]
        else:
            assert (found.status, found.headers["Location"]) == (301, right)
        assert ask(twin.url, paths[canonical](card)).status == 200


def test_old_addresses_stay_in_related_posts() -> None:
    chosen = Switches(permalinks="changed-redirect")
    old = next(c for c in map(CONTENT.card, reversed(range(SIZE))) if "esteri" in c.categories)
    assert addresses.is_old(old)
    assert addresses.linked_path(old, chosen) == addresses.named_path(old)


@pytest.mark.parametrize("base", ["category", "bare", "categoria"])
def test_category_bases(base: str) -> None:
    chosen = Switches(category_base=base)
    path = addresses.category_path("calcio", chosen)
    assert texts(rendered(path, chosen), "//h1") == ["Calcio"]
    assert f"http://twin.test{path}" in rendered("/", chosen).xpath("//li//a/@href")


def test_metadata() -> None:
    card = plain()
    script, published = "//script[@type='application/ld+json']", "//meta[@property='article:{}']"
    for kind in CHOICES["metadata"]:
        page = article(card, metadata=kind)
        data = [json.loads(node.text) for node in page.xpath(script)]
        yoast = [e for d in data for e in d.get("@graph", []) if "headline" in e]
        own = [d for d in data if d.get("@type") == "article"]
        assert len(yoast) == (kind in ("yoast", "both"))
        assert len(own) == (kind in ("jnews", "both"))
        assert len(page.xpath(published.format("published_time"))) == len(yoast)
        assert len(page.xpath("//meta[@property='og:title']")) == len(yoast) + len(own)
        assert len(page.xpath("//link[@rel='canonical']")) == 1
        utc = card.published.astimezone(dating.UTC).isoformat(timespec="seconds")
        assert [e["datePublished"] for e in yoast] == [utc] * len(yoast)
        naive = f"{card.published:%Y-%m-%d %H:%M:%S}"
        assert [e["datePublished"] for e in own] == [naive] * len(own)


@pytest.mark.parametrize("kind", CHOICES["visible_date"])
def test_visible_dates(kind: str) -> None:
    card = with_edge_case("updated")
    chosen = Switches(visible_date=kind)
    shown = texts(article(card, visible_date=kind), "//div[@class='jeg_meta_date']/a")[0]
    assert shown == dating.single(card, chosen, CONTENT.now)
    listed = rendered(f"{addresses.category_path(card.categories[0], chosen)}", chosen)
    assert texts(listed, "//div[@class='jeg_meta_date']/a")


@pytest.mark.parametrize("template", CHOICES["template"])
def test_templates(template: str) -> None:
    card = plain()
    page = article(card, template=template)
    assert card.picture is not None
    full = f"http://twin.test/{card.picture.path}"
    body = page.find("body").get("class")
    assert (f"jeg_single_tpl_{template}" in body) is (template != "custom")
    assert len(page.xpath("//h1[@class='jeg_post_title']")) == 1
    assert len(page.xpath("//div[contains(@class, 'jeg_meta_date')]/a[not(i)]")) == 1
    crumbs = page.xpath("//*[@id='breadcrumbs']")
    assert len(crumbs) == (template != "10")
    captions = texts(page, "//p[@class='wp-caption-text']")
    if template in ("4", "5", "6"):
        style = page.xpath("//div[@class='jeg_featured_img']/@style")[0]
        assert style == f"background-image: url({full});"
        assert not captions
    elif template == "10":
        assert page.xpath("//div[@class='jeg_featured_bg']/img/@src") == [full]
        assert not captions
    else:
        assert page.xpath("//div[contains(@class, 'jeg_featured')]/a/@href") == [full]


@pytest.mark.parametrize("mode", CHOICES["images"])
def test_images(mode: str) -> None:
    card = plain()
    page = article(card, images=mode)
    assert card.picture is not None
    box = page.xpath("//div[contains(@class, 'featured_image')]/a")[0]
    named = "@title" if mode == "background" else "@alt"
    assert box.xpath(f".//*/{named}") == [card.picture.alt]
    attribute = {"lazy": "data-src", "normal": "src", "background": "data-bgset"}[mode]
    assert box.xpath(f".//@{attribute}")[0].endswith("-750x375.jpg")


def test_byline_names_two_authors_at_most() -> None:
    card = with_edge_case("coauthors-4")
    byline = "//div[contains(@class, 'entry-header')]//div[contains(@class, 'jeg_meta_author')]"
    page = article(card)
    assert texts(page, f"{byline}/a") == [person.name for person in card.authors[:2]]
    assert texts(page, byline)[0].endswith("and 2 others")
    graph = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)["@graph"]
    named = [person["name"] for person in graph[0]["author"]]
    assert named == [person.name for person in card.authors]
    alone = article(card, coauthors=False)
    assert texts(alone, f"{byline}/a") == [card.authors[0].name]


def test_furniture() -> None:
    names = "jeg_meta_category jeg_meta_reading_time jeg_meta_zoom jeg_prevnext_post jeg_authorbox"
    for on in (True, False):
        page = article(plain(), furniture=on)
        for name in [*names.split(), "jeg_popup_post", "jeg_progress_container"]:
            assert bool(page.xpath(f"//*[contains(@class, '{name}')]")) is on, name


def test_boxes_within_the_text() -> None:
    inner = "//div[@class='content-inner ']"
    wrapper = f"{inner}/div[contains(@class, 'jnews_inline_related_post_wrapper')]"
    assert article(plain()).xpath(wrapper)
    assert not article(plain(), inline_related=False).xpath(wrapper)
    for name, xpath in {
        "ads": "/div[contains(@class, 'jeg_ad_article')]",
        "toc": "/div[@id='ez-toc-container']",
        "stars": "/div[contains(@class, 'kk-star-ratings')]",
        "source-via": "/div[@class='jeg_post_source']",
        "builder": "//div[@class='wpb_wrapper']//p",
        "gallery": "/p",
    }.items():
        assert article(with_edge_case(name)).xpath(inner + xpath), name
    assert not article(with_edge_case("builder")).xpath(f"{inner}/p")
    assert article(with_edge_case("br-body")).xpath(f"{inner}/p[count(br) > 1]")


def test_featured_places() -> None:
    for kind in ("youtube", "vimeo", "dailymotion"):
        card = with_edge_case(f"video-{kind}")
        assert card.film is not None
        player = article(card).xpath(f"//div[@data-type='{kind}']")[0]
        assert player.get("data-src") == card.film.url
        assert not player.xpath(".//iframe")
    assert article(with_edge_case("video-mp4")).xpath("//video[@poster]/source/@src")
    assert article(with_edge_case("video-iframe")).xpath(
        "//div[@class='jeg_video_container']/iframe/@src"
    )
    gallery = with_edge_case("gallery")
    pictures = article(gallery).xpath("//div[@class='featured_gallery']/a/@href")
    assert pictures == [f"http://twin.test/{picture.path}" for picture in gallery.gallery]
    empty = article(with_edge_case("no-image")).xpath("//div[contains(@class, 'featured_image')]")
    assert [len(node) for node in empty] in ([0], [])
    assert article(with_edge_case("sponsored")).xpath("//div[@class='jeg_meta_sponsor']")


def test_lost_headline() -> None:
    page = article(with_edge_case("video-youtube"), h1="lost")
    assert not page.xpath("//h1[@class='jeg_post_title']")
    assert page.xpath("//h1[@class='title']")


def test_related_posts() -> None:
    box = "//div[@class='jnews_related_post_container']//article//h3/a/@href"
    card = plain()
    for kind in CHOICES["related"]:
        chosen = Switches(related=kind)
        wanted = CONTENT.related(card, chosen, 6)
        assert article(card, related=kind).xpath(box) == [
            f"http://twin.test{addresses.linked_path(other, chosen)}" for other in wanted
        ]


def test_stale_menu_has_other_labels_for_the_same_addresses() -> None:
    full, stale = (rendered("/", Switches(menu=menu)) for menu in CHOICES["menu"])
    items = "//ul[contains(@class, 'jeg_main_menu')]//a"
    assert "Esteri" in texts(full, items)
    assert not set(texts(full, items)) & set(texts(stale, items))
    assert full.xpath(f"{items}/@href") == stale.xpath(f"{items}/@href")


def test_redesign_leaves_nothing_of_the_theme() -> None:
    page = article(plain(), layout="redesign")
    assert page.xpath("//article/div[@class='story']/p")
    assert not page.xpath("//*[contains(@class, 'jeg_') or contains(@class, 'content-inner')]")
    assert page.xpath("//script[@type='application/ld+json']")
    chosen = Switches(layout="redesign")
    assert "jeg_" not in (rendered("/chi-siamo/", chosen).find("body").get("class"))
    listed = rendered("/category/esteri/", chosen)
    assert len(listed.xpath("//li[@class='teaser']//a")) == 10
    assert listed.xpath("//a[@rel='next']/@href")[0].endswith("/category/esteri/page/2/")


def test_reservation_of_text_and_data_mining() -> None:
    path = addresses.path(plain(), DEFAULT)
    for kind in ("header", "meta", "wellknown", "off"):
        with TwinProcess(size=SIZE, switches={"tdm": kind}) as twin:
            found = ask(twin.url, path)
            known = ask(twin.url, "/.well-known/tdmrep.json")
        assert (found.headers.get("tdm-reservation") == "1") is (kind == "header")
        assert bool(found.page.xpath("//meta[@name='tdm-reservation']")) is (kind == "meta")
        assert known.status == (200 if kind == "wellknown" else 404)


def test_closed_load_more() -> None:
    with TwinProcess(size=SIZE, switches={"ajax": "forbidden"}) as twin:
        assert ask(twin.url, "/?ajax-request=jnews", {"action": "x"}).status == 403
    with TwinProcess(size=SIZE, switches={"ajax": "disallowed", "metadata": "none"}) as twin:
        robots = ask(twin.url, "/robots.txt").text
        assert "Disallow: /*ajax-request" in robots
        assert f"Sitemap: {twin.url}/wp-sitemap.xml" in robots
        moved = ask(twin.url, "/sitemap.xml")
        assert (moved.status, moved.headers["Location"]) == (302, f"{twin.url}/wp-sitemap.xml")
        posts = ask(twin.url, "/wp-sitemap-posts-post-1.xml").text
        assert posts.count("<loc>") == SIZE
        assert "lastmod" not in posts


# Faults


def test_faults_befall_their_path_only(troubled: TwinProcess) -> None:
    path, other = "/category/esteri/", "/category/sport/"
    troubled.set_faults(
        [{"kind": "status", "path": "esteri", "value": 429, "retry_after": 7, "times": 1}]
    )
    refused = ask(troubled.url, path)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "7")
    assert ask(troubled.url, path).status == 200
    assert ask(troubled.url, other).status == 200
    assert troubled.requests() == [("GET", path, 429), ("GET", path, 200), ("GET", other, 200)]
    troubled.reset()
    assert troubled.requests() == []


def test_kinds_of_faults(troubled: TwinProcess) -> None:
    path = addresses.path(plain(), DEFAULT)

    def under(**fault: Any) -> Answer:
        troubled.set_faults([fault])
        return ask(troubled.url, path)

    cut = under(kind="truncate")
    assert cut.status == 200
    assert b"</html>" not in cut.body
    assert b"<h1" in cut.body
    assert under(kind="redirect", value="https://www.example.org/").status == 302
    turn = under(kind="loop").headers["Location"]
    assert ask(troubled.url, turn).headers["Location"] != turn
    assert "Page Not Found" in under(kind="soft404").text
    home = under(kind="soft404", value="home")
    assert "home" in home.page.find("body").get("class")
    lying = under(kind="charset", value="utf-8", encoded="cp1252")
    assert lying.headers["Content-Type"].endswith("charset=utf-8")
    with pytest.raises(UnicodeDecodeError):
        lying.body.decode()
    with pytest.raises((HTTPException, ConnectionError)):
        under(kind="reset")
    assert under(kind="slow", value=0.01).status == 200
    assert under(kind="status", rate=0.0).status == 200


def test_repeated_archive_never_ends(troubled: TwinProcess) -> None:
    troubled.set_faults([{"kind": "repeat", "path": "/category/"}])
    first = ask(troubled.url, "/category/esteri/").page
    far = ask(troubled.url, "/category/esteri/page/977/").page
    shown = "//div[@class='jnews_category_content_wrapper']//h3/a/@href"
    assert far.xpath(shown) == first.xpath(shown)
    assert far.xpath("//a[@class='page_nav next']/@href")[0].endswith("/page/978/")


def test_bad_faults_are_named(twin: TwinProcess) -> None:
    for bad in ({"kind": "storm"}, {"kind": "slow", "value": "x"}, {"kind": "reset", "path": "("}):
        with pytest.raises(ValueError, match="faults: "):
            twin.set_faults([bad])
    with pytest.raises(ValueError, match="JSON list"):
        read({})
    assert {fault.kind for fault in read([{"kind": kind} for kind in KINDS])} == set(KINDS)


# The process


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return preloaded.run(arguments, os.environ, module="twin")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--size", "few"),
        ("--size", "3"),
        ("--fresh", "300"),
        ("--port", "99999"),
        ("--switch", "archive=nav_9"),
        ("--switch", "colour=red"),
        ("--switch", "hero=perhaps"),
        ("--switch", "category_base=../x"),
        ("--faults", "{"),
        ("--faults", '[{"kind": "storm"}]'),
        ("--now", "yesterday"),
        ("--unknown",),
    ],
)
def test_bad_arguments_end_with_one_line(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("twin: ")


def test_a_port_in_use_is_named(twin: TwinProcess) -> None:
    port = twin.url.rpartition(":")[2]
    ended = run("--port", port)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"twin: port {port}: ")
    with pytest.raises(RuntimeError, match=f"port {port}"):
        TwinProcess(port=int(port)).start()


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "closed input"])
def test_it_ends_when_told_and_with_its_parent(how: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "twin", "--size", "60", "--parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"twin: http://127.0.0.1:")
        if how == "closed input":
            process.stdin.close()
        else:
            process.send_signal(signal.Signals[how])
        assert process.wait(timeout=HANG) == 0
        assert process.stderr.read() == b""


def test_the_clock_can_be_set() -> None:
    with TwinProcess(size=SIZE, now="2026-06-01T12:00:00+02:00") as twin:
        page = ask(twin.url, "/").page
    assert texts(page, "//div[contains(@class, 'jeg_top_date')]") == ["lunedì 1 Giugno 2026"]


def test_switches_are_read_from_pairs() -> None:
    assert switches([]) == Switches()
    assert switches(["hero=off", "template=custom"]) == Switches(hero=False, template="custom")
