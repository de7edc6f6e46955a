"""A twin for a module's tests, of the module's own SIZE; each test begins without faults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.front import Front
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def process(request: pytest.FixtureRequest) -> Iterator[TwinProcess]:
    with TwinProcess(size=request.module.SIZE) as running:
        yield running


@pytest.fixture
def twin(process: TwinProcess) -> Iterator[TwinProcess]:
    process.set_faults([])
    yield process
    process.set_faults([])


@pytest.fixture
def front(twin: TwinProcess) -> Iterator[Front]:
    """Give a server in front of the twin, which answers what a test says."""
    with Front(twin.url) as running:
        yield running
