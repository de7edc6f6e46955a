"""Options of the browser: launch, context, and the endpoints that it may connect to."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.browser.egress_proxy import Endpoint
    from newscrawl.context import RunContext

_SCREEN = {"width": 1280, "height": 1600}
_FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The request policy blocks images as well, but each check takes time.
    "--blink-settings=imagesEnabled=false",
    # WebRTC would bypass the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # In megabytes: a script that uses too much memory crashes its own page only.
    "--js-flags=--max-old-space-size=256",
)


def options(path: str | None, port: int) -> dict[str, Any]:
    """Return Playwright's launch options for the browser at `path` and the proxy at `port`."""
    return {
        "executable_path": path,
        "headless": True,
        # Chromium's sandbox does not work for root.
        "chromium_sandbox": os.geteuid() != 0,
        "proxy": {"server": f"socks5://127.0.0.1:{port}", "bypass": "<-loopback>"},
        "args": list(_FLAGS),
        # The crawler's environment may contain secrets.
        "env": {"PATH": os.defpath, "HOME": "/nonexistent", "LANG": "it_IT.UTF-8"},
        # The crawler handles Ctrl-C and closes the browser after its last page.
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }


def context_options(
    context: RunContext, user_agent: str, headers: Mapping[str, str]
) -> dict[str, Any]:
    """Return the options of a run's browser context; `headers` are sent with each request."""
    return {
        "extra_http_headers": dict(headers),
        "accept_downloads": False,
        "service_workers": "block",
        "user_agent": user_agent,
        "locale": context.site.language,
        # Scripts format dates.
        "timezone_id": context.site.timezone,
        "viewport": _SCREEN,
    }


def allowed_endpoints(context: RunContext) -> tuple[frozenset[Endpoint], Endpoint | None]:
    """Return the endpoints that the browser may connect to, and the one that may be private."""
    trusted = context.trusted_origin
    endpoints = frozenset((host, port) for _, host, port in context.origins)
    return endpoints, None if trusted is None else trusted[1:]
