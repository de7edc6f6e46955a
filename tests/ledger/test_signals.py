"""Told to end, once or twice, at any moment: nothing is lost and nothing doubled."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT
from tests.support.killing import Ordeal, command, environment, read, words
from tests.support.preloaded import PreloadedProcess
from tests.support.waiting import HANG, wait_for, wait_for_lines
from twin import truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SIZE = 150


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE) as found:
        yield found


def start(twin: TwinProcess, output: Path) -> PreloadedProcess:
    line = words("cronaca", twin.url, DOWNLOAD_DELAY=0.05)
    return PreloadedProcess(line, environment(output))


def finish(twin: TwinProcess, output: Path) -> None:
    """Run once more and compare all dumps with the truth."""
    with start(twin, output) as crawl:
        _, said = crawl.communicate(timeout=HANG)
    assert crawl.returncode == 0, said
    found = Ordeal()
    read(output / "cronaca", found)
    wanted = truth.expected(Content(size=SIZE), Switches(), "cronaca")
    assert sorted(line["id"] for line in found.lines) == sorted(wanted)
    assert found.left_over == []


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)]
)
@pytest.mark.soak
def test_once_ends_the_run_in_order(
    number: signal.Signals, twin: TwinProcess, tmp_path: Path
) -> None:
    with start(twin, tmp_path) as crawl:
        wait_for_lines(tmp_path / "cronaca", crawl)
        crawl.send_signal(number)
        _, said = crawl.communicate(timeout=HANG)
    assert "Traceback" not in said
    # What was written has its name, and the next run need not clear up.
    assert not [*(tmp_path / "cronaca").glob("*.part")]
    assert len([*(tmp_path / "cronaca").glob("*.jsonl")]) == 1
    with start(twin, tmp_path) as crawl:
        _, said = crawl.communicate(timeout=HANG)
    assert "did not end" not in said
    finish(twin, tmp_path)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (1, 2, 3, 4))]
)
def test_row_29_twice_ends_it_at_once_and_loses_nothing(
    seed: int, twin: TwinProcess, tmp_path: Path
) -> None:
    random = Random(seed)  # noqa: S311 - moments, no secrets
    for _ in range(2):
        with start(twin, tmp_path) as crawl:
            wait_for_lines(tmp_path / "cronaca", crawl)
            time.sleep(random.uniform(0, 0.8))
            crawl.send_signal(signal.SIGTERM)
            time.sleep(random.uniform(0, 0.15))
            crawl.send_signal(signal.SIGTERM)
            crawl.communicate(timeout=HANG)
        if crawl.returncode == 0:
            break
    finish(twin, tmp_path)


def test_while_it_starts(twin: TwinProcess, tmp_path: Path) -> None:
    for wait in (0.3, 0.7, 0.9, 1.1):
        with subprocess.Popen(
            command("cronaca", twin.url),
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as crawl:
            time.sleep(wait)
            crawl.send_signal(signal.SIGTERM)
            crawl.communicate(timeout=HANG)
    finish(twin, tmp_path)


@pytest.mark.soak
def test_ctrl_c_twice_is_one_line_and_a_code(twin: TwinProcess, tmp_path: Path) -> None:
    with start(twin, tmp_path) as crawl:
        wait_for_lines(tmp_path / "cronaca", crawl)
        crawl.send_signal(signal.SIGINT)
        time.sleep(0.02)
        crawl.send_signal(signal.SIGINT)
        _, stderr = crawl.communicate(timeout=HANG)
    assert crawl.returncode == 20
    assert "Traceback" not in stderr
    (line,) = [line for line in stderr.splitlines() if line.startswith("newscrawl: ")]
    assert "stopped" in line
    assert "run it again to continue" in line
    finish(twin, tmp_path)


def test_ctrl_c_while_modules_are_imported_is_one_line(tmp_path: Path) -> None:
    line = [sys.executable, "-X", "importtime", "-m", "scrapy", "crawl", "cronaca"]
    line += ["-a", "site_url=http://127.0.0.1:9"]
    with subprocess.Popen(
        line, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    ) as crawl:
        assert crawl.stderr is not None
        imported = next(text for text in crawl.stderr if " newscrawl.commands." in text)
        crawl.send_signal(signal.SIGINT)
        rest = crawl.stderr.read()
        crawl.wait(timeout=HANG)
    assert imported
    assert crawl.returncode == 20
    assert "Traceback" not in rest
    assert "newscrawl: stopped before the crawl began" in rest
    assert not list(tmp_path.iterdir())


def test_ctrl_c_before_the_crawl_begins_is_one_line(twin: TwinProcess, tmp_path: Path) -> None:
    with start(twin, tmp_path) as crawl:
        # The folder is made in the last step before the crawl is created.
        wait_for((tmp_path / "cronaca").exists, "the folder of the run")
        crawl.send_signal(signal.SIGINT)
        _, stderr = crawl.communicate(timeout=HANG)
    assert crawl.returncode == 20
    assert "Traceback" not in stderr
    (line,) = [line for line in stderr.splitlines() if line.startswith("newscrawl: ")]
    assert "run it again to continue" in line
