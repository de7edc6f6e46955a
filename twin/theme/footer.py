"""The footer, the drawer that repeats it for phones, and the log-in forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin import site_constants as house
from twin.theme import header, menu
from twin.theme.site import THEME, VERSION

if TYPE_CHECKING:
    from twin.theme.site import Site

SOCIAL = "target='_blank' rel='external noopener nofollow' "


def _copyright(site: Site) -> str:
    legal = f'<a href="{site.url("/note-legali/")}">condizioni d&#8217;uso</a>'
    privacy = f'<a href="{site.url("/privacy/")}">politica sulla privacy &amp; cookies</a>'
    return (
        f"&copy; {site.now.year} {house.NAME} &#8211; Redazione di prova - Testata giornalistica "
        f"registrata al {house.REGISTRATION} | Gestione editoriale Esempio Editore Srl - "
        "Via dei Campioni 1 - 00100 Roma - P.Iva: 00000000000 | Per la pubblicità: Vetrina "
        "Srl - Sede legale: Piazza dell&#8217;Esempio, 2 - 00100 Roma Capitale sociale: Euro "
        "1.000,00 Codice Fiscale, Partita I.V.A. e Iscrizione al Registro delle Imprese di Roma "
        f"n. 00000000000 | R.E.A. di Roma: 000000 Visiona le nostre {legal} e la nostra {privacy}."
    )


def _socials() -> str:
    twitter = '<span class="jeg-icon icon-twitter"></span>'
    return (
        f'<a href="http://facebook.com" {SOCIAL} aria-label="Find us on Facebook"'
        ' class="jeg_facebook"><i class="fa fa-facebook"></i> </a>'
        f'<a href="http://twitter.com" {SOCIAL} aria-label="Find us on Twitter"'
        f' class="jeg_twitter"><i class="fa fa-twitter">{twitter}</i> </a>'
    )


def _field(kind: str, name: str, label: str) -> str:
    return (
        f'<p class="input_field">\n                <input type="{kind}" name="{name}"'
        f' placeholder="{label}" value="">\n            </p>'
    )


def _forms() -> str:
    return f"""<div id="jeg_loginform" class="jeg_popup mfp-with-anim mfp-hide">
    <div class="jeg_popupform jeg_popup_account">
        <form action="#" data-type="login" method="post" accept-charset="utf-8">
            <h3>Welcome Back!</h3>
            <p>Login to your account below</p>

            <!-- Form Messages -->
            <div class="form-message"></div>
            {_field("text", "username", "Username")}
            {_field("password", "password", "Password")}
            <p class="submit">
                <input type="hidden" name="action" value="login_handler">
                <input type="submit" name="jeg_login_button" class="button" value="Log In"\
 data-process="Processing . . ." data-string="Log In">
            </p>
            <div class="bottom_links clearfix">
                <a href="#jeg_forgotform" class="jeg_popuplink forgot">Forgotten Password?</a>
            </div>
        </form>
    </div>
</div>
<div id="jeg_forgotform" class="jeg_popup mfp-with-anim mfp-hide">
    <div class="jeg_popupform jeg_popup_account">
        <form action="#" data-type="forgot" method="post" accept-charset="utf-8">
            <h3>Retrieve your password</h3>
            <p>Please enter your username or email address to reset your password.</p>

            <!-- Form Messages -->
            <div class="form-message"></div>
            {_field("text", "user_login", "Your email or username")}
            <div class="bottom_links clearfix">
                <a href="#jeg_loginform" class="jeg_popuplink"><i class="fa fa-lock"></i> Log In</a>
            </div>
        </form>
    </div>
</div>"""


def _drawer(site: Site, current: str | None, *, here: bool) -> str:
    return f"""<!-- Mobile Navigation
    ============================================= -->
<div id="jeg_off_canvas" class="normal">
    <a href="#" class="jeg_menu_close"><i class="jegicon-cross"></i></a>
    <div class="jeg_bg_overlay"></div>
    <div class="jeg_mobile_wrapper">
        <div class="nav_wrap">
    <div class="item_main">
        <!-- Search Form -->
<div class="jeg_aside_item jeg_search_wrapper jeg_search_no_expand round">
    <a href="#" aria-label="Search Button" class="jeg_search_toggle">\
<i class="fa fa-search"></i></a>
    {header.search_form(site)}</div><div class="jeg_aside_item">
    {menu.mobile(site, current, here=here)}</div><div class="jeg_aside_item jeg_mobile_pages">
    {menu.pages(site, footer=True)}</div>    </div>
    <div class="item_bottom">
        <div class="jeg_aside_item socials_widget nobg">
    {_socials()}</div><div class="jeg_aside_item jeg_aside_copyright">
	<p>{_copyright(site)}</p>
</div>    </div>
</div>    </div>
</div>"""


def _footer(site: Site) -> str:
    column = """
                        <div class="col-md-4 footer_column">
                                                    </div>"""
    return f"""<div class="footer-holder" id="footer" data-id="footer">
			<div class="jeg_footer jeg_footer_1 dark">
    <div class="jeg_footer_container jeg_container">
        <div class="jeg_footer_content">
            <div class="container">

                <div class="row">
                    <div class="jeg_footer_primary clearfix">{column * 3}
                    </div>
                </div>



                <div class="jeg_footer_secondary clearfix">

                    <!-- secondary footer right -->

                    <div class="footer_right">

                        {menu.pages(site, footer=True)}


                    </div>

                    <!-- secondary footer left -->



                                            <p class="copyright"> {_copyright(site)} </p>

                </div> <!-- secondary menu -->



            </div>
        </div>
    </div>
</div><!-- /.footer -->
		</div>"""


def _script(site: Site, path: str, name: str, version: str) -> str:
    return (
        f"<script type='text/javascript' src='{site.url(path)}?ver={version}' id='{name}-js'>"
        "</script>"
    )


def _scripts(site: Site) -> str:
    wordpress = (
        ("comment-reply.min", "comment-reply", "6.1.9"),
        ("hoverIntent.min", "hoverIntent", "1.10.2"),
        ("imagesloaded.min", "imagesloaded", "4.1.4"),
    )
    tags = [_script(site, f"/wp-includes/js/{f}.js", n, v) for f, n, v in wordpress]
    tags.append("<script type='text/javascript' id='jnews-frontend-js-extra'></script>")
    frontend = f"{THEME}/assets/dist/frontend.min.js"
    tags.append(_script(site, frontend, "jnews-frontend", VERSION))
    return "\n".join(tags)


def footer(site: Site, current: str | None, *, here: bool = False, progress: bool = False) -> str:
    """Return all that stands below the content, to the end of the page."""
    bar = '<div class="jeg_progress_container bottom"><span class="progress-bar"></span></div>'
    return f"""
		{_footer(site)}
					<div class="jscroll-to-top desktop">
				<a href="#back-to-top" class="jscroll-to-top_link">\
<i class="fa fa-angle-up"></i></a>
			</div>
			</div>

	<script type="text/javascript"></script>{_drawer(site, current, here=here)}\
<div class="jeg_read_progress_wrapper">{bar if progress else ""}</div>{_forms()}\
{_scripts(site)}
<script type="module"></script><script type="text/javascript"></script></body>
</html>
"""
