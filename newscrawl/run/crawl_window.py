"""The hours of CRAWL_WINDOW, in which a site may be crawled."""

from __future__ import annotations

import re
from datetime import time

_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_SPAN = re.compile(rf"\s*{_TIME}\s*-\s*(?:{_TIME}|24:00)\s*")


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
        if match is None or match.group(1, 2) == match.group(3, 4):
            raise ValueError(part)
        begin = time(int(match[1]), int(match[2]))
        # 24:00 is the midnight that a span may pass.
        end = time(int(match[3] or 0), int(match[4] or 0))
        spans.append((begin, end))
    return spans


def is_open(spans: list[tuple[time, time]], now: time) -> bool:
    """Return whether a time of the day is in one of the spans, which may pass midnight.

    >>> spans = parse_window("22:00-05:00")
    >>> [is_open(spans, time(hour)) for hour in (23, 4, 5, 12)]
    [True, True, False, False]
    >>> whole_day, evening = parse_window("00:00-24:00"), parse_window("22:00-24:00")
    >>> [is_open(whole_day, time(12)), is_open(evening, time(23, 59)), is_open(evening, time(0))]
    [True, True, False]
    """
    return not spans or any(
        begin <= now < end if begin < end else now >= begin or now < end for begin, end in spans
    )
