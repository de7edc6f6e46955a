"""A browser for pages whose content a script loads: Chromium, with scrapy-playwright.

It is neither started nor imported before the first such page.
"""

from newscrawl.browser.render_request import CUT, META, BrowserError, RenderRequest, WaitCondition

__all__ = ["CUT", "META", "BrowserError", "RenderRequest", "WaitCondition"]
