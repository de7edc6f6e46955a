"""The list of sites: the timers and the crontab that are made of it, and what is wrong in it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from deploy import newscrawl_schedules
from tests.deploy.test_schedules import systemd_analyze
from tests.support.crawling import ROOT
from tests.support.nodes import DEPLOY, Node

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = DEPLOY / "newscrawl_schedules.py"
LIST = """\
# Sites
https://www.example.it every=60   # all of it
https://www.example.it every=15 sections=sport,mondo DOWNLOAD_DELAY=2 CLOSESPIDER_TIMEOUT=600

https://notizie.example.it/news every=1440
https://www.other.it every=240 sections=sport
alanews every=30
"""
SERIES = {
    "example.it": "site_url=https://www.example.it",
    "example.it.sport": "section=sport",
    "example.it.mondo": "section=mondo",
    "notizie.example.it-news": "site_url=https://notizie.example.it/news",
    "other.it.sport": "section=sport",
    "alanews": "site=alanews",
}


def schedules(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PROGRAM, path, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def made(path: Path, *words: str) -> str:
    done = schedules(path, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    path = tmp_path / "sites.txt"
    path.write_text(LIST, encoding="utf-8")
    return path


def test_each_series_has_a_line_of_its_own_in_the_crontab(sites: Path) -> None:
    shell, *lines = made(sites, "--crontab").splitlines()
    assert shell == "SHELL=/bin/sh"
    found = {}
    for line in lines:
        match = re.fullmatch(
            r"(\S+ \S+ \* \* \*) set -a; \. /etc/newscrawl/environment; cd /opt/newscrawl && "
            r"\.venv/bin/scrapyd-client (schedule -p newscrawl wordpress .+) >/dev/null",
            line,
        )
        assert match, line
        words = shlex.split(match[2])[4:]
        assert set(words[::2]) == {"--arg"}
        *given, series = words[1::2]
        found[series.removeprefix("series=")] = (match[1], given)
    assert {name: SERIES[name] in given for name, (_, given) in found.items()} == dict.fromkeys(
        SERIES, True
    )
    assert found["example.it.sport"][1] == [
        "site_url=https://www.example.it",
        "section=sport",
        "setting=DOWNLOAD_DELAY=2",
        "setting=CLOSESPIDER_TIMEOUT=600",
    ]
    assert re.fullmatch(r"\d+-59/15 \* \* \* \*", found["example.it.sport"][0])
    assert re.fullmatch(r"\d+ \d+-23/4 \* \* \*", found["other.it.sport"][0])
    assert re.fullmatch(r"\d+ \d+ \* \* \*", found["notizie.example.it-news"][0])
    # Two sections of two sites, and the same line the next time.
    assert made(sites, "--crontab").splitlines() == [shell, *lines]


def test_systemd_understands_the_units(sites: Path, tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    timers = made(sites, "--systemd", str(folder)).split()
    assert timers == [f"newscrawl-site-{name}.timer" for name in SERIES]
    host = Node(tmp_path / "host")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 2 * len(SERIES)
    for path in folder.iterdir():
        path.write_text(host.placed(path.read_text(encoding="utf-8")), encoding="utf-8")
    shown = host.placed((DEPLOY / "systemd" / "scrapyd.service").read_text(encoding="utf-8"))
    (folder / "scrapyd.service").write_text(shown, encoding="utf-8")
    systemd_analyze("verify", *(f"./{name}" for name in names), cwd=folder)
    times = [
        re.findall(r"^OnCalendar=(.+)$", (folder / name).read_text(encoding="utf-8"), re.M)[0]
        for name in timers
    ]
    systemd_analyze("calendar", *times)


def test_fifty_sites_do_not_start_together(tmp_path: Path) -> None:
    path = tmp_path / "sites.txt"
    lines = [f"https://site{number}.example.it every=30" for number in range(50)]
    path.write_text("\n".join(lines), encoding="utf-8")
    minutes = Counter(
        line.split()[0] for line in made(path, "--crontab").splitlines() if "/30" in line
    )
    assert sum(minutes.values()) == 50
    assert len(minutes) >= 20
    assert max(minutes.values()) <= 6


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("https://www.example.it", "every= is missing: choose among 5, 10"),
        ("https://www.example.it every=7", "every=7 is not possible: choose among"),
        ("https://www.example.it every=15 every=30", "every= is there twice"),
        ("https://www.example.it hourly", "'hourly' is not every=MINUTES"),
        ("https://www.example.it every=15 sections=", "section="),
        ("https://www.example.it every=15 sections=a/b", "is not the short name of a section"),
        ("https://www.example.it every=15 LOG_LEVEL=`id`", "signs that a schedule cannot hold"),
        ("https://www.example.it/$(id) every=15", "signs that a schedule cannot hold"),
        ("ftp://www.example.it every=15", "is not a web address"),
        ("nowhere every=15", "there is no definition 'nowhere' of a site"),
        ("https://example.it every=15", "example.it is in line 1 already"),
        (f"https://{'x' * 60}.{'y' * 20}.it every=15", "cannot be the name of a job"),
    ],
)
def test_a_wrong_line_is_named(
    line: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sites.txt"
    path.write_text(f"https://www.example.it every=60\n\n{line}\n", encoding="utf-8")
    if "every=" in line and line.startswith("https://www.example.it") and "line 1" not in says:
        path.write_text(f"# one\n\n{line}\n", encoding="utf-8")
    assert newscrawl_schedules.main([str(path), "--crontab"]) == 2
    output, errors = capsys.readouterr()
    assert output == ""
    (message,) = errors.splitlines()
    assert "sites.txt:3: " in message
    assert says in message


def test_a_list_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = schedules(tmp_path / "none.txt", "--crontab")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_the_shipped_list_is_valid() -> None:
    assert made(DEPLOY / "sites.txt", "--crontab") == "SHELL=/bin/sh\n"
