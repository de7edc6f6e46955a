"""How long the report page of 100,000 articles takes, and how large it is.

`python -m benchmarks.bench_report [ARTICLES [FOLDER]]` from the project's folder, or `make bench`.
The articles are the twin's, each several times under other ids and dates, over three years of
daily dumps with run reports, rewritten headlines, duplicates and removals. A FOLDER is kept and,
when it holds them already, used again.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
ARTICLES, DAYS, BASES = 100_000, 1095, 400
MOST_SECONDS, MOST_BYTES = 20.0, 5_000_000
_END = datetime(2026, 11, 23, 22, tzinfo=UTC)
_ROME = ZoneInfo("Europe/Rome")


def fill(folder: Path, count: int) -> None:
    """Write dumps with `count` articles, and the reports of their runs."""
    random = Random(1)  # noqa: S311 - repeatable, not secret
    spider = folder / "alanews"
    spider.mkdir(parents=True)
    articles = _articles(count, random)
    for day in range(DAYS):
        began = _END - timedelta(days=DAYS - 1 - day)
        stem = f"{began:%Y-%m-%dT%H-%M-%SZ}"
        number = count * (day + 1) // DAYS - count * day // DAYS
        with (spider / f"{stem}.jsonl").open("w", encoding="utf-8") as file:
            for _ in range(number):
                for line in next(articles)(began):
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
        (spider / f"{stem}.run.json").write_text(json.dumps(_run(stem, number, random)))


def _articles(count: int, random: Random) -> Iterator[Any]:
    content, switches = Content(size=BASES), Switches()
    bases = [asdict(item) for item in truth.expected(content, switches).values()]
    earlier: list[dict[str, Any]] = []
    for number in range(count):
        base = random.choice(bases)
        related = random.sample(earlier[-300:], 6) if len(earlier) >= 6 else []

        def lines(
            began: datetime, number: int = number, base: Any = base, related: Any = related
        ) -> list[dict[str, Any]]:
            published = began - timedelta(seconds=int(random.paretovariate(1.1) * 120))
            captured = f"{began:%Y-%m-%dT%H:%M:%SZ}"
            line = base | {
                "id": f"alanews:{number + 10}",
                "url": f"{base['url'][:-1]}-{number}/",
                "date_published": published.astimezone(_ROME).isoformat(timespec="seconds"),
                "date_published_precision": "second",
                "subtitle": base["subtitle"] if random.random() > 0.03 else None,
                "related": related and [
                    card | {"url": other["url"]}
                    for card, other in zip(base["related"], related, strict=False)
                ],
                "first_seen_at": captured,
                "fetched_at": captured,
            }  # fmt: skip
            if earlier and random.random() < 0.01:
                line |= {"duplicate_of": random.choice(earlier)["id"], "similarity": 0.91}
            earlier.append({"id": line["id"], "url": line["url"]})
            lines = [line]
            if random.random() < 0.02:
                later = f"{began + timedelta(hours=3):%Y-%m-%dT%H:%M:%SZ}"
                lines.append(
                    line
                    | {
                        "headline": line["headline"].replace(" di ", " dei nuovi ", 1) + ", oggi",
                        "revision": 2,
                        "fetched_at": later,
                        "changed_fields": ["headline", "content_hash"],
                    }
                )
            return lines

        yield lines


def _run(stem: str, written: int, random: Random) -> dict[str, Any]:
    return {
        "schema_version": "1.0", "run_id": f"alanews/{stem}", "spider": "alanews",
        "started_at": f"{stem[:13]}:{stem[14:16]}:{stem[17:]}", "seconds": 61.5,
        "reason": "finished", "exit_code": 0, "detail": None,
        "articles": {"written": written, "revised": 2, "gone": 0},
        "rejected": {"no_body": random.randrange(3)},
        "not_fetched": {"404": random.randrange(4), "TimeoutError": random.randrange(2)},
    }  # fmt: skip


def measure(folder: Path) -> bool:
    """Make the page in a process of its own, print what it took; return whether it is enough."""
    page = folder / "report.html"
    size = sum(path.stat().st_size for path in (folder / "alanews").glob("*.jsonl"))
    line = [sys.executable, "-m", "scrapy", "report", "-o", str(page)]
    began = perf_counter()
    done = subprocess.run(
        line, cwd=ROOT, env={**os.environ, "NEWSCRAWL_OUTPUT": str(folder)}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    wall = perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stdout.strip())
    print(f"dumps   {size / 1e9:.2f} GB")
    print(f"time    {wall:.1f} s wall, {used.ru_utime + used.ru_stime:.1f} s CPU")
    print(f"memory  {used.ru_maxrss / 1024:.0f} MiB at most")
    written = page.stat().st_size
    print(f"page    {written / 1e6:.2f} MB")
    enough = wall < MOST_SECONDS and written < MOST_BYTES
    print(
        f"bounds  {MOST_SECONDS:.0f} s, {MOST_BYTES / 1e6:.0f} MB: {'kept' if enough else 'missed'}"
    )
    return enough


def main(count: int = ARTICLES, folder: Path | None = None) -> int:
    """Measure; return 1 where a bound is missed."""
    if folder is not None:
        if not folder.exists():
            fill(folder, count)
        return 0 if measure(folder) else 1
    with TemporaryDirectory() as made:
        fill(Path(made), count)
        return 0 if measure(Path(made)) else 1


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(main(int(given[0]) if given else ARTICLES, Path(given[1]) if given[1:] else None))
