"""Rows 1 to 8, 20 and 21 of the hostile web: sizes, shapes, characters and times of answers."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from backports import zstd

from tests.support import measured
from tests.support.front import Front, answer
from tests.support.measured import MEMORY
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.front import Visit
    from tests.support.measured import Measured

pytestmark = pytest.mark.e2e
SIZE = 60
_MB = 1 << 20


@pytest.fixture
def content() -> Content:
    return Content(seed=1, size=SIZE)


@pytest.fixture
def expected(content: Content) -> set[str]:
    return {*truth.expected(content, Switches(), "esteri")}


def victim_of(content: Content) -> tuple[str, str]:
    """Return the path pattern and the id of the newest article of the section."""
    post = content.post(content.category("esteri")[0])
    return f"/{post.slug}/$", truth.article_id(post)


def original(front: Front, pattern: str) -> bytes:
    """Return the page that the twin has at a path."""
    import urllib.request  # noqa: PLC0415

    with urllib.request.urlopen(front.twin + pattern.rstrip("$"), timeout=30) as response:
        body: bytes = response.read()
    return body


def check(run: Measured, code: int, ids: set[str], *texts: str) -> None:
    """Check code, memory, ids and texts of the log of a run."""
    assert (run.peak < MEMORY, run.code) == (True, code), (run.peak >> 20, run.stderr[-2_000:])
    assert {line["id"] for line in run.articles} == ids
    assert len(run.articles) == len(ids)
    for text in texts:
        assert text in run.stderr
    assert "Traceback" not in run.stderr


def with_text(page: bytes, addition: bytes) -> bytes:
    """Return an article's page with an addition before the text."""
    before, mark, after = page.partition(b'<div class="content-inner')
    assert mark
    return before + addition + mark + after


LINE = b"parola " * (10 * _MB // 7)
REFUSED = {
    "line of 10 MB": (LINE, "page_too_large"),
    "100,000 attributes": (
        b"<p %s>x</p>" % b" ".join(b"a%d=1" % n for n in range(100_000)),
        "too_many_attributes",
    ),
    "1.5 million attributes": (b"<p>" + b"<i a b c d e f>x</i>" * 250_000, "too_many_tags"),
    "1.5 million attributes of few": (
        b"<i %s>x</i>" % (b"ab c='>' " * 500) * 1_500,
        "too_many_attributes",
    ),
    "200,000 nested elements": (b"<div>" * 200_000, "too_many_tags"),
    "3,000 nested elements": (b"<div>" * 3_000, "nested_too_deep"),
    "1,500 nested lists": (b"<ul><li>" * 1_500, "nested_too_deep"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_row_2_3_and_d7_pages_beyond_the_bounds_are_refused(
    front: Front, content: Content, expected: set[str], tmp_path: Path, name: str
) -> None:
    pattern, article_id = victim_of(content)
    addition, reason = REFUSED[name]
    front.answers[pattern] = answer(with_text(original(front, pattern), addition))
    run = measured.crawl("esteri", tmp_path, site_url=front.url)
    check(run, 16, expected - {article_id}, f"articles: {reason}")
    assert run.reports[0]["reason"] == "partial"
