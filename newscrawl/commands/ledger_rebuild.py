"""`scrapy ledger rebuild`: makes a ledger from dumps, or completes one that is older than them."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newscrawl.cli import ProgressBar, SkippedLines, print_line, usage_error
from newscrawl.commands import ledger_sites
from newscrawl.dumps import DumpError, expand
from newscrawl.dumps.paths import safe_name
from newscrawl.dumps.reading import lines
from newscrawl.outcomes import finish_reasons
from newscrawl.outcomes.retries import Retries
from newscrawl.run import report_files

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from scrapy.settings import BaseSettings

    from newscrawl.commands.ledger_sites import Typed
    from newscrawl.ledger.admin.rebuild import Rebuilt, RebuiltSeries
    from newscrawl.sites import Site
    from newscrawl.urls import SiteUrls

_MAX_NAMED = 5
"""Sites that a message names."""


@dataclass(frozen=True, slots=True)
class Dump:
    """A dump that was named."""

    path: Path
    series: str
    """The spider that wrote it, or the series of a site."""
    site: SiteUrls | None = None
    """The site, if its spider does not say which."""


def dumps_of(paths: Sequence[str], spiders: Collection[str], spider: str | None) -> list[Dump]:
    """Return the dumps that paths name; exit with an error if one has no spider or series.

    Args:
        paths: files, folders and globs.
        spiders: the names of spiders; the innermost folder with such a name states the spider,
            or one that is named after the site of the lines.
        spider: the spider or series of dumps in other folders; None if their folders state it.
    """
    try:
        files = expand(paths)
    except DumpError as error:
        usage_error(str(error))
    by_folder = {safe_name(name): name for name in spiders}
    dumps: list[Dump] = []
    for path in files:
        if not path.is_file():
            usage_error(f"{path} is not a regular file, as a dump is")
        folders = [folder.name for folder in path.absolute().parents]
        name = next((by_folder[folder] for folder in folders if folder in by_folder), None)
        site = None
        if name is None:
            name, site = _series_of(path)
        if spider is not None:
            if name not in {None, spider}:
                usage_error(
                    f"{path} is in the folder of {name}, not of {spider}: "
                    "leave out --spider, or move the dump"
                )
            name = spider
        if name is None:
            usage_error(
                f"{path} is not in the folder of a spider ({', '.join(sorted(by_folder))}): "
                "name the spider that wrote it with --spider"
            )
        dumps.append(Dump(path, name, site))
    return dumps


def _series_of(path: Path) -> tuple[str | None, SiteUrls | None]:
    """Return the series of a dump in a folder that is named after the site of its first line."""
    with suppress(DumpError, OSError):
        for line in lines([path], skip_bad=True, on_bad=lambda _: None):
            site = safe_name(str(line.record.get("site")))
            for folder in path.absolute().parents:
                if f"{folder.name}.".startswith(f"{site}."):
                    return _name_of(folder), ledger_sites.of_line(line.record)
            break
    return None, None


def _name_of(folder: Path) -> str:
    """Return the series of a folder, whose name may lack letters of a section's name."""
    for report in report_files.read_all(report_files.latest([folder], 1)):
        if isinstance(report, dict) and safe_name(report["spider"]) == folder.name:
            return str(report["spider"])
    return folder.name


def of_one_site(
    settings: BaseSettings, dumps: Sequence[Dump], typed: Typed
) -> tuple[SiteUrls, list[Dump]]:
    """Return the site whose ledger is rebuilt, and its dumps; exit if none of several was named."""
    stated = {dump.site.site.key: dump.site for dump in dumps if dump.site is not None}
    is_named = bool(typed.key or typed.url)
    is_of_spider = any(dump.site is None for dump in dumps)
    is_mixed = len(stated) + is_of_spider > 1
    if is_mixed and not is_named:
        keys = ", ".join(f"--site {key}" for key in sorted(stated)[:_MAX_NAMED])
        usage_error(f"these are dumps of several sites: name one of them, such as {keys}")
    if stated and not is_mixed and not is_named:
        return next(iter(stated.values())), [*dumps]
    fitting = [
        site
        for site in ledger_sites.choices(settings, typed)
        if site.site.key in stated or is_of_spider
    ]
    if typed.url and (named := [site for site in fitting if site.site.key in stated]):
        fitting = named
    if not fitting:
        usage_error(f"none of these dumps is of {typed.key or typed.url}")
    key = fitting[0].site.key
    own = [
        dump for dump in dumps if (dump.site.site.key == key if dump.site else key not in stated)
    ]
    return fitting[0], own


