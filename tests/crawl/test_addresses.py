"""An article that has another address is not gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers
from tests.support.twin_crawls import crawl_twin, ordinary_cards
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.crawling import Crawl

pytestmark = pytest.mark.e2e
SPIDER, SIZE = "esteri", 60
A_DAY = 86_400


def crawl_a_day_later(twin: TwinProcess, output: Path) -> Crawl:
    """Let a day pass, after which each address is due, and crawl."""
    file = output / ledgers.FILE
    ledgers.change(file, "UPDATE urls SET due = fetched_at WHERE kind = ?", 0)
    ledgers.change(file, "UPDATE articles SET missing_since = missing_since - ?", A_DAY)
    return crawl_twin(twin, output, SPIDER)


def lines_of(done: Crawl, article: str) -> list[tuple[int, str, str]]:
    """Return revision, status and address of an article's lines."""
    return [
        (line["revision"], line["status"], line["url"].split("/")[-2])
        for line in done.articles
        if line["id"] == article
    ]


@pytest.mark.parametrize("is_protected", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.soak
def test_an_article_renamed_without_a_redirect_is_not_gone(
    *, is_protected: bool, tmp_path: Path
) -> None:
    with TwinProcess(size=SIZE) as twin:
        card = ordinary_cards(twin, SPIDER)[3]
        article = f"alanews:{card.id}"
        crawl_twin(twin, tmp_path, SPIDER)
        twin.rename(card.id, "un-altro-nome", redirect=False)
        if is_protected:
            twin.protect(card.id)
        # By the second of these runs the old address has been missing for a day.
        for _ in range(3):
            done = crawl_a_day_later(twin, tmp_path)
            assert done.code == 0, done.stderr
        first = (1, "live", card.slug)
        assert lines_of(done, article) == [first]
        # Its page may be read again, with a text of its own.
        twin.open(card.id, "Un titolo nuovo")
        done = crawl_a_day_later(twin, tmp_path)
        assert lines_of(done, article) == [first, (2, "live", "un-altro-nome")]


def test_the_page_of_a_removed_article_is_requested_after_all_others(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE) as twin:
        deleted, renamed = ordinary_cards(twin, SPIDER)[2:4]
        crawl_twin(twin, tmp_path, SPIDER)
        twin.delete(deleted.id)
        crawl_a_day_later(twin, tmp_path)
        twin.rename(renamed.id, "un-altro-nome", redirect=False)
        done = crawl_a_day_later(twin, tmp_path)
        paths = [path for _, path, _ in twin.requests()]
        assert deleted.slug in paths[-1]
        assert lines_of(done, f"alanews:{deleted.id}") == [
            (1, "live", deleted.slug), (2, "gone", deleted.slug),
        ]  # fmt: skip
