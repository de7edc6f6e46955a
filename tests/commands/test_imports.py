"""What `scrapy list` imports: Scrapy imports every command and every spider at each start."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.crawling import ROOT

HEAVY = frozenset({
    "dateparser", "duckdb", "jinja2", "jsonschema_rs", "playwright", "pyarrow", "rensa", "rich",
    "scrapy_playwright", "smtplib", "spidermon", "sqlalchemy", "trafilatura", "vl_convert",
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
