"""Fuzzes one target in this process: `python -m tests.fuzzing.one_target NAME [libFuzzer's]`."""

from __future__ import annotations

import os
import sys

import atheris

with atheris.instrument_imports(include=["newscrawl"]):
    from tests.fuzzing.targets import TARGETS

if __name__ == "__main__":
    name = sys.argv.pop(1)
    # libFuzzer starts this again when it merges.
    sys.argv[0] = os.environ.get("FUZZING_COMMAND", sys.argv[0])
    # Patterns are searched for inputs that match them.
    atheris.enabled_hooks.add("RegEx")
    atheris.Setup(sys.argv, TARGETS[name])
    atheris.Fuzz()
