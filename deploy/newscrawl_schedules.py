"""Makes schedules from the list of sites: `python deploy/newscrawl_schedules.py LIST --crontab`.

Or `--systemd FOLDER`, for a timer and a service of each series in a folder. Exit codes: 0 made,
1 a file cannot be written, 2 the list is wrong: one line names its file and line number.
"""

from __future__ import annotations

import argparse
import re
import shlex
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

# Run as a file, Python looks for modules in deploy/ alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scrapy.utils.project import get_project_settings

from newscrawl.arguments import SITE_NAMES, ArgumentError, Arguments
from newscrawl.commands import project_sites
from newscrawl.context import series_of
from newscrawl.dumps.paths import safe_name
from newscrawl.formatting import display_path
from newscrawl.spiders.wordpress_site import WordPressSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newscrawl.sites import Site

INTERVALS = (5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440)
"""Minutes between two runs: what divides an hour, or a day in hours."""
MAX_SERIES = 79
"""Characters of a series' name: Scrapyd's job has a time behind it."""
_SETTING = re.compile(r"[A-Z][A-Z0-9_]*")
_VALUE = re.compile(r"[A-Za-z0-9_.,:/@+=-]+")
_SERVICE = Path(__file__).parent / "systemd" / "newscrawl@.service"
_CRON = (
    "{minutes} {hours} * * * set -a; . /etc/newscrawl/environment; "
    "cd /opt/newscrawl && .venv/bin/scrapyd-client {call} >/dev/null"
)
_TIMER = """[Unit]
Description=Crawl {series} every {every} minutes

[Timer]
OnCalendar=*-*-* {hours}:{minutes}:{second:02}
# A run missed while the machine was down comes when it is up again.
Persistent=yes
AccuracySec=1s

[Install]
WantedBy=timers.target
"""


class ListError(ValueError):
    """A line of the list that cannot be used; its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one series is scheduled with."""

    series: str
    site: str
    """The argument that names the site: `site_url=https://www.example.it`."""
    every: int
    """Minutes between two runs."""
    section: str | None = None
    settings: tuple[str, ...] = ()
    """As `NAME=value`."""

    @property
    def offset(self) -> int:
        """Seconds from the beginning of the interval, always the same for a series."""
        return int.from_bytes(sha256(self.series.encode()).digest()[:8]) % (60 * self.every)

    @property
    def arguments(self) -> list[str]:
        """The arguments of `scrapyd-client`."""
        given = [self.site, *([f"section={self.section}"] if self.section else [])]
        given += [f"setting={setting}" for setting in self.settings]
        given.append(f"series={self.series}")
        pairs = [text for argument in given for text in ("--arg", argument)]
        return ["schedule", "-p", "newscrawl", "wordpress", *pairs]

    @property
    def times(self) -> tuple[str, str, str, str]:
        """Hours and minutes of the runs for systemd, and the same for cron."""
        minute, hour = self.offset // 60 % 60, self.offset // 3600
        if self.every < 60:
            minute %= self.every
            return "*", f"{minute:02}/{self.every}", "*", f"{minute}-59/{self.every}"
        step = self.every // 60
        if step == 24:
            return f"{hour:02}", f"{minute:02}", str(hour), str(minute)
        return f"{hour:02}/{step}", f"{minute:02}", f"{hour}-23/{step}", str(minute)


def read(path: Path) -> list[Job]:
    """Return the jobs of a list.

    Raises:
        ListError: a line is wrong; the text names file and line.
        OSError: the file cannot be read.
    """
    jobs: dict[str, int] = {}
    found: list[Job] = []
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            for job in _jobs_of(words):
                if (earlier := jobs.setdefault(job.series, number)) != number:
                    raise ListError(f"{job.series} is in line {earlier} already")  # noqa: TRY301 - as for the others
                found.append(job)
        except (ListError, ArgumentError) as error:
            raise ListError(f"{display_path(path)}:{number}: {error}") from None
    return found


