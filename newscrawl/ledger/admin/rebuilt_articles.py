"""Restores articles, the versions of their texts and their lines from readings of dumps.

Readings may come in any order, and any number of times. All functions run within a transaction.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select

from newscrawl.items import similarity
from newscrawl.ledger.store.enqueue import insert_into, insert_new
from newscrawl.ledger.store.lines import of_article
from newscrawl.ledger.store.tables import (
    WRITTEN,
    addresses,
    articles,
    bands,
    lines,
    revisions,
    series,
)
from newscrawl.ledger.store.versions import changed_names
from newscrawl.text import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, Row

    from newscrawl.ledger.admin.dump_readings import Reading

ADDED, KNOWN, FORGOTTEN = "added", "known", "forgotten"
"""What a line is to the ledger: new, known, or of an article that was forgotten since."""
_STATUS = "status"
_ARTICLE_COLUMNS = [column.name for column in articles.c]
_LINE_KEY = ("series", "edition", "article", "revision")
_LINE_VALUES = ("run", "dump", "state", "version")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the lines of a dump belong."""

    series: int
    edition: int
    run: int
    dump: int


@dataclass(slots=True, eq=False)
class _Version:
    """A text as it was read, or that it was gone."""

    at: int
    content_hash: str
    is_gone: bool
    fields: str | None
    """Hashes of its fields as JSON; None if unknown."""
    changed: list[str]
    """Fields that changed since the version before, or since the line before."""
    number: int = 0
    """Number that the ledger has; 0 if it does not have it."""

    def is_same(self, reading: Reading) -> bool:
        if self.is_gone or reading.snapshot.gone:
            return self.is_gone == reading.snapshot.gone
        return self.content_hash == reading.snapshot.content_hash


@dataclass(slots=True)
class _Line:
    run: int
    dump: int | None
    version: _Version
    is_changed: bool = False


@dataclass(slots=True)
class _ArticleHistory:
    """An article with its versions, oldest first, and its lines in all series."""

    id: str
    facts: dict[str, Any] | None = None
    """The values of its row in `articles`."""
    versions: list[_Version] = field(default_factory=list)
    lines: dict[tuple[int, int, int], _Line] = field(default_factory=dict)
    """By series, edition and revision."""
    aliases: dict[int, str] = field(default_factory=dict)
    """Further addresses to be added, by their keys."""
    old_bands: set[int] = field(default_factory=set)
    """Keys of the text that the ledger has."""
    begins_again: bool = False
    """Whether what the ledger has of it is of an earlier life, before it was forgotten."""
    is_changed: bool = False

    def add(self, reading: Reading, place: Place) -> str:
        """Add a line; return what it is to the ledger."""
        if self.facts is not None and reading.first_seen_at != self.facts["first_seen_at"]:
            if reading.first_seen_at < self.facts["first_seen_at"]:
                return FORGOTTEN
            self._begin_again()
        key = place.series, place.edition, reading.revision
        line = self.lines.get(key)
        # Of two lines with one number, the text that was read last counts.
        if line is not None and (line.version.is_same(reading) or reading.at <= line.version.at):
            return KNOWN
        if self.facts is None:
            self.facts = _facts_of(reading)
        version = self._version_of(reading)
        self.lines[key] = _Line(place.run, place.dump, version, is_changed=True)
        return ADDED

    def _begin_again(self) -> None:
        self.begins_again = True
        self.facts = None
        self.versions.clear()
        self.lines.clear()
        self.aliases.clear()

    def _version_of(self, reading: Reading) -> _Version:
        """Return the version that a line has, which is added unless it is there."""
        after = sum(version.at <= reading.at for version in self.versions)
        for version in self.versions[max(0, after - 1) : after + 1]:
            if version.is_same(reading):
                if reading.at < version.at:
                    version.at, self.is_changed = reading.at, True
                self._seen(reading, version, is_new=False)
                return version
        snapshot = reading.snapshot
        fields = json.dumps(snapshot.fields, separators=(",", ":"))
        version = _Version(
            snapshot.fetched_at,
            snapshot.content_hash,
            snapshot.gone,
            None if snapshot.gone else fields,
            reading.changed_fields,
        )
        self.versions.insert(after, version)
        self.is_changed = True
        self._seen(reading, version, is_new=True)
        return version

    def _seen(self, reading: Reading, version: _Version, *, is_new: bool) -> None:
        """Record what a reading says of the article's row: the newest one counts."""
        assert self.facts is not None
        missing_since = self.facts["missing_since"]
        if missing_since is not None and reading.at >= missing_since:
            self.facts["missing_since"], self.is_changed = None, True
        if reading.snapshot.gone:
            return
        is_last_text = all(
            later.is_gone for later in self.versions[self.versions.index(version) + 1 :]
        )
        if is_new and is_last_text:
            self.facts |= _text_of(reading)
        self._follow(reading, moves=is_new and is_last_text)

    def _follow(self, reading: Reading, *, moves: bool) -> None:
        """Record at which address it was read: the newest text is at its main one."""
        assert self.facts is not None
        url = reading.snapshot.url
        if url == self.facts["url"]:
            return
        self.is_changed = True
        if moves:
            self.aliases[self.facts["url_key"]] = self.facts["url"]
            self.facts |= {"url": url, "url_key": key_of(url)}
        else:
            self.aliases[key_of(url)] = url
        self.aliases.pop(self.facts["url_key"], None)

    def number(self) -> None:
        """Number the versions, and state of each what has changed since the one before."""
        assert self.facts is not None
        before: _Version | None = None
        for number, version in enumerate(self.versions, 1):
            is_stored = version.number == number and (before is None or before.number == number - 1)
            if not is_stored:
                version.changed = _changed(before, version)
            if version.is_gone and version.fields is None and before is not None:
                # A missing page has no fields: what is compared next is the text before.
                version.fields = before.fields
            before = version
        for number, version in enumerate(self.versions, 1):
            version.number = number
        last = self.versions[-1]
        self.facts |= {
            "revision": len(self.versions),
            "content_hash": last.content_hash,
            "gone": int(last.is_gone),
            "fields": last.fields or "{}",
        }

    def rows_of_versions(self) -> list[dict[str, Any]]:
        """Return the rows of `revisions`."""
        return [
            {
                "article": self.id,
                "revision": version.number,
                "content_hash": version.content_hash,
                "previous_hash": before.content_hash if before else None,
                "changed_fields": json.dumps(version.changed),
                "at": version.at,
                # Those of the newest version are in `articles`.
                "fields": None if version is self.versions[-1] else version.fields,
            }
            for before, version in zip([None, *self.versions], self.versions, strict=False)
        ]

    def rows_of_lines(self) -> list[dict[str, Any]]:
        """Return the rows of `lines` that are new, or whose version has another number."""
        return [
            {
                "series": number,
                "edition": edition,
                "article": self.id,
                "revision": revision,
                "run": line.run,
                "dump": line.dump,
                "state": WRITTEN,
                "version": None if line.version.number == revision else line.version.number,
            }
            for (number, edition, revision), line in self.lines.items()
            if line.is_changed or self.is_changed
        ]

    def bands(self) -> set[int]:
        """Return the keys by which near-duplicates of its text are found."""
        assert self.facts is not None
        return _bands(self.facts["text_key"], self.facts["sketch"])


