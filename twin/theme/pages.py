"""Pages that are no articles though some look like one: static, embed, attachment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import site_constants as house
from twin.theme import escape, pictures, redesign, sidebar
from twin.theme.document import document
from twin.theme.head import Head

if TYPE_CHECKING:
    from twin.model import Card, Picture
    from twin.theme.site import Site

STATIC: dict[str, tuple[str, tuple[str, ...]]] = {
    "chi-siamo": (
        "Chi siamo",
        (
            "Siamo una redazione di prova: raccontiamo ogni giorno fatti che non sono accaduti.",
            "Questa pagina non è un articolo. Nessuna data, nessuna firma, nessuna sezione.",
            "La sede è in via dei Campioni 1, a Roma.",
        ),
    ),
    "redazione": (
        "Redazione",
        (
            "Direttore responsabile: Nome Cognome.",
            "In redazione: chi scrive, chi corregge e chi controlla che le date siano giuste.",
        ),
    ),
    "note-legali": ("Note legali", ("I testi di questo sito sono inventati.",)),
    "privacy": ("Privacy e cookies", ("Questo sito non raccoglie dati.",)),
}


FIRST_ID = 20
SLUGS = dict(enumerate(STATIC, FIRST_ID))
"""WordPress ids of the static pages."""


def _page(site: Site, title: str, inner: str, head: Head, classes: str) -> str:
    if site.switches.layout == "redesign":
        return redesign.plain(site, head, title, inner)
    main = f"""<div class="jeg_content jeg_singlepage">
            <div class="container">
                <div class="row">
                    <div class="jeg_main_content col-md-8">
                        <div class="entry-header">
                            <h1 class="jeg_post_title">{escape.html(title)}</h1>
                        </div>
                        <div class="entry-content no-share">
                            <div class="content-inner ">
                                {inner}
                            </div>
                        </div>
                    </div>
                    {sidebar.sidebar(site, single=True)}
                </div>
            </div>
        </div>"""
    return document(site, head, classes, main)


def static(site: Site, slug: str) -> str:
    """Return a static page."""
    title, paragraphs = STATIC[slug]
    number = FIRST_ID + list(STATIC).index(slug)
    url = site.url(f"/{slug}/")
    head = Head(
        title, canonical=url, rest=f"pages/{number}", shortlink=site.url(f"/?page_id={number}")
    )
    inner = "\n".join(f"<p>{escape.html(text)}</p>" for text in paragraphs)
    return _page(site, title, inner, head, f"page-template-default page page-id-{number}")


def attachment(site: Site, card: Card, picture: Picture) -> str:
    """Return a picture's own page, which WordPress makes for every upload."""
    name = picture.path.rpartition("/")[2].rpartition(".")[0]
    url = f"{site.post(card)}{name}/"
    number = card.id + 500_000
    short = site.url(f"/?attachment_id={number}")
    head = Head(name, canonical=url, rest=f"media/{number}", shortlink=short)
    inner = f'<p class="attachment">{pictures.featured(site, picture)}</p>'
    classes = f"attachment attachment-template-default single single-attachment postid-{number}"
    return _page(site, name, inner, head, f"{classes} attachmentid-{number} attachment-jpeg")


def embed(site: Site, card: Card) -> str:
    """Return /embed/: the classes of a single post, but no h1 and no text."""
    url = site.post(card)
    title = escape.title(site.title(card))
    image = ""
    if card.picture:
        image = f"""<div class="wp-embed-featured-image rectangular">
				<a href="{url}" target="_top">
					<img width="750" height="375" src="{site.resized(card.picture, 750, 375)}"\
 class="attachment-jnews-750x375 size-jnews-750x375" alt="{escape.attr(card.picture.alt)}"\
 decoding="async" loading="lazy" />				</a>
			</div>"""
    excerpt = escape.html(card.subtitle or "")
    return f"""<!DOCTYPE html>
<html lang="it-IT" class="no-js">
<head>
	<title>{title} &#8211; {house.NAME}</title>
	<meta http-equiv="X-UA-Compatible" content="IE=edge">
	<script type="text/javascript"></script>
	<style type="text/css"></style>
	<meta name='robots' content='noindex, follow, max-image-preview:large' />
<link rel="canonical" href="{url}" />
</head>
<body class="post-template-default single single-post postid-{card.id}\
 single-format-{card.format} jeg_toggle_light">
	<div class="wp-embed post-{card.id} post type-post status-publish format-{card.format} hentry">
					{image}
		<p class="wp-embed-heading">
			<a href="{url}" target="_top">
				{title}			</a>
		</p>

		<div class="wp-embed-excerpt"><p>{excerpt}</p>
</div>

		<div class="wp-embed-footer">
			<div class="wp-embed-site-title"><a href="{site.origin}" target="_top">\
<span>{house.NAME}</span></a></div>
		</div>
	</div>
	<script type="text/javascript"></script>
</body>
</html>
"""


def login(site: Site) -> str:
    """Return the log-in page."""
    form = f'<form name="loginform" id="loginform" action="{site.url("/wp-login.php")}"'
    return (
        '<!DOCTYPE html>\n<html lang="it-IT"><head><title>Accedi</title>'
        "<meta name='robots' content='noindex, follow' /></head>"
        f'<body class="login">{form} method="post">'
        '<input type="text" name="log" /><input type="password" name="pwd" /></form></body></html>'
    )
