"""A whole page other than an article's: head, header, content, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme.footer import footer
from twin.theme.head import Head, head
from twin.theme.header import header

if TYPE_CHECKING:
    from twin.theme.site import Site

COMMON = "wp-embed-responsive jeg_toggle_light"


def document(site: Site, page: Head, classes: str, main: str, section: str | None = None) -> str:
    """Return a page; `classes` are the body's own, `section` the one shown."""
    top = site.cached(f"header in {section}", lambda: header(site, section, here=True))
    end = site.cached(f"footer in {section}", lambda: footer(site, section, here=True))
    return f"""{head(site, page)}
<body class="{classes} {COMMON}">
{top}
<div class="jeg_main ">
    <div class="jeg_container">
        {main}
    </div>
</div>
{end}"""
