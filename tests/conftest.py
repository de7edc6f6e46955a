"""What all tests share: their order and how hard generated input tries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.support.chromium import chromium
from tests.support.input_counts import FUZZ, InputCounter
from tests.support.measured import MEMORY
from tests.support.postgres import postgres
from tests.support.preloaded import CRAWLS
from tests.support.preloaded_twin import PreloadedLauncher
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

# A deadline would measure the machine; pytest's timeout bounds a test that hangs.
settings.register_profile("newscrawl", deadline=None)
settings.register_profile(
    FUZZ,
    deadline=None,
    max_examples=20_000,
    suppress_health_check=[HealthCheck.too_slow],
)
# On CI Hypothesis chooses its own repeatable profile; that one stays.
if settings.get_current_profile_name() == "default":
    settings.load_profile("newscrawl")

TwinProcess.launcher = PreloadedLauncher()

# Tests ask for them by their names.
__all__ = ["chromium", "postgres"]
_LATER = ("e2e", "slow")
_ROW = re.compile(r"test_(?:row_\d+|d\d+)_")


def pytest_configure(config: pytest.Config) -> None:
    """Count the inputs of generated-input tests."""
    config.pluginmanager.register(InputCounter())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put fast tests first, then those that crawl, then the slow ones, each as collected."""
    items.sort(key=_rank)


@pytest.fixture(autouse=True)
def memory_of_hostile_rows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Bound the memory of every crawl in a test of what the open web does to a crawler."""
    if not _ROW.match(request.node.name):
        yield
        return
    CRAWLS.clear()
    yield
    above = [(line, f"{peak >> 20} MiB") for line, peak in CRAWLS if peak > MEMORY]
    assert above == []


def _rank(item: pytest.Item) -> int:
    return max(
        (_LATER.index(m.name) + 1 for m in item.iter_markers() if m.name in _LATER), default=0
    )
