"""Nearly the same text in what was written before, found by index, across runs and sections."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.engine import URL

from newscrawl.items.similarity import sketch
from newscrawl.ledger.records import ArticleSnapshot
from newscrawl.ledger.store import articles, database, duplicates
from newscrawl.ledger.store.lines import LineOwner
from newscrawl.ledger.store.tables import bands, series
from newscrawl.text import key_of
from tests.support.crawling import crawl
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from newscrawl.ledger.records import ClaimResult

WORDS = [f"parola{number}" for number in range(2000)]


class OneRun:
    """A lock where no other run is alive."""

    shares = False

    def hold(self, connection: Connection, run: int) -> None: ...

    def dead(self, connection: Connection, runs: Iterable[int]) -> list[int]:
        return [*runs]

    def release(self) -> None: ...


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = database.open_ledger(
        URL.create("sqlite", database=str(tmp_path / "ledger.sqlite")), "alanews"
    )
    with found.begin() as connection:
        connection.execute(insert(series).values(id=1, name="esteri", edition=1))
    yield found
    found.dispose()


def text(seed: int, words: int = 200) -> str:
    return " ".join(Random(seed).choices(WORDS, k=words))  # noqa: S311 - words, no secrets


def reading(
    name: str, body: str, at: int = 1_000, content_hash: str | None = None
) -> ArticleSnapshot:
    found = sketch(body)
    return ArticleSnapshot(
        id=name,
        url=f"https://www.alanews.it/{name}/",
        fetched_at=at,
        content_hash=content_hash or f"{key_of(body):x}",
        fields={"body": body[:20]},
        text_key=key_of(body),
        sketch=found.signature if found else None,
    )


def claim(engine: Engine, said: ArticleSnapshot) -> ClaimResult:
    with engine.begin() as connection:
        return articles.claim(connection, said, LineOwner(1, 1, 1, OneRun()))


def found_by(engine: Engine, *said: ArticleSnapshot) -> list[tuple[str | None, float | None]]:
    verdicts = [claim(engine, one) for one in said]
    return [(one.duplicate_of, one.similarity) for one in verdicts]


def number_of_keys(engine: Engine, name: str) -> int:
    with engine.begin() as connection:
        statement = select(func.count()).select_from(bands).where(bands.c.article == name)
        return int(connection.execute(statement).scalar_one())


def edited(body: str, seed: int, changed: int) -> str:
    """Return a text with so many of its words in a run replaced, far from others' runs."""
    words = body.split()
    at = seed * changed
    words[at : at + changed] = [f"altra{seed}x{number}" for number in range(changed)]
    return " ".join(words)


