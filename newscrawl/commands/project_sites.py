"""The sites of a project: those of its spiders, of its settings, and of its folder of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.spiderloader import SpiderLoader
from scrapy.utils.misc import load_object

from newscrawl import sites
from newscrawl.cli import usage_error
from newscrawl.formatting import display_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.settings import BaseSettings

    from newscrawl.sites import Site


def register(settings: BaseSettings) -> None:
    """Register the sites of the setting SITES and of the files in the folder SITES_DIR.

    Exits with an error if one is not a site, or is another site under a key or host of these.
    """
    for name in settings.getlist("SITES"):
        try:
            site = load_object(name)
            if not isinstance(site, sites.Site):
                raise TypeError("not a newscrawl.sites.Site")  # noqa: TRY301 - one message for every cause
            sites.register(site)
        except (ImportError, NameError, TypeError, ValueError) as error:
            usage_error(f"SITES names {str(name)[:200]!r}, which cannot be used: {error}")
    if (folder := settings.get("SITES_DIR")) and Path(folder).exists():
        _register_files(Path(folder))


def _register_files(folder: Path) -> None:
    from newscrawl.sites.definition_file import DefinitionError
    from newscrawl.sites.definition_folder import load_folder

    try:
        for path, site in load_folder(folder):
            try:
                sites.register(site)
            except ValueError as error:
                usage_error(f"{display_path(path)}: {error}")
    except DefinitionError as error:
        usage_error(str(error))


def of_spiders(settings: BaseSettings, names: Iterable[str] = ()) -> dict[str, Site]:
    """Return the sites that spiders crawl, by key; by default those of all spiders."""
    from newscrawl.spiders.base import BaseSpider

    loader = SpiderLoader.from_settings(settings)
    classes = [loader.load(name) for name in names or loader.list()]
    # A spider whose arguments name its site has none of its own.
    crawled = [
        spider.site
        for spider in classes
        if issubclass(spider, BaseSpider) and "site" not in spider.argument_names
    ]
    return {site.key: site for site in crawled}
