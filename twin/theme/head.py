"""The head of a page, and the JSON-LD of an article by Yoast, by JNews's plugin, or both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any

from twin import addresses, site_constants
from twin.theme.rendering import php_json, utc, yoast_json

if TYPE_CHECKING:
    from twin.model import Person, Picture, Post
    from twin.theme.site import Site


@dataclass(frozen=True, slots=True)
class Head:
    """What differs from page to page."""

    title: str
    """Without the site's name."""
    canonical: str | None = None
    """Printed as it is; WordPress itself prints one on singles only."""
    robots: str | None = None
    """Instead of the usual line."""
    feed: tuple[str, str] | None = None
    """Title and address of the page's own feed."""
    rest: str | None = None
    """Path below /wp-json/wp/v2/."""
    post: Post | None = None
    url: str = ""
    """The post's address."""
    part: int = 1
    shortlink: str | None = None
    previous: str | None = None
    following: str | None = None
    text: str = ""
    """The post's text for the JSON-LD of the theme's plugin."""


def share_picture(post: Post) -> Picture | None:
    """Return the picture for og:image: the featured one, else a gallery's first."""
    return post.picture or (post.gallery[0] if post.gallery else None)


def _authors(site: Site, post: Post) -> tuple[Person, ...]:
    return post.authors if site.switches.coauthors else post.authors[:1]


def yoast_graph(site: Site, post: Post, url: str) -> str:
    """Return Yoast's JSON-LD: one @graph with the page and one Article."""
    home = site.url("/")
    picture = share_picture(post)
    times = {"datePublished": utc(post.published), "dateModified": utc(post.modified)}
    image = (
        {"image": {"@id": f"{url}#primaryimage"}, "thumbnailUrl": site.image(picture)}
        if picture
        else {}
    )
    article: dict[str, Any] = {
        "@type": "NewsArticle" if post.id % 2 else ["Article", "NewsArticle"],
        "@id": f"{url}#article",
        "isPartOf": {"@id": url},
        "author": [
            {"name": person.name, "@id": f"{home}#/schema/person/{person.slug}"}
            for person in _authors(site, post)
        ],
        "headline": post.title,
        **times,
        "mainEntityOfPage": {"@id": url},
        "publisher": {"@id": f"{home}#organization"},
        **image,
        "keywords": list(post.tags),
        "articleSection": [site.label(slug) for slug in post.categories],
        "inLanguage": site.face.lang,
    }
    if not post.tags:
        del article["keywords"]
    if len(article["author"]) == 1:
        article["author"] = article["author"][0]
    if post.accessible_for_free is not None:
        article["isAccessibleForFree"] = post.accessible_for_free
    page: dict[str, Any] = {
        "@type": "WebPage",
        "@id": url,
        "url": url,
        "name": post.title + site.face.title_suffix,
        "isPartOf": {"@id": f"{home}#website"},
        **times,
        "inLanguage": site.face.lang,
    }
    graph: list[dict[str, Any]] = [article, page]
    if picture:
        file = site.image(picture)
        size = {"width": picture.width, "height": picture.height}
        entry = {"@type": "ImageObject", "inLanguage": site.face.lang, "@id": f"{url}#primaryimage"}
        graph.append({**entry, "url": file, "contentUrl": file, **size})
    graph.append(
        {
            "@type": "WebSite",
            "@id": f"{home}#website",
            "url": home,
            "name": site.face.name,
            "publisher": {"@id": f"{home}#organization"},
            "inLanguage": site.face.lang,
        }
    )
    graph.append(
        {
            "@type": "Organization",
            "@id": f"{home}#organization",
            "name": site.face.name,
            "url": home,
        }
    )
    return yoast_json({"@context": "https://schema.org", "@graph": graph})


def jnews_scripts(site: Site, post: Post, head: Head) -> list[str]:
    """Return jnews-jsonld's scripts (plugin 10.6.1): naive dates, published local, modified GMT."""
    url = head.url
    published = f"{post.published:%Y-%m-%d %H:%M:%S}"
    modified = f"{post.modified.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    author = post.authors[0]
    context = {"@context": "http://schema.org"}
    article: dict[str, Any] = {
        **context,
        "@type": "article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "dateCreated": published,
        "datePublished": published,
        "dateModified": modified,
        "url": url,
        "headline": post.title,
        "name": post.title,
        "articleBody": head.text,
        "author": {
            "@type": "Person",
            "name": author.name,
            "url": site.url(addresses.author_path(author.slug)),
        },
        "articleSection": [site.label(site.primary(post))],
        "publisher": {"@type": "Organization", "name": site.face.name, "url": site.origin},
    }
    if (picture := share_picture(post)) is not None:
        size = {"width": picture.width, "height": picture.height}
        article["image"] = {"@type": "ImageObject", "url": site.image(picture), **size}
    if post.accessible_for_free is not None:
        article["isAccessibleForFree"] = post.accessible_for_free
    entry = {"@type": "hentry", "entry-title": post.title, "published": published}
    steps = [(site.origin, "Home")]
    steps += site.steps(site.primary(post))
    # The plugin counts its list on a second time.
    trail = [
        {"@type": "ListItem", "position": number, "item": {"@id": address, "name": name}}
        for number, (address, name) in enumerate(steps * 2, 1)
    ]
    scripts = (
        {"@type": "Organization", "@id": f"{site.origin}/#organization", "url": site.origin},
        article,
        {**entry, "updated": modified},
        {"@type": "BreadcrumbList", "itemListElement": trail},
    )
    return [php_json({**context, **data}) for data in scripts]


def page(  # noqa: PLR0913 - what the templates of all pages need
    site: Site,
    template: str,
    head: Head,
    classes: str,
    *,
    section: str | None = None,
    here: bool = True,
    progress: bool = False,
    **context: Any,
) -> str:
    """Return a whole page; `section` is marked in the menu, `classes` are the body's."""
    post = head.post
    return site.render(
        template,
        head=head,
        body_class=classes,
        section=section,
        here=here,
        progress=progress,
        robots=site_constants.robots(site.switches),
        share_picture=share_picture(post) if post else None,
        graph=yoast_graph(site, post, head.url) if post and site.yoast_metadata else "",
        json_ld=jnews_scripts(site, post, head) if post and site.jnews_metadata else (),
        **context,
    )
