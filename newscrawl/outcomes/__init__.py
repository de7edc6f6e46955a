"""What became of a page and of a run: tasks, outcomes, retries, counters, finish reasons."""
