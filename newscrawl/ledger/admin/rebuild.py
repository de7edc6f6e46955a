"""Rebuilds a ledger from dumps: for one that was lost, or that is older than its dumps.

See docs/ledger.md, "A ledger that was lost or is older than its dumps".
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from newscrawl.dumps import DumpError
from newscrawl.dumps.files import DAMAGED as DAMAGED_DATA
from newscrawl.dumps.part_files import DAMAGED, FINAL
from newscrawl.dumps.reading import batches
from newscrawl.ledger.admin import rebuilt_addresses, rebuilt_articles
from newscrawl.ledger.admin.dump_readings import DumpReader, content_of, file_checksum, started_at
from newscrawl.ledger.admin.rebuilt_articles import ADDED, FORGOTTEN, KNOWN, Place
from newscrawl.ledger.errors import LedgerHeldError
from newscrawl.ledger.store import database, locks
from newscrawl.ledger.store import runs as store_runs
from newscrawl.ledger.store.enqueue import insert_into
from newscrawl.ledger.store.recovered_dumps import HOST
from newscrawl.ledger.store.tables import articles, dumps, runs, series

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import tzinfo

    from sqlalchemy import Connection, Engine, Row

    from newscrawl.ledger.admin.dump_readings import DumpFile, Reading
    from newscrawl.outcomes.retries import Retries

BATCH = 500
"""Lines that are merged at a time."""
REBUILT = "rebuilt"
"""Reason of the run that stands for the one that wrote a rebuilt dump."""


@dataclass(slots=True)
class RebuiltSeries:
    """What was rebuilt of one series."""

    dumps: int = 0
    """Dumps that the ledger knows now and did not before, as they are."""
    dumps_known: int = 0
    """Dumps that it knew already, with this name or another one; they add nothing."""
    lines: int = 0
    """Lines that it did not know."""
    lines_known: int = 0
    """Lines, of dumps that it did not know, that it knew: copies, or written again."""
    lines_forgotten: int = 0
    """Lines of articles that were forgotten later and begin again in other lines."""
    gone: int = 0
    """Of the lines, those that report a removed article."""
    revised: int = 0
    """Of the lines, those of a revision after the first."""


@dataclass(slots=True)
class Rebuilt:
    """The result of rebuilding a ledger."""

    place: str
    """Its path or URL."""
    series: dict[str, RebuiltSeries] = field(default_factory=dict)
    """By spider."""
    articles: int = 0
    """Articles that it did not know."""
    problems: int = 0
    """Lines and dumps that were left out, each of which was reported."""


class Rebuild:
    """Rebuilds a ledger.

    Args:
        engine: the ledger's engine.
        site: key of the site that it belongs to.
        zone: the site's time zone.
        retries: when addresses are read again.
        is_twin: whether the ledger is that of the twin; None if it may be.
        on_bad: called with the error of each line or dump that is left out.
        on_read: called after each line with the file and how many of its bytes were read.
    """

    def __init__(  # noqa: PLR0913 - what a ledger records that is not in the dumps
        self,
        engine: Engine,
        *,
        site: str,
        zone: tzinfo,
        retries: Retries,
        is_twin: bool | None,
        on_bad: Callable[[DumpError], object],
        on_read: Callable[[Path, int], object] = lambda *_: None,
    ) -> None:
        self._engine = engine
        self._site, self._zone, self._retries, self._is_twin = site, zone, retries, is_twin
        self._on_bad, self._on_read = on_bad, on_read
        self.result = Rebuilt(database.printable(engine.url))

    def run(self, files: Sequence[DumpFile], spiders: Collection[str]) -> Rebuilt:
        """Add all that dumps have to the ledger, one transaction a dump, and return what it was.

        Killed in between, a second call completes it; what is known already is not changed.

        Args:
            files: the dumps.
            spiders: names of all spiders, which share the articles and may not run meanwhile.

        Raises:
            LedgerHeldError: a run is active.
            SQLAlchemyError: the ledger failed; the dumps before are complete.
        """
        with locks.block_runs(self._engine, [*spiders, *self._names()]):
            before = self._count_articles()
            for file in sorted(files, key=lambda file: (file.path.name, file.path)):
                self._add(file, self.result.series.setdefault(file.series, RebuiltSeries()))
            self.result.articles = self._count_articles() - before
        return self.result

    def _count_articles(self) -> int:
        with database.read_only(self._engine).begin() as connection:
            return connection.execute(select(func.count()).select_from(articles)).scalar_one()

    def _names(self) -> list[str]:
        with database.read_only(self._engine).begin() as connection:
            return [str(name) for name in connection.scalars(select(series.c.name))]

    def _report(self, error: DumpError) -> None:
        self.result.problems += 1
        self._on_bad(error)

    def _add(self, file: DumpFile, rebuilt: RebuiltSeries) -> None:
        """Add a dump in one transaction, unless the ledger has it, or nothing of it is usable."""
        try:
            checksum = self._checksum_unless_known(file)
        except OSError as error:
            self._report(DumpError(file.path, 0, f"cannot be read: {error.strerror}"))
            return
        if checksum is None:
            rebuilt.dumps_known += 1
            return
        reader = DumpReader(
            file.path, self._report, site=self._site, zone=self._zone, is_twin=self._is_twin
        )
        counts: Counter[str] = Counter()
        batched = batches(reader.readings(self._on_read), BATCH)
        # A dump without a single line of use is not recorded.
        if (readings := next(batched, None)) is None:
            return
        with self._engine.begin() as connection, database.patient(connection):
            place = self._begin(connection, file, readings[0])
            last = 0
            for batch in chain([readings], batched):
                counts += self._merge(connection, batch, place)
                last = max([last, *(reading.at for reading in batch)])
            total = sum(counts[kind] for kind in (ADDED, KNOWN, FORGOTTEN))
            _end(connection, file, place, total, checksum, last)
        rebuilt.dumps += 1
        rebuilt.lines += counts[ADDED]
        rebuilt.lines_known += counts[KNOWN]
        rebuilt.lines_forgotten += counts[FORGOTTEN]
        rebuilt.gone += counts[_GONE]
        rebuilt.revised += counts[_REVISED]

    def _checksum_unless_known(self, file: DumpFile) -> int | None:
        """Return the CRC-32 of a file; None if the ledger has its dump already.

        Raises:
            OSError: it cannot be read.
        """
        with database.read_only(self._engine).begin() as connection:
            rows = connection.execute(_DUMPS_OF, {"name": file.series}).all()
        for row in rows:
            is_same = Path(row.path).name == file.path.name and row.length == file.size
            if is_same and row.state != DAMAGED:
                return None
        checksum = file_checksum(file.path)
        try:
            content = content_of(file.path)
        except (DumpError, *DAMAGED_DATA):
            # What can be read of it is added.
            return checksum
        same = [row for row in rows if (row.length, row.checksum) == content]
        if not same:
            return checksum
        if content == (file.size, checksum):
            self._relocate(same[0].id, Path(same[0].path), file)
        return None

    def _relocate(self, dump: int, recorded: Path, file: DumpFile) -> None:
        """Record where a dump is that was moved or renamed."""
        if recorded.exists():
            return
        with self._engine.begin() as connection:
            connection.execute(
                update(dumps)
                .where(dumps.c.id == dump)
                .values(path=str(file.path), host=HOST, state=FINAL, changed_at=file.changed_at)
            )

    def _begin(self, connection: Connection, file: DumpFile, reading: Reading) -> Place:
        """Record a dump and the run that wrote it, which may be known from before its end."""
        statement = insert_into(connection, series).on_conflict_do_nothing()
        connection.execute(statement, {"name": file.series, "edition": 1})
        row = connection.execute(
            select(series).where(series.c.name == file.series).with_for_update()
        ).one()
        if connection.dialect.name == "postgresql":
            store_runs.lock_claims(connection)
            if locks.live_runs(self._engine, connection):
                raise LedgerHeldError("a run has begun on this ledger: wait for it, then rebuild")
        for dump in connection.execute(_DUMPS_OF, {"name": file.series}).all():
            if _is_earlier_state(dump, file):
                return Place(row.id, row.edition, dump.run, dump.id)
        run = connection.execute(
            insert(runs)
            .values(
                series=row.id,
                host=HOST,
                pid=os.getpid(),
                started=started_at(file.path) or reading.at,
                ended=reading.at,
                reason=REBUILT,
                written=0,
            )
            .returning(runs.c.id)
        ).scalar_one()
        number = connection.execute(
            insert(dumps)
            .values(series=row.id, run=run, host=HOST, path=str(file.path), state=FINAL)
            .returning(dumps.c.id)
        ).scalar_one()
        return Place(row.id, row.edition, run, number)

    def _merge(
        self, connection: Connection, readings: Sequence[Reading], place: Place
    ) -> Counter[str]:
        kinds = rebuilt_articles.merge(connection, readings, place)
        added = [reading for reading, kind in zip(readings, kinds, strict=True) if kind == ADDED]
        rebuilt_addresses.restore(connection, place.series, added, int(time.time()), self._retries)
        return Counter(
            {
                **Counter(kinds),
                _GONE: sum(reading.snapshot.gone for reading in added),
                _REVISED: sum(reading.revision > 1 for reading in added),
            }
        )


def _is_earlier_state(dump: Row[Any], file: DumpFile) -> bool:
    """Return whether a row of `dumps` is that of a file, from before it got its present length."""
    path = Path(dump.path)
    if dump.host != HOST or path.name not in {file.path.name, file.name_uncompressed}:
        return False
    return path == file.path or not path.exists()


def _end(  # noqa: PLR0913, PLR0917 - a row of `dumps` and one of `runs`
    connection: Connection, file: DumpFile, place: Place, count: int, checksum: int, last: int
) -> None:
    connection.execute(
        update(dumps)
        .where(dumps.c.id == place.dump)
        .values(
            path=str(file.path),
            length=file.size,
            lines=count,
            state=FINAL,
            checksum=checksum,
            changed_at=file.changed_at,
        )
    )
    connection.execute(
        update(runs)
        .where(runs.c.id == place.run, runs.c.reason == REBUILT)
        .values(ended=last, written=count)
    )


_GONE, _REVISED = "gone", "revised"
_DUMPS_OF = (
    select(dumps)
    .join(series, series.c.id == dumps.c.series)
    .where(series.c.name == bindparam("name"))
)
