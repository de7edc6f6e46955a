"""Reads pages with one reader: `python -m benchmarks.peers.worker READER PAGES`.

PAGES is a file of JSON lines, each with `html` and `url`. For each number of a page on standard
input one line of JSON goes to standard output: `cpu`, the CPU seconds of the reading, and either
`fields`, which is null when the reader takes the page for no article, or `error`. The first line
says which versions were loaded.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.peers.readers import READERS, versions, without_network

if TYPE_CHECKING:
    from benchmarks.peers.readers import Read


def answer(read: Read, html: str, url: str) -> dict[str, Any]:
    """Return one page's CPU seconds and fields, or the error."""
    work, fields_of = read
    start = time.process_time()
    try:
        result = work(html, url)
    except Exception as error:  # noqa: BLE001 - whatever a reader raises is its result
        cpu = time.process_time() - start
        return {"cpu": cpu, "error": f"{type(error).__name__}: {error}"[:300]}
    return {"cpu": time.process_time() - start, "fields": fields_of(result)}


def main() -> None:
    """Answer until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("pages", type=Path)
    given = parser.parse_args()
    # Libraries that print do so on standard error.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    without_network()
    read = READERS[given.reader]()
    pages = [json.loads(line) for line in given.pages.read_text(encoding="utf-8").splitlines()]
    loaded = {"python": platform.python_version(), **versions(given.reader)}
    print(json.dumps({"versions": loaded}), file=answers, flush=True)
    for number in sys.stdin:
        page = pages[int(number)]
        line = json.dumps(answer(read, page["html"], page["url"]))
        print(line, file=answers, flush=True)


if __name__ == "__main__":
    main()
