"""What the ledger costs: `python -m benchmarks.bench_ledger` or `make bench-ledger`.

Prints the cost of a page's links among 100,000 and among 10 million known URLs, the bytes
of a URL on disk, and of crawls of the twin the memory with a million URLs pending, the CPU
time that the ledger adds to a page, and how long it holds the event loop. Ends with 1 and the
names of those that miss their bound. The ledgers are made in a temporary folder and removed.
`--urls 1000000` is quicker.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from benchmarks.ledger_costs import Filled, cold, compare
from benchmarks.ledger_crawls import crawl
from benchmarks.ledger_filling import CHUNK, address, fill, url_of
from newscrawl.ledger.store.database import parse_url
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

FEW = 100_000
ON_POSTGRESQL = 1_000_000
RATIO, BYTES, MEGABYTES, OVERHEAD, HELD = 1.5, 200.0, 250.0, 1.5, 5.0
_ARTICLE = re.compile(r"/\d{4}/\d\d/\d\d/")
POSTGRESQL = os.environ.get(
    "NEWSCRAWL_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test"
)


@dataclass(frozen=True)
class Bound:
    """A figure that must not be exceeded."""

    name: str
    value: float
    most: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Return whether it is not."""
        return self.value <= self.most

    def __str__(self) -> str:
        verdict = "met" if self.is_met else "MISSED"
        return f"{self.name:<52} {self.value:8.2f}{self.unit}  (at most {self.most:g}): {verdict}"


