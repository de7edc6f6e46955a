"""REST lists that are not as WordPress's own: none of their articles is lost."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.altered_rest import Answer, altered
from tests.support.crawling import Crawl, crawl
from tests.support.rest_site import RestSite, post
from tests.support.twin_crawls import counted_ids, expected_ids
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
FIRST = datetime(2026, 11, 3, 8)  # noqa: DTZ001 - local time, as REST writes it


def posts(count: int, *, seconds: int = 600, start: int = 1) -> list[dict[str, Any]]:
    """Return posts from FIRST on, one every so many seconds."""
    return [
        post(start + number, (FIRST + timedelta(seconds=number * seconds)).isoformat())
        for number in range(count)
    ]


def read(site: RestSite, output: Path, **arguments: object) -> Crawl:
    site.requests.clear()
    given = {"site_url": site.url, "source": "rest", **arguments}
    return crawl(
        "alanews",
        output,
        arguments=given,
        settings={"RECHECK_AGES": "", "RETRY_TIMES": "0", "ROBOTSTXT_OBEY": "False"},
    )


def ids(done: Crawl) -> Counter[int]:
    return Counter(int(item["id"].partition(":")[2]) for item in done.articles)


def once(records: list[dict[str, Any]]) -> Counter[int]:
    return Counter(record["id"] for record in records)


def test_a_post_that_was_scheduled_is_listed_long_after_it_was_modified(tmp_path: Path) -> None:
    with RestSite(posts(30)) as site:
        read(site, tmp_path)
        latest = FIRST + timedelta(seconds=30 * 600)
        site.posts.append(post(77, latest.isoformat(), FIRST.isoformat()))
        done = read(site, tmp_path)
        assert ids(done) == once(site.posts)
        assert len([path for path in site.requests if "/posts" in path]) <= 3


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_more_posts_of_one_second_than_an_answer_holds(order: str, tmp_path: Path) -> None:
    imported = posts(250, seconds=0)
    with RestSite(posts(40, start=1000, seconds=3600) + imported) as site:
        done = read(site, tmp_path, order=order)
        assert done.code == 0, done.stderr[-2000:]
        assert ids(done) == once(site.posts)


def test_posts_that_are_published_edited_and_removed_meanwhile(tmp_path: Path) -> None:
    with RestSite(posts(250)) as site:
        answer, count = site.answer, Counter[str]()

        def changing(path: str) -> tuple[int, dict[str, str], bytes]:
            result = answer(path)
            if "/posts" in path:
                count["posts"] += 1
                now = (FIRST + timedelta(days=9, seconds=count["posts"])).isoformat()
                # Those just listed are removed, one not yet listed is edited, one is published.
                site.posts = [r for r in site.posts if r["id"] not in {250, 249, 248}]
                edited = next(record for record in site.posts if record["id"] == 100)
                if count["posts"] < 4:
                    edited["modified"] = now
                    site.posts.append(post(500 + count["posts"], now))
            return result

        site.answer = changing  # type: ignore[method-assign]
        done = read(site, tmp_path)
        assert done.code == 0, done.stderr[-2000:]
        assert ids(done) == once(posts(250)) + Counter([501, 502, 503])


def test_fewer_posts_an_answer_than_requested(tmp_path: Path) -> None:
    with RestSite(posts(57), cap=10) as site:
        done = read(site, tmp_path)
        assert ids(done) == once(site.posts)
        assert "at most 10 posts at a time" in done.stderr


def test_fewer_posts_are_requested_where_many_are_too_much(tmp_path: Path) -> None:
    with RestSite(posts(57), largest=20) as site:
        done = read(site, tmp_path)
        assert ids(done) == once(site.posts)
        assert "HTTP 500: 10 posts at a time now" in done.stderr


def test_drafts_pages_and_broken_records_are_named(tmp_path: Path) -> None:
    records = posts(12)
    records[3]["status"] = "draft"
    records[4]["type"] = "page"
    records[5]["content"]["protected"] = True
    records[6]["link"] = "https://altrove.example/2026/11/03/esteri/un-titolo-di-la/"
    records[7]["title"] = None
    records[8]["content"]["rendered"] = "<p>Parola.</p>" * 400_000
    with RestSite(records) as site:
        done = read(site, tmp_path)
    # Two of them were not read: a run by page reads their pages.
    assert done.code == 16, done.stderr[-2000:]
    assert "2 not fetched (articles: unreadable_rest_record)" in done.stderr
    assert ids(done) == once([r for n, r in enumerate(records) if n not in {3, 4, 5, 6, 7, 8}])
    for reason in ("not_published", "other_type", "password_protected", "another_site"):
        assert f"'not_article/{reason}': 1" in done.stderr
    assert "record 8: Expected `object`, got `null` - at `$.title`" in done.stderr
    assert "record 9: too many tags" in done.stderr
    # A record that cannot be read is listed all the same.
    assert "posts at a time" not in done.stderr


def test_a_post_whose_record_is_broken_is_read_from_its_page(tmp_path: Path) -> None:
    broken: list[str] = []

    def alter(answer: Answer) -> None:
        records = answer.records
        for record in records:
            if not broken and "content" in record and not record["content"]["protected"]:
                broken.append(str(record["id"]))
            if str(record["id"]) in broken:
                record["title"] = {"rendered": ["two", "titles"]}
        answer.set_records(records)

    settings = {"RECHECK_AGES": "", "RETRY_INTERVALS": "1", "REST_DISCOVERY_ENABLED": "True"}
    with TwinProcess(size=60) as twin, altered(twin.url, alter) as site:
        expected = expected_ids(twin, "alanews")
        by_rest = crawl("alanews", tmp_path, settings=settings, site_url=site.url, source="rest")
        [number] = broken
        key = f"alanews:{number}"
        assert (by_rest.code, counted_ids(by_rest)) == (16, expected - Counter([key]))
        by_page = crawl("alanews", tmp_path, settings=settings, site_url=site.url)
        assert by_page.code == 0, by_page.stderr[-2000:]
        assert counted_ids(by_page) == expected
        [line] = [item for item in by_page.articles if item["id"] == key]
        assert "from_rest" not in line["flags"]


def test_a_total_that_is_wrong_is_named(tmp_path: Path) -> None:
    with RestSite(posts(30), total=45) as site:
        done = read(site, tmp_path)
    assert ids(done) == once(site.posts)
    assert "REST says that it has 45 posts, and lists 30" in done.stderr


@pytest.mark.parametrize(
    ("site", "text"),
    [
        (RestSite(posts(3), prefix=b"<br /><b>Notice</b>: x\n"), "HTML precedes the JSON"),
        (
            RestSite(posts(130), ignores=frozenset({"modified_before", "modified_after"})),
            "it is not ordered and limited by 'modified'",
        ),
    ],
    ids=["html", "ignores"],
)
def test_a_list_that_cannot_be_followed_leads_to_pages(
    site: RestSite, text: str, tmp_path: Path
) -> None:
    with site:
        done = read(site, tmp_path)
    assert text in done.stderr
    assert "The run goes on by pages" in done.stderr
    # This site has no pages.
    assert done.code != 0
    assert not any(count > 1 for count in ids(done).values())


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_post_dated_in_the_future_does_not_hide_later_changes(order: str, tmp_path: Path) -> None:
    records = posts(12)
    records[3]["modified"] = records[3]["modified_gmt"] = "2037-01-01T00:00:00"
    with RestSite(records) as site:
        read(site, tmp_path, order=order)
        edited = site.posts[5]
        edited["modified"] = edited["modified_gmt"] = "2026-11-20T08:00:00"
        edited["content"]["rendered"] = "<p>Il testo di prima è stato riscritto per intero.</p>"
        site.posts.append(post(99, "2026-11-20T09:00:00"))
        done = read(site, tmp_path, order=order)
        lines = Counter((item["id"], item["revision"]) for item in done.articles)
        assert lines["alanews:6", 2] == lines["alanews:99", 1] == 1
        assert max(lines.values()) == 1
        again = read(site, tmp_path, order=order)
        assert len(again.articles) == len(done.articles)
        assert len([path for path in site.requests if "/posts" in path]) <= 4


def test_the_hour_that_occurs_twice_in_autumn(tmp_path: Path) -> None:
    summer = post(900, "2026-10-25T02:50:00", date_gmt="2026-10-25T00:50:00")
    with RestSite([*(post(n, "2026-10-24T10:00:00") for n in range(1, 4)), summer]) as site:
        read(site, tmp_path)
        # An hour and more after that, with earlier local times.
        site.posts.append(post(901, "2026-10-25T02:10:00"))
        site.posts[0] = post(1, "2026-10-24T10:00:00", "2026-10-25T02:20:00")
        site.posts[0]["content"]["rendered"] = "<p>Un testo del tutto diverso.</p>"
        done = read(site, tmp_path)
        assert ids(done) == once(site.posts) + Counter([1])
        # From the next hour on, nothing is read twice.
        site.posts.append(post(902, "2026-10-25T04:10:00"))
        read(site, tmp_path)
        done = read(site, tmp_path)
        assert ids(done) == once(site.posts) + Counter([1])
        assert len([path for path in site.requests if "/wp-json/" in path]) == 2


def test_the_post_that_was_modified_last_is_modified_again(tmp_path: Path) -> None:
    with RestSite(posts(5)) as site:
        read(site, tmp_path)
        for hour in (12, 13):
            changed = post(5, site.posts[4]["date"], f"2026-11-03T{hour}:00:00")
            changed["content"]["rendered"] = f"<p>Il testo delle ore {hour}.</p>"
            site.posts[4] = changed
            done = read(site, tmp_path)
        assert ids(done) == once(site.posts) + Counter({5: 2})
