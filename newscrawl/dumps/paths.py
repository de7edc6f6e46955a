"""Paths of the files that a run writes: its dump and those beside it, with one stem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNSAFE = re.compile(r"[^A-Za-z0-9_.]+")
RUN_REPORT = ".run.json"
"""Ending of a run report."""
REJECTED, AUDIT = ".rejected.jsonl", ".audit.jsonl"
"""Endings of files beside a dump that are not dumps, before any `.gz` or `.zst`."""
ARCHIVE = ".warc.gz"
"""Ending of a file of a run's archive, after `-` and its number in five digits."""
_ARCHIVE_NAME = re.compile(r"(.+?)-\d{5}\.warc\.gz(?:\.part)?")
STARTED_FORMAT = "%Y-%m-%dT%H-%M-%SZ"


@dataclass(frozen=True, slots=True)
class OutputPaths:
    """The files of one run: `<folder>/<spider>/<start time>` and an ending."""

    stem: Path

    @classmethod
    def of_run(cls, settings: Mapping[str, Any], spider_name: str) -> OutputPaths:
        """Return the paths of a run that starts at `RUN_STARTED`, or now.

        A second run within the same second gets a number after its time.

        Raises:
            ValueError: `RUN_STARTED` is not a time of that format.
        """
        given = settings["RUN_STARTED"]
        if given and not is_start_time(given):
            raise ValueError(f"RUN_STARTED={given!r} is not a time such as 2026-11-28T10-00-00Z")
        started = given or datetime.now(UTC).strftime(STARTED_FORMAT)
        folder = Path(settings["OUTPUT_DIR"]) / safe_name(spider_name)
        stem, number = folder / started, 2
        while _is_taken(stem):
            stem, number = folder / f"{started}-{number}", number + 1
        return cls(stem)

    @property
    def dump(self) -> Path:
        """The articles."""
        return self.stem.with_name(f"{self.stem.name}.jsonl")

    @property
    def rejected(self) -> Path:
        """Articles that were not written, with the reasons."""
        return self.stem.with_name(f"{self.stem.name}{REJECTED}")

    @property
    def audit(self) -> Path:
        """What pages state otherwise than the second witness."""
        return self.stem.with_name(f"{self.stem.name}{AUDIT}")

    @property
    def report(self) -> Path:
        """The report of the run."""
        return self.stem.with_name(f"{self.stem.name}{RUN_REPORT}")

    @property
    def run_id(self) -> str:
        """The run's name in its report and its log: `<spider>/<name of its files>`."""
        return f"{self.stem.parent.name}/{self.stem.name}"

    @property
    def log(self) -> Path:
        """The run's log."""
        return self.stem.with_name(f"{self.stem.name}.log")


def is_start_time(text: str) -> bool:
    """Return whether `text` is a time as the names of a run's files have it.

    >>> is_start_time("2026-11-28T10-00-00Z"), is_start_time("../x"), is_start_time("2026-1-1")
    (True, False, False)
    """
    try:
        return datetime.strptime(text, STARTED_FORMAT).strftime(STARTED_FORMAT) == text  # noqa: DTZ007 - the Z is literal
    except ValueError:
        return False


def archive_path(stem: Path, number: int) -> Path:
    """Return the path of a file of a run's archive; they are numbered from 0.

    >>> archive_path(Path("output/esteri/2026-11-28T10-00-00Z"), 1).name
    '2026-11-28T10-00-00Z-00001.warc.gz'
    """
    return stem.with_name(f"{stem.name}-{number:05}{ARCHIVE}")


def stem_of_archive(path: Path) -> Path:
    """Return the common part of the paths of the run that has written a file of an archive.

    >>> stem_of_archive(Path("esteri/2026-11-28T10-00-00Z-00001.warc.gz")).name
    '2026-11-28T10-00-00Z'
    """
    match = _ARCHIVE_NAME.fullmatch(path.name)
    return path.with_name(match[1] if match else path.name.split(".warc", 1)[0])


def _is_taken(stem: Path) -> bool:
    report = stem.with_name(f"{stem.name}{RUN_REPORT}")
    names = f"{stem.name}.jsonl*", f"{stem.name}-[0-9][0-9][0-9][0-9][0-9]{ARCHIVE}*"
    return report.exists() or any(any(stem.parent.glob(name)) for name in names)


def safe_name(text: str) -> str:
    r"""Return `text` as one harmless part of a path.

    >>> safe_name("../../etc/passwd"), safe_name("-rf \U0001f600")
    ('etc-passwd', 'rf')
    """
    return _UNSAFE.sub("-", text)[:80].strip("-.") or "unnamed"
