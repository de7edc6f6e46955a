"""Components of Scrapy that are imported only if a setting switches them on."""

from __future__ import annotations

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.settings import default_settings
from scrapy.utils.misc import build_from_crawler, load_object
from scrapy.utils.test import get_crawler

from newscrawl import settings

COMPONENTS = [
    (settings.DOWNLOADER_MIDDLEWARES_BASE, default_settings.DOWNLOADER_MIDDLEWARES_BASE),
    (settings.EXTENSIONS_BASE, default_settings.EXTENSIONS_BASE),
]
SWITCHES = ["COOKIES_ENABLED", "REMOTE_CONTROL_ENABLED"]


@pytest.mark.parametrize(("component", "switch"), [*zip(COMPONENTS, SWITCHES, strict=True)])
def test_a_setting_switches_on_what_scrapy_has(
    component: tuple[dict[str, int], dict[str, int]], switch: str
) -> None:
    ours, theirs = component
    [name], [replaced] = ours.keys() - theirs.keys(), theirs.keys() - ours.keys()
    assert ours[name] == theirs[replaced]
    crawler = get_crawler(settings_dict={switch: True})
    assert type(build_from_crawler(load_object(name), crawler)) is load_object(replaced)
    with pytest.raises(NotConfigured):
        build_from_crawler(load_object(name), get_crawler(settings_dict={switch: False}))
