"""Sitemaps that robots.txt names: all are read, whatever the channels of the run are."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from newscrawl.outcomes import finish_reasons
from tests.support.crawling import Crawl, crawl
from tests.support.front import Front, Visit, answer
from tests.support.twin_crawls import counted_ids, expected_ids

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 50
_XML = "application/xml"
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
ORIGIN = "https://www.alanews.it"
READ = ("read", None)
PARTS = ("/part-a.xml", "/part-b.xml", "/part-c.xml")


@pytest.fixture
def front(twin: TwinProcess) -> Iterator[Front]:
    """A site whose articles are in three sitemaps at addresses that only robots.txt names."""
    with Front(twin.url) as running:
        host = {"host": urlsplit(running.url).netloc}
        listed = running.of_twin(Visit("GET", "/post-sitemap.xml", host))
        links = re.findall("<loc>([^<]*)</loc>", listed.decode())
        for number, part in enumerate(PARTS):
            running.answers[rf"^{part}(\?|$)"] = answer(
                document("url", links[number :: len(PARTS)]), _XML
            )
        running.answers["sitemap"] = answer("", status=404)
        yield running


def document(entry: str, urls: list[str]) -> str:
    """Return a sitemap (`url`) or an index of sitemaps (`sitemap`)."""
    root = "urlset" if entry == "url" else "sitemapindex"
    entries = "".join(f"<{entry}><loc>{url}</loc></{entry}>" for url in urls)
    return f"<?xml version='1.0'?><{root} xmlns='{_SPACE}'>{entries}</{root}>"


def name_in_robots(front: Front, *lines: str, end: str = "\n", etag: str = '"1"') -> None:
    """Have robots.txt name sitemaps."""
    text = end.join(["User-agent: *", "Allow: /", *(f"Sitemap: {line}" for line in lines), ""])
    front.answers["^/robots.txt$"] = answer(text, "text/plain", ETag=etag)


def run(front: Front, output: Path, **arguments: object) -> Crawl:
    given = {"site_url": front.url, "discover": "sitemap", "related": "off", **arguments}
    return crawl("alanews", output, arguments=given, settings={"RECHECK_AGES": ""})


def sitemaps(done: Crawl) -> dict[str, tuple[str, str | None]]:
    """Return what became of each sitemap of the last run, by its path, if it is the site's."""
    return {
        source["url"].removeprefix(ORIGIN): (source["outcome"], source["reason"])
        for source in done.reports[-1]["sources"]
        if source["channel"] == "sitemap"
    }


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_first_run_and_a_later_one_read_every_sitemap_of_robots_txt(
    end: str, front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    first, second, third = PARTS
    others = ["https://cdn.example.org/news.xml", "http://[not-an-address", "ftp://127.0.0.1/a.xml"]
    lines = [front.url + first, second, others[0], f"{front.url}{third}?a=1", *others[1:]]
    # What has no host is the site's; a query names a part of a list.
    name_in_robots(front, *lines, f"{front.url}{third}?a=2", end=end)
    read = dict.fromkeys([first, second, f"{third}?a=1", f"{third}?a=2"], READ)
    for is_first in (True, False):
        front.visits.clear()
        done = run(front, tmp_path)
        assert done.code == 0, done.stderr[-300:]
        assert sitemaps(done) == {**read, **dict.fromkeys(others, ("excluded", "another site"))}
        assert {*read} == {path for path in front.paths if "part-" in path}
        assert done.reports[-1]["stats"]["not_asked/foreign"] == len(others)
        # The later run has robots.txt from the ledger.
        robots = next(visit for visit in front.visits if visit.path == "/robots.txt")
        assert ("if-none-match" in robots.headers) is not is_first
    assert counted_ids(done) == expected_ids(twin, "alanews")
    assert not [path for path in front.paths if path == "/sitemap_index.xml"]


def test_an_index_within_an_index_of_robots_txt_is_read(front: Front, tmp_path: Path) -> None:
    outer, inner = "/outer.xml", "/inner.xml"
    front.answers[f"^{outer}$"] = answer(document("sitemap", [front.url + inner]), _XML)
    nested = [front.url + part for part in PARTS[1:]]
    front.answers[f"^{inner}$"] = answer(document("sitemap", nested), _XML)
    name_in_robots(front, front.url + PARTS[0], front.url + outer)
    done = run(front, tmp_path)
    assert (done.code, sitemaps(done)) == (0, dict.fromkeys([outer, inner, *PARTS], READ))


def test_where_robots_txt_names_other_sites_only_the_usual_sitemap_is_read(
    front: Front, tmp_path: Path
) -> None:
    name_in_robots(front, "https://cdn.example.org/news.xml")
    front.answers["sitemap"] = front.answers[rf"^{PARTS[0]}(\?|$)"]
    done = run(front, tmp_path)
    assert (done.code, sitemaps(done)["/sitemap_index.xml"]) == (0, READ)


def test_a_run_that_cannot_rely_on_rest_any_more_reads_them(front: Front, tmp_path: Path) -> None:
    name_in_robots(front, *(front.url + part for part in PARTS))
    settings = {"REST_DISCOVERY_ENABLED": "True", "RECHECK_AGES": ""}
    arguments: dict[str, object] = {"site_url": front.url, "related": "off"}
    first = crawl("alanews", tmp_path, settings=settings, arguments=arguments)
    assert (first.code, sitemaps(first)) == (0, dict.fromkeys(PARTS, READ))
    relying = crawl("alanews", tmp_path, settings=settings, arguments=arguments)
    assert (relying.code, sitemaps(relying)) == (0, {})
    front.answers["/wp-json/"] = answer("{}", "application/json", 403)
    by_pages = crawl("alanews", tmp_path, settings=settings, arguments=arguments)
    assert sitemaps(by_pages) == dict.fromkeys(PARTS, READ)


def test_a_site_by_its_address_has_them_read_in_each_run(front: Front, tmp_path: Path) -> None:
    name_in_robots(front, *PARTS)
    arguments = {"site_url": front.url, "discover": "sitemap", "related": "off", "pages": 1}
    for _ in range(2):
        crawl("wordpress", tmp_path, arguments=arguments, settings={"RECHECK_AGES": ""})
        assert {*PARTS} <= {*front.paths}
        front.visits.clear()


def test_a_run_that_does_not_obey_robots_txt_does_not_wait_for_it(
    front: Front, tmp_path: Path
) -> None:
    arguments: dict[str, object] = {"site_url": front.url, "discover": "sitemap"}
    settings = {"ROBOTSTXT_OBEY": "False"}
    done = crawl("esteri", tmp_path, settings=settings, arguments=arguments)
    assert (done.code, "/robots.txt" in front.paths, len(done.articles) > 3) == (0, False, True)


def test_an_index_may_list_sitemaps_at_any_address_of_the_site(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    outer, inner = "/mappe.php?a=1&b=2", "/mappe/interne"
    forms = ["/mappa.php?n=1", "/?sitemap=posts&sitemap-subtype=post&paged=2", "/Mappa/1"]
    packed, page, tags = "/notizie.xml.gz", "/pagina/", "/?sitemap=taxonomies&paged=1"
    loops = ["/mappe.php?b=2&a=1", outer, inner]
    del front.answers["sitemap"]
    host = {"host": urlsplit(front.url).netloc}
    of_twin = front.of_twin(Visit("GET", "/post-sitemap.xml", host)).decode()
    listed = re.findall("<loc>([^<]*)</loc>", of_twin)
    parts = [document("url", listed[number::4]) for number in range(4)]
    for form, text in zip(forms, parts, strict=False):
        front.answers[f"^{re.escape(form)}$"] = answer(text, _XML)
    front.answers[f"^{packed}$"] = answer(gzip.compress(parts[3].encode()), "application/x-gzip")
    front.answers[f"^{page}$"] = answer("<!DOCTYPE html><html><body>x</body></html>", "text/html")
    other = "https://cdn.example.org/a.xml"
    of_index = [*forms, inner, tags, other, page, loops[0]]
    urls = [url if url == other else front.url + url for url in of_index]
    front.answers[f"^{re.escape(outer)}$"] = answer(
        document("sitemap", [url.replace("&", "&amp;") for url in urls]), _XML
    )
    nested = [front.url + url.replace("&", "&amp;") for url in (packed, forms[0], *loops)]
    front.answers[f"^{inner}$"] = answer(document("sitemap", nested), _XML)
    name_in_robots(front, front.url + outer)
    done = run(front, tmp_path)
    assert counted_ids(done) == expected_ids(twin, "alanews"), done.stderr[-300:]
    counts = {row["url"]: row["articles"] for row in done.reports[-1]["sources"]}
    assert [counts[ORIGIN + form] for form in (*forms, packed)] == [
        len(listed[number::4]) for number in range(4)
    ]
    rows = sitemaps(done)
    failure = rows.pop(page)
    assert failure[0] == "failed"
    assert "it is a web page" in str(failure[1])
    assert rows == {
        **dict.fromkeys([outer, inner, packed, *forms], READ),
        tags: ("excluded", "a list of other pages than articles, by its name"),
        other: ("excluded", "another site"),
        loops[0]: ("excluded", "an index that leads to itself"),
    }
    assert done.reports[-1]["stats"]["sources/excluded"] == 3
    asked = [path for path in front.paths if path in {outer, inner, packed, *forms, *loops}]
    assert sorted(asked) == sorted([outer, inner, packed, *forms])


def test_of_many_sitemaps_that_are_not_read_the_first_are_named_and_all_are_counted(
    front: Front, tmp_path: Path
) -> None:
    tags = [f"{front.url}/tag-sitemap{number}.xml" for number in range(80)]
    front.answers["^/outer.xml$"] = answer(document("sitemap", [*tags, front.url + PARTS[0]]), _XML)
    name_in_robots(front, front.url + "/outer.xml")
    done = run(front, tmp_path)
    assert sum(kind == "excluded" for kind, _ in sitemaps(done).values()) == 50
    assert sitemaps(done)[PARTS[0]] == READ
    stats = done.reports[-1]["stats"]
    assert (stats["sources/excluded"], stats["sources/unnamed"]) == (80, 30)


def requests_by_path(done: Crawl) -> dict[str, int]:
    """Return how many requests the report of the last run states for each sitemap."""
    return {
        source["url"].removeprefix(ORIGIN): source["requests"]
        for source in done.reports[-1]["sources"]
        if source["channel"] == "sitemap"
    }


def test_of_sitemaps_that_were_not_requested_the_report_says_0_requests(
    front: Front, tmp_path: Path
) -> None:
    tags, other, moved = "/tag-sitemap.xml", "https://cdn.example.org/a.xml", "/moved.xml"
    listed = [*(front.url + path for path in (*PARTS, tags, moved)), other]
    front.answers["^/outer.xml$"] = answer(document("sitemap", listed), _XML)
    front.answers[f"^{moved}$"] = answer("", status=301, Location="/closed/moved.xml")
    lines = ["User-agent: *", f"Disallow: {PARTS[1]}", "Disallow: /closed/"]
    robots = "\n".join([*lines, f"Sitemap: {front.url}/outer.xml"])
    front.answers["^/robots.txt$"] = answer(robots, "text/plain")
    done = run(front, tmp_path)
    rows = sitemaps(done)
    assert rows[PARTS[1]] == rows[moved] == ("failed", "forbidden by robots.txt")
    assert {rows[tags][0], rows[other][0]} == {"excluded"}
    stated = requests_by_path(done)
    assert stated == {path: front.paths.count(path) for path in stated}
    assert [path for path, count in stated.items() if not count] == [tags, other, PARTS[1]]


def test_of_sitemaps_that_a_pause_keeps_back_the_report_says_0_requests(
    front: Front, tmp_path: Path
) -> None:
    front.answers["^/robots.txt$"] = answer(
        "\n".join(f"Sitemap: {front.url}{path}" for path in PARTS), "text/plain"
    )
    front.answers[rf"^{PARTS[0]}(\?|$)"] = answer("", status=429, Retry_After="86400")
    given: dict[str, object] = {
        "site_url": front.url, "discover": "sitemap", "related": "off"
    }  # fmt: skip
    bounds = {
        "RETRY_AFTER_MAX": "600",
        "WAIT_MAX": "1",
        "RETRY_TIMES": "0",
        "CONCURRENT_REQUESTS_PER_DOMAIN": "1",
    }
    done = crawl("alanews", tmp_path, arguments=given, settings=bounds)
    stated = requests_by_path(done)
    assert done.code == finish_reasons.code(finish_reasons.RATE_LIMITED)
    assert stated == {path: front.paths.count(path) for path in stated}
    assert stated == {PARTS[0]: 1, PARTS[1]: 0, PARTS[2]: 0}
