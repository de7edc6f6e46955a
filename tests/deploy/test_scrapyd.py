"""A real Scrapyd, configured, started, deployed to and scheduled as deploy/ says."""

from __future__ import annotations

import re
from pathlib import Path
from pkgutil import get_data
from typing import TYPE_CHECKING

import pytest
import requests

from tests.support.nodes import PASSWORD, USER, Node, build, node
from tests.support.truth import differences
from tests.support.waiting import HANG, slow_articles, wait_for
from twin import truth
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL

    from tests.support.killing import Ordeal

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
# Loopback needs no politeness, and a run that is stopped fetches what it has in hand.
FAST = (
    "setting=AUTOTHROTTLE_ENABLED=False",
    "setting=DOWNLOAD_DELAY=0",
    "setting=CONCURRENT_REQUESTS=2",
    f"setting=DOWNLOAD_TIMEOUT={HANG:g}",
)


@pytest.fixture(scope="module")
def twin() -> Iterator[TwinProcess]:
    with TwinProcess(size=120) as twin:
        yield twin


@pytest.fixture(scope="module")
def egg(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("egg"))


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, egg: Path) -> Iterator[Node]:
    with node(tmp_path_factory.mktemp("hosts") / "host") as host:
        host.take(egg)
        yield host


def is_whole(found: Ordeal, twin: TwinProcess, section: str | None = None) -> None:
    """Check that dumps hold each article of a section, or of the site, once and as it is."""
    wanted = truth.expected(twin.content(), Switches(), section)
    assert sorted(line["id"] for line in found.lines) == sorted(wanted)
    assert not found.left_over
    assert not differences(found.lines, twin.content(), Switches())


@pytest.mark.soak
def test_from_deploy_to_the_first_scheduled_crawl(tmp_path: Path, twin: TwinProcess) -> None:
    with node(tmp_path / "host") as host:
        assert "an egg with 14 spiders" in host.deploy()
        arguments = (f"site_url={twin.url}", "related=off", *FAST)
        with slow_articles(twin, 1):
            first = host.by_unit("esteri", *arguments)
            host.writes("esteri")
            # A run that comes while the one before is at work.
            with slow_articles(twin, HANG):
                second = host.by_cron("esteri", *arguments)
                host.finish(second)
        host.finish(first)
        assert host.client.projects() == ["newscrawl"]
        assert len(host.client.spiders("newscrawl")) == 14
        is_whole(host.found("esteri"), twin, "esteri")
        assert "finish_reason': 'finished'" in host.log("esteri", first)
        assert "finish_reason': 'locked'" in host.log("esteri", second)
        assert host.said().count("Process died: exitstatus=13") == 1
        # Nothing lies outside of the folders that were given.
        written = {path.name for path in (host.folder / "state").iterdir()}
        assert written == {"output", "scrapyd", "scrapyd.conf"}


@pytest.mark.soak
def test_a_crawl_cancelled_and_a_crawl_killed_with_scrapyd_lose_nothing(
    host: Node, twin: TwinProcess
) -> None:
    arguments = (f"site_url={twin.url}", *FAST)
    with slow_articles(twin, 1):
        cancelled = host.by_unit("cronaca", *arguments)
        host.writes("cronaca")
        (running,) = host.client.jobs("newscrawl")["running"]
        told = Path(f"/proc/{running['pid']}/environ").read_bytes()
        assert b"NEWSCRAWL_OUTPUT=" in told
        assert PASSWORD.encode() not in told
        assert host.client.cancel("newscrawl", cancelled)["prevstate"] == "running"
        host.finish(cancelled)
        before = len(host.found("cronaca").lines)
        assert before
        killed = host.by_unit("cronaca", *arguments)
        host.writes("cronaca")
        host.kill()
    assert list((host.output / "cronaca").glob("*.part"))
    host.start()
    host.wait()
    host.finish(host.by_unit("cronaca", *arguments))
    is_whole(host.found("cronaca"), twin, "cronaca")
    assert len(host.found("cronaca").lines) > before
    # What had run before the kill is still known.
    assert host.client.status(cancelled)["currstate"] == "finished"
    assert host.client.status(killed)["currstate"] is None


@pytest.mark.soak
def test_a_series_has_one_job_at_a_time(host: Node, twin: TwinProcess) -> None:
    key = twin.url.removeprefix("http://").replace(":", "-")
    given = [tuple(argument.split("=", 1)) for argument in FAST]
    given += [("setting", "RECHECK_AGES="), ("site_url", twin.url)]

    def schedule(section: str) -> str:
        series = ("series", f"{key}.{section}")
        arguments = [*given, ("section", section), series]
        return str(host.client.schedule("newscrawl", "wordpress", arguments))

    with slow_articles(twin, 1):
        first = schedule("sport")
        other = schedule("esteri")
        host.writes(f"{key}.sport")
        # One of the same series is at work; that of another section is not in its way.
        assert schedule("sport") == first
        assert re.fullmatch(rf"{re.escape(key)}\.sport-\d{{4}}-\d\d-\d\dT[\d-]+Z", first)
        assert other != first
    host.finish(first, other)
    # Names are of the second.
    wait_for(lambda: schedule("sport") != first, "another job of the series")
    for bad in ("../x", "", "x" * 80):
        answer = requests.post(
            f"{host.url}/schedule.json",
            data={"project": "newscrawl", "spider": "wordpress", "series": bad},
            auth=(USER, PASSWORD),
            timeout=HANG,
        )
        assert "series: at most 79 letters" in answer.text


