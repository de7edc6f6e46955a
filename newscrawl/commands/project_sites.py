"""The sites of a project: those that its spiders crawl, and those that its settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import load_object

from newscrawl import sites
from newscrawl.cli import usage_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.settings import BaseSettings

    from newscrawl.sites import Site


def register(settings: BaseSettings) -> None:
    """Register the sites of the setting SITES; exit with an error if one is not a site."""
    for name in settings.getlist("SITES"):
        try:
            site = load_object(name)
            if not isinstance(site, sites.Site):
                raise TypeError("not a newscrawl.sites.Site")  # noqa: TRY301 - one message for every cause
            sites.register(site)
        except (ImportError, NameError, TypeError, ValueError) as error:
            usage_error(f"SITES names {str(name)[:200]!r}, which cannot be used: {error}")


def of_spiders(settings: BaseSettings, names: Iterable[str] = ()) -> dict[str, Site]:
    """Return the sites that spiders crawl, by key; by default those of all spiders."""
    from newscrawl.spiders.base import BaseSpider

    loader = SpiderLoader.from_settings(settings)
    classes = [loader.load(name) for name in names or loader.list()]
    # A spider that is told its site has none of its own.
    crawled = [
        spider.site
        for spider in classes
        if issubclass(spider, BaseSpider) and "site" not in spider.argument_names
    ]
    return {site.key: site for site in crawled}
