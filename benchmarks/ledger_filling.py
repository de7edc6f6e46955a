"""Ledgers of a given size for `benchmarks.bench_ledger`, filled past the crawler.

The tables are those that the ledger makes. Rows take the way that they take in a crawl: noted
in the order of their discovery, under keys in no order, then updated once read. Rows that are
loaded complete, or an index built from sorted keys, would be smaller than a ledger in use.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text
from sqlalchemy.engine import URL

from newscrawl.discovery import ARCHIVE, RELATED
from newscrawl.discovery.state import bits
from newscrawl.ledger.store import database
from newscrawl.ledger.store.tables import DONE, EXCLUDED, FAILED, PENDING, series
from newscrawl.outcomes.outcome import SECTION
from newscrawl.outcomes.task import ARTICLE
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

SITE = "alanews at loopback"
SERIES = "alanews"
NOW = 1_795_000_000
CHUNK = 20_000
_SECTIONS = ("politica", "esteri", "cronaca/roma", "sport/calcio", "economia", "tecnologia")
_WORDS = (
    "governo", "decreto", "manovra", "fiducia", "vertice", "accordo", "sciopero", "incendio",
    "processo", "sentenza", "mercati", "bilancio", "riforma", "elezioni", "sindaco", "allarme",
)  # fmt: skip
_NOTED = (
    "series", "key", "url", "kind", "state", "rank", "channels", "depth", "found_on", "found_at",
    "tries", "card",
)  # fmt: skip
_READ = ("state", "due", "fetched_at", "status", "result", "etag", "last_modified")
_CARD = 0x5DEECE66D


def address(number: int) -> str:
    """Return the canonical URL of article `number`: about 90 characters."""
    day = number // 90
    words = "-".join(_WORDS[(number >> 4 * place) % 16] for place in range(5))
    return (
        f"https://www.alanews.it/{2026 - day // 336 % 40}/{day // 28 % 12 + 1:02}/{day % 28 + 1:02}"
        f"/{_SECTIONS[number % 6]}/{words}-{number:x}/"
    )


Row = tuple[Any, ...]


def noted(first: int, last: int, count: int, real: Sequence[str] = ()) -> list[Row]:
    """Return the articles from `first` to before `last` as they are when found.

    Numbers below the length of `real` have those addresses.
    """
    archive, both = bits(ARCHIVE), bits(ARCHIVE, RELATED)
    rows: list[Row] = []
    page = key_of(f"page {first}")
    for number in range(first, last):
        url = real[number] if number < len(real) else address(number)
        key = key_of(url)
        if number % 10 == 0:
            page = key
        channels = both if number % 5 < 2 else archive
        at = NOW - count + number
        rows.append((1, key, url, ARTICLE, PENDING, 0, channels, 0, page, at, 0, key ^ _CARD))
    return rows


def read(first: int, rows: list[Row], *, etags: bool = True) -> Iterator[Row]:
    """Yield what became of noted articles, and their ids: 93 in 100 read, each with its ETag.

    WordPress gives none by itself; caches before it do. Of the others two in seven failed and
    the rest is set aside; one in ten is due again.
    """
    dice = random.Random(first)  # noqa: S311 - made to be repeatable
    for number, row in enumerate(rows, first):
        chance, key, at = dice.random(), row[1], row[9] + 60
        due = NOW + 86_400 if number % 10 == 0 else None
        if chance > 0.98:
            yield FAILED, due, at, 404, "HTTP 404", None, None, number + 1
            continue
        etag = f'W/"{key & 0xFFFFFFFFFFFFFFFF:016x}{number:08x}"' if etags else None
        state, result = (EXCLUDED, SECTION) if chance > 0.93 else (DONE, None)
        yield state, due, at, 200, result, etag, None, number + 1


def url_of(file: Path) -> URL:
    """Return the ledger that lives in a file."""
    return URL.create("sqlite", database=str(file))


def fill(
    url: URL, count: int, *, pending: float = 0.1, real: Sequence[str] = (), etags: bool = True
) -> Engine:
    """Make a ledger that knows `count` articles, the last of them still pending.

    Returns:
        Its engine, opened as the crawler opens it.
    """
    engine = database.open_ledger(url, SITE)
    with engine.begin() as connection:
        connection.execute(insert(series).values(id=1, name=SERIES, edition=1))
    still = count - int(count * pending)
    if url.get_backend_name() == "sqlite":
        engine.dispose()
        _fill_sqlite(url, count, still, real, etags=etags)
        return database.open_ledger(url, SITE)
    _fill_postgresql(engine, count, still, etags=etags)
    return engine


def _fill_sqlite(url: URL, count: int, still: int, real: Sequence[str], *, etags: bool) -> None:
    note = f"INSERT INTO urls ({','.join(_NOTED)}) VALUES ({','.join('?' * len(_NOTED))})"  # noqa: S608 - our own names
    settle = f"UPDATE urls SET {'=?,'.join(_READ)}=? WHERE id=?"  # noqa: S608 - our own names
    with closing(sqlite3.connect(str(url.database), isolation_level=None)) as connection:
        # The whole file in memory, and nothing that a power cut would have to spare.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-6000000"):
            connection.execute(f"PRAGMA {pragma}").close()
        connection.execute("BEGIN")
        for first in range(0, count, CHUNK):
            rows = noted(first, min(first + CHUNK, count), count, real)
            connection.executemany(note, rows)
            became = read(first, rows[: max(0, still - first)], etags=etags)
            connection.executemany(settle, became)
        connection.execute("COMMIT")


def _fill_postgresql(engine: Engine, count: int, still: int, *, etags: bool) -> None:
    names = ", ".join(_READ)
    copied = f"COPY urls ({', '.join(_NOTED)}) FROM STDIN"
    settled = f"COPY became ({names}, id) FROM STDIN"
    update = f"UPDATE urls SET ({names}) = ({', '.join(f'b.{name}' for name in _READ)}) "  # noqa: S608 - our own names
    with engine.begin() as connection:
        connection.execute(
            text(f"CREATE TEMP TABLE became AS SELECT {names}, id FROM urls LIMIT 0")  # noqa: S608 - our own names
        )
    for first in range(0, count, CHUNK):
        rows = noted(first, min(first + CHUNK, count), count)
        with engine.begin() as connection:
            cursor: Any = connection.connection.cursor()
            for statement, data in (
                (copied, rows),
                (settled, read(first, rows[: max(0, still - first)], etags=etags)),
            ):
                with cursor.copy(statement) as copy:
                    for row in data:
                        copy.write_row(row)
            connection.execute(text(update + "FROM became b WHERE b.id = urls.id"))
            connection.execute(text("TRUNCATE became"))
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM urls"))
