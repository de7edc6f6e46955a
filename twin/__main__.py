"""Serve the twin: python -m twin --port 0 --size 300 --seed 1."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sys
import threading
from dataclasses import fields
from datetime import datetime
from typing import Any, NoReturn

from twin import addresses, dating, faces
from twin.content import SMALLEST, Content
from twin.faults import Faults, read
from twin.model import Switches
from twin.server import Server, serve

_WORD = re.compile(r"[a-z][a-z-]*\Z")
_ON = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}

CHOICES: dict[str, tuple[str, ...]] = {
    "face": faces.NAMES,
    "permalinks": (*addresses.PERMALINKS, "changed-redirect", "changed-both"),
    "metadata": ("yoast", "jnews", "both", "none"),
    "visible_date": ("published", "modified", "both", "ago", "custom"),
    "archive": ("nav_1", "nav_2", "nav_3", "nextprev", "loadmore", "scrollload", "scroll"),
    "images": ("lazy", "normal", "background"),
    "template": (*map(str, range(1, 11)), "custom"),
    "related": ("category", "tag", "off"),
    "ajax": ("open", "forbidden", "disallowed"),
    "menu": ("full", "stale"),
    "h1": ("theme", "lost"),
    "tdm": ("off", "header", "meta", "wellknown"),
    "layout": ("jnews", "redesign", "classic", "block", "builder"),
    "page_links": ("theme", "wordpress", "next"),
}
"""Values of the switches that are neither yes-or-no nor a free word."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with a one-line message."""
        self.exit(2, f"twin: {message}\n")


def switches(pairs: list[str]) -> Switches:
    """Return the switches from name=value pairs; raise ValueError with a one-line message."""
    values: dict[str, Any] = {}
    defined = {field.name: field for field in fields(Switches)}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if name not in defined or not equals:
            raise ValueError(f"--switch {pair}: name=value, one of {', '.join(defined)}")
        if isinstance(defined[name].default, bool):
            if value not in _ON:
                raise ValueError(f"--switch {pair}: true or false")
            values[name] = _ON[value]
        elif name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"--switch {pair}: one of {', '.join(CHOICES[name])}")
        elif name not in CHOICES and not _WORD.match(value):
            raise ValueError(f"--switch {pair}: a word of lower-case letters")
        else:
            values[name] = value
    return faces.switches(values)


def _count(text: str) -> int:
    number = int(text)
    if number < SMALLEST:
        raise argparse.ArgumentTypeError(f"at least {SMALLEST}, not {number}")
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dating.ROME)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m twin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--size", type=_count, default=300, help="number of articles")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--fresh", type=int, default=0, help="how many of them are more than usual on the last day"
    )
    parser.add_argument("--now", type=_moment, help="the site's clock, ISO 8601")
    parser.add_argument("--switch", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--faults", default="[]", help="JSON list, see twin/faults.py")
    parser.add_argument("--parent", action="store_true", help="end when standard input closes")
    return parser


def _watch(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """Wait for the end of standard input, which means that the parent has ended."""
    # Not through sys.stdin: its lock, held by a thread, aborts the interpreter at its end.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    loop.call_soon_threadsafe(stop.set)


async def _run(
    options: argparse.Namespace, content: Content, chosen: Switches, faults: Faults
) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    if options.parent:
        threading.Thread(target=_watch, args=(loop, stop), daemon=True).start()
    server = Server(content, chosen, faults)
    runner, port = await serve(server, options.port)
    sys.stdout.write(f"twin: http://127.0.0.1:{port}\n")
    sys.stdout.flush()
    await stop.wait()
    await runner.cleanup()


def main(arguments: list[str] | None = None) -> None:
    """Serve until stopped."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        chosen = switches(options.switch)
        faults = Faults(read(json.loads(options.faults)), options.seed)
    except json.JSONDecodeError as error:
        parser.error(f"--faults: not JSON: {error}")
    except ValueError as error:
        parser.error(str(error))
    if not 0 <= options.port <= 65535:
        parser.error(f"--port {options.port}: 0 to 65535")
    if not 0 <= options.fresh <= options.size - SMALLEST:
        parser.error(f"--fresh {options.fresh}: 0 to {options.size - SMALLEST}, by --size")
    content = Content(
        seed=options.seed,
        size=options.size,
        now=options.now,
        rewrites=chosen.rewrites,
        fresh=options.fresh,
        face=chosen.face,
    )
    try:
        asyncio.run(_run(options, content, chosen, faults))
    except OSError as error:
        parser.error(f"port {options.port}: {error.strerror}")


if __name__ == "__main__":
    main()
