"""Notifications of failed and recovered monitors.

See decision 51 in docs/decisions.md.
"""

from newscrawl.run.alerts.channels import send, settings_error
from newscrawl.run.alerts.schedule import due

__all__ = ["due", "send", "settings_error"]
