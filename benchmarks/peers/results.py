"""Writes what a run of `make bench-peers` measured as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.peers import crawls, growth, scoring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.peers.bulk import Bulk
    from benchmarks.peers.crawls import Comparison
    from benchmarks.peers.growth import Growth
    from benchmarks.peers.reading import Result

FLOOR = "Scrapy, nothing parsed"
_TITLES = {"lxml": "lxml, parsing alone"}
_LARGEST = 12
"""Parts of a profile that are shown."""


@dataclass(frozen=True)
class Target:
    """A figure that is to be reached."""

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether it is."""
        return self.value <= self.limit


@dataclass(frozen=True)
class Facts:
    """What was run on what."""

    date: str
    machine: str
    """Processor, cores, Python; neither host nor paths."""
    versions: dict[str, str]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table and an empty line."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return [*lines, ""]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def head(facts: Facts) -> list[str]:
    """Return the first lines: what, when, on what, with which versions."""
    return [
        "# newscrawl against its peers",
        "",
        f"Written by `make bench-peers` on {facts.date}; {facts.machine}.",
        "The machine was shared: compare the figures of one table with each other, not with those",
        "of another run. Times are CPU time.",
        "",
        *table(["package", "version"], [[name, text] for name, text in facts.versions.items()]),
    ]


def reading(name: str, note: str, results: dict[str, Result]) -> list[str]:
    """Return the section of one set of pages."""
    floor, pages = results["lxml"].milliseconds, results["lxml"].tally.pages
    columns = list(scoring.COLUMNS)
    rows, notes = [], list[str]()
    for reader, result in results.items():
        means, tally = result.tally.means(), result.tally
        row = [_TITLES.get(reader, reader), f"{result.milliseconds:.2f}"]
        row.append(f"{result.milliseconds / floor:.1f}")
        if reader == "lxml":
            rows.append([*row, "–", "–", *["–"] * len(columns)])
            continue
        row += [str(tally.failed), str(tally.refused)]
        rows.append(row + [_share(means.get(column)) for column in columns])
    titles = ["reader", "CPU ms", "× parsing", "failed", "no article", *columns]
    for reader, result in results.items():
        tally = result.tally
        if tally.refused:
            notes.append(
                f"- {reader}: the text's F1 is {tally.read_text():.3f} on the pages that it takes "
                "for articles"
            )
        notes += [f"- {reader} raised `{error}`" for error in sorted({*tally.errors})[:5]]
    lines = [f"### {name}", "", f"{pages} pages: {note}", "", *table(titles, rows)]
    return [*lines, *notes, ""] if notes else lines


READING_NOTE = """\
Each reader runs in a process of its own, without a network, and reads each page as often as
there are rounds; the readers take turns. The time of a page is that of its best round; the figure
is the mean over the pages. `failed`: pages at which the reader raised an exception; `no article`:
pages that it takes for something else. Both count as wrong in each field.

`text` is the mean F1 of the words; the others are shares of the pages. `headline` must be equal but
for white space, without the site's name behind it; `authors` and `tags` as sets, `image` by its
path, `section` one of those that the reader names. `day` and `time` are those of publication, the
latter to the second, by the site's clock or in UTC where the reader leaves the offset out; a reader
that gives the day alone is wrong there. `modified` is the time of the last change. `–`: the reader
has no such field, or the pages do not state it.
"""


def crawling(comparisons: Sequence[Comparison]) -> list[str]:
    """Return the section of whole crawls."""
    lines = [
        "## A whole crawl",
        "",
        "All fetch the same twin without delay, start included; best of the rounds, which take",
        "turns. Scrapy that parses nothing requests what newscrawl requested. The usual project is",
        "`benchmarks/peers/usual_spider.py`: rules of links, CSS selectors, JSON lines, Scrapy's",
        "default settings but for the delay and the log level (WARNING, as for all). An article is",
        f"right with one line, in which {', '.join(crawls.COMPARED)} are right, the text with",
        f"an F1 of at least {scoring.LEAST_F1}; columns of fields are shares of what is written.",
        "",
    ]
    for comparison in comparisons:
        floor = comparison.results[FLOOR].milliseconds
        rows = []
        for name, result in comparison.results.items():
            row = [name, f"{result.milliseconds:.2f}", f"{result.milliseconds / floor:.2f}"]
            row.append(f"{result.requests:,}")
            if found := result.found:
                row.append(f"{found.right:,} of {found.expected:,}")
                row += [str(found.missing), str(found.further)]
                row += [_share(found.columns.get(column)) for column in crawls.COMPARED]
            rows.append(row + ["–"] * (7 + len(crawls.COMPARED) - len(row)))
        titles = ["crawler", "CPU ms a request", "× Scrapy", "requests", "articles right"]
        titles += ["missing", "too many", *crawls.COMPARED]
        size = f"{comparison.size:,} articles, pages of {comparison.kilobytes:.0f} kB with"
        lines += [f"### {size} {comparison.links:.0f} links", "", *table(titles, rows)]
    return lines


