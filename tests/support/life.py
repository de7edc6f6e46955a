"""A year of three spiders: the twin changes, runs meet faults and are killed.

The clock of each run says what the twin's clock says, so that all waiting times pass as they
would. Everything comes from a seed, except the moment at which a kill hits a run.
"""

from __future__ import annotations

import json
import subprocess
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newscrawl.ledger.store.tables import PENDING
from tests.support import ledgers
from tests.support.killing import environment, words
from tests.support.life_check import (
    WHOLE_SITE,
    Findings,
    LifeRun,
    Offers,
    check,
    read_dumps,
)
from tests.support.preloaded import PreloadedProcess
from twin import schedule
from twin.site_changes import EDITS, MARKUP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from twin.process import TwinProcess

SPIDERS = (WHOLE_SITE, "cronaca", "esteri")
MOST_REQUESTS = {WHOLE_SITE: 17}
"""Of a run with nothing new; what is due again is not counted."""
MOST_OF_SECTION = 5
YEAR = timedelta(days=365)
_SEASON, _STORMY = timedelta(days=121), timedelta(days=80)
"""In each season come days with faults, then days without any, more than the longest interval."""
_SOON = timedelta(minutes=40)
_SETTINGS = {
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "RETRY_TIMES": 1,
    # They compare runs with each other: a run with a fault, or a week without news, is reported.
    "MONITORS": "",
    "LOG_LEVEL": "WARNING",
}
_ARTICLE, _ARCHIVE = {"on": "article"}, {"on": "archive"}
FAULTS: tuple[dict[str, Any], ...] = (
    # An article that is something else once.
    {"kind": "maintenance", "status": 200, **_ARTICLE},
    {"kind": "database_error", "status": 200, **_ARTICLE},
    {"kind": "empty", **_ARTICLE},
    {"kind": "truncate", "value": 900, **_ARTICLE},
    {"kind": "content_type", **_ARTICLE},
    {"kind": "gzip", **_ARTICLE},
    {"kind": "soft404", **_ARTICLE},
    {"kind": "soft404", "value": "home", **_ARTICLE},
    {"kind": "soft404", "value": "page", **_ARTICLE},
    {"kind": "soft404", "value": "article", **_ARTICLE},
    {"kind": "redirect", **_ARTICLE},
    {"kind": "other_article", **_ARTICLE},
    {"kind": "other_article", "value": "redirect", **_ARTICLE},
    {"kind": "status", "value": 202, **_ARTICLE},
    {"kind": "status", "value": 204, **_ARTICLE},
    {"kind": "status", "value": 304, **_ARTICLE},
    {"kind": "status", "value": 500, **_ARTICLE},
    {"kind": "truncate", **_ARTICLE},
    {"kind": "partial", **_ARTICLE},
    {"kind": "loop", **_ARTICLE},
    {"kind": "consent", **_ARTICLE},
    {"kind": "inflate", **_ARTICLE},
    {"kind": "wall", "value": "cookie_wall", **_ARTICLE},
    {"kind": "wall", "value": "challenge", "status": 202, **_ARTICLE},
    {"kind": "reset", **_ARTICLE},
    # An archive that breaks off, does not end, or does not come.
    {"kind": "status", "value": 404, "page": 2, **_ARCHIVE},
    {"kind": "status", "value": 503, **_ARCHIVE},
    {"kind": "status", "value": 521, **_ARCHIVE},
    {"kind": "no_list", **_ARCHIVE},
    {"kind": "no_list", "value": "next", **_ARCHIVE},
    {"kind": "soft404", "status": 404, "page": 2, **_ARCHIVE},
    {"kind": "truncate", "value": "list", **_ARCHIVE},
    {"kind": "empty", **_ARCHIVE},
    {"kind": "sticky", **_ARCHIVE},
    {"kind": "repeat", **_ARCHIVE},
    {"kind": "endless", **_ARCHIVE},
    {"kind": "endless", "value": "old", **_ARCHIVE},
    # Sitemaps, feeds, home and the whole site.
    {"kind": "sitemap_lines"},
    {"kind": "sitemap_nested"},
    {"kind": "status", "on": "sitemap"},
    {"kind": "empty", "on": "sitemap"},
    {"kind": "truncate", "on": "sitemap"},
    {"kind": "status", "on": "feed"},
    {"kind": "truncate", "on": "feed"},
    {"kind": "maintenance", "on": "home"},
    {"kind": "cookie_loop", "on": "home"},
    {"kind": "moved", "on": "home"},
    {"kind": "status", "value": 503, "on": "robots"},
    {"kind": "robots_lines", "value": "Disallow: /category/"},
    {"kind": "status", "value": 202},
    {"kind": "status", "value": 304},
    {"kind": "status", "value": 429, "retry_after": "600"},
    {"kind": "maintenance"},
    {"kind": "maintenance", "status": 200},
    {"kind": "reset"},
)
"""What a run may meet: parts A and B of the list of faults; each gets a rate of its own."""


