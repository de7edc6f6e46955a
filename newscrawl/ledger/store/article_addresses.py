"""Which article is at an address, and which addresses an article has.

All functions run within a transaction. See decision 80 in docs/decisions.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from newscrawl.items import similarity
from newscrawl.ledger.store.enqueue import insert_new
from newscrawl.ledger.store.tables import (  # fmt: skip
    DONE,
    LEASED,
    PENDING,
    addresses,
    articles,
    series,
    urls,
    visits,
)
from newscrawl.outcomes.outcome import ALIAS
from newscrawl.text import digest, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.records import ArticleSnapshot, Run, Settled

_NOT_MODIFIED = 304
_MISSING = frozenset({404, 410})


def articles_at(connection: Connection, url: str) -> Sequence[Row[Any]]:
    """Return the articles at an address: those that live first, then the one seen last."""
    return connection.execute(_AT_URL, {"key": key_of(url)}).all()


_AT_URL = (
    select(articles)
    .where(articles.c.url_key == bindparam("key"))
    .order_by(articles.c.gone, articles.c.first_seen_at.desc(), articles.c.id)
)


def own_id(snapshot: ArticleSnapshot) -> str:
    """Return the id of an article whose post id does not count: a hash of its address."""
    return f"{snapshot.id.partition(':')[0]}:{digest(snapshot.url)[:16]}"


def has_conflict(
    connection: Connection, before: Row[Any], snapshot: ArticleSnapshot, *, is_read: bool
) -> bool:
    """Return whether a snapshot at another address claims the id of an article that still lives.

    Args:
        connection: connection of the transaction.
        before: the article's row.
        snapshot: another reading under its id, at another address.
        is_read: whether this run has read the article before.
    """
    own = own_id(snapshot)
    if own == snapshot.id:
        return False
    if connection.execute(_EXISTS, {"id": own}).first() is not None:
        return True
    # A part of a text is similar to none: the whole page decides.
    if not snapshot.whole or before.gone or before.missing_since is not None:
        return False
    if before.content_hash == snapshot.content_hash:
        return False
    if not _is_live(connection, before.url_key, is_read=is_read):
        return False
    return not _is_similar(before, snapshot)


def is_of_address(connection: Connection, address: str, article: str, url: str) -> bool:
    """Return whether an article is that of an address at which its page has answered.

    What the ledger knows decides: the article at the address, or that an earlier look has
    found the article there. If it knows neither, the form of the addresses does: `?p=` with the
    article's post id, or the same slug.

    Args:
        connection: connection of the transaction.
        address: the canonical address that was requested.
        article: id of the article whose page answered.
        url: another address, which its page names as its own.
    """
    key = key_of(address)
    at_address = {str(row.id) for row in articles_at(connection, address)}
    if article in at_address:
        return True
    if connection.execute(_HAS_ADDRESS, {"article": article, "key": key}).first() is not None:
        return True
    numbers = [*connection.execute(select(series.c.id)).scalars()]
    reason = f"{ALIAS}{article}"
    earlier = {"numbers": numbers, "key": key, "reason": reason}
    if connection.execute(_WAS_ALIAS, earlier).first() is not None:
        return True
    if _is_post(article) and any(map(_is_post, at_address)):
        return False
    number = article.rpartition(":")[2]
    return address.endswith(f"/?p={number}") or _slug(address) == _slug(url)


def _is_post(article: str) -> bool:
    """Return whether an id is that of a post, not a hash of its address."""
    number = article.rpartition(":")[2]
    return number.isdecimal() and len(number) < _HASH_LENGTH


_HASH_LENGTH = 16


def _slug(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def is_taken(connection: Connection, before: Row[Any], snapshot: ArticleSnapshot) -> bool:
    """Return whether a page shows an article at an address where another one is known to live.

    Its own address lives too, so that it has not moved.
    """
    if before.gone or before.missing_since is not None or not _is_post(before.id):
        return False
    key = key_of(snapshot.url)
    if connection.execute(_HAS_ADDRESS, {"article": before.id, "key": key}).first() is not None:
        return False
    return any(not row.gone and _is_post(row.id) for row in articles_at(connection, snapshot.url))


def follow(
    connection: Connection, before: Row[Any], snapshot: ArticleSnapshot, *, is_read: bool
) -> None:
    """Record at which address an article is: of several that live, that of the newest text."""
    is_live = before.missing_since is None and not before.gone
    is_live = is_live and _is_live(connection, before.url_key, is_read=is_read)
    key = key_of(snapshot.url)
    if is_live and before.content_hash == snapshot.content_hash:
        values = {"article": before.id, "key": key, "url": snapshot.url}
        connection.execute(insert_new(connection, addresses), values)
        return
    if is_live or _is_requested_again(connection, before.url_key):
        values = {"article": before.id, "key": before.url_key, "url": before.url}
        connection.execute(insert_new(connection, addresses), values)
    _move(connection, before.id, key, snapshot.url)


def _move(connection: Connection, article: str, key: int, url: str) -> None:
    connection.execute(_MOVE, {"row": article, "new_key": key, "new_url": url})
    connection.execute(_DROP, {"article": article, "key": key})


def has_other(connection: Connection, article: Row[Any]) -> bool:
    """Move an article whose address is missing to another one of its own; False if it has none."""
    other = connection.execute(_OTHERS, {"article": article.id}).first()
    if other is None:
        return False
    _move(connection, article.id, other.key, other.url)
    return True


def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Record which further addresses articles have, from the results of leased URLs."""
    _add_protected(connection, settled)
    _drop_aliases(connection, settled)


