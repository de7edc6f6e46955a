"""Finds earlier articles with nearly the same text, by index.

All functions run within a transaction. See decision 33 in docs/decisions.md.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, union_all

from newscrawl.items import similarity
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import articles, bands

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

    from newscrawl.ledger.records import ArticleSnapshot

MOST_OF_A_BAND = 50
"""Candidates of one key, so that a text that occurs a thousand times costs no more."""
MOST_COMPARED = 64
"""Candidates of a text; those that share most keys are compared first."""
_MAX_CHAIN = 100


def find(connection: Connection, snapshot: ArticleSnapshot) -> tuple[str | None, float | None]:
    """Return the earlier article with the most similar text, and the similarity.

    Of equally similar articles it is one that is not a duplicate, then the one first seen. An
    article that is a duplicate of this one, directly or through others, does not count.
    """
    for row, score in sorted(_scored(connection, snapshot), key=_order):
        if not _is_duplicate_of(connection, row, snapshot.id):
            return str(row.id), round(score, 3)
    return None, None


def add(connection: Connection, snapshot: ArticleSnapshot) -> None:
    """Add the keys of an article's text."""
    if keys := _keys(snapshot.text_key, snapshot.sketch):
        connection.execute(
            insert_new(connection, bands),
            [{"band": key, "article": snapshot.id} for key in keys],
        )


def forget(connection: Connection, before: Row[*tuple[Any, ...]]) -> None:
    """Delete the keys of a row of `articles`, whose text has changed."""
    if keys := _keys(before.text_key, before.sketch):
        connection.execute(_FORGET, [{"key": key, "own": before.id} for key in keys])


def _keys(text_key: int | None, sketch: bytes | None) -> list[int]:
    exact = () if text_key is None else (text_key,)
    return sorted({*exact, *similarity.bands(sketch or b"")})


def _order(scored: tuple[Row[*tuple[Any, ...]], float]) -> tuple[float, bool, int, str]:
    row, score = scored
    return -score, row.duplicate_of is not None, row.first_seen_at, row.id


def _scored(
    connection: Connection, snapshot: ArticleSnapshot
) -> list[tuple[Row[*tuple[Any, ...]], float]]:
    """Return the candidates that are similar enough; the same text has 1.0."""
    keys = _keys(snapshot.text_key, snapshot.sketch)
    if not keys:
        return []
    values = {"keys": keys, "own": snapshot.id}
    candidates = connection.execute(_OF_BANDS, values).scalars().all()
    if len(candidates) > MOST_OF_A_BAND:
        # A key that many articles share must not displace the others.
        selects = [_of_band(key, snapshot.id) for key in keys]
        candidates = connection.execute(union_all(*selects)).scalars().all()
    shared_keys = Counter(candidates)
    ids = [article for article, _ in shared_keys.most_common(MOST_COMPARED)]
    rows = connection.execute(_CANDIDATES, {"ids": ids}).all() if ids else []
    scored = [(row, _score(row, snapshot)) for row in rows]
    return [(row, score) for row, score in scored if score >= similarity.THRESHOLD]


def _of_band(key: int, own: str) -> Select[str]:
    articles_of_key = (
        select(bands.c.article)
        .where(bands.c.band == key, bands.c.article != own)
        .order_by(bands.c.article.desc())
        .limit(MOST_OF_A_BAND)
    )
    return select(articles_of_key.subquery().c.article)


def _score(row: Row[*tuple[Any, ...]], snapshot: ArticleSnapshot) -> float:
    if snapshot.text_key is not None and row.text_key == snapshot.text_key:
        return 1.0
    if not (snapshot.sketch and row.sketch and row.sketch[0] == similarity.FORMAT):
        return 0.0
    return similarity.similarity(snapshot.sketch, row.sketch)


def _is_duplicate_of(connection: Connection, row: Row[*tuple[Any, ...]], own: str) -> bool:
    """Return whether an article is a duplicate of `own`, directly or through others."""
    visited, original = {row.id}, row.duplicate_of
    while original is not None and original not in visited and len(visited) < _MAX_CHAIN:
        if original == own:
            return True
        visited.add(original)
        original = connection.execute(_ORIGINAL, {"id": original}).scalar()
    return False


_OF_BANDS = (
    select(bands.c.article)
    .where(bands.c.band.in_(bindparam("keys", expanding=True)))
    .where(bands.c.article != bindparam("own"))
    .limit(MOST_OF_A_BAND + 1)
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
