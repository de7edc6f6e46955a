"""Finds earlier articles with nearly the same text, by index.

All functions run within a transaction. See decision 33 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, select, union_all

from newscrawl.items import similarity
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import articles, bands

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row, Select

    from newscrawl.ledger.records import ArticleSnapshot

MOST_OF_A_BAND = 50
"""Candidates of one key, so that a text that occurs a thousand times costs no more."""
MOST_COMPARED = 64
"""Candidates of a text; those that share most keys are compared first."""
_MAX_CHAIN = 100
_MAX_SELECTS = 100
"""Parts of a UNION: SQLite's bound is 500."""


class Candidate(NamedTuple):
    """An article whose text may be nearly that of another one."""

    id: str
    first_seen_at: int
    duplicate_of: str | None
    text_key: int | None
    sketch: bytes | None


def find(connection: Connection, snapshot: ArticleSnapshot) -> tuple[str | None, float | None]:
    """Return the earlier article with the most similar text, and the similarity."""
    return KnownTexts(connection, [snapshot]).find(snapshot)


class KnownTexts:
    """The articles that share keys with snapshots, read in two statements for all of them."""

    def __init__(self, connection: Connection, snapshots: Sequence[ArticleSnapshot]) -> None:
        self._connection = connection
        self._keys = {s.id: _keys(s.text_key, s.sketch) for s in snapshots}
        keys = sorted({key for keys in self._keys.values() for key in keys})
        self._of_key = _articles_of(connection, keys) if keys else {}
        self._candidates: dict[str, Candidate] = {}
        shared = {name for s in snapshots for name in self._most_shared(s.id)}
        if shared:
            rows = connection.execute(_CANDIDATES, {"ids": sorted(shared)})
            self._candidates = {row.id: Candidate(*row) for row in rows}

    def find(self, snapshot: ArticleSnapshot) -> tuple[str | None, float | None]:
        """Return the earlier article with the most similar text, and the similarity.

        Of equally similar articles it is one that is not a duplicate, then the one first seen. An
        article that is a duplicate of this one, directly or through others, does not count.
        """
        names = self._most_shared(snapshot.id)
        candidates = [self._candidates[name] for name in names if name in self._candidates]
        scored = [(candidate, _score(candidate, snapshot)) for candidate in candidates]
        scored = [
            (candidate, score) for candidate, score in scored if score >= similarity.THRESHOLD
        ]
        for candidate, score in sorted(scored, key=_order):
            if not self._is_duplicate_of(candidate, snapshot.id):
                return candidate.id, round(score, 3)
        return None, None

    def add(self, snapshot: ArticleSnapshot, duplicate_of: str | None) -> None:
        """Add an article, so that the snapshots after it find it too."""
        for key in self._keys[snapshot.id]:
            self._of_key.setdefault(key, []).append(snapshot.id)
        self._candidates[snapshot.id] = Candidate(
            snapshot.id, snapshot.fetched_at, duplicate_of, snapshot.text_key, snapshot.sketch
        )

    def _most_shared(self, own: str) -> list[str]:
        """Return the articles that share most keys with an article."""
        of_keys = [
            [name for name in self._of_key.get(key, ()) if name != own] for key in self._keys[own]
        ]
        if sum(map(len, of_keys)) > MOST_OF_A_BAND:
            # A key that many articles share must not displace the others.
            of_keys = [sorted(names, reverse=True)[:MOST_OF_A_BAND] for names in of_keys]
        shared = Counter(name for names in of_keys for name in names)
        return [name for name, _ in shared.most_common(MOST_COMPARED)]

    def _is_duplicate_of(self, candidate: Candidate, own: str) -> bool:
        """Return whether an article is a duplicate of `own`, directly or through others."""
        visited, original = {candidate.id}, candidate.duplicate_of
        while original is not None and original not in visited and len(visited) < _MAX_CHAIN:
            if original == own:
                return True
            visited.add(original)
            if original in self._candidates:
                original = self._candidates[original].duplicate_of
            else:
                original = self._connection.execute(_ORIGINAL, {"id": original}).scalar()
        return False


def _articles_of(connection: Connection, keys: Sequence[int]) -> dict[int, list[str]]:
    """Return the articles of each key, of popular ones those with the greatest ids."""
    bound = MOST_OF_A_BAND * len(keys)
    rows = connection.execute(_OF_BANDS, {"keys": keys, "bound": bound + 1}).all()
    if len(rows) > bound:
        rows = []
        for start in range(0, len(keys), _MAX_SELECTS):
            selects = [_of_band(key) for key in keys[start : start + _MAX_SELECTS]]
            rows += connection.execute(union_all(*selects)).all()
    of_key: dict[int, list[str]] = {}
    for key, article in rows:
        of_key.setdefault(key, []).append(article)
    return of_key


def add(connection: Connection, snapshots: Iterable[ArticleSnapshot]) -> None:
    """Add the keys of articles' texts."""
    rows = [
        {"band": key, "article": snapshot.id}
        for snapshot in snapshots
        for key in _keys(snapshot.text_key, snapshot.sketch)
    ]
    if rows:
        connection.execute(insert_new(connection, bands), rows)


def forget(connection: Connection, before: Row[*tuple[Any, ...]]) -> None:
    """Delete the keys of a row of `articles`, whose text has changed."""
    if keys := _keys(before.text_key, before.sketch):
        connection.execute(_FORGET, [{"key": key, "own": before.id} for key in keys])


def _keys(text_key: int | None, sketch: bytes | None) -> list[int]:
    exact = () if text_key is None else (text_key,)
    return sorted({*exact, *similarity.bands(sketch or b"")})


def _order(scored: tuple[Candidate, float]) -> tuple[float, bool, int, str]:
    candidate, score = scored
    return -score, candidate.duplicate_of is not None, candidate.first_seen_at, candidate.id


def _of_band(key: int) -> Select[int, str]:
    # One more than are compared: an article does not count for itself.
    articles_of_key = (
        select(bands.c.band, bands.c.article)
        .where(bands.c.band == key)
        .order_by(bands.c.article.desc())
        .limit(MOST_OF_A_BAND + 1)
    ).subquery()
    return select(articles_of_key.c.band, articles_of_key.c.article)


def _score(row: Candidate, snapshot: ArticleSnapshot) -> float:
    if snapshot.text_key is not None and row.text_key == snapshot.text_key:
        return 1.0
    if not (snapshot.sketch and row.sketch and row.sketch[0] == similarity.FORMAT):
        return 0.0
    return similarity.similarity(snapshot.sketch, row.sketch)


_OF_BANDS = (
    select(bands.c.band, bands.c.article)
    .where(bands.c.band.in_(bindparam("keys", expanding=True)))
    .limit(bindparam("bound"))
)
_CANDIDATES = select(
    articles.c.id,
    articles.c.first_seen_at,
    articles.c.duplicate_of,
    articles.c.text_key,
    articles.c.sketch,
).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_ORIGINAL = select(articles.c.duplicate_of).where(articles.c.id == bindparam("id"))
_FORGET = delete(bands).where(bands.c.band == bindparam("key"), bands.c.article == bindparam("own"))
