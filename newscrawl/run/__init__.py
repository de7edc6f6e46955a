"""How a run ends: finish reason, counts, report, monitors and notifications."""
