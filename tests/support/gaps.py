"""A twin, and a series in which articles are missing for every reason that there is."""

from __future__ import annotations

import json
import os
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from newscrawl.items import FROM_TWIN
from tests.support import preloaded
from tests.support.crawling import crawl
from tests.support.dumps import write
from twin import addresses, truth
from twin.model import PROTECTED, Switches
from twin.sections import belongs

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

    from twin.content import Content
    from twin.model import Card
    from twin.process import TwinProcess

SERIES = "alanews"
REASONS = (
    "unknown", "rejected", "failed", "excluded", "gone", "outside the span", "not yet fetched",
    "protected",
)  # fmt: skip
_UNUSUAL = {"protected", "duplicate", "pages-2", "pages-3", "builder", "br-body", "one-line"}
_SETTINGS = {"RECHECK_AGES": "", "RETRY_TIMES": "0", "GONE_AFTER": "0"}
_POLITE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "RETRY_TIMES=0")


@dataclass(frozen=True)
class Gaps:
    """What is missing, by reason; addresses are canonical."""

    output: Path
    content: Content
    by_reason: Mapping[str, list[str]]

    def expected(self, section: str | None = None) -> Counter[str]:
        """Return how many articles of a section are published, and how many not, by reason."""
        reasons = {url: reason for reason, urls in self.by_reason.items() for url in urls}
        counts: Counter[str] = Counter()
        for card in map(self.content.card, range(len(self.content))):
            if section is not None and not belongs(card.categories, section):
                continue
            reason = reasons.get(url_of(card), "")
            reason = "protected" if PROTECTED in card.edge_cases else reason
            counts[reason or "written"] += 1
            counts["published"] += reason not in {"protected", "gone"}
        return counts

    @property
    def missing(self) -> list[str]:
        """The addresses of what the site shows to everybody and is not written."""
        hidden = {"protected", "gone"}
        return sorted(u for r, urls in self.by_reason.items() if r not in hidden for u in urls)


def url_of(card: Card) -> str:
    """Return the canonical address of a post."""
    return truth.url(card, Switches())


def coverage(
    output: Path, *words: str, url: str = "", settings: tuple[str, ...] = _POLITE
) -> subprocess.CompletedProcess[str]:
    """Run `scrapy coverage` of the twin at `url`; it never ends with a traceback."""
    line = ["coverage", *words, *(["-a", f"site_url={url}"] if url else [])]
    for setting in settings:
        line += ["-s", setting]
    done = preloaded.run(line, {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})
    assert "Traceback" not in done.stdout + done.stderr
    return done


def figures(output: Path, *words: str, url: str, code: int) -> dict[str, Any]:
    """Return the JSON of `scrapy coverage`, which must end with a code."""
    done = coverage(output, *words, "--json", url=url)
    assert (done.returncode, done.stderr) == (code, "")
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def make(twin: TwinProcess, output: Path, count: int) -> Gaps:
    """Leave `count` articles missing for each reason; all others are written.

    The lines of what is written are the twin's truth, from which the ledger is rebuilt.
    """
    whole = twin.content()
    chosen = _choose(whole, count)
    last = max(whole.card(index).published for index in range(count, len(whole)))
    # What is published later, no run has met.
    twin.set_now(last + timedelta(seconds=1))
    _rebuild(twin, output, {url_of(card) for cards in chosen.values() for card in cards})
    for card in chosen["protected"]:
        twin.protect(card.id)
    for faults, arguments in (
        (_faults(chosen, failing=("failed", "outside the span")), {}),
        (_faults(chosen, failing=("failed",)), {"since": (last + timedelta(days=9)).date()}),
    ):
        twin.set_faults(faults)
        run = crawl(SERIES, output, settings=_SETTINGS, arguments={
            "site_url": twin.url, "discover": "menu,sitemap", "related": "off",
            **arguments})  # fmt: skip
        assert "Traceback" not in run.stderr
    for card in chosen["not yet fetched"]:
        line = ["ledger", "forget", url_of(card), "-a", f"site_url={twin.url}"]
        done = preloaded.run(line, {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})
        assert done.returncode == 0, done.stderr
    twin.set_faults([])
    twin.set_now(whole.now)
    by_reason = {reason: [*map(url_of, cards)] for reason, cards in chosen.items()}
    return Gaps(output, twin.content(), by_reason)


def _choose(content: Content, count: int) -> dict[str, list[Card]]:
    """Choose posts of all ages for each reason; for `unknown` the newest."""
    cards = [content.card(index) for index in range(len(content))]
    cards.sort(key=lambda card: card.published, reverse=True)
    chosen: dict[str, list[Card]] = defaultdict(list)
    chosen["unknown"] = cards[:count]
    assert not any(card.locked for card in chosen["unknown"])
    plain = [card for card in cards[count:] if not card.edge_cases & _UNUSUAL]
    step = len(plain) // (count * (len(REASONS) - 1))
    for number, card in enumerate(plain[::step][: count * (len(REASONS) - 1)]):
        chosen[REASONS[1 + number % (len(REASONS) - 1)]].append(card)
    assert {len(cards) for cards in chosen.values()} == {count}
    return chosen


def _rebuild(twin: TwinProcess, output: Path, left_out: set[str]) -> None:
    """Write the lines of all articles but some, and make the ledger of them."""
    articles = [
        replace(article, flags=sorted({*article.flags, FROM_TWIN}))
        for article in truth.expected(twin.content(), Switches()).values()
        if article.url not in left_out
    ]
    write(output / SERIES / "2026-11-23T11-00-00Z.jsonl", articles)
    line = ["ledger", "rebuild", str(output), "-a", f"site_url={twin.url}"]
    done = preloaded.run(line, {**os.environ, "NEWSCRAWL_OUTPUT": str(output)})
    assert done.returncode == 0, done.stdout + done.stderr


def _faults(
    chosen: Mapping[str, list[Card]], *, failing: tuple[str, ...]
) -> list[dict[str, object]]:
    def path_of(*reasons: str) -> str:
        cards = [card for reason in reasons for card in chosen[reason]]
        return "|".join(re.escape(addresses.path(card, Switches())) for card in cards)

    disallowed = [f"Disallow: {addresses.path(c, Switches())}" for c in chosen["excluded"]]
    return [
        {"kind": "status", "value": 500, "path": path_of(*failing)},
        {"kind": "status", "value": 404, "path": path_of("gone")},
        {"kind": "truncate", "value": 0.3, "path": path_of("rejected")},
        {"kind": "robots_lines", "value": "\n".join(disallowed)},
    ]
