"""What `benchmarks.compare_versions` compares: text without what differs from run to run."""

from __future__ import annotations

import csv
import difflib
import io
import json
import re
import sqlite3
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

WIDTH = 240
"""Characters of a line that are shown."""
REJECTED = ".rejected.jsonl"
LATER, UNDATED = "<later>", "<time>"
_AHEAD = timedelta(days=2)
"""A ledger names the next try of what failed, up to so long after the last run."""
_ZONES = timedelta(hours=14)
"""A moment to the minute may be in any time zone."""
_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?P<between>T| |_| at )(?P<hour>\d\d)(?P<mark>[:-])(?P<minute>\d\d)"
    r"(?:(?P=mark)(?P<second>\d\d)(?P<fraction>\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?"
)
_VERSION = re.compile(r"\bnewscrawl/\d+(?:\.\w+)+")
_MEASURED = re.compile(
    r'("(?:seconds|elapsed_time_seconds|items_per_minute|responses_per_minute|median|p95|pid'
    r'|memusage/max|memusage/startup)":\s*)(?:-?[\d.]+(?:e-?\d+)?|null)'
)
_NAMED = re.compile(r'("(?:host|python|scrapy|newscrawl)":\s*)"[^"]*"')
_SIZE_OF_LEDGER = re.compile(r'(^  "bytes": |^  size +)[\d.,]+(?: [kMG]?B)?', re.M)
_DURATION = re.compile(r"\b\d+(?:\.\d+)? s\b")
_GAP = re.compile(r"(?<=\S) {2,}")
_LOG = re.compile(r"^\S+ \S+ \S+ \[[\w.-]+\] ([A-Z]+: .*)")
_MODULE = re.compile(r"\bnewscrawl(?:\.\w+)+")
_AT = re.compile(r" at 0x[0-9a-f]+")
_CALLED = re.compile(r"datetime\.datetime\([^)]*\)\)?")
_LOGGED = re.compile(
    r"('(?:memusage/\w+|elapsed_time_seconds|\w+_per_minute|[A-Z][A-Z_]*FILE)': ).*?(?=[,}]|$)"
)


@dataclass(frozen=True)
class Clock:
    """Puts a fixed moment, that of its step, in place of each moment of a sequence of steps."""

    began: Sequence[int]
    """When each step began, in seconds since 1970; a step ends where the next one begins."""
    fixed: Sequence[datetime]
    """What stands for each step's moments."""
    ended: int

    def __post_init__(self) -> None:
        if len(self.began) != len(self.fixed) or not self.began:
            raise ValueError("each step needs its fixed moment")
        if any(later <= earlier for earlier, later in pairwise((*self.began, self.ended + 1))):
            raise ValueError("each step begins in a later second than the one before")

    def apply(self, text: str) -> str:
        """Return text without the moments of the steps; what articles say of theirs stays.

        >>> clock = Clock([1_800_000_000], [datetime(2026, 1, 2, 10, tzinfo=UTC)], 1_800_000_060)
        >>> clock.apply("2027-01-15T08-00-03Z.jsonl 2027-01-15T08:00:09.123+00:00")
        '2026-01-02T10-00-00Z.jsonl 2026-01-02T10:00:00.000+00:00'
        >>> clock.apply("2027-01-15 08:00Z 2027-01-15T09:01:00Z 2026-01-15T08:00:00Z")
        '<time> <later> 2026-01-15T08:00:00Z'
        """
        return _MOMENT.sub(self._stand_in, text)

    def _stand_in(self, match: re.Match[str]) -> str:
        zone = match["zone"] or "Z"
        try:
            moment = datetime.fromisoformat(
                f"{match['day']}T{match['hour']}:{match['minute']}:{match['second'] or '00'}{zone}"
            )
        except ValueError:
            return match[0]
        begin = datetime.fromtimestamp(self.began[0], UTC)
        end = datetime.fromtimestamp(self.ended, UTC)
        if match["second"] is None:
            is_near = begin - _ZONES <= moment <= end + _AHEAD + _ZONES
            return UNDATED if is_near else match[0]
        if not begin <= moment <= end + _AHEAD:
            return match[0]
        if moment > end:
            return LATER
        step = bisect_right(self.began, moment.timestamp()) - 1
        shown = self.fixed[step].astimezone(moment.tzinfo)
        mark, fraction = match["mark"], match["fraction"] or ""
        text = shown.strftime(f"%Y-%m-%d{match['between']}%H{mark}%M{mark}%S")
        return f"{text}{re.sub('[0-9]', '0', fraction)}{match['zone'] or ''}"