def _changed(before: _Version | None, version: _Version) -> list[str]:
    if version.is_gone:
        return [_STATUS]
    if before is None:
        return []
    if before.fields and version.fields:
        names = changed_names(json.loads(before.fields), json.loads(version.fields))
    else:
        names = [name for name in version.changed if name != _STATUS]
    return [_STATUS, *names] if before.is_gone else names


def _bands(text_key: int | None, sketch: bytes | None) -> set[int]:
    exact = () if text_key is None else (text_key,)
    return {*exact, *similarity.bands(sketch or b"")}


def _facts_of(reading: Reading) -> dict[str, Any]:
    """Return the row of an article whose first line was read; `number()` completes it."""
    return {
        "id": reading.snapshot.id,
        "url_key": key_of(reading.snapshot.url),
        "url": reading.snapshot.url,
        "first_seen_at": reading.first_seen_at,
        "missing_since": None,
        **dict.fromkeys(("revision", "content_hash", "fields", "gone")),
        **_text_of(reading),
    }


def _text_of(reading: Reading) -> dict[str, Any]:
    snapshot = reading.snapshot
    return {
        "published": snapshot.published,
        "modified": snapshot.modified,
        "duplicate_of": reading.duplicate_of,
        "similarity": reading.similarity,
        "text_key": snapshot.text_key,
        "sketch": snapshot.sketch,
    }


def merge(connection: Connection, readings: Sequence[Reading], place: Place) -> list[str]:
    """Add lines to a ledger; return what each is to it: `ADDED`, `KNOWN` or `FORGOTTEN`."""
    histories = _read(connection, sorted({reading.snapshot.id for reading in readings}))
    kinds = [histories[reading.snapshot.id].add(reading, place) for reading in readings]
    touched = {
        reading.snapshot.id for reading, kind in zip(readings, kinds, strict=True) if kind == ADDED
    }
    _write(connection, [histories[article] for article in sorted(touched)])
    return kinds


