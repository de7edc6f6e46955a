"""Articles and their revisions: what was read before, and whether a line is due.

All functions run within a transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from newscrawl.ledger.records import ArticleSnapshot, ClaimResult, MissingArticle
from newscrawl.ledger.store import duplicates
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.lines import promise, stand_in
from newscrawl.ledger.store.tables import articles, revisions
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.store.locks import RunLock


def claim(  # noqa: PLR0913 - who claims what
    connection: Connection,
    reading: ArticleSnapshot,
    *,
    series: int,
    edition: int,
    run: int,
    lock: RunLock,
) -> ClaimResult:
    """Note a reading and promise its line to `run`, unless the series has it already."""
    before = connection.execute(_ARTICLE, {"id": reading.id}).one_or_none()
    if before is None:
        verdict = _first(connection, reading)
    elif (before.content_hash, bool(before.gone)) == (reading.content_hash, reading.gone):
        verdict = _as_noted(connection, before)
        if before.missing_since is not None and not reading.gone:
            connection.execute(_SEEN, {"row": reading.id})
    elif not reading.whole:
        return _not_due(before, "truncated")
    else:
        verdict = _revised(connection, before, reading)
    reason = promise(connection, reading.id, verdict.revision, series, edition, run, lock)
    verdict.write, verdict.reason = not reason, reason
    return verdict


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


def _first(connection: Connection, reading: ArticleSnapshot) -> ClaimResult:
    duplicate_of, similarity = duplicates.find(connection, reading)
    connection.execute(
        insert_new(connection, articles),
        {
            "id": reading.id,
            "url_key": key_of(reading.url),
            "url": reading.url,
            "first_seen_at": reading.fetched_at,
            "published": reading.published,
            "revision": 1,
            "content_hash": reading.content_hash,
            "fields": json.dumps(reading.fields, separators=(",", ":")),
            "gone": int(reading.gone),
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "text_key": reading.text_key,
            "sketch": reading.sketch,
        },
    )
    _note_revision(connection, reading, 1, None, [])
    duplicates.note(connection, reading)
    return ClaimResult(
        write=True,
        revision=1,
        first_seen_at=reading.fetched_at,
        duplicate_of=duplicate_of,
        similarity=similarity,
        published=reading.published,
    )


def _as_noted(connection: Connection, before: Row[Any]) -> ClaimResult:
    noted = connection.execute(
        _REVISION, {"article": before.id, "number": before.revision}
    ).one_or_none()
    return ClaimResult(
        write=True,
        revision=before.revision,
        first_seen_at=before.first_seen_at,
        previous_hash=noted.previous_hash if noted else None,
        changed_fields=json.loads(noted.changed_fields) if noted else [],
        duplicate_of=before.duplicate_of,
        similarity=before.similarity,
        published=before.published,
    )


def _revised(connection: Connection, before: Row[Any], reading: ArticleSnapshot) -> ClaimResult:
    old = json.loads(before.fields)
    # A field that holds nothing is in neither.
    names = [
        name for name in {**reading.fields, **old} if old.get(name) != reading.fields.get(name)
    ]
    changed = ["status"] if reading.gone else names
    if before.gone and not reading.gone:
        changed = ["status", *names]
    number = before.revision + 1
    values: dict[str, object] = {
        "revision": number,
        "gone": int(reading.gone),
        "missing_since": None,
    }
    duplicate_of, similarity = before.duplicate_of, before.similarity
    values["content_hash"] = reading.content_hash
    if not reading.gone:
        duplicate_of, similarity = duplicates.find(connection, reading)
        values |= {
            "fields": json.dumps(reading.fields, separators=(",", ":")),
            "url": reading.url,
            "url_key": key_of(reading.url),
            "published": reading.published,
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "text_key": reading.text_key,
            "sketch": reading.sketch,
        }
        duplicates.forget(connection, before)
        duplicates.note(connection, reading)
    connection.execute(update(articles).where(articles.c.id == reading.id).values(values))
    _note_revision(connection, reading, number, before.content_hash, changed)
    return ClaimResult(
        write=True,
        revision=number,
        first_seen_at=before.first_seen_at,
        previous_hash=before.content_hash,
        changed_fields=changed,
        duplicate_of=duplicate_of,
        similarity=similarity,
        published=reading.published or before.published,
    )


def _note_revision(
    connection: Connection,
    reading: ArticleSnapshot,
    number: int,
    previous_hash: str | None,
    changed: Sequence[str],
) -> None:
    connection.execute(
        insert_new(connection, revisions),
        {
            "article": reading.id,
            "revision": number,
            "content_hash": reading.content_hash,
            "previous_hash": previous_hash,
            "changed_fields": json.dumps(list(changed)),
            "at": reading.fetched_at,
        },
    )


def unchanged(connection: Connection, url: str) -> int | None:
    """Return when the article known at `url` was published; its page has not changed."""
    found = connection.execute(_AT_URL, {"key": key_of(url)}).first()
    return None if found is None else found.published


def missing(connection: Connection, url: str, now: int, series: int) -> MissingArticle | None:
    """Return the article known at `url`, having noted when its page was first found missing."""
    found = connection.execute(_AT_URL, {"key": key_of(url)}).first()
    if found is None:
        return None
    if found.missing_since is None and not found.gone:
        connection.execute(_MISSED, {"row": found.id, "now": now})
    return MissingArticle(
        found.id,
        found.url,
        found.content_hash,
        found.missing_since,
        bool(found.gone),
        stand_in(connection, found.id, series),
    )


_AT_URL = select(articles).where(articles.c.url_key == bindparam("key"))
_MISSED = (
    update(articles).where(articles.c.id == bindparam("row")).values(missing_since=bindparam("now"))
)
