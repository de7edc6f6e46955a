"""`scrapy ledger why`: prints what the ledger knows of an address."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from newscrawl.cli import print_message
from newscrawl.commands import unknown_address, why_text
from newscrawl.outcomes import finish_reasons
from newscrawl.run import standard_output
from newscrawl.text import shown
from newscrawl.urls import Kind

if TYPE_CHECKING:
    from collections.abc import Collection

    from rich.text import Text

    from newscrawl.ledger.admin.address_history import AddressHistory
    from newscrawl.urls import Address, SiteUrls

_ID = re.compile(r"[\w.-]+:(\w{1,40})\Z")


def run(  # noqa: PLR0913 - what was typed, and what there is
    engine: Any,
    urls: SiteUrls,
    typed: str,
    *,
    spiders: Collection[str],
    spider: str | None = None,
    is_json: bool = False,
) -> int:
    """Print the history of an address; return the exit code.

    Args:
        engine: the ledger's engine.
        urls: the addresses of the ledger's site.
        typed: an address in any form, or the id of an article.
        spiders: the spiders of the project.
        spider: the only one whose history is printed.
        is_json: whether to print JSON.
    """
    from newscrawl.ledger.admin import why

    address = _address(engine, urls, typed)
    if address is None:
        print_message(
            f"the ledger knows no article {shown(typed)}: of one that was never written, "
            "it knows the address only"
        )
        return finish_reasons.OTHERWISE
    if address.kind is Kind.FOREIGN:
        print_message(
            f"{shown(typed)} is not an address of {urls.base_url}: "
            "is it complete? --site-url names another server"
        )
        return finish_reasons.USAGE
    history = why.read(engine, address.url, address.kind.value)
    if not history.is_known:
        crawl = spider or _spider_for(address, spiders)
        if not urls.site.is_registered:
            crawl = f"wordpress -a site_url={urls.base_url}"
        elif urls.base_url != urls.site.origin:
            crawl += f" -a site_url={urls.base_url}"
        history.meaning = unknown_address.meaning(address, why.last_runs(engine), crawl)
    elif spider:
        others = [series.spider for series in history.series if series.spider != spider]
        history.series = [series for series in history.series if series.spider == spider]
        if not history.series:
            print_message(
                f"{spider} does not know {address.url}; known by {', '.join(others) or 'no spider'}"
            )
            return finish_reasons.OTHERWISE
    _print(history, is_json=is_json)
    return finish_reasons.GOOD if history.is_known else finish_reasons.OTHERWISE


def _address(engine: Any, urls: SiteUrls, typed: str) -> Address | None:
    """Return what was typed as an address of the site; None for the id of an unknown article."""
    from newscrawl.ledger.admin import why

    typed = typed.strip()
    if typed.startswith(f"{urls.site.key}:") and _ID.match(typed):
        url = why.url_of(engine, typed)
        return urls.understand(url) if url else None
    address = urls.understand(typed)
    if address.kind is Kind.FOREIGN and "://" not in typed:
        # Copied without its scheme, or only its path.
        origin = urls.site.origin
        address = urls.understand(f"{origin}{typed}" if typed[:1] == "/" else f"https://{typed}")
    if address.post_id is not None:
        url = why.url_of(engine, f"{urls.site.key}:{address.post_id}")
        return urls.understand(url) if url else address
    return address


def _spider_for(address: Address, spiders: Collection[str]) -> str:
    """Return the spider of the address's section, or the one for the whole site."""
    names = [name for name in reversed(address.sections) if name in spiders]
    return names[0] if names else next(iter(spiders), "SPIDER")


def _print(history: AddressHistory, *, is_json: bool) -> None:
    if is_json:
        standard_output.write(f"{json.dumps(asdict(history), ensure_ascii=False, indent=2)}\n")
        return
    text: Text = why_text.styled(history)
    if sys.stdout.isatty():
        from rich.console import Console

        Console().print(text, soft_wrap=True, highlight=False, end="")
        return
    standard_output.write(text.plain)
