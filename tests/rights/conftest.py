"""A twin for a module's tests, of the module's own SIZE, and a server in front of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.front import Front
from twin.process import TwinProcess

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def twin(request: pytest.FixtureRequest) -> Iterator[TwinProcess]:
    with TwinProcess(size=request.module.SIZE) as running:
        yield running


@pytest.fixture
def front(twin: TwinProcess) -> Iterator[Front]:
    with Front(twin.url) as running:
        yield running
