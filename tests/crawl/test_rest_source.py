"""Articles from WordPress's REST records alone: `-a source=rest`."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import preloaded
from tests.support.crawling import crawl
from tests.support.killing import endure
from tests.support.truth import differences
from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids
from twin import faces, truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl

pytestmark = pytest.mark.e2e
SIZE = 150
POSTS = "/wp-json/wp/v2/posts"
_PARTS = ("raw", "source")
NOT_STATED = frozenset(
    {
        *("subtitle", "content_hash", "breadcrumbs", "related", "publisher", "rights", "videos"),
        *("images", "is_accessible_for_free", "provenance", "flags", "disagreements", "extractor"),
        *(f"date_{event}_{part}" for event in ("published", "modified") for part in _PARTS),
        # Of several authors REST names the first; of a picture it states more than some pages.
        *("authors", "image"),
    }
)
"""Fields that REST cannot state, or states otherwise than the page: each is checked separately."""


def crawl_rest(twin: TwinProcess, output: Path, spider: str = "alanews", **more: Any) -> Crawl:
    return crawl_twin(twin, output, spider, retry_times=0, source="rest", **more)


def requested(twin: TwinProcess) -> list[str]:
    """Return what a run has requested of the site, but for robots.txt and the rights file."""
    paths = [path for _, path, _ in twin.requests()]
    return [path for path in paths if path != "/robots.txt" and "/.well-known/" not in path]


def check_fields(twin: TwinProcess, done: Crawl, switches: Switches, origin: str | None) -> None:
    content = twin.content()
    found = differences(done.articles, content, switches, ignoring=NOT_STATED, origin=origin)
    assert found == []
    for item in done.articles:
        index = content.index_of(int(item["id"].rpartition(":")[2]))
        assert index is not None
        post = content.post(index)
        assert [author["name"] for author in item["authors"]] == [post.authors[0].name]
        assert (item["image"] is None) == (post.picture is None)
        if post.picture is not None:
            assert item["image"]["url"].endswith(post.picture.path)
            assert item["image"]["width"] == post.picture.width
        assert ("sponsored" in item["flags"]) == bool(post.sponsor and switches.layout == "jnews")
        assert "from_rest" in item["flags"]
        assert item["provenance"]["body"] == item["date_published_source"] == "rest"
        assert (item["subtitle"], item["related"], item["rights"]["robots"]) == (None, [], None)


def test_all_articles_once_with_what_rest_states(twin: TwinProcess, tmp_path: Path) -> None:
    done = crawl_rest(twin, tmp_path)
    assert done.code == 0, done.stderr[-3000:]
    assert counted_ids(done) == expected_ids(twin, "alanews")
    assert all(path.startswith("/wp-json/wp/v2/") for path in requested(twin))
    check_fields(twin, done, Switches(), None)
    again = crawl_rest(twin, tmp_path)
    assert (again.code, len(again.dumps)) == (0, 1), again.stderr[-3000:]
    assert len(requested(twin)) == 2


@pytest.mark.parametrize(
    "face",
    ["classic", *(pytest.param(name, marks=pytest.mark.soak) for name in ("jnews", "block"))],
)
def test_another_site(face: str, tmp_path: Path) -> None:
    switches = faces.switches({"face": face})
    with TwinProcess(size=60, switches={"face": face}) as twin:
        done = crawl_rest(twin, tmp_path, "wordpress")
        assert done.code == 0, done.stderr[-3000:]
        series = tmp_path / truth.site_key(twin.url)
        lines = type(done)(done.code, done.stdout, done.stderr, series)
        expected = truth.expected(twin.content(), switches, origin=twin.url)
        assert counted_ids(lines) == Counter(dict.fromkeys(expected, 1))
        switched = NOT_STATED | truth.UNSURE_ON_STOCK | {"section"}
        assert (
            differences(
                lines.articles, twin.content(), switches, ignoring=switched, origin=twin.url
            )
            == []
        )


def test_a_section_with_those_below_it(twin: TwinProcess, tmp_path: Path) -> None:
    done = crawl_rest(twin, tmp_path, "sport")
    assert done.code == 0, done.stderr[-3000:]
    assert counted_ids(done) == expected_ids(twin, "sport")


def test_a_span_of_days_and_the_oldest_first(twin: TwinProcess, tmp_path: Path) -> None:
    content = twin.content()
    days = sorted(content.card(index).published.date() for index in range(len(content)))
    since, until = days[30], days[90]
    done = crawl_rest(twin, tmp_path, since=since, until=until, order="oldest")
    assert done.code == 0, done.stderr[-3000:]
    expected = {
        f"alanews:{card.id}"
        for card in (content.card(index) for index in range(len(content)))
        if since <= card.published.date() <= until and not card.locked
    }
    assert counted_ids(done) == Counter(dict.fromkeys(expected, 1))
    times = [item["date_modified"] for item in done.articles]
    assert times[0] < times[-1]
    # Each span has its own cursors.
    whole = crawl_rest(twin, tmp_path)
    assert counted_ids(whole) == expected_ids(twin, "alanews")


def test_an_edit_a_new_post_and_a_password(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        crawl_rest(twin, tmp_path)
        content = twin.content()
        edited, renamed, locked = (content.card(index).id for index in (3, 5, 7))
        twin.edit(edited, "body")
        twin.rename(renamed, "un-altro-nome-del-tutto")
        twin.protect(locked)
        new = twin.replace(content.card(0).id)
        done = crawl_rest(twin, tmp_path)
        assert done.code == 0, done.stderr[-3000:]
        last = done.dumps[-1].read_text(encoding="utf-8")
        lines = [item for item in done.articles if item["id"] in last]
        assert f"alanews:{new}" in {item["id"] for item in lines}
        revision = [i for i in done.articles if i["id"] == f"alanews:{edited}"][-1]
        assert revision["revision"] == 2
        assert {"body"} == {"body", "subtitle", "related"} & {*revision["changed_fields"]}
        assert len([i for i in done.articles if i["id"] == f"alanews:{locked}"]) == 1


def test_a_list_that_did_not_answer_is_read_by_the_next_run_that_begins_with_the_oldest(
    tmp_path: Path,
) -> None:
    with TwinProcess(size=50) as twin:
        twin.set_faults([{"kind": "status", "value": 503, "on": "rest"}])
        refused = crawl("alanews", tmp_path, settings={"WAIT_MAX": "0.1"}, arguments=oldest(twin))
        assert (refused.code, refused.articles) == (24, []), refused.stderr[-300:]
        twin.set_faults([])
        done = crawl("alanews", tmp_path, arguments=oldest(twin))
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "alanews"))


def oldest(twin: TwinProcess) -> dict[str, object]:
    return {"site_url": twin.url, "source": "rest", "order": "oldest"}


class TestThenByPages:
    """An article that was read from REST, and then from its page, and the other way round."""

    def test_the_page_is_a_revision_only_if_the_publisher_changed_it(self, tmp_path: Path) -> None:
        with TwinProcess(size=50) as twin:
            first = crawl_rest(twin, tmp_path)
            count = len(first.articles)
            urls = ",".join(item["url"] for item in first.articles)
            pages = crawl_twin(twin, tmp_path, "alanews", urls=urls, known="skip")
            assert pages.code == 0, pages.stderr[-3000:]
            assert len(requested(twin)) >= count
            assert len(pages.articles) == count, [i["id"] for i in pages.articles[count:]]
            edited, tags = (twin.content().card(index).id for index in (4, 6))
            twin.edit(edited, "body")
            twin.edit(tags, "subtitle")
            again = crawl_twin(twin, tmp_path, "alanews", urls=urls)
            changed = {i["id"]: i for i in again.articles[count:]}
            assert changed.keys() == {f"alanews:{edited}", f"alanews:{tags}"}
            names = [{*changed[f"alanews:{number}"]["changed_fields"]} for number in (edited, tags)]
            assert [{"body", "subtitle"} & changed_names for changed_names in names] == [
                {"body"},
                {"subtitle"},
            ]
            assert "from_rest" not in changed[f"alanews:{tags}"]["flags"]
            # And back: nothing has changed since.
            rest = crawl_rest(twin, tmp_path)
            assert len(rest.articles) == len(again.articles), rest.articles[-1]["changed_fields"]

    def test_known_write_writes_an_edition_from_pages(self, tmp_path: Path) -> None:
        with TwinProcess(size=50) as twin:
            crawl_rest(twin, tmp_path)
            done = crawl_twin(twin, tmp_path, "alanews", known="write", source="page")
            assert done.code == 0, done.stderr[-3000:]
            lines = [item for item in done.articles if "from_rest" not in item["flags"]]
            assert counted_ids(done) == Counter(dict.fromkeys(expected_ids(twin, "alanews"), 2))
            assert {i["revision"] for i in lines} == {1}
            content = twin.content()
            assert differences(lines, content, Switches()) == []

    @pytest.mark.parametrize("then", ["rest", "page"])
    def test_a_revision_names_the_hash_of_the_line_before_it(
        self, then: str, tmp_path: Path
    ) -> None:
        with TwinProcess(size=50) as twin:
            crawl_rest(twin, tmp_path)
            crawl_twin(twin, tmp_path, "alanews", known="write")
            edited = twin.content().card(4).id
            twin.edit(edited, "body")
            if then == "rest":
                done = crawl_rest(twin, tmp_path)
            else:
                done = crawl_twin(twin, tmp_path, "alanews", urls=f"{twin.url}/?p={edited}")
            lines = [i for i in done.articles if i["id"] == f"alanews:{edited}"]
            assert [line["revision"] for line in lines] == [1, 1, 2]
            assert lines[2]["previous_hash"] == lines[1]["content_hash"]
            checked = preloaded.run(["validate", str(tmp_path), "--editions"], {**os.environ})
            assert checked.returncode == 0, checked.stdout

    def test_an_edition_from_rest(self, tmp_path: Path) -> None:
        with TwinProcess(size=50) as twin:
            crawl_rest(twin, tmp_path)
            done = crawl_rest(twin, tmp_path, known="write")
            assert counted_ids(done) == Counter(dict.fromkeys(expected_ids(twin, "alanews"), 2))


PROBLEMS: dict[str, list[dict[str, Any]]] = {
    "http_401": [{"kind": "status", "value": 401, "on": "rest"}],
    "http_404": [{"kind": "status", "value": 404, "on": "rest"}],
    "html": [{"kind": "other_page", "value": "/", "on": "rest"}],
    "cut": [{"kind": "truncate", "value": 0.5, "on": "rest"}],
    "empty": [{"kind": "empty", "on": "rest"}],
    "robots": [{"kind": "robots_lines", "value": "Disallow: /wp-json/"}],
    "moved": [{"kind": "redirect", "value": "/", "on": "rest"}],
}
SHORT = ("http_401", "cut", "robots")


@pytest.mark.parametrize(
    "name", [n if n in SHORT else pytest.param(n, marks=pytest.mark.soak) for n in PROBLEMS]
)
def test_the_run_goes_on_by_pages_where_rest_cannot_be_read(name: str, tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        twin.set_faults(PROBLEMS[name])
        done = crawl_rest(twin, tmp_path)
        assert counted_ids(done) == expected_ids(twin, "alanews")
        assert "goes on by pages" in done.stderr
        assert all("from_rest" not in item["flags"] for item in done.articles)


def test_a_fault_on_the_way_loses_nothing(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        twin.set_faults([{"kind": "status", "value": 503, "path": "modified_before", "times": 1}])
        done = crawl_rest(twin, tmp_path)
        assert counted_ids(done) == expected_ids(twin, "alanews"), done.stderr[-3000:]


@pytest.mark.parametrize("path", ["/wp/v2/users", "/wp/v2/posts"])
def test_a_list_that_asks_to_wait_ends_the_run(path: str, tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        twin.set_faults([{"kind": "status", "value": 429, "retry_after": 3600, "path": path}])
        done = crawl_rest(twin, tmp_path)
        assert done.code == 24, done.stderr[-3000:]
        assert all(path.startswith("/wp-json/") for path in requested(twin))
        twin.set_faults([])
        done = crawl_rest(twin, tmp_path)
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "alanews"))


def test_lists_that_are_closed_are_named_and_left_empty(tmp_path: Path) -> None:
    with TwinProcess(size=50) as twin:
        twin.set_faults([{"kind": "status", "value": 401, "path": "/wp/v2/users"}])
        done = crawl_rest(twin, tmp_path)
        assert done.code == 0
        assert "list of users is closed (HTTP 401)" in done.stderr
        assert counted_ids(done) == expected_ids(twin, "alanews")
        assert all(item["authors"] == [] for item in done.articles)
        assert all("authors" not in item["provenance"] for item in done.articles)


@pytest.mark.parametrize(("kills", "seed"), [(2, 7), pytest.param(12, 8, marks=pytest.mark.soak)])
def test_kill_9_loses_nothing_and_doubles_nothing(kills: int, seed: int, tmp_path: Path) -> None:
    with TwinProcess(size=500) as twin:
        ordeal = endure(
            "alanews",
            twin.url,
            tmp_path,
            kills=kills,
            seed=seed,
            options=("-asource=rest",),
            DOWNLOAD_DELAY=0.2,
        )
        assert ordeal.doubled() == []
        assert ordeal.left_over == []
        assert Counter(line["id"] for line in ordeal.lines) == expected_ids(twin, "alanews")


@pytest.mark.parametrize("argument", ["pages=2", "related=off", "discover=feed", "render=always"])
def test_arguments_about_pages_are_refused(argument: str, tmp_path: Path) -> None:
    name, _, value = argument.partition("=")
    with TwinProcess(size=50) as twin:
        done = crawl_rest(twin, tmp_path, **{name: value})
    assert done.code == 2
    assert f"{name}= is about pages" in done.stderr
