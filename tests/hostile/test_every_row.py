"""Each row of what the open web does to a crawler has a test that is named after it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from tests.support.crawling import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = frozenset(f"row_{number}" for number in range(1, 39))
ATTACKS = frozenset(f"d{number}" for number in range(1, 8))
_NAME = re.compile(r"test_(row_\d+|d\d+)_\w")


def names() -> Iterator[str]:
    """Yield the names of all test functions, also of those in classes."""
    for path in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield node.name


def test_every_row_has_a_test() -> None:
    tested = {match[1] for name in names() if (match := _NAME.match(name))}
    assert tested <= ROWS | ATTACKS
    assert sorted((ROWS | ATTACKS) - tested) == []
