"""`python -m newscrawl.bulk.recipe LIST OUT`: archives to Parquet without near-duplicates.

It runs on the cores of this machine or, with `--ray`, on a Ray cluster. A job that was killed is
continued by the same command. See docs/bulk.md.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newscrawl.bulk.whole_files import whole_file
from newscrawl.formatting import install_command
from newscrawl.rights.policy import POLICIES, RECORD
from newscrawl.version import __version__

_NAME = "newscrawl.bulk.recipe"

try:
    from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor
    from datatrove.io import DataFolder

    from newscrawl.bulk.deduplication import EXTRACT, WRITE, Job, run_stage
except ModuleNotFoundError as error:
    if (error.name or "").startswith("newscrawl"):
        raise
    sys.exit(f"{_NAME}: {error.name} is not installed: {install_command('bulk')}")

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newscrawl.bulk.deduplication import Stage

_ANSWER = 10.0
_MOST_PARQUET_FILES = 500
"""As many signature files are open at once in a process; the usual limit is 1,024."""


class RecipeError(ValueError):
    """A job that cannot be run; the text is one line that says what to do."""


def main(given: Sequence[str] | None = None) -> int:
    """Run the job; return the exit code."""
    options = _parser().parse_args(given)
    try:
        job = _begun(options)
        execute = _on_ray(options, job) if options.ray else _on_this_machine(options, job)
        for stage in job.stages():
            _run(stage, execute, job)
    except (RecipeError, OSError) as error:
        print(f"{_NAME}: {error}", file=sys.stderr)  # noqa: T201 - a command's message
        return 1
    print(_summary(job))  # noqa: T201 - a command's result
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=_NAME, description=__doc__)
    parser.add_argument("list", type=Path, help="file with a WARC or WACZ file a line; .gz too")
    parser.add_argument("out", help="folder of the job, shared by all machines")
    parser.add_argument("--base", help="folder or URL that the lines are relative to")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--parquet-files", type=int, metavar="N", help="by default one an archive")
    parser.add_argument("--rights", choices=POLICIES, default=RECORD)
    parser.add_argument(
        "--skip-unreadable", action="store_true", help="files that cannot be read fail no task"
    )
    parser.add_argument(
        "--ray", metavar="ADDRESS", help="of a Ray cluster; auto for this machine's"
    )
    parser.add_argument("--memory", type=float, default=2, metavar="GIB", help="of a task in Ray")
    return parser


def _begun(options: argparse.Namespace) -> Job:
    """Return the job, as it was begun if it was.

    Raises:
        RecipeError: there is nothing to read, or the folder is that of another job.
        OSError: the list cannot be read, or the folder not be written.
    """
    if options.workers < 1 or (options.parquet_files or 1) < 1:
        raise RecipeError("--workers and --parquet-files take a number from 1")
    out = options.out if "://" in options.out else str(Path(options.out).absolute())
    base, names = _files(options.list, options.base)
    if base == "/" and not options.skip_unreadable:
        missing = [path for path in map(Path("/").joinpath, names) if not path.is_file()]
        if missing:
            raise RecipeError(
                f"{missing[0]}: no such file ({len(missing)} are missing); check LIST"
            )
    parts = min(options.parquet_files or len(names), len(names), _MOST_PARQUET_FILES)
    job = Job(out, base, len(names), parts, options.rights, not options.skip_unreadable)
    text = "".join(f"{name}\n" for name in names)
    identity: dict[str, Any] = {
        "version": __version__,
        "base": base,
        "files": hashlib.sha256(text.encode()).hexdigest(),
        "parquet_files": parts,
        "rights": options.rights,
    }
    try:
        folder, _ = DataFolder(out), DataFolder(base)
    except (ImportError, ValueError) as error:
        raise RecipeError(f"{out} or {base} cannot be opened: {error}") from None
    if folder.isfile("job.json"):
        known = json.loads(folder.read_text("job.json"))
        if changed := [name for name in identity if known.get(name) != identity[name]]:
            other = ", ".join(changed)
            raise RecipeError(f"{out} has a job with other {other}: name another folder")
        return job
    for name, content in (("files.txt", text), ("job.json", json.dumps(identity))):
        with whole_file(folder, name) as path:
            path.write_text(content, encoding="utf-8")
    return job


def _files(path: Path, base: str | None) -> tuple[str, list[str]]:
    """Return the folder of the archives, and their names in it, each once."""
    data = path.read_bytes()
    try:
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode()
    except (OSError, EOFError, UnicodeDecodeError):
        raise RecipeError(f"{path} is not a list of files: name one with a file a line") from None
    names = [*dict.fromkeys(filter(None, map(str.strip, text.splitlines())))]
    if not names:
        raise RecipeError(f"{path} is empty: name a list with a file a line")
    if base is None or "://" not in base:
        # Other machines and processes have other working folders.
        folder = Path(base or "").absolute()
        return "/", [str(folder / name).lstrip("/") for name in names]
    return base, [name.lstrip("/") for name in names]


def _on_this_machine(options: argparse.Namespace, job: Job) -> Callable[[Stage], object]:
    def execute(stage: Stage) -> None:
        workers = min(options.workers, stage.tasks)
        logs = job.logs(stage.name)
        LocalPipelineExecutor(stage.blocks, stage.tasks, workers, logging_dir=logs).run()

    return execute


def _on_ray(options: argparse.Namespace, job: Job) -> Callable[[Stage], object]:
    try:
        import ray  # noqa: PLC0415 - not for a job on this machine
    except ModuleNotFoundError:
        raise RecipeError(f"ray is not installed: {install_command('bulk')}") from None
    _check_answers(options.ray)
    try:
        ray.init(address=options.ray, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise RecipeError(f"no Ray cluster at {options.ray}: {first}") from None

    def execute(stage: Stage) -> None:
        workers = min(options.workers, stage.tasks)
        RayPipelineExecutor(
            stage.blocks,
            stage.tasks,
            workers,
            logging_dir=job.logs(stage.name),
            mem_per_cpu_gb=options.memory,
        ).run()

    return execute


def _check_answers(address: str) -> None:
    """Check that something answers at HOST:PORT; Ray itself would wait for minutes.

    Raises:
        RecipeError: nothing does.
    """
    host, _, port = address.rpartition(":")
    if "/" in host or not (host and port.isdecimal()):
        return
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWER).close()
    except (OSError, OverflowError) as error:
        raise RecipeError(f"no Ray cluster at {address}: {error}") from None


def _run(stage: Stage, execute: Callable[[Stage], object], job: Job) -> None:
    """Run a stage.

    Raises:
        RecipeError: some of its tasks have failed.
    """
    failed = run_stage(stage, execute, job.logs(stage.name))
    if not failed:
        return
    first = f"{job.logs(stage.name)}/logs/task_{failed[0]:05d}.log"
    raise RecipeError(
        f"stage {stage.name}: {len(failed)} of {stage.tasks} tasks are not done; {first} says why; "
        "the same command continues"
    )


def _summary(job: Job) -> str:
    """Return what was counted, over all starts of the job."""
    counts: Counter[str] = Counter()
    for stage in (EXTRACT, WRITE):
        folder = DataFolder(job.logs(stage))
        for name in folder.list_files("stats"):
            for block in json.loads(folder.read_text(name)):
                for label, value in block["stats"].items():
                    total = value["total"] if isinstance(value, dict) else value
                    counts[label] += int(total)
    shown = ("files", "unreadable_files", "pages", "articles", "rows")
    listed = [f"{name} {counts[name]}" for name in shown]
    listed += [f"{name} {counts[name]}" for name in sorted(counts) if "/" in name]
    return f"{', '.join(listed)}\n{job.at('parquet')}"


if __name__ == "__main__":
    sys.exit(main())
