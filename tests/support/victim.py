"""One article of a twin, whose answer a test of the hostile web replaces."""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.support.measured import MEMORY
from tests.support.waiting import HANG
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from tests.support.measured import Measured

REASONS = {0: "finished", 16: "partial"}
_TEXT = b'<div class="content-inner'


@dataclass(frozen=True)
class Victim:
    """The newest article of a section, and the others."""

    path: str
    id: str
    page: bytes
    """As the twin sends it."""
    others: set[str]
    """Ids."""

    @classmethod
    def of(cls, twin_url: str, size: int, section: str = "esteri") -> Victim:
        content = Content(seed=1, size=size)
        post = content.post(content.category(section)[0])
        path, article_id = f"/{post.slug}/", truth.article_id(post)
        expected = truth.expected(content, Switches(), section)
        page = fetch(twin_url, urlsplit(expected[article_id].url).path)
        return cls(path, article_id, page, {*expected} - {article_id})

    @property
    def pattern(self) -> str:
        return f"{self.path}$"

    @property
    def all(self) -> set[str]:
        return {*self.others, self.id}

    def with_text(self, addition: bytes) -> bytes:
        """Return the page with an addition before its text."""
        before, mark, after = self.page.partition(_TEXT)
        assert mark
        return before + addition + mark + after


def fetch(base: str, path: str) -> bytes:
    """Return what a server has at a path."""
    connection = HTTPConnection(urlsplit(base).netloc, timeout=HANG)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


def check(run: Measured, code: int, ids: set[str], *texts: str) -> None:
    """Check the exit code, the reason, the memory, the ids and texts of the log of a run."""
    assert (run.peak < MEMORY, run.code) == (True, code), (run.peak >> 20, run.stderr[-2_000:])
    assert run.reports[-1]["reason"] == REASONS[code]
    assert {line["id"] for line in run.articles} == ids
    assert len(run.articles) == len(ids)
    for text in texts:
        assert text in run.stderr, run.stderr[-2_000:]
    assert "Traceback" not in run.stderr
