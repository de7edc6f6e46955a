"""Without its extra `newscrawl.bulk` is imported, and says what to install."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.crawling import ROOT

HIDDEN = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "datatrove":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hidden())
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", HIDDEN + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "code", ["import newscrawl.bulk\nnewscrawl.bulk.Extract", "from newscrawl.bulk import Extract"]
)
def test_the_block_says_in_one_line_what_to_install(code: str) -> None:
    last = run(code).stderr.splitlines()[-1]
    assert last == (
        "ImportError: newscrawl.bulk.Extract: datatrove is not installed: python -m pip install "
        "-r requirements-bulk.txt -r requirements-export.txt"
    )


def test_the_recipe_says_in_one_line_what_to_install() -> None:
    done = run("import runpy; runpy.run_module('newscrawl.bulk.recipe', run_name='__main__')")
    assert done.returncode == 1
    assert done.stderr == (
        "newscrawl.bulk.recipe: datatrove is not installed: python -m pip install "
        "-r requirements-bulk.txt -r requirements-export.txt\n"
    )


def test_without_the_block_nothing_of_the_extra_is_imported() -> None:
    done = run(
        "import newscrawl.bulk, newscrawl.bulk.extraction_run; print('datatrove' in sys.modules)"
    )
    assert done.stdout == "False\n"


def test_there_is_nothing_else_in_the_package() -> None:
    assert "has no attribute 'Extracts'" in run("import newscrawl.bulk as b\nb.Extracts").stderr
