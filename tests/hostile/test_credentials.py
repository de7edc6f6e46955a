"""D5 of the hostile web: user names and passwords in what is typed, and in redirects."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.support import measured, preloaded
from tests.support.front import Front, answer
from tests.support.victim import Victim, check

if TYPE_CHECKING:
    from pathlib import Path

    from twin.process import TwinProcess

pytestmark = pytest.mark.e2e
SIZE = 60
PASSWORD = "s3gretissimo"  # noqa: S105 - a test's
FORMS = (
    f"http://pippo:{PASSWORD}@127.0.0.1:9/",
    f"http://pippo:{PASSWORD}{'x' * 200}@127.0.0.1:9/",
    f"http://pippo:{PASSWORD}/1@127.0.0.1:9/",
    f"http://{PASSWORD}@127.0.0.1:9/",
)
_URL = re.compile(r"\bURL\b")
COMMANDS = (
    "crawl esteri -a site_url=URL",
    "crawl wordpress -a site_url=URL",
    "crawl wordpress -a site=URL",
    "crawl wordpress -a site_url=http://127.0.0.1:9 -a section=URL",
    "crawl alanews -a source=rest -a site_url=URL",
    "crawl esteri -a urls=URL",
    *(f"crawl esteri -a {name}=URL" for name in (
        "since", "until", "pages", "related", "discover", "render", "known", "source", "order",
    )),
    "crawl esteri -a URL=1",
    "crawl URL",
    "crawl esteri -s DOWNLOAD_DELAY=URL",
    "crawl esteri -s LEDGER_URL=URL",
    "probe URL",
    "probe http://127.0.0.1:9 --write URL",
    "coverage esteri -a site_url=URL",
    "coverage wordpress -a site=URL",
    "coverage URL",
    "coverage esteri URL",
    "coverage esteri --since URL",
    "rights URL",
    "ledger why URL",
    "ledger why alanews:1 --site-url URL",
    "ledger status -a site_url=URL",
    "ledger status --site URL",
    "ledger status --spider URL",
    "ledger retry --reason URL",
    "ledger URL",
    "export esteri --to URL",
    "report URL",
    "runs URL",
    "validate URL",
    "validate --max-errors URL",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_d5_what_is_typed_is_refused_and_its_password_not_printed(
    command: str, tmp_path: Path
) -> None:
    for form in FORMS:
        words = [_URL.sub(form, word) for word in command.split()]
        done = preloaded.run(words, {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)})
        printed = done.stdout + done.stderr
        assert done.returncode != 0, printed
        assert PASSWORD not in printed
        assert "Traceback" not in printed
        assert done.stderr.startswith("newscrawl: "), printed
    assert not any(PASSWORD in str(path) for path in tmp_path.rglob("*"))


def test_d5_passwords_of_redirects_are_not_written(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    victim = Victim.of(twin.url, SIZE)
    targets = [
        f"http://pippo:{PASSWORD}@{urlsplit(front.url).netloc}{victim.path}",
        f"http://pippo:{PASSWORD}@altro.example/",
        f"http://pippo:{PASSWORD}@localhost:9/",
    ]
    for number, target in enumerate(targets):
        front.answers[victim.pattern] = answer("", status=302, Location=target)
        run = measured.crawl("esteri", tmp_path / str(number), site_url=front.url)
        check(run, run.code, victim.others, "Not fetched (")
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert files
        assert PASSWORD not in run.stdout + run.stderr
        assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]
        (line,) = [text for text in run.stderr.splitlines() if "Not fetched (" in text]
        assert "***@" in line
        assert len([path for path in front.paths if path.endswith(victim.path)]) == number + 1


def test_d5_the_history_of_an_address_with_a_password_is_refused(
    front: Front, twin: TwinProcess, tmp_path: Path
) -> None:
    victim = Victim.of(twin.url, SIZE)
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 0, victim.all)
    url = next(line["url"] for line in run.articles if line["id"] == victim.id)
    typed = f"http://pippo:{PASSWORD}@{urlsplit(front.url).netloc}{urlsplit(url).path}"
    for options in ([], ["--json"]):
        words = ["ledger", "why", typed, "--site-url", front.url, *options]
        done = preloaded.run(words, {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)})
        assert (done.returncode, done.stdout) == (2, "")
        assert "is not an address of" in done.stderr
        assert PASSWORD not in done.stderr
        assert "pippo" not in done.stderr
