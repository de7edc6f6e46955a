"""A TLS server in front of an HTTP server on loopback, with certificates of every kind."""

from __future__ import annotations

import socket
import socketserver
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from threading import Thread
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from pathlib import Path

_YEAR = timedelta(days=365)


@dataclass
class Authority:
    """A certificate authority whose certificates a crawl trusts, given its `environment`."""

    folder: Path
    _key: ec.EllipticCurvePrivateKey = field(init=False)
    _certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "A test's authority")])
        now = datetime.now(UTC)
        self._certificate = (
            x509.CertificateBuilder(name, name, self._key.public_key(), 1, now - _YEAR, now + _YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self._file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    @property
    def _file(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which OpenSSL trusts this authority and no other."""
        return {"SSL_CERT_FILE": str(self._file), "SSL_CERT_DIR": str(self.folder / "none")}

    def certificate(self, host: str, *, expired: bool = False, self_signed: bool = False) -> Path:
        """Return a file with a certificate for a host name or an IP address, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        begin, end = (
            (now - _YEAR, now - timedelta(days=1)) if expired else (now - _YEAR, now + _YEAR)
        )
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "host")])
        issuer, signer = (subject, key) if self_signed else (self._certificate.subject, self._key)
        try:
            stated: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            stated = x509.DNSName(host)
        number = x509.random_serial_number()
        certificate = (
            x509.CertificateBuilder(issuer, subject, key.public_key(), number, begin, end)
            .add_extension(x509.SubjectAlternativeName([stated]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        file = self.folder / f"{number}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        return file


@dataclass
class TlsServer:
    """Passes what arrives over TLS to an HTTP server that closes its connections; use `with`."""

    behind: str
    """URL of the HTTP server."""
    certificate: Path
    requests: list[bytes] = field(default_factory=list)
    """What was received after a handshake."""
    port: int = 0

    def __enter__(self) -> Self:
        server = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                # Clients that refuse the certificate close the connection.
                with suppress(OSError), context.wrap_socket(self.request, server_side=True) as tls:
                    server._pass(tls)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            block_on_close = False

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _pass(self, tls: ssl.SSLSocket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            received = tls.recv(65536)
            if not received:
                return
            request += received
        self.requests.append(request)
        parts = urlsplit(self.behind)
        with socket.create_connection((parts.hostname, parts.port)) as behind:
            behind.sendall(request)
            while received := behind.recv(65536):
                tls.sendall(received)
