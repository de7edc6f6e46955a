"""Run reports as files: written completely or not at all, and read again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from newscrawl.dumps.paths import RUN_REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_KEYS = {
    **dict.fromkeys(("run_id", "spider", "started_at", "ended_at", "reason"), str),
    **dict.fromkeys(("arguments", "articles", "requests", "stats"), dict),
    "monitors": list,
}
"""Keys and types that every run report has."""
_MAX_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is called a run report and cannot be read as one."""

    path: Path
    why: str


def write(report: Mapping[str, Any], path: Path, *, is_new: bool = True) -> Path:
    """Write a report, completely or not at all; return its path.

    Args:
        report: JSON values.
        path: of the file.
        is_new: whether an existing file is the report of another run, which is kept: this
            report's name then gets a number. Otherwise it is replaced.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("w", encoding="utf-8") as file:
            json.dump(report, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        if not is_new:
            temporary.replace(path)
            return path
        return _link_unused(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def unused_path(path: Path) -> Path:
    """Return the path, with a number if another run's report has it."""
    stem, unused, number = path.name.removesuffix(RUN_REPORT), path, 1
    while unused.exists():
        number += 1
        unused = path.with_name(f"{stem}-{number}{RUN_REPORT}")
    return unused


def _link_unused(temporary: Path, path: Path) -> Path:
    while True:
        target = unused_path(path)
        try:
            # Unlike a rename, it fails if another run's report exists.
            target.hardlink_to(temporary)
        except FileExistsError:
            continue
        except OSError:
            # The file system has no hard links.
            temporary.replace(target)
        return target


def read(path: Path) -> dict[str, Any]:
    """Return a report.

    Raises:
        ValueError: the file cannot be read, or is not a run report; the message says why.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ValueError("larger than any run report")
        report = json.loads(path.read_bytes())
    except (OSError, RecursionError) as error:
        raise ValueError(getattr(error, "strerror", None) or type(error).__name__) from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: line {error.lineno}: {error.msg}") from None
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text") from None
    if problem := _problem(report):
        raise ValueError(problem)
    return cast("dict[str, Any]", report)


def _problem(value: Any) -> str | None:
    """Return why a JSON value is not a run report; None if it is one."""
    if not isinstance(value, dict):
        return "not a JSON object"
    missing = [name for name, kind in _KEYS.items() if not isinstance(value.get(name), kind)]
    if missing:
        return f"not a run report: {missing[0]} is missing or of another type"
    try:
        datetime.fromisoformat(value["started_at"]), datetime.fromisoformat(value["ended_at"])
    except ValueError:
        return "not a run report: its times cannot be read"
    return None


def latest(folders: Iterable[Path], count: int) -> list[Path]:
    """Return the last `count` reports in some folders, newest first.

    They are ordered by the start of the run, with which their names begin.
    """
    paths = [path for folder in folders for path in all_of(folder)]
    return sorted(paths, key=_order, reverse=True)[:count]


def all_of(folder: Path) -> list[Path]:
    """Return the reports in a folder, oldest first."""
    return sorted(folder.glob(f"[!.]*{RUN_REPORT}"), key=_order)


def _order(path: Path) -> tuple[str, int, str]:
    name = path.name.removesuffix(RUN_REPORT)
    started, number = name[:20], name[20:].lstrip("-")
    return started, int(number) if number.isdecimal() else 1, str(path)


def read_all(paths: Iterable[Path]) -> Iterator[dict[str, Any] | Unreadable]:
    """Yield each report, or why it cannot be read."""
    for path in paths:
        try:
            yield read(path)
        except ValueError as error:
            yield Unreadable(path, str(error))
