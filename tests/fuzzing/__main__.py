"""Fuzzes every target and prints inputs, coverage and findings: `make fuzz MINUTES=30`.

Inputs that reach new code are kept in FOLDER, findings in FOLDER/findings. `--keep` adds to
tests/data/corpus what reaches code that its files do not reach, minimised by libFuzzer's merge.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzzing import seeds

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "data" / "corpus"
NAMES = (
    "page",
    "date",
    "url",
    "jsonld",
    "feed",
    "sitemap",
    "rest",
    "robots",
    "rights",
    "warc",
    "wacz",
)
_LARGEST = {
    "page": 60_000,
    "feed": 20_000,
    "sitemap": 20_000,
    "rest": 20_000,
    "warc": 12_000,
    "wacz": 12_000,
}
"""Bytes of an input; of the others 2,000."""
_SLOWEST = 20
"""Seconds for an input, after which it is a finding."""
_MOST_FINDINGS = 5
_MOST_KEPT = 60
"""Files of a target's corpus, the smallest ones."""
_INPUTS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERAGE = re.compile(r"^#\d+\s+\S+\s+cov: (\d+) ft: (\d+)", re.M)
_UNIT = re.compile(r"Test unit written to (\S+)")
_CAUSE = re.compile(r"=== Uncaught Python exception: ===\n(.*)")


@dataclass
class Result:
    """What the fuzzing of a target has given."""

    name: str
    inputs: int = 0
    edges: int = 0
    """Places in the code that were reached (libFuzzer's `cov`)."""
    features: int = 0
    """Those places with how often each was reached."""
    findings: list[str] = field(default_factory=list)
    problem: str = ""
    """Why it could not be fuzzed."""


def _fuzz(name: str, seconds: float, folder: Path) -> Result:
    """Fuzz a target for so many seconds, also after a finding."""
    result, deadline = Result(name), time.monotonic() + seconds
    inputs, findings = folder / name, folder / "findings"
    inputs.mkdir(parents=True, exist_ok=True)
    findings.mkdir(exist_ok=True)
    kept = CORPUS / name
    seeds.write(name, folder / f"{name}-seeds")
    while len(result.findings) < _MOST_FINDINGS:
        left = int(deadline - time.monotonic())
        if left < 1:
            break
        output = _run(
            name,
            folder,
            str(inputs),
            str(folder / f"{name}-seeds"),
            *([str(kept)] if kept.is_dir() else []),
            f"-dict={Path(__file__).with_name('words.dict')}",
            f"-max_total_time={left}",
            f"-timeout={_SLOWEST}",
            f"-max_len={_LARGEST.get(name, 2_000)}",
            f"-artifact_prefix={findings}/{name}-",
            "-print_final_stats=1",
            "-rss_limit_mb=2048",
        )
        executed = _INPUTS.search(output)
        if executed is None:
            result.problem = output.strip().splitlines()[-1] if output.strip() else "no output"
            break
        result.inputs += int(executed[1])
        for edges, features in _COVERAGE.findall(output):
            result.edges = max(result.edges, int(edges))
            result.features = max(result.features, int(features))
        if unit := _UNIT.search(output):
            cause = _CAUSE.search(output)
            result.findings.append(f"{unit[1]}: {cause[1][:200] if cause else 'too slow or large'}")
    return result


def _run(name: str, folder: Path, *options: str) -> str:
    """Run libFuzzer on a target; return what it printed."""
    line = [sys.executable, "-m", "tests.fuzzing.one_target", name]
    done = subprocess.run(
        [*line, *options],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONHASHSEED": "0",
            "FUZZING_COMMAND": str(_command(line, folder)),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace")


def _command(line: list[str], folder: Path) -> Path:
    """Write a program that runs a command with further options; return its path."""
    path = folder / f"{line[-1]}-command"
    path.write_text(f'#!/bin/sh\ncd {shlex.quote(str(ROOT))}\nexec {shlex.join(line)} "$@"\n')
    path.chmod(0o755)
    return path


def _keep(name: str, folder: Path) -> int:
    """Replace a target's corpus by the smallest inputs that reach as much; return their number."""
    merged = folder / f"{name}-merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    CORPUS.joinpath(name).mkdir(parents=True, exist_ok=True)
    found = [str(folder / name), str(folder / f"{name}-seeds")]
    _run(name, folder, "-merge=1", str(merged), str(CORPUS / name), *found)
    shutil.rmtree(CORPUS / name)
    CORPUS.joinpath(name).mkdir()
    kept = sorted(merged.iterdir(), key=lambda path: (path.stat().st_size, path.name))
    for path in kept[:_MOST_KEPT]:
        shutil.copy(path, CORPUS / name / path.name)
    return len(kept[:_MOST_KEPT])


def main() -> None:
    """Print the table; code 1 for findings, 2 where a target could not be fuzzed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="in all (default 30)")
    parser.add_argument("--folder", type=Path, default=ROOT / "output" / "fuzzing")
    parser.add_argument("--keep", action="store_true", help="add to tests/data/corpus")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    given = parser.parse_args()
    names = given.targets or list(NAMES)
    if unknown := {*names} - {*NAMES}:
        parser.error(f"no target is called {min(unknown)!r}: choose among {', '.join(NAMES)}")
    if given.minutes <= 0:
        parser.error("--minutes must be above 0")
    given.folder.mkdir(parents=True, exist_ok=True)
    workers = min(len(names), os.cpu_count() or 1)
    seconds = given.minutes * 60 * workers / len(names)
    print(f"{len(names)} targets, {seconds:.0f} s each, {workers} at a time", flush=True)
    print("target         inputs   edges   features   findings")
    with ThreadPoolExecutor(workers) as pool:
        results = [*pool.map(lambda name: _fuzz(name, seconds, given.folder), names)]
    for result in results:
        print(
            f"{result.name:8} {result.inputs:12,} {result.edges:7,} {result.features:10,}"
            f" {len(result.findings):10}" + (f"   {result.problem}" if result.problem else "")
        )
        if given.keep and not result.findings and not result.problem:
            print(f"         corpus: {_keep(result.name, given.folder)} files")
    findings = [finding for result in results for finding in result.findings]
    for finding in findings:
        print(finding)
    total = sum(result.inputs for result in results)
    print(f"{total:,} inputs, {len(findings)} findings")
    raise SystemExit(2 if any(result.problem for result in results) else bool(findings))


if __name__ == "__main__":
    main()
