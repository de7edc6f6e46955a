"""How a run ends, what it came to, and who is notified."""
