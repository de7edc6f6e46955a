"""Revisions count what a series has written; an article's address follows its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, update

from newscrawl.items.similarity import sketch
from newscrawl.ledger.records import ArticleSnapshot, Claim
from newscrawl.ledger.store import articles, database, lines
from newscrawl.ledger.store.lines import LineOwner
from newscrawl.ledger.store.tables import DONE, FAILED, series, urls
from newscrawl.text import digest, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from newscrawl.ledger.records import ClaimResult, MissingArticle

SITE = "https://www.alanews.it"


class NoOtherRun:
    """All other runs are dead."""

    shares = False

    def hold(self, connection: Connection, run: int) -> None:
        raise AssertionError

    def dead(self, _: Connection, runs: Iterable[int]) -> list[int]:
        return [*runs]

    def release(self) -> None:
        raise AssertionError


class Site:
    """A ledger of the series 1 and 2, and what runs read."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.run = 1
        with engine.begin() as connection:
            connection.execute(
                insert(series),
                [
                    {"id": 1, "name": "esteri", "edition": 1},
                    {"id": 2, "name": "video", "edition": 1},
                ],
            )

    def read(  # noqa: PLR0913 - what a page says
        self,
        text: str,
        at: str = "/a/",
        *,
        article: str = "alanews:7",
        number: int = 1,
        edition: int = 1,
        whole: bool = True,
        gone: bool = False,
        is_written: bool = True,
        modified: int | None = None,
        is_from_rest: bool = False,
    ) -> ClaimResult:
        """Claim a line; write it unless the run is killed before."""
        fields = {"headline": digest(text)[:12], "body": text[:1]}
        snapshot = ArticleSnapshot(
            article,
            SITE + at,
            1_000 + self.run,
            # A record has no subtitle.
            digest(f"{text} of a record" if is_from_rest else text),
            {} if gone else {**({"from_rest": ""} if is_from_rest else {}), **fields},
            modified=modified,
            gone=gone,
            whole=whole,
            text_key=key_of(text),
            sketch=text_sketch.signature if (text_sketch := sketch(text)) else None,
        )
        with self.engine.begin() as connection:
            owner = LineOwner(number, edition, self.run, NoOtherRun())
            result = articles.claim(connection, snapshot, owner)
        with self.engine.begin() as connection:
            claims = [Claim(result.id or article, result.revision)]
            if result.write and is_written:
                key = {"series": number, "edition": edition, "run": self.run}
                assert lines.write(connection, claims, dump=1, **key) == 1
            elif result.write:
                assert lines.delete_claims(connection, [self.run]) == 1
        self.run += 1
        return result

    def answers(self, at: str, status: int) -> None:
        """Record how an address answered last."""
        row = {"status": status, "state": DONE if status == 200 else FAILED}
        with self.engine.begin() as connection:
            changed = connection.execute(
                update(urls).where(urls.c.key == key_of(SITE + at)).values(row)
            )
            if not changed.rowcount:
                values = {"series": 1, "key": key_of(SITE + at), "url": SITE + at, "found_at": 1}
                small = {"kind": 0, "rank": 0, "channels": 0}
                connection.execute(insert(urls).values(**values, **small, **row))

    def is_missing(self, at: str, now: int) -> MissingArticle | None:
        self.answers(at, 404)
        with self.engine.begin() as connection:
            return articles.missing(connection, SITE + at, now, series=1, edition=1, run=self.run)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.e2e)])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterable[Site]:
    if request.param == "sqlite":
        url = database.parse_url(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    else:
        url = request.getfixturevalue("postgres")
    engine = database.open_ledger(url, "alanews")
    yield Site(engine)
    engine.dispose()


def line(result: ClaimResult) -> tuple[int, str | None, list[str]]:
    assert result.write, result.reason
    return result.revision, result.previous_hash, result.changed_fields


def test_a_first_line_that_was_never_written_leaves_no_number(site: Site) -> None:
    site.read("one", is_written=False)
    assert line(site.read("two")) == (1, None, [])
    assert line(site.read("three")) == (2, digest("two"), ["headline"])


def test_a_revision_that_was_never_written_leaves_no_gap(site: Site) -> None:
    site.read("one")
    assert line(site.read("xtwo", is_written=False)) == (2, digest("one"), ["headline", "body"])
    assert line(site.read("othree")) == (2, digest("one"), ["headline"])
    assert line(site.read("othree", edition=2)) == (2, digest("one"), ["headline"])


def test_an_edit_that_was_taken_back_before_it_was_written_is_none(site: Site) -> None:
    site.read("one")
    site.read("two", is_written=False)
    assert site.read("one").reason == "unchanged"


def test_a_removal_that_was_never_written_leaves_no_trace(site: Site) -> None:
    site.read("one")
    site.read("one", gone=True, is_written=False)
    assert site.read("one").reason == "unchanged"
    assert line(site.read("one", gone=True)) == (2, digest("one"), ["status"])
    assert site.read("one", gone=True).reason == "unchanged"
    assert line(site.read("two")) == (3, digest("one"), ["status", "headline", "body"])


def test_each_series_counts_its_own_lines(site: Site) -> None:
    site.read("one")
    site.read("other")
    assert line(site.read("other", number=2)) == (1, None, [])
    site.read("othree")
    assert line(site.read("xfour")) == (4, digest("othree"), ["headline", "body"])
    assert line(site.read("xfour", number=2)) == (2, digest("other"), ["headline", "body"])


def test_each_series_says_once_that_an_article_is_gone(site: Site) -> None:
    for text in ("one", "two"):
        site.read(text, number=1)
    site.read("one", number=2, edition=1)
    site.read("three", number=2)
    # Each series states the text that it wrote last.
    assert line(site.read("two", gone=True)) == (3, digest("two"), ["status"])
    assert line(site.read("three", number=2, gone=True)) == (3, digest("three"), ["status"])
    assert site.read("two", gone=True).reason == "unchanged"
    # In a new edition too, the removal follows the text.
    assert line(site.read("three", number=2, edition=2, gone=True))[0] == 3
    assert line(site.read("three", number=2, edition=2)) == (4, digest("three"), ["status"])


def test_an_incomplete_reading_is_not_the_newest_text(site: Site) -> None:
    site.read("on", whole=False, is_written=False)
    assert line(site.read("one")) == (1, None, [])
    assert site.read("o", whole=False).reason == "truncated"
    assert site.read("o", whole=False, number=2).reason == "truncated"
    assert site.read("one").reason == "unchanged"


def test_an_incomplete_reading_is_written_where_there_is_nothing_else(site: Site) -> None:
    site.read("on", whole=False, is_written=False)
    assert line(site.read("o", whole=False)) == (1, None, [])
    assert line(site.read("one")) == (2, digest("o"), ["headline"])


def test_a_line_of_an_older_schema_has_the_version_of_its_number(site: Site) -> None:
    site.read("one")
    site.read("two", number=2, is_written=False)
    site.read("three")
    with site.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lines SET version = NULL, revision = 3 WHERE revision=2")
        connection.exec_driver_sql("UPDATE revisions SET fields = NULL")
    assert site.read("three").reason == "unchanged"
    assert line(site.read("xfour")) == (4, digest("three"), ["headline", "body"])


def test_an_address_that_changes_follows_the_id(site: Site) -> None:
    site.read("one", "/old/")
    site.answers("/old/", 200)
    assert site.read("one", "/new/").reason == "unchanged"
    assert site.is_missing("/old/", 2_000) is None
    assert site.is_missing("/old/", 9_000) is None
    missing = site.is_missing("/new/", 9_000)
    assert missing is not None
    assert (missing.id, missing.missing_since) == ("alanews:7", None)
    missing = site.is_missing("/new/", 9_999)
    assert missing is not None
    assert (missing.url, missing.missing_since) == (f"{SITE}/new/", 9_000)


def test_an_address_found_missing_before_the_new_one_is_read(site: Site) -> None:
    site.read("one", "/old/")
    assert site.is_missing("/old/", 2_000) is not None
    assert line(site.read("edited", "/new/"))[0] == 2
    assert site.is_missing("/old/", 9_000) is None


def test_a_second_live_address_is_an_article_of_its_own(site: Site) -> None:
    site.read("one", "/a/")
    site.answers("/a/", 200)
    own = f"alanews:{digest(SITE + '/b/')[:16]}"
    for text, number in (("impostor", 1), ("edited impostor", 2)):
        result = site.read(text, "/b/")
        assert (result.id, line(result)[0]) == (own, number)
    assert site.read("one", "/a/").reason == "unchanged"
    assert site.read("edited impostor", "/b/").reason == "unchanged"
    assert site.is_missing("/b/", 2_000) is not None
    assert line(site.read("two", "/a/")) == (2, digest("one"), ["headline", "body"])


def test_an_alias_that_later_differs_is_an_article_of_its_own(site: Site) -> None:
    site.read("one", "/a/")
    site.answers("/a/", 200)
    assert site.read("one", "/b/").reason == "unchanged"
    assert site.read("two", "/b/").id == f"alanews:{digest(SITE + '/b/')[:16]}"


def test_an_edit_at_an_alias_is_a_revision(site: Site) -> None:
    text = " ".join(f"parola{number}" for number in range(120))
    site.read(text, "/old/")
    site.answers("/old/", 200)
    # Renamed: the old address has not been requested since.
    assert site.read(text, "/new/").reason == "unchanged"
    result = site.read(f"{text} aggiornamento", "/new/")
    assert result.id is None
    assert line(result)[:2] == (2, digest(text))


def test_a_page_cut_off_at_a_new_address_is_not_another_article(site: Site) -> None:
    text = " ".join(f"parola{number}" for number in range(120))
    site.read(text, "/old/")
    site.answers("/old/", 200)
    cut = site.read(text[:300], "/new/", whole=False)
    assert (cut.id, cut.reason) == (None, "truncated")
    whole = site.read(text, "/new/")
    assert (whole.id, whole.reason) == (None, "unchanged")


def test_the_removal_of_a_second_article_at_an_address_is_seen(site: Site) -> None:
    site.read("one")
    site.read("one", gone=True)
    site.read("two", article="alanews:8")
    for since in (None, 2_000):
        missing = site.is_missing("/a/", 2_000)
        assert missing is not None
        assert (missing.id, missing.missing_since, missing.gone) == ("alanews:8", since, False)


@pytest.mark.parametrize("is_from_rest", [False, True])
def test_an_old_copy_from_a_cache_is_not_a_revision(site: Site, *, is_from_rest: bool) -> None:
    site.read("one", modified=10)
    site.read("two", modified=20)
    old = site.read("one", modified=10, is_from_rest=is_from_rest)
    assert (old.write, old.reason) == (False, "old_copy")
    assert not site.read("two", modified=20).write
    # The publisher takes the edit back, and a series that has no line gets the text there is.
    assert line(site.read("one", modified=30, is_from_rest=is_from_rest))[0] == 3
    assert line(site.read("two", modified=20, number=2))[0] == 1