def run(  # noqa: PLR0913 - what was typed, and what there is
    engine: Any,
    settings: BaseSettings,
    site: Site,
    dumps: Sequence[Dump],
    *,
    spiders: Collection[str],
    is_twin: bool | None,
    is_json: bool = False,
) -> int:
    """Rebuild a ledger and print what was rebuilt; return the exit code.

    Args:
        engine: the ledger's engine.
        settings: the project's settings.
        site: the ledger's site.
        dumps: the site's dumps.
        spiders: the spiders of the project.
        is_twin: whether the ledger is that of the twin; None if it may be.
        is_json: whether to print JSON.

    Raises:
        LedgerError: a run is active, or the ledger cannot be used.
    """
    from newscrawl.ledger.admin.dump_readings import DumpFile
    from newscrawl.ledger.admin.rebuild import Rebuild

    skipped = SkippedLines()
    files = []
    for dump in dumps:
        try:
            files.append(DumpFile.at(dump.path, dump.series))
        except OSError as error:
            skipped(DumpError(dump.path, 0, f"cannot be read: {error.strerror}"))
    with ProgressBar([dump.path for dump in dumps]) as bar:
        rebuild = Rebuild(
            engine,
            site=site.key,
            zone=ZoneInfo(site.timezone),
            retries=Retries.of(
                settings.getlist("RETRY_INTERVALS"),
                settings.getlist("RECHECK_AGES"),
                settings.getint("GONE_AFTER"),
            ),
            is_twin=is_twin,
            on_bad=skipped,
            on_read=bar.on_read,
        )
        rebuilt = rebuild.run(files, {*spiders, *(dump.series for dump in dumps)})
    skipped.sum_up()
    rebuilt.problems = skipped.count
    if is_json:
        print_line(json.dumps(asdict(rebuilt), ensure_ascii=False, indent=2))
    else:
        _print(rebuilt)
    return finish_reasons.OTHERWISE if skipped.count else finish_reasons.GOOD


def _print(rebuilt: Rebuilt) -> None:
    for name, counts in sorted(rebuilt.series.items()):
        print_line(_line(name, counts))
    print_line(f"{rebuilt.place}: {_number(rebuilt.articles, 'article')} that it did not know")


def _line(name: str, counts: RebuiltSeries) -> str:
    """Return what was rebuilt of a series, in one line.

    >>> from newscrawl.ledger.admin.rebuild import RebuiltSeries
    >>> _line("esteri", RebuiltSeries(dumps=2, lines=30, revised=4, gone=1, dumps_known=7))
    'esteri: 30 lines of 2 dumps added (4 revisions, 1 removed article); 7 dumps known before'
    """
    details = []
    if counts.revised:
        details.append(_number(counts.revised, "revision"))
    if counts.gone:
        details.append(_number(counts.gone, "removed article"))
    text = f"{name}: {_number(counts.lines, 'line')} of {_number(counts.dumps, 'dump')} added"
    text += f" ({', '.join(details)})" if details else ""
    further = (
        (counts.dumps_known, "dump", "known before"),
        (counts.lines_known, "line", "of other dumps known before"),
        (counts.lines_forgotten, "line", "of articles that were forgotten later left out"),
    )
    return "; ".join([
        text, *(f"{_number(count, noun)} {end}" for count, noun, end in further if count)
    ])  # fmt: skip


def _number(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
