"""What a run leaves behind, prints or shows in the process list holds no secret."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import pytest

from tests.support import archives
from tests.support.chromium import descendants
from tests.support.crawling import ROOT
from tests.support.http_proxy import HttpProxy
from tests.support.killing import words
from tests.support.postgres import text_of
from tests.support.waiting import HANG
from twin.process import TwinProcess

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

pytestmark = pytest.mark.e2e
SECRET = "geheim-4711"  # noqa: S105 - searched for
# Alerts to a closed port fail, which is named with an error.
CLOSED = "127.0.0.1:9"
ALERTS = {
    "NEWSCRAWL_ALERTS": "exit_code,email,slack,telegram,sentry,webhook",
    "NEWSCRAWL_SMTP_URL": f"smtp://alarm:{SECRET}@{CLOSED}",
    "NEWSCRAWL_EMAIL_TO": "redazione@ricerca.example",
    "NEWSCRAWL_SLACK_WEBHOOK": f"http://{CLOSED}/services/{SECRET}",
    "NEWSCRAWL_TELEGRAM_API": f"http://{CLOSED}",
    "NEWSCRAWL_TELEGRAM_TOKEN": f"12345:{SECRET}",
    "NEWSCRAWL_TELEGRAM_CHAT": "5",
    "NEWSCRAWL_SENTRY_DSN": f"http://{SECRET}@{CLOSED}/1",
    "NEWSCRAWL_WEBHOOK_URL": f"http://{CLOSED}/hooks/{SECRET}",
    "NEWSCRAWL_WEBHOOK_TOKEN": SECRET,
}


def run(line: list[str], output: Path, environment: dict[str, str]) -> tuple[int, str, list[str]]:
    """Run a command to its end; return its code, what it printed, and the process list meanwhile.

    The process list has the command's children, and not itself: a test may give it a secret.
    """
    listed: set[str] = set()
    deadline = time.monotonic() + HANG
    with TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *line],
            cwd=ROOT,
            env={**os.environ, "NEWSCRAWL_OUTPUT": str(output), **environment},
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            while process.poll() is None:
                assert time.monotonic() < deadline, "the crawl hangs"
                for pid in descendants(process.pid):
                    with suppress(OSError):
                        listed.add(Path(f"/proc/{pid}/cmdline").read_text())
                time.sleep(0.05)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        printed.seek(0)
        return process.returncode, printed.read().decode(), sorted(listed)


def leaks(folder: Path, *texts: str) -> list[str]:
    """Return where the secret stands in the files of a folder and in texts, also in base64."""
    encoded = base64.b64encode(f"nutzer:{SECRET}".encode())
    forms = (SECRET.encode(), encoded)
    files = {str(path): archives.plain_bytes(path) for path in folder.rglob("*") if path.is_file()}
    assert files
    files |= {text[:2_000]: text.encode() for text in texts}
    return [name for name, content in files.items() if any(form in content for form in forms)]


@pytest.mark.soak
@pytest.mark.parametrize("log_json", ["0", "1"])
def test_a_run_with_every_kind_of_secret_leaves_none(
    log_json: str, postgres: URL, chromium: str, tmp_path: Path
) -> None:
    ledger = text_of(postgres.set(password=SECRET))
    assert SECRET in ledger
    with TwinProcess(size=60) as twin, HttpProxy(twin.url) as proxy:
        twin.set_faults([{"kind": "status", "value": 500, "path": "/2026/1"}])
        code, printed, listed = run(
            [*words("alanews", twin.url, LOG_LEVEL="DEBUG", RETRY_TIMES=0), "-a", "render=always"],
            tmp_path,
            {
                **ALERTS,
                "NEWSCRAWL_ARCHIVE": "warc",
                "NEWSCRAWL_LEDGER_URL": ledger,
                "NEWSCRAWL_LOG_JSON": log_json,
                "NEWSCRAWL_LOG": "file" if log_json == "1" else "",
                "NEWSCRAWL_BROWSER": chromium,
                "http_proxy": proxy.url.replace("http://", f"http://nutzer:{SECRET}@"),
                "no_proxy": "",
            },
        )
        assert any("proxy-authorization" in visit.headers for visit in proxy.visits)
    # Pages failed, so that every alert was sent, and failed.
    assert code != 0
    logs = "".join(path.read_text() for path in tmp_path.rglob("*.log"))
    for channel in ("email", "slack", "telegram", "sentry", "webhook"):
        assert f"Alert not sent by {channel}" in printed + logs
    assert any("chrom" in line for line in listed)
    assert leaks(tmp_path, printed, *listed) == []
    assert leaks(tmp_path, f"a proxy of nutzer:{SECRET}") == [f"a proxy of nutzer:{SECRET}"]


@pytest.mark.parametrize(
    "options",
    [
        ["-o", f"ftp://nutzer:{SECRET}@{CLOSED}/articles.jsonl"],
        ["-s", f"LEDGER_URL=postgresql://nutzer:{SECRET}@{CLOSED}/news"],
        ["-s", f"FTP_PASSWORD={SECRET}"],
        ["-s", f"WEBHOOK_TOKEN={SECRET}", "-s", f"WEBHOOK_URL=http://{CLOSED}/{SECRET}"],
    ],
    ids=["feed", "ledger", "ftp", "webhook"],
)
def test_a_secret_on_the_command_line_is_named_and_not_repeated(
    options: list[str], tmp_path: Path
) -> None:
    with TwinProcess(size=60) as twin:
        line = [*words("esteri", twin.url, LOG_LEVEL="DEBUG"), *options]
        _, printed, listed = run(line, tmp_path, {"NEWSCRAWL_ALERTS": "webhook"})
    (tmp_path / "printed").write_text(printed)
    assert "on the command line shows a secret to all users of this machine" in printed
    assert leaks(tmp_path, *listed) == []
