"""Dumps for the report, and the command that makes it, within the test's own process."""

from __future__ import annotations

import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scrapy.cmdline import ScrapyArgumentParser
from scrapy.settings import Settings

from newscrawl import feeds
from newscrawl.commands.report import Command
from newscrawl.report.collection import Archive
from twin import truth
from twin.content import Content
from twin.model import Switches

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newscrawl.items import Article

HOSTILE = '<script>hacked=1</script>"><img src=x onerror=hacked=1>{{7*7}}</title></svg>&amp;'
"""A headline, tag, author, section and reason that wants to be more than text."""


def articles(size: int = 60) -> list[Article]:
    """Return what a faultless crawler writes of the twin, the oldest first."""
    found = [*truth.expected(Content(size=size), Switches()).values()]
    return sorted(found, key=lambda article: article.date_published or "")


def revised(article: Article, **changes: Any) -> Article:
    """Return the next revision of an article, captured the day after."""
    return replace(
        article,
        revision=article.revision + 1,
        fetched_at="2026-11-25T08:00:00Z",
        changed_fields=[name for name in changes if name in {"headline", "subtitle", "body"}],
        **changes,
    )


def gone(article: Article) -> Article:
    """Return the line that says that an article was removed."""
    empty = type(article)()
    return replace(
        empty, id=article.id, site=article.site, url=article.url, status="gone",
        revision=article.revision + 1, first_seen_at=article.first_seen_at,
        fetched_at="2026-11-25T09:00:00Z",
    )  # fmt: skip


def dump(path: Path, lines: Iterable[Article]) -> Path:
    """Write a dump."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(map(feeds.line, lines)))
    return path


def run_report(path: Path, **more: Any) -> None:
    """Write the report of a run."""
    told = {"schema_version": "1.0", "run_id": f"{path.parent.name}/{path.name[:20]}",
            "spider": path.parent.name, "reason": "finished", **more}  # fmt: skip
    path.write_text(json.dumps(told), encoding="utf-8")


def archive(*paths: Path) -> Archive:
    """Return what dumps hold."""

    def refuse(error: Exception) -> None:
        raise error

    found = Archive()
    for path in paths:
        found.read(path, refuse)
    return found


def report(output: Path, *words: str) -> int:
    """Run `scrapy report` on an output folder; return its exit code."""
    command = Command()
    command.settings = Settings({"OUTPUT_DIR": str(output)})
    parser = ScrapyArgumentParser()
    command.add_options(parser)
    options, further = parser.parse_known_args(words)
    before = signal.getsignal(signal.SIGTERM)
    try:
        command.process_options(further, options)
        command.run(further, options)
    except SystemExit as stopped:
        return int(str(stopped.code))
    finally:
        signal.signal(signal.SIGTERM, before)
    return command.exitcode
