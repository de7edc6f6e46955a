"""Archives to Parquet without near-duplicates, on cores and on Ray, with jobs that are killed."""

from __future__ import annotations

import gzip
import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from newscrawl.export.columns import COLUMNS
from tests.support.bulk_archives import COPIES, archives
from tests.support.bulk_extra import imported
from tests.support.crawling import ROOT
from tests.support.ray_nodes import ray_nodes
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

imported("newscrawl.bulk.deduplication")
parquet = imported("pyarrow.parquet")
pytestmark = pytest.mark.soak
FILES, EACH = 4, 400


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a list of archives."""
    folder = tmp_path_factory.mktemp("archives")
    paths = archives(folder, FILES, EACH)
    (folder / "list").write_text("".join(f"{path}\n" for path in paths))
    return folder / "list"


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    """End the jobs that a failed test has left."""
    yield
    for job in _JOBS:
        if job.poll() is None:
            os.killpg(job.pid, signal.SIGKILL)
            job.wait()
    _JOBS.clear()


_JOBS: list[subprocess.Popen[str]] = []


def start(names: Path, out: Path, *options: str) -> subprocess.Popen[str]:
    """Start the recipe with two workers, in a process group of its own."""
    command = [sys.executable, "-m", "newscrawl.bulk.recipe", str(names), str(out)]
    command += ["--workers", "2", "--parquet-files", "2", *options]
    # Not a pipe: processes that outlive the one that is killed would hold it open.
    with out.with_suffix(".log").open("a") as log, out.with_suffix(".txt").open("w") as printed:
        job = subprocess.Popen(
            command, cwd=ROOT, stdout=printed, stderr=log, text=True, start_new_session=True
        )
    _JOBS.append(job)
    return job


def finish(run: subprocess.Popen[str], out: Path) -> str:
    """Wait for the end of a run that goes well; return what it has printed."""
    assert run.wait(timeout=HANG) == 0, out.with_suffix(".log").read_text()[-3000:]
    return out.with_suffix(".txt").read_text()


def rows(out: Path) -> list[dict[str, Any]]:
    """Return all rows, file by file."""
    files = sorted((out / "parquet").iterdir())
    assert [path.name for path in files] == ["00000.parquet", "00001.parquet"]
    return [row for path in files for row in parquet.read_table(path).to_pylist()]


def shards(out: Path) -> list[str]:
    """Return the files of extracted articles that are whole."""
    return sorted(path.name for path in (out / "work/articles").glob("[0-9]*.jsonl.gz"))


def begun(out: Path) -> list[str]:
    """Return the temporary folders of files that are being written."""
    return sorted(path.name for path in (out / "work/articles").glob(".*"))


@pytest.fixture(scope="module")
def unbroken(names: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a job that was not killed."""
    out = tmp_path_factory.mktemp("unbroken") / "out"
    printed = finish(start(names, out), out)
    assert f"files {FILES}, unreadable_files 0, pages {FILES * EACH}, " in printed
    return out


def test_copies_on_another_site_are_left_out(unbroken: Path) -> None:
    found = rows(unbroken)
    assert [*found[0]] == [column.name for column in COLUMNS]
    texts = [row["body"] for row in found if len(row["body"].split()) >= 5]
    assert len({*texts}) == len(texts) > EACH
    extracted = 0
    for path in (unbroken / "work/articles").iterdir():
        with gzip.open(path) as file:
            extracted += sum(1 for _ in file)
    copied = [row for row in found if row["url"].startswith(COPIES)]
    # Those without text cannot be compared, and stay.
    assert not [row for row in copied if len(row["body"].split()) >= 5]
    assert EACH / 2 < extracted - len(found) < 2 * EACH


