"""What our Scrapyd does otherwise than Scrapyd; scrapyd.conf names it, PYTHONPATH finds it."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from scrapyd import app, webservice
from twisted.web.error import Error

_NAMES = ("SCRAPYD_USERNAME", "SCRAPYD_PASSWORD")
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
    """Schedules a job whose name can be that of a log; a bad one would take a process with it."""

    def render_POST(self, request: Any) -> Any:  # noqa: N802 - Twisted's name
        """Answer schedule.json; a job name that is a path, hidden or too long is refused."""
        for name in request.args.get(b"jobid", ()):
            if not _JOB.fullmatch(name.decode("utf-8", "replace")):
                raise Error(200, message=b"jobid: at most 100 letters, digits, '_', '-' and '.'")
        return super().render_POST(request)
