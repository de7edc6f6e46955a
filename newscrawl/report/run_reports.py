"""What runs told of themselves: their reports, and the files of what they rejected."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from newscrawl.dumps import DumpError
from newscrawl.dumps.files import REJECTED, stem_of
from newscrawl.dumps.reading import decoded
from newscrawl.report.inputs import REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newscrawl.dumps.reading import OnBad

_MAJOR, _BLOCKED = "1", "blocked/"
_LARGEST = 64 * 1024 * 1024
"""Bytes; a longer one is none."""


class Written(msgspec.Struct):
    """The lines of a run's dump."""

    written: int = 0
    revised: int = 0
    gone: int = 0


class Monitor(msgspec.Struct):
    """One check of a run."""

    name: str
    status: str
    message: str | None = None


class Run(msgspec.Struct):
    """The report of one run, as far as it is told again."""

    schema_version: str
    run_id: str
    spider: str
    started_at: str | None = None
    seconds: float = 0.0
    reason: str = "unknown"
    exit_code: int = 0
    detail: str | None = None
    articles: Written = msgspec.field(default_factory=Written)
    duplicates: dict[str, int] = {}
    rejected: dict[str, int] = {}
    outside: dict[str, int] = {}
    not_articles: dict[str, int] = {}
    not_fetched: dict[str, int] = {}
    failed: dict[str, int] = {}
    failed_urls: list[str] = []
    blocked: int = 0
    monitors: list[Monitor] = []
    stats: dict[str, Any] = {}

    @property
    def blocks(self) -> dict[str, int]:
        """How many pages were blocked, by kind."""
        kinds = {
            key.removeprefix(_BLOCKED): count
            for key, count in self.stats.items()
            if key.startswith(_BLOCKED) and isinstance(count, int)
        }
        rest = self.blocked - sum(kinds.values())
        return kinds | ({"blocked": rest} if rest > 0 else {})

    @property
    def failures(self) -> int:
        """How many pages and articles failed."""
        groups = (self.rejected, self.failed, self.not_fetched, self.blocks)
        return sum(sum(group.values()) for group in groups)


class Rejected(msgspec.Struct):
    """An article that was not written, and why."""

    url: str | None
    reasons: list[str]
    rejected_at: str | None = None


@dataclass(slots=True)
class Runs:
    """The runs behind the dumps, the latest first."""

    reports: list[Run] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    untold: Counter[str] = field(default_factory=Counter)
    """Reasons of rejections by runs that left no report."""
    silent: int = 0
    """Dumps without a report of their run."""

    def total(self, group: str) -> Counter[str]:
        """Return the counts of a group, such as "not_fetched", over all runs."""
        found: Counter[str] = Counter()
        for run in self.reports:
            found.update(getattr(run, group))
        if group == "rejected":
            found.update(self.untold)
        return found


def runs_of(dumps: Iterable[Path], folders: Iterable[Path], on_bad: OnBad) -> Runs:
    """Return the runs that wrote dumps, and those told of in folders or below.

    A run that wrote no line has no dump; in a folder its report is found all the same.

    Args:
        dumps: files; what their runs left lies beside them.
        folders: where to look for reports and files of the rejected.
        on_bad: called with what is wrong with each that cannot be read.
    """
    found, stems = Runs(), {dump.parent / stem_of(dump) for dump in dumps}
    written = {*stems}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.name.endswith(REPORT):
                stems.add(path.with_name(path.name.removesuffix(REPORT)))
            elif path.name.endswith(f"{REJECTED}"):
                stems.add(path.with_name(path.name.removesuffix(REJECTED)))
    for stem in sorted(stems):
        report = stem.with_name(stem.name + REPORT)
        run = _read(report, on_bad) if report.is_file() else None
        if run:
            found.reports.append(run)
        else:
            found.silent += stem in written
        path = stem.with_name(stem.name + REJECTED)
        lines = [line for _, line, _ in decoded(path, on_bad, _rejected)] if path.is_file() else []
        found.rejected += lines
        if run is None:
            found.untold.update(reason for line in lines for reason in line.reasons)
    found.reports.sort(key=lambda run: (run.started_at or "", run.run_id), reverse=True)
    found.rejected.sort(key=lambda line: line.rejected_at or "", reverse=True)
    return found


def _read(path: Path, on_bad: OnBad) -> Run | None:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST)
        run = msgspec.json.decode(raw, type=Run)
    except OSError as error:
        on_bad(DumpError(path, 0, f"cannot be read: {error.strerror}"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        on_bad(DumpError(path, 1, f"no run report ({error}); move it away, or skip what is bad"))
    else:
        if run.schema_version.partition(".")[0] == _MAJOR:
            return run
        what = f"a run report of schema_version {run.schema_version}; update newscrawl to read it"
        on_bad(DumpError(path, 1, what))
    return None


def _rejected(raw: bytes) -> Rejected:
    try:
        return msgspec.json.decode(raw, type=Rejected)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        is_cut = not raw.endswith(b"\n")
        what = "the file is cut off here" if is_cut else f"no rejected article ({error})"
        raise ValueError(f"{what}; move it away, or skip what is bad") from None
