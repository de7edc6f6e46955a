"""How the browser is started: what it may use, whom it says it is, where it may connect to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from newscrawl.browser.egress_proxy import Place
    from newscrawl.context import RunContext

_SCREEN = {"width": 1280, "height": 1600}
_FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The rules refuse each picture, too, but being asked about them takes time.
    "--blink-settings=imagesEnabled=false",
    # Another way past the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # In megabytes: a script that hoards memory crashes its own page only.
    "--js-flags=--max-old-space-size=256",
)


def options(path: str | None, port: int) -> dict[str, Any]:
    """Return Playwright's launch options for the program at `path` behind the gate at `port`."""
    return {
        "executable_path": path,
        "headless": True,
        # Chromium's sandbox does not work for root.
        "chromium_sandbox": os.geteuid() != 0,
        "proxy": {"server": f"socks5://127.0.0.1:{port}", "bypass": "<-loopback>"},
        "args": list(_FLAGS),
        # No more of the crawler's environment than it needs: secrets may lie in it.
        "env": {"PATH": os.defpath, "HOME": "/nonexistent", "LANG": "it_IT.UTF-8"},
        # A Ctrl-C is the crawler's, which ends the browser when its last page is read.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def context_options(context: RunContext, user_agent: str) -> dict[str, Any]:
    """Return the options of a run's browser context."""
    return {
        "accept_downloads": False,
        "service_workers": "block",
        "user_agent": user_agent,
        "locale": context.site.language,
        # Scripts print dates, too.
        "timezone_id": context.site.timezone,
        "viewport": _SCREEN,
    }


def places(context: RunContext) -> tuple[frozenset[Place], Place | None]:
    """Return where the browser may connect to, and which of it may be a private address."""
    parts = urlsplit(context.addresses.base_url)
    default = 443 if parts.scheme == "https" else 80
    base = (parts.hostname or "", parts.port or default)
    if context.arguments.site_url:
        # Another place of the site, and no other port of it.
        return frozenset({base}), base
    return frozenset((host, port) for host in context.host_names for port in (80, 443)), None
