"""Articles: what was read before, and whether a line is due.

All functions run within a transaction. See decisions 27 and 79 in docs/decisions.md.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from newscrawl.ledger.records import (  # fmt: skip
    ArticleSnapshot,
    ClaimResult,
    MissingArticle,
    UnchangedArticle,
)
from newscrawl.ledger.store import article_addresses, duplicates, lines, versions
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import articles
from newscrawl.ledger.store.versions import Versions
from newscrawl.outcomes.outcome import Kind
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.store.lines import LineOwner


def claim(connection: Connection, snapshot: ArticleSnapshot, owner: LineOwner) -> ClaimResult:
    """Record a snapshot and claim its line for `owner`, unless the series has it already."""
    series, edition, run = owner.series, owner.edition, owner.run
    before = connection.execute(_ARTICLE, {"id": snapshot.id}).one_or_none()
    written = (
        [] if before is None else lines.of_series(connection, snapshot.id, series, edition, run)
    )
    if before is not None and before.url != snapshot.url and not snapshot.gone:
        is_read = any(line.run == run for line in written)
        if article_addresses.has_conflict(connection, before, snapshot, is_read=is_read):
            own = replace(snapshot, id=article_addresses.own_id(snapshot))
            result = claim(connection, own, owner)
            result.id = own.id
            return result
        if article_addresses.is_taken(connection, before, snapshot):
            return _result(before, before.revision, Kind.OTHER_ARTICLE)
        if snapshot.whole:
            article_addresses.follow(connection, before, snapshot, is_read=is_read)
    if before is None:
        [result] = record_first(connection, [snapshot])
    elif before.gone and snapshot.gone:
        # Series may have written other texts of it last: it is gone for all of them.
        result = _result(before, before.revision)
    elif _is_unchanged(before, snapshot):
        result = _seen(connection, before, snapshot)
    elif reason := _useless(connection, before, snapshot, is_written=bool(written)):
        return _result(before, before.revision, reason)
    else:
        result = _changed(connection, before, snapshot)
    version = result.revision
    is_first_line = not written or (written[-1].revision, written[-1].version) == (1, version)
    if not is_first_line:
        fields = json.dumps(snapshot.fields) if before is None else _fields(before, snapshot)
        revision = Versions(connection, snapshot.id, fields).next(written, version)
        result.revision, result.previous_hash, changed = revision
        result.changed_fields = list(changed)
    else:
        result.revision = 1
    reason = lines.claim_line(
        connection,
        snapshot.id,
        result.revision,
        owner,
        version=None if result.revision == version else version,
        content_hash=_own_hash(before, snapshot, version),
    )
    result.write, result.reason = not reason, reason
    return result


def _own_hash(before: Row[Any] | None, snapshot: ArticleSnapshot, version: int) -> str | None:
    """Return a snapshot's hash where it is not that of the version, which was read otherwise."""
    is_known = before is not None and before.revision == version and not snapshot.gone
    differs = before is not None and before.content_hash != snapshot.content_hash
    return snapshot.content_hash if is_known and differs else None


_ARTICLE = select(articles).where(articles.c.id == bindparam("id"))


def _useless(
    connection: Connection, before: Row[Any], snapshot: ArticleSnapshot, *, is_written: bool
) -> str:
    """Return why a snapshot says nothing new of a text that is written; empty if it does."""
    if not snapshot.whole and (is_written or lines.is_written(connection, snapshot.id)):
        return "truncated"
    is_old = is_written and versions.is_old_copy(connection, before, snapshot)
    return "old_copy" if is_old else ""


def _fields(before: Row[Any], snapshot: ArticleSnapshot) -> str:
    """Return the hashes of an article's fields; a missing page has none of its own."""
    return str(before.fields) if snapshot.gone else _json(snapshot)


def _json(snapshot: ArticleSnapshot) -> str:
    return json.dumps(snapshot.fields, separators=(",", ":"))


def _result(before: Row[Any], version: int, reason: str = "") -> ClaimResult:
    """Return what is known of an article, with a version of its text as revision."""
    return ClaimResult(
        write=not reason,
        revision=version,
        first_seen_at=before.first_seen_at,
        duplicate_of=before.duplicate_of,
        similarity=before.similarity,
        published=before.published,
        reason=reason,
    )


def record_first(connection: Connection, snapshots: Sequence[ArticleSnapshot]) -> list[ClaimResult]:
    """Record articles that the ledger does not know yet, each once, in their order."""
    known_texts = duplicates.KnownTexts(connection, snapshots)
    results, rows = [], []
    for snapshot in snapshots:
        duplicate_of, similarity = known_texts.find(snapshot)
        known_texts.add(snapshot, duplicate_of)
        rows.append(_first_row(snapshot, duplicate_of, similarity))
        results.append(
            ClaimResult(
                write=True,
                revision=1,
                first_seen_at=snapshot.fetched_at,
                duplicate_of=duplicate_of,
                similarity=similarity,
                published=snapshot.published,
            )
        )
    connection.execute(insert_new(connection, articles), rows)
    versions.add_first(connection, snapshots)
    duplicates.add(connection, snapshots)
    return results


def _first_row(
    snapshot: ArticleSnapshot, duplicate_of: str | None, similarity: float | None
) -> dict[str, object]:
    return {
        "id": snapshot.id,
        "url_key": key_of(snapshot.url),
        "url": snapshot.url,
        "first_seen_at": snapshot.fetched_at,
        "published": snapshot.published,
        "modified": snapshot.modified,
        "revision": 1,
        "content_hash": snapshot.content_hash,
        "fields": _json(snapshot),
        "gone": int(snapshot.gone),
        "duplicate_of": duplicate_of,
        "similarity": similarity,
        "text_key": snapshot.text_key,
        "sketch": snapshot.sketch,
    }


