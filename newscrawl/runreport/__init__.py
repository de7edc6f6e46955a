"""What each run leaves behind about itself: `<start time>.run.json` beside its dump."""
