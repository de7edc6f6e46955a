"""A series with two runs, each with its archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.crawling import Crawl, crawl
from twin.process import TwinProcess

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = {"ARCHIVE": "warc", "RECHECK_AGES": "1"}


@pytest.fixture(scope="session")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Crawl:
    """Crawl a section twice; the second run writes every article again."""
    output = tmp_path_factory.mktemp("archived")
    with TwinProcess(size=60) as twin:
        address: dict[str, object] = {"site_url": twin.url}
        first = crawl("esteri", output, settings=SETTINGS, arguments=address)
        assert first.code == 0, first.stderr
        second = crawl("esteri", output, settings=SETTINGS, arguments={**address, "known": "write"})
        assert second.code == 0, second.stderr
    assert len(second.reports) == 2
    return second


@pytest.fixture
def series(archived: Crawl, tmp_path: Path) -> Path:
    """Give a copy of the series in an output folder of the test's own."""
    folder = tmp_path / "output" / "esteri"
    folder.mkdir(parents=True)
    for path in archived.folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