def test_a_job_whose_processes_are_all_killed_goes_on(
    names: Path, unbroken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = start(names, out)
    wait_for(lambda: bool(shards(out)) and bool(begun(out)), "one shard done and one begun")
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert 0 < len(shards(out)) < FILES
    finish(start(names, out), out)
    assert rows(out) == rows(unbroken)
    assert not begun(out)


def test_workers_without_a_master_do_not_write_what_others_write(
    names: Path, unbroken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run = start(names, out)
    wait_for(lambda: bool(begun(out)), "a shard begun")
    try:
        os.killpg(run.pid, signal.SIGSTOP)
        assert begun(out)
        run.kill()
        run.wait()
        again = start(names, out)

        def is_waiting() -> bool:
            assert again.poll() is None, "it has not waited"
            logs = (out / "logs/extract/logs").iterdir()
            return any("waits for the end of another process" in log.read_text() for log in logs)

        wait_for(is_waiting, "a worker that waits for one of the killed run")
        os.killpg(run.pid, signal.SIGCONT)
        finish(again, out)
    finally:
        # datatrove's manager of the killed run goes on.
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    assert rows(out) == rows(unbroken)
    assert not begun(out)


def test_a_finished_job_does_nothing_again(unbroken: Path, names: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in unbroken.rglob("*.*")}
    printed = finish(start(names, unbroken), unbroken)
    assert f"pages {FILES * EACH}, " in printed
    assert times == {path: path.stat().st_mtime_ns for path in unbroken.rglob("*.*")}


def refused(names: Path, out: Path, *options: str) -> str:
    """Run the recipe; return the one line that it writes."""
    command = [sys.executable, "-m", "newscrawl.bulk.recipe", str(names), str(out), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.strip().removeprefix("newscrawl.bulk.recipe: ")


def test_what_cannot_be_run_is_refused_in_one_line(
    unbroken: Path, names: Path, tmp_path: Path
) -> None:
    out, listed = tmp_path / "out", tmp_path / "list"
    assert "No such file" in refused(listed, out)
    listed.write_text("\n")
    assert refused(listed, out) == f"{listed} is empty: name a list with a file a line"
    listed.write_text("missing.warc.gz\n")
    assert refused(listed, out, "--base", str(tmp_path)) == (
        f"{tmp_path}/missing.warc.gz: no such file (1 are missing); check LIST"
    )
    assert "job with other rights: " in refused(
        names, unbroken, "--rights", "respect", "--parquet-files", "2"
    )
    assert "cannot be opened" in refused(names, out, "--base", "nothing://there")
    assert "no Ray cluster at 127.0.0.1:9" in refused(names, out, "--ray", "127.0.0.1:9")


def test_a_file_that_cannot_be_read_fails_until_it_is_skipped(tmp_path: Path) -> None:
    (good,) = archives(tmp_path, 2, 5)[:1]
    (tmp_path / "bad.warc.gz").write_bytes(b"<html>")
    names, out = tmp_path / "list", tmp_path / "out"
    names.write_text(f"bad.warc.gz\n{good}\n")
    options = ("--base", str(tmp_path))
    run = start(names, out, *options)
    assert run.wait(timeout=HANG) == 1
    # The other task is stopped with the pool of processes, or is done before.
    last = out.with_suffix(".log").read_text().splitlines()[-1]
    assert re.search(r"stage extract: [12] of 2 tasks are not done; \S+/task_00000.log says", last)
    printed = finish(start(names, out, *options, "--skip-unreadable"), out)
    assert printed.startswith("files 2, unreadable_files 1, pages 5, ")


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Give a folder whose path is short enough for Ray's sockets."""
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def test_two_nodes_of_ray_lose_and_double_nothing_when_processes_are_killed(
    names: Path, unbroken: Path, tmp_path: Path, short_folder: Path
) -> None:
    out = tmp_path / "out"
    with ray_nodes(short_folder) as nodes:
        options = ("--ray", nodes.address, "--memory", "0.3")
        run = start(names, out, *options)
        # Looking for workers takes longer than a shard: later stages have workers too.
        wait_for(lambda: bool(begun(out)), "a shard begun")
        wait_for(lambda: len({*nodes.workers().values()}) == 2, "a worker on each node")
        run.kill()
        run.wait()
        again = start(names, out, *options)
        wait_for(lambda: bool(shards(out) and nodes.workers()), "a shard done, and a worker")
        os.kill(next(iter(nodes.workers())), signal.SIGKILL)
        printed = finish(again, out)
    assert f"files {FILES}, unreadable_files 0, pages {FILES * EACH}, " in printed
    assert rows(out) == rows(unbroken)
    assert not begun(out)
