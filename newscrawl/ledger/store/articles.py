"""Articles and their revisions: what was read before, and whether a line is due.

All functions run within a transaction. See decision 27 in docs/decisions.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from newscrawl.ledger.records import (  # fmt: skip
    ArticleSnapshot,
    ClaimResult,
    MissingArticle,
    UnchangedArticle,
)
from newscrawl.ledger.store import duplicates
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.lines import claim_line, is_written
from newscrawl.ledger.store.tables import articles, revisions
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.store.locks import RunLock


def claim(  # noqa: PLR0913 - who claims what
    connection: Connection,
    snapshot: ArticleSnapshot,
    *,
    series: int,
    edition: int,
    run: int,
    lock: RunLock,
) -> ClaimResult:
    """Record a snapshot and claim its line for `run`, unless the series has it already."""
    before = connection.execute(_ARTICLE, {"id": snapshot.id}).one_or_none()
    if before is None:
        result = _first(connection, snapshot)
    elif (before.content_hash, bool(before.gone)) == (snapshot.content_hash, snapshot.gone):
        result = _as_recorded(connection, before)
        if before.missing_since is not None and not snapshot.gone:
            connection.execute(_SEEN, {"row": snapshot.id})
    elif not snapshot.whole:
        return _not_due(before, "truncated")
    else:
        result = _revised(connection, before, snapshot)
    reason = claim_line(connection, snapshot.id, result.revision, series, edition, run, lock)
    result.write, result.reason = not reason, reason
    return result


_ARTICLE = select(articles).where(articles.c.id == bindparam("id"))
_SEEN = update(articles).where(articles.c.id == bindparam("row")).values(missing_since=None)
_REVISION = select(revisions).where(
    revisions.c.article == bindparam("article"), revisions.c.revision == bindparam("number")
)


def _not_due(before: Row[Any], reason: str) -> ClaimResult:
    return ClaimResult(
        write=False,
        revision=before.revision,
        first_seen_at=before.first_seen_at,
        published=before.published,
        reason=reason,
    )


def _first(connection: Connection, snapshot: ArticleSnapshot) -> ClaimResult:
    duplicate_of, similarity = duplicates.find(connection, snapshot)
    connection.execute(
        insert_new(connection, articles),
        {
            "id": snapshot.id,
            "url_key": key_of(snapshot.url),
            "url": snapshot.url,
            "first_seen_at": snapshot.fetched_at,
            "published": snapshot.published,
            "revision": 1,
            "content_hash": snapshot.content_hash,
            "fields": json.dumps(snapshot.fields, separators=(",", ":")),
            "gone": int(snapshot.gone),
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "text_key": snapshot.text_key,
            "sketch": snapshot.sketch,
        },
    )
    _add_revision(connection, snapshot, 1, None, [])
    duplicates.add(connection, snapshot)
    return ClaimResult(
        write=True,
        revision=1,
        first_seen_at=snapshot.fetched_at,
        duplicate_of=duplicate_of,
        similarity=similarity,
        published=snapshot.published,
    )


def _as_recorded(connection: Connection, before: Row[Any]) -> ClaimResult:
    row = connection.execute(
        _REVISION, {"article": before.id, "number": before.revision}
    ).one_or_none()
    return ClaimResult(
        write=True,
        revision=before.revision,
        first_seen_at=before.first_seen_at,
        previous_hash=row.previous_hash if row else None,
        changed_fields=json.loads(row.changed_fields) if row else [],
        duplicate_of=before.duplicate_of,
        similarity=before.similarity,
        published=before.published,
    )


def _revised(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> ClaimResult:
    old_fields = json.loads(before.fields)
    # Empty fields are in neither.
    names = [
        name
        for name in {**snapshot.fields, **old_fields}
        if old_fields.get(name) != snapshot.fields.get(name)
    ]
    changed = ["status"] if snapshot.gone else names
    if before.gone and not snapshot.gone:
        changed = ["status", *names]
    number = before.revision + 1
    values: dict[str, object] = {
        "revision": number,
        "gone": int(snapshot.gone),
        "missing_since": None,
    }
    duplicate_of, similarity = before.duplicate_of, before.similarity
    values["content_hash"] = snapshot.content_hash
    if not snapshot.gone:
        duplicate_of, similarity = duplicates.find(connection, snapshot)
        values |= {
            "fields": json.dumps(snapshot.fields, separators=(",", ":")),
            "url": snapshot.url,
            "url_key": key_of(snapshot.url),
            "published": snapshot.published,
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "text_key": snapshot.text_key,
            "sketch": snapshot.sketch,
        }
        duplicates.forget(connection, before)
        duplicates.add(connection, snapshot)
    connection.execute(update(articles).where(articles.c.id == snapshot.id).values(values))
    _add_revision(connection, snapshot, number, before.content_hash, changed)
    return ClaimResult(
        write=True,
        revision=number,
        first_seen_at=before.first_seen_at,
        previous_hash=before.content_hash,
        changed_fields=changed,
        duplicate_of=duplicate_of,
        similarity=similarity,
        published=snapshot.published or before.published,
    )


def _add_revision(
    connection: Connection,
    snapshot: ArticleSnapshot,
    number: int,
    previous_hash: str | None,
    changed: Sequence[str],
) -> None:
    connection.execute(
        insert_new(connection, revisions),
        {
            "article": snapshot.id,
            "revision": number,
            "content_hash": snapshot.content_hash,
            "previous_hash": previous_hash,
            "changed_fields": json.dumps(list(changed)),
            "at": snapshot.fetched_at,
        },
    )


def unchanged(connection: Connection, url: str, series: int) -> UnchangedArticle:
    """Return what is known of the article at `url`, whose page has not changed."""
    article = connection.execute(_AT_URL, {"key": key_of(url)}).first()
    if article is None:
        return UnchangedArticle(None, is_written=False)
    return UnchangedArticle(article.published, is_written(connection, article.id, series))


def missing(connection: Connection, url: str, now: int, series: int) -> MissingArticle | None:
    """Record that the page of a known article is missing and return the article."""
    article = connection.execute(_AT_URL, {"key": key_of(url)}).first()
    if article is None:
        return None
    if article.missing_since is None and not article.gone:
        connection.execute(_MISSED, {"row": article.id, "now": now})
    return MissingArticle(
        article.id,
        article.url,
        article.content_hash,
        article.missing_since,
        bool(article.gone),
        is_written(connection, article.id, series),
    )


_AT_URL = select(articles).where(articles.c.url_key == bindparam("key"))
_MISSED = (
    update(articles).where(articles.c.id == bindparam("row")).values(missing_since=bindparam("now"))
)
