"""Any WordPress news site, by its address or by the name of its definition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from newscrawl.arguments import SITE_NAMES, ArgumentError
from newscrawl.context import section_of
from newscrawl.discovery import MENU
from newscrawl.discovery.site_facts import labels
from newscrawl.sites import by_host, by_key, site_served_at
from newscrawl.sites.definition_file import DefinitionError, load
from newscrawl.sites.definition_folder import locate
from newscrawl.spiders.channels.site_channel import SiteChannel
from newscrawl.spiders.section import SectionSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from newscrawl.arguments import Arguments
    from newscrawl.sites import Site


class WordPressSpider(SectionSpider):
    """Reads a WordPress site: `-a site_url=https://www.example.it`.

    Name, language, time zone and sections of a site that nobody has defined are learned from
    its home page and its REST interface. `-a section=sport` limits the run to one section.
    """

    name = "wordpress"
    argument_names = SITE_NAMES

    @classmethod
    def site_of(cls, arguments: Arguments, settings: BaseSettings) -> Site:
        """Return the site that `site` or `site_url` names.

        Raises:
            ArgumentError: they name none, `site` names no definition, or a site that is defined
                does not have the section.
        """
        if arguments.site is not None:
            site = by_key(arguments.site) or _defined(arguments.site, settings)
        elif arguments.site_url is None:
            raise ArgumentError("name the site: -a site_url=https://www.example.it")
        else:
            host = urlsplit(arguments.site_url).hostname or ""
            site = by_host(host) or site_served_at(arguments.site_url)
        wanted = arguments.section
        if site.is_registered and wanted is not None and section_of(site, wanted) is None:
            names = labels(site.sections) or "none"
            raise ArgumentError(f"section={wanted!r} is not a section of {site.name}: {names}")
        return site

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Return the spider of a crawler; it learns the site unless that is defined."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        if not spider.context.site.is_registered:
            spider.channels[MENU] = SiteChannel(spider.context, crawler)
        return spider


def _defined(name: str, settings: BaseSettings) -> Site:
    """Return the site of a definition in the folder SITES_DIR.

    Raises:
        ArgumentError: there is none of this name, or it is wrong.
    """
    folders = [Path(folder) for folder in [settings.get("SITES_DIR")] if folder]
    try:
        return load(locate(name, folders))
    except DefinitionError as error:
        raise ArgumentError(str(error)) from None
