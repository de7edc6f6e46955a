"""Alerts: who is told, and when, of what the monitors found."""

from newscrawl.alerts.channels import complaint, send
from newscrawl.alerts.due import due

__all__ = ["complaint", "due", "send"]
