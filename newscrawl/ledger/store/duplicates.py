"""Earlier articles with nearly the same text, found by index.

All functions run within a transaction.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, union_all

from newscrawl import similarity
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import articles, bands

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

    from newscrawl.ledger.records import ArticleSnapshot

MOST_OF_A_BAND = 50
"""Candidates of one key, so that a text that stands a thousand times costs no more."""
MOST_COMPARED = 64
"""Candidates of a text; those that share the most keys come first."""
_LONGEST_CHAIN = 100


def find(connection: Connection, reading: ArticleSnapshot) -> tuple[str | None, float | None]:
    """Return the article known before whose text is most alike, and how alike they are.

    Among equals it is one that repeats no other, then the earliest seen. An article that
    repeats this one, be it through others, is none.
    """
    for row, score in sorted(_scored(connection, reading), key=_order):
        if not _repeats(connection, row, reading.id):
            return str(row.id), round(score, 3)
    return None, None


def note(connection: Connection, reading: ArticleSnapshot) -> None:
    """Put the keys of an article's text in."""
    if keys := _keys(reading.text_key, reading.sketch):
        connection.execute(
            insert_new(connection, bands),
            [{"band": key, "article": reading.id} for key in keys],
        )


def forget(connection: Connection, before: Row[*tuple[Any, ...]]) -> None:
    """Take the keys of a row of `articles` out: its text is another now."""
    if keys := _keys(before.text_key, before.sketch):
        connection.execute(_FORGET, [{"key": key, "own": before.id} for key in keys])


def _keys(text_key: int | None, sketch: bytes | None) -> list[int]:
    exact = () if text_key is None else (text_key,)
    return sorted({*exact, *similarity.bands(sketch or b"")})


def _order(scored: tuple[Row[*tuple[Any, ...]], float]) -> tuple[float, bool, int, str]:
    row, score = scored
    return -score, row.duplicate_of is not None, row.first_seen_at, row.id


def _scored(
    connection: Connection, reading: ArticleSnapshot
) -> list[tuple[Row[*tuple[Any, ...]], float]]:
    """Return the candidates that are alike enough; the same text is 1.0."""
    keys = _keys(reading.text_key, reading.sketch)
    if not keys:
        return []
    named = {"keys": keys, "own": reading.id}
    found = connection.execute(_OF_BANDS, named).scalars().all()
    if len(found) > MOST_OF_A_BAND:
        # A key that many share must not crowd out the others.
        parts = [_of_band(key, reading.id) for key in keys]
        found = connection.execute(union_all(*parts)).scalars().all()
    shared = Counter(found)
    chosen = [name for name, _ in shared.most_common(MOST_COMPARED)]
    rows = connection.execute(_CANDIDATES, {"names": chosen}).all() if chosen else []
    scored = [(row, _score(row, reading)) for row in rows]
    return [(row, score) for row, score in scored if score >= similarity.THRESHOLD]


def _of_band(key: int, own: str) -> Select[str]:
    some = (
        select(bands.c.article)
        .where(bands.c.band == key, bands.c.article != own)
        .order_by(bands.c.article.desc())
        .limit(MOST_OF_A_BAND)
    )
    return select(some.subquery().c.article)


def _score(row: Row[*tuple[Any, ...]], reading: ArticleSnapshot) -> float:
    if reading.text_key is not None and row.text_key == reading.text_key:
        return 1.0
    if not (reading.sketch and row.sketch and row.sketch[0] == similarity.FORMAT):
        return 0.0
    return similarity.similarity(reading.sketch, row.sketch)


def _repeats(connection: Connection, row: Row[*tuple[Any, ...]], own: str) -> bool:
    """Return whether an article is called a duplicate of `own`, itself or through others."""
    known, following = {row.id}, row.duplicate_of
    while following is not None and following not in known and len(known) < _LONGEST_CHAIN:
        if following == own:
            return True
        known.add(following)
        following = connection.execute(_ORIGINAL, {"id": following}).scalar()
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
).where(articles.c.id.in_(bindparam("names", expanding=True)))
_ORIGINAL = select(articles.c.duplicate_of).where(articles.c.id == bindparam("id"))
_FORGET = delete(bands).where(bands.c.band == bindparam("key"), bands.c.article == bindparam("own"))
