"""What an alert says."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from newscrawl.text import fold

FAILING, RECOVERED = "failing", "recovered"
_HOST = socket.gethostname()
_LONGEST = 600
"""Characters of one monitor's message; messengers cut what is longer than some thousand."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One message to whoever looks after the crawls."""

    event: str
    """`failing` or `recovered`."""
    subject: str
    text: str
    report: dict[str, Any]
    """The run report, without Scrapy's stats."""


def compose(event: str, report: dict[str, Any]) -> Alert:
    """Return the alert about a run."""
    spider = fold(report["spider"])
    amiss = [one for one in report["monitors"] if one["status"] != "passed"]
    names = ", ".join(one["name"] for one in amiss)
    subject = f"newscrawl {spider}: {names}" if amiss else f"newscrawl {spider}: well again"
    lines = [subject]
    lines += [f"- {one['name']}: {fold(one['message'] or '')[:_LONGEST]}" for one in amiss]
    written, requests = report["articles"]["written"], report["requests"]["total"]
    lines.append(
        f"run {report['run_id']} on {_HOST}: {report['reason']}, {written:,} written, "
        f"{requests:,} requests, ended {report['ended_at']}"
    )
    plain = {name: value for name, value in report.items() if name != "stats"}
    return Alert(event, subject, "\n".join(lines), plain)