@dataclass(frozen=True)
class Visit:
    """When a spider runs, and whether faults may come."""

    spider: str
    at: datetime
    is_stormy: bool = False
    is_repeated: bool = False
    """Whether it is shortly after a run of the same spider, and nothing has changed."""


@dataclass
class Report:
    """What a life came to."""

    findings: Findings
    figures: Counter[str]
    costly: list[str]
    """Runs with nothing new that sent too many requests."""
    refused: list[str]
    """Runs without a fault that did not end well."""

    @property
    def is_whole(self) -> bool:
        """Whether all is as it must be."""
        return self.findings.is_whole and not self.costly and not self.refused


def visits(random: Random, number: int) -> list[Visit]:
    """Return the runs of the year: at irregular times, and at its end each spider twice."""
    last = [Visit(spider, schedule.EPOCH) for spider in SPIDERS]
    last += [Visit(spider, schedule.EPOCH + _SOON, is_repeated=True) for spider in SPIDERS]
    begin = schedule.EPOCH - YEAR
    # From twenty minutes to many days, as often at either end.
    gaps = [20 * 500 ** random.random() for _ in range(number - len(last))]
    scale, at = (YEAR - timedelta(days=1)) / sum(gaps), begin
    result: list[Visit] = []
    for gap in gaps:
        before = result[-1] if result else None
        at += gap * scale
        is_stormy = (at - begin) % _SEASON < _STORMY
        if before and not is_stormy and not before.is_repeated and random.random() < 0.2:
            result.append(Visit(before.spider, before.at + _SOON, is_repeated=True))
        else:
            result.append(Visit(random.choice(SPIDERS), at, is_stormy))
    return [*sorted(result, key=lambda visit: visit.at), *last]


