"""The tables of the ledger, the same for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    literal_column,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

VERSION = 8
"""Version of the tables; `migrations.py` migrates an older ledger."""

PENDING, LEASED, DONE, FAILED, EXCLUDED = range(5)
"""States of a URL."""
STATES = ("pending", "leased", "done", "failed", "excluded")

CLAIMED, WRITTEN = range(2)
"""States of a line: claimed by a run, or written to a dump."""

DIED = "died"
"""Reason of a run that was killed."""


_WHERE = "where"


class _Indexed(SmallInteger):
    """A number on which partial indexes depend; statements compare it with literal numbers.

    SQLite plans a statement anew for each row of parameters if a partial index depends on one of
    them (https://www.sqlite.org/c3ref/prepare.html, `sqlite3_prepare_v2`).
    """

    class Comparator(SmallInteger.Comparator[int]):
        """Writes an `int` into the statement."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Compare the column with `other`."""
            written = [literal_column(str(int(x))) if isinstance(x, int) else x for x in other]
            return super().operate(op, *written, **kwargs)

    comparator_factory = Comparator


_BIG = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()


def _partial_index(name: str, *columns: Any, where: ColumnElement[bool]) -> None:
    Index(name, *columns, sqlite_where=where, info={_WHERE: where})


@event.listens_for(metadata, "before_create")
def _set_conditions(target: MetaData, connection: Connection, **_: object) -> None:
    # In the definition of an index, it would import PostgreSQL's drivers into each crawl.
    if connection.dialect.name == "postgresql":
        for table in target.tables.values():
            for index in table.indexes:
                if _WHERE in index.info:
                    index.dialect_kwargs["postgresql_where"] = index.info[_WHERE]


meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    # Number of times that the whole series was written; `known=write` begins another.
    Column("edition", Integer, nullable=False, default=1),
    # Arguments of the current or last crawl: a run with the same arguments may join it.
    Column("arguments_hash", Text),
)

