"""The tags and authors that articles carry."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, Bar
from newscrawl.report.html_elements import Cell, Chart, Part, Table, clipped, counted, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from newscrawl.report.collection import Archive, Entry

_DRAWN, _LISTED = 20, 200


def part(archive: Archive) -> Part:
    """Return the part of the page."""
    entries = archive.entries.values()
    found = Part("names", "Tags and authors", "An article counts for each of its tags and authors.")
    _add(found, entries, lambda entry: entry.keywords, "tag")
    _add(found, entries, lambda entry: entry.authors, "author")
    return found


def _add(
    found: Part, entries: Iterable[Entry], names_of: Callable[[Entry], Iterable[str]], word: str
) -> None:
    counts: Counter[str] = Counter()
    none = 0
    for entry in entries:
        names = {*names_of(entry)}
        counts.update(names)
        none += not names
    if none:
        found.notes.append(f"{counted(none, 'article')} without any {word}.")
    if not counts:
        return
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    # Two names that begin alike stay two bars.
    drawn = Counter[str]()
    for name, count in ranked[:_DRAWN]:
        drawn[clipped(name, 60)] += count
    bars = [Bar(name, word, count) for name, count in drawn.items()]
    rows, note = kept(ranked, _LISTED, f"{word}s")
    found.notes += note
    found.charts.append(
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
