"""The header: top bar, logo, menu; again as sticky bar and for phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import dating
from twin import site_constants as house
from twin.theme import menu
from twin.theme.site import THEME

if TYPE_CHECKING:
    from twin.theme.site import Site


def search_form(site: Site, words: str = "") -> str:
    """Return the search form and its hidden results box."""
    return f"""<form action="{site.url("/")}" method="get" class="jeg_search_form" target="_top">
    <input name="s" class="jeg_search_input" placeholder="Search..." type="text"\
 value="{words}" autocomplete="off">
	<button aria-label="Search Button" type="submit" class="jeg_search_button btn">\
<i class="fa fa-search"></i></button>
</form>
<!-- jeg_search_hide with_result no_result -->
<div class="jeg_search_result jeg_search_hide with_result">
    <div class="search-result-wrapper">
    </div>
    <div class="search-link search-noresult">
        No Result    </div>
    <div class="search-link search-all-button">
        <i class="fa fa-search"></i> View All Result    </div>
</div>"""


def _column(side: str, inner: str, *, grow: bool = False) -> str:
    width = "grow" if grow else "normal"
    return f"""
                <div class="jeg_nav_col jeg_nav_{side} jeg_nav_{width}">
                    <div class="item_wrap jeg_nav_align{side}">
                        {inner}                    </div>
                </div>

                """


def _row(left: str, center: str, right: str, *, grow: str = "left") -> str:
    columns = (("left", left), ("center", center), ("right", right))
    inner = "".join(_column(side, text, grow=side == grow) for side, text in columns)
    return f"""<div class="container">
        <div class="jeg_nav_row">
            {inner}        </div>
    </div>"""


def _logo(site: Site, kind: str, file: str, style: str) -> str:
    images = site.url(f"{THEME}/assets/img")
    light = f"{images}/{file}.png 1x, {images}/{file}@2x.png 2x"
    dark = f"{images}/logo_darkmode.png"
    return f"""<div class="jeg_nav_item {kind}">
			<div class="site-title">
			<a href="{site.url("/")}" aria-label="Visit Homepage"{style}>
				<img class='jeg_logo_img' src="{images}/{file}.png" srcset="{light}"\
 alt="{house.NAME}"data-light-src="{images}/{file}.png" data-light-srcset="{light}"\
 data-dark-src="{dark}" data-dark-srcset="{dark} 1x, {images}/logo_darkmode@2x.png 2x">\
			</a>
		</div>
	</div>"""


def _search(site: Site) -> str:
    return f"""<!-- Search Icon -->
<div class="jeg_nav_item jeg_search_wrapper search_icon jeg_search_popup_expand">
    <a href="#" class="jeg_search_toggle" aria-label="Search Button">\
<i class="fa fa-search"></i></a>
    {search_form(site)}</div>"""


def _account() -> str:
    return """<div class="jeg_nav_item jeg_nav_account">
    <ul class="jeg_accountlink jeg_menu">
        <li><a href="#jeg_loginform" class="jeg_popuplink">\
<i class="fa fa-lock"></i> Login</a></li>    </ul>
</div>"""


def _top_bar(site: Site) -> str:
    clock = f"""<div class="jeg_nav_item jeg_top_date">
    {dating.header_text(site.now)}</div>"""
    pages = f"""<div class="jeg_nav_item">
	{menu.pages(site)}</div>"""
    return f"""<div class="jeg_topbar jeg_container jeg_navbar_wrapper dark">
    {_row(pages + clock, "", _account())}
</div><!-- /.jeg_container -->"""


def _mobile(site: Site) -> str:
    toggle = """<div class="jeg_nav_item">
    <a href="#" aria-label="Show Menu" class="toggle_btn jeg_mobile_toggle">\
<i class="fa fa-bars"></i></a>
</div>"""
    search = f"""<div class="jeg_nav_item jeg_search_wrapper jeg_search_popup_expand">
    <a href="#" aria-label="Search Button" class="jeg_search_toggle">\
<i class="fa fa-search"></i></a>
	{search_form(site)}</div>"""
    logo = _logo(site, "jeg_mobile_logo", "logo_mobile", "")
    return f"""<div class="jeg_navbar_mobile_wrapper">
            <div class="jeg_navbar_mobile" data-mode="scroll">
    <div class="jeg_mobile_bottombar jeg_mobile_midbar jeg_container dark">
    {_row(toggle, logo, search, grow="center")}
</div></div>
<div class="sticky_blankspace" style="height: 60px;"></div>        </div>"""


def header(site: Site, current: str | None, *, here: bool = False) -> str:
    """Return all that stands above the content; `current` is the section to mark."""
    main = menu.main(site, current, here=here)
    logo = _logo(site, "jeg_logo jeg_desktop_logo", "logo", ' style="padding: 0 0 0 0;"')
    return f"""
    <div class="jeg_ad jeg_ad_top jnews_header_top_ads">
            </div>

    <!-- The Main Wrapper
    ============================================= -->
    <div class="jeg_viewport">


        <div class="jeg_header_wrapper">
            <div class="jeg_header_instagram_wrapper">
    </div>

<!-- HEADER -->
<div class="jeg_header normal">
    {_top_bar(site)}<div class="jeg_midbar jeg_container jeg_navbar_wrapper normal">
    {_row(logo, "", "", grow="right")}
</div><div class="jeg_bottombar jeg_navbar jeg_container jeg_navbar_wrapper jeg_navbar_normal\
 jeg_navbar_normal">
    {_row(main, "", _search(site))}
</div></div><!-- /.jeg_header -->        </div>

        <div class="jeg_header_sticky">
            <div class="sticky_blankspace"></div>
<div class="jeg_header normal">
    <div class="jeg_container">
        <div data-mode="scroll" class="jeg_stickybar jeg_navbar jeg_navbar_wrapper\
 jeg_navbar_normal jeg_navbar_normal">
            {_row(main, "", _search(site))}        </div>
    </div>
</div>
        </div>

        {_mobile(site)}

        <div class="jeg_ad jeg_ad_top jnews_header_bottom_ads">
                    </div>

        """
