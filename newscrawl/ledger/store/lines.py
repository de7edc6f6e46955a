"""Lines of dumps: claimed by a run, then written. All functions run within a transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, select, update

from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import CLAIMED, WRITTEN, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from newscrawl.ledger.records import Claim
    from newscrawl.ledger.store.locks import RunLock


def claim_line(  # noqa: PLR0913, PLR0917 - a line's key, and who writes it
    connection: Connection,
    article: str,
    revision: int,
    series: int,
    edition: int,
    run: int,
    lock: RunLock,
) -> str:
    """Claim a line for a run; return why it may not write it, or an empty string."""
    key = {"series": series, "edition": edition, "article": article, "revision": revision}
    values = {**key, "run": run, "state": CLAIMED}
    # Not by `rowcount`: the driver does not keep that of an INSERT.
    if connection.execute(insert_new(connection, lines, returns="run"), values).first():
        return ""
    row = connection.execute(_LINE, key).one_or_none()
    if row is None:
        # A run that claimed it was just declared dead; the run that did so has the article.
        return "another_worker"
    if row.run == run:
        return "same_article"
    if row.state == WRITTEN:
        return "unchanged"
    if not lock.dead(connection, [row.run]):
        return "another_worker"
    connection.execute(_TAKE_OVER, {**{f"k_{name}": key[name] for name in key}, "own": run})
    return ""


def _key(prefix: str = "") -> object:
    return and_(
        *(
            lines.c[name] == bindparam(f"{prefix}{name}")
            for name in ("series", "edition", "article", "revision")
        )
    )


_LINE = select(lines.c.run, lines.c.state).where(_key())  # type: ignore[arg-type]
_TAKE_OVER = update(lines).where(_key("k_")).values(run=bindparam("own"))  # type: ignore[arg-type]
_WRITE = (
    update(lines)
    .where(
        _key("k_"),  # type: ignore[arg-type]
        lines.c.run == bindparam("own"),
        lines.c.state == CLAIMED,
    )
    .values(state=WRITTEN, dump=bindparam("into"))
)


def write(  # noqa: PLR0913 - whose lines, and where they stand
    connection: Connection,
    claims: Sequence[Claim],
    *,
    series: int,
    edition: int,
    run: int,
    dump: int,
) -> int:
    """Record that lines are written to a dump; return how many were only claimed before."""
    if not claims:
        return 0
    return connection.execute(
        _WRITE,
        [
            {
                "k_series": series,
                "k_edition": edition,
                "k_article": claim.article,
                "k_revision": claim.revision,
                "own": run,
                "into": dump,
            }
            for claim in claims
        ],
    ).rowcount


def is_written(connection: Connection, article: str, series: int) -> bool:
    """Return whether the dumps of a series contain a line of an article."""
    statement = select(lines.c.revision).where(
        lines.c.series == series, lines.c.article == article, lines.c.state == WRITTEN
    )
    return connection.execute(statement.limit(1)).first() is not None


def delete_claims(connection: Connection, runs: Sequence[int]) -> int:
    """Delete the claims of runs for lines that they did not write; return how many."""
    if not runs:
        return 0
    statement = delete(lines).where(lines.c.run.in_(runs), lines.c.state == CLAIMED)
    return connection.execute(statement).rowcount
