"""Item pipelines: adapters of pure functions, run in the order of settings.py."""
