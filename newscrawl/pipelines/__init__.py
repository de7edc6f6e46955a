"""Item pipelines: adapters of pure functions, in the order in which settings.py lists them."""
