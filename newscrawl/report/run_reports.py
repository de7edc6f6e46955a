"""Reads run reports and files of rejected articles."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newscrawl.dumps import DumpError
from newscrawl.dumps.files import stem_of
from newscrawl.dumps.folders import files_below
from newscrawl.dumps.paths import REJECTED
from newscrawl.dumps.reading import decoded
from newscrawl.outcomes import counters
from newscrawl.outcomes.completeness import is_complete
from newscrawl.outcomes.outcome import RIGHTS
from newscrawl.report.inputs import REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newscrawl.dumps.reading import OnBad

_MAJOR, _BLOCKED = "1", counters.BLOCKED
_LARGEST = 64 * 1024 * 1024
"""Bytes; a longer file is not a run report."""


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
    """The report of a run, as far as the page needs it."""

    schema_version: str
    run_id: str
    spider: str
    started_at: str | None = None
    seconds: float = 0.0
    reason: str = "unknown"
    exit_code: int = 0
    detail: str | None = None
    arguments: dict[str, Any] = {}
    articles: Written = msgspec.field(default_factory=Written)
    duplicates: dict[str, int] = {}
    rejected: dict[str, int] = {}
    outside: dict[str, int] = {}
    not_articles: dict[str, int] = {}
    not_fetched: dict[str, int] = {}
    failed: dict[str, int] = {}
    failed_urls: list[str] = []
    blocked: int = 0
    rights: dict[str, Any] = {}
    audit: dict[str, Any] = {}
    monitors: list[Monitor] = []
    stats: dict[str, Any] = {}

    def __post_init__(self) -> None:
        """Take what is reserved out of what could not be fetched: it is not a failure."""
        self.not_fetched.pop(RIGHTS, None)

    @property
    def reserved(self) -> dict[str, int]:
        """How many articles were not fetched or not kept, as their publishers reserve them."""
        not_fetched = self.rights.get("not_fetched") or 0
        withheld = {f"withheld: {use}": n for use, n in self.rights.get("withheld", {}).items()}
        return withheld | ({"not fetched": not_fetched} if not_fetched else {})

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
    unreported: Counter[str] = field(default_factory=Counter)
    """Reasons of rejections in runs without a report."""
    without_report: int = 0
    """Dumps without a report of their run."""

    def first_complete(self) -> dict[str, str | None]:
        """Return when the first complete run of each series began; None without such a run."""
        began: dict[str, str | None] = {}
        for run in self.reports:
            series = run.run_id.rpartition("/")[0]
            began.setdefault(series, None)
            # The latest comes first.
            if run.started_at and is_complete(run.reason, run.arguments):
                began[series] = run.started_at
        return began

    def total(self, group: str) -> Counter[str]:
        """Return the counts of a group, such as "not_fetched", over all runs."""
        counts: Counter[str] = Counter()
        for run in self.reports:
            counts.update(getattr(run, group))
        if group == "rejected":
            counts.update(self.unreported)
        return counts


def runs_of(dumps: Iterable[Path], folders: Iterable[Path], on_bad: OnBad) -> Runs:
    """Return the runs of dumps, and those with files in folders or their subfolders.

    A run that wrote no line has no dump, but its report is found in a folder.

    Args:
        dumps: files; the reports of their runs are beside them.
        folders: folders to search for reports and files of rejected articles.
        on_bad: called with the error of each file or line that cannot be read.

    Raises:
        DumpError: a folder cannot be read.
    """
    runs, stems = Runs(), {dump.parent / stem_of(dump) for dump in dumps}
    stems_of_dumps = {*stems}
    for folder in folders:
        stems.update(_stems_in(folder))
    # A link may give a file another name.
    by_place = {os.path.realpath(stem): stem for stem in sorted(stems - stems_of_dumps)}
    by_place |= {os.path.realpath(stem): stem for stem in stems_of_dumps}
    for stem in sorted(by_place.values()):
        report = stem.with_name(stem.name + REPORT)
        run = _read(report, on_bad) if report.is_file() else None
        if run:
            runs.reports.append(run)
        else:
            runs.without_report += stem in stems_of_dumps
        path = stem.with_name(stem.name + REJECTED)
        lines = [line for _, line, _ in decoded(path, on_bad, _rejected)] if path.is_file() else []
        runs.rejected += lines
        if run is None:
            runs.unreported.update(reason for line in lines for reason in line.reasons)
    runs.reports.sort(key=lambda run: (run.started_at or "", run.run_id), reverse=True)
    runs.rejected.sort(key=lambda line: line.rejected_at or "", reverse=True)
    return runs


def _stems_in(folder: Path) -> Iterator[Path]:
    try:
        for path in files_below(folder):
            for ending in (REPORT, REJECTED):
                if path.name.endswith(ending):
                    yield path.with_name(path.name.removesuffix(ending))
    except OSError as error:
        raise DumpError(Path(error.filename), 0, f"{error.strerror}") from None


def _read(path: Path, on_bad: OnBad) -> Run | None:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST)
        run = msgspec.json.decode(raw, type=Run)
    except OSError as error:
        on_bad(DumpError(path, 0, f"cannot be read: {error.strerror}"))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        on_bad(DumpError(path, 1, f"not a run report ({error}); move it away, or skip bad lines"))
    else:
        if run.schema_version.partition(".")[0] == _MAJOR:
            return run
        message = f"run report of schema_version {run.schema_version}; update newscrawl to read it"
        on_bad(DumpError(path, 1, message))
    return None


def _rejected(raw: bytes) -> Rejected:
    try:
        return msgspec.json.decode(raw, type=Rejected)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        is_cut = not raw.endswith(b"\n")
        message = "the file is cut off here" if is_cut else f"not a rejected article ({error})"
        raise ValueError(f"{message}; move it away, or skip bad lines") from None