def _add_protected(connection: Connection, settled: Sequence[Settled]) -> None:
    """Add the addresses whose pages ask for the password of a known article: it lives there."""
    for url in settled:
        if url.article_id is None:
            continue
        article = connection.execute(_EXISTS, {"id": url.article_id}).first()
        if article is not None and article.url_key != url.key:
            values = {"article": url.article_id, "key": url.key, "url": url.url}
            connection.execute(insert_new(connection, addresses), values)


def _drop_aliases(connection: Connection, settled: Sequence[Settled]) -> None:
    """Forget further addresses at which an article answers that names another as its own.

    Their history keeps that they lead to it. An article is gone without them.
    """
    for url in settled:
        if url.result is not None and url.result.startswith(ALIAS):
            values = {"article": url.result.removeprefix(ALIAS), "key": url.key}
            connection.execute(_DROP, values)


def drop(connection: Connection, url: str) -> None:
    """Forget a further address, whose page is missing."""
    connection.execute(_DROP_ANY, {"key": key_of(url)})


def _is_similar(before: Row[Any], snapshot: ArticleSnapshot) -> bool:
    if snapshot.text_key is not None and before.text_key == snapshot.text_key:
        return True
    if not (snapshot.sketch and before.sketch and before.sketch[0] == similarity.FORMAT):
        return False
    return similarity.similarity(snapshot.sketch, before.sketch) >= similarity.THRESHOLD


def _is_live(connection: Connection, key: int, *, is_read: bool) -> bool:
    """Return whether the last request of an address was answered with its page."""
    numbers = connection.execute(select(series.c.id)).scalars().all()
    rows = connection.execute(_STATES, {"numbers": [*numbers], "key": key}).all()
    for row in rows:
        is_good = row.status is not None and (
            200 <= row.status < 300 or row.status == _NOT_MODIFIED
        )
        # What is leased may just have been redirected to the other address.
        if is_good and row.state in {DONE, PENDING}:
            return True
        if is_read and row.state in {LEASED, PENDING}:
            return True
    return False


def _is_requested_again(connection: Connection, key: int) -> bool:
    """Return whether an address, whose last look found no page, is to be requested or just was."""
    numbers = connection.execute(select(series.c.id)).scalars().all()
    rows = connection.execute(_STATES, {"numbers": [*numbers], "key": key}).all()
    return any(
        row.status not in _MISSING and (row.state in {LEASED, PENDING} or row.due is not None)
        for row in rows
    )


_EXISTS = select(articles.c.id, articles.c.url_key).where(articles.c.id == bindparam("id"))
_OTHERS = select(addresses).where(addresses.c.article == bindparam("article")).limit(1)
_HAS_ADDRESS = select(addresses.c.key).where(
    addresses.c.article == bindparam("article"), addresses.c.key == bindparam("key")
)
_WAS_ALIAS = (
    select(visits.c.at)
    .where(
        visits.c.series.in_(bindparam("numbers", expanding=True)),
        visits.c.key == bindparam("key"),
        visits.c.reason == bindparam("reason"),
    )
    .limit(1)
)
_STATES = select(urls.c.state, urls.c.status, urls.c.due).where(
    urls.c.series.in_(bindparam("numbers", expanding=True)), urls.c.key == bindparam("key")
)
_MOVE = (
    update(articles)
    .where(articles.c.id == bindparam("row"))
    .values(url_key=bindparam("new_key"), url=bindparam("new_url"))
)
_DROP = delete(addresses).where(
    addresses.c.article == bindparam("article"), addresses.c.key == bindparam("key")
)
_DROP_ANY = delete(addresses).where(addresses.c.key == bindparam("key"))


def has_any(connection: Connection, run: Run, keys: Sequence[int]) -> bool:  # noqa: ARG001 - of `Ledger.read`
    """Return whether one of some addresses, by their keys, is that of a known article."""
    statement = select(articles.c.id).where(articles.c.url_key.in_(keys)).limit(1)
    return connection.execute(statement).first() is not None
