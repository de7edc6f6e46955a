"""Every input of the corpus is read as its target promises; each target has some."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.fuzzing import seeds
from tests.fuzzing.__main__ import CORPUS, NAMES
from tests.fuzzing.targets import TARGETS
from tests.support.cost import at_most
from tests.support.crawling import ROOT

_MOST_SECONDS = 5
"""Processor time for an input of at most 60 kB."""


def test_each_target_has_a_corpus() -> None:
    assert [*TARGETS] == [*NAMES]
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(TARGETS)
    assert all(any((CORPUS / name).iterdir()) for name in TARGETS)


@pytest.mark.parametrize("name", TARGETS)
def test_the_corpus_is_read(name: str) -> None:
    for path in sorted((CORPUS / name).iterdir()):
        with at_most(_MOST_SECONDS):
            TARGETS[name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_begins_with_inputs_that_it_accepts(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(name)
    assert seeds.write(name, folder)
    for path in sorted(folder.iterdir())[:20]:
        TARGETS[name](path.read_bytes())


@pytest.mark.parametrize(
    ("options", "text"),
    [(["everything"], "no target is called 'everything'"), (["--minutes", "0"], "above 0")],
)
def test_a_mistake_is_one_line(options: list[str], text: str) -> None:
    line = [sys.executable, "-m", "tests.fuzzing", *options]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert text in done.stderr.splitlines()[-1]
