"""Row 1 of the hostile web: answers that grow a thousandfold when they are decompressed."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from tests.support import measured
from tests.support.front import Front, answer
from tests.support.measured import MEMORY
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e
SIZE = 60


def test_row_1_a_decompression_bomb(front: Front, tmp_path: Path) -> None:
    content = Content(seed=1, size=SIZE)
    expected = truth.expected(content, Switches(), "esteri")
    victim = content.post(content.category("esteri")[0])
    bomb = gzip.compress(b"<p>" + b" " * (300 << 20))
    front.answers[f"/{victim.slug}/$"] = answer(bomb, Content_Encoding="gzip")
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    assert (run.peak < MEMORY, run.code) == (True, 16), run.peak
    assert "articles: larger_than_DOWNLOAD_MAXSIZE" in run.stderr
    assert {line["id"] for line in run.articles} == {*expected} - {truth.article_id(victim)}
