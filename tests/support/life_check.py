"""Compares the dumps of a long life with what the twin offered and when."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.dumps.files import is_dump
from newscrawl.pages.truncation import FLAG
from newscrawl.settings import GONE_AFTER, RETRY_INTERVALS
from twin import addresses, truth
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from twin.content import Content

WHOLE_SITE = "alanews"
LONGEST = timedelta(seconds=RETRY_INTERVALS[-1])
"""How long after the last fault a version must be offered, so that it has to be in the series."""
_SWITCHES = Switches()


@dataclass
class Offer:
    """One version of an article at one address, as the site offered it."""

    article: str
    path: str
    content_hash: str | None
    """None for a page without a text: a password or an embargo."""
    spiders: frozenset[str]
    since: datetime
    until: datetime | None = None

    def is_valid(self, moment: datetime) -> bool:
        """Return whether the site offered it at a moment."""
        return self.since <= moment and (self.until is None or moment < self.until)


class Offers:
    """All that the site offered, in the order in which it did."""

    def __init__(self, spiders: Sequence[str]) -> None:
        self._sections = [spider for spider in spiders if spider != WHOLE_SITE]
        self.by_article: dict[str, list[Offer]] = {}
        self._hashes: dict[tuple[int, int], str | None] = {}

    def note(self, content: Content, moment: datetime) -> None:
        """Note what the site offers from a moment on."""
        sections = {name: {*content.category(name)} for name in self._sections}
        offered = set()
        for index in range(len(content)):
            offer = self._offer(content, index, moment)
            own = {name for name, indexes in sections.items() if index in indexes}
            offer.spiders = frozenset({WHOLE_SITE, *own})
            offered.add(offer.article)
            self.add(offer)
        for article, offers in self.by_article.items():
            if article not in offered and offers[-1].until is None:
                offers[-1].until = moment

    def add(self, offer: Offer) -> None:
        """Add an offer, which ends the article's earlier one unless it is the same."""
        offers = self.by_article.setdefault(offer.article, [])
        if offers and offers[-1].until is None:
            last = offers[-1]
            if (last.path, last.content_hash) == (offer.path, offer.content_hash):
                return
            last.until = offer.since
        offers.append(offer)

    def _offer(self, content: Content, index: int, moment: datetime) -> Offer:
        card = content.card(index)
        # A text changes by edits only.
        key = card.id, len(content.changes.edits.get(card.id, ()))
        if key not in self._hashes:
            item = truth.article(
                content.post(index), content, _SWITCHES, fetched_at=moment, now=moment
            )
            self._hashes[key] = item.content_hash if item else None
        path = addresses.path(card, _SWITCHES)
        return Offer(truth.article_id(card), path, self._hashes[key], frozenset(), moment)

    def valid(self, moment: datetime) -> Iterator[Offer]:
        """Yield what the site offered at a moment."""
        for offers in self.by_article.values():
            for offer in offers:
                if offer.is_valid(moment):
                    yield offer
                    break


@dataclass(frozen=True)
class LifeRun:
    """One run of a spider, in the time of the site."""

    number: int
    spider: str
    started: datetime
    edition: int = 1
    """Edition of the series that it wrote; `known=write` begins another."""
    dump: str | None = None
    """Name of its dump, without endings."""
    had_faults: bool = False
    was_complete: bool = True
    """Whether it came to its end by itself."""
    missing: frozenset[str] = frozenset()
    """Paths that answered 404 or 410 as the site meant it."""
    code: int | None = 0


