"""Renders the page: one HTML file without scripts, other files or requests.

See decision 61 in docs/decisions.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from newscrawl.dumps import atomic
from newscrawl.dumps.atomic import TargetError
from newscrawl.formatting import counted
from newscrawl.report import (
    agreement,
    capture_lag,
    coverage,
    duplicate_articles,
    edits,
    failures,
    name_counts,
    network,
    svg,
    volume,
)
from newscrawl.report.charts import WIDTHS
from newscrawl.report.html_elements import Cell, clipped
from newscrawl.report.palette import Palette
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.report.collection import Archive
    from newscrawl.report.html_elements import Chart
    from newscrawl.report.run_reports import Runs

_LISTED, _OPEN, _SECTIONS, _SITES = 50, 20, 30, 8
_TEMPLATES = files("newscrawl.report") / "templates"


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """The files that the page was made from."""

    dumps: Sequence[str]
    """Names of the dumps."""
    bad: Sequence[str]
    """The first errors of lines that were left out."""
    skipped: int
    """How many lines were left out."""


def page(archive: Archive, runs: Runs, read: ReadFiles, *, made_at: datetime) -> str:
    """Return the report as HTML.

    Days and times are in the time zone of the articles' site; those of runs and of the page in
    UTC if the sites have several.
    """
    sections = len({entry.section for entry in archive.entries.values()})
    palette, lags = (
        Palette(archive.sections(_SECTIONS)),
        [*capture_lag.lags(archive, runs.first_complete())],
    )
    parts = [
        volume.part(archive, palette),
        coverage.part(archive),
        agreement.part(runs, archive.zone),
        capture_lag.part(archive, palette, lags),
        name_counts.part(archive),
        duplicate_articles.part(archive, palette, runs),
        edits.part(archive),
        network.part(archive, palette),
        failures.part(runs, read.skipped, archive.zone),
    ]
    return (
        _environment()
        .get_template("page.html")
        .render(
            mark=Markup(MARK),  # noqa: S704 - a constant
            style=Markup(_source("page.css")),  # noqa: S704 - a file of the package
            version=__version__,
            made_at=made_at.astimezone(archive.zone),
            sites=_listed(archive.names),
            zone=str(archive.zone),
            zones=sorted({str(zone) for zone in archive.zones.values()}),
            figures=_figures(archive, runs, read, lags, sections),
            read=read,
            listed=_LISTED,
            opened=_OPEN,
            parts=parts,
        )
    )


def _figures(
    archive: Archive, runs: Runs, read: ReadFiles, lags: Sequence[capture_lag.Lag], sections: int
) -> list[tuple[str, str]]:
    days = sorted(entry.published for entry in archive.entries.values() if entry.published)
    fresh = [lag for lag in lags if lag.fresh and lag.seconds >= 0]
    headlines = sum(
        "headline" in revision.after.changed_fields for revision in edits.revisions(archive)
    )
    marked = sum(bool(entry.duplicate_of) for entry in archive.entries.values())
    return [
        ("Articles", f"{len(archive.entries):,}"),
        ("Published", f"{days[0]} to {days[-1]}" if days else "unknown"),
        ("Sections", f"{sections:,}"),
        ("Lines read", f"{archive.lines:,} in {counted(len(read.dumps), 'dump')}"),
        (
            "Median lag while crawling",
            capture_lag.duration(capture_lag.median(fresh)) if fresh else "unknown",
        ),
        ("Revised headlines", f"{headlines:,}"),
        ("Removed by the site", f"{len(archive.removed):,}"),
        ("Duplicates", f"{marked:,}"),
        ("Failures", f"{failures.total(runs):,}"),
    ]


def _listed(names: Sequence[str]) -> str:
    """Return the names of sites for the heading.

    >>> _listed(["Alfa", "Beta"])
    'Alfa, Beta'
    """
    more = [f"{len(names) - _SITES:,} more"] if len(names) > _SITES else []
    return ", ".join([*(clipped(name, 60) for name in names[:_SITES]), *more])


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        # Read as a resource, so that it works from a zipped egg.
        loader=jinja2.FunctionLoader(_source),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["cell"] = lambda value: isinstance(value, Cell)
    environment.filters["drawings"] = _drawings
    return environment


def _drawings(chart: Chart, name: str) -> list[tuple[str, Markup]]:
    """Return a chart drawn for screens and for phones, each with the name of its width."""
    return [
        (size, svg.drawn(chart.draw(width), f"{name}-{size}")) for size, width in WIDTHS.items()
    ]


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


MARK = '<meta name="generator" content="newscrawl report">'
"""Identifies a page as a report."""
_WITHIN = 2000


def check(path: Path, *, force: bool) -> None:
    """Check that a page can be written, before anything is read.

    An earlier report is replaced, any other file only with `force`.

    Raises:
        TargetError: it cannot, or would replace another file.
    """
    atomic.check(path)
    if not force and path.exists() and not _is_report(path):
        raise TargetError(f"{path} exists and is not a report: --force replaces it")


def _is_report(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK.encode() in file.read(_WITHIN)
    except OSError:
        return False
