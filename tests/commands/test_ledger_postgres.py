"""`scrapy ledger` on PostgreSQL: the same words and the same effects as on a file."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support import ledgers, preloaded
from tests.support.crawling import Crawl, crawl
from tests.support.killing import environment
from tests.support.postgres import ask, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import URL

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.mark.soak
def test_status_retry_forget_and_vacuum(postgres: URL, tmp_path: Path) -> None:
    place = {"NEWSCRAWL_LEDGER_URL": text_of(postgres)}

    def ledger(*words: str) -> str:
        done = preloaded.run(
            ["ledger", *words, "-a", f"site_url={twin.url}"], {**environment(tmp_path), **place}
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def run() -> Crawl:
        return crawl("esteri", tmp_path, environment=place, site_url=twin.url)

    with ledgers.twin() as twin:
        fault = {"kind": "status", "path": "/2026/(?:08|10)/[0-9]+/esteri/[a-z0-9-]", "value": 500}
        twin.set_faults([fault])
        first = run()
        twin.set_faults([])
        (told,) = json.loads(ledger("status", "--json"))["series"]
        assert (told["lines"], told["failed"]) == (
            len(first.articles),
            told["failures"][0]["count"],
        )
        assert told["failed"] > 0
        assert ledger("retry").startswith(f"{told['failed']} address")
        second = run()
        assert len(second.articles) == told["lines"] + told["failed"]

        victim = second.articles[0]
        assert "to be fetched again by esteri" in ledger("forget", victim["url"])
        third = run()
        seen = Counter(line["id"] for line in third.articles)
        assert (seen.pop(victim["id"]), set(seen.values())) == (2, {1})

        before = ask(postgres, "SELECT count(*), sum(key) FROM newscrawl.urls")
        assert " before, " in ledger("vacuum")
        assert ask(postgres, "SELECT count(*), sum(key) FROM newscrawl.urls") == before
        assert run().code == 0