seeds = Table(
    "seeds",
    metadata,
    # First requests of the current or last crawl: sent once, however many workers share it.
    Column("series", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", _BIG, primary_key=True, autoincrement=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", Integer, nullable=False),
    Column("host", String(80), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started", _BIG, nullable=False),
    Column("ended", _BIG),
    Column("reason", String(80)),
    Column("written", Integer, nullable=False, default=0),
    # Null in a run that was killed: they are written at its end.
    Column("requests", Integer),
    # Articles that were read without a line being due.
    Column("known", Integer),
    # URLs that could not be read.
    Column("failed", Integer),
    # Last heartbeat of a run that shares the ledger, by the database's clock.
    Column("beat", _BIG),
    Index("runs_open", "series", "ended"),
)

urls = Table(
    "urls",
    metadata,
    # Wide columns first: PostgreSQL aligns each that follows a narrow one with padding.
    Column("id", _BIG, primary_key=True),
    # 64 bits of a hash: an index over whole addresses would double the file.
    Column("key", _BIG, nullable=False),
    # Key of the page that led here first.
    Column("found_on", _BIG),
    Column("found_at", _BIG, nullable=False),
    # When it is fetched again; null if only a change marker makes it pending.
    Column("due", _BIG),
    Column("fetched_at", _BIG),
    # Change markers of the last archive's card, feed and sitemap entry of the article.
    Column("card", _BIG),
    Column("feed", _BIG),
    Column("lastmod", _BIG),
    Column("run", Integer),
    Column("series", SmallInteger, nullable=False),
    Column("kind", SmallInteger, nullable=False),
    Column("state", _Indexed, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("channels", SmallInteger, nullable=False),
    Column("depth", SmallInteger, nullable=False, default=0),
    Column("tries", SmallInteger, nullable=False, default=0),
    Column("status", SmallInteger),
    Column("url", Text, nullable=False),
    # Its result; null for an article that was read and written.
    Column("result", String(120)),
    # The page's validators; the second only in place of the first (RFC 9110, 13.1.3).
    Column("etag", Text),
    Column("last_modified", Text),
    # The request as JSON, if it cannot be made from the URL alone.
    Column("request", Text),
    UniqueConstraint("series", "key", name="urls_key"),
)
_partial_index(
    "urls_queue",
    urls.c.series,
    urls.c.rank.desc(),
    urls.c.id,
    where=urls.c.state == PENDING,
)
_partial_index(
    "urls_due",
    urls.c.series,
    urls.c.due,
    where=urls.c.due.is_not(None),
)
_partial_index(
    "urls_leased",
    urls.c.run,
    where=urls.c.state == LEASED,
)
_partial_index(
    "urls_excluded",
    urls.c.series,
    urls.c.result,
    where=urls.c.state == EXCLUDED,
)
_partial_index(
    "urls_failed",
    urls.c.series,
    urls.c.result,
    urls.c.due,
    where=urls.c.state == FAILED,
)

discoveries = Table(
    "discoveries",
    metadata,
    # The first time that a channel has led to an article.
    Column("series", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", _BIG, primary_key=True, autoincrement=False),
    # Bit of the channel.
    Column("channel", SmallInteger, primary_key=True, autoincrement=False),
    Column("at", _BIG, nullable=False),
    # Key of the page; its address is in `origins`.
    Column("found_on", _BIG),
    sqlite_with_rowid=False,
)

origins = Table(
    "origins",
    metadata,
    # Addresses of pages that list articles.
    Column("key", _BIG, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
)

visits = Table(
    "visits",
    metadata,
    # Each look at the address of an article.
    Column("series", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", _BIG, primary_key=True, autoincrement=False),
    Column("at", _BIG, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
    Column("status", SmallInteger),
    # `outcomes.outcome.Kind`.
    Column("outcome", String(20), nullable=False),
    Column("reason", String(120)),
    Column("due", _BIG),
    sqlite_with_rowid=False,
)

validators = Table(
    "validators",
    metadata,
    # Sources that are requested repeatedly (feeds, sitemaps): `discovery.state.Source`.
    Column("series", SmallInteger, primary_key=True),
    Column("key", _BIG, primary_key=True, autoincrement=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("seen", _BIG),
    Column("silent_since", _BIG),
    Column("fresh_until", _BIG),
)

feed_terms = Table(
    "feed_terms",
    metadata,
    # Key of the canonical address of an article; 0 for the feed itself, while it is not known.
    Column("article", _BIG, primary_key=True, autoincrement=False),
    # Key of the feed's address: what one feed states, another does not take back.
    Column("feed", _BIG, primary_key=True, autoincrement=False),
    # JSON: [scope, use, value, raw] of each signal.
    Column("signals", Text, nullable=False),
    sqlite_with_rowid=False,
)

archives = Table(
    "archives",
    metadata,
    # Keys of the newest articles below which everything in a section's archive is known.
    Column("series", SmallInteger, primary_key=True),
    Column("section", String(80), primary_key=True),
    Column("known_head", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("url_key", _BIG, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("first_seen_at", _BIG, nullable=False),
    Column("published", _BIG),
    # When its page stated, to the second, that it was last changed.
    Column("modified", _BIG),
    # The newest version of its text, counted over all series, written or not.
    Column("revision", Integer, nullable=False),
    Column("content_hash", String(64), nullable=False),
    # Field to a short hash of its value, JSON: what `changed_fields` is made from.
    Column("fields", Text, nullable=False),
    # The same version as the other of page and REST states it: [content_hash, fields], JSON.
    Column("other_reading", Text),
    Column("missing_since", _BIG),
    Column("gone", _Indexed, nullable=False, default=0),
    Column("duplicate_of", String(80)),
    Column("similarity", Float),
    # The signature of its near-duplicates (items/similarity.py), and the exact text's key.
    Column("sketch", LargeBinary),
    Column("text_key", _BIG),
)
_partial_index(
    "articles_duplicates",
    articles.c.similarity,
    articles.c.id,
    where=articles.c.duplicate_of.is_not(None),
)
_partial_index(
    "articles_gone",
    articles.c.id,
    where=articles.c.gone == 1,
)

addresses = Table(
    "addresses",
    metadata,
    # Further addresses of an article besides that in `articles`: an alias, or a former one.
    Column("article", String(80), primary_key=True),
    Column("key", _BIG, primary_key=True, autoincrement=False, index=True),
    Column("url", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    # Versions of texts as they were read; `lines` states which of them a series has.
    Column("article", String(80), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", String(64), nullable=False),
    Column("previous_hash", String(64)),
    Column("changed_fields", Text, nullable=False),
    Column("at", _BIG, nullable=False),
    # As in `articles`, of a version that another one has followed.
    Column("fields", Text),
)

bands = Table(
    "bands",
    metadata,
    # Index keys of texts: the exact text's, and those of its sketch.
    Column("band", _BIG, primary_key=True, autoincrement=False),
    Column("article", String(80), primary_key=True),
    sqlite_with_rowid=False,
)

dumps = Table(
    "dumps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", Integer, nullable=False),
    Column("run", Integer, nullable=False),
    Column("host", String(80), nullable=False),
    Column("path", Text, nullable=False),
    Column("length", _BIG, nullable=False, default=0),
    Column("lines", Integer, nullable=False, default=0),
    Column("state", _Indexed, nullable=False),
    # CRC-32 of its first `length` bytes, and when the file was last changed, in nanoseconds.
    Column("checksum", _BIG),
    Column("changed_at", _BIG),
    Index("dumps_series", "series", "state"),
)

warc_files = Table(
    "warc_files",
    metadata,
    # Files of the archives of runs (ARCHIVE=warc); the columns are those of `dumps`.
    Column("path", Text, primary_key=True),
    Column("series", SmallInteger, nullable=False),
    Column("run", Integer, nullable=False),
    Column("host", String(80), nullable=False),
    Column("length", _BIG, nullable=False),
    Column("checksum", _BIG, nullable=False),
    Column("state", _Indexed, nullable=False),
    Index("warc_files_series", "series", "state"),
)

warc_responses = Table(
    "warc_responses",
    metadata,
    # The last response of each address that has its payload in an archive of the series.
    Column("series", SmallInteger, primary_key=True, autoincrement=False),
    Column("key", _BIG, primary_key=True, autoincrement=False),
    Column("offset", _BIG, nullable=False),
    Column("file", String(120), nullable=False),
    # As in the record: WARC-Payload-Digest, WARC-Date, WARC-Record-ID.
    Column("digest", String(60), nullable=False),
    Column("date", String(30), nullable=False),
    Column("record_id", String(60), nullable=False),
    sqlite_with_rowid=False,
)

checked_files = Table(
    "checked_files",
    metadata,
    # Files in the folders of series that are not in `dumps` as they are, and have no line that
    # the ledger must know and does not: copies, merged dumps, dumps of another site.
    Column("host", String(80), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("size", _BIG, nullable=False),
    # As in `dumps`.
    Column("changed_at", _BIG, nullable=False),
)

lines = Table(
    "lines",
    metadata,
    Column("series", SmallInteger, primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("article", String(80), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("run", Integer, nullable=False),
    Column("dump", Integer),
    Column("state", _Indexed, nullable=False),
    # The version of the text; null where it has the number of the revision.
    Column("version", Integer),
    # That of the line, where page and REST state the version otherwise; null where it is the same.
    Column("content_hash", String(64)),
)
_partial_index(
    "lines_claimed",
    lines.c.run,
    where=lines.c.state == CLAIMED,
)
_partial_index(
    "lines_revised",
    lines.c.series,
    lines.c.edition,
    lines.c.article,
    lines.c.revision,
    where=lines.c.revision > 1,
)

hosts = Table(
    "hosts",
    metadata,
    # When the next request to a host may be sent by any worker.
    Column("host", String(255), primary_key=True),
    Column("next_at", Float, nullable=False),
)
