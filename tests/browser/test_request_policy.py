"""What a page in the browser may ask for, and where connections may go."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING

import pytest

from newscrawl.browser import executable
from newscrawl.browser.egress_proxy import EgressProxy, Endpoint
from newscrawl.browser.request_policy import PageRequest, reason_against
from newscrawl.middlewares.addresses import is_public
from newscrawl.sites import ALANEWS
from newscrawl.urls import SiteUrls

if TYPE_CHECKING:
    from pathlib import Path

ORIGINS = SiteUrls(ALANEWS).origins()
SITE = "https://www.alanews.it"


@pytest.mark.parametrize(
    ("page_request", "expected"),
    [
        (PageRequest(f"{SITE}/wp-json/x", kind="xhr"), None),
        (PageRequest(f"{SITE}/wp-content/themes/jnews/main.js", kind="script"), None),
        (PageRequest(f"{SITE}/wp-content/uploads/x.jpg", kind="image"), "image"),
        (PageRequest(f"{SITE}/x.woff2", kind="font"), "font"),
        (PageRequest(f"{SITE}/x.css", kind="stylesheet"), "stylesheet"),
        (PageRequest(f"{SITE}/x.mp4", kind="media"), "media"),
        (PageRequest(f"{SITE}/x", kind="ping"), "ping"),
        (PageRequest(f"{SITE}/x", kind="eventsource"), "eventsource"),
        (PageRequest(f"{SITE}/x", kind="websocket"), "websocket"),
        (PageRequest(f"{SITE}/", kind="document", opens_page=True), "navigation"),
        (PageRequest("https://tv.alanews.it/x"), "another_site"),
        (PageRequest("https://www.alanews.it.example.org/x"), "another_site"),
        (PageRequest("https://www.alanews.it@example.org/x"), "another_site"),
        (PageRequest("http://127.0.0.1:631/"), "address_blocked"),
        (PageRequest("http://0x7f.1/"), "address_blocked"),
        (PageRequest("https://www.alanews.it:8443/x"), "another_site"),
        (PageRequest("http://[::1/"), "scheme"),
        (PageRequest("file:///etc/passwd"), "scheme"),
        (PageRequest("data:text/html,x", kind="script"), "scheme"),
        (PageRequest("ftp://www.alanews.it/x"), "scheme"),
        (PageRequest(f"{SITE}/x", method="DELETE"), "method"),
        (PageRequest(f"{SITE}/wp-content/plugins/ads/x.js", kind="script"), "tracker"),
        (PageRequest(f"{SITE}/js/analytics.js", kind="script"), "tracker"),
        (PageRequest(f"{SITE}/adriatico/loadsalvage.js", kind="script"), None),
        (
            PageRequest(
                f"{SITE}/?ajax-request=jnews", "POST", body="action=jnews_first_load_action"
            ),
            "method",
        ),
        (
            PageRequest(f"{SITE}/?ajax-request=jnews&action=jnews_first_load_action"),
            "tracker",
        ),
        (
            PageRequest(f"{SITE}/wp-json/x", "POST", body="action=jnews_module_ajax_block_5"),
            "method",
        ),
        (PageRequest(f"{SITE}/wp-json/x", "OPTIONS"), "method"),
        (PageRequest(f"{SITE}/wp-json/x", "HEAD"), None),
        (
            PageRequest(
                f"{SITE}/?ajax-request=jnews", "POST", body="action=jnews_module_ajax_block_5"
            ),
            None,
        ),
    ],
)
def test_what_a_page_may_ask_for(page_request: PageRequest, expected: str | None) -> None:
    assert reason_against(page_request, ORIGINS) == expected


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "0.0.0.0", "::1",  # noqa: S104 - nothing is bound to it
        "::", "::ffff:127.0.0.1", "10.1.2.3", "172.16.0.1",
        "192.168.1.1", "169.254.169.254", "fe80::1", "fc00::1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "100.64.0.1", "224.0.0.1", "255.255.255.255", "ff02::1", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_the_internets(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::808:808"])
def test_addresses_that_are(address: str) -> None:
    assert is_public(address)


def test_the_first_browser_on_the_path_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert executable.find() is None
    for name in ("google-chrome", "chromium"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
        assert executable.find() == str(tmp_path / name)
    assert executable.find(str(tmp_path / "google-chrome")) == str(tmp_path / "google-chrome")
    assert executable.find("/no/such") is None


async def connection(port: int, kind: bytes, address: bytes, far: int) -> tuple[int, bytes]:
    """Request a connection from the proxy and say hello; return its answer and what came back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x05\x01\x00")
    assert await reader.readexactly(2) == b"\x05\x00"
    writer.write(b"\x05\x01\x00" + kind + address + far.to_bytes(2, "big"))
    answer = (await reader.readexactly(10))[1]
    back = b""
    if not answer:
        writer.write(b"ciao")
        back = await reader.read(64)
    writer.close()
    return answer, back


def test_the_proxy_connects_to_allowed_endpoints_only() -> None:
    asyncio.run(_proxy())


async def _proxy() -> None:
    refused: list[tuple[str, str]] = []

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.read(64))
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    far = server.sockets[0].getsockname()[1]
    trusted: Endpoint = ("127.0.0.1", far)
    proxy = EgressProxy(
        {trusted, ("localhost", far)},
        trusted,
        lambda why, endpoint: refused.append((why, endpoint)),
    )
    port = await proxy.open()
    proxy.allow(6)
    name = bytes([9]) + b"127.0.0.1"
    assert await connection(port, b"\x03", name, far) == (0, b"ciao")
    # The same address under another name is the site's own host that points inside.
    assert await connection(port, b"\x03", bytes([9]) + b"LocalHost", far) == (2, b"")
    assert await connection(port, b"\x03", name, far + 1) == (2, b"")
    ipv6 = socket.inet_pton(socket.AF_INET6, "::ffff:127.0.0.1")
    assert await connection(port, b"\x04", ipv6, far) == (2, b"")
    other = bytes([9]) + b"localhosx"
    assert await connection(port, b"\x03", other, far) == (2, b"")
    assert [why for why, _ in refused] == ["address_blocked"] * 3 + ["another_site"]
    # Six bytes were allowed, and four have come.
    assert await connection(port, b"\x01", socket.inet_aton("127.0.0.1"), far) == (0, b"")
    assert refused[-1] == ("too_large", "")
    await proxy.close()
    server.close()


@pytest.mark.parametrize("addresses", [("93.184.216.34", "127.0.0.1"), ("::1", "93.184.216.34")])
def test_row_10_a_name_with_public_and_private_addresses(addresses: tuple[str, str]) -> None:
    asyncio.run(_mixed_name(addresses))


async def _mixed_name(addresses: tuple[str, str]) -> None:
    refused: list[tuple[str, str]] = []
    proxy = EgressProxy({("www.alanews.it", 80)}, None, lambda *what: refused.append(what))

    async def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", (address, 80)) for address in addresses]

    port = await proxy.open()
    # No name server on loopback can give the addresses of this name to the system's resolver.
    asyncio.get_running_loop().getaddrinfo = resolve  # type: ignore[method-assign,assignment]
    assert await connection(port, b"\x03", bytes([14]) + b"www.alanews.it", 80) == (2, b"")
    assert refused == [("address_blocked", "www.alanews.it:80")]
    await proxy.close()
