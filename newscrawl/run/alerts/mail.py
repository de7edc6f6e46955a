"""Alerts by e-mail."""

from __future__ import annotations

import smtplib
import socket
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from newscrawl.run.alerts.message import Alert

TIMEOUT = 10
"""Seconds that a mail server may take for each reply."""
_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, as in SMTP_URL."""

    host: str
    port: int
    is_encrypted: bool
    """Whether the connection starts with TLS (`smtps`); otherwise STARTTLS is used if offered."""
    user: str
    password: str


def parse_server(address: str) -> Server:
    """Return the server of an address such as `smtps://user:password@mail.example.org:465`.

    Raises:
        ValueError: it is not such an address.

    >>> parse_server("smtp://localhost").port
    25
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("its port is not a number") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("write it as smtp://host:25 or smtps://user:password@host:465")
    return Server(
        parts.hostname,
        port or _PORTS[parts.scheme],
        parts.scheme == "smtps",
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )


def send(alert: Alert, settings: Any) -> None:
    """Send an alert to EMAIL_TO.

    Raises:
        OSError, smtplib.SMTPException: the server did not accept it.
    """
    server = parse_server(settings["SMTP_URL"])
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = settings["EMAIL_FROM"] or f"newscrawl@{socket.getfqdn()}"
    message["To"] = ", ".join(name.strip() for name in settings.getlist("EMAIL_TO"))
    message["Date"], message["Message-ID"] = formatdate(), make_msgid("newscrawl")
    message.set_content(alert.text)
    context = ssl.create_default_context()
    if server.is_encrypted:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    with connection:
        connection.ehlo()
        is_safe = server.is_encrypted or _is_loopback(server.host)
        if not server.is_encrypted and connection.has_extn("starttls"):
            connection.starttls(context=context)
            is_safe = True
        if server.user:
            if not is_safe:
                raise smtplib.SMTPNotSupportedError("no TLS: the password is not sent")
            connection.login(server.user, server.password)
        connection.send_message(message)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
