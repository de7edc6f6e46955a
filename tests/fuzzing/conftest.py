"""What needs the fuzzer, which `make fuzz` installs, is not collected."""

collect_ignore = ["one_target.py"]