@pytest.mark.soak
def test_row_31_nobody_without_the_password_and_no_path_as_a_name(host: Node) -> None:
    shipped = get_data("scrapyd", "default_scrapyd.conf")
    assert shipped
    services = re.findall(r"^(\w+\.json)", shipped.decode(), re.M)
    assert len(services) > 10
    for name in (*services, "", "jobs", "logs/"):
        for auth in (None, (USER, ""), (USER, PASSWORD[:-1])):
            answer = requests.get(f"{host.url}/{name}", auth=auth, timeout=HANG)
            assert answer.status_code == 401, name
    refused = host.push(PASSWORD[:-1])
    assert refused.returncode == 1
    assert refused.stderr == (
        f"newscrawl: {host.url} did not take it: wrong SCRAPYD_USERNAME or SCRAPYD_PASSWORD\n"
    )
    before = _files(host)
    outside = ("../x", "..", "../../../../home/x", "/home/x")
    for bad in (*outside, "a/../../x", "%2e%2e/x", "..\\x", "", "."):
        _refused(host, "schedule", project=bad, spider="esteri")
        _refused(host, "schedule", project="newscrawl", spider=bad)
        _refused(host, "schedule", project="newscrawl", spider="esteri", jobid=bad)
    for bad in outside:
        files = {"egg": ("x.egg", _empty_zip())}
        _refused(host, "addversion", files, project=bad, version="1")
    log = f"{host.url}/logs/..%2f..%2f..%2fetc%2fnewscrawl%2fenvironment"
    assert requests.get(log, auth=(USER, PASSWORD), timeout=HANG).status_code == 404
    assert _files(host) == before
    assert host.client.daemonstatus()["pending"] == 0
    # Arguments become no file names either; a wrong one ends the run with one line.
    odd = ("since=../../../../home/x", "discover=%00", "pages=" + "9" * 400)
    host.finish(*(host.by_unit("esteri", argument) for argument in odd))
    new = {path.relative_to(host.folder) for path in {*_files(host)} - {*before}}
    assert all(str(path).startswith(("state/scrapyd/", "state/output")) for path in new), new
    assert not [path for path in new if ".json" in path.name]
    # Code 20 is that of a cancelled crawl.
    assert len(re.findall(r"Process died: exitstatus=2\b", host.said())) == len(odd)
    assert "is not an ISO date: write it as" in host.said()


def _empty_zip() -> bytes:
    return b"PK\x05\x06" + bytes(18)


def _refused(
    host: Node, service: str, files: dict[str, tuple[str, bytes]] | None = None, **data: str
) -> None:
    answer = requests.post(
        f"{host.url}/{service}.json", data=data, files=files, auth=(USER, PASSWORD), timeout=HANG
    )
    assert answer.json()["status"] == "error", (service, data, answer.text)


def _files(host: Node) -> list[Path]:
    return sorted(host.folder.parent.rglob("*"))


@pytest.mark.soak
def test_two_nodes_share_a_crawl_and_one_survives_the_other(
    tmp_path: Path, postgres: URL, egg: Path, twin: TwinProcess
) -> None:
    with node(tmp_path / "one", postgres) as one, node(tmp_path / "two", postgres) as two:
        for host in (one, two):
            host.take(egg)
        arguments = (f"site_url={twin.url}", *FAST)
        with slow_articles(twin, 1):
            jobs = [host.by_unit("alanews", *arguments) for host in (one, two)]
            for host in (one, two):
                host.writes("alanews")
            one.kill()
        assert list((one.output / "alanews").glob("*.part"))
        two.finish(jobs[1])
        assert "finish_reason': 'finished'" in two.log("alanews", jobs[1])
        # The dead node's dump gets its name when the node is back.
        one.start()
        one.wait()
        one.finish(one.by_unit("alanews", *arguments))
        found = [host.found("alanews") for host in (one, two)]
        assert all(part.lines for part in found)
        both = found[0]
        both.lines += found[1].lines
        is_whole(both, twin)


@pytest.mark.soak
def test_no_page_file_or_process_shows_a_secret(
    tmp_path: Path, postgres: URL, egg: Path, twin: TwinProcess
) -> None:
    secret = "geheim-4711"  # noqa: S105 - searched for
    with node(tmp_path / "host", postgres.set(password=secret)) as host:
        assert secret in host.environment["NEWSCRAWL_LEDGER_URL"]
        host.take(egg)
        arguments = (f"site_url={twin.url}", "setting=LOG_LEVEL=DEBUG", *FAST)
        with slow_articles(twin, 1):
            job = host.by_unit("esteri", *arguments)
            host.writes("esteri")
            (running,) = host.client.jobs("newscrawl")["running"]
            command = Path(f"/proc/{running['pid']}/cmdline").read_text()
        host.finish(job)
        pages = ["", "jobs", "logs/newscrawl/esteri/", f"logs/newscrawl/esteri/{job}.log"]
        shown = [
            requests.get(f"{host.url}/{page}", auth=(USER, PASSWORD), timeout=HANG).text
            for page in pages
        ]
        state = [path for path in (host.folder / "state").rglob("*") if path.is_file()]
        written = [path.read_bytes() for path in state]
        assert "finish_reason': 'finished'" in host.log("esteri", job)
    assert all(secret not in text and PASSWORD not in text for text in (command, *shown))
    assert all(f"{job}" in text for text in shown[2:3])
    assert not [
        path
        for path, content in zip(state, written, strict=True)
        if secret.encode() in content or PASSWORD.encode() in content
    ]


def test_row_31_without_a_password_scrapyd_does_not_start(tmp_path: Path) -> None:
    host = Node(tmp_path / "host")
    try:
        host.start(SCRAPYD_PASSWORD="")
        assert host.process
        assert host.process.wait(HANG) == 2
    finally:
        host.stop()
    (line,) = host.said().splitlines()
    assert line.startswith("newscrawl: SCRAPYD_PASSWORD not set")
