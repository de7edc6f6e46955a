"""Articles with the text of an earlier article."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from newscrawl.formatting import counted
from newscrawl.report import charts
from newscrawl.report.charts import COLOURS, Bar
from newscrawl.report.html_elements import Cell, Chart, Part, Table, limited

if TYPE_CHECKING:
    from newscrawl.report.collection import Archive, Entry
    from newscrawl.report.palette import Palette
    from newscrawl.report.run_reports import Runs

SAME, SIMILAR = "the same text", "nearly the same text"
_LISTED = 200


def part(archive: Archive, palette: Palette, runs: Runs) -> Part:
    """Return this part of the page."""
    marked = [entry for entry in archive.entries.values() if entry.duplicate_of]
    marked.sort(key=lambda entry: (entry.published or date.min, entry.age), reverse=True)
    page_part = Part(
        "duplicates",
        "Duplicates",
        "Articles with the text of an earlier article at another address. They stay in the dump, "
        "marked with duplicate_of and a similarity from 0 to 1.",
    )
    if dropped := runs.total("duplicates").get("same_article", 0):
        page_part.notes.append(
            f"{counted(dropped, 'page')} fetched under a second address and not written again."
        )
    if not marked:
        page_part.notes.append("No article is marked as a duplicate.")
        return page_part
    page_part.charts.append(_chart(marked, palette))
    rows, note = limited(marked, _LISTED, "duplicates")
    page_part.notes += note
    page_part.tables.append(
        Table(
            "Duplicates, the latest first",
            ["Article", "Published", "Has the text of", "Similarity"],
            [
                [
                    Cell(entry.headline, entry.url),
                    str(entry.published or ""),
                    _earlier(archive, entry.duplicate_of or ""),
                    None if entry.similarity is None else f"{entry.similarity:.2f}",
                ]
                for entry in rows
            ],
        )
    )
    return page_part


def _chart(marked: list[Entry], palette: Palette) -> Chart:
    counts = Counter(
        (entry.section, SAME if entry.similarity == 1 else SIMILAR) for entry in marked
    )
    bars = [
        Bar(section, kind, counts[section, kind])
        for section in palette.order
        for kind in (SAME, SIMILAR)
        if counts[section, SAME] + counts[section, SIMILAR]
    ]
    same = sum(count for (_, kind), count in counts.items() if kind == SAME)
    return Chart(
        "Duplicates by section",
        f"{same:,} with the same text as an earlier article, {len(marked) - same:,} with "
        "nearly the same.",
        lambda width: charts.bars(bars, {SAME: COLOURS[0], SIMILAR: COLOURS[1]}, width, "articles"),
        Table(
            "Duplicates by section",
            ["Section", "The same text", "Nearly the same"],
            [
                [section, counts[section, SAME], counts[section, SIMILAR]]
                for section in palette.order
            ],
        ),
    )


def _earlier(archive: Archive, name: str) -> Cell:
    entry = archive.entries.get(name)
    return Cell(entry.headline, entry.url) if entry else Cell(name, code=True)
