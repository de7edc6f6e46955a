"""What our Scrapyd does otherwise than Scrapyd; scrapyd.conf names it, PYTHONPATH finds it."""

from __future__ import annotations

import os
import re
import sys
from datetime import UTC, datetime
from typing import Any

from scrapyd import app, webservice
from twisted.web.error import Error

_NAMES = ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD")
_SERIES_LENGTH = 79
_STARTED = "%Y-%m-%dT%H-%M-%SZ"
_JOB = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}", re.ASCII)


def application(config: Any) -> Any:
    """Return Scrapyd's application, which asks for the password that the environment holds.

    The password does not stay in the environment, which each crawl inherits.

    Raises:
        SystemExit: user or password is not set; one line says so.
    """
    missing = [name for name in _NAMES if not os.environ.get(name)]
    if missing:
        sys.stderr.write(
            f"newscrawl: {' and '.join(missing)} not set: Scrapyd would serve everybody; "
            "set both in the environment (docs/operating.md)\n"
        )
        raise SystemExit(2)
    made = app.application(config)
    del os.environ["SCRAPYD_PASSWORD"]
    return made


class Schedule(webservice.Schedule):  # type: ignore[misc] # Scrapyd ships no types
    """Schedules a job whose name can be that of a log; a bad one would take a process with it.

    With the argument `series`, a job is named after the series and the time, and is left out as
    long as one of the series is pending or running: the answer then names that one.
    """

    def render_POST(self, request: Any) -> Any:  # noqa: N802 - Twisted's name
        """Answer schedule.json; a job name that is a path, hidden or too long is refused."""
        for name in request.args.get(b"jobid", ()):
            _check(name.decode("utf-8", "replace"), "jobid")
        for name in request.args.pop(b"series", ()):
            series = name.decode("utf-8", "replace")
            _check(series, "series", _SERIES_LENGTH)
            if job := self._job_of(series):
                return {"jobid": job}
            started = datetime.now(UTC).strftime(_STARTED)
            request.args[b"jobid"] = [f"{series}-{started}".encode()]
        return super().render_POST(request)

    def _job_of(self, series: str) -> str | None:
        """Return the job of a series that is pending or running."""
        jobs = [process.job for process in self.root.launcher.processes.values()]
        for queue in self.root.poller.queues.values():
            jobs += [message.get("_job") for message in queue.list()]
        name = re.compile(rf"{re.escape(series)}-\d{{4}}-\d\d-\d\dT\d\d-\d\d-\d\dZ")
        return next((str(job) for job in jobs if name.fullmatch(str(job))), None)


def _check(name: str, what: str, length: int = 100) -> None:
    if not _JOB.fullmatch(name) or len(name) > length:
        text = f"{what}: at most {length} letters, digits, '_', '-' and '.'"
        raise Error(200, message=text.encode())