class TestFind:
    def test_the_same_text_is_1_and_an_edited_one_less(self, engine: Engine) -> None:
        body = text(1)
        one, same, near, other = found_by(
            engine,
            reading("a", body),
            reading("b", body),
            reading("c", edited(body, 1, 10)),
            reading("d", text(2)),
        )
        assert (one, same, other) == ((None, None), ("a", 1.0), (None, None))
        assert near[0] == "a"
        assert 0.56 <= (near[1] or 0) < 1.0

    def test_the_most_alike_is_named(self, engine: Engine) -> None:
        body = text(1)
        nearer = edited(body, 1, 20)
        found = found_by(
            engine, reading("a", body), reading("b", nearer), reading("c", nearer + " fine")
        )
        assert [name for name, _ in found] == [None, "a", "b"]

    def test_a_thousand_copies_cost_no_more_and_name_one_that_is_no_copy(
        self, engine: Engine
    ) -> None:
        body = text(1)
        found = found_by(engine, *(reading(f"a{number:04}", body, number) for number in range(200)))
        assert found[0] == (None, None)
        assert {similarity for _, similarity in found[1:]} == {1.0}
        assert found[1:50] == [("a0000", 1.0)] * 49
        near = found_by(engine, reading("near", edited(body, 1, 8)))
        assert near[0][0] is not None

    def test_a_text_too_short_for_a_sketch_is_only_found_when_the_same(
        self, engine: Engine
    ) -> None:
        found = found_by(
            engine,
            reading("a", "Guarda il video di oggi"),
            reading("b", "Guarda il video di oggi"),
            reading("c", "Guarda il video di ieri"),
        )
        assert found == [(None, None), ("a", 1.0), (None, None)]

    def test_what_a_revision_no_longer_holds_has_changed(self, engine: Engine) -> None:
        old, new = reading("a", text(1)), reading("a", text(1), content_hash="without a subtitle")
        claim(engine, replace(old, fields={"headline": "1", "subtitle": "2", "image": "3"}))
        verdict = claim(
            engine, replace(new, fields={"headline": "1", "image": "4", "section": "5"})
        )
        assert verdict.changed_fields == ["image", "section", "subtitle"]

    def test_a_revision_forgets_the_old_text(self, engine: Engine) -> None:
        old, new = text(1), text(2)
        claim(engine, reading("a", old))
        keys = number_of_keys(engine, "a")
        assert claim(engine, reading("a", new)).revision == 2
        assert number_of_keys(engine, "a") == keys == 17
        assert found_by(engine, reading("b", old), reading("c", new)) == [
            (None, None),
            ("a", 1.0),
        ]

    def test_two_articles_never_repeat_each_other(self, engine: Engine) -> None:
        body = text(1)
        claim(engine, reading("a", body))
        claim(engine, reading("b", body))
        again = claim(engine, reading("a", body, content_hash="another headline"))
        assert (again.revision, again.duplicate_of) == (2, None)

    def test_nor_in_a_circle(self, engine: Engine) -> None:
        first, middle, last = text(1), text(2), text(3)
        claim(engine, reading("a", first))
        claim(engine, reading("b", first))
        claim(engine, reading("b", middle))
        claim(engine, reading("c", middle))
        claim(engine, reading("c", last, content_hash="own again"))
        assert claim(engine, reading("d", last)).duplicate_of == "c"
        assert claim(engine, reading("c", first)).duplicate_of == "a"
        # a <- c <- d: whoever a comes to look like, it is none of these.
        assert claim(engine, reading("a", last)).duplicate_of is None

    def test_a_sketch_of_another_version_is_not_compared(self, engine: Engine) -> None:
        body = text(1)
        claim(engine, reading("a", body))
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE articles SET sketch = x'00', text_key = NULL")
            found = duplicates.find(connection, reading("b", body))
        assert found == (None, None)


SIZE, SEED = 420, 11


@pytest.mark.soak
@pytest.mark.e2e
@pytest.mark.slow
def test_a_crawl_marks_what_is_one_text_and_nothing_else(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE, seed=SEED, switches={"rewrites": "on"}) as twin:
        done = crawl("alanews", tmp_path, site_url=twin.url)
    assert done.code == 0, done.stderr
    lines = {line["id"]: line for line in done.articles}
    content = Content(size=SIZE, seed=SEED, rewrites=True)
    assert content.near_duplicates
    expected = truth.expected(content, Switches(rewrites=True))
    pairs = [
        frozenset(f"alanews:{one}" for one in pair[:2]) for pair in content.near_duplicates.pairs()
    ]
    pairs += [frozenset((one, *group)) for group in truth.duplicates(expected) for one in group]
    cluster = {name: name for name in lines}
    for pair in pairs:
        names = [name for name in pair if name in cluster]
        known = {cluster[name] for name in names}
        for name, head in cluster.items():
            if head in known:
                cluster[name] = min(known)
    size = Counter(cluster.values())
    wanted = {name for name in lines if size[cluster[name]] > 1}
    # One of each cluster was there first.
    most = len(wanted) - len({cluster[name] for name in wanted})
    marked = [line for line in lines.values() if line["duplicate_of"]]
    right = [
        line for line in marked if cluster[line["id"]] == cluster.get(line["duplicate_of"], "")
    ]
    assert most > 60
    assert len(right) / len(marked) >= 0.98
    assert len(right) / most >= 0.98
    assert all(0.56 <= line["similarity"] <= 1.0 for line in marked)
    assert any(line["similarity"] < 0.9 for line in marked)
