"""Crawls of whole sites whose permalinks have other forms than the twin's own."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support.address_forms import Served, other_addresses
from tests.support.crawling import Crawl, crawl
from twin import faces, truth
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from twin.content import Content
    from twin.model import Switches

pytestmark = pytest.mark.e2e
SIZE = 60
SECOND_PAGES = {
    "no-slash": re.compile(r"/[\w/-]+/page/2"),
    "html": re.compile(r"/[\w/-]+/page/2"),
    "pagina": re.compile(r"/[\w/-]+/pagina/2/"),
    "plain": re.compile(r"/\?cat=\d+&paged=2"),
}
REST_CLOSED = {"kind": "status", "value": 403, "on": "rest"}


def run(served: Served, output: Path, section: str = "", **more: object) -> Crawl:
    arguments = {"site_url": served.url, **more, **({"section": section} if section else {})}
    return crawl(
        "wordpress",
        output,
        settings={"RECHECK_AGES": ""},
        series=truth.site_key(served.url) + (f".{section}" if section else ""),
        arguments=arguments,
    )


def check(done: Crawl, served: Served, content: Content, switches: Switches) -> None:
    """Check that a crawl has all articles, each once, with the addresses that the site states."""
    expected = truth.expected(content, switches, origin=served.url)
    found = Counter(article["id"] for article in done.articles)
    assert found == Counter(dict.fromkeys(expected, 1))
    for article in done.articles:
        assert article["url"] == served.public(expected[article["id"]].url)


CASES = [
    ("no-slash", "jnews"),
    ("html", "classic"),
    ("plain", "classic"),
    *(
        pytest.param(form, face, marks=pytest.mark.soak)
        for form, face in (
            ("no-slash", "classic"),
            ("html", "jnews"),
            ("pagina", "classic"),
            ("pagina", "jnews"),
            ("plain", "block"),
        )
    ),
]


@pytest.mark.parametrize(("form", "face"), CASES)
def test_a_site_is_crawled_whole_and_once_and_without_redirects(
    form: str, face: str, tmp_path: Path
) -> None:
    values = {"face": face, "archive": "nav_1"}
    switches = faces.switches(values)
    with (
        TwinProcess(size=SIZE, switches=values) as twin,
        other_addresses(twin, switches, form) as served,
    ):
        done = run(served, tmp_path)
        assert done.code == 0, done.stderr[-3000:]
        check(done, served, twin.content(), switches)
        requested = [path for path, _ in served.requests]
        assert any(SECOND_PAGES[form].fullmatch(path) for path in requested)
        assert [path for path, status in served.requests if status == 301] == []
        served.requests.clear()
        again = run(served, tmp_path)
        assert (again.code, len(again.dumps)) == (0, 1), again.stderr[-3000:]
        assert len(served.requests) <= 20, served.requests
        assert [path for path, status in served.requests if status == 301] == []


def test_rest_without_permalinks_has_all_its_lists_at_another_address(tmp_path: Path) -> None:
    values = {"face": "classic", "archive": "nav_1"}
    switches = faces.switches(values)
    with (
        TwinProcess(size=SIZE, switches=values) as twin,
        other_addresses(twin, switches, "plain") as served,
    ):
        # The first run by page learns the form of the addresses.
        run(served, tmp_path)
        served.requests.clear()
        done = run(served, tmp_path, known="write", source="rest")
        assert done.code == 0, done.stderr[-3000:]
        lists = [path for path, _ in served.requests if "wp/v2/" in path]
        assert lists
        assert [path for path in lists if not path.startswith("/?rest_route=")] == []
        written = [item for item in done.articles if "from_rest" in item["flags"]]
        expected = truth.expected(twin.content(), switches, origin=served.url)
        assert Counter(i["id"] for i in written) == Counter(dict.fromkeys(expected, 1))
        assert all(item["authors"] and item["sections"] for item in written)


_LONG = [pytest.param(form, marks=pytest.mark.soak) for form in ("html", "plain", "pagina")]


@pytest.mark.parametrize("form", ["no-slash", *_LONG])
def test_without_rest_the_home_page_shows_the_form(form: str, tmp_path: Path) -> None:
    values = {"face": "jnews" if form == "no-slash" else "classic"}
    switches = faces.switches({**values, "permalinks": "named"})
    with (
        TwinProcess(size=SIZE, switches=switches, faults=[REST_CLOSED]) as twin,
        other_addresses(twin, switches, form) as served,
    ):
        done = run(served, tmp_path)
        assert done.code == 0, done.stderr[-3000:]
        check(done, served, twin.content(), switches)
        assert [path for path, status in served.requests if status == 301] == []


@pytest.mark.parametrize("form", ["plain", pytest.param("no-slash", marks=pytest.mark.soak)])
def test_a_span_of_days_and_a_section(form: str, tmp_path: Path) -> None:
    values = {"face": "classic"}
    switches = faces.switches(values)
    with (
        TwinProcess(size=SIZE, switches=values) as twin,
        other_addresses(twin, switches, form) as served,
    ):
        content = twin.content()
        day = (content.now - timedelta(days=3)).date().isoformat()
        slug = faces.of(switches).by_key["sport"].slug
        expected = truth.expected(content, switches, "sport", origin=served.url)
        done = run(served, tmp_path / "section", section=slug)
        assert done.code == 0, done.stderr[-3000:]
        assert {article["id"] for article in done.articles} == set(expected)
        every = truth.expected(content, switches, origin=served.url)
        recent = {name for name, item in every.items() if (item.date_published or "") >= day}
        assert recent
        done = run(served, tmp_path / "since", since=day, discover="month")
        assert done.code == 0, done.stderr[-3000:]
        assert {article["id"] for article in done.articles} == recent


def test_a_site_in_a_folder_of_its_host(tmp_path: Path) -> None:
    values = {"face": "classic"}
    switches = faces.switches(values)
    with (
        TwinProcess(size=SIZE, switches=values) as twin,
        other_addresses(twin, switches, "folder") as served,
    ):
        key = f"{truth.site_key(served.url)}-blog"
        for count in (1, 1):
            done = crawl(
                "wordpress",
                tmp_path,
                settings={"RECHECK_AGES": ""},
                series=key,
                arguments={"site_url": f"{served.url}/blog/"},
            )
            assert done.code == 0, done.stderr[-3000:]
            assert len(done.dumps) == count
        expected = truth.expected(twin.content(), switches, origin=served.url)
        urls = {
            f"{key}:{name.rpartition(':')[2]}": served.public(item.url)
            for name, item in expected.items()
        }
        assert len(done.articles) == len(urls)
        assert {article["id"]: article["url"] for article in done.articles} == urls
        assert {article["site"] for article in done.articles} == {key}
        outside = [path for path, _ in served.requests if not path.startswith("/blog/")]
        assert {*outside} <= {"/robots.txt", "/.well-known/tdmrep.json"}


SITE = """name = "Nord"
origin = "{url}"
timezone = "Europe/Rome"
language = "it"
key = "nord"
{fact} = true
"""


def crawl_defined(definition: str, folder: Path, **arguments: object) -> Crawl:
    """Crawl the site of a definition, which is written to `sites/nord.toml` of a folder."""
    sites = folder / "sites"
    sites.mkdir(exist_ok=True)
    (sites / "nord.toml").write_text(definition, encoding="utf-8")
    return crawl(
        "wordpress",
        folder / "output",
        settings={"RECHECK_AGES": "", "SITES_DIR": str(sites)},
        series="nord",
        arguments={"site": "nord", **arguments},
    )


def test_articles_that_only_their_query_names_are_told_apart(tmp_path: Path) -> None:
    switches = faces.switches({"face": "jnews"})
    with (
        TwinProcess(size=SIZE, switches={"face": "jnews"}) as twin,
        other_addresses(twin, switches, "script") as served,
    ):
        text = SITE.format(url=served.url, fact="query_names_page")
        expected = {
            item.url: item
            for item in [*truth.expected(twin.content(), switches, origin=served.url).values()][:6]
        }
        urls = [served.public(url) for url in expected]
        assert all("/articolo.php?id=" in url for url in urls)
        tracked = [
            f"{url}&utm_source=newsletter&fbclid={number}" for number, url in enumerate(urls)
        ]
        for count in (1, 1):
            done = crawl_defined(text, tmp_path, urls=",".join([*tracked, *urls]))
            assert done.code == 0, done.stderr[-3000:]
            assert len(done.dumps) == count
        written = {article["url"]: article["headline"] for article in done.articles}
        assert len(done.articles) == len(urls)
        assert written == {served.public(url): item.headline for url, item in expected.items()}
        pages = [path for path, _ in served.requests if path.startswith("/articolo.php")]
        # Once in each run, without what tracks readers.
        assert Counter(pages) == Counter({url.removeprefix(served.url): 2 for url in urls})


def test_articles_whose_addresses_have_capitals_and_no_slash(tmp_path: Path) -> None:
    values = {"face": "jnews", "archive": "nav_1"}
    switches = faces.switches(values)
    with (
        TwinProcess(size=SIZE, switches=values) as twin,
        other_addresses(twin, switches, "cased") as served,
    ):
        text = SITE.format(url=served.url, fact="exact_paths")
        for category in faces.of(switches).by_key.values():
            text += f'[[sections]]\nslug = "{category.slug}"\nlabel = "{category.name}"\n'
        expected = truth.expected(twin.content(), switches, origin=served.url)
        urls = {served.public(item.url) for item in expected.values()}
        assert all(url != url.lower() and not url.endswith("/") for url in urls)
        for count in (1, 1):
            done = crawl_defined(text, tmp_path)
            assert done.code == 0, done.stderr[-3000:]
            assert len(done.dumps) == count
        assert Counter(article["url"] for article in done.articles) == Counter(urls)
        refused = {path for path, status in served.requests if status in {301, 404}}
        assert refused <= {"/.well-known/tdmrep.json"}