def _is_unchanged(before: Row[Any], snapshot: ArticleSnapshot) -> bool:
    """Return whether a snapshot is of the text that is known, or also says that it is gone.

    A page and a REST record of the same text have different hashes: each is compared with what was
    read the same way. Where that is the first time, the same time of modification is enough.
    """
    if bool(before.gone) != snapshot.gone:
        return False
    fields = json.loads(before.fields)
    if snapshot.gone or versions.is_from_rest(fields) == versions.is_from_rest(snapshot.fields):
        return bool(before.content_hash == snapshot.content_hash)
    if before.other_reading is not None:
        return bool(json.loads(before.other_reading)[0] == snapshot.content_hash)
    if snapshot.modified is not None and before.modified == snapshot.modified:
        return True
    return versions.is_same_text(fields, snapshot.fields)


def _keep_other(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> None:
    """Keep how the other of page and REST states the text that is known."""
    is_other = versions.is_from_rest(json.loads(before.fields)) != versions.is_from_rest(
        snapshot.fields
    )
    if is_other and before.other_reading is None:
        reading = json.dumps([snapshot.content_hash, snapshot.fields], separators=(",", ":"))
        connection.execute(_KEEP_OTHER, {"row": snapshot.id, "reading": reading})


_KEEP_OTHER = (
    update(articles)
    .where(articles.c.id == bindparam("row"))
    .values(other_reading=bindparam("reading"))
)


def _seen(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> ClaimResult:
    if not snapshot.gone:
        _keep_other(connection, before, snapshot)
    is_changed = before.missing_since is not None or before.modified != snapshot.modified
    if is_changed and not snapshot.gone:
        connection.execute(_SEEN, {"row": snapshot.id, "new": snapshot.modified})
    return _result(before, before.revision)


_SEEN = (
    update(articles)
    .where(articles.c.id == bindparam("row"))
    .values(missing_since=None, modified=bindparam("new"))
)


def _comparable(before: Row[Any], snapshot: ArticleSnapshot) -> dict[str, str]:
    """Return the fields of the known text, as they were read the same way if they were."""
    fields: dict[str, str] = json.loads(before.fields)
    is_other = versions.is_from_rest(fields) != versions.is_from_rest(snapshot.fields)
    if is_other and before.other_reading is not None:
        fields = json.loads(before.other_reading)[1]
    return fields


def _changed(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> ClaimResult:
    """Record another version of an article's text, or that it is gone or back."""
    names = versions.changed_names(_comparable(before, snapshot), snapshot.fields)
    changed = ["status"] if snapshot.gone else names
    if before.gone and not snapshot.gone:
        changed = ["status", *names]
    number = before.revision + 1
    values: dict[str, object] = {
        "revision": number,
        "gone": int(snapshot.gone),
        "missing_since": None,
        "content_hash": snapshot.content_hash,
    }
    duplicate_of, similarity = before.duplicate_of, before.similarity
    if not snapshot.gone:
        duplicate_of, similarity = duplicates.find(connection, snapshot)
        values |= {
            "other_reading": None,
            "fields": _json(snapshot),
            "published": snapshot.published,
            "modified": snapshot.modified,
            "duplicate_of": duplicate_of,
            "similarity": similarity,
            "text_key": snapshot.text_key,
            "sketch": snapshot.sketch,
        }
        duplicates.forget(connection, before)
        duplicates.add(connection, [snapshot])
    versions.keep_fields(connection, before)
    connection.execute(update(articles).where(articles.c.id == snapshot.id).values(values))
    versions.add(connection, snapshot, number, before.content_hash, changed)
    return ClaimResult(
        write=True,
        revision=number,
        first_seen_at=before.first_seen_at,
        duplicate_of=duplicate_of,
        similarity=similarity,
        published=snapshot.published or before.published,
    )


def unchanged(connection: Connection, url: str) -> UnchangedArticle:
    """Return what is known of the article at `url`, whose page has not changed."""
    at_url = article_addresses.articles_at(connection, url)
    if not at_url:
        return UnchangedArticle(None, is_written=False)
    return UnchangedArticle(at_url[0].published, lines.is_written(connection, at_url[0].id))


def missing(  # noqa: PLR0913 - whose page, in which run
    connection: Connection, url: str, now: int, *, series: int, edition: int, run: int
) -> MissingArticle | None:
    """Record that the page of a known article is missing and return the article.

    None if there is none, or if it has another address, which it has from then on.
    """
    article_addresses.drop(connection, url)
    at_url = article_addresses.articles_at(connection, url)
    if not at_url:
        return None
    article = at_url[0]
    if not article.gone and article_addresses.has_other(connection, article):
        return None
    # A time in the future was written by a clock that was wrong.
    is_first = article.missing_since is None or article.missing_since > now
    if is_first and not article.gone:
        connection.execute(_MISSED, {"row": article.id, "now": now})
    written = lines.of_series(connection, article.id, series, edition, run)
    content_hash = article.content_hash
    if written:
        content_hash = Versions(connection, article.id, article.fields).hash_of(written)
    return MissingArticle(
        article.id,
        article.url,
        content_hash,
        None if is_first else article.missing_since,
        bool(article.gone),
        bool(written),
    )


_MISSED = (
    update(articles).where(articles.c.id == bindparam("row")).values(missing_since=bindparam("now"))
)
