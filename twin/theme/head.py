"""The head of a page: what WordPress, the theme and the SEO plugin print there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from twin import site_constants as house
from twin.theme import escape, metadata
from twin.theme.site import THEME, VERSION

if TYPE_CHECKING:
    from twin.model import Post
    from twin.theme.site import Site

_YOAST = ("yoast", "both")
_JNEWS = ("jnews", "both")


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
    part: int = 1
    shortlink: str | None = None
    previous: str | None = None
    following: str | None = None


_OPENING = """<!doctype html>
<!--[if lt IE 7]> <html class="no-js lt-ie9 lt-ie8 lt-ie7" lang="it-IT"> <![endif]-->
<!--[if IE 7]>    <html class="no-js lt-ie9 lt-ie8" lang="it-IT"> <![endif]-->
<!--[if IE 8]>    <html class="no-js lt-ie9" lang="it-IT"> <![endif]-->
<!--[if IE 9]>    <html class="no-js lt-ie10" lang="it-IT"> <![endif]-->
<!--[if gt IE 8]><!-->
<html class="no-js" lang="it-IT"> <!--<![endif]-->

<head>
    <meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
    <meta name='viewport' content='width=device-width, initial-scale=1, user-scalable=yes' />
    <link rel="profile" href="http://gmpg.org/xfn/11" />
"""


def _feed(title: str, url: str) -> str:
    return (
        f'<link rel="alternate" type="application/rss+xml" title="{house.NAME} &raquo; {title}"'
        f' href="{url}" />'
    )


def _style(url: str, name: str, version: str) -> str:
    return (
        f"<link rel='stylesheet' id='{name}-css' href='{url}?ver={version}'"
        " type='text/css' media='all' />"
    )


def _assets(site: Site) -> str:
    theme, includes = site.url(THEME), site.url("/wp-includes")
    jquery = (("jquery.min", "core", "3.6.1"), ("jquery-migrate.min", "migrate", "3.3.2"))
    return "\n".join(
        [
            '<script type="text/javascript"></script>\n<style type="text/css"></style>',
            _style(f"{includes}/css/dist/block-library/style.min.css", "wp-block-library", "6.1.9"),
            _style(f"{includes}/css/classic-themes.min.css", "classic-theme-styles", "1"),
            "<style id='global-styles-inline-css' type='text/css'></style>",
            _style(f"{theme}/assets/dist/frontend.min.css", "jnews-frontend", VERSION),
            _style(f"{theme}/style.css", "jnews-style", VERSION),
            _style(f"{theme}/assets/css/darkmode.css", "jnews-darkmode", VERSION),
            *(
                f"<script type='text/javascript' src='{includes}/js/jquery/{file}.js?ver={version}'"
                f" id='jquery-{name}-js'></script>"
                for file, name, version in jquery
            ),
        ]
    )


def _seo(site: Site, head: Head) -> str:
    """Return the SEO plugin's part; canonical and robots are its own then."""
    lines = [f"<meta name='robots' content='{head.robots or house.robots(site.switches)}' />"]
    if site.switches.metadata in _YOAST:
        lines.append("<!-- This site is optimized with the Yoast SEO plugin v23.5 -->")
        if head.canonical:
            lines.append(f'<link rel="canonical" href="{head.canonical}" />')
        lines += [
            f'<link rel="{rel}" href="{url}" />'
            for rel, url in (("prev", head.previous), ("next", head.following))
            if url
        ]
        if head.post:
            lines.append("\t" + metadata.yoast_tags(site, head.post))
            lines.append("\t" + metadata.yoast_graph(site, head.post))
        lines.append("<!-- / Yoast SEO plugin. -->")
    return "\n".join(lines)


def _wordpress(site: Site, head: Head) -> str:
    """Return what WordPress's core adds: REST, canonical, shortlink, oEmbed."""
    rest = site.url(f"/wp-json/wp/v2/{head.rest}") if head.rest else None
    alternate = f'<link rel="alternate" type="application/json" href="{rest}" />' if rest else ""
    rsd = site.url("/xmlrpc.php?rsd")
    editor = f'<link rel="EditURI" type="application/rsd+xml" title="RSD" href="{rsd}" />'
    manifest = site.url("/wp-includes/wlwmanifest.xml")
    lines = [
        f'<link rel="https://api.w.org/" href="{site.url("/wp-json/")}" />{alternate}{editor}',
        f'<link rel="wlwmanifest" type="application/wlwmanifest+xml" href="{manifest}" />',
        '<meta name="generator" content="WordPress 6.1.9" />',
    ]
    if head.shortlink:
        if head.canonical and site.switches.metadata not in _YOAST:
            lines.append(f'<link rel="canonical" href="{head.canonical}" />')
        lines.append(f"<link rel='shortlink' href='{head.shortlink}' />")
        embed = site.url("/wp-json/oembed/1.0/embed?url=")
        target = quote(site.post(head.post) if head.post else head.shortlink, safe="")
        for kind, more in (("json", ""), ("xml", "&#038;format=xml")):
            lines.append(
                f'<link rel="alternate" type="{"application" if kind == "json" else "text"}/{kind}'
                f'+oembed" href="{embed}{target}{more}" />'
            )
    return "\n".join(lines)


def head(site: Site, page: Head, body: str = "") -> str:
    """Return everything up to </head>; `body` is the text for the theme's own JSON-LD."""
    host = site.origin.partition("//")[2]
    yoast = site.switches.metadata in _YOAST
    suffix = house.TITLE_SUFFIX if yoast else f" &#8211; {house.NAME}"
    part = f" &#8211; Page {page.part}" if page.part > 1 else ""
    jnews = site.switches.metadata in _JNEWS and page.post
    own_tags = metadata.jnews_tags(site, page.post) + "\n" if jnews and page.post else ""
    scripts = metadata.jnews_scripts(site, page.post, body) if jnews and page.post else ""
    own_feed = _feed(*page.feed) + "\n" if page.feed else ""
    reserved = (
        '<meta name="tdm-reservation" content="1" />\n'
        f'<meta name="tdm-policy" content="{house.TDM_POLICY}" />\n'
        if site.switches.tdm == "meta"
        else ""
    )
    return f"""{_OPENING}    <link rel="pingback" href="{site.url("/xmlrpc.php")}" />
    {own_tags}<title>{escape.title(page.title)}{part}{suffix}</title>
{_seo(site, page)}
			<script type="text/javascript">
              var jnews_ajax_url = '/?ajax-request=jnews'
			</script>
			<script type="text/javascript"></script>\
<link rel='dns-prefetch' href='//{host}' />
{_feed("Feed", site.url("/feed/"))}
{_feed("Feed dei commenti", site.url("/comments/feed/"))}
{own_feed}{_assets(site)}
{_wordpress(site, page)}
{reserved}{scripts}

</head>
"""
