"""Pages that a script fills: the text of some posts, and archives that load by scrolling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.sections import BY_SLUG
from twin.theme import blocks, body, related, reply
from twin.theme.shelf import PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twin.model import Post
    from twin.theme.reply import Reply
    from twin.theme.site import Site

API = "/wp-json/twin/v1/"
HERO = 4
"""Posts in an archive's hero, which its list leaves out."""

_TEXT = """<div class="jeg_video_text" data-url="{url}" aria-busy="true">\
<p class="loading">Caricamento in corso…</p></div>
<noscript>Per leggere questo articolo attiva JavaScript nel tuo browser.</noscript>
<script>
document.addEventListener("DOMContentLoaded", function () {{
  var box = document.querySelector(".jeg_video_text");
  var asked = new XMLHttpRequest();
  asked.onload = function () {{ box.outerHTML = JSON.parse(asked.responseText).html; }};
  asked.open("GET", box.getAttribute("data-url"));
  setTimeout(function () {{ asked.send(); }}, 20);
}});
</script>"""

_LIST = """<div class="jeg_postblock_5 jeg_postblock jeg_pagination_scrollload jeg_col_2o3">
  <div class="jeg_block_container">
    <div class="jeg_posts jeg_load_more_flag" data-url="{url}" data-page="{page}"></div>
  </div>
  <div class="jeg_block_navigation"><div class="jeg_block_loading">Loading...</div></div>
</div>
<script>
document.addEventListener("DOMContentLoaded", function () {{
  var list = document.querySelector(".jeg_posts[data-url]");
  var busy = false, more = true;
  function load() {{
    var page = Number(list.getAttribute("data-page"));
    busy = true;
    fetch(list.getAttribute("data-url") + "?page=" + page)
      .then(function (found) {{ return found.json(); }})
      .then(function (found) {{
        list.insertAdjacentHTML("beforeend", found.html);
        list.setAttribute("data-page", page + 1);
        more = found.next;
        busy = false;
      }});
  }}
  addEventListener("scroll", function () {{
    var left = document.documentElement.scrollHeight - scrollY - innerHeight;
    if (more && !busy && left < 400) load();
  }});
  load();
}});
</script>"""


def is_scripted(site: Site, post: Post) -> bool:
    """Return whether a post's page holds its text only once a script has run."""
    return site.switches.script_pages and (post.format == "video" or len(post.pages) > 1)


def words(site: Site, post: Post, part: int) -> str:
    """Return a post's text as it lies in .content-inner."""
    return body.content(site, post, post.pages[part - 1], related.inline(site, post))


def placeholder(post: Post, part: int) -> str:
    """Return what stands in place of a post's text until its script has fetched it."""
    return _TEXT.format(url=f"{API}text/{post.id}/{part}")


def listing(slug: str, page: int) -> str:
    """Return an empty list that fills while it is scrolled, from page `page` on."""
    return _LIST.format(url=f"{API}list/{slug}", page=page)


def answer(site: Site, path: str, query: Mapping[str, str]) -> Reply:
    """Answer what those scripts ask for."""
    kind, *rest = path.split("/")
    if kind == "text" and len(rest) == 2:
        return _text(site, *rest)
    if kind == "list" and len(rest) == 1 and rest[0] in BY_SLUG:
        return _more(site, rest[0], _number(query.get("page", "1")))
    return reply.json({"code": "rest_no_route"}, 404)


def _text(site: Site, number: str, part: str) -> Reply:
    index = site.content.index_of(_number(number))
    if index is None:
        return reply.json({"code": "rest_post_invalid_id"}, 404)
    post = site.content.post(index)
    if not 1 <= _number(part) <= len(post.pages):
        return reply.json({"code": "rest_post_invalid_page_number"}, 404)
    return reply.json({"html": words(site, post, _number(part))})


def _more(site: Site, slug: str, page: int) -> Reply:
    positions = site.index.category(slug)
    start = (HERO if site.switches.hero else 0) + (page - 1) * PER_PAGE
    shown = [site.index.card(position) for position in positions[start : start + PER_PAGE]]
    cards = "".join(site.card("archive", card) for card in shown)
    after = start + PER_PAGE < len(positions)
    return reply.json({"html": cards or blocks.EMPTY, "next": after})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
