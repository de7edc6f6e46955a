"""Connections of the download handler: the address is judged where one is opened.

The name is resolved once, and the address that was judged is the one that is connected to. See
decision 143 in docs/decisions.md.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.cryptography import (
    verify_certificate_hostname,
    verify_certificate_ip_address,
)
from twisted.internet import defer
from twisted.internet.address import IPv4Address
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import (
    IOpenSSLClientConnectionCreator,
    IReactorPluggableNameResolver,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from newscrawl.middlewares.addresses import RefusedConnectionError, spelled_ip
from newscrawl.scrapy_internals import InterfaceChangedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from newscrawl.middlewares.addresses import AddressPolicy

_TO_PROXY = b"http-proxy"
_CODES = SSL.X509VerificationCodes
_KINDS = {
    _CODES.ERR_CERT_HAS_EXPIRED: "expired",
    _CODES.ERR_CERT_NOT_YET_VALID: "not_yet_valid",
    _CODES.ERR_DEPTH_ZERO_SELF_SIGNED_CERT: "self_signed",
    _CODES.ERR_SELF_SIGNED_CERT_IN_CHAIN: "self_signed",
    _CODES.ERR_CERT_REVOKED: "revoked",
}
WRONG_HOST, UNTRUSTED = "wrong_host", "untrusted"


class CertificateError(RefusedConnectionError):
    """A host with a certificate that does not prove its name."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"certificate_{kind}")
        self.kind = kind
        """`expired`, `not_yet_valid`, `self_signed`, `revoked`, `wrong_host` or `untrusted`."""


@implementer(IResolutionReceiver)
class _JudgingReceiver:
    """Receives the addresses of a name; if some are refused, passes on only those.

    Who lets a name have public and private addresses may want the second connection to go to a
    private one (DNS rebinding).
    """

    def __init__(self, receiver: Any, check: Callable[[str], None]) -> None:
        self._receiver = receiver
        self._check = check
        self._accepted: list[Any] = []
        self._refused: list[Any] = []

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802 - Twisted's
        try:
            self._check(address.host)
        except RefusedConnectionError:
            self._refused.append(address)
        else:
            self._accepted.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's
        for address in self._refused or self._accepted:
            self._receiver.addressResolved(address)
        self._receiver.resolutionComplete()


@implementer(IReactorPluggableNameResolver)
class _JudgingReactor:
    """The reactor, which opens a TCP connection only to an accepted address."""

    def __init__(self, reactor: Any, check: Callable[[str], None]) -> None:
        self._reactor = reactor
        self._check = check

    @property
    def nameResolver(self) -> Any:  # noqa: N802 - Twisted's
        """What resolves names: the reactor itself."""
        return self

    def resolveHostName(self, receiver: Any, host: str, **options: Any) -> Any:  # noqa: N802 - Twisted's
        """Resolve a name to addresses of IPv4 that are all accepted, or else to refused ones."""
        if spelled_ip(host) is None:
            options["addressTypes"] = (IPv4Address,)
        resolver = self._reactor.nameResolver
        return resolver.resolveHostName(_JudgingReceiver(receiver, self._check), host, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def connectTCP(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:  # noqa: N802 - Twisted's
        """Open a connection to an IP address.

        Raises:
            AddressBlockedError: the address is not accepted.
        """
        self._check(host)
        return self._reactor.connectTCP(host, port, *args, **kwargs)


@implementer(IStreamClientEndpoint)
class _CheckedEndpoint:
    """One host and port, reached directly."""

    def __init__(self, pool: CheckedPool, key: Any) -> None:
        self._pool = pool
        self._key = key

    def connect(self, factory: Any) -> Any:
        """Return the connection to the first accepted address that answers."""
        scheme, host, port, *bind_address = self._key
        origin = (scheme.decode(), host.decode("ascii").lower(), port)
        policy = self._pool.addresses()
        reactor: Any = self._pool.reactor
        if policy is not None:
            try:
                policy.check_name(origin)
            except RefusedConnectionError:
                return defer.fail()
            reactor = _JudgingReactor(reactor, partial(policy.check_address, origin))
        endpoint: Any = HostnameEndpoint(
            reactor, origin[1], port, self._pool.timeout, *bind_address[:1]
        )
        if scheme == b"https":
            endpoint = wrapClientTLS(self._pool.tls.creatorForNetloc(host, port), endpoint)
        return endpoint.connect(factory)


class CheckedPool:
    """A pool of connections that opens those of its own to accepted addresses only.

    Connections to a proxy are the proxy's: it is configured, and resolves the names itself.
    """

    def __init__(
        self,
        pool: Any,
        tls: Any,
        addresses: Callable[[], AddressPolicy | None],
        timeout: float,
    ) -> None:
        """Store the arguments.

        Args:
            pool: Twisted's `HTTPConnectionPool`, which keeps connections.
            tls: an `IPolicyForHTTPS`.
            addresses: returns what judges addresses; None where all are accepted.
            timeout: seconds for each attempt.
        """
        from twisted.internet import reactor  # noqa: PLC0415 - it must be installed by then

        self._pool = pool
        self.reactor = reactor
        self.tls, self.addresses, self.timeout = tls, addresses, timeout

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def getConnection(self, key: Any, endpoint: Any) -> Any:  # noqa: N802 - Twisted's
        """Return a connection for one request, kept or new.

        Raises:
            InterfaceChangedError: the key is neither of a direct connection nor of a proxy's.
        """
        if key[0] == _TO_PROXY or isinstance(endpoint, TCP4ClientEndpoint):
            return self._pool.getConnection(key, endpoint)
        if key[0] not in {b"http", b"https"} or not isinstance(key[2], int):
            raise InterfaceChangedError(f"connections have the key {key!r}")
        return self._pool.getConnection(key, _CheckedEndpoint(self, key))


@implementer(IPolicyForHTTPS)
class CertificatePolicy:
    """Verifies certificates as Scrapy and Twisted do, and remembers why one was refused."""

    def __init__(self, policy: Any) -> None:
        """Store the `IPolicyForHTTPS` that makes the connections."""
        self._policy = policy
        self.refused: dict[tuple[str, int], str] = {}
        """Host and port to the kind of error."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's
        """Return what makes TLS connections to a host."""
        creator = self._policy.creatorForNetloc(hostname, port)
        host = hostname.decode("ascii").lower()

        def note(kind: str) -> None:
            self.refused.setdefault((host, port), kind)

        return _VerifyingCreator(creator, host, note)


@implementer(IOpenSSLClientConnectionCreator)
class _VerifyingCreator:
    def __init__(self, creator: Any, host: str, note: Callable[[str], None]) -> None:
        self._creator, self._host, self._note = creator, host, note

    def clientConnectionForTLS(self, protocol: Any) -> Any:  # noqa: N802 - Twisted's
        connection = self._creator.clientConnectionForTLS(protocol)
        # It does what Twisted's does, which keeps the reason to itself.
        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, self._verify)
        return connection

    def _verify(self, _: Any, certificate: Any, code: int, depth: int, ok: int) -> bool:
        if not ok:
            self._note(_KINDS.get(code, UNTRUSTED))
            return False
        if depth:
            return True
        is_ip = spelled_ip(self._host) is not None
        verify = verify_certificate_ip_address if is_ip else verify_certificate_hostname
        try:
            verify(certificate.to_cryptography(), self._host)
        except VerificationError:
            self._note(WRONG_HOST)
            return False
        return True
