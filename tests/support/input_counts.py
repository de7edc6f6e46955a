"""Counts the inputs that Hypothesis tries; `make fuzz-generated` prints their number at its end."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

FUZZ = "fuzz"
"""Name of the profile that tries many more inputs."""
_PROPERTY = "hypothesis_inputs"


class InputCounter:
    """Counts what tests are called with; workers of xdist report theirs with each test."""

    def __init__(self) -> None:
        self._called = 0
        self._reported = 0
        self._total = 0

    @pytest.hookimpl
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Count the calls of each function that Hypothesis calls, which several items may share."""
        for item in items:
            handle = getattr(getattr(item, "obj", None), "hypothesis", None)
            if handle is not None and not hasattr(handle.inner_test, _PROPERTY):
                handle.inner_test = self._counted(handle.inner_test)

    def _counted(self, test: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(test)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self._called += 1
            return test(*args, **kwargs)

        setattr(counted, _PROPERTY, True)
        return counted

    @pytest.hookimpl
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Add the calls since the last test to the report."""
        item.user_properties.append((_PROPERTY, self._called - self._reported))
        self._reported = self._called

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up what this process or a worker reports."""
        if report.when == "teardown":
            self._total += sum(
                number
                for name, number in report.user_properties
                if name == _PROPERTY and isinstance(number, int)
            )

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the number of inputs."""
        if settings.get_current_profile_name() == FUZZ:
            # An interrupted test has no report.
            number = self._total + self._called - self._reported
            terminalreporter.write_line(f"fuzz: {number} inputs tried")
