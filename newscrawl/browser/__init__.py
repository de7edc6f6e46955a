"""A browser for the pages that a script fills: Chromium, driven by scrapy-playwright.

Nothing of it is started, nor imported, before the first such page.
"""

from newscrawl.browser.render_request import CUT, META, BrowserError, RenderRequest, WaitCondition

__all__ = ["CUT", "META", "BrowserError", "RenderRequest", "WaitCondition"]
