"""Faults on demand: what a crawler meets on the open web, as data."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from twin.block_pages import block_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS: dict[str, str] = {
    "status": "answer `value` (429, 500, 503, 403 ...), with Retry-After: `retry_after` if given",
    "slow": "wait `value` seconds first, or until the faults are replaced",
    "truncate": "answer 200 with the first `value` (a share, 0.6) of the body, no </html>",
    "reset": "close the connection without an answer",
    "redirect": "redirect to the address `value` with status 302",
    "loop": "redirect endlessly to the same path",
    "soft404": "answer 200 with the not-found page, or the home page if `value` is home",
    "wall": "answer 200 with a page in place of the site's: `value` is cookie_wall (the default), "
    "captcha, challenge or login",
    "repeat": "answer every /page/N/ with the first page's list",
    "script": "put the JavaScript `value` at the end of the page",
    "charset": "name the charset `value` in the header; `encoded` is what the bytes are in",
}
"""Every kind of fault and what it does."""

COOKIE_WALL = "cookie_wall"
_PAGE = re.compile(r"page/(\d+)/\Z")
_FIELDS = frozenset({"path", "kind", "value", "retry_after", "rate", "times", "encoded"})


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: of the requests whose path matches, `rate` of them, `times` for each path."""

    kind: str
    path: str = ""
    """Regular expression, searched in the path with its query."""
    value: str | float | None = None
    retry_after: str | None = None
    rate: float = 1.0
    times: int | None = None
    """How many answers of one path have the fault; None: all."""
    encoded: str | None = None


def read(data: Any) -> list[Fault]:
    """Return faults from JSON data; raise ValueError with a one-line message."""
    if not isinstance(data, list):
        raise ValueError("faults: a JSON list of objects is needed")  # noqa: TRY004 - the data's
    return [_fault(entry) for entry in data]


def _fault(entry: Any) -> Fault:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise ValueError(f"faults: kind must be one of {', '.join(KINDS)}: {entry!r}")
    if unknown := set(entry) - _FIELDS:
        raise ValueError(f"faults: unknown {', '.join(sorted(unknown))}: {entry!r}")
    retry_after = entry.get("retry_after")
    fault = Fault(**entry)
    try:
        re.compile(fault.path)
        if fault.kind == "wall" and (fault.value or COOKIE_WALL) not in block_pages():
            raise ValueError(f"value must be one of {', '.join(block_pages())}")  # noqa: TRY301 - one line
        if fault.kind in ("status", "slow", "truncate"):
            float(fault.value if fault.value is not None else _DEFAULTS[fault.kind])
        return replace(
            fault,
            rate=float(fault.rate),
            retry_after=None if retry_after is None else str(retry_after),
        )
    except (ValueError, TypeError, re.error) as error:
        raise ValueError(f"faults: {error}: {entry!r}") from None


_DEFAULTS: Mapping[str, float] = {"status": 503, "slow": 1.0, "truncate": 0.6}


def number(fault: Fault) -> float:
    """Return the fault's value as a number."""
    return float(fault.value if fault.value is not None else _DEFAULTS[fault.kind])


class Faults:
    """Chooses the faults of each request; the same choices at every run."""

    def __init__(self, faults: Sequence[Fault] = (), seed: int = 0) -> None:
        self.faults = list(faults)
        self._random = Random(seed)
        self._count: Counter[tuple[int, str]] = Counter()

    def choose(self, path: str) -> list[Fault]:
        """Return the faults for a request of `path`, in the order given."""
        chosen = []
        for position, fault in enumerate(self.faults):
            if not re.search(fault.path, path) or self._random.random() >= fault.rate:
                continue
            self._count[position, path] += 1
            if fault.times is None or self._count[position, path] <= fault.times:
                chosen.append(fault)
        return chosen


def first_page(path: str) -> tuple[str, int]:
    """Return the list that a /page/N/ belongs to, and N.

    >>> first_page("/category/esteri/page/7/")
    ('/category/esteri/', 7)
    """
    match = _PAGE.search(path)
    return (path[: match.start()], int(match[1])) if match else (path, 1)


def cut(body: bytes, share: float) -> bytes:
    """Return the beginning of a page, never its end tag."""
    end = body.rfind(b"</html>")
    return body[: min(int(len(body) * share), end if end >= 0 else len(body))]


def with_script(body: bytes, script: str) -> bytes:
    """Return a page with a script of its own at its end."""
    return body.replace(b"</body>", f"<script>{script}</script></body>".encode(), 1)
