"""The menu of sections: printed twice in the header and once in the drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.sections import SECTIONS

if TYPE_CHECKING:
    from twin.model import Category
    from twin.theme.site import Site

FIRST_ID = 8
PAGES = (("chi-siamo", "Chi siamo", 20), ("redazione", "Redazione", 21))
ROW = ' bgnav" data-item-row="default" '

STALE: dict[str, str] = {
    "cronaca": "Italia",
    "politica": "Palazzo",
    "economia": "Mercati",
    "esteri": "Mondo",
    "sport": "Campo",
    "calcio": "Pallone",
    "spettacoli": "Show",
    "salute": "Benessere",
    "tecnologia": "Digitale",
    "cultura": "Libri e idee",
    "ambiente": "Pianeta",
    "video": "Guarda",
}
"""Labels of a menu that someone has renamed."""


_ANCESTOR = " current-post-ancestor current-menu-parent current-post-parent"


def _item(site: Site, category: Category, mark: tuple[str | None, str], *, ids: bool) -> str:
    children = [c for c in SECTIONS if c.parent == category.slug and c.slug != "video"]
    number = FIRST_ID + SECTIONS.index(category)
    names = "menu-item menu-item-type-taxonomy menu-item-object-category"
    if category.slug == mark[0]:
        names += mark[1]
    if children:
        names += " menu-item-has-children"
    label = category.name if site.switches.menu == "full" else STALE[category.slug]
    inner = "".join(f"\t{_item(site, c, mark, ids=ids)}\n" for c in children)
    nested = f'\n<ul class="sub-menu">\n{inner}</ul>\n' if children else ""
    own = f'id="menu-item-{number}" ' if ids else ""
    return (
        f'<li {own}class="{names} menu-item-{number}{ROW}>'
        f'<a href="{site.category(category.slug)}">{label}</a>{nested}</li>'
    )


def items(site: Site, current: str | None, *, here: bool, ids: bool = True) -> str:
    """Return the sections' entries; Calcio lies under Sport, Video stands by itself.

    The entry of the current section is marked: the page's own, or an article's.
    """
    mark = (current, " current-menu-item" if here else _ANCESTOR)
    top = [c for c in SECTIONS if c.parent is None or c.slug == "video"]
    return "\n".join(_item(site, c, mark, ids=ids) for c in top)


def main(site: Site, current: str | None, *, here: bool) -> str:
    """Return the header's menu."""
    return (
        '<div class="jeg_nav_item jeg_main_menu_wrapper">\n<div class="jeg_mainmenu_wrap">'
        '<ul class="jeg_menu jeg_main_menu jeg_menu_style_1" data-animation="animate">'
        f"{items(site, current, here=here)}\n</ul></div></div>"
    )


def mobile(site: Site, current: str | None, *, here: bool) -> str:
    """Return the drawer's menu."""
    entries = items(site, current, here=here, ids=False)
    return f'<ul class="jeg_mobile_menu sf-js-hover">{entries}\n</ul>'


def pages(site: Site, *, footer: bool = False) -> str:
    """Return the static pages' entries, of the top bar or of the footer."""
    parts = []
    for slug, label, number in PAGES:
        names = f"menu-item menu-item-type-post_type menu-item-object-page menu-item-{number}"
        start = f'class="{names}{ROW}' if footer else f'id="menu-item-{number}" class="{names}"'
        parts.append(f'<li {start}><a href="{site.url(f"/{slug}/")}">{label}</a></li>')
    kind = "jeg_menu_footer" if footer else "jeg_menu jeg_top_menu"
    return f'<ul class="{kind}">' + "\n".join(parts) + "\n</ul>"