def _read(connection: Connection, ids: list[str]) -> dict[str, _ArticleHistory]:
    histories = {article: _ArticleHistory(article) for article in ids}
    known: list[str] = []
    for row in connection.execute(_ARTICLES, {"ids": ids}).all():
        history = histories[row.id]
        history.facts = {name: getattr(row, name) for name in _ARTICLE_COLUMNS}
        history.old_bands = history.bands()
        known.append(row.id)
    if not known:
        return histories
    for row in connection.execute(_REVISIONS, {"ids": known}).all():
        _add_version(histories[row.article], row)
    for history in map(histories.__getitem__, known):
        assert history.facts is not None
        if history.versions:
            history.versions[-1].fields = history.facts["fields"]
    pairs = connection.execute(select(series.c.id, series.c.edition)).all()
    for number, last in pairs:
        values = {"number": number, "editions": list(range(1, last + 1)), "ids": known}
        for row in connection.execute(_LINES, values).all():
            history = histories[row.article]
            number_of_text = row.revision if row.version is None else row.version
            version = next(
                (version for version in history.versions if version.number == number_of_text),
                history.versions[-1],
            )
            key = int(row.series), int(row.edition), int(row.revision)
            history.lines[key] = _Line(row.run, row.dump, version)
    return histories


def _add_version(history: _ArticleHistory, row: Row[Any]) -> None:
    changed = list(json.loads(row.changed_fields))
    # Only removal and return change the status.
    was_gone = bool(history.versions) and history.versions[-1].is_gone
    is_gone = was_gone ^ (_STATUS in changed)
    history.versions.append(
        _Version(row.at, row.content_hash, is_gone, row.fields, changed, row.revision)
    )


_ARTICLES = select(articles).where(articles.c.id.in_(bindparam("ids", expanding=True)))
_REVISIONS = (
    select(revisions)
    .where(revisions.c.article.in_(bindparam("ids", expanding=True)))
    .order_by(revisions.c.article, revisions.c.revision)
)
_LINES = select(lines).where(
    lines.c.series == bindparam("number"),
    lines.c.edition.in_(bindparam("editions", expanding=True)),
    lines.c.article.in_(bindparam("ids", expanding=True)),
    lines.c.state == WRITTEN,
)


def _write(connection: Connection, histories: list[_ArticleHistory]) -> None:
    for history in histories:
        if history.begins_again:
            for table in (revisions, addresses):
                own = table.c.article == history.id
                connection.execute(delete(table).where(own))
            connection.execute(delete(lines).where(of_article(connection, history.id)))
    changed = [history for history in histories if history.is_changed]
    if changed:
        _write_articles(connection, changed)
    rows = [row for history in histories for row in history.rows_of_lines()]
    if not rows:
        return
    statement = insert_into(connection, lines)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[lines.c[name] for name in _LINE_KEY],
            set_={name: statement.excluded[name] for name in _LINE_VALUES},
        ),
        rows,
    )


def _write_articles(connection: Connection, histories: list[_ArticleHistory]) -> None:
    for history in histories:
        history.number()
    statement = insert_into(connection, articles)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[articles.c.id],
            set_={name: statement.excluded[name] for name in _ARTICLE_COLUMNS if name != "id"},
        ),
        [history.facts or {} for history in histories],
    )
    connection.execute(_FORGET_VERSIONS, {"ids": [history.id for history in histories]})
    connection.execute(
        insert_new(connection, revisions),
        [row for history in histories for row in history.rows_of_versions()],
    )
    _write_bands(connection, histories)
    aliases = [
        {"article": history.id, "key": key, "url": url}
        for history in histories
        for key, url in sorted(history.aliases.items())
    ]
    if aliases:
        connection.execute(insert_new(connection, addresses), aliases)
    connection.execute(
        _FORGET_ALIAS,
        [{"own": history.id, "main": (history.facts or {})["url_key"]} for history in histories],
    )


def _write_bands(connection: Connection, histories: Iterable[_ArticleHistory]) -> None:
    old, new = [], []
    for history in histories:
        keys = history.bands()
        old += [{"own": history.id, "main": key} for key in sorted(history.old_bands - keys)]
        new += [{"article": history.id, "band": key} for key in sorted(keys - history.old_bands)]
    if old:
        connection.execute(_FORGET_BAND, old)
    if new:
        connection.execute(insert_new(connection, bands), new)


_FORGET_VERSIONS = delete(revisions).where(
    revisions.c.article.in_(bindparam("ids", expanding=True))
)
_FORGET_BAND = delete(bands).where(
    bands.c.band == bindparam("main"), bands.c.article == bindparam("own")
)
_FORGET_ALIAS = delete(addresses).where(
    addresses.c.article == bindparam("own"), addresses.c.key == bindparam("main")
)