@dataclass
class Findings:
    """What is wrong with the dumps of a life; each as one line of text."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    false_revisions: list[str] = field(default_factory=list)
    false_gone: list[str] = field(default_factory=list)
    missed_gone: list[str] = field(default_factory=list)
    wrong_text: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    checked: int = 0
    """Versions that had to be in a series, once for each series."""
    lines: int = 0
    revised: int = 0
    gone: int = 0

    def counts(self) -> dict[str, int]:
        """Return how often each is wrong."""
        return {name: len(value) for name, value in vars(self).items() if isinstance(value, list)}

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.counts().values())

    def examples(self, most: int = 5) -> list[str]:
        """Return the first of each kind."""
        return [
            f"{name}: {text}"
            for name, value in vars(self).items()
            if isinstance(value, list)
            for text in value[:most]
        ]


Lines = dict[tuple[str, str], list[dict[str, Any]]]
"""Spider and name of a dump to its lines."""


def read_dumps(output: Path, spiders: Sequence[str], findings: Findings) -> Lines:
    """Read the dumps of all series; note torn ones and those without a final name."""
    dumps: Lines = {}
    for spider in spiders:
        for path in sorted((output / spider).iterdir()):
            if path.name.endswith(".part"):
                findings.torn.append(f"{path} has no final name")
            if not is_dump(path):
                continue
            *lines, rest = path.read_bytes().split(b"\n")
            if rest:
                findings.torn.append(f"{path}: the last line has no end")
            try:
                dumps[spider, path.stem] = [json.loads(line) for line in lines]
            except ValueError as error:
                findings.torn.append(f"{path}: {error}")
    return dumps


def check(
    offers: Offers, runs: Sequence[LifeRun], dumps: Lines, findings: Findings | None = None
) -> Findings:
    """Compare the lines of all series with what the site offered."""
    findings = findings or Findings()
    left = {**dumps}
    for spider in dict.fromkeys(run.spider for run in runs):
        series = _Series(offers, findings)
        for run in runs:
            if run.spider != spider:
                continue
            for line in left.pop((spider, run.dump), []) if run.dump else []:
                series.read(run, line)
            series.end(run)
    findings.doubled += [f"{spider}/{dump} is a dump of no run" for spider, dump in left]
    return findings


class _Series:
    """The lines of one spider, read run by run."""

    def __init__(self, offers: Offers, findings: Findings) -> None:
        self._offers = offers
        self._findings = findings
        self._lines: dict[str, list[tuple[int, Mapping[str, Any]]]] = defaultdict(list)
        """By article: edition and line."""
        self._last_fault: datetime | None = None
        self._lost: set[tuple[str, str | None]] = set()
        self._missing: dict[str, list[datetime]] = defaultdict(list)
        self._missed_gone: set[str] = set()

    def read(self, run: LifeRun, line: Mapping[str, Any]) -> None:
        """Judge one line of a run."""
        findings, article = self._findings, line["id"]
        earlier = self._lines[article]
        last = earlier[-1][1] if earlier else None
        # A new edition repeats the newest revision, or continues the numbers.
        is_repeated = (
            last is not None
            and earlier[-1][0] < run.edition
            and all(last[name] == line[name] for name in ("revision", "status", "content_hash"))
        )
        expected = last["revision"] + 1 if last else 1
        where = (
            f"{article} revision {line['revision']} in {run.spider}/{run.dump} (run {run.number})"
        )
        findings.lines += 1
        findings.revised += line["revision"] > 1 and line["status"] == "live"
        findings.gone += line["status"] == "gone"
        if any((run.edition, line["revision"]) == (at, old["revision"]) for at, old in earlier):
            findings.doubled.append(where)
        elif not is_repeated and line["revision"] != expected:
            findings.false_revisions.append(f"{where}: {expected} was expected")
        valid = [
            offer
            for offer in self._offers.by_article.get(article, ())
            if offer.is_valid(run.started)
        ]
        if line["status"] == "gone":
            if valid or last is None or (last["status"] == "gone" and not is_repeated):
                now_at = valid[0].path if valid else "no live line before"
                findings.false_gone.append(f"{where}: {now_at}")
        else:
            self._judge_text(where, line, None if is_repeated else last, valid)
        earlier.append((run.edition, line))

    def _judge_text(
        self,
        where: str,
        line: Mapping[str, Any],
        last: Mapping[str, Any] | None,
        valid: Sequence[Offer],
    ) -> None:
        is_same = last is not None and last["content_hash"] == line["content_hash"]
        if is_same and last is not None and last["status"] == "live":
            self._findings.false_revisions.append(f"{where}: the same text as before")
        if FLAG in line["flags"]:
            return
        if line["content_hash"] not in {offer.content_hash for offer in valid}:
            self._findings.wrong_text.append(f"{where}: the site never offered this text then")

    def end(self, run: LifeRun) -> None:
        """Judge what a series has after a run."""
        if run.had_faults:
            self._last_fault = run.started
            return
        if not run.was_complete:
            return
        for path in run.missing:
            self._missing[path].append(run.started)
        self._find_missed_gone(run)
        for offer in self._offers.valid(run.started):
            if run.spider in offer.spiders and offer.content_hash and self._is_due(offer, run):
                self._findings.checked += 1
                self._find_lost(run, offer)

    def _is_due(self, offer: Offer, run: LifeRun) -> bool:
        """Return whether a version must be in the series after a run without faults."""
        last = self._last_fault
        return last is None or offer.since > last or run.started >= last + LONGEST

    def _find_lost(self, run: LifeRun, offer: Offer) -> None:
        lines = [line for at, line in self._lines[offer.article] if at == run.edition]
        last = lines[-1] if lines else None
        # A page that broke off below its text has the whole text.
        is_live = last is not None and last["status"] == "live"
        if is_live and last is not None and last["content_hash"] == offer.content_hash:
            return
        if (offer.article, offer.content_hash) in self._lost:
            return
        self._lost.add((offer.article, offer.content_hash))
        state = f"{last['status']} revision {last['revision']}" if last else "without a line"
        self._findings.lost.append(
            f"{offer.article} {offer.path} offered since {offer.since:%F %R}, is {state} after "
            f"run {run.number} of {run.spider} ({run.started:%F %R}, last fault {self._last_fault})"
        )

    def _find_missed_gone(self, run: LifeRun) -> None:
        owners = Counter(
            path
            for offers in self._offers.by_article.values()
            for path in {offer.path for offer in offers}
        )
        for article, offers in self._offers.by_article.items():
            path, is_moved = offers[-1].path, len({offer.path for offer in offers}) > 1
            lines = self._lines.get(article)
            # Of a taken address the newest article is missing first.
            if is_moved or owners[path] > 1 or offers[-1].until is None or not lines:
                continue
            seen = [at for at in self._missing[path] if at >= offers[-1].until]
            twice = bool(seen) and seen[-1] - seen[0] >= timedelta(seconds=GONE_AFTER)
            if twice and lines[-1][1]["status"] != "gone" and article not in self._missed_gone:
                self._missed_gone.add(article)
                self._findings.missed_gone.append(
                    f"{article} {path} was missing at {seen[0]:%F %R} and {seen[-1]:%F %R}"
                )