def without_paths(text: str, paths: Mapping[str, str]) -> str:
    """Return text with names in place of paths, the longest first.

    >>> without_paths("/tmp/a/out/x", {"/tmp/a": "FOLDER", "/tmp/a/out": "OUTPUT"})
    'OUTPUT/x'
    """
    for path in sorted(paths, key=len, reverse=True):
        text = text.replace(path, paths[path])
    return text


def without_version(text: str) -> str:
    """Return text without the program's version.

    >>> without_version('"extractor": "newscrawl/0.1.0 jnews"')
    '"extractor": "newscrawl/VERSION jnews"'
    """
    return _VERSION.sub("newscrawl/VERSION", text)


def without_measures(text: str) -> str:
    """Return a run report or a ledger's figures without what depends on machine and time.

    >>> without_measures('{"seconds": 3.418, "pid": 7, "python": "3.11.7", "host": "vm"}')
    '{"seconds": 1.0, "pid": 1.0, "python": "NAME", "host": "NAME"}'
    """
    text = _NAMED.sub(r'\1"NAME"', _MEASURED.sub(r"\g<1>1.0", text))
    return _SIZE_OF_LEDGER.sub(r"\1SIZE", text)


def without_durations(text: str) -> str:
    """Return a summary without durations, nor the columns that they widen.

    >>> without_durations("esteri: 38 articles in 0.3 s (finished)  12 s   x")
    'esteri: 38 articles in N s (finished)  N s  x'
    """
    return _GAP.sub("  ", _DURATION.sub("N s", text))


def log_lines(text: str) -> list[str]:
    """Return a log's levels and messages: no times, module names or measures.

    >>> log_lines("2026-11-28 01:13:22 esteri/1 [newscrawl.feeds] INFO: 'newscrawl.log.X' runs")
    ["INFO: 'newscrawl.…' runs"]
    """
    lines = []
    for line in text.splitlines():
        message = _LOG.sub(r"\1", line)
        message = _LOGGED.sub(r"\g<1>N", _CALLED.sub(UNDATED, message))
        message = _AT.sub("", _MODULE.sub("newscrawl.…", without_version(message)))
        lines.append(message)
    return lines


def field_lines(text: str) -> list[str]:
    """Return one line for each field of JSON lines, so that a diff names the field.

    What is written in another way than `json.dumps` does is given as it stands, too.

    >>> field_lines('{"id": "alanews:7", "revision": 2, "body": "x"}')
    ['alanews:7 r2 id: "alanews:7"', 'alanews:7 r2 revision: 2', 'alanews:7 r2 body: "x"']
    """
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            read = json.loads(line)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            lines.append(line)
            continue
        name = _name(read, number)
        lines += [f"{name} {key}: {_json(value)}" for key, value in read.items()]
        if _json(read) != line:
            lines.append(f"{name} as it is written: {line}")
    return lines


