"""What answers once with something else than the article is read by a later run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import ledgers, preloaded
from tests.support.killing import environment
from tests.support.twin_crawls import counted_ids, crawl_twin, expected_ids, ordinary_cards
from twin import truth
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl
    from twin.model import Card
    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 120
SPIDER = "cronaca"
SWITCHES = Switches()
HALF_A_YEAR = 183 * 86_400


@dataclass(frozen=True)
class Answer:
    """What an article's address answers once, and what the ledger then says of it."""

    fault: dict[str, Any]
    result: str
    state: str = "excluded"


ANSWERS = {
    "maintenance": Answer({"kind": "maintenance", "status": 200}, "not_article: no_article"),
    "database_error": Answer({"kind": "database_error", "status": 200}, "not_article: no_article"),
    "empty": Answer({"kind": "empty"}, "not_article: no_article"),
    "beginning": Answer({"kind": "truncate", "value": 900}, "not_article: no_article"),
    "plain_text": Answer({"kind": "content_type"}, "not_article: not_html"),
    "accepted": Answer({"kind": "status", "value": 202}, "blocked: http_202", "failed"),
    "no_content": Answer({"kind": "status", "value": 204}, "HTTP 204", "failed"),
    "not_found_page": Answer({"kind": "soft404"}, "not_article: not_found"),
    "not_found_article": Answer({"kind": "soft404", "value": "article"}, "not_article: not_found"),
    "home_page": Answer({"kind": "redirect"}, "not_article: home_page"),
    "undeclared_gzip": Answer({"kind": "gzip"}, "not_article: no_article"),
}


@dataclass(frozen=True)
class Story:
    """Two runs: one in which each article of `cards` had its fault, and one after it."""

    cards: dict[str, Card]
    first: Crawl
    first_ids: frozenset[str]
    rows: dict[str, tuple[Any, ...]]
    second: Crawl
    again: Crawl


def run(twin: TwinProcess, output: Path, spider: str = SPIDER, **arguments: object) -> Crawl:
    return crawl_twin(twin, output, spider, retry_times=1, **arguments)


def row(output: Path, card: Card) -> tuple[Any, ...]:
    """Return state, result, tries and the seconds until it is due, of an article's address.

    The due time counts from the answer, `fetched_at` is the time of the commit after it.
    """
    statement = (
        "SELECT state, coalesce(result, ''), tries, due - fetched_at FROM urls "  # noqa: S608
        f"WHERE url LIKE '%{card.slug}/'"
    )
    state, *rest = ledgers.rows(output / ledgers.FILE, statement)[0]
    return ("pending", "leased", "done", "failed", "excluded")[int(str(state))], *rest


def make_due(output: Path) -> None:
    """Let half a year pass for what waits."""
    ledgers.change(output / ledgers.FILE, "UPDATE urls SET due = due - ?", HALF_A_YEAR)


def retry(output: Path, twin: TwinProcess) -> None:
    """Run `scrapy ledger retry`."""
    line = ["ledger", "retry", "-a", f"site_url={twin.url}"]
    done = preloaded.run(line, environment(output))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def story(process: TwinProcess, tmp_path_factory: pytest.TempPathFactory) -> Story:
    output = tmp_path_factory.mktemp("story")
    cards = dict(zip(ANSWERS, ordinary_cards(process, SPIDER), strict=False))
    process.set_faults([{**ANSWERS[name].fault, "path": card.slug} for name, card in cards.items()])
    first = run(process, output)
    first_ids = frozenset(counted_ids(first))
    rows = {name: row(output, card) for name, card in cards.items()}
    process.set_faults([])
    make_due(output)
    second = run(process, output)
    return Story(cards, first, first_ids, rows, second, run(process, output))


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_not_the_article_is_looked_at_again(name: str, story: Story) -> None:
    article, answer = f"alanews:{story.cards[name].id}", ANSWERS[name]
    assert article not in story.first_ids
    state, result, tries, wait = story.rows[name]
    assert (state, result, tries) == (answer.state, answer.result, 1)
    assert wait is not None
    assert -600 <= wait <= 600
    assert counted_ids(story.again)[article] == 1


