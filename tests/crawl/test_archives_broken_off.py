"""An archive that breaks off is read on by the next run; one without an end is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl

pytestmark = pytest.mark.e2e
SIZE = 250
"""Esteri has three pages then; the pager names a fourth, which is empty. Sport has four."""


def run(twin: TwinProcess, output: Path, spider: str = "esteri") -> Crawl:
    # Without Related Posts, which would hide what an archive has lost.
    return crawl_twin(twin, output, spider, discover="menu,archive", related="off")


def pages(twin: TwinProcess) -> list[str]:
    return [path for _, path, _ in twin.requests() if "/page/" in path]


FAULTS: dict[str, dict[str, Any]] = {
    "404": {"kind": "status", "value": 404},
    "not_found": {"kind": "soft404", "status": 404},
    "not_found_200": {"kind": "soft404"},
    "500": {"kind": "status", "value": 500},
    "202": {"kind": "status", "value": 202},
    "304": {"kind": "status", "value": 304},
    "empty": {"kind": "empty"},
    "maintenance": {"kind": "maintenance", "status": 200},
    "home": {"kind": "redirect"},
    "no_list": {"kind": "no_list"},
    "no_list_next": {"kind": "no_list", "value": "next"},
    "cut_list": {"kind": "truncate", "value": "list"},
    "cut_head": {"kind": "truncate", "value": 900},
}


# The others are variants of these.
USUAL = ("404", "202", "empty", "cut_list")
VARIANTS = [pytest.param(name, marks=pytest.mark.soak) for name in FAULTS if name not in USUAL]


@pytest.mark.parametrize("name", [*USUAL, *VARIANTS])
def test_a_page_that_is_wrong_once_is_read_on_by_the_next_run(
    name: str, twin: TwinProcess, tmp_path: Path
) -> None:
    page = 2 + len(name) % 2
    twin.set_faults([{**FAULTS[name], "on": "archive", "page": page}])
    first = run(twin, tmp_path)
    assert len(first.articles) < sum(expected_ids(twin, "esteri").values())
    assert first.code == 16, first.stderr[-300:]
    assert "1 archive broken off" in first.stderr
    twin.set_faults([])
    second = run(twin, tmp_path)
    assert second.code == 0, second.stderr[-300:]
    assert counted_ids(second) == expected_ids(twin, "esteri")
    assert pages(twin)[0] == f"/category/esteri/page/{page}/"


def test_the_known_part_of_an_archive_that_broke_off_is_not_read_again(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "status", "value": 500, "on": "archive", "page": 3}])
    for _ in range(2):
        assert run(twin, tmp_path).code == 16
        twin.set_faults([{"kind": "status", "value": 500, "on": "archive", "page": 4}])
    # A page above is read too: what was removed meanwhile has moved the list.
    known = "/category/esteri/page/2/"
    reached = "/category/esteri/page/3/"
    assert {*pages(twin)} == {known, reached, "/category/esteri/page/4/"}
    twin.set_faults([])
    assert run(twin, tmp_path).code == 0
    assert pages(twin) == ["/category/esteri/page/4/"]
    last = run(twin, tmp_path)
    assert (last.code, pages(twin)) == (0, [])
    assert counted_ids(last) == expected_ids(twin, "esteri")


def test_a_pager_that_names_one_page_too_many_is_no_fault(tmp_path: Path) -> None:
    # 15 articles, five of them in the hero: the pager names page 2, which is empty.
    with TwinProcess(size=120) as twin:
        done = run(twin, tmp_path)
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))


def test_a_last_page_that_is_empty_behind_a_full_one_is_read_again(tmp_path: Path) -> None:
    # The hero and page 1 have 14 of the 18 articles; the pager names page 2, which is wrong once.
    with TwinProcess(size=SIZE) as twin:
        content = twin.content()
        cards = [content.card(index) for index in content.category("esteri")]
        twin.set_now(cards[-18].published)
        twin.set_faults([{"kind": "no_list", "on": "archive", "page": 2}])
        first = run(twin, tmp_path)
        assert (first.code, len(counted_ids(first))) == (0, 14), first.stderr[-300:]
        twin.set_faults([])
        second = run(twin, tmp_path)
        assert second.code == 0, second.stderr[-300:]
        assert counted_ids(second) == expected_ids(twin, "esteri")
        assert pages(twin)
        assert (run(twin, tmp_path).code, pages(twin)) == (0, [])


def test_an_empty_last_page_behind_a_full_one_is_read_twice(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        content = twin.content()
        cards = [content.card(index) for index in content.category("esteri")]
        twin.set_now(cards[-14].published)
        for requested in (True, True, False):
            done = run(twin, tmp_path)
            assert "ends at page 2: empty_page" in done.stderr or not requested
            assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))
            assert bool(pages(twin)) == requested


@pytest.mark.parametrize("value", ["invented", "old"])
@pytest.mark.soak
def test_row_15_an_archive_without_an_end_is_left(
    value: str, twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults([{"kind": "endless", "value": value, "on": "archive"}])
    done = run(twin, tmp_path, "sport")
    assert counted_ids(done) == expected_ids(twin, "sport")
    # Invented links end the run as partial, old ones are nothing new.
    assert done.code == (16 if value == "invented" else 0)
    assert len(pages(twin)) <= 40
    assert len(twin.requests()) <= 450


@pytest.mark.parametrize(
    "pinned", [5, *(pytest.param(number, marks=pytest.mark.soak) for number in (8, 10))]
)
def test_new_articles_behind_pinned_ones_are_found(pinned: int, tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        content = twin.content()
        cards = [content.card(index) for index in content.category("esteri")]
        twin.set_faults([{"kind": "sticky", "value": pinned, "on": "archive"}])
        twin.set_now(cards[11].published)
        run(twin, tmp_path)
        twin.set_now(content.now)
        second = run(twin, tmp_path)
        assert second.code == 0
        assert counted_ids(second) == expected_ids(twin, "esteri")


def test_an_archive_of_known_articles_is_not_taken_for_one_with_invented_pages(
    tmp_path: Path,
) -> None:
    # Cronaca has more than 30 pages, of which REST has read all articles.
    with TwinProcess(size=1_200) as twin:
        filled = crawl_twin(twin, tmp_path, "cronaca", source="rest")
        assert filled.code == 0, filled.stderr[-300:]
        twin.reset()
        done = run(twin, tmp_path, "cronaca")
        assert done.code == 0, done.stderr[-300:]
        assert len(done.articles) == len(filled.articles)
        assert len([path for path in pages(twin) if "/cronaca/page/" in path]) > 30