class Life:
    """Lives through a year in a folder; `live` returns what came of it."""

    def __init__(self, twin: TwinProcess, output: Path, seed: int, runs: int) -> None:
        self._twin = twin
        self._output = output
        self._random = Random(seed)  # noqa: S311 - choices, no secrets
        self._number = runs
        self._offers = Offers(SPIDERS)
        self._runs: list[LifeRun] = []
        self.figures: Counter[str] = Counter()
        self._costly: list[str] = []
        self._refused: list[str] = []
        self._changed_at = schedule.EPOCH - YEAR
        self._confused: set[int] = set()
        """Posts whose address has answered 404 once by a fault."""

    def live(self, progress: Callable[[LifeRun], None] | None = None) -> Report:
        """Live through the year and compare the dumps with what was offered."""
        now = schedule.EPOCH - YEAR
        for number, visit in enumerate(visits(self._random, self._number), 1):
            if visit.at > now and not visit.is_repeated:
                self._change_site(now, visit.at)
            now = visit.at
            run = self._visit(number, visit)
            if progress is not None:
                progress(run)
        findings = Findings()
        dumps = read_dumps(self._output, SPIDERS, findings)
        check(self._offers, self._runs, dumps, findings)
        return Report(findings, self.figures, self._costly, self._refused)

    # --- The site ---------------------------------------------------------------------------

    def _change_site(self, before: datetime, now: datetime) -> None:
        """Let time pass on the site, with changes on the way."""
        count = self._random.choice((0, 1, 1, 2, 3, 4)) if self._runs else 0
        moments = sorted(before + (now - before) * self._random.random() for _ in range(count))
        for moment in moments:
            self._twin.set_now(moment.replace(microsecond=0))
            self._change_post()
            self._offers.note(self._twin.content(), moment)
        self._twin.set_now(now)
        self._offers.note(self._twin.content(), now)
        self._changed_at = now

    def _change_post(self) -> None:
        content, random, twin = self._twin.content(), self._random, self._twin
        # New posts are changed more often than old ones.
        index = int(len(content) * random.random() ** 2)
        post = content.card(index)
        locked = [card for card in map(content.card, range(len(content))) if card.locked]
        kinds = ["edit"] * 8 + ["delete", "protect", "embargo", "republish", "rename", "replace"]
        kind = random.choice([*kinds, *["open"] * min(len(locked), 3)])
        self.figures[f"site: {kind}"] += 1
        redirect = random.random() < 0.5
        if kind == "edit":
            twin.edit(post.id, random.choice((*EDITS, MARKUP)))
        elif kind == "delete":
            twin.delete(post.id, random.choice((404, 410)))
        elif kind == "protect":
            twin.protect(post.id)
        elif kind == "embargo":
            twin.embargo(post.id)
        elif kind == "open":
            card = random.choice(locked)
            twin.open(card.id, random.choice((None, f"{card.title}, aperto")))
        elif kind == "republish":
            twin.republish(post.id, redirect=redirect)
        elif kind == "rename":
            number = self.figures["site: rename"]
            twin.rename(post.id, f"articolo-rinominato-{number}", redirect=redirect)
        else:
            twin.replace(post.id)

    # --- A run ------------------------------------------------------------------------------

    def _visit(self, number: int, visit: Visit) -> LifeRun:
        """Run a spider once, with what happens to it."""
        random, faults = self._random, self._faults() if visit.is_stormy else []
        is_new_edition = random.random() < (0.03 if number > 10 else 0)
        may_be_killed = not visit.is_repeated and visit.at < schedule.EPOCH
        is_killed = may_be_killed and random.random() < (0.9 if is_new_edition else 0.25)
        is_new_edition &= may_be_killed
        is_stopped = visit.is_stormy and not is_killed and random.random() < 0.06
        clock = visit.at
        if visit.is_stormy and random.random() < 0.04:
            clock += timedelta(days=random.choice((-400, 1500)))
            self.figures["runs with a wrong clock"] += 1
        due = self._due(visit) if self._settled_by(visit) else None
        before = self._dump_names(visit.spider)
        self._twin.reset()
        self._twin.set_faults(faults)
        code, error = self._crawl(
            visit.spider, clock, is_killed=is_killed, is_stopped=is_stopped,
            known="write" if is_new_edition else None,
        )  # fmt: skip
        self._twin.set_faults([])
        requests = self._twin.requests()
        dump = next(iter(self._dump_names(visit.spider) - before), None)
        is_complete = code not in (None, 20)
        run = LifeRun(
            number,
            visit.spider,
            visit.at,
            self._edition(visit.spider),
            dump,
            had_faults=bool(faults) or clock != visit.at,
            was_complete=is_complete,
            missing=frozenset(path for _, path, status in requests if status in (404, 410)),
            code=code,
        )
        self._runs.append(run)
        self.figures["runs"] += 1
        self.figures["kills"] += code is None
        self.figures["new editions"] += is_new_edition
        self.figures[f"exit code {code}" if code is not None else "killed"] += 1
        for fault in faults:
            self.figures["faults"] += 1
            self.figures[f"fault: {fault['kind']}"] += 1
        self._disturb(run)
        if not run.had_faults and is_complete and code not in (0, 16):
            self._refused.append(f"run {number} of {visit.spider} ended with {code}: {error}")
        if due is not None and code == 0:
            self._count_requests(run, requests, due)
        return run

    def _faults(self) -> list[dict[str, Any]]:
        """Return the faults of a run."""
        random = self._random
        faults = [
            {**random.choice(FAULTS), "rate": random.choice((0.1, 0.3, 0.6, 1.0))}
            for _ in range(random.choice((0, 1, 1, 2, 3)))
        ]
        content = self._twin.content()
        post = content.card(int(random.random() * len(content)))
        if faults and post.id not in self._confused:
            # Twice, an hour apart, would be what an article that was removed answers.
            self._confused.add(post.id)
            faults.append({"kind": "soft404", "status": 404, "path": post.slug, "times": 1})
        return faults

    def _crawl(
        self,
        spider: str,
        clock: datetime,
        *,
        is_killed: bool,
        is_stopped: bool,
        known: str | None,
    ) -> tuple[int | None, str]:
        """Return the exit code, None of a killed run, and the last line on standard error."""
        line = words(spider, self._twin.url, **_SETTINGS)
        if known:
            line += ["-a", f"known={known}"]
        process = PreloadedProcess(line, environment(self._output), now=clock)
        try:
            if is_killed or is_stopped:
                self._wait_for_requests(process, int(2 ** (8 * self._random.random() ** 1.5)) - 1)
                if is_killed:
                    was_running = process.poll() is None
                    process.kill()
                    if was_running and process.wait() < 0:
                        process.communicate()
                        return None, ""
                else:
                    process.send_signal(15)
            _, errors = process.communicate()
        except BaseException:
            process.kill()
            raise
        lines = errors.strip().splitlines()
        if is_stopped and process.wait() < 0:
            # It was hit before it could handle the signal.
            return None, ""
        return process.wait(), lines[-1] if lines else ""

    def _wait_for_requests(self, process: PreloadedProcess, requests: int) -> None:
        """Wait until a run has sent that many requests, or has ended; with 0 while it starts."""
        if not requests:
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.15)
        # A run with little to do sends five.
        while process.poll() is None and len(self._twin.requests()) < requests:
            time.sleep(0.01)

    def _disturb(self, run: LifeRun) -> None:
        """Do to the files of a killed run what happens to such files."""
        if run.code is not None or not (self._output / ledgers.FILE).exists():
            return
        if self._random.random() < 0.5 and self._has_table("runs"):
            self.figures["runs of another host"] += 1
            for table in ("runs", "dumps"):
                ledgers.change(self._ledger, f"UPDATE {table} SET host = 'container'")  # noqa: S608
        for part in (self._output / run.spider).glob("*.part"):
            if self._random.random() < 0.5:
                self.figures["torn ends of dumps"] += 1
                with part.open("ab") as file:
                    file.write(b'{"id": "alanews:1", "headline": "Met')

    # --- The ledger -------------------------------------------------------------------------

    @property
    def _ledger(self) -> Path:
        return self._output / ledgers.FILE

    def _has_table(self, name: str) -> bool:
        query = f"SELECT 1 FROM sqlite_master WHERE name = '{name}'"  # noqa: S608 - ours
        return self._ledger.exists() and bool(ledgers.rows(self._ledger, query))

    def _edition(self, spider: str) -> int:
        if not self._has_table("series"):
            return 1
        query = f"SELECT edition FROM series WHERE name = '{spider}'"  # noqa: S608 - ours
        values = ledgers.rows(self._ledger, query)
        return int(str(values[0][0])) if values else 1

    def _settled_by(self, visit: Visit) -> bool:
        """Return whether a run has nothing new, but for what is due again."""
        if not visit.is_repeated:
            return False
        earlier = [run for run in self._runs if run.spider == visit.spider]
        if not earlier or earlier[-1].started < self._changed_at:
            return False
        return earlier[-1].code == 0 and not earlier[-1].had_faults

    def _due(self, visit: Visit) -> set[str]:
        """Return the paths of the addresses that a run has to read again."""
        until = int((visit.at + timedelta(minutes=5)).timestamp())
        query = (
            "SELECT url FROM urls JOIN series ON series.id = urls.series WHERE "  # noqa: S608
            f"series.name = '{visit.spider}' AND (state = {PENDING} OR due <= {until})"
        )
        return {urlsplit(str(url)).path for (url,) in ledgers.rows(self._ledger, query)}

    def _count_requests(
        self, run: LifeRun, requests: list[tuple[str, str, int]], due: set[str]
    ) -> None:
        again = [path for _, path, _ in requests if path in due]
        # An old address that is due leads to the new one.
        led = sum(status in (301, 302) for _, path, status in requests if path in due)
        others = [path for _, path, _ in requests if path not in due]
        most = MOST_REQUESTS.get(run.spider, MOST_OF_SECTION)
        self.figures["runs with nothing new"] += 1
        kind = "site" if run.spider == WHOLE_SITE else "section"
        name = f"most requests with nothing new, {kind}"
        self.figures[name] = max(self.figures[name], len(others) - led)
        if len(others) - led > most:
            self._costly.append(
                f"run {run.number} of {run.spider}: {len(others)} requests, and {len(again)} of "
                f"what was due: {' '.join(others)}"
            )

    def _dump_names(self, spider: str) -> set[str]:
        folder = self._output / spider
        if not folder.exists():
            return set()
        return {path.name.partition(".")[0] for path in folder.glob("*.jsonl*")}


def why(output: Path, url: str, article: str) -> str:
    """Return what the ledger knows of an article."""
    line = ["ledger", "why", article, "-a", f"site_url={url}"]
    with PreloadedProcess(line, environment(output)) as process:
        return process.communicate()[0]


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report: figures, then what is wrong."""
    findings = report.findings
    for name, value in sorted(report.figures.items()):
        yield f"{value:8}  {name}"
    yield f"{findings.lines:8}  lines, {findings.revised} revisions, {findings.gone} gone"
    yield f"{findings.checked:8}  checks of a version that must be in a series after a run"
    for name, value in findings.counts().items():
        yield f"{value:8}  {name.replace('_', ' ')}"
    yield f"{len(report.costly):8}  runs with nothing new above the bound of requests"
    yield f"{len(report.refused):8}  runs without a fault that ended with an error"
    for text in [*findings.examples(), *report.costly[:5], *report.refused[:5]]:
        yield json.dumps(text, ensure_ascii=False)[1:-1]
