"""A small year of three spiders, and what the check of a year finds (`make soak-life`)."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.life import YEAR, Life, report_lines
from tests.support.life_check import LONGEST, Findings, LifeRun, Offer, Offers, check, read_dumps
from twin import schedule
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

RUNS, SIZE, SEED = 14, 70, 3
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.mark.e2e
@pytest.mark.slow
def test_a_year_of_faults_and_kills_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with TwinProcess(size=SIZE, now=schedule.EPOCH - YEAR) as twin:
        report = Life(twin, tmp_path, SEED, RUNS).live()
    text = "\n".join(report_lines(report))
    assert report.is_whole, f"seed {SEED}\n{text}"
    # The year was lived through, and the check had something to check.
    assert report.figures["runs"] == RUNS
    assert report.figures["faults"]
    assert report.figures["kills"]
    assert report.findings.checked > SIZE
    dumps = sorted(path.name for path in tmp_path.glob("*/*.jsonl"))
    assert dumps[0] < "2026-06"
    assert dumps[-1].startswith("2026-11-2")


def offers() -> Offers:
    """Return one article that was edited on day 10 and another that was removed on day 20."""
    result = Offers(["esteri"])
    for article, content_hash, day in (("x:1", "a", 0), ("x:2", "c", 0), ("x:1", "b", 10)):
        since = BEGIN + day * DAY
        result.add(Offer(article, f"/{article}/", content_hash, frozenset({"esteri"}), since))
    result.by_article["x:2"][0].until = BEGIN + 20 * DAY
    return result


def runs(**changes: Any) -> list[LifeRun]:
    """Return four runs: before the edit, after it, and twice after the removal."""
    missing = frozenset({"/x:2/"})
    result = [LifeRun(1, "esteri", BEGIN + DAY, dump="1", **changes)]
    result.append(LifeRun(2, "esteri", BEGIN + 11 * DAY, dump="2"))
    result.append(LifeRun(3, "esteri", BEGIN + 21 * DAY, dump="3", missing=missing))
    result.append(LifeRun(4, "esteri", BEGIN + 21 * DAY + HOUR, dump="4", missing=missing))
    return result


def line(number: int, content_hash: str, revision: int = 1, status: str = "live") -> dict[str, Any]:
    return {
        "id": f"x:{number}", "content_hash": content_hash, "revision": revision, "status": status,
        "flags": [],
    }  # fmt: skip


def good() -> dict[str, list[dict[str, Any]]]:
    """Return the right lines of each dump."""
    return {
        "1": [line(1, "a"), line(2, "c")],
        "2": [line(1, "b", 2)],
        "4": [line(2, "c", 2, "gone")],
    }


def judged(dumps: dict[str, list[dict[str, Any]]], **changes: Any) -> dict[str, int]:
    """Return what is wrong with dumps, by kind."""
    named = {("esteri", name): lines for name, lines in dumps.items()}
    return +Counter(check(offers(), runs(**changes), named).counts())


def test_right_dumps_are_right() -> None:
    assert judged(good()) == {}


WRONG: dict[str, tuple[dict[str, list[dict[str, Any]]], dict[str, int]]] = {
    "never written": ({"1": [line(1, "a")], "4": []}, {"lost": 1}),
    "edit not written": ({"2": []}, {"lost": 1}),
    "written twice": ({"3": [line(1, "b", 2)]}, {"doubled": 1, "false_revisions": 1}),
    "written again": ({"3": [line(1, "b", 3)]}, {"false_revisions": 1}),
    "a number left out": ({"2": [line(1, "b", 3)]}, {"false_revisions": 1}),
    "an old text again": ({"3": [line(1, "a", 3)]}, {"wrong_text": 1, "lost": 1}),
    "an invented article": ({"3": [line(3, "d")]}, {"wrong_text": 1}),
    "gone but there": (
        {"3": [line(1, "b", 3, "gone")]},
        {"false_gone": 1, "lost": 1},
    ),
    "gone twice": (
        {"3": [line(2, "c", 2, "gone")], "4": [line(2, "c", 3, "gone")]},
        {"false_gone": 1},
    ),
    "not said to be gone": ({"4": []}, {"missed_gone": 1}),
    "a dump of no run": ({"5": [line(1, "b", 3)]}, {"doubled": 1}),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_dumps_are_found(name: str) -> None:
    change, wanted = WRONG[name]
    assert judged({**good(), **change}) == wanted


def test_after_a_fault_the_longest_interval_may_pass() -> None:
    late = {**good(), "1": [line(1, "a")], "4": []}
    assert judged(late, had_faults=True) == {}
    after = LifeRun(5, "esteri", BEGIN + DAY + LONGEST, dump="5")
    named = {("esteri", name): lines for name, lines in {**late, "2": []}.items()}
    named["esteri", "1"] = []
    findings = check(offers(), [*runs(had_faults=True), after], named)
    # The edit came after the fault: the next run must have it. What was there before may wait.
    assert len(findings.lost) == 1
    assert "x:1" in findings.lost[0]
    assert "run 2 " in findings.lost[0]


def test_a_new_edition_repeats_revisions_and_continues_their_numbers() -> None:
    dumps = {("esteri", name): lines for name, lines in good().items()}
    again = LifeRun(5, "esteri", BEGIN + 22 * DAY, edition=2, dump="5")
    for repeated, wanted in (
        ([line(1, "b", 2)], {}),
        ([line(1, "b", 3)], {"false_revisions": 1}),
        ([line(1, "b", 1)], {"false_revisions": 2}),
        ([], {"lost": 1}),
    ):
        findings = check(offers(), [*runs(), again], {**dumps, ("esteri", "5"): repeated})
        assert +Counter(findings.counts()) == wanted


def test_a_killed_run_is_no_fault() -> None:
    dumps = {("esteri", "1"): good()["1"]}
    killed = LifeRun(2, "esteri", BEGIN + 11 * DAY, was_complete=False)
    findings = check(offers(), [runs()[0], killed], dumps)
    assert findings.is_whole
    findings = check(offers(), [runs()[0], killed, runs()[1]], dumps)
    assert [text.partition(" ")[0] for text in findings.lost] == ["x:1"]


def test_torn_dumps_and_those_without_a_name_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "esteri"
    folder.mkdir()
    text = json.dumps(line(1, "a"))
    (folder / "1.jsonl").write_text(f"{text}\n")
    (folder / "2.jsonl").write_text(f"{text}\n{text[:9]}")
    (folder / "3.jsonl.part").write_text("")
    findings = Findings()
    assert [*read_dumps(tmp_path, ["esteri"], findings)] == [("esteri", "1"), ("esteri", "2")]
    assert [path.rpartition("/")[2].partition(".")[0] for path in findings.torn] == ["2", "3"]
