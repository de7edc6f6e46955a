"""The sidebar: the newest posts, without dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.theme import escape

if TYPE_CHECKING:
    from twin.theme.site import Site

NUMBER = 5


def _items(site: Site) -> str:
    parts = []
    for position in range(min(NUMBER, site.index.size)):
        card = site.index.card(position)
        parts.append(f"""											<li>
					<a href="{site.post(card)}">{escape.title(site.title(card))}</a>
									</li>
""")
    return "".join(parts)


def sidebar(site: Site, *, single: bool) -> str:
    """Return the sidebar of an article, or of a list."""
    names = (
        "jeg_sidebar  jeg_sticky_sidebar col-md-4"
        if single
        else ("jeg_sidebar left jeg_sticky_sidebar col-sm-4")
    )
    entries = site.cached("sidebar", lambda: _items(site))
    return f"""
<div class="{names}">
    <div class="jegStickyHolder"><div class="theiaStickySidebar">
		<div class="widget widget_recent_entries" id="recent-posts-2">
		<div class="jeg_block_heading jeg_block_heading_6 jnews_{escape.unique()}">\
<h3 class="jeg_block_title"><span>Articoli recenti</span></h3></div>
		<ul>
{entries}					</ul>

		</div></div></div></div>"""
