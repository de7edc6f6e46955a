"""The twin as a process of its own, for tests, the demo and benchmarks."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection
from threading import Timer
from typing import IO, TYPE_CHECKING, Any, ClassVar, Protocol, Self

from twin import faces
from twin.content import Content
from twin.model import Switches
from twin.site_changes import SiteChanges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

_READY = "twin: "
_START = 300.0
"""Seconds that the largest twin may take to start on a busy machine."""
_ANSWER = 120.0
"""Seconds that it may take to answer on such a machine."""


class Running(Protocol):
    """What is needed of a `subprocess.Popen` of the twin."""

    @property
    def pid(self) -> int:
        """Process id."""

    @property
    def stdout(self) -> IO[str] | None:
        """Where it writes its address."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """Kill -9."""

    def communicate(self, *, timeout: float = ...) -> tuple[str, str]:
        """Wait for its end and return the rest of its output and its errors."""


class Launcher:
    """Starts `python -m twin`."""

    def start(self, arguments: Sequence[str]) -> Running:
        """Start it with these arguments."""
        return subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-m", "twin", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A Ctrl-C is for the user of the twin, with whom it then ends.
            start_new_session=True,
        )


@dataclass
class TwinProcess:
    """A running twin; use it with `with`.

    It ends with the block, and also when this process dies: it watches its standard input.
    """

    size: int = 300
    seed: int = 1
    switches: Switches | Mapping[str, Any] | None = None
    faults: Sequence[Mapping[str, Any]] = ()
    """As `faults.KINDS` says."""
    now: datetime | str | None = None
    fresh: int = 0
    """Posts of the last day on top of the usual ones."""
    port: int = 0
    url: str = ""
    """Base address, without a trailing slash; known once it runs."""
    launcher: ClassVar[Launcher] = Launcher()
    """Starts the process; tests replace it with a cheaper one."""
    _process: Running | None = None
    _changes: SiteChanges = field(default_factory=SiteChanges)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _arguments(self) -> list[str]:
        chosen = self._chosen()
        arguments = ["--port", str(self.port), "--size", str(self.size), "--seed", str(self.seed)]
        for name, value in chosen.items():
            text = str(value).lower() if isinstance(value, bool) else str(value)
            arguments += ["--switch", f"{name}={text}"]
        if self.now is not None:
            now = self.now if isinstance(self.now, str) else self.now.isoformat()
            arguments += ["--now", now]
        if self.fresh:
            arguments += ["--fresh", str(self.fresh)]
        if self.faults:
            arguments += ["--faults", json.dumps([dict(fault) for fault in self.faults])]
        return arguments

    def _chosen(self) -> dict[str, Any]:
        given = self.switches
        return asdict(given) if isinstance(given, Switches) else dict(given or {})

    @property
    def pid(self) -> int:
        """Process id, for measuring its use of the processor."""
        if self._process is None:
            raise RuntimeError("the twin is not running")
        return self._process.pid

    def start(self) -> None:
        """Start and wait until the twin answers; raise RuntimeError with its error message."""
        process = self.launcher.start(["--parent", *self._arguments()])
        self._process = process
        timer = Timer(_START, process.kill)
        timer.start()
        line = process.stdout.readline() if process.stdout else ""
        timer.cancel()
        if not line.startswith(_READY):
            self._process = None
            _, complaint = process.communicate()
            raise RuntimeError(f"the twin did not start: {complaint.strip() or line.strip()}")
        self.url = line.removeprefix(_READY).strip()

    def stop(self) -> None:
        """End the twin."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()

    def requests(self) -> list[tuple[str, str, int]]:
        """Return the requests so far: method, path with query, status (0: connection closed)."""
        return [(method, path, status) for method, path, status in self._ask("log")]

    def times(self) -> list[tuple[float, float]]:
        """Return when each request came and was answered, in seconds of one clock."""
        return sorted((began, ended) for began, ended in self._ask("times"))

    def reset(self) -> None:
        """Clear the log of requests."""
        self._ask("reset", {})

    def set_faults(self, faults: Sequence[Mapping[str, Any]]) -> None:
        """Replace the faults; see `faults.KINDS`."""
        self._ask("faults", [dict(fault) for fault in faults])

    def set_now(self, moment: datetime) -> None:
        """Move the site's clock: posts up to `moment` are there, later ones are not."""
        self._change({"now": moment.isoformat()})

    def edit(self, post_id: int, kind: str) -> None:
        """Edit a post now, by the site's clock; kinds are those of `site_changes.py`."""
        self._change({"edit": post_id, "kind": kind})

    def delete(self, post_id: int, status: int = 404) -> None:
        """Remove a post; its address answers `status` from now on."""
        self._change({"delete": post_id, "status": status})

    def protect(self, post_id: int) -> None:
        """Put a password before a post's text; `open` takes it away."""
        self._change({"protect": post_id})

    def embargo(self, post_id: int) -> None:
        """Keep a post's text back: its page and card stand there, its page without a text."""
        self._change({"embargo": post_id})

    def open(self, post_id: int, title: str | None = None) -> None:
        """Lift a post's password or embargo, with another title if one is given."""
        self._change({"open": post_id, "title": title})

    def republish(self, post_id: int, *, redirect: bool = True) -> None:
        """Publish a post again, now by the site's clock: its date and dated address change."""
        self._change({"republish": post_id, "redirect": redirect})

    def rename(self, post_id: int, slug: str, *, redirect: bool = True) -> None:
        """Give a post another slug; its old address redirects to the new one, or answers 404."""
        self._change({"rename": post_id, "slug": slug, "redirect": redirect})

    def replace(self, post_id: int, published: datetime | None = None) -> int:
        """Put a new post at the address of a post, removed or not, and return its id.

        Args:
            post_id: the post whose address is taken.
            published: when the new post is published; by default now, but when the site's
                clock is on another day, at the old post's time, so that the address is the same.
        """
        moment = published.isoformat() if published else None
        self._change({"replace": post_id, "published": moment})
        successor = self._changes.successor(self._changes.first_id(post_id))
        if successor is None:
            raise ValueError(f"replace: no post {post_id}")
        return successor.id

    def pose(self, post_id: int, other: int) -> None:
        """Let a post's page show another post's id; its text and address stay."""
        self._change({"pose": post_id, "as": other})

    def content(self) -> Content:
        """Return the current content of the site, for the expected items."""
        rewrites = bool(self._chosen().get("rewrites") in {True, "on", "true"})
        now = datetime.fromisoformat(self.now) if isinstance(self.now, str) else self.now
        return Content(
            seed=self.seed,
            size=self.size,
            now=now,
            rewrites=rewrites,
            changes=self._changes,
            fresh=self.fresh,
            face=self._chosen().get("face", faces.DEFAULT),
        )

    def _change(self, change: dict[str, Any]) -> None:
        self._ask("change", change)
        self._changes.apply(change, self.content().now)

    def _ask(self, name: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        host = self.url.partition("//")[2]
        connection = HTTPConnection(host, timeout=_ANSWER)
        try:
            connection.request("GET" if body is None else "POST", f"/__twin__/{name}", body)
            response = connection.getresponse()
            answer = json.load(response)
        finally:
            connection.close()
        if response.status != HTTPStatus.OK:
            raise ValueError(answer["error"])
        return answer
