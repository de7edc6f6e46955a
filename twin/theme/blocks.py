"""Blocks: a list of cards with its pager and the attributes that its script posts back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.theme import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

EMPTY = "<div class='jeg_empty_module'>No Content Available</div>"

_HEADER = {
    "header_icon": "",
    "first_title": "",
    "second_title": "",
    "url": "",
    "header_type": "heading_6",
    "header_background": "",
    "header_secondary_background": "",
    "header_text_color": "",
    "header_line_color": "",
    "header_accent_color": "",
    "header_filter_category": "",
    "header_filter_author": "",
    "header_filter_tag": "",
    "header_filter_text": "All",
}
_QUERY = {
    "sticky_post": False,
    "post_type": "post",
    "content_type": "all",
    "sponsor": False,
    "number_post": "10",
    "post_offset": 0,
    "unique_content": "disable",
    "include_post": "",
    "included_only": False,
    "exclude_post": "",
    "include_category": "",
    "exclude_category": "",
    "include_author": "",
    "include_tag": "",
    "exclude_tag": "",
    "sort_by": "latest",
    "date_format": "default",
    "date_format_custom": "Y/m/d",
}
_PAGER = {
    "force_normal_image_load": "",
    "main_custom_image_size": "default",
    "pagination_mode": "disable",
    "pagination_nextprev_showtext": "",
    "pagination_number_post": "10",
    "pagination_scroll_limit": 0,
}
_ADS = {
    "ads_type": "disable",
    "ads_position": 1,
    "ads_random": "",
    "ads_image": "",
    "ads_image_tablet": "",
    "ads_image_phone": "",
    "ads_image_link": "",
    "ads_image_alt": "",
    "ads_image_new_tab": "",
    "google_publisher_id": "",
    "google_slot_id": "",
    "google_desktop": "auto",
    "google_tab": "auto",
    "google_phone": "auto",
    "content": "",
    "ads_bottom_text": "",
}
_STYLE = {
    "boxed": False,
    "boxed_shadow": False,
    "el_id": "",
    "el_class": "",
    "scheme": "",
    "column_width": "auto",
    "title_color": "",
    "accent_color": "",
    "alt_color": "",
    "excerpt_color": "",
    "css": "",
}
_EXCERPT = {"excerpt_length": 20, "excerpt_ellipsis": "..."}
_ALIGN = {"pagination_align": "center", "pagination_navtext": False, "pagination_pageinfo": False}
_LIST = _HEADER | _QUERY | _EXCERPT | _PAGER | _ADS | _STYLE | {"paged": 1} | _ALIGN
_LIST |= {"box_shadow": False, "push_archive": True}
_LIST |= {"column_class": "jeg_col_2o3", "class": "jnews_block_5"}
_RELATED = _HEADER | _QUERY | _PAGER | _STYLE | {"excerpt_length": 20, "paged": 1}
_RELATED |= {"column_class": "jeg_col_3o3", "class": "jnews_block_22"}
_INLINE = _HEADER | _QUERY | {"show_date": ""} | _PAGER | _ADS | {"show_border": ""} | _STYLE
_INLINE |= {"paged": 1, "column_class": "jeg_col_3o3", "class": "jnews_block_29"}
_KINDS = {"jnews_block_5": _LIST, "jnews_block_3": _LIST, "jnews_block_22": _RELATED}
_KINDS["jnews_block_29"] = _INLINE

_INDEX = {
    "paged": 1,
    "column_class": "jeg_col_2o3",
    "class": "jnews_block_3",
    "date_format": "default",
    "date_format_custom": "Y/m/d",
    "excerpt_length": 20,
    "pagination_mode": "nav_1",
    **_ALIGN,
    "pagination_scroll_limit": False,
    "boxed": False,
    "boxed_shadow": False,
    "box_shadow": False,
}

OVERLAY = """<div class='module-overlay'>
                    <div class='preloader_type preloader_dot'>
                        <div class="module-preloader jeg_preloader dot">
                            <span></span><span></span><span></span>
                        </div>
                        <div class="module-preloader jeg_preloader circle">
                            <div class="jnews_preloader_circle_outer">
                                <div class="jnews_preloader_circle_inner"></div>
                            </div>
                        </div>
                        <div class="module-preloader jeg_preloader square">
                            <div class="jeg_square">
                                <div class="jeg_square_inner"></div>
                            </div>
                        </div>
                    </div>
				</div>"""
_NAVIGATION = (
    "<div class='navigation_overlay'><div class='module-preloader jeg_preloader'>"
    "<span></span><span></span><span></span></div></div>"
)


def name(post_id: int | str, number: int) -> str:
    """Return a block's name, another one at every render: jnews_module_1746_0_6b04a267c71d7."""
    return f"jnews_module_{post_id}_{number}_{escape.unique()}"


def script(module: str, kind: str, changed: Mapping[str, Any]) -> str:
    """Return the script that holds the block's attributes, as its JavaScript posts them."""
    return f"<script>var {module} = {escape.php_json({**_KINDS[kind], **changed})};</script>"


def heading(first: str, second: str = "") -> str:
    """Return a block's title."""
    strong = f"<strong>{second}</strong>" if second else ""
    return f"""<div class="jeg_block_heading jeg_block_heading_6 jeg_subcat_right">
                     <h3 class="jeg_block_title"><span>{first}{strong}</span></h3>

                 </div>"""


@dataclass(frozen=True, slots=True)
class Block:
    """A block that its script can page."""

    module: str
    kind: str
    cards: str
    """With the box they lie in."""
    changed: Mapping[str, Any]
    """Attributes that are not as usual."""
    mode: str = "disable"
    pager: str = ""
    title: str = ""
    columns: str = "jeg_col_2o3"


def block(given: Block) -> str:
    """Return a whole block."""
    module, kind, mode, columns = given.module, given.kind, given.mode, given.columns
    number = kind.rpartition("_")[2]
    attributes = {"pagination_mode": mode, "column_class": columns, "class": kind}
    return f"""<div  class="jeg_postblock_{number} jeg_postblock jeg_module_hook\
 jeg_pagination_{mode} {columns} {module}   " data-unique="{module}">
					{given.title}
					<div class="jeg_block_container">

                    {given.cards}
                    {OVERLAY}
                </div>
                <div class="jeg_block_navigation">
                    {_NAVIGATION}
                    {given.pager}

                </div>

					{script(module, kind, {**attributes, **given.changed})}
				</div>"""


def index_block(module: str, cards: str, pager: str) -> str:
    """Return the list of an index page: home, tag, day, search."""
    return f"""<div class="jeg_module_hook {module}" data-unique="{module}">
						<div class="jeg_postblock_3 jeg_postblock jeg_col_2o3">
					<div class="jeg_block_container">
						<div class="jeg_posts jeg_load_more_flag">
                {cards}
            </div>
					</div>
				</div>
						{pager}
						<script>var {module} = {escape.php_json(_INDEX)};</script>
					</div>"""
