"""The text of an alert."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from newscrawl.text import fold

FAILING, RECOVERED = "failing", "recovered"
_HOST = socket.gethostname()
_MAX_LENGTH = 600
"""Characters of one monitor's message; messengers truncate texts of some thousand characters."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message to the operator of the crawls."""

    event: str
    """`failing` or `recovered`."""
    subject: str
    text: str
    report: dict[str, Any]
    """The run report, without Scrapy's stats."""


def compose(event: str, report: dict[str, Any]) -> Alert:
    """Return the alert about a run."""
    spider = fold(report["spider"])
    failures = [monitor for monitor in report["monitors"] if monitor["status"] != "passed"]
    names = ", ".join(failure["name"] for failure in failures)
    subject = f"newscrawl {spider}: {names or 'recovered'}"
    lines = [subject]
    lines += [
        f"- {failure['name']}: {fold(failure['message'] or '')[:_MAX_LENGTH]}"
        for failure in failures
    ]
    written, requests = report["articles"]["written"], report["requests"]["total"]
    lines.append(
        f"run {report['run_id']} on {_HOST}: {report['reason']}, {written:,} written, "
        f"{requests:,} requests, ended {report['ended_at']}"
    )
    short_report = {name: value for name, value in report.items() if name != "stats"}
    return Alert(event, subject, "\n".join(lines), short_report)
