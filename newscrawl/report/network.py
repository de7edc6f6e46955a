"""Which articles the Related Posts boxes point to."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newscrawl.formatting import counted, percent
from newscrawl.report import charts
from newscrawl.report.charts import Node
from newscrawl.report.html_elements import Cell, Chart, Part, Row, Table

if TYPE_CHECKING:
    from newscrawl.report.collection import Archive
    from newscrawl.report.palette import Palette

DRAWN = 60
"""Articles in the drawing; with more it cannot be read."""


class Links:
    """The links of all Related Posts boxes, from article to article."""

    def __init__(self, archive: Archive) -> None:
        entries = archive.entries
        by_url = {entry.url: name for name, entry in entries.items()}
        self.to: dict[str, list[str]] = {}
        """id to the ids of the articles in its box."""
        self.incoming: Counter[str] = Counter()
        """id to the number of boxes that it is in."""
        self.unknown = 0
        """Links to articles that the dumps do not have."""
        for name, entry in entries.items():
            targets = [by_url.get(url) for url in dict.fromkeys(entry.related)]
            related = [target for target in targets if target is not None and target != name]
            self.unknown += targets.count(None)
            self.incoming.update(related)
            self.to[name] = related

    @property
    def count(self) -> int:
        """The number of links between articles of the dumps."""
        return self.incoming.total()

    def most_linked(self) -> list[str]:
        """Return the ids of the articles in most boxes."""
        ranked = sorted(self.incoming.items(), key=lambda pair: (-pair[1], pair[0]))
        return [name for name, _ in ranked[:DRAWN]]


def part(archive: Archive, palette: Palette) -> Part:
    """Return this part of the page."""
    links = Links(archive)
    page_part = Part(
        "network",
        "Related Posts network",
        "The links of each article's Related Posts box, as it was in the newest revision.",
    )
    if links.unknown:
        page_part.notes.append(
            f"{counted(links.unknown, 'link')} to articles that are not in these dumps."
        )
    if not links.count:
        page_part.notes.append("No box links to another article of these dumps.")
        return page_part
    reached = len(links.incoming)
    page_part.notes.append(
        f"{counted(links.count, 'link')} between articles of these dumps; "
        f"{percent(reached, len(archive.entries))} of the articles are in another one's box."
    )
    page_part.charts.append(_chart(archive, palette, links))
    page_part.tables.append(_sections(archive, palette, links))
    return page_part


def _chart(archive: Archive, palette: Palette, links: Links) -> Chart:
    chosen = links.most_linked()
    index = {name: number for number, name in enumerate(chosen)}
    pairs = {
        (min(index[name], index[target]), max(index[name], index[target]))
        for name in chosen
        for target in links.to[name]
        if target in index
    }
    entries = archive.entries
    nodes = [
        Node(str(number), palette.name(entries[name].section), links.incoming[name])
        for number, name in enumerate(chosen, 1)
    ]
    sources = Counter(target for name in chosen for target in links.to[name] if target in index)
    rows: list[Row] = [
        [
            Cell(entries[name].headline, entries[name].url),
            entries[name].section,
            links.incoming[name],
            sources[name],
        ]
        for name in chosen
    ]
    groups = Counter(palette.name(entries[name].section) for name in chosen)
    colours = {name: colour for name, colour in palette.colours.items() if groups[name]}
    sections = ", ".join(f"{name} {groups[name]}" for name in colours)
    return Chart(
        f"The {len(chosen)} articles in most boxes, and the links between them",
        f"Circles with the number of their row in the table below, larger for an article in more "
        f"boxes, coloured by section ({sections}); {counted(len(pairs), 'line')} between them.",
        lambda width: charts.network(nodes, sorted(pairs), colours, width),
        Table(
            "The articles in most Related Posts boxes",
            ["Article", "Section", "In boxes", "Of these articles"],
            rows,
            numbered=True,
        ),
    )


def _sections(archive: Archive, palette: Palette, links: Links) -> Table:
    entries = archive.entries
    flows: dict[str, Counter[str]] = defaultdict(Counter)
    for name, targets in links.to.items():
        flows[entries[name].section].update(entries[target].section for target in targets)
    order = [section for section in palette.order if flows[section]]
    rows: list[Row] = []
    for section in order:
        total = flows[section].total()
        shares = [percent(flows[section][other], total) for other in palette.order]
        rows.append([section, total, *shares])
    return Table(
        "Links of each section's boxes, by target section",
        ["From section", "Links", *(f"to {name}" for name in palette.order)],
        rows,
    )
