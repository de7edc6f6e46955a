"""Claims the lines of several articles at once.

A list of a hundred new articles takes ten statements instead of seven hundred. The result is
that of claiming one after the other. All functions run within a transaction. See decision 139 in
docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from newscrawl.ledger.store import articles, lines
from newscrawl.ledger.store.tables import articles as articles_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from newscrawl.ledger.records import ArticleSnapshot, ClaimResult
    from newscrawl.ledger.store.lines import LineOwner

_MOST = 250
"""Snapshots of a batch: what a statement names stays below SQLite's bound of 32,766 values."""


def claim_all(
    connection: Connection, snapshots: Sequence[ArticleSnapshot], owner: LineOwner
) -> list[ClaimResult]:
    """Record snapshots in their order and claim their lines, as `articles.claim` does for one."""
    known = _known(connection, [snapshot.id for snapshot in snapshots])
    results: list[ClaimResult] = []
    batch: list[ArticleSnapshot] = []
    for snapshot in snapshots:
        if batch and (snapshot.id in known or len(batch) == _MOST):
            results += _claim_first(connection, batch, owner)
            batch = []
        if snapshot.id not in known:
            # A further snapshot of it is compared with this one.
            known.add(snapshot.id)
            batch.append(snapshot)
            continue
        result = articles.claim(connection, snapshot, owner)
        known.add(result.id or snapshot.id)
        results.append(result)
    if batch:
        results += _claim_first(connection, batch, owner)
    return results


def _known(connection: Connection, ids: Sequence[str]) -> set[str]:
    return {
        known_id
        for start in range(0, len(ids), _MOST)
        for known_id in connection.execute(_KNOWN, {"ids": ids[start : start + _MOST]}).scalars()
    }


_KNOWN = select(articles_table.c.id).where(
    articles_table.c.id.in_(bindparam("ids", expanding=True))
)


def _claim_first(
    connection: Connection, snapshots: Sequence[ArticleSnapshot], owner: LineOwner
) -> list[ClaimResult]:
    results = articles.record_first(connection, snapshots)
    claimed = lines.claim_first(connection, [snapshot.id for snapshot in snapshots], owner)
    for snapshot, result in zip(snapshots, results, strict=True):
        if snapshot.id not in claimed:
            reason = lines.claim_line(connection, snapshot.id, 1, owner)
            result.write, result.reason = not reason, reason
    return results
