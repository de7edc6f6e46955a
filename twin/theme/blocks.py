"""Blocks: lists of cards, with the attributes that their scripts post back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.theme.rendering import php_json, unique_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from twin.model import Card

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


def block_id(post_id: int | str, number: int) -> str:
    """Return a block's id, another one at every render: jnews_module_1746_0_6b04a267c71d7."""
    return f"jnews_module_{post_id}_{number}_{unique_id()}"


def first_id(cards: Sequence[Card], number: int = 0) -> str:
    """Return the id of a block that is named after its first card."""
    return block_id(cards[0].id if cards else "", number)


@dataclass(frozen=True, slots=True)
class Block:
    """A list of cards that its script can page."""

    id: str
    kind: str
    cards: Sequence[Card]
    changed: Mapping[str, Any]
    """Attributes that are not as usual."""
    mode: str = "disable"
    columns: str = "jeg_col_2o3"
    heading: tuple[str, str] | None = None
    """The title, and the part of it in bold."""

    @property
    def number(self) -> str:
        """The number at the end of the kind."""
        return self.kind.rpartition("_")[2]

    @property
    def attributes(self) -> str:
        """The attributes as the block's JavaScript posts them."""
        own = {"pagination_mode": self.mode, "column_class": self.columns, "class": self.kind}
        return php_json({**_KINDS[self.kind], **own, **self.changed})


@dataclass(frozen=True, slots=True)
class IndexBlock:
    """The list of an index page: home, tag, day, search."""

    cards: Sequence[Card]
    id: str
    attributes: str = php_json(_INDEX)
