"""The units and the crontab: what they call, when, and that systemd understands them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from newscrawl.sites import ALANEWS
from tests.support.nodes import DEPLOY, Node, Unit, cron

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS = [section.slug for section in ALANEWS.sections]
CALL = "/opt/newscrawl/.venv/bin/scrapyd-client schedule -p newscrawl {}"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())


def systemd_analyze(*arguments: str, cwd: Path | None = None) -> str:
    """Return what systemd-analyze says; skip where there is none, but never on CI."""
    program = shutil.which("systemd-analyze")
    if program is None:
        why = "no systemd-analyze on PATH: install systemd"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    done = subprocess.run(
        [program, *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return done.stdout


def test_units_call_scrapyd_client_and_nothing_else() -> None:
    assert UNITS == [
        "newscrawl-nightly.timer",
        "newscrawl@.service",
        "newscrawl@.timer",
        "scrapyd.service",
    ]
    service = Unit("newscrawl@.service")["Service"]
    assert service["ExecStart"] == CALL.format("%i")
    assert not [name for name in service if name.startswith("Exec") and name != "ExecStart"]
    assert Unit("newscrawl-nightly.timer")["Timer"]["Unit"] == "newscrawl@alanews.service"


@pytest.mark.parametrize("name", ["newscrawl@.timer", "newscrawl-nightly.timer"])
def test_timers_catch_up_and_are_spread(name: str) -> None:
    timer = Unit(name)["Timer"]
    assert timer["Persistent"] == "yes"
    assert timer["RandomizedDelaySec"].endswith("min")
    said = systemd_analyze("calendar", timer["OnCalendar"])
    wanted = "*:00/15:00" if "@" in name else "03:10:00 Europe/Rome"
    assert wanted in said


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    host = Node(tmp_path / "host")
    names = []
    for name in UNITS:
        text = host.placed((DEPLOY / "systemd" / name).read_text(encoding="utf-8"))
        for spider in ["esteri", "alanews"] if "@" in name else [""]:
            names.append(name.replace("@", f"@{spider}"))
            (tmp_path / names[-1]).write_text(text, encoding="utf-8")
    systemd_analyze("verify", *(f"./{name}" for name in names), cwd=tmp_path)


def test_scrapyd_has_no_more_rights_than_it_needs() -> None:
    service = Unit("scrapyd.service")["Service"]
    assert service["User"] == "newscrawl"
    assert service["KillMode"] == "control-group"
    # A dash before the file's name would let Scrapyd start without it.
    assert service["EnvironmentFile"] == "/etc/newscrawl/environment"
    said = systemd_analyze(
        "security", "--offline=true", "--threshold=45", str(DEPLOY / "systemd" / "scrapyd.service")
    )
    assert "OK" in said


def test_the_crontab_crawls_each_section_every_quarter_and_the_site_at_night() -> None:
    minutes = {}
    for when, command in cron():
        call = re.fullmatch(
            r"set -a; \. /etc/newscrawl/environment; "
            r"cd /opt/newscrawl && (\S+ schedule -p newscrawl (\w+)) >/dev/null",
            command,
        )
        assert call, command
        assert shlex.split(CALL.format(call[2]))[1:] == shlex.split(call[1])[1:]
        minutes[call[2]] = when
    assert sorted(minutes) == sorted([*SECTIONS, "alanews"])
    assert re.fullmatch(r"\d+ \d+ \* \* \*", minutes.pop("alanews"))
    starts = [re.fullmatch(r"(\d+)-59/15 \* \* \* \*", when) for when in minutes.values()]
    assert sorted(int(start[1]) for start in starts if start) == list(range(len(SECTIONS)))


def test_the_page_for_operators_names_every_section_and_every_file() -> None:
    text = (DEPLOY.parent / "docs" / "operating.md").read_text(encoding="utf-8")
    enabled = re.search(r"newscrawl@\{([a-z,]+)\}\.timer", text)
    assert enabled
    assert enabled[1].split(",") == SECTIONS
    shipped = {path.name for path in DEPLOY.iterdir()} - {"__pycache__"}
    assert not [name for name in shipped if f"`{name}" not in text]


def test_no_password_is_in_the_repository() -> None:
    told = (DEPLOY / "environment").read_text(encoding="utf-8")
    assert "SCRAPYD_PASSWORD" in told
    assert not re.search(r"^[^#]*(PASSWORD|URL)=", told, re.M)
    conf = (DEPLOY / "scrapyd.conf").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(username|password)\s*=", conf, re.M)
    assert re.search(r"^bind_address = 127\.0\.0\.1$", conf, re.M)
    assert re.search(r"^items_dir =$", conf, re.M)
    assert re.search(r"^max_proc = [1-9]$", conf, re.M)
