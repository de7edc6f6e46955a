"""Pagers of lists: numbered links, previous and next, load more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def numbers(page: int, last: int) -> Iterator[int]:
    """Yield the numbers shown, 0 for a gap: first, last and one on each side.

    >>> list(numbers(4, 10))
    [1, 0, 3, 4, 5, 0, 10]
    """
    gap = False
    for number in range(1, last + 1):
        if number in (1, last) or abs(number - page) <= 1:
            yield number
            gap = False
        elif not gap:
            yield 0
            gap = True


def address(base: str, page: int) -> str:
    """Return a page's address; the first has no /page/1/."""
    return base if page == 1 else f"{base}page/{page}/"


def numbered(base: str, page: int, last: int, style: str, *, index: bool = False) -> str:
    """Return a pager with real links; `style` is nav_1, nav_2 or nav_3.

    The pager of the theme's index lists differs: data-id, no aria-label.
    """
    if last < 2:
        return ""
    parts = []
    if page > 1:
        aria = f'data-id="{page - 1}"' if index else 'aria-label="Show previous pagination"'
        href = address(base, page - 1)
        parts.append(
            f'<a class="page_nav prev" {aria} href="{href}"><span class="navtext">Prev</span></a>'
        )
    for number in numbers(page, last):
        data = f"data-id='{number}' " if index else ""
        if not number:
            parts.append('<span class="page_number dots">&hellip;</span>')
        elif number == page:
            parts.append(f"<span class='page_number active'>{number}</span>")
        else:
            href = address(base, number)
            parts.append(f"<a class='page_number' {data}href='{href}'>{number}</a>")
    if page < last:
        aria = f'data-id="{page + 1}"' if index else 'aria-label="Show next pagination"'
        href = address(base, page + 1)
        parts.append(
            f'<a class="page_nav next" {aria} href="{href}"><span class="navtext">Next</span></a>'
        )
    space = " " if index else ""
    links = "\n".join(parts)
    return f"""<div class="jeg_navigation jeg_pagination {space}jeg_pagenav_{style[-1]}\
 jeg_aligncenter no_navtext no_pageinfo">
                <span class="page_info">Page {page} of {last}</span>
                {links}
            </div>"""


def scripted(mode: str, *, before: bool, after: bool) -> str:
    """Return a pager that only a script can follow: nextprev, loadmore or scrollload."""
    if mode == "nextprev":
        return f"""<div class="jeg_block_nav ">
                    <a href="#" aria-label="View previous page posts"\
 class="prev {"" if before else "disabled"}" title="Previous">\
<i class="fa fa-angle-left"></i></a>
                    <a href="#" aria-label="View next page posts"\
 class="next {"" if after else "disabled"}" title="Next">\
<i class="fa fa-angle-right"></i></a>
                </div>"""
    if not after:
        return ""
    return """<div class="jeg_block_loadmore ">
                    <a href="#" class='' data-load='Load More' data-loading='Loading...'>\
 Load More</a>
                </div>"""
