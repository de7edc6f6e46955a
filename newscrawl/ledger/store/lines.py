"""Lines of dumps: claimed by a run, then written. All functions run within a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, String, and_, bindparam, delete, false, func, or_, select, update

from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import CLAIMED, WRITTEN, lines, series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Connection

    from newscrawl.ledger.records import Claim
    from newscrawl.ledger.store.locks import RunLock


@dataclass(frozen=True, slots=True)
class LineOwner:
    """A run that claims lines of its series."""

    series: int
    edition: int
    run: int
    lock: RunLock


def claim_line(  # noqa: PLR0913 - a line's key and what it holds
    connection: Connection,
    article: str,
    revision: int,
    owner: LineOwner,
    *,
    version: int | None = None,
    content_hash: str | None = None,
) -> str:
    """Claim a line for a run; return why it may not write it, or an empty string.

    `version` is that of the text, if it differs from the number of the revision; `content_hash`
    that of the line, if it differs from the version's.
    """
    key = _line_key(owner, article, revision)
    own = {"version": version, "content_hash": content_hash}
    values = {**key, "run": owner.run, "state": CLAIMED, **own}
    # Not by `rowcount`: the driver does not keep that of an INSERT.
    if connection.execute(insert_new(connection, lines, returns="run"), values).first():
        return ""
    row = connection.execute(_LINE, key).one_or_none()
    if row is None:
        # A run that claimed it was just declared dead; the run that did so has the article.
        return "another_worker"
    if row.run == owner.run:
        return "same_article"
    if row.state == WRITTEN:
        return "unchanged"
    if not owner.lock.dead(connection, [row.run]):
        return "another_worker"
    connection.execute(
        _TAKE_OVER,
        {
            **{f"k_{name}": key[name] for name in key},
            "own": owner.run,
            "new": version,
            "hash": content_hash,
        },
    )
    return ""


def claim_first(connection: Connection, ids: Sequence[str], owner: LineOwner) -> set[str]:
    """Claim the first lines of articles; return the articles whose lines were free."""
    rows = [{**_line_key(owner, article, 1), "run": owner.run, "state": CLAIMED} for article in ids]
    statement = insert_new(connection, lines, returns="article")
    return set(connection.execute(statement, rows).scalars())


def _line_key(owner: LineOwner, article: str, revision: int) -> dict[str, object]:
    return {
        "series": owner.series,
        "edition": owner.edition,
        "article": article,
        "revision": revision,
    }


def _key(prefix: str = "") -> Any:
    return and_(
        *(
            lines.c[name] == bindparam(f"{prefix}{name}")
            for name in ("series", "edition", "article", "revision")
        )
    )


_LINE = select(lines.c.run, lines.c.state).where(_key())
_TAKE_OVER = (
    update(lines)
    .where(_key("k_"))
    .values(
        run=bindparam("own"),
        version=bindparam("new", type_=Integer),
        content_hash=bindparam("hash", type_=String),
    )
)
_WRITE = (
    update(lines)
    .where(
        _key("k_"),
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


def of_article(connection: Connection, article: str) -> ColumnElement[bool]:
    """Return the condition for all lines of an article, in the order of their key."""
    editions = connection.execute(select(series.c.id, series.c.edition)).all()
    return or_(
        false(),
        *(
            and_(lines.c.series == number, lines.c.edition == edition, lines.c.article == article)
            for number, last in editions
            for edition in range(1, last + 1)
        ),
    )


def is_written(connection: Connection, article: str) -> bool:
    """Return whether the dumps of any series have a line of an article."""
    is_line = and_(of_article(connection, article), lines.c.state == WRITTEN)
    return connection.execute(select(lines.c.run).where(is_line).limit(1)).first() is not None


def of_series(
    connection: Connection, article: str, number: int, edition: int, run: int
) -> list[Any]:
    """Return an article's lines in a series, by revision: those written, and the claims of `run`.

    Args:
        connection: connection of the transaction.
        article: id of the article.
        number: the series.
        edition: its newest edition; the lines of all editions are returned.
        run: the run whose claims count as written.
    """
    editions = list(range(1, edition + 1))
    values = {"number": number, "editions": editions, "article": article, "own": run}
    rows = connection.execute(_OF_SERIES, values).all()
    return sorted(rows, key=lambda row: (row.revision, row.edition))


_OF_SERIES = select(
    lines.c.edition,
    lines.c.revision,
    lines.c.run,
    func.coalesce(lines.c.version, lines.c.revision).label("version"),
    lines.c.content_hash,
).where(
    lines.c.series == bindparam("number"),
    lines.c.edition.in_(bindparam("editions", expanding=True)),
    lines.c.article == bindparam("article"),
    or_(lines.c.state == WRITTEN, lines.c.run == bindparam("own")),
)


def delete_claims(connection: Connection, runs: Sequence[int]) -> int:
    """Delete the claims of runs for lines that they did not write; return how many."""
    if not runs:
        return 0
    statement = delete(lines).where(lines.c.run.in_(runs), lines.c.state == CLAIMED)
    return connection.execute(statement).rowcount
