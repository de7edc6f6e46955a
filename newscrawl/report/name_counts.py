"""The tags and authors of articles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.formatting import counted
from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, Bar
from newscrawl.report.html_elements import Cell, Chart, Part, Table, clipped, limited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.report.collection import Archive, Entry

_DRAWN, _LISTED = 20, 200


def part(archive: Archive) -> Part:
    """Return this part of the page."""
    entries = archive.entries.values()
    page_part = Part(
        "names", "Tags and authors", "An article counts for each of its tags and authors."
    )
    _add(page_part, entries, lambda entry: entry.keywords, "tag")
    _add(page_part, entries, lambda entry: entry.authors, "author")
    return page_part


def _add(
    page_part: Part, entries: Iterable[Entry], names_of: Callable[[Entry], Iterable[str]], word: str
) -> None:
    counts: Counter[str] = Counter()
    unnamed = 0
    for entry in entries:
        names = {*names_of(entry)}
        counts.update(names)
        unnamed += not names
    if unnamed:
        page_part.notes.append(f"{counted(unnamed, 'article')} without any {word}.")
    if not counts:
        return
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    # Two names that begin alike stay two bars.
    drawn = Counter[str]()
    for name, count in ranked[:_DRAWN]:
        drawn[clipped(name, 60)] += count
    bars = [Bar(name, word, count) for name, count in drawn.items()]
    rows, note = limited(ranked, _LISTED, f"{word}s")
    page_part.notes += note
    page_part.charts.append(
        Chart(
            f"Articles by {word}: the {min(_DRAWN, len(ranked))} most frequent of {len(ranked):,}",
            "Bars, the longest first: "
            + ", ".join(f"{clipped(name, 60)} {count:,}" for name, count in ranked[:3])
            + ".",
            lambda width: charts.bars(bars, {word: COLOURS[0]}, width, "articles"),
            Table(
                f"Articles by {word}",
                [word.capitalize(), "Articles"],
                [[Cell(name), count] for name, count in rows],
                numbered=True,
            ),
        )
    )
