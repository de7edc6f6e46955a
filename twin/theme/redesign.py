"""Another theme altogether: what stands on the site after a redesign.

No class of JNews is left. The text lies in <article><div class="story">.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import dating
from twin import site_constants as house
from twin.sections import SECTIONS
from twin.theme import body, escape, pager
from twin.theme.head import Head, head

if TYPE_CHECKING:
    from twin.model import Card, Post
    from twin.theme.shelf import Shelf
    from twin.theme.site import Site

RELATED = 4


def _link(site: Site, card: Card) -> str:
    return f'<a href="{site.linked(card)}">{escape.title(site.title(card))}</a>'


def _top(site: Site) -> str:
    sections = "".join(f'<li><a href="{site.category(c.slug)}">{c.name}</a></li>' for c in SECTIONS)
    return f"""<header class="site-top">
<p class="clock">{dating.header_text(site.now)}</p>
<p class="brand"><a href="{site.url("/")}">{house.NAME}</a></p>
<nav class="sections" aria-label="Sezioni"><ul>{sections}</ul></nav>
<form role="search" action="{site.url("/")}"><input name="s" placeholder="Cerca"></form>
</header>"""


def _bottom(site: Site) -> str:
    return f"""<aside class="consent" role="dialog"><p>Usiamo i cookie. Puoi accettare o rifiutare.\
</p><button>Accetta</button><button>Rifiuta</button></aside>
<footer class="site-end"><p>© {site.now.year} {house.NAME} - Testata giornalistica registrata al \
{house.REGISTRATION}</p><p><a href="{site.url("/chi-siamo/")}">Chi siamo</a></p></footer>
</body>
</html>
"""


def _frame(site: Site, page: Head, name: str, main: str, text: str = "") -> str:
    newest = [site.index.card(p) for p in range(min(8, site.index.size))]
    items = "".join(f"<li>{_link(site, card)}</li>" for card in newest)
    return f"""{head(site, page, text)}
<body class="{name}">
{site.cached("redesign top", lambda: _top(site))}
<main>
{main}
<aside class="latest"><h2>Ultime notizie</h2><ol>{items}</ol></aside>
</main>
{site.cached("redesign bottom", lambda: _bottom(site))}"""


def _picture(site: Site, post: Post) -> str:
    if post.picture is None:
        return ""
    caption = post.picture.caption_text
    line = f"<figcaption>{escape.html(caption)}</figcaption>" if caption else ""
    return (
        f'<figure class="lead"><img src="{site.image(post.picture)}"'
        f' alt="{escape.attr(post.picture.alt)}">{line}</figure>'
    )


def page(site: Site, post: Post, part: int = 1) -> str:
    """Return an article's page."""
    url = site.post(post)
    text = body.plain(site, post.pages[0])
    if "protected" in post.edge_cases:
        text, story = "", body.password_form(site, post)
    else:
        story = "\n".join(body.node_html(site, node) for node in post.pages[part - 1])
    people = post.authors if site.switches.coauthors else post.authors[:1]
    names = ", ".join(escape.html(person.name) for person in people)
    parts = "".join(
        f'<a href="{url if number == 1 else f"{url}{number}/"}">{number}</a> '
        for number in range(1, len(post.pages) + 1)
    )
    more = "".join(f"<li>{_link(site, card)}</li>" for card in site.related(post, RELATED))
    subtitle = f'<p class="standfirst">{escape.html(post.subtitle)}</p>' if post.subtitle else ""
    steps = f'<nav class="parts">{parts}</nav>' if len(post.pages) > 1 else ""
    main = f"""<article>
<h1>{escape.title(site.title(post))}</h1>
{subtitle}
<p class="signature">di {names}, {site.single_date(post)}</p>
{_picture(site, post)}
<div class="story">
{story}
</div>
{steps}
</article>
<section class="more"><h2>Leggi ancora</h2><ul>{more}</ul></section>"""
    top = Head(
        title=post.title,
        canonical=url if part == 1 else f"{url}{part}/",
        rest=f"posts/{post.id}",
        post=post,
        part=part,
        shortlink=site.url(f"/?p={post.id}"),
    )
    return _frame(site, top, "reading", main, text)


def plain(site: Site, page_head: Head, title: str, inner: str) -> str:
    """Return a page that is no article: static, or a picture's own."""
    main = f"<section>\n<h1>{escape.html(title)}</h1>\n{inner}\n</section>"
    return _frame(site, page_head, "plain", main)


def listing(site: Site, shelf: Shelf) -> str:
    """Return a page of a list of posts."""
    shown = [site.index.card(position) for position in shelf.shown()]
    items = "".join(
        f'<li class="teaser"><h2><a href="{site.post(card)}">{escape.title(site.title(card))}</a>'
        f"</h2><p>{escape.html(card.subtitle or '')}</p>"
        f'<p class="when">{site.card_date(card)}</p></li>'
        for card in shown
    )
    links = "".join(
        f'<a href="{pager.address(shelf.url, other)}"{rel}>{label}</a> '
        for other, label, rel in (
            (shelf.page - 1, "Più recenti", ' rel="prev"'),
            (shelf.page + 1, "Meno recenti", ' rel="next"'),
        )
        if 1 <= other <= shelf.last
    )
    main = f"""<section class="list">
<h1>{escape.html(shelf.title)}</h1>
<ul>{items}</ul>
<nav class="pages">{links}</nav>
</section>"""
    return _frame(site, shelf.head, "listing", main)
