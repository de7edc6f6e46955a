"""Lines of dumps: promised by a run, then durable. All functions run within a transaction."""

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


def promise(  # noqa: PLR0913, PLR0917 - a line's key, and who writes it
    connection: Connection,
    article: str,
    revision: int,
    series: int,
    edition: int,
    run: int,
    lock: RunLock,
) -> str:
    """Return why the line is not this run's to write; nothing when it is."""
    key = {"series": series, "edition": edition, "article": article, "revision": revision}
    new = {**key, "run": run, "state": CLAIMED}
    # Not by a count of rows: of an INSERT the driver does not keep it.
    if connection.execute(insert_new(connection, lines, returns="run"), new).first():
        return ""
    found = connection.execute(_LINE, key).one_or_none()
    if found is None:
        # Promised by a run that was taken for dead in this moment; whoever did has the article.
        return "another_worker"
    if found.run == run:
        return "same_article"
    if found.state == WRITTEN:
        return "unchanged"
    if not lock.dead(connection, [found.run]):
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
    """Note that lines stand in a dump; return of how many that is news."""
    if not claims:
        return 0
    return connection.execute(
        _WRITE,
        [
            {
                "k_series": series,
                "k_edition": edition,
                "k_article": one.article,
                "k_revision": one.revision,
                "own": run,
                "into": dump,
            }
            for one in claims
        ],
    ).rowcount


def stand_in(connection: Connection, article: str, series: int) -> bool:
    """Return whether a line of an article stands in the dumps of a series."""
    statement = select(lines.c.revision).where(
        lines.c.series == series, lines.c.article == article, lines.c.state == WRITTEN
    )
    return connection.execute(statement.limit(1)).first() is not None


def forget_claims(connection: Connection, runs: Sequence[int]) -> int:
    """Forget what dead runs had promised to write and did not; return how many."""
    if not runs:
        return 0
    statement = delete(lines).where(lines.c.run.in_(runs), lines.c.state == CLAIMED)
    return connection.execute(statement).rowcount