def _jobs_of(words: list[str]) -> Iterator[Job]:
    name, *options = words
    given: dict[str, str] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or not (key in {"every", "sections"} or _SETTING.fullmatch(key)):
            raise ListError(
                f"{option[:80]!r} is not every=MINUTES, sections=A,B or a setting NAME=value"
            )
        if key in given:
            raise ListError(f"{key}= is there twice")
        given[key] = value
    every = given.pop("every", None)
    if every not in {str(minutes) for minutes in INTERVALS}:
        choices = ", ".join(map(str, INTERVALS))
        stated = "every= is missing" if every is None else f"every={every[:20]} is not possible"
        raise ListError(f"{stated}: choose among {choices} (minutes)")
    sections = given.pop("sections", None)
    for key, value in given.items():
        if not _VALUE.fullmatch(value):
            raise ListError(f"{key}= has no value, or signs that a schedule cannot hold")
    settings = tuple(f"{key}={value}" for key, value in given.items())
    site, argument = _site_of(name)
    for section in [None] if sections is None else [*dict.fromkeys(sections.split(","))]:
        arguments = {} if section is None else {"section": section}
        series = series_of("wordpress", site, Arguments.parse(arguments, SITE_NAMES), SITE_NAMES)
        if len(series) > MAX_SERIES or series != safe_name(series):
            raise ListError(f"{series[:100]} cannot be the name of a job")
        yield Job(series, argument, int(every or 0), section, settings)


def _site_of(name: str) -> tuple[Site, str]:
    """Return a site, and the argument that names it."""
    if "/" not in name and ":" not in name:
        arguments, named_by = Arguments.parse({"site": name}, SITE_NAMES), f"site={name}"
    else:
        arguments = Arguments.parse({"site_url": name}, SITE_NAMES)
        if arguments.site_url is None or not _VALUE.fullmatch(arguments.site_url):
            raise ListError(f"{name[:80]!r} has signs that a schedule cannot hold")
        named_by = f"site_url={arguments.site_url}"
    return WordPressSpider.site_of(arguments, get_project_settings()), named_by


def crontab(jobs: list[Job]) -> str:
    """Return the lines of a crontab."""
    lines = ["SHELL=/bin/sh"]
    for job in jobs:
        _, _, hours, minutes = job.times
        call = shlex.join(job.arguments).replace("%", r"\%")
        lines.append(_CRON.format(minutes=minutes, hours=hours, call=call))
    return "\n".join(lines) + "\n"


def units(jobs: list[Job]) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of systemd units: a timer and a service of each series."""
    service = _SERVICE.read_text(encoding="utf-8")
    for job in jobs:
        hours, minutes, _, _ = job.times
        name = f"newscrawl-site-{job.series}"
        text = _TIMER.format(
            series=job.series, every=job.every, hours=hours, minutes=minutes, second=job.offset % 60
        )
        yield f"{name}.timer", text
        call = shlex.join(job.arguments).replace("%", "%%")
        text = service.replace("Schedule a crawl of %i", f"Schedule a crawl of {job.series}")
        yield f"{name}.service", text.replace("schedule -p newscrawl %i", call)


def main(arguments: list[str] | None = None) -> int:
    """Make the schedules; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path, help="such as deploy/sites.txt")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--crontab", action="store_true", help="print the lines of a crontab")
    kind.add_argument("--systemd", type=Path, metavar="FOLDER", help="write units into a folder")
    given = parser.parse_args(arguments)
    project_sites.register(get_project_settings())
    try:
        jobs = read(given.list)
    except OSError as error:
        return _fail(f"{display_path(given.list)} cannot be read: {error.strerror}")
    except ListError as error:
        return _fail(str(error))
    if given.crontab:
        sys.stdout.write(crontab(jobs))
        return 0
    try:
        for name, text in units(jobs):
            (given.systemd / name).write_text(text, encoding="utf-8")
    except OSError as error:
        return _fail(f"cannot write {error.filename}: {error.strerror}", 1)
    sys.stdout.write("".join(f"newscrawl-site-{job.series}.timer\n" for job in jobs))
    return 0


def _fail(text: str, code: int = 2) -> int:
    sys.stderr.write(f"newscrawl: {text}\n")
    return code


def _exit() -> NoReturn:
    raise SystemExit(main())


if __name__ == "__main__":
    _exit()
