"""Pages that stand between a reader and the site, as guards of websites serve them."""

from __future__ import annotations

_FRAME = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="robots" content="noindex,nofollow"></head>
<body class="{name}">{body}</body></html>
"""

_COOKIE_WALL = """<div id="consent-page"><h1>Il tuo consenso ai cookie</h1>
<p>Noi e i nostri 812 partner archiviamo informazioni su un dispositivo e vi accediamo, e trattiamo
dati personali come identificativi unici, per mostrare annunci e contenuti personalizzati.</p>
<p>Per leggere gli articoli accetta i cookie di profilazione oppure abbonati.</p>
<form method="post" action="/consenso/"><button name="scelta" value="si">Accetta e continua</button>
<button name="scelta" value="no">Rifiuta e abbonati</button></form>
<a href="/privacy/">Informativa sulla privacy</a></div>"""

_CAPTCHA = """<main><h1>Dimostra di essere una persona</h1>
<p>Dalla tua rete arrivano molte richieste. Completa la verifica per continuare.</p>
<form method="post" action="/verifica/"><div class="g-recaptcha" data-sitekey="6Lc-twin"></div>
<input type="submit" value="Continua"></form></main>"""

_CHALLENGE = """<div class="main-wrapper" role="main"><div class="main-content">
<h1 class="zone-name-title">www.alanews.it</h1>
<h2 class="h2">Verifica che tu sia umano completando l'azione seguente.</h2>
<div id="challenge-stage"></div><noscript>Enable JavaScript and cookies to continue</noscript>
</div></div><script>window._cf_chl_opt={cType: 'managed'};</script>"""

_LOGIN = """<div id="login"><h1>Area riservata</h1>
<form name="loginform" id="loginform" action="/wp-login.php" method="post">
<label for="user_login">Nome utente</label><input type="text" name="log" id="user_login">
<label for="user_pass">Password</label><input type="password" name="pwd" id="user_pass">
<input type="submit" name="wp-submit" value="Accedi"></form>
<a href="/wp-login.php?action=lostpassword">Password dimenticata?</a></div>"""

WALLS = {
    "cookie_wall": _FRAME.format(
        language="it", title="Consenso ai cookie", name="consent", body=_COOKIE_WALL
    ),
    "captcha": _FRAME.format(language="it", title="Verifica", name="check", body=_CAPTCHA),
    "challenge": _FRAME.format(language="en", title="Just a moment...", name="", body=_CHALLENGE),
    "login": _FRAME.format(
        language="it", title="Accedi ‹ Alanews", name="login wp-core-ui", body=_LOGIN
    ),
}
"""By kind; each has status 200."""
