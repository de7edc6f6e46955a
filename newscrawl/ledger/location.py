"""Where the ledger of a run is, and to which site it belongs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy.engine import URL

from newscrawl.dumps.paths import safe_name
from newscrawl.ledger.store.database import parse_url
from newscrawl.sites import DEFAULT, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newscrawl.sites import Site


SITE = "{site}"
"""In LEDGER_URL: is replaced by the key of the site."""
LOOPBACK = "loopback"
"""What the name of a ledger's site has in place of a host, for a server on this machine."""


def site_at(base_url: str, site: Site) -> str:
    """Return the name that a ledger stores for a site served at `base_url`.

    A server on this machine is a twin, whatever its port: its articles are not those of the site.

    >>> from newscrawl.sites.example import EXAMPLE
    >>> site_at("http://127.0.0.1:8000", EXAMPLE), site_at("https://www.example.it", EXAMPLE)
    ('example at loopback', 'example')
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    if {host, parts.netloc.lower()} & site.hosts:
        return site.key
    return f"{site.key} at {LOOPBACK if is_loopback(host) else host}"


def is_twin(site: str) -> bool | None:
    """Return whether the articles of a ledger's site are the twin's; None if that is not known.

    >>> is_twin("example at loopback"), is_twin("example"), is_twin("example at 10.0.0.7")
    (True, False, None)
    """
    key, _, host = site.partition(" at ")
    if not host:
        # A site of this machine that is not registered may be a twin or not.
        is_of_machine = is_loopback(key) or is_loopback(key.rpartition("-")[0])
        return None if is_of_machine else False
    return True if host == LOOPBACK else None


def of_run(settings: Mapping[str, Any], base_url: str, site: Site) -> tuple[URL, str]:
    """Return a run's ledger and the site that it must belong to.

    `{site}` in LEDGER_URL is replaced by the site's key. Without LEDGER_URL it is an SQLite file
    in the output directory: `ledger.sqlite`, with the key of a site that is not the default one
    and the host of another base URL in its name.

    Raises:
        LedgerError: LEDGER_URL cannot be used.
    """
    name = site_at(base_url, site)
    if ledger_url := settings["LEDGER_URL"]:
        text = str(ledger_url).replace(SITE, safe_name(name.replace(" at ", "-")))
        return parse_url(text), name
    host = name.removeprefix(site.key).removeprefix(" at ")
    key = "" if site.key == DEFAULT.key else site.key
    file = "-".join(filter(None, ("ledger", key, host)))
    path = Path(settings["OUTPUT_DIR"]).absolute() / f"{file}.sqlite"
    return URL.create("sqlite", database=str(path)), name
