"""Which articles the Related Posts boxes point to."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newscrawl.formatting import percent
from newscrawl.report import charts
from newscrawl.report.charts import Node
from newscrawl.report.html_elements import Cell, Chart, Part, Row, Table, counted

if TYPE_CHECKING:
    from newscrawl.report.collection import Archive
    from newscrawl.report.palette import Palette

DRAWN = 60
"""Articles in the drawing; more of them are a ball of wool."""


class Links:
    """The links of all Related Posts boxes, from article to article."""

    def __init__(self, archive: Archive) -> None:
        entries = archive.entries
        by_url = {entry.url: name for name, entry in entries.items()}
        self.to: dict[str, list[str]] = {}
        """id to the ids of the articles that its box names."""
        self.incoming: Counter[str] = Counter()
        """id to the number of boxes that name it."""
        self.unknown = 0
        """Links to articles that the dumps do not have."""
        for name, entry in entries.items():
            targets = [by_url.get(url) for url in dict.fromkeys(entry.related)]
            known = [target for target in targets if target is not None and target != name]
            self.unknown += targets.count(None)
            self.incoming.update(known)
            self.to[name] = known

    @property
    def count(self) -> int:
        """How many there are between articles of the dumps."""
        return self.incoming.total()

    def most_linked(self) -> list[str]:
        """Return the ids of the articles that most boxes name."""
        ranked = sorted(self.incoming.items(), key=lambda pair: (-pair[1], pair[0]))
        return [name for name, _ in ranked[:DRAWN]]


def part(archive: Archive, palette: Palette) -> Part:
    """Return the part of the page."""
    links = Links(archive)
    found = Part(
        "network",
        "Related Posts network",
        "Each article's Related Posts box points to others, as it was in the newest revision.",
    )
    if links.unknown:
        found.notes.append(
            f"{counted(links.unknown, 'link')} to articles that are not in these dumps."
        )
    if not links.count:
        found.notes.append("No box points to another article of these dumps.")
        return found
    reached = len(links.incoming)
    found.notes.append(
        f"{counted(links.count, 'link')} between articles of these dumps; "
        f"{percent(reached, len(archive.entries))} of the articles are in another one's box."
    )
    found.charts.append(_chart(archive, palette, links))
    found.tables.append(_sections(archive, palette, links))
    return found


def _chart(archive: Archive, palette: Palette, links: Links) -> Chart:
    chosen = links.most_linked()
    place = {name: number for number, name in enumerate(chosen)}
    pairs = {
        (min(place[name], place[target]), max(place[name], place[target]))
        for name in chosen
        for target in links.to[name]
        if target in place
    }
    entries = archive.entries
    nodes = [
        Node(str(number), palette.name(entries[name].section), links.incoming[name])
        for number, name in enumerate(chosen, 1)
    ]
    sources = Counter(target for name in chosen for target in links.to[name] if target in place)
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
    told = ", ".join(f"{name} {groups[name]}" for name in colours)
    return Chart(
        f"The {len(chosen)} articles in most boxes, and the links between them",
        f"Circles with the number of their row in the table below, larger when more boxes name the "
        f"article, coloured by section ({told}); {counted(len(pairs), 'line')} between them.",
        lambda width: charts.network(nodes, sorted(pairs), colours, width),
        Table(
            "The articles in most Related Posts boxes",
            ["Article", "Section", "Boxes that name it", "Of those drawn"],
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
        whole = flows[section].total()
        shares = [percent(flows[section][other], whole) for other in palette.order]
        rows.append([section, whole, *shares])
    return Table(
        "Where the boxes of each section point: share of its links",
        ["From section", "Links", *(f"to {name}" for name in palette.order)],
        rows,
    )
