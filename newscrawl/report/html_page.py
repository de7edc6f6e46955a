"""The page: one HTML file that needs no script, no other file and no network."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from newscrawl.dumps import atomic
from newscrawl.dumps.atomic import TargetError
from newscrawl.report import (
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
from newscrawl.report.html_elements import Cell, clipped, counted
from newscrawl.report.palette import Palette
from newscrawl.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newscrawl.report.collection import Archive
    from newscrawl.report.html_elements import Chart
    from newscrawl.report.run_reports import Runs

_TOLD, _OPEN, _SECTIONS, _SITES = 50, 20, 30, 8
_TEMPLATES = files("newscrawl.report") / "templates"


@dataclass(frozen=True, slots=True)
class Read:
    """What the page was made from."""

    dumps: Sequence[str]
    """Names of the dumps."""
    bad: Sequence[str]
    """What was wrong with the lines left out, as far as it is told."""
    skipped: int
    """How many were left out."""


def page(archive: Archive, runs: Runs, read: Read, *, made_at: datetime) -> str:
    """Return the report as HTML.

    Days and times are those of the articles' site; the page's own in UTC where sites have
    several time zones.
    """
    sections = len({entry.section for entry in archive.entries.values()})
    palette, lags = Palette(archive.sections(_SECTIONS)), [*capture_lag.lags(archive)]
    parts = [
        volume.part(archive, palette),
        coverage.part(archive),
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
            style=Markup(_source("page.css")),  # noqa: S704 - a file of ours
            version=__version__,
            made_at=made_at.astimezone(archive.zone),
            sites=_listed(archive.names),
            zone=str(archive.zone),
            zones=sorted({str(zone) for zone in archive.zones.values()}),
            figures=_figures(archive, runs, read, lags, sections),
            read=read,
            told=_TOLD,
            opened=_OPEN,
            parts=parts,
        )
    )


def _figures(
    archive: Archive, runs: Runs, read: Read, lags: Sequence[capture_lag.Lag], sections: int
) -> list[tuple[str, str]]:
    days = sorted(entry.published for entry in archive.entries.values() if entry.published)
    fresh = [one for one in lags if one.fresh and one.seconds >= 0]
    headlines = sum("headline" in one.after.changed_fields for one in edits.revisions(archive))
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
    """Return the names of sites as a heading has them.

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
    """Return a chart for screens and for phones, each with the name of its width."""
    return [
        (size, svg.drawn(chart.draw(width), f"{name}-{size}")) for size, width in WIDTHS.items()
    ]


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


MARK = '<meta name="generator" content="newscrawl report">'
"""By what a page of ours is known."""
_WITHIN = 2000


def check(path: Path, *, force: bool) -> None:
    """Check that a page can be made, before anything is read.

    An earlier report is replaced, any other file only with `force`.

    Raises:
        TargetError: it cannot, or would replace something else.
    """
    atomic.check(path)
    if not force and path.exists() and not _is_ours(path):
        raise TargetError(f"{path} is there and is no report: --force replaces it")


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return MARK.encode() in file.read(_WITHIN)
    except OSError:
        return False
