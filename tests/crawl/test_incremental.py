"""A run on a known site costs what changed, and finds all of that."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers
from tests.support.crawling import crawl
from tests.support.killing import environment, words
from tests.support.preloaded import PreloadedProcess
from tests.support.waiting import wait_for_lines
from twin import schedule, truth
from twin.model import Switches
from twin.process import TwinProcess
from twin.site_changes import MARKUP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.crawling import Crawl
    from twin.model import Card

pytestmark = pytest.mark.e2e
SIZE = 250
A_DAY = 86_400
# Looks by age are tested apart: what they cost depends on the day of the test.
UNAGED = {"RECHECK_AGES": ""}
NOT_WHOLE = {"protected", "duplicate", "pages-2", "pages-3", "builder", "br-body", "one-line"}


@pytest.fixture
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as found:
        yield found


def run(
    spider: str,
    twin: TwinProcess,
    output: Path,
    settings: dict[str, str] | None = None,
    **arguments: object,
) -> Crawl:
    twin.reset()
    given = {"site_url": twin.url, **arguments}
    done = crawl(spider, output, settings={**UNAGED, **(settings or {})}, arguments=given)
    assert done.code == 0, done.stderr
    return done


def asked(twin: TwinProcess) -> list[str]:
    return [path for _, path, _ in twin.requests()]


def plain(twin: TwinProcess, section: str, skip: int = 0) -> Card:
    """Return an ordinary post of a section, the newest after `skip` of them."""
    content = twin.content()
    cards = [content.card(index) for index in content.category(section)]
    return [card for card in cards if not card.edge_cases & NOT_WHOLE][skip]


def later(twin: TwinProcess) -> None:
    """Move the site's clock past that of the runs before."""
    twin.set_now(datetime.now(UTC) + timedelta(hours=1))


@pytest.mark.parametrize(
    ("spider", "most"), [("esteri", 5), pytest.param("alanews", 20, marks=pytest.mark.soak)]
)
@pytest.mark.parametrize("metadata", ["yoast", pytest.param("none", marks=pytest.mark.soak)])
def test_nothing_new_costs_a_handful_of_requests(
    spider: str, most: int, metadata: str, tmp_path: Path
) -> None:
    with TwinProcess(size=SIZE, switches={"metadata": metadata}) as twin:
        known = len(run(spider, twin, tmp_path).articles)
        for number in range(2):
            again = run(spider, twin, tmp_path)
            # The first of them looks once more at last pages that were empty behind full ones.
            due = [path for path in asked(twin) if "/page/" in path and not number]
            assert len(due) <= 3
            assert len(asked(twin)) - len(due) <= most, asked(twin)
            assert len(again.dumps) == 1
            assert "nothing new" in again.stdout
            assert f"{known} articles are known" in again.stdout
            assert str(tmp_path / spider) in again.stdout
            assert "-a known=write" in again.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spider", "days"),
    [
        pytest.param("esteri", 1, marks=pytest.mark.soak),
        ("esteri", 7),
        pytest.param("cronaca", 60, marks=pytest.mark.soak),
        pytest.param("alanews", 7, marks=pytest.mark.soak),
    ],
)
@pytest.mark.soak
def test_after_days_without_a_run_all_that_is_new_is_found(
    spider: str, days: int, tmp_path: Path
) -> None:
    section = None if spider == "alanews" else spider
    with TwinProcess(size=500, now=schedule.EPOCH - timedelta(days=days)) as twin:
        # The first pages are enough to begin with: what counts is what comes later.
        run(spider, twin, tmp_path)
        known = truth.expected(twin.content(), Switches(), section)
        twin.set_now(schedule.EPOCH)
        again = run(spider, twin, tmp_path)
        wanted = truth.expected(twin.content(), Switches(), section)
        new = [item["id"] for item in again.articles if item["revision"] == 1]
        assert Counter(new) == Counter(wanted.keys()), "each article once over both dumps"
        assert len(wanted) > len(known)
        # What changed is paid for, not what is known.
        assert len(asked(twin)) < 60 + 1.5 * (len(wanted) - len(known))


