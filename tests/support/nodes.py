"""Real Scrapyds on free ports, in folders of their own, configured and started as deploy/ says."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from configparser import RawConfigParser
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests
from scrapyd_client.pyclient import ScrapydClient

from tests.support.crawling import ROOT
from tests.support.killing import Ordeal, read
from tests.support.postgres import text_of
from tests.support.waiting import HANG, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

DEPLOY = ROOT / "deploy"
USER, PASSWORD = "redazione", "s3cr3t-0f-a-test"
_CRON = re.compile(r"(?P<when>\S+ \S+ \S+ \S+ \S+) (?P<command>.+)")


class Unit(RawConfigParser):
    """A systemd unit of deploy/systemd; names keep their case."""

    def __init__(self, name: str) -> None:
        super().__init__(interpolation=None, delimiters=("=",))
        self.read_string((DEPLOY / "systemd" / name).read_text(encoding="utf-8"))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def cron() -> list[tuple[str, str]]:
    """Return the crontab's lines: when, and what `SHELL` is given."""
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    found = [_CRON.fullmatch(line) for line in text.splitlines() if line[0] not in "#S"]
    return [(match["when"], match["command"]) for match in found if match]


def build(folder: Path, **environment: str) -> Path:
    """Build an egg in a folder as `make deploy` does."""
    egg = folder / "newscrawl.egg"
    done = subprocess.run(
        [DEPLOY / "egg", egg],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "newscrawl: an egg with 14 spiders\n"
    return egg


def push(**told: str) -> subprocess.CompletedProcess[str]:
    """Do what `make deploy` does once it is set up, told by these variables alone."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SCRAPYD")}
    return subprocess.run(
        [DEPLOY / "push"],
        env={**own, **told}, capture_output=True, text=True, timeout=HANG, check=False,
    )  # fmt: skip


@dataclass
class Node:
    """A host with Scrapyd: what lies in /opt, /etc and /var/lib there is below `folder`."""

    folder: Path
    ledger: URL | None = None
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Lay the host out, as docs/operating.md does."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        for name in ("etc/newscrawl", "state", "home"):
            (self.folder / name).mkdir(parents=True)
        told = (DEPLOY / "environment").read_text(encoding="utf-8")
        told = re.sub(r"^SCRAPYD=.*$", f"SCRAPYD={self.url}", told, flags=re.M)
        told = told.replace("USERNAME=newscrawl\n", f"USERNAME={USER}\n")
        told += f"SCRAPYD_PASSWORD={PASSWORD}\nNEWSCRAWL_CONTACT=test@example.org\n"
        if self.ledger:
            told += f"NEWSCRAWL_LEDGER_URL={text_of(self.ledger)}\n"
        (self.folder / "etc/newscrawl/environment").write_text(self.placed(told), encoding="utf-8")
        conf = (DEPLOY / "scrapyd.conf").read_text(encoding="utf-8")
        (self.folder / "state/scrapyd.conf").write_text(self.placed(conf), encoding="utf-8")
        # Read after the shipped one.
        (self.folder / "home/.scrapyd.conf").write_text(
            f"[scrapyd]\nhttp_port = {self.port}\npoll_interval = 0.2\n", encoding="utf-8"
        )
        self.environment = {
            name: value
            for name, _, value in (line.partition("=") for line in self.placed(told).splitlines())
            if value and name[0] != "#"
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def client(self) -> ScrapydClient:
        return ScrapydClient(self.url, USER, PASSWORD)

    @property
    def output(self) -> Path:
        return self.folder / "state" / "output"

    def placed(self, text: str) -> str:
        """Return a text of deploy/ with this host's folders."""
        for there, here in {
            "/opt/newscrawl/.venv/bin": Path(sys.executable).parent,
            "/opt/newscrawl": ROOT,
            "/etc/newscrawl": self.folder / "etc/newscrawl",
            "/var/lib/newscrawl": self.folder / "state",
        }.items():
            text = text.replace(there, str(here))
        return text

    def _of_unit(self, unit: Unit, **more: str) -> dict[str, Any]:
        """Return where and with what a unit's command runs: nothing of the test's own."""
        service = unit["Service"]
        pairs = shlex.split(self.placed(service.get("Environment", "")))
        own = dict(pair.split("=", 1) for pair in pairs)
        base = {"PATH": os.environ["PATH"], "HOME": str(self.folder / "home")}
        assert self.placed(service["EnvironmentFile"]) == f"{self.folder}/etc/newscrawl/environment"
        return {
            "cwd": self.placed(service["WorkingDirectory"]),
            "env": {**base, **self.environment, **own, **more},
        }

    def start(self, **environment: str) -> None:
        """Start Scrapyd as its unit does."""
        unit = Unit("scrapyd.service")
        line = shlex.split(self.placed(unit["Service"]["ExecStart"]))
        with (self.folder / "scrapyd.log").open("ab") as log:
            self.process = subprocess.Popen(
                line, stdout=log, stderr=log, **self._of_unit(unit, **environment)
            )

    def wait(self) -> None:
        """Wait until Scrapyd answers."""

        def answers() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            with suppress(requests.ConnectionError):
                return bool(self.client.daemonstatus())
            return False

        wait_for(answers, "Scrapyd")

    def said(self) -> str:
        """Return Scrapyd's own log."""
        return (self.folder / "scrapyd.log").read_text(encoding="utf-8")

    def deploy(self) -> str:
        """Deploy as a person does; return what was said."""
        told = {"SCRAPYD_USERNAME": USER, "SCRAPYD_PASSWORD": PASSWORD}
        line = ["make", "--no-print-directory", "deploy", f"SCRAPYD={self.url}"]
        done = subprocess.run(
            line, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True,
            timeout=HANG, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def push(self, password: str) -> subprocess.CompletedProcess[str]:
        """Do what `make deploy` does, with any password."""
        return push(SCRAPYD=self.url, SCRAPYD_USERNAME=USER, SCRAPYD_PASSWORD=password)

    def take(self, egg: Path) -> None:
        """Deploy an egg that was built before."""
        answer = requests.post(
            f"{self.url}/addversion.json", data={"project": "newscrawl", "version": "1"},
            files={"egg": egg.read_bytes()}, auth=(USER, PASSWORD), timeout=HANG,
        )  # fmt: skip
        assert answer.json()["spiders"] == 14

    def by_unit(self, spider: str, *arguments: str) -> str:
        """Schedule with the command of newscrawl@.service and further arguments; return the job."""
        unit = Unit("newscrawl@.service")
        line: str = self.placed(unit["Service"]["ExecStart"]).replace("%i", spider)
        return self._job([*shlex.split(line), *with_arg(arguments)], **self._of_unit(unit))

    def by_cron(self, spider: str, *arguments: str) -> str:
        """Schedule with a crontab's line and further arguments; return the job."""
        line = next(self.placed(line) for _, line in cron() if f" {spider} " in line)
        line = line.replace(f" {spider} ", f" {spider} {shlex.join(with_arg(arguments))} ")
        # Cron knows nothing but these, and would mail what is printed.
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder / "home")}
        before = {job["id"] for job in self._jobs()}
        said = subprocess.run(
            ["/bin/sh", "-c", line], cwd="/", env=bare, capture_output=True, text=True, check=True
        )
        assert not said.stdout
        assert not said.stderr
        (job,) = {job["id"] for job in self._jobs()} - before
        return str(job)

    def _job(self, line: list[str], **how: Any) -> str:
        done = subprocess.run(line, capture_output=True, text=True, check=False, **how)
        assert done.returncode == 0, done.stdout + done.stderr
        return str(done.stdout.split()[-1])

    def _jobs(self) -> list[dict[str, Any]]:
        states = self.client.jobs("newscrawl")
        return [job for name in ("pending", "running", "finished") for job in states[name]]

    def finish(self, *jobs: str) -> None:
        """Wait until jobs are over."""
        for job in jobs:
            wait_for(
                lambda job=job: self.client.status(job)["currstate"] == "finished",  # type: ignore[misc]
                f"the end of {job}",
            )

    def log(self, spider: str, job: str) -> str:
        """Return a job's log."""
        path = self.folder / "state/scrapyd/logs/newscrawl" / spider / f"{job}.log"
        return path.read_text(encoding="utf-8")

    def writes(self, spider: str, lines: int = 1) -> None:
        """Wait until a dump grows."""
        wait_for(
            lambda: sum(p.read_bytes().count(b"\n") for p in self._growing(spider)) >= lines,
            f"{lines} lines of {spider}",
        )

    def _growing(self, spider: str) -> list[Path]:
        return sorted((self.output / spider).glob("*.part"))

    def found(self, spider: str) -> Ordeal:
        """Read the spider's dumps."""
        found = Ordeal()
        read(self.output / spider, found)
        return found

    def kill(self) -> None:
        """Kill -9 Scrapyd and its jobs, as the end of a machine does."""
        assert self.process is not None
        running = [job["pid"] for job in self.client.jobs("newscrawl")["running"]]
        self.process.kill()
        self.process.wait()
        for number in running:
            os.kill(number, signal.SIGKILL)

    def stop(self) -> None:
        """End what a test has left, at once."""
        if self.process is None or self.process.poll() is not None:
            return
        try:
            if self.client.projects():
                self.kill()
        finally:
            self.process.kill()
            self.process.wait()


def with_arg(arguments: tuple[str, ...]) -> list[str]:
    """Return arguments as scrapyd-client takes them."""
    return [text for argument in arguments for text in ("--arg", argument)]


@contextmanager
def node(folder: Path, ledger: URL | None = None) -> Iterator[Node]:
    """Give a host whose Scrapyd answers; kill what is left of it."""
    found = Node(folder, ledger)
    try:
        found.start()
        found.wait()
        yield found
    finally:
        found.stop()
