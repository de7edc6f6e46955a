"""Components that are imported only if a setting switches them on.

Scrapy imports what a component needs before it looks at the setting: for its own two some 200
modules of aiohttp, tldextract and requests, a tenth of the CPU time of a run with nothing new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from scrapy.exceptions import NotConfigured
from scrapy.utils.misc import build_from_crawler, load_object

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings


class _Optional:
    setting: ClassVar[str]
    component: ClassVar[str]
    """Import path of its class."""

    @classmethod
    def is_enabled(cls, settings: BaseSettings) -> bool:
        """Return whether the setting switches it on."""
        return settings.getbool(cls.setting)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> object:
        """Return the component.

        Raises:
            NotConfigured: the setting switches it off.
        """
        if not cls.is_enabled(crawler.settings):
            raise NotConfigured
        return build_from_crawler(load_object(cls.component), crawler)


class OptionalCookies(_Optional):
    """Scrapy's cookies, with COOKIES_ENABLED."""

    setting = "COOKIES_ENABLED"
    component = "scrapy.downloadermiddlewares.cookies.CookiesMiddleware"


class OptionalRemoteControl(_Optional):
    """Scrapy's remote control, with REMOTE_CONTROL_ENABLED."""

    setting = "REMOTE_CONTROL_ENABLED"
    component = "scrapy.extensions.remote_control.RemoteControl"


class OptionalArchive(_Optional):
    """The archive of responses, with ARCHIVE."""

    setting = "ARCHIVE"
    component = "newscrawl.middlewares.archived_responses.ArchivedResponsesMiddleware"

    @classmethod
    def is_enabled(cls, settings: BaseSettings) -> bool:
        """Return whether the setting names a format."""
        return bool(settings[cls.setting])
