"""The twin's articles on three stock themes of WordPress, with and without metadata."""

from __future__ import annotations

import pytest

from tests.support import stock_themes
from twin.content import Content
from twin.theme import stock

SIZE = 150


@pytest.fixture(scope="module")
def content() -> Content:
    return Content(size=SIZE)


@pytest.mark.parametrize("metadata", stock_themes.METADATA)
@pytest.mark.parametrize("theme", stock.THEMES)
def test_each_field_is_right_on_stock_themes(theme: str, metadata: str, content: Content) -> None:
    readings = stock_themes.read(theme, metadata, content)
    assert readings.extractors.keys() == {"WordPressArticlePage"}
    assert len(readings.scores) > SIZE / 2
    assert readings.f1() >= stock_themes.LEAST_F1
    failing = {name: (share, readings.wrong[name][:2]) for name, share in readings.shares().items()
               if share < stock_themes.LEAST_RIGHT}  # fmt: skip
    assert not failing
