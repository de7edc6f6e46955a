"""Web archives of what a run was served: WARC 1.1 (ISO 28500:2017)."""
