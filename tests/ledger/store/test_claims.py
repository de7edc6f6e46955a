"""Articles claimed together become what they become one after the other."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from newscrawl.items.similarity import sketch
from newscrawl.ledger.records import ArticleSnapshot
from newscrawl.ledger.store import articles, claims, database
from newscrawl.ledger.store.lines import LineOwner
from newscrawl.ledger.store.tables import CLAIMED, bands, lines, revisions, series
from newscrawl.ledger.store.tables import articles as articles_table
from newscrawl.text import digest, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Engine

    from newscrawl.ledger.records import ClaimResult

_WORDS = [f"parola{number}" for number in range(400)]


class _NoOtherRun:
    shares = False

    def dead(self, connection: Connection, runs: Sequence[int]) -> list[int]:
        return [*runs]


_OWNER = LineOwner(1, 1, 1, _NoOtherRun())  # type: ignore[arg-type]


def _snapshots(seed: int, count: int) -> list[ArticleSnapshot]:
    """Return snapshots of which some repeat an id, an address, a text, or most of a text."""
    random = Random(seed)  # noqa: S311 - texts, no secrets
    texts = [" ".join(random.choices(_WORDS, k=60)) for _ in range(max(2, count // 3))]
    snapshots = []
    for at in range(count):
        words = random.choice(texts).split()
        for _ in range(random.choice([0, 0, 1, 30])):
            words[random.randrange(len(words))] = random.choice(_WORDS)
        body = " ".join(words)
        number = random.randrange(count)
        snapshots.append(
            ArticleSnapshot(
                f"alanews:{number}",
                f"https://www.alanews.it/{number + random.choice([0, 0, 0, 1_000])}/",
                1_000 + at,
                digest(body),
                {"headline": digest(body)[:12], "body": digest(body)[12:24]},
                published=random.choice([None, 900]),
                modified=random.choice([None, 950 + at]),
                whole=random.random() < 0.9,
                text_key=key_of(body),
                sketch=made.signature if (made := sketch(body)) else None,
            )
        )
    return snapshots


def _engine(url: Any) -> Engine:
    engine = database.open_ledger(url, "alanews")
    with engine.begin() as connection:
        connection.execute(
            series.insert(), {"id": 1, "name": "alanews", "edition": 1, "arguments": ""}
        )
    return engine


def _content(connection: Connection) -> list[list[tuple[Any, ...]]]:
    return [
        sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
        for table in (articles_table, revisions, bands, lines)
    ]


@pytest.mark.parametrize("seed", range(12))
def test_together_is_one_after_the_other(seed: int, tmp_path: Any) -> None:
    snapshots = _snapshots(seed, 12 * (seed + 1))
    outcomes: list[tuple[list[ClaimResult], Any]] = []
    for name, size in (("single", 1), ("together", len(snapshots)), ("parts", 7)):
        engine = _engine(database.parse_url(f"sqlite:///{tmp_path / name}.sqlite"))
        results: list[ClaimResult] = []
        for start in range(0, len(snapshots), size):
            with engine.begin() as connection:
                part = snapshots[start : start + size]
                if size == 1:
                    results.append(articles.claim(connection, part[0], _OWNER))
                else:
                    results += claims.claim_all(connection, part, _OWNER)
        with engine.begin() as connection:
            outcomes.append((results, _content(connection)))
        engine.dispose()
    single, together, parts = outcomes
    assert any(result.duplicate_of for result in single[0])
    assert len({result.reason for result in single[0]}) > 1
    assert single == together == parts


def test_what_another_run_has_claimed_is_left_to_it(tmp_path: Any) -> None:
    engine = _engine(database.parse_url(f"sqlite:///{tmp_path / 'ledger.sqlite'}"))
    [first, second, *_] = {snapshot.id: snapshot for snapshot in _snapshots(1, 12)}.values()

    class _OtherLives(_NoOtherRun):
        def dead(self, connection: Connection, runs: Sequence[int]) -> list[int]:
            return []

    with engine.begin() as connection:
        row = {
            "series": 1,
            "edition": 1,
            "article": first.id,
            "revision": 1,
            "run": 9,
            "state": CLAIMED,
        }
        connection.execute(lines.insert(), row)
        owner = LineOwner(1, 1, 1, _OtherLives())  # type: ignore[arg-type]
        results = claims.claim_all(connection, [first, second], owner)
    assert [(r.write, r.reason) for r in results] == [(False, "another_worker"), (True, "")]
    engine.dispose()