def excess(bytes_: int, count: int) -> float:
    """Return bytes of a ledger a URL, beyond the URLs themselves."""
    sample = range(0, count, max(1, count // CHUNK))
    return bytes_ / count - sum(len(address(number)) for number in sample) / len(sample)


def size_and_cost(folder: Path, many: int, rounds: int) -> list[Bound]:
    """Fill two SQLite ledgers and use them."""
    ledgers, bounds = [], []
    for count in (FEW, many):
        file, start = folder / f"{count}.sqlite", perf_counter()
        engine = fill(url_of(file), count)
        size = file.stat().st_size
        beyond = excess(size, count)
        print(
            f"SQLite, {count:,} URLs: {size / 1e6:,.0f} MB, {beyond:.0f} bytes a URL beyond the "
            f"URL itself, filled in {perf_counter() - start:.0f} s",
            flush=True,
        )
        bounds.append(Bound(f"bytes a URL, SQLite, {count:,}", beyond, BYTES))
        ledgers.append(Filled(engine, count, file))
    print(
        f"\n{'CPU ms, medians':<36} {FEW:>10,} {many:>10,}   ratio  statements   rows "
        f"{'kB read':>15}"
    )
    for name, (few, most) in compare(ledgers, rounds).items():
        ratio = most.cpu / few.cpu
        print(
            f"{name:<36} {few.cpu:10.2f} {most.cpu:10.2f} {ratio:7.2f} {most.statements:11.0f} "
            f"{most.rows:6.0f} {few.read:7.0f} {most.read:7.0f}"
        )
        bounds.append(Bound(f"ratio, {name}", ratio, RATIO))
    for ledger in ledgers:
        used, read = cold(ledger)
        print(
            f"{ledger.count:,} URLs, nothing cached: {used:.1f} CPU ms to add 20 links, "
            f"150 known at random, {read:.0f} kB from the disk"
        )
        ledger.engine.dispose()
    for count in (FEW, many):
        for file in folder.glob(f"{count}.sqlite*"):
            file.unlink()
    return bounds


def on_postgresql(count: int, *, etags: bool) -> list[Bound]:
    """Fill a PostgreSQL ledger in a database of its own; nothing where no server answers.

    Sizes are those that the crawl leaves and those after `scrapy ledger vacuum`.
    """
    url = parse_url(POSTGRESQL)
    server = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"newscrawl_bench_{os.getpid()}"
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    except OperationalError:
        print(f"\nno PostgreSQL at {url.render_as_string()}: left out")
        return []
    try:
        start = perf_counter()
        engine = fill(url.set(database=name), count, etags=etags)
        seconds = perf_counter() - start
        sizes = [_sizes(engine)]
        with engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                text("VACUUM (FULL) urls")
            )
        sizes.append(_sizes(engine))
        engine.dispose()
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()
    kind = "an ETag each" if etags else "no ETag (the site's way)"
    bounds = []
    for (table, indices), when in zip(sizes, ("", ", after `vacuum`"), strict=True):
        beyond = excess(table + indices, count)
        print(
            f"PostgreSQL, {count:,} URLs, {kind}{when}: {(table + indices) / 1e6:,.0f} MB, "
            f"{beyond:.0f} bytes a URL beyond the URL itself ({indices / count:.0f} of them "
            f"indices), filled in {seconds:.0f} s",
            flush=True,
        )
        bounds.append(Bound(f"bytes a URL, PostgreSQL, {kind}{when}", beyond, BYTES))
    return bounds


def _sizes(engine: sqlalchemy.Engine) -> tuple[int, int]:
    """Return the bytes of the URLs' table and of its indices."""
    with engine.connect() as connection:
        statement = text("SELECT pg_table_size('urls'), pg_indexes_size('urls')")
        table, indices = connection.execute(statement).one()
    return int(table), int(indices)


def overhead(twin: TwinProcess, folder: Path, rounds: int) -> tuple[list[Bound], list[str]]:
    """Crawl with the ledger and without, in turns; return also the paths of the twin."""
    crawl(twin.url, folder / "first", in_memory=True)
    paths = [path for _, path, _ in twin.requests()]
    ours, plain = [], []
    for number in range(rounds):
        ledger_run = crawl(twin.url, folder / f"ours-{number}")
        other = crawl(twin.url, folder / f"plain-{number}", in_memory=True)
        if ledger_run.lines != other.lines:
            raise RuntimeError(
                f"{ledger_run.lines} articles with the ledger, {other.lines} without"
            )
        ours.append(ledger_run.cpu / len(paths) * 1e3)
        plain.append(other.cpu / len(paths) * 1e3)
    added = [ours_ms - plain_ms for ours_ms, plain_ms in zip(ours, plain, strict=True)]
    print(
        f"\n{len(paths)} pages, {rounds} rounds: {median(ours):.2f} CPU ms a page with the ledger, "
        f"{median(plain):.2f} with Scrapy's queue in memory; "
        f"differences {', '.join(f'{difference:.2f}' for difference in sorted(added))}",
        flush=True,
    )
    return [Bound("overhead a page", median(added), OVERHEAD, " CPU ms")], paths


def event_loop(twin: TwinProcess, folder: Path, rounds: int) -> list[Bound]:
    """Watch the event loop with the ledger and without, in turns."""
    held: dict[str, float] = {}
    late: dict[bool, list[list[float]]] = {False: [], True: []}
    collected = 0.0
    for number in range(rounds):
        for in_memory in (False, True):
            place = folder / f"probed-{number}-{in_memory}"
            probed = crawl(twin.url, place, in_memory=in_memory, probe=True).probed
            late[in_memory].append(
                [value * 1e3 for value in (*probed["late"], probed["late_most"])]
            )
            collected = max(collected, probed["collected"] * 1e3)
            if not in_memory:
                for name, value in probed["held_cpu"].items():
                    held[name] = max(held.get(name, 0.0), value * 1e3)
    print("\nheld by the ledger's code, most CPU ms in one go:")
    for name, value in sorted(held.items(), key=lambda pair: -pair[1]):
        print(f"  {name:<42} {value:6.2f}")
    print(f"  a collection of garbage, with and without the ledger: up to {collected:.0f}")
    print("lateness of the loop, ms on the clock:   p50    p99   p999   most")
    for in_memory, words in ((False, "with the ledger"), (True, "without it")):
        figures = [median(column) for column in zip(*late[in_memory], strict=True)]
        print(f"  {words:<35} " + " ".join(f"{value:6.1f}" for value in figures))
    return [Bound("the event loop held by the ledger", max(held.values()), HELD, " CPU ms")]


def memory(
    twin: TwinProcess, folder: Path, paths: Sequence[str], pending: int, pages: int
) -> list[Bound]:
    """Crawl some pages while so many URLs wait, all caches full from the start."""
    place = folder / "pending"
    place.mkdir()
    real = [f"https://www.alanews.it{path}" for path in paths if _ARTICLE.match(path)]
    fill(url_of(place / "ledger-loopback.sqlite"), pending, pending=1.0, real=real).dispose()
    probed = crawl(twin.url, place, probe=True, CLOSESPIDER_PAGECOUNT=pages, PROBE_FULL=1).probed
    print(
        f"\n{pending:,} URLs pending, caches full, {probed['pages']} pages fetched: "
        f"{probed['peak']:.0f} MB at most; {probed['peak_full']:.0f} MB before the first page",
        flush=True,
    )
    held = max(probed["held_cpu"].values()) * 1e3
    return [
        Bound(f"memory, {pending:,} pending", probed["peak"], MEGABYTES, " MB"),
        Bound("the event loop held, so many pending", held, HELD, " CPU ms"),
    ]


def main() -> int:
    """Measure, print, judge; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=int, default=10_000_000, help="known URLs (10 million)")
    parser.add_argument("--pending", type=int, default=1_000_000, help="waiting URLs (a million)")
    parser.add_argument("--size", type=int, default=1000, help="articles on the twin (1000)")
    parser.add_argument("--rounds", type=int, default=5, help="crawls of each kind (5)")
    parser.add_argument("--folder", type=Path, help="where the ledgers are made and removed (/tmp)")
    given = parser.parse_args()
    bounds: list[Bound] = []
    with tempfile.TemporaryDirectory(prefix="bench-ledger-", dir=given.folder) as name:
        folder = Path(name)
        bounds += size_and_cost(folder, given.urls, 100)
        for etags in (False, True):
            bounds += on_postgresql(min(ON_POSTGRESQL, given.urls), etags=etags)
        with TwinProcess(size=given.size) as twin:
            met, paths = overhead(twin, folder, given.rounds)
            bounds += met
            bounds += event_loop(twin, folder, min(3, given.rounds))
            bounds += memory(twin, folder, paths, given.pending, min(800, given.size))
    print()
    for bound in bounds:
        print(bound)
    missed = [bound.name for bound in bounds if not bound.is_met]
    if missed:
        sys.stderr.write(f"bench-ledger: missed: {'; '.join(missed)}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
