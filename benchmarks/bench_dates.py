"""Times the reading of dates: microseconds of processor time per call, the best of several runs.

`python benchmarks/bench_dates.py [RUNS]` from the project's folder, or `make bench`.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from time import process_time

# Run as a file, Python looks for modules in benchmarks/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from newscrawl.dates import find_dateline, parse, split_updated

NOW = datetime.fromisoformat("2026-11-23T15:00:00+01:00")
PROSE = (
    "Il presidente degli Stati Uniti e la premier giapponese hanno firmato a Tokyo una intesa "
    "sulle terre rare e sui minerali critici, con cui i due governi vogliono ridurre la loro "
    "dipendenza dalla Cina, 16 anni dopo il primo embargo sulle esportazioni."
)
ABSOLUTE = [
    "28 Ottobre 2025",
    "lunedì 19 Gennaio 2026",
    "28 ott. 2025",
    "primo maggio 2025",
    "28 ottobre",
    "martedì 28 ottobre",
    "03/04/2025",
    "28/10/2025, 14.30",
    "28 ottobre 2025 alle ore 14:30",
    "ore 14:30 del 28 ottobre 2025",
    "Pubblicato il 28 ottobre 2025",
    "4 Luglio 2026 - Updated on 16 Luglio 2026",
    "28 luglio 2025 ore 14:30 CEST",
    "2025-04-03",
    "2025-04-03T08:00:00+02:00",
    "2025-10-28T13:30:00.000Z",
    "20251028",
    "Tue, 28 Oct 2025 13:30:00 +0000",
    "October 28, 2025",
]
RELATIVE = ["3 giorni ago", "5 months ago", "un'ora fa", "mezz’ora fa", "oggi", "ieri alle 18.05"]
NO_DATES = ["Ansa", "di Marco Rossi", "16 feriti", "2025", "ottobre 2025", "Maggio in festa"]
FALLBACK = ["2025 ottobre 28", "Tue Oct 28 13:30:00 2025"]
DATELINE = "Tokyo, 28 ottobre 2025 – Nel corso della visita il presidente ha firmato"
LABEL = "4 Luglio 2026 - Updated on 16 Luglio 2026"
LOOPS, RUNS = 2000, 15


def best(texts: list[str], runs: int, loops: int = LOOPS) -> float:
    """Return the least microseconds per call of `parse` over all `texts` together."""
    taken = []
    for _ in range(runs):
        start = process_time()
        for _ in range(loops):
            for text in texts:
                parse(text, reference=NOW)
        taken.append(process_time() - start)
    return min(taken) / loops / len(texts) * 1e6


def best_of_others(runs: int) -> tuple[float, float]:
    """Return the least microseconds of `find_dateline` and of `split_updated`."""
    datelines, labels = [], []
    for _ in range(runs):
        start = process_time()
        for _ in range(LOOPS):
            find_dateline(DATELINE, reference=NOW)
        middle = process_time()
        for _ in range(LOOPS):
            split_updated(LABEL)
        datelines.append(middle - start)
        labels.append(process_time() - middle)
    return min(datelines) / LOOPS * 1e6, min(labels) / LOOPS * 1e6


def main() -> None:
    """Print a line per kind of text."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    start = process_time()
    parse(FALLBACK[0], reference=NOW)
    first = (process_time() - start) * 1e6
    each = {text: best([text], runs, LOOPS // 4) for text in ABSOLUTE}
    slowest = max(each, key=lambda text: each[text])
    dateline, label = best_of_others(runs)
    lines = {
        f"absolute forms ({len(ABSOLUTE)}), average": best(ABSOLUTE, runs, LOOPS // 4),
        f"  slowest: {slowest}": each[slowest],
        f"relative forms ({len(RELATIVE)}), average": best(RELATIVE, runs),
        f"no dates ({len(NO_DATES)}), average": best(NO_DATES, runs),
        f"{len(PROSE)} characters of prose without a date": best([PROSE], runs),
        f"dateparser ({len(FALLBACK)} odd orders), average": best(FALLBACK, runs, 20),
        "  its first call, with the import": first,
        "find_dateline": dateline,
        "split_updated": label,
    }
    for name, microseconds in lines.items():
        print(f"{microseconds:10.2f} µs  {name}")


if __name__ == "__main__":
    main()