@pytest.mark.parametrize(
    ("spider", "field"),
    [
        ("esteri", "body"),
        pytest.param("esteri", "headline", marks=pytest.mark.soak),
        pytest.param("esteri", "subtitle", marks=pytest.mark.soak),
        pytest.param("alanews", "body", marks=pytest.mark.soak),
    ],
)
def test_an_edit_is_a_revision(spider: str, field: str, twin: TwinProcess, tmp_path: Path) -> None:
    known = {item["id"]: item for item in run(spider, twin, tmp_path).articles}
    # Not on the first page of any archive.
    card = plain(twin, "esteri", skip=15)
    name = f"alanews:{card.id}"
    later(twin)
    twin.edit(card.id, field)
    again = run(spider, twin, tmp_path)
    (line,) = again.articles[len(known) :]
    wanted = truth.expected(twin.content(), Switches())[name]
    assert (line["id"], line["revision"]) == (name, 2)
    assert line["previous_hash"] == known[name]["content_hash"]
    assert line["content_hash"] == wanted.content_hash != line["previous_hash"]
    assert field in line["changed_fields"]
    assert set(line["changed_fields"]) <= {
        field, "blocks", "word_count", "date_modified", "date_modified_raw",
        "date_modified_precision", "date_modified_source",
    }  # fmt: skip
    assert line[field] == getattr(wanted, field)
    assert line["first_seen_at"] == known[name]["first_seen_at"]
    assert line["date_modified"] == wanted.date_modified
    assert len(asked(twin)) <= 25
    run(spider, twin, tmp_path)
    assert len(asked(twin)) <= 20


@pytest.mark.soak
def test_an_edit_is_found_by_its_card_and_by_the_feed_and_by_rest(
    twin: TwinProcess, tmp_path: Path
) -> None:
    run("esteri", twin, tmp_path, discover="menu,archive,feed,rest")
    for number, (discover, kind) in enumerate(
        [("menu,archive", "headline"), ("menu,feed", "body"), ("menu,archive,rest", "body")]
    ):
        later(twin)
        card = plain(twin, "esteri", skip=7 + number)
        # What each source says now is what it is compared with next.
        run("esteri", twin, tmp_path, discover="menu,archive,feed,rest")
        twin.edit(card.id, kind)
        found = run("esteri", twin, tmp_path, discover=discover)
        revised = [item["id"] for item in found.articles if item["revision"] == 2]
        assert revised.count(f"alanews:{card.id}") == 1, discover


@pytest.mark.soak
def test_advertisements_counters_and_markup_are_no_edit(twin: TwinProcess, tmp_path: Path) -> None:
    known = len(run("esteri", twin, tmp_path).articles)
    cards = [plain(twin, "esteri", skip=number) for number in range(5)]
    for card in cards:
        twin.edit(card.id, MARKUP)
    # All are looked at again.
    twin.reset()
    ages = ",".join(str(days * 86_400) for days in range(1, 4_000))
    run("esteri", twin, tmp_path, settings={"RECHECK_AGES": ages})
    again = run("esteri", twin, tmp_path, urls=",".join(page_of(twin, card) for card in cards))
    assert len(asked(twin)) >= len(cards)
    assert len(again.articles) == known
    assert "unchanged" in again.stdout or "known" in again.stdout


def page_of(twin: TwinProcess, card: Card) -> str:
    return twin.url + truth.url(card, Switches()).removeprefix("https://www.alanews.it")


