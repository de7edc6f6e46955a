"""The settings that keep crawls polite and safe, as a run gets them."""

from __future__ import annotations

from scrapy.utils.project import get_project_settings


def test_only_http_handlers_are_there() -> None:
    handlers = get_project_settings()["DOWNLOAD_HANDLERS"]
    assert {name for name, one in handlers.items() if one is None} >= {"file", "ftp", "data"}


def test_defaults_are_safe() -> None:
    settings = get_project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN") == 1
    assert settings.getfloat("DOWNLOAD_DELAY") >= 1
    assert settings.getbool("AUTOTHROTTLE_ENABLED")
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert settings.getint("DOWNLOAD_MAXSIZE") == 16 * 1024 * 1024
    assert settings.getint("DOWNLOAD_TIMEOUT") == 30
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert settings["USER_AGENT"].startswith("newscrawl/")
