"""Run reports as files: written whole or not at all, and read again."""

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
"""What any report has; one that lacks them is none."""
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is called a run report and cannot be read as one."""

    path: Path
    why: str


def write(report: Mapping[str, Any], path: Path, *, is_new: bool = True) -> Path:
    """Write a report so that it is there whole, or not at all; return where.

    Args:
        report: of JSON values.
        path: where it goes.
        is_new: whether a report that stands there is another run's, and must stay; this one
            then gets a number.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with passing.open("w", encoding="utf-8") as file:
            json.dump(report, file, ensure_ascii=False, indent=1)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        if not is_new:
            passing.replace(path)
            return path
        return _link(passing, path)
    finally:
        passing.unlink(missing_ok=True)


def free(path: Path) -> Path:
    """Return the path, or one with a number where another run's report stands."""
    stem, found, number = path.name.removesuffix(RUN_REPORT), path, 1
    while found.exists():
        number += 1
        found = path.with_name(f"{stem}-{number}{RUN_REPORT}")
    return found


def _link(passing: Path, path: Path) -> Path:
    while True:
        place = free(path)
        try:
            # Unlike a rename it fails where another run's report stands.
            place.hardlink_to(passing)
        except FileExistsError:
            continue
        except OSError:
            # A file system without links.
            passing.replace(place)
        return place


def read(path: Path) -> dict[str, Any]:
    """Return a report.

    Raises:
        ValueError: the file cannot be read, or is no report; the text says why.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("larger than any run report")
        found = json.loads(path.read_bytes())
    except (OSError, RecursionError) as error:
        raise ValueError(getattr(error, "strerror", None) or type(error).__name__) from None
    except json.JSONDecodeError as error:
        raise ValueError(f"no JSON: line {error.lineno}: {error.msg}") from None
    except UnicodeDecodeError:
        raise ValueError("no text in UTF-8") from None
    if wrong := _against(found):
        raise ValueError(wrong)
    return cast("dict[str, Any]", found)


def _against(found: Any) -> str | None:
    """Return what speaks against a JSON value being a report."""
    if not isinstance(found, dict):
        return "no JSON object"
    lacking = [name for name, kind in _KEYS.items() if not isinstance(found.get(name), kind)]
    if lacking:
        return f"no run report: {lacking[0]} is missing or of another type"
    try:
        datetime.fromisoformat(found["started_at"]), datetime.fromisoformat(found["ended_at"])
    except ValueError:
        return "no run report: its times cannot be read"
    return None


def latest(folders: Iterable[Path], count: int) -> list[Path]:
    """Return the last `count` reports of some folders, newest first.

    A report's name begins with its run's start, which is how they are ordered.
    """
    paths = [path for folder in folders for path in folder.glob(f"[!.]*{RUN_REPORT}")]
    return sorted(paths, key=_start, reverse=True)[:count]


def _start(path: Path) -> tuple[str, int, str]:
    name = path.name.removesuffix(RUN_REPORT)
    moment, number = name[:20], name[20:].lstrip("-")
    return moment, int(number) if number.isdecimal() else 1, str(path)


def read_all(paths: Iterable[Path]) -> Iterator[dict[str, Any] | Unreadable]:
    """Yield each report, or why it cannot be read."""
    for path in paths:
        try:
            yield read(path)
        except ValueError as error:
            yield Unreadable(path, str(error))