@pytest.mark.slow
@pytest.mark.soak
def test_an_article_is_looked_at_again_when_its_age_says_so(
    twin: TwinProcess, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    card = plain(twin, "esteri", skip=15)
    # So that the next look comes a day after the first run has read it.
    age = int((now - card.published).total_seconds()) + A_DAY
    ages = {"RECHECK_AGES": f"1,{age}"}
    run("esteri", twin, tmp_path, settings=ages)
    path = truth.url(card, Switches()).removeprefix("https://www.alanews.it")
    assert asked(twin).count(path) == 1
    twin.edit(card.id, "body")
    run("esteri", twin, tmp_path, settings=ages, discover="menu,archive")
    assert path not in asked(twin)
    ledgers.change(tmp_path / ledgers.FILE, "UPDATE urls SET due = due - ?", A_DAY)
    found = run("esteri", twin, tmp_path, settings=ages, discover="menu,archive")
    assert asked(twin).count(path) == 1
    assert [item["id"] for item in found.articles if item["revision"] == 2] == [
        f"alanews:{card.id}"
    ]


@pytest.mark.soak
@pytest.mark.slow
def test_an_article_missing_twice_is_gone_once_in_each_series(
    twin: TwinProcess, tmp_path: Path
) -> None:
    soon = {"GONE_AFTER": "0"}
    spiders = ("cronaca", "video")
    count = {name: len(run(name, twin, tmp_path, settings=soon).articles) for name in spiders}
    card = plain(twin, "video")
    name, page = f"alanews:{card.id}", page_of(twin, card)
    twin.delete(card.id, 410)
    for spider, before in count.items():
        found = [
            run(spider, twin, tmp_path, settings=soon, urls=page).articles[before:]
            for _ in range(4)
        ]
        # What the first series found missing, the other finds missing for the second time.
        assert [len(lines) for lines in found] == ([0, 1, 1, 1] if spider == "cronaca" else [1] * 4)
        (line,) = found[-1]
        assert (line["id"], line["status"], line["revision"]) == (name, "gone", 2)
        assert line["changed_fields"] == ["status"]


def test_missing_once_is_not_gone(twin: TwinProcess, tmp_path: Path) -> None:
    known = len(run("esteri", twin, tmp_path).articles)
    card = plain(twin, "esteri")
    twin.delete(card.id, 404)
    for _ in range(2):
        # The hour in between has not passed.
        done = run("esteri", twin, tmp_path, urls=page_of(twin, card))
    assert len(done.articles) == known
    assert "gone" not in {item["status"] for item in done.articles}


@pytest.mark.soak
def test_known_write_writes_all_again(twin: TwinProcess, tmp_path: Path) -> None:
    first = run("esteri", twin, tmp_path).articles
    again = run("esteri", twin, tmp_path, known="write")
    assert len(again.dumps) == 2
    ids = Counter(item["id"] for item in again.articles)
    assert ids == Counter(dict.fromkeys((item["id"] for item in first), 2))
    assert {item["revision"] for item in again.articles} == {1}
    third = run("esteri", twin, tmp_path)
    assert len(third.dumps) == 2
    assert len(asked(twin)) <= 5


@pytest.mark.soak
def test_a_killed_run_that_writes_all_again_is_gone_on_with(
    twin: TwinProcess, tmp_path: Path
) -> None:
    known = [item["id"] for item in run("esteri", twin, tmp_path).articles]
    line = [*words("esteri", twin.url, DOWNLOAD_DELAY=0.1), "-a", "known=write"]
    with PreloadedProcess(line, environment(tmp_path)) as killed:
        # More than one commit has: the lines of the last one may not be durable yet.
        wait_for_lines(tmp_path / "esteri", killed, 12)
        killed.kill()
    again = run("esteri", twin, tmp_path)
    assert len(again.dumps) == 3
    assert Counter(item["id"] for item in again.articles) == Counter(dict.fromkeys(known, 2))


def test_a_section_s_article_is_written_in_its_own_series_too(tmp_path: Path) -> None:
    with TwinProcess(size=60) as twin:
        everything = run("alanews", twin, tmp_path)
        section = run("esteri", twin, tmp_path)
        expected = truth.expected(twin.content(), Switches(), "esteri")
    seen = {item["id"]: item for item in everything.articles}
    assert {item["id"] for item in section.articles} == {*expected}
    for item in section.articles:
        assert item["first_seen_at"] == seen[item["id"]]["first_seen_at"]
        assert item["revision"] == 1


def test_a_sitemap_without_its_stated_change_is_requested_again(tmp_path: Path) -> None:
    with TwinProcess(size=60, switches={"visible_date": "published"}) as twin:
        known = len(run("esteri", twin, tmp_path).articles)
        card = plain(twin, "esteri", skip=4)
        twin.edit(card.id, "body")
        # A well-formed list without the posts.
        pages = {"kind": "redirect", "value": "/page-sitemap.xml", "path": "post-sitemap"}
        twin.set_faults([pages])
        wrong = run("esteri", twin, tmp_path)
        assert len(wrong.articles) == known
        sources = wrong.reports[-1]["sources"]
        (source,) = (entry for entry in sources if "post-sitemap" in entry["url"])
        assert source["outcome"] == "truncated"
        assert "index states" in source["reason"]
        twin.set_faults([])
        found = run("esteri", twin, tmp_path).articles[known:]
        assert [(item["id"], item["revision"]) for item in found] == [(f"alanews:{card.id}", 2)]
        assert not [path for path in asked_again(twin, tmp_path) if "post-sitemap" in path]


def asked_again(twin: TwinProcess, output: Path) -> list[str]:
    """Return what a further run requests."""
    run("esteri", twin, output)
    return asked(twin)
