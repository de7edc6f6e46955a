"""`scrapy ledger rebuild`: makes a ledger from dumps, or completes one that is older than them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from newscrawl.cli import ProgressBar, SkippedLines, print_line, usage_error
from newscrawl.dumps import DumpError, expand
from newscrawl.dumps.paths import safe_name
from newscrawl.outcomes import finish_reasons
from newscrawl.outcomes.retries import Retries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from scrapy.settings import BaseSettings

    from newscrawl.ledger.admin.rebuild import Rebuilt, RebuiltSeries
    from newscrawl.sites import Site


def dumps_of(
    paths: Sequence[str], spiders: Collection[str], spider: str | None
) -> list[tuple[Path, str]]:
    """Return the dumps that paths name, each with its spider; exit with an error if one has none.

    Args:
        paths: files, folders and globs.
        spiders: the names of spiders; the innermost folder with such a name states the spider.
        spider: the spider of dumps in other folders; None if their folders state it.
    """
    try:
        files = expand(paths)
    except DumpError as error:
        usage_error(str(error))
    by_folder = {safe_name(name): name for name in spiders}
    dumps: list[tuple[Path, str]] = []
    for path in files:
        if not path.is_file():
            usage_error(f"{path} is not a regular file, as a dump is")
        folders = [folder.name for folder in path.absolute().parents]
        name = next((by_folder[folder] for folder in folders if folder in by_folder), None)
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
        dumps.append((path, name))
    return dumps


def run(  # noqa: PLR0913 - what was typed, and what there is
    engine: Any,
    settings: BaseSettings,
    site: Site,
    dumps: Sequence[tuple[Path, str]],
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
        dumps: the dumps, each with its spider.
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
    for path, spider in dumps:
        try:
            files.append(DumpFile.at(path, spider))
        except OSError as error:
            skipped(DumpError(path, 0, f"cannot be read: {error.strerror}"))
    with ProgressBar([path for path, _ in dumps]) as bar:
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
        rebuilt = rebuild.run(files, spiders)
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
