"""Pages that a script fills, crawled with a real Chromium and without one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support import visits
from tests.support.chromium import alive, command_line, descendants
from tests.support.crawling import ROOT, Crawl, crawl
from tests.support.front import Front
from tests.support.killing import Ordeal, command, environment, read
from tests.support.truth import differences
from tests.support.waiting import HANG, wait_for
from twin import addresses, truth
from twin.content import Content
from twin.model import Switches
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from twin.model import Post

pytestmark = pytest.mark.e2e

SIZE = 150
SWITCHES = Switches(script_pages=True, archive="scroll")
NOWHERE = {"PATH": "/nonexistent"}


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


@pytest.fixture(scope="module")
def process() -> Iterator[TwinProcess]:
    with TwinProcess(size=SIZE, switches=SWITCHES) as running:
        yield running


@pytest.fixture
def twin(process: TwinProcess) -> Iterator[TwinProcess]:
    process.reset()
    yield process
    process.set_faults([])


def stat(run: Crawl, name: str) -> int:
    """Return a counter of a run, from the end of its log."""
    found = re.search(rf"^[ {{]'{re.escape(name)}': (\d+)", run.stderr, re.M)
    return int(found[1]) if found else 0


def is_scripted(post: Post) -> bool:
    return post.format == "video" or len(post.pages) > 1


def plain(content: Content, count: int) -> list[Post]:
    """Return articles of one page whose text needs no script."""
    usual = (post for post in content.posts if not is_scripted(post))
    return [post for post in usual if "protected" not in post.edge_cases][:count]


def live(posts: list[Post]) -> str:
    return ",".join(truth.url(post, SWITCHES) for post in posts)


@pytest.mark.usefixtures("chromium")
def test_what_a_page_requests_says_who_we_are(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    post = next(post for post in content.posts if post.format == "video")
    with Front(twin.url) as front:
        run = crawl(
            "alanews",
            tmp_path,
            environment={"NEWSCRAWL_CONTACT": "crawl@ricerca.example"},
            site_url=front.url,
            urls=truth.url(post, SWITCHES),
        )
        assert [line["id"] for line in run.articles] == [truth.article_id(post)], run.stderr[-900:]
        by_browser = [visit for visit in front.visits if "sec-fetch-mode" in visit.headers]
        assert by_browser
        assert {visit.method for visit in by_browser} == {"GET"}
        assert {visit.headers.get("from") for visit in by_browser} == {"crawl@ricerca.example"}
        (agent,) = {visit.headers["user-agent"] for visit in front.visits}
        assert agent.startswith("newscrawl/")


@pytest.mark.soak
@pytest.mark.usefixtures("chromium")
def test_what_scripts_fill_is_read_like_any_other_page(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    run = crawl("sport", tmp_path, site_url=twin.url, discover="menu,archive")
    assert run.code == 0, run.stderr[-3000:]
    expected = truth.expected(content, SWITCHES, "sport")
    assert Counter(item["id"] for item in run.articles) == dict.fromkeys(expected, 1)
    assert differences(run.articles, content, SWITCHES) == []
    scripted = [post for post in content.posts if is_scripted(post)]
    scripted = [post for post in scripted if truth.article_id(post) in expected]
    assert any(len(post.pages) == 3 for post in scripted)
    assert len(expected) > 2 * 10 - 4, "the list loads twice at least"
    # The archive, and each page of each such article once.
    opened = 1 + sum(len(post.pages) for post in scripted)
    assert stat(run, "browser/pages") == opened
    assert f"  browser     {opened} pages\n" in run.stdout
    # What was fetched is what the browser is shown: no page is asked for twice.
    asked = Counter(path for _, path, _ in twin.requests())
    for post in scripted:
        assert asked[addresses.path(post, SWITCHES)] == 1
    assert not [path for path in asked if path.endswith((".jpg", ".png", ".css", ".woff2"))]
    assert "WARNING" not in run.stderr


@pytest.mark.soak
def test_never_starts_nothing(twin: TwinProcess, content: Content, tmp_path: Path) -> None:
    asked = next(post for post in content.posts if is_scripted(post))
    line = [*command("sport", twin.url), "-a", "render=never", "-a", f"urls={live([asked])}"]
    running = subprocess.Popen(
        line, cwd=ROOT, env=environment(tmp_path), stderr=subprocess.PIPE, text=True
    )
    seen: set[str] = set()
    while running.poll() is None:
        seen |= {command_line(pid) for pid in descendants(running.pid)}
        time.sleep(0.02)
    _, log = running.communicate()
    assert running.returncode == 0, log
    # Scrapy logs the processor's name; before it is itself, a child bears its parent's line.
    assert seen <= {"", "uname -p", " ".join(line)}
    assert "Not an article (needs_browser)" in log
    assert "Chromium was not found" not in log


def test_without_a_browser_it_is_said_once_what_is_left_out(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    scripted = [post for post in content.posts if is_scripted(post)][:3]
    usual = plain(content, 2)
    run = crawl(
        "alanews", tmp_path, site_url=twin.url, urls=live(scripted + usual), environment=NOWHERE
    )
    assert run.code == 0, run.stderr[-2000:]
    assert {item["id"] for item in run.articles} == {truth.article_id(post) for post in usual}
    assert run.rejected == []
    assert run.stderr.count("Chromium was not found: apt-get install chromium") == 1
    assert run.stderr.count("Not an article (needs_browser)") == 3
    assert "  browser     0 pages, 3 skipped (no_browser 3)\n" in run.stdout
    archive = crawl("calcio", tmp_path, site_url=twin.url, environment=NOWHERE)
    assert "Archive of calcio ends at page 1: needs_browser" in archive.stderr


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        ({"render": "always"}, NOWHERE, "render=always needs Chromium, which was not found"),
        ({}, {"NEWSCRAWL_BROWSER": "/no/such"}, "NEWSCRAWL_BROWSER=/no/such is not a program"),
    ],
)
def test_a_browser_that_is_not_there_is_one_line(
    arguments: dict[str, object], variables: dict[str, str], words: str, tmp_path: Path
) -> None:
    run = crawl("esteri", tmp_path, arguments=arguments, environment=variables)
    assert run.code == 2
    assert words in run.stderr
    assert len(run.stderr.splitlines()) == 1


@pytest.mark.usefixtures("chromium")
def test_always_opens_each_page(twin: TwinProcess, content: Content, tmp_path: Path) -> None:
    posts = plain(content, 2)
    run = crawl("alanews", tmp_path, site_url=twin.url, urls=live(posts), render="always")
    assert {item["id"] for item in run.articles} == {truth.article_id(post) for post in posts}
    assert differences(run.articles, content, SWITCHES) == []
    assert stat(run, "browser/pages") == 2


# What a page may do to whoever opens it, and still be read.
HOSTILE: dict[str, str] = {
    "endless": "setInterval(function () { fetch('/wp-json/?' + Math.random()); }, 30);",
    "rude": (
        "open('/chi-siamo/'); location = '/redazione/'; var a = document.createElement('a');"
        "a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'x.exe'; a.click();"
        "alert(1); confirm(2); onbeforeunload = function () { return 'no'; };"
    ),
    "nosy": (
        "fetch('{other}/'); fetch('http://169.254.169.254/latest/'); fetch('file:///etc/passwd');"
        "new WebSocket('{socket}/'); fetch('{redirect}'); navigator.sendBeacon('/wp-json/', 'x');"
        "fetch('/wp-admin/options.php'); document.body.appendChild(document.createElement("
        "'iframe')).src = '{other}/';"
    ),
}


@pytest.mark.soak
@pytest.mark.usefixtures("chromium")
def test_row_28_a_hostile_page_gets_nowhere(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    posts = [post for post in content.posts if is_scripted(post) and len(post.pages) == 1]
    victims = dict(zip(HOSTILE, posts, strict=False))
    with TwinProcess(size=50) as other:
        places = {
            "{other}": other.url,
            "{socket}": other.url.replace("http", "ws"),
            "{redirect}": "/wp-json/gone/",
        }
        faults: list[dict[str, Any]] = [
            {"kind": "redirect", "path": "/wp-json/gone/", "value": f"{other.url}/robots.txt"}
        ]
        for name, post in victims.items():
            script = re.sub("|".join(places), lambda mark: places[mark[0]], HOSTILE[name])
            faults.append({"kind": "script", "path": post.slug, "value": script})
        twin.set_faults(faults)
        asked = live(list(victims.values()))
        run = crawl("alanews", tmp_path, site_url=twin.url, urls=asked)
        assert other.requests() == []
    assert run.code == 0, run.stderr[-3000:]
    assert {item["id"] for item in run.articles} == {*map(truth.article_id, victims.values())}
    assert differences(run.articles, content, SWITCHES) == []
    # A redirect is not a request of the page: only the proxy sees where it leads.
    for kind in ("popup", "navigation", "dialog", "address_blocked", "robots", "ping"):
        assert stat(run, f"browser/blocked/{kind}"), kind
    seen = [path for _, path, _ in twin.requests()]
    assert "/wp-json/gone/" in seen
    assert not [path for path in seen if path.startswith(("/chi-siamo", "/redazione", "/wp-admin"))]
    assert "Traceback" not in run.stderr


@pytest.mark.soak
@pytest.mark.slow
@pytest.mark.usefixtures("chromium")
def test_row_28_a_page_that_breaks_the_browser_gives_its_memory_back(
    twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    hoarder = "<script>var a = []; for (;;) a.push(new Array(1e6).fill(a.length));</script>"
    steps = ["", "", hoarder, visits.HUNG, "", visits.IDLE, "", visits.KILL, "", visits.KILL, ""]
    post = next(post for post in content.posts if is_scripted(post))
    line = [sys.executable, "-m", "tests.support.visits", twin.url]
    line += [addresses.path(post, SWITCHES), json.dumps(steps)]
    # A driver that is killed leaves its folders.
    variables = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        line, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=HANG, check=True
    )
    told = [json.loads(text) for text in done.stdout.splitlines()]
    assert [one["outcome"] for one in told] == [
        "filled", "filled", "crashed", "deadline", "filled", visits.IDLE, "filled",
        visits.KILL, "filled", visits.KILL, "given_up",
    ]  # fmt: skip
    before, after, idle = told[1], told[4], told[5]
    assert after["memory"] < 1.2 * before["memory"] + 20
    assert idle["processes"] == 0


@pytest.mark.usefixtures("chromium")
@pytest.mark.parametrize(
    "how", [pytest.param(signal.SIGKILL, marks=pytest.mark.soak), signal.SIGINT]
)
def test_however_a_run_ends_no_browser_is_left(
    how: signal.Signals, twin: TwinProcess, content: Content, tmp_path: Path
) -> None:
    posts = [post for post in content.posts if is_scripted(post)][:3]
    line = [*command("alanews", twin.url), "-a", f"urls={live(posts)}"]
    running = subprocess.Popen(
        line,
        cwd=ROOT,
        env=environment(tmp_path),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # As a shell does: a Ctrl-C reaches the browser and its driver, too.
        start_new_session=True,
    )
    below: set[int] = set()

    def has_a_browser() -> bool:
        assert running.poll() is None, "ended without a browser"
        below.update(descendants(running.pid))
        return len(descendants(running.pid)) >= 5

    wait_for(has_a_browser, "a browser")
    if how is signal.SIGKILL:
        running.kill()
    else:
        os.killpg(running.pid, how)
    below |= descendants(running.pid)
    running.wait(HANG)
    assert alive(below) == set()
    if how is signal.SIGINT:
        return
    again = subprocess.run(
        line,
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    found = Ordeal()
    read(tmp_path / "alanews", found)
    assert {one["id"] for one in found.lines} == {truth.article_id(post) for post in posts}
    assert found.doubled() == []
