"""Open Graph tags and JSON-LD of an article: by Yoast, by JNews's own plugins, or both."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from twin import addresses
from twin import site_constants as house
from twin.sections import chain
from twin.theme import escape

if TYPE_CHECKING:
    from twin.model import Person, Picture, Post
    from twin.theme.site import Site


def share_picture(post: Post) -> Picture | None:
    """Return the picture for og:image: the featured one, else a gallery's first."""
    return post.picture or (post.gallery[0] if post.gallery else None)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _tag(key: str, value: str, kind: str = "property") -> str:
    return f'<meta {kind}="{key}" content="{escape.attr(value)}" />'


def _authors(site: Site, post: Post) -> tuple[Person, ...]:
    return post.authors if site.switches.coauthors else post.authors[:1]


def _image_tags(site: Site, picture: Picture) -> list[str]:
    return [
        _tag("og:image", site.image(picture)),
        _tag("og:image:width", str(picture.width)),
        _tag("og:image:height", str(picture.height)),
    ]


def yoast_tags(site: Site, post: Post) -> str:
    """Return Yoast's tags: times in UTC whatever the site's zone."""
    title = post.title + house.TITLE_SUFFIX
    description = post.subtitle or post.title
    picture = share_picture(post)
    tags = [
        _tag("description", description, "name"),
        _tag("og:locale", "it_IT"),
        _tag("og:type", "article"),
        _tag("og:title", title),
        _tag("og:description", description),
        _tag("og:url", site.post(post)),
        _tag("og:site_name", house.NAME),
        _tag("article:published_time", _utc(post.published)),
        _tag("article:modified_time", _utc(post.modified)),
        *(_image_tags(site, picture) if picture else ()),
        *([_tag("og:image:type", "image/jpeg")] if picture else ()),
        _tag("author", post.authors[0].name, "name"),
        _tag("twitter:card", "summary_large_image", "name"),
        _tag("twitter:label1", "Scritto da", "name"),
        _tag("twitter:data1", post.authors[0].name, "name"),
    ]
    return "\n\t".join(tags)


def yoast_graph(site: Site, post: Post) -> str:
    """Return Yoast's JSON-LD: one @graph with the page and one Article."""
    url = site.post(post)
    home = site.url("/")
    picture = share_picture(post)
    times = {"datePublished": _utc(post.published), "dateModified": _utc(post.modified)}
    image = (
        {"image": {"@id": f"{url}#primaryimage"}, "thumbnailUrl": site.image(picture)}
        if (picture)
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
        "inLanguage": "it-IT",
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
        "name": post.title + house.TITLE_SUFFIX,
        "isPartOf": {"@id": f"{home}#website"},
        **times,
        "inLanguage": "it-IT",
    }
    graph: list[dict[str, Any]] = [article, page]
    if picture:
        file = site.image(picture)
        size = {"width": picture.width, "height": picture.height}
        entry = {"@type": "ImageObject", "inLanguage": "it-IT", "@id": f"{url}#primaryimage"}
        graph.append({**entry, "url": file, "contentUrl": file, **size})
    graph.append(
        {
            "@type": "WebSite",
            "@id": f"{home}#website",
            "url": home,
            "name": house.NAME,
            "publisher": {"@id": f"{home}#organization"},
            "inLanguage": "it-IT",
        }
    )
    graph.append(
        {"@type": "Organization", "@id": f"{home}#organization", "name": house.NAME, "url": home}
    )
    data = escape.yoast_json({"@context": "https://schema.org", "@graph": graph})
    return f'<script type="application/ld+json" class="yoast-schema-graph">{data}</script>'


def jnews_tags(site: Site, post: Post) -> str:
    """Return jnews-meta-header's tags (plugin 10.6.1)."""
    description = post.subtitle or post.title
    picture = share_picture(post)
    tags = [
        _tag("og:type", "article"),
        _tag("og:title", post.title),
        _tag("og:site_name", house.NAME),
        _tag("og:description", description),
        _tag("og:url", site.post(post)),
        *(_image_tags(site, picture) if picture else ()),
        _tag("article:section", site.label(site.primary(post))),
        *(_tag("article:tag", name) for name in post.tags),
        _tag("twitter:card", "summary_large_image", "name"),
        _tag("twitter:title", post.title, "name"),
        _tag("twitter:description", description, "name"),
        _tag("twitter:url", site.post(post), "name"),
    ]
    return "\n".join(tags)


def jnews_scripts(site: Site, post: Post, body: str) -> str:
    """Return jnews-jsonld's scripts (plugin 10.6.1): naive dates, published local, modified GMT."""
    url = site.post(post)
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
        "articleBody": body,
        "author": {
            "@type": "Person",
            "name": author.name,
            "url": site.url(addresses.author_path(author.slug)),
        },
        "articleSection": [site.label(site.primary(post))],
        "publisher": {"@type": "Organization", "name": house.NAME, "url": site.origin},
    }
    if (picture := share_picture(post)) is not None:
        size = {"width": picture.width, "height": picture.height}
        article["image"] = {"@type": "ImageObject", "url": site.image(picture), **size}
    if post.accessible_for_free is not None:
        article["isAccessibleForFree"] = post.accessible_for_free
    entry = {"@type": "hentry", "entry-title": post.title, "published": published}
    steps = [(site.origin, "Home")]
    steps += [(site.category(c.slug), c.name) for c in chain(site.primary(post))]
    # The plugin counts its list on a second time.
    trail = [
        {"@type": "ListItem", "position": number, "item": {"@id": address, "name": name}}
        for number, (address, name) in enumerate(steps * 2, 1)
    ]
    return "\n".join(
        f"<script type='application/ld+json'>{escape.php_json({**context, **data})}</script>"
        for data in (
            {"@type": "Organization", "@id": f"{site.origin}/#organization", "url": site.origin},
            article,
            {**entry, "updated": modified},
            {"@type": "BreadcrumbList", "itemListElement": trail},
        )
    )