def test_the_rest_is_written_and_the_run_is_partial(process: TwinProcess, story: Story) -> None:
    assert story.first.code == 16, story.first.stderr
    assert "with something else than an article" in story.first.stderr
    assert story.second.code == 0, story.second.stderr
    assert counted_ids(story.second) == expected_ids(process, SPIDER)
    assert counted_ids(story.again) == counted_ids(story.second)


@pytest.mark.soak
def test_a_few_pages_that_are_not_articles_leave_the_run_a_success(
    twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[0]
    twin.set_faults([{"kind": "empty", "path": card.slug}])
    first = run(twin, tmp_path)
    assert (first.code, counted_ids(first)[f"alanews:{card.id}"]) == (0, 0)
    twin.set_faults([])
    # Nothing is due, and no source says that the page has changed.
    assert counted_ids(run(twin, tmp_path))[f"alanews:{card.id}"] == 0
    retry(tmp_path, twin)
    assert counted_ids(run(twin, tmp_path))[f"alanews:{card.id}"] == 1


def test_known_write_includes_what_was_no_article(twin: TwinProcess, tmp_path: Path) -> None:
    cards = ordinary_cards(twin, SPIDER)[:2]
    twin.set_faults(
        [
            {"kind": "soft404", "path": cards[0].slug},
            {"kind": "content_type", "path": cards[1].slug},
        ]
    )
    first = counted_ids(run(twin, tmp_path))
    twin.set_faults([])
    again = run(twin, tmp_path, known="write")
    once = {f"alanews:{card.id}" for card in cards}
    assert counted_ids(again) == first + expected_ids(twin, SPIDER)
    assert {name for name, count in counted_ids(again).items() if count == 1} == once


@pytest.mark.parametrize("lock", ["protect", pytest.param("embargo", marks=pytest.mark.soak)])
def test_an_article_that_is_opened_later_is_read(
    lock: str, twin: TwinProcess, tmp_path: Path
) -> None:
    by_time, by_title = (
        ordinary_cards(twin, SPIDER)[2:4]
        if lock == "protect"
        else ordinary_cards(twin, SPIDER)[4:6]
    )
    names = {f"alanews:{card.id}" for card in (by_time, by_title)}
    for card in (by_time, by_title):
        getattr(twin, lock)(card.id)
    first = run(twin, tmp_path)
    assert not names & set(counted_ids(first))
    twin.open(by_time.id)
    twin.open(by_title.id, title="Un titolo che prima non era questo")
    # The card with another title is a sign of change; without one the address waits for its time.
    second = run(twin, tmp_path, discover="menu,archive")
    assert counted_ids(second)[f"alanews:{by_title.id}"] == 1
    make_due(tmp_path)
    assert counted_ids(run(twin, tmp_path)) == expected_ids(twin, SPIDER)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "truncate", "value": 0.45},
        pytest.param({"kind": "partial"}, marks=pytest.mark.soak),
    ],
)
def test_an_article_cut_off_is_read_again_until_it_is_whole(
    fault: dict[str, Any], twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[0]
    name = f"alanews:{card.id}"
    twin.set_faults([{**fault, "path": card.slug}])
    first = run(twin, tmp_path)
    (cut,) = (item for item in first.articles if item["id"] == name)
    assert "truncated" in cut["flags"]
    state, result, _, wait = row(tmp_path, card)
    assert (state, result) == ("done", "truncated")
    assert 540 <= wait <= 600
    twin.set_faults([])
    make_due(tmp_path)
    second = run(twin, tmp_path)
    lines = [item for item in second.articles if item["id"] == name]
    assert lines[-1]["content_hash"] == truth.expected(twin.content(), SWITCHES)[name].content_hash
    assert "truncated" not in lines[-1]["flags"]
    assert [item["revision"] for item in lines] == [1, 2]
    make_due(tmp_path)
    assert len(run(twin, tmp_path).articles) == len(lines) + len(expected_ids(twin, SPIDER)) - 1


def test_not_modified_without_a_condition_is_not_believed(
    twin: TwinProcess, tmp_path: Path
) -> None:
    once, always = ordinary_cards(twin, SPIDER)[:2]
    twin.set_faults(
        [
            {"kind": "status", "value": 304, "path": once.slug, "times": 1},
            {"kind": "status", "value": 304, "path": always.slug},
        ]
    )
    first = run(twin, tmp_path)
    assert first.code == 16, first.stderr
    assert counted_ids(first)[f"alanews:{once.id}"] == 1
    assert row(tmp_path, always)[:2] == ("failed", "HTTP 304")
    twin.set_faults([])
    assert counted_ids(run(twin, tmp_path)) == expected_ids(twin, SPIDER)


@pytest.mark.parametrize(
    ("fault", "code", "reason"),
    [
        ({"kind": "loop"}, 16, "max redirections reached"),
        ({"kind": "loop", "value": "pair"}, 16, "max redirections reached"),
        ({"kind": "cookie_loop"}, 16, "max redirections reached"),
        ({"kind": "consent"}, 16, "address_blocked: another site: localhost"),
        ({"kind": "inflate", "value": 17}, 16, "larger than DOWNLOAD_MAXSIZE"),
        ({"kind": "status", "value": 202}, 18, "blocked: http_202"),
        ({"kind": "wall"}, 18, "blocked: cookie_wall"),
    ],
    ids=["loop", "pair", "cookie", "consent", "too_large", "accepted", "wall"],
)
def test_articles_that_cannot_be_fetched_are_no_success(
    fault: dict[str, Any], code: int, reason: str, twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, "esteri")[0]
    twin.set_faults([{**fault, "on": "article"}])
    first = run(twin, tmp_path, "esteri")
    assert (first.code, first.articles) == (code, [])
    assert row(tmp_path, card)[:3] == ("failed", reason, 1)
    assert "Not fetched" in first.stderr
    twin.set_faults([])
    second = run(twin, tmp_path, "esteri")
    assert second.code == 0, second.stderr
    assert counted_ids(second) == expected_ids(twin, "esteri")


def test_times_in_the_future_are_not_believed(twin: TwinProcess, tmp_path: Path) -> None:
    failed, gone = ordinary_cards(twin, SPIDER)[:2]
    ledger = tmp_path / ledgers.FILE
    twin.set_faults([{"kind": "status", "value": 503, "path": failed.slug}])
    written = len(run(twin, tmp_path).articles)
    twin.set_faults([{"kind": "status", "value": 404, "path": gone.slug}])
    page = twin.url + truth.url(gone, SWITCHES).removeprefix("https://www.alanews.it")
    run(twin, tmp_path, urls=page)
    # What a run has written whose clock was four years ahead.
    ahead = 4 * 365 * 86_400
    ledgers.change(ledger, "UPDATE urls SET due = due + ?", ahead)
    ledgers.change(ledger, "UPDATE articles SET missing_since = missing_since + ?", ahead)
    ledgers.change(ledger, "UPDATE validators SET silent_since = silent_since + ?", ahead)
    twin.set_faults([{"kind": "status", "value": 404, "path": gone.slug}])
    second = run(twin, tmp_path)
    assert counted_ids(second)[f"alanews:{failed.id}"] == 1
    # The time of the first 404 begins anew, by the clock that is right.
    ((since,),) = ledgers.rows(
        ledger, "SELECT missing_since - unixepoch() FROM articles WHERE missing_since IS NOT NULL"
    )
    assert -600 < int(str(since)) <= 0
    ledgers.change(ledger, "UPDATE articles SET missing_since = missing_since - 7200")
    third = run(twin, tmp_path, urls=page)
    assert [item["status"] for item in third.articles if item["id"] == f"alanews:{gone.id}"] == [
        "live", "gone",
    ]  # fmt: skip
    assert len(third.articles) == written + 2
