"""What feeds state on the rights of articles, by article and feed, for all series of a site.

All functions run within a transaction.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from newscrawl.items import Signal
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.tables import feed_terms
from newscrawl.rights.signals import RSL_FEED, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from newscrawl.rights.feed_reading import FeedReading

_UNREAD = 0
"""Stands for the articles of a feed that could not be read; its text is the time of that."""
_BELIEVED = 86_400
"""Seconds: a feed that nothing reads any more must not hold back articles for ever."""


def write(connection: Connection, now: int, readings: Iterable[FeedReading]) -> None:
    """Write what feeds state of the articles that they list, in place of what they stated."""
    for reading in readings:
        rows = {
            article: json.dumps([[s.scope, s.use, s.value, s.raw] for s in signals])
            for article, signals in reading.signals.items()
            if signals
        }
        if reading.is_unread:
            rows[_UNREAD] = str(now)
        outdated = [_UNREAD, *reading.signals]
        connection.execute(
            delete(feed_terms).where(
                feed_terms.c.feed == reading.feed, feed_terms.c.article.in_(outdated)
            )
        )
        if rows:
            statement = insert_into(connection, feed_terms)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[feed_terms.c.article, feed_terms.c.feed],
                    set_={"signals": statement.excluded.signals},
                ),
                [
                    {"article": article, "feed": reading.feed, "signals": rows[article]}
                    for article in sorted(rows)
                ],
            )


def has_any(connection: Connection) -> bool:
    """Return whether any feed states anything, or could not be read."""
    return connection.execute(select(feed_terms.c.feed).limit(1)).first() is not None


def read(
    connection: Connection,
    run: Any,  # noqa: ARG001 - as the store's readers are called
    articles: Sequence[int],
) -> tuple[list[Signal], bool]:
    """Return what feeds state of an article, and whether what a feed states is not known.

    Args:
        connection: connection of the transaction.
        run: unused.
        articles: keys of the article's addresses.
    """
    rows = connection.execute(
        select(feed_terms.c.article, feed_terms.c.signals)
        .where(feed_terms.c.article.in_([_UNREAD, *articles]))
        .order_by(feed_terms.c.article, feed_terms.c.feed)
    ).all()
    stated = [texts for article, text in rows if article != _UNREAD for texts in json.loads(text)]
    now = int(time.time())
    is_unknown = any(
        article == _UNREAD and 0 <= now - int(text) < _BELIEVED for article, text in rows
    )
    return unique(Signal(RSL_FEED, *texts) for texts in stated), is_unknown
