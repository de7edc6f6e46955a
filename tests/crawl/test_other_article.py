"""An address that answers with another article is read again; one that leads to its own is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support import ledgers, preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.killing import environment
from tests.support.twin_crawls import counted_ids, expected_ids, ordinary_cards
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.model import Card

pytestmark = pytest.mark.e2e
SPIDER, SIZE = "esteri", 60
SETTINGS = {"RECHECK_AGES": "", "RETRY_TIMES": "0", "RETRY_INTERVALS": "600,3600"}
A_DAY = 86_400


@pytest.fixture
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as running:
        yield running


@pytest.fixture(
    params=[None, pytest.param("redirect", marks=pytest.mark.soak)], ids=["page", "redirect"]
)
def other(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the fault of answering with another article, by its page or by a redirect to it."""
    return {"kind": "other_article", "value": request.param}


def run(twin: TwinProcess, output: Path, **arguments: object) -> Crawl:
    twin.reset()
    return crawl(SPIDER, output, settings=SETTINGS, arguments={"site_url": twin.url, **arguments})


def command(twin: TwinProcess, output: Path, *words: str) -> str:
    """Run `scrapy ledger` and return what it prints, in one line."""
    line = ["ledger", *words, "-a", f"site_url={twin.url}"]
    done = preloaded.run(line, environment(output))
    assert done.returncode == 0, done.stderr
    return " ".join(done.stdout.split())


def row(output: Path, card: Card) -> tuple[Any, ...]:
    """Return state, result, tries and the seconds until it is due, of an article's address."""
    statement = (
        "SELECT state, coalesce(result, ''), tries, due - fetched_at FROM urls "  # noqa: S608
        f"WHERE url LIKE '%/{card.slug}/'"
    )
    return ledgers.rows(output / ledgers.FILE, statement)[0]


def let_a_day_pass(output: Path) -> None:
    ledgers.change(output / ledgers.FILE, "UPDATE urls SET due = due - ?", A_DAY)


def requested(twin: TwinProcess, card: Card) -> int:
    """Return how many requests of the last run were for an article's address."""
    return sum(card.slug in path for _, path, _ in twin.requests())


def test_an_address_that_answers_once_with_another_article_is_read_again(
    other: dict[str, Any], twin: TwinProcess, tmp_path: Path
) -> None:
    cards = ordinary_cards(twin, SPIDER)[1:3]
    names = {f"alanews:{card.id}" for card in cards}
    newest = f"alanews:{twin.content().card(0).id}"
    twin.set_faults([{**other, "path": card.slug, "times": 1} for card in cards])
    first = run(twin, tmp_path)
    assert not names & set(counted_ids(first))
    assert '"other_article": 2' in (first.folder / f"{first.dumps[0].stem}.run.json").read_text()
    # The other article is not of this section.
    assert newest not in expected_ids(twin, SPIDER)
    assert set(counted_ids(first)) == set(expected_ids(twin, SPIDER)) - names
    for card in cards:
        state, result, tries, wait = row(tmp_path, card)
        assert (state, result, tries) == (4, f"other_article: {newest}", 1)
        assert 540 <= wait <= 600
    path = f"/{cards[0].slug}/"
    statement = f"SELECT url FROM urls WHERE url LIKE '%{path}'"  # noqa: S608 - the twin's
    ((url,),) = ledgers.rows(tmp_path / ledgers.FILE, statement)
    assert f"not in the dumps: another article answered: {newest}" in (
        command(twin, tmp_path, "why", str(url))
    )
    assert "no article other_article 2: " in command(twin, tmp_path)
    # Nothing is due, and no source says that a page has changed.
    assert set(counted_ids(run(twin, tmp_path))) == set(counted_ids(first))
    assert command(twin, tmp_path, "retry", "--reason", "other_article") == (
        "2 addresses are pending again (esteri 2)"
    )
    second = run(twin, tmp_path)
    assert counted_ids(second) == expected_ids(twin, SPIDER)
    assert "esteri: in the dumps, 1 line" in command(twin, tmp_path, "why", str(url))


def test_known_write_includes_what_another_article_answered_for(
    other: dict[str, Any], twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[1]
    twin.set_faults([{**other, "path": card.slug, "times": 1}])
    first = counted_ids(run(twin, tmp_path))
    again = counted_ids(run(twin, tmp_path, known="write"))
    assert again == first + expected_ids(twin, SPIDER)
    assert again[f"alanews:{card.id}"] == 1


def test_an_edit_for_which_another_article_answered_once_is_a_revision(
    other: dict[str, Any], twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[1]
    assert counted_ids(run(twin, tmp_path)) == expected_ids(twin, SPIDER)
    twin.edit(card.id, "headline")
    twin.set_faults([{**other, "path": card.slug, "times": 1}])
    run(twin, tmp_path)
    assert requested(twin, card) == 1
    state, result, tries, _ = row(tmp_path, card)
    assert (state, tries) == (4, 1)
    assert str(result).startswith("other_article: ")
    # The sign of change is used up: the address is due by itself.
    let_a_day_pass(tmp_path)
    lines = [line for line in run(twin, tmp_path).articles if line["id"] == f"alanews:{card.id}"]
    assert [(line["revision"], "headline" in line["changed_fields"]) for line in lines] == [
        (1, False), (2, True),
    ]  # fmt: skip


def test_an_address_that_always_answers_with_another_article_is_given_up(
    other: dict[str, Any], twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[1]
    twin.set_faults([{**other, "path": card.slug}])
    looks = []
    for _ in range(4):
        run(twin, tmp_path)
        looks.append((requested(twin, card), *row(tmp_path, card)[2:]))
        let_a_day_pass(tmp_path)
    assert [count for count, _, _ in looks] == [1, 1, 1, 0]
    assert [tries for _, tries, _ in looks] == [1, 2, 3, 3]
    assert looks[-1][2] is None
    assert len(twin.requests()) <= 5


def test_a_permanent_redirect_to_the_same_article_is_final(
    twin: TwinProcess, tmp_path: Path
) -> None:
    card = ordinary_cards(twin, SPIDER)[1]
    name = f"alanews:{card.id}"
    run(twin, tmp_path)
    twin.rename(card.id, "un-altro-nome", redirect=True)
    # The old address is due in the run that finds the new one, and again in a later one.
    for _ in range(2):
        statement = f"UPDATE urls SET due = 1 WHERE url LIKE '%/{card.slug}/'"  # noqa: S608
        ledgers.change(tmp_path / ledgers.FILE, statement)
        done = run(twin, tmp_path)
        assert (done.code, requested(twin, card)) == (0, 1), done.stderr
        assert row(tmp_path, card) == (2, f"alias: {name}", 0, None)
    let_a_day_pass(tmp_path)
    last = run(twin, tmp_path)
    assert requested(twin, card) == 0
    assert len(twin.requests()) <= 5
    assert counted_ids(last) == expected_ids(twin, SPIDER)
    # Its new address is its only one: the article is gone as soon as that is missing.
    assert ledgers.rows(tmp_path / ledgers.FILE, "SELECT * FROM addresses") == []
