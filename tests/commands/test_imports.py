"""What `scrapy list` and a crawl import: Scrapy imports every command and spider at each start."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from pathlib import Path

HEAVY = frozenset({
    "dateparser", "duckdb", "jinja2", "jsonschema_rs", "playwright", "pyarrow", "rensa", "rich",
    "scrapy_playwright", "smtplib", "spidermon", "sqlalchemy", "trafilatura", "vl_convert",
    "wacz", "warcio",
})  # fmt: skip
"""Libraries that one command or a run needs, and a start does not."""

LIST = """
from scrapy.cmdline import execute
try:
    execute(["scrapy", "list"])
except SystemExit as exit:
    assert not exit.code
"""
SPIDERS = "import newscrawl.spiders.alanews"


@pytest.mark.parametrize("code", [LIST, SPIDERS], ids=["scrapy list", "spiders"])
def test_a_start_imports_no_library_that_only_one_command_or_a_run_needs(code: str) -> None:
    code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    imported = done.stderr.split()
    assert "newscrawl.spiders.alanews" in imported
    assert HEAVY & set(imported) == set()


OFF = frozenset({"aiohttp", "psycopg", "requests", "sqlalchemy.dialects.postgresql", "tldextract"})
"""What only components need that are switched off, and ledgers in PostgreSQL."""
CRAWL = """
from scrapy.cmdline import execute
try:
    execute(["scrapy", "crawl", "alanews", "-asite_url=http://127.0.0.1:9", "-sRETRY_TIMES=0"])
except SystemExit:
    pass
"""


def test_a_crawl_imports_nothing_for_components_that_are_switched_off(tmp_path: Path) -> None:
    code = f"import sys\n{CRAWL}\nprint('imported', *sys.modules)"
    environment = {**os.environ, "NEWSCRAWL_OUTPUT": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "site_unreachable" in done.stderr
    imported = done.stdout.splitlines()[-1].split()
    assert {"imported", "sqlalchemy", "twisted.web.client"} <= {*imported}
    assert OFF & {*imported} == set()
