"""Migrates a ledger that an older newscrawl wrote."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import text, update

from newscrawl.ledger.store import tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def migrate(connection: Connection, version: int) -> None:
    """Migrate the tables from `version` to `tables.VERSION`, within the caller's transaction.

    Raises:
        KeyError: there is no step to a version.
    """
    for number in range(version + 1, tables.VERSION + 1):
        STEPS[number](connection)
    connection.execute(
        update(tables.meta)
        .where(tables.meta.c.name == "schema_version")
        .values(value=str(tables.VERSION))
    )


_TO_2 = """
ALTER TABLE runs ADD COLUMN requests INTEGER;
ALTER TABLE runs ADD COLUMN known INTEGER;
ALTER TABLE runs ADD COLUMN failed INTEGER;
ALTER TABLE runs ADD COLUMN beat BIGINT;
ALTER TABLE series ADD COLUMN terms TEXT;
CREATE TABLE seeds (series SMALLINT NOT NULL, key BIGINT NOT NULL, PRIMARY KEY (series, key));
ALTER TABLE dumps ADD COLUMN checksum BIGINT;
ALTER TABLE dumps ADD COLUMN changed_at BIGINT;
ALTER TABLE articles ADD COLUMN text_key BIGINT;
ALTER TABLE validators ADD COLUMN silent_since BIGINT;
CREATE INDEX urls_failed ON urls (series, result, due) WHERE state = 3;
CREATE INDEX articles_duplicates ON articles (similarity, id) WHERE duplicate_of IS NOT NULL;
CREATE INDEX articles_gone ON articles (id) WHERE gone = 1;
CREATE INDEX lines_revised ON lines (series, edition, article, revision) WHERE revision > 1;
INSERT INTO meta (name, value) VALUES ('sketch_format', '1')
"""
"""Results of runs, checksums of dumps, keys of texts, indexes for the status."""


def _run(script: str) -> Callable[[Connection], None]:
    """Return a step that runs SQL valid in both databases."""

    def step(connection: Connection) -> None:
        for statement in script.split(";"):
            connection.exec_driver_sql(statement)

    return step


_TO_3 = """
ALTER TABLE urls RENAME COLUMN hops TO depth;
ALTER TABLE series RENAME COLUMN terms TO arguments_hash;
ALTER TABLE archives RENAME COLUMN top TO known_head
"""
"""Columns named as in the code."""
_STORED_REQUESTS = text("SELECT id, request FROM urls WHERE request IS NOT NULL")
_REPLACE_REQUEST = text("UPDATE urls SET request = :request WHERE id = :id")


def _to_3(connection: Connection) -> None:
    _run(_TO_3)(connection)
    renamed = [
        {"id": row.id, "request": json.dumps(_with_pagination(json.loads(row.request)))}
        for row in connection.execute(_STORED_REQUESTS)
    ]
    if renamed:
        connection.execute(_REPLACE_REQUEST, renamed)


def _with_pagination(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request whose callback argument and meta key for an archive are renamed."""
    for values in (request["cb_kwargs"], request["meta"]):
        if "walk" in values:
            values["pagination"] = values.pop("walk")
    pagination = request["cb_kwargs"].get("pagination", {})
    if "top" in pagination:
        pagination["known_head"] = pagination.pop("top")
    return request


_TO_4 = """
CREATE TABLE discoveries (series SMALLINT NOT NULL, key BIGINT NOT NULL, channel SMALLINT NOT NULL,
    at BIGINT NOT NULL, found_on BIGINT, PRIMARY KEY (series, key, channel));
CREATE TABLE origins (key BIGINT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (key));
CREATE TABLE visits (series SMALLINT NOT NULL, key BIGINT NOT NULL, at BIGINT NOT NULL,
    run INTEGER NOT NULL, status SMALLINT, outcome VARCHAR(20) NOT NULL, reason VARCHAR(120),
    due BIGINT, PRIMARY KEY (series, key, at));
ALTER TABLE articles ADD COLUMN modified BIGINT;
ALTER TABLE revisions ADD COLUMN fields TEXT;
ALTER TABLE lines ADD COLUMN version INTEGER;
CREATE TABLE addresses (
    article VARCHAR(80) NOT NULL, key BIGINT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (article, key)
);
CREATE INDEX ix_addresses_key ON addresses (key);
UPDATE urls SET due = 0 WHERE state = 4 AND due IS NULL AND result LIKE 'not_article:%';
DELETE FROM urls WHERE kind = 1
"""
"""Revisions numbered by series, several addresses of an article, what its page says of its age, the
history of addresses. Pages that were not articles are looked at again; stored requests of lists
name callbacks that no longer exist, and the next run makes them anew."""

_TO_5 = """
CREATE TABLE checked_files (host VARCHAR(80) NOT NULL, path TEXT NOT NULL, size BIGINT NOT NULL,
    changed_at BIGINT NOT NULL, PRIMARY KEY (host, path))
"""
"""Copies of dumps that were found to have known lines only."""

_TO_6 = """
ALTER TABLE articles ADD COLUMN other_reading TEXT;
ALTER TABLE lines ADD COLUMN content_hash VARCHAR(64)
"""
"""Articles that were read from a page and from REST."""

_TO_7 = "ALTER TABLE validators ADD COLUMN fresh_until BIGINT"
"""Feeds and sitemaps that are not to be requested before a time."""

_TO_8 = """
CREATE TABLE feed_terms (article BIGINT NOT NULL, feed BIGINT NOT NULL, signals TEXT NOT NULL,
    PRIMARY KEY (article, feed));
CREATE TABLE warc_files (path TEXT NOT NULL, series SMALLINT NOT NULL, run INTEGER NOT NULL,
    host VARCHAR(80) NOT NULL, length BIGINT NOT NULL, checksum BIGINT NOT NULL,
    state SMALLINT NOT NULL, PRIMARY KEY (path));
CREATE INDEX warc_files_series ON warc_files (series, state);
CREATE TABLE warc_responses (series SMALLINT NOT NULL, key BIGINT NOT NULL,
    "offset" BIGINT NOT NULL, file VARCHAR(120) NOT NULL, digest VARCHAR(60) NOT NULL,
    date VARCHAR(30) NOT NULL, record_id VARCHAR(60) NOT NULL, PRIMARY KEY (series, key))
"""
"""What feeds state on the rights of articles; archives of responses."""

STEPS: dict[int, Callable[[Connection], None]] = {
    2: _run(_TO_2),
    3: _to_3,
    4: _run(_TO_4),
    5: _run(_TO_5),
    6: _run(_TO_6),
    7: _run(_TO_7),
    8: _run(_TO_8),
}
"""Version to the step that leads to it from the version before.

A released step must not change: it is written for the tables of its time.
"""
