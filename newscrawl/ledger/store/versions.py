"""Versions of an article's text, and what a line of a series says of its predecessor.

A version is a text as it was read, whether or not a line of it was written. A revision is the
number of a line in a series. All functions run within a transaction. See decision 79 in
docs/decisions.md.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, select, update

from newscrawl.items import FROM_REST
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import revisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.records import ArticleSnapshot

_STATUS = "status"


class Revision(NamedTuple):
    """What a line of a series says of its own history."""

    number: int
    previous_hash: str | None = None
    changed_fields: Sequence[str] = ()


_COMMON = ("headline", "body", "sections", "keywords")
"""Fields that a page and WordPress's REST record of its post both state, and state alike."""


def is_from_rest(fields: Mapping[str, str]) -> bool:
    """Return whether the hashes of fields are those of a REST record, not of a page."""
    return FROM_REST in fields


def changed_names(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Return the fields whose values differ; empty fields are in neither.

    Of a page and a REST record only what both can state is compared.
    """
    names: Iterable[str] = {**new, **old}
    if is_from_rest(old) != is_from_rest(new):
        names = [name for name in _COMMON if name in old or name in new]
    return [name for name in names if old.get(name) != new.get(name)]


def is_same_text(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Return whether a page and a REST record have the same headline and the same text."""
    return all(old.get(name) == new.get(name) for name in ("headline", "body"))


def add(
    connection: Connection,
    snapshot: ArticleSnapshot,
    number: int,
    previous_hash: str | None = None,
    changed: Sequence[str] = (),
) -> None:
    """Add a version of a text, with what has changed since the version before."""
    row = _row(snapshot, number, previous_hash, changed)
    connection.execute(insert_new(connection, revisions), row)


def add_first(connection: Connection, snapshots: Iterable[ArticleSnapshot]) -> None:
    """Add the first versions of texts."""
    rows = [_row(snapshot, 1) for snapshot in snapshots]
    connection.execute(insert_new(connection, revisions), rows)


def _row(
    snapshot: ArticleSnapshot,
    number: int,
    previous_hash: str | None = None,
    changed: Sequence[str] = (),
) -> dict[str, object]:
    return {
        "article": snapshot.id,
        "revision": number,
        "content_hash": snapshot.content_hash,
        "previous_hash": previous_hash,
        "changed_fields": json.dumps(list(changed)),
        "at": snapshot.fetched_at,
    }


def keep_fields(connection: Connection, before: Row[Any]) -> None:
    """Keep the fields of an article's version that another one follows."""
    values = {"id": before.id, "number": before.revision, "kept": before.fields}
    connection.execute(_KEEP, values)


_KEEP = (
    update(revisions)
    .where(revisions.c.article == bindparam("id"), revisions.c.revision == bindparam("number"))
    .values(fields=bindparam("kept"))
)
_VERSIONS = (
    select(revisions)
    .where(revisions.c.article == bindparam("article"))
    .order_by(revisions.c.revision)
)


def is_old_copy(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> bool:
    """Return whether a cache has answered with an earlier version of an article.

    It has the text of one, and states an earlier time of modification than what is known.
    """
    if before.gone or snapshot.gone or not _is_earlier(snapshot.modified, before.modified):
        return False
    earlier = [
        row
        for row in connection.execute(_VERSIONS, {"article": before.id})
        if row.revision < before.revision
    ]
    return any(
        row.content_hash == snapshot.content_hash
        or (row.fields is not None and _is_other_reading(json.loads(row.fields), snapshot.fields))
        for row in earlier
    )


def _is_earlier(first: int | None, second: int | None) -> bool:
    return first is not None and second is not None and first < second


def _is_other_reading(fields: Mapping[str, str], others: Mapping[str, str]) -> bool:
    """Return whether a page and a REST record, in either order, have the same text."""
    return is_from_rest(fields) != is_from_rest(others) and is_same_text(fields, others)


class Versions:
    """All versions of an article, compared along the lines of one series.

    Args:
        connection: connection of the transaction.
        article: id of the article.
        fields: hashes of the fields of its newest version, as JSON.
    """

    def __init__(self, connection: Connection, article: str, fields: str) -> None:
        rows = connection.execute(_VERSIONS, {"article": article}).all()
        self._rows = {row.revision: row for row in rows}
        self._fields = {row.revision: row.fields for row in rows}
        if rows:
            self._fields[rows[-1].revision] = fields
        self._gone: set[int] = set()
        is_gone = False
        for row in rows:
            # Only removal and return change the status.
            is_gone ^= _STATUS in json.loads(row.changed_fields)
            if is_gone:
                self._gone.add(row.revision)

    def same(self, first: int, second: int) -> bool:
        """Return whether two versions are the same text, or both say that it is gone."""
        if first == second:
            return True
        if (first in self._gone) != (second in self._gone):
            return False
        return first in self._gone or self._text(first) == self._text(second)

    def hash_of(self, lines: Sequence[Row[Any]]) -> str:
        """Return the content hash of the last of a series' lines."""
        *earlier, last = lines
        earlier = [line for line in earlier if line.revision < last.revision]
        if last.version in self._gone and earlier:
            return self.hash_of(earlier)
        return str(last.content_hash or self._text(last.version))

    def next(self, lines: Sequence[Row[Any]], version: int) -> Revision:
        """Return the revision of a version that follows a series' lines."""
        if not lines:
            return Revision(1)
        last = lines[-1]
        if not self.same(last.version, version):
            changed = self._changed(last.version, version)
            return Revision(last.revision + 1, self.hash_of(lines), changed)
        earlier = [line for line in lines if line.revision < last.revision]
        if last.revision == 1:
            return Revision(1)
        if not earlier:
            # Series shared their numbers once: this one began with a later revision.
            row = self._rows[last.version]
            return Revision(last.revision, row.previous_hash, json.loads(row.changed_fields))
        changed = self._changed(earlier[-1].version, last.version)
        return Revision(last.revision, self.hash_of(earlier), changed)

    def _text(self, version: int) -> str:
        return str(self._rows[version].content_hash)

    def _changed(self, first: int, second: int) -> list[str]:
        if second == first + 1:
            return list(json.loads(self._rows[second].changed_fields))
        if second in self._gone:
            return [_STATUS]
        old, new = self._fields.get(first), self._fields.get(second)
        if old and new:
            names = changed_names(json.loads(old), json.loads(new))
        else:
            between = [row for number, row in self._rows.items() if first < number <= second]
            names = list(
                dict.fromkeys(
                    name
                    for row in between
                    for name in json.loads(row.changed_fields)
                    if name != _STATUS
                )
            )
        return [_STATUS, *names] if first in self._gone else names
