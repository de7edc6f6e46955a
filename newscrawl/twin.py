"""Starts the twin by its former name: `python -m newscrawl.twin` for `python -m twin`."""

import runpy
import sys
from importlib.util import find_spec

if __name__ == "__main__":
    if find_spec("twin") is None:
        sys.exit(
            "newscrawl: the twin is not part of the installed package: it is the folder twin/ of "
            "the repository; run `python -m twin` there"
        )
    runpy.run_module("twin", run_name="__main__", alter_sys=True)