def _name(read: Mapping[str, Any], number: int) -> str:
    if "id" in read:
        return f"{read['id']} r{read.get('revision', '?')}"
    return str(read.get("url", f"line {number}"))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def table_lines(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Give a line for each cell of a table, named after the row's id or what stands first.

    >>> list(table_lines("flags", ["row", "flag"], [(1, "sponsored")]))
    ['flags 1 row: 1', "flags 1 flag: 'sponsored'"]
    """
    for values in rows:
        cells = dict(zip(columns, values, strict=True))
        name = f"{cells['id']} r{cells['revision']}" if "revision" in cells else str(values[0])
        yield from (f"{table} {name} {column}: {value!r}" for column, value in cells.items())


def export_lines(path: Path) -> Iterator[str]:
    """Give the tables of an export and their cells, in the order in which they are stored."""
    return {
        ".csv": _csv, ".sqlite": _sqlite, ".parquet": _parquet, ".duckdb": _duckdb
    }[path.suffix](path)  # fmt: skip


def _csv(path: Path) -> Iterator[str]:
    text = path.read_bytes().decode()
    columns, *rows = csv.reader(io.StringIO(text, newline=""))
    yield from table_lines("articles", columns, rows)
    # What the reader does not tell: marks, quotes and the ends of lines.
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC):
        for end in ("\n", "\r\n"):
            file = io.StringIO(newline="")
            csv.writer(file, quoting=quoting, lineterminator=end).writerows([columns, *rows])
            if file.getvalue() == text:
                yield f"lines end with {end!r}, quoting {quoting}"
                return
    yield from map(repr, text.splitlines(keepends=True))


def _sqlite(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(path)
    try:
        tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        for name, definition in tables:
            yield f"{name}: {definition}"
        for name, definition in tables:
            if not str(definition).startswith("CREATE TABLE") or name.startswith("sqlite_"):
                continue
            cursor = connection.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - its own names
            columns = [column[0] for column in cursor.description]
            yield from table_lines(name, columns, cursor)
    finally:
        connection.close()


def _parquet(path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - an extra of the project

    table = pq.read_table(path)
    yield from str(table.schema).splitlines()
    yield from table_lines(
        "articles", table.column_names, zip(*table.to_pydict().values(), strict=True)
    )


def _duckdb(path: Path) -> Iterator[str]:
    import duckdb  # noqa: PLC0415 - an extra of the project

    connection = duckdb.connect(str(path), read_only=True)
    try:
        for kind in ("tables", "views"):
            for name, definition in connection.execute(
                f"SELECT {kind[:-1]}_name, sql FROM duckdb_{kind}() WHERE NOT internal ORDER BY 1"  # noqa: S608 - two words
            ).fetchall():
                yield f"{name}: {definition}"
                cursor = connection.cursor().execute(f'SELECT * FROM "{name}"')  # noqa: S608 - its own names
                columns = [column[0] for column in cursor.description or ()]
                rows = cursor.fetchall()
                # Several threads make a view, each a part of it.
                yield from table_lines(
                    name, columns, sorted(rows, key=repr) if kind == "views" else rows
                )
    finally:
        connection.close()


def lines_of(name: str, text: str) -> list[str]:
    """Return what a diff of a file goes by: fields, tags or lines."""
    if name.endswith(".jsonl"):
        return field_lines(text)
    if name.endswith(".html"):
        return text.replace("<", "\n<").splitlines()
    return text.splitlines()


def damaged(dump: str) -> str:
    """Return lines of a dump of which each has another fault."""
    changes: tuple[dict[str, Any], ...] = (
        {"headline": 5}, {"date_published": "28 ottobre 2025"}, {"unknown": None}, {"revision": 2},
        {"status": "gone"}, {"url": "ftp://example.org/"}, {"content_hash": "0"}, {"flags": None},
    )  # fmt: skip
    lines = dump.splitlines()
    faulty = [
        _json({**json.loads(line), **change}) for line, change in zip(lines, changes, strict=False)
    ]
    whole = lines[len(changes)]
    return "\n".join([*faulty, whole, whole, "[]", "{}", whole[: len(whole) // 2]])


def rejected(dump: str) -> str:
    """Return what a run would leave that rejected the first article of a dump."""
    article = json.loads(dump.partition("\n")[0])
    line = {
        "url": article["url"],
        "reasons": ["no_body"],
        "rejected_at": article["fetched_at"],
        "article": {**article, "body": "", "blocks": []},
    }
    return f"{_json(line)}\n"


def missing(files: Mapping[str, str]) -> list[str]:
    """Return what the crawls should have brought about and did not: it would not be compared."""
    written = "".join(text for name, text in files.items() if name.startswith("output/"))
    wanted = {
        "rejected article": '"rejected/no_body": ',
        "article revised twice": '"revision": 3',
        "article removed by the site": '"status": "gone"',
    }
    return [what for what, text in wanted.items() if text not in written]


@dataclass(frozen=True)
class Allowed:
    """Documented differences: regular expressions, one a line, `#` begins a comment."""

    patterns: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def read(cls, text: str) -> Allowed:
        """Return the patterns of a file.

        Raises:
            ValueError: one of them is not a regular expression; the text says which.
        """
        patterns = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            try:
                patterns.append(re.compile(line))
            except re.error as error:
                raise ValueError(f"line {number}: {error}: {line}") from None
        return cls(tuple(patterns))

    def left(self, lines: Iterable[str]) -> list[str]:
        """Return the lines that no pattern matches."""
        return [line for line in lines if not any(p.search(line) for p in self.patterns)]


@dataclass(frozen=True)
class Difference:
    """A file that is not the same in both."""

    name: str
    lines: tuple[str, ...]
    """Its unified diff, each line cut."""
    note: str = ""


def compare(
    before: Mapping[str, str], after: Mapping[str, str], allowed: Allowed
) -> list[Difference]:
    """Return how the files of two versions differ, by name."""
    differences = []
    for name in sorted({*before, *after}):
        left, right = before.get(name), after.get(name)
        if left == right:
            continue
        note = _note(left, right)
        if note and not allowed.left([f"{name}: {note}"]):
            continue
        old, new = (lines_of(name, text or "") for text in (left, right))
        if old == new:
            # They differ in what ends their lines.
            old, new = (
                [*map(repr, (text or "").splitlines(keepends=True))] for text in (left, right)
            )
        old, new = allowed.left(old), allowed.left(new)
        if old == new and left is not None and right is not None:
            continue
        differences.append(Difference(name, tuple(diff(old, new)), note))
    return differences


def _note(left: str | None, right: str | None) -> str:
    if left is None or right is None:
        return "only before" if right is None else "only after"
    is_moved = sorted(left.splitlines()) == sorted(right.splitlines())
    return "the same lines in another order" if is_moved else ""


def diff(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return a unified diff, of long lines the part where they differ.

    >>> print(*diff(["a", "b"], ["a", "c"]), sep="|")
    @@ -1,2 +1,2 @@| a|-b|+c
    """
    lines = [line.rstrip("\n") for line in difflib.unified_diff(old, new, "before", "after", n=1)]
    lines, shown, at = lines[2:], [], 0
    while at < len(lines):
        gone = _run(lines, at, "-")
        come = _run(lines, at + len(gone), "+")
        if not gone and not come:
            shown.append(_cut(lines[at], 0))
            at += 1
            continue
        place = [_common(*pair) for pair in zip(gone, come, strict=False)]
        for block in (gone, come):
            shown += [_cut(line, place[n] if n < len(place) else 0) for n, line in enumerate(block)]
        at += len(gone) + len(come)
    return shown


def _run(lines: Sequence[str], at: int, sign: str) -> list[str]:
    end = at
    while end < len(lines) and lines[end].startswith(sign):
        end += 1
    return list(lines[at:end])


def _common(left: str, right: str) -> int:
    """Return where two lines of a diff begin to differ."""
    place = 1
    while place < min(len(left), len(right)) and left[place] == right[place]:
        place += 1
    return place


def _cut(line: str, place: int) -> str:
    if len(line) <= WIDTH:
        return line
    if place <= WIDTH // 2:
        return f"{line[:WIDTH]}…"
    begin = place - 40
    end = begin + WIDTH - 80
    return f"{line[:78]}…{line[begin:end]}{'…' if end < len(line) else ''}"
