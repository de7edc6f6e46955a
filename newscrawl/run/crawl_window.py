"""The hours of CRAWL_WINDOW, in which a site may be crawled."""

from __future__ import annotations

import re
from datetime import time

_SPAN = re.compile(r"\s*([01]\d|2[0-3]):([0-5]\d)\s*-\s*([01]\d|2[0-3]):([0-5]\d)\s*")


def parse_window(text: str) -> list[tuple[time, time]]:
    """Return the spans of hours of a CRAWL_WINDOW.

    Raises:
        ValueError: it is not a list of spans.

    >>> parse_window("01:00-06:00, 22:30-23:00")[0]
    (datetime.time(1, 0), datetime.time(6, 0))
    """
    spans = []
    for part in filter(str.strip, text.split(",")):
        match = _SPAN.fullmatch(part)
        if match is None or match[1] + match[2] == match[3] + match[4]:
            raise ValueError(part)
        begin, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        spans.append((begin, end))
    return spans


def is_open(spans: list[tuple[time, time]], now: time) -> bool:
    """Return whether a time of the day is in one of the spans, which may pass midnight.

    >>> spans = parse_window("22:00-05:00")
    >>> [is_open(spans, time(hour)) for hour in (23, 4, 5, 12)]
    [True, True, False, False]
    """
    return not spans or any(
        begin <= now < end if begin < end else now >= begin or now < end for begin, end in spans
    )
