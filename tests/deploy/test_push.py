"""`make deploy` to a Scrapyd that has no password: on loopback, or when it is said explicitly."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.support.crawling import ROOT
from tests.support.waiting import HANG


def push(url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    names = ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD", "SCRAPYD_OPEN")
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    return subprocess.run(
        ["deploy/push"],  # noqa: S607 - of this repository
        cwd=ROOT,
        env={**inherited, "SCRAPYD": url, **variables},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1:6800", "http://127.0.0.1.example.org:6800", "http://localhost.org"]
)
def test_elsewhere_a_password_or_an_explicit_word_is_needed(url: str) -> None:
    done = push(url)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "SCRAPYD_OPEN=yes" in line


@pytest.mark.soak
@pytest.mark.e2e
def test_on_loopback_a_warning_is_enough() -> None:
    done = push("http://127.0.0.1:1")
    warning, error = done.stderr.splitlines()
    assert "no password for http://127.0.0.1:1" in warning
    assert "it cannot be reached" in error
    assert done.returncode == 1