def growing(sizes: Sequence[Growth]) -> list[str]:
    """Return the section of the cost by number of known articles."""
    rows = [
        [
            f"{grown.size:,}",
            f"{grown.known:,}",
            f"{grown.filled / grown.known * 1000:.2f}",
            f"{grown.lists:.1f}",
            f"{grown.new}",
            f"{grown.milliseconds:.2f}",
            f"{grown.nothing_new:.2f}",
            str(grown.requests),
        ]
        for grown in sizes
    ]
    titles = ["articles of the site", "known", "ms an article by REST", "lists, s", "new ones"]
    titles += ["ms a new one by page", "nothing new, s", "requests"]
    return [
        "## Cost by the number of known articles",
        "",
        "A site of each size is read by REST first (docs/rest.md), so that the ledger, the hashes",
        "and the index of near-duplicates know all of it: a crawl of 100,000 articles by page",
        "would take too long. A crawl by page then reads the site's lists for the first time.",
        f"Then the site publishes {growth.NEW} articles more than usual in a day, which a second",
        "crawl by page fetches. Lists and new articles are what these crawls cost beyond a crawl",
        "with nothing new, which is the best of three. `make bench-peers` measures 1,000",
        "and 10,000 articles; `ARGS='--sizes 1000,10000,100000'` names other sizes.",
        "",
        *table(titles, rows),
    ]


def bulk(result: Bulk) -> list[str]:
    """Return the section of the WARC."""
    rows = [
        [
            way,
            f"{one.cpu / result.pages * 1000:.2f}",
            f"{result.pages / one.seconds:.0f}",
            f"{one.written} of {result.pages}",
            _share(one.headlines),
            _share(one.text),
        ]
        for way, one in result.results.items()
    ]
    titles = ["way", "CPU ms a page", "pages a second", "with a text", "headline", "text"]
    return [
        "## Reading a WARC",
        "",
        f"{result.pages} theme pages in a WARC of {result.megabytes:.1f} MB, from the start of the",
        "process to the last line.",
        "",
        *table(titles, rows),
        *(f"- left out: {reason}" for reason in result.skipped),
        *([""] if result.skipped else []),
    ]


def targets(reached: Sequence[Target]) -> list[str]:
    """Return the section of what is to be reached."""
    rows = [
        [
            target.name,
            f"{target.value:.2f}{target.unit}",
            f"{target.limit:.1f}{target.unit}",
            "reached" if target.is_met else "missed",
        ]
        for target in reached
    ]
    return ["## Targets", "", *table(["target", "measured", "at most", ""], rows)]


WITHIN_LIMIT = """\
Scrapy that parses nothing takes {floor:.2f} ms, its own start included. The limit leaves
{left:.2f} ms for all that newscrawl does beyond it. A start counts less the more pages a crawl has.
"""
_NOT_SAMPLED = "Not measured: py-spy could not watch the process."


def profile(title: str, parts: Sequence[tuple[str, float]]) -> list[str]:
    """Return in which modules the time goes; says so where it was not sampled."""
    if not parts:
        return [f"### {title}", "", _NOT_SAMPLED, ""]
    shown = list(parts[:_LARGEST])
    rest = 1 - sum(share for _, share in shown)
    rows = [[f"`{part}`", f"{share:.1%}"] for part, share in shown]
    if len(parts) > len(shown):
        rows.append([f"{len(parts) - len(shown)} others", f"{rest:.1%}"])
    note = "Samples of py-spy, by the innermost frame that is of newscrawl or of a package named."
    return [f"### {title}", "", note, "", *table(["where", "share"], rows)]


def purposes(title: str, parts: Sequence[tuple[str, float]], whole: float, unit: str) -> list[str]:
    """Return what the time goes for; says so where it was not sampled.

    Args:
        title: the heading.
        parts: purposes with their shares, the largest first.
        whole: the measured CPU time of all of them.
        unit: that of `whole`, as in "ms a request".
    """
    if not parts:
        return [f"### {title}", "", _NOT_SAMPLED, ""]
    note = f"Samples of py-spy by what the crawl does in them, scaled to {whole:.2f} {unit}."
    rows = [[part, f"{share:.1%}", f"{share * whole:.2f}"] for part, share in parts]
    return [f"### {title}", "", note, "", *table(["for", "share", unit], rows)]
