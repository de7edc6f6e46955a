"""An archive's page that once answers as another list: it loses nothing and adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import ledgers
from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl

pytestmark = pytest.mark.e2e
SIZE = 300
"""Esteri has four pages then."""
ROOT = "/category/esteri/"
OTHER = "/category/cronaca/"


def run(twin: TwinProcess, output: Path) -> Crawl:
    # Without Related Posts, which would hide what an archive has lost.
    return crawl_twin(twin, output, "esteri", discover="menu,archive", related="off")


def answers(value: str, *pages: int, **more: Any) -> list[dict[str, Any]]:
    """Return faults: pages of the archive answer once with the page at `value`."""
    paths = [f"{ROOT}page/{page}/" if page > 1 else ROOT for page in pages]
    fault = {"kind": "other_page", "value": value, "times": 1, **more}
    return [{**fault, "path": f"^{path}$"} for path in paths]


FAULTS = {
    "page_1": answers(ROOT, 2),
    "page_1_twice": answers(ROOT, 2, 3),
    "redirect_to_page_1": answers(ROOT, 2, kind="redirect", status=301),
    "page_4": answers(f"{ROOT}page/4/", 2),
    "home": answers("/", 2),
    "home_later_page": answers("/page/2/", 2),
    "redirect_to_home": answers("/", 2, kind="redirect"),
    "other_archive": answers(f"{OTHER}page/2/", 2),
    "redirect_to_other_archive": answers(f"{OTHER}page/2/", 2, kind="redirect", status=301),
    "month": answers("/2026/11/page/2/", 2),
    "other_archive_as_page_1": answers(OTHER, 1),
    "redirected_to_other_archive_as_page_1": answers(OTHER, 1, kind="redirect", status=301),
    "page_4_as_page_1": answers(f"{ROOT}page/4/", 1),
    "home_as_page_1": answers("/", 1),
}


# The others are variants of these.
USUAL = {"page_1", "redirect_to_home", "other_archive_as_page_1"}
VARIANTS = [pytest.param(name, marks=pytest.mark.soak) for name in FAULTS if name not in USUAL]


@pytest.mark.parametrize("name", [*sorted(USUAL), *VARIANTS])
def test_another_list_in_place_of_a_page_is_not_believed(
    name: str, twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults(FAULTS[name])
    first, expected = run(twin, tmp_path), expected_ids(twin, "esteri")
    assert first.code == 16, first.stderr[-300:]
    assert len(first.articles) < len(expected)
    assert not counted_ids(first) - expected
    assert "another list: " in first.stderr or "another page: " in first.stderr
    twin.set_faults([])
    second = run(twin, tmp_path)
    assert second.code == 0, second.stderr[-300:]
    assert counted_ids(second) == expected
    assert run(twin, tmp_path).code == 0
    assert not [path for _, path, _ in twin.requests() if "/page/" in path]


@pytest.mark.soak
def test_another_list_is_not_believed_however_often_it_comes(
    twin: TwinProcess, tmp_path: Path
) -> None:
    twin.set_faults(answers(f"{OTHER}page/2/", 2, times=None))
    for _ in range(3):
        done = run(twin, tmp_path)
        assert done.code == 16
        assert not counted_ids(done) - expected_ids(twin, "esteri")
        # A page that fails again waits for its time.
        ledgers.change(tmp_path / ledgers.FILE, "UPDATE urls SET due = due - 7200")
    twin.set_faults([])
    last = run(twin, tmp_path)
    assert (last.code, counted_ids(last)) == (0, expected_ids(twin, "esteri"))


def test_an_archive_that_was_moved_for_good_is_read(tmp_path: Path) -> None:
    # The menu names none of its archives: the usual address leads to the new one.
    switches = {"menu": "stale", "category_base": "categoria"}
    with TwinProcess(size=SIZE, switches=switches) as twin:
        new = "/categoria/esteri/"
        moved = {"kind": "redirect", "status": 301, "path": f"^{ROOT}$", "value": new}
        twin.set_faults([moved])
        done = run(twin, tmp_path)
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))


def test_an_archive_that_is_moved_while_it_is_broken_off_is_read_on(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        twin.set_faults([{"kind": "status", "value": 500, "on": "archive", "page": 2}])
        assert run(twin, tmp_path).code == 16
        new = "/category/sport/esteri/page/2/"
        moved = {"kind": "redirect", "status": 301, "path": f"^{ROOT}page/2/$", "value": new}
        twin.set_faults([moved])
        done = run(twin, tmp_path)
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))


def test_new_articles_while_an_archive_is_read_are_no_fault(tmp_path: Path) -> None:
    # Page 3 does not come at first; meanwhile the list moves on by one article.
    with TwinProcess(size=SIZE) as twin:
        content = twin.content()
        cards = [content.card(index) for index in content.category("esteri")]
        twin.set_now(cards[1].published)
        twin.set_faults([{"kind": "status", "value": 500, "on": "archive", "page": 3}])
        assert run(twin, tmp_path).code == 16
        twin.set_faults([])
        twin.set_now(content.now)
        done = run(twin, tmp_path)
        assert (done.code, counted_ids(done)) == (0, expected_ids(twin, "esteri"))
