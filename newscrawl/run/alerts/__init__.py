"""Alerts: who is told, and when, of what the monitors found."""

from newscrawl.run.alerts.channels import complaint, send
from newscrawl.run.alerts.schedule import due

__all__ = ["complaint", "due", "send"]
